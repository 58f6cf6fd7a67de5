"""Pages made from rules: fixed headings, nothing that a playbook writes becomes markup, nothing stale."""

from __future__ import annotations

from html.parser import HTMLParser

import attrs
import pytest

from crisisrules.adapters.streams.events import parse_event
from crisisrules.model.durations import DAY, HOUR, MINUTE
from crisisrules.playbook.checks import CHECKS
from crisisrules.playbook.conditions import All, ParameterRef, Test
from crisisrules.playbook.guidance import CrisisLine, Reply, Scenario
from crisisrules.playbook.parameters import Context, Parameter, Setting
from crisisrules.playbook.playbook import ApprovalStep, Disabled, Governance, Playbook
from crisisrules.playbook.rule import (
    Absence,
    Advice,
    Clock,
    Recurrence,
    Response,
    Rule,
    Rung,
    Scope,
    Source,
    State,
)
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.booklet import printed_parts
from crisisrules.ruletest.cases import read_rule_test
from crisisrules.ruletest.checkpages import check_page, problems_in
from crisisrules.ruletest.glossary import glossary_page
from crisisrules.ruletest.guides import guide_page
from crisisrules.ruletest.indexes import INDEX_END, INDEX_START, index_page, thresholds_page
from crisisrules.ruletest.pagefiles import page_files, stale_pages
from crisisrules.ruletest.pages import MARK, rule_page
from crisisrules.ruletest.printing import printed_html, printed_markdown
from crisisrules.ruletest.slots import in_words

BOTH = {"en": "text", "fr": "texte"}
ALWAYS = All(())


def rule(name: str, form: object, **fields: object) -> Rule:
    values: dict[str, object] = {
        "id": name,
        "title": {"en": f"Title of {name}", "fr": f"Titre de {name}"},
        "severity": "critical",
        "about": ("page",),
        "form": form,
        "advice": Advice(
            action="publish-status",
            say={
                "en": "publish a status about {incident.title} on {page} by {due_at}",
                "fr": "publiez un statut sur {incident.title} sur {page} avant {due_at}",
            },
        ),
        "because": {"en": f"Reason of {name}.", "fr": f"Raison de {name}."},
        "sources": (Source(title="Guide", url="https://example.org/guide", where="page 3"),),
        "family": "response",
    }
    return Rule(**{**values, **fields})  # type: ignore[arg-type]  # a rule for a test, field by field


def response(of: str, *after: int | ParameterRef) -> Response:
    severities = ("warning", "critical")[-len(after) :]
    ladder = tuple(Rung(severity, span) for severity, span in zip(severities, after, strict=True))
    return Response(expect=ALWAYS, clocks=(Clock(of, ladder),))


STATUS = rule(
    "dedicated-status-missing",
    response("incident.aware_at", 15 * MINUTE, ParameterRef("status_within")),
    when=Test(fact="incident.severity", operator="in", value=("major", "critical")),
    replaces=("silence-while-thread-grows",),
)
SILENCE = rule(
    "silence-while-thread-grows",
    State(),
    when=Test(fact="page.platform", operator="in", value=("x", "mastodon")),
    family="threads",
    since="0.1",
)
PROMOTION = rule("promotion-during-incident", Absence(forbid=ALWAYS), family="calendar")
CADENCE = rule(
    "update-cadence-overdue",
    Recurrence(expect=ALWAYS, every=Clock(None, (Rung("warning", 30 * MINUTE),))),
)
REVIEW = rule(
    "lessons-review-due",
    response("incident.resolved_at", 14 * DAY),
    about=("incident",),
    scope=Scope(during=False, after_until=30 * DAY),
)
FILING = rule("filing-due", response("incident.aware_at", 72 * HOUR), regimes=("gdpr",))
EXERCISE = rule("exercise-stale", State(), about=("playbook",), scope=Scope(always=True))
DRAFT = rule("draft-time-missing", Absence(forbid=ALWAYS), about=("draft",))
PREVIEW = rule("not-ready", State(), status="preview")
PLAYBOOK = Playbook(
    name="test",
    rules=(STATUS, SILENCE, PROMOTION, CADENCE, REVIEW, FILING, EXERCISE, DRAFT, PREVIEW),
    parameters={
        "status_within": Parameter(
            name="status_within",
            type="duration",
            default=HOUR,
            least=5 * MINUTE,
            most=DAY,
            meaning={"en": "how soon", "fr": "avant quand"},
            published="5 to 60 minutes",
            source="two guides",
        )
    },
    settings=(Setting(name="status_within", layer="kind", key="outage", value=30 * MINUTE),),
    governance=Governance(
        owner="press officer",
        approval_chains={
            "holding": (ApprovalStep(role="duty lead", deputy="night lead", within=5 * MINUTE),)
        },
    ),
)
TEST = read_rule_test(
    """\
rule: dedicated-status-missing
start: 2026-03-02T08:00:00+01:00
cases:
  - {name: no status for an hour, steps: [{at: +1h, then: {status: overdue}}]}
  - {name: "a minor | <b>incident</b>", steps: [{at: +1h, then: silent}]}
""",
    "t",
    playbook=PLAYBOOK,
    parse_event=parse_event,
)
HEADINGS = {
    "en": (
        "What it watches",
        "Why",
        "What to do",
        "Fires on",
        "Stays silent on",
        "Timing",
        "Parameters",
        "How to allow it",
        "Sources",
        "Related rules",
    ),
    "fr": (
        "Ce qu'elle surveille",
        "Pourquoi",
        "Que faire",
        "Se déclenche sur",
        "Reste muette sur",
        "Délais",
        "Paramètres",
        "Comment la lever",
        "Sources",
        "Règles voisines",
    ),
}


def section(page: str, heading: str) -> str:
    return page.split(f"\n## {heading}\n")[1].split("\n## ")[0].strip()


def test_a_page_has_its_headings_in_both_languages() -> None:
    page = rule_page(STATUS, TEST, PLAYBOOK)
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]
    assert headings == [*HEADINGS["en"], *HEADINGS["fr"]]


def test_a_page_shows_what_the_rule_and_its_cases_say() -> None:
    page = rule_page(STATUS, TEST, PLAYBOOK)

    assert section(page, "Why") == "Reason of dedicated-status-missing."
    assert section(page, "What to do").startswith(
        "Publish a status about the incident on the page by the deadline."
    )
    assert section(page, "Fires on") == "- no status for an hour"
    assert section(page, "Stays silent on") == r"- a minor \| \<b\>incident\</b\>"
    assert "After 15 min it is late (warning); after 1 h (`$status_within`)" in section(
        page, "Timing"
    )
    assert "| `status_within` | 1h | 5m – 1d | 5 to 60 minutes | how soon |" in section(
        page, "Parameters"
    )
    assert "[Guide](https://example.org/guide) (page 3)" in section(page, "Sources")
    assert "(../threads/silence-while-thread-grows.md)" in section(page, "Related rules")


def test_the_page_of_a_replaced_rule_names_what_replaces_it() -> None:
    page = rule_page(SILENCE, None, PLAYBOOK)
    assert "[dedicated-status-missing](../response/dedicated-status-missing.md)" in section(
        page, "Related rules"
    )


HOSTILE = "a|b <script>alert(1)</script> [x](javascript:x) *y* `z\n# heading {page}"


def hostile() -> Playbook:
    texts = {"en": HOSTILE, "fr": HOSTILE}
    bad = attrs.evolve(
        STATUS,
        title=texts,
        because=texts,
        advice=Advice(action="reply", say=texts, write=texts),
        sources=(Source(title=HOSTILE, url='javascript:alert(1)"', where=HOSTILE),),
        replaces=(),
    )
    return attrs.evolve(
        PLAYBOOK, name=HOSTILE, rules=(bad,), governance=Governance(owner="<img src=x>")
    )


def test_no_text_of_a_playbook_becomes_markup_in_markdown() -> None:
    playbook = hostile()
    pages = page_files(playbook, {})
    for path, page in pages.items():
        if path.endswith(".md"):
            assert "\n# heading" not in page
            assert "<script" not in page.replace(r"\<script", "")
            assert "](javascript" not in page.replace(r"\](javascript", "")


def test_the_html_has_no_element_that_a_playbook_wrote() -> None:
    class Elements(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[str] = []
            self.addresses: list[str] = []
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.seen.append(tag)
            self.addresses += [str(value) for name, value in attributes if name in ("src", "href")]
            if tag not in ("meta", "input", "br"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Elements()
    parser.feed(printed_html(hostile(), "en"))
    parser.close()

    assert not parser.open
    assert parser.addresses == []  # nothing to load, nothing to follow
    assert {"script", "img", "a"}.isdisjoint(parser.seen)
    assert "viewport" in printed_html(PLAYBOOK, "fr")
    assert '<html lang="fr">' in printed_html(PLAYBOOK, "fr")


@pytest.mark.parametrize("name", CHECKS)
def test_the_page_of_a_check_shows_a_mistake_and_what_the_linter_says_of_it(name: str) -> None:
    page = check_page(name, CHECKS[name])

    assert {one.name for one in problems_in({})} == set()  # what stands beside the mistake is sound
    assert {one.name for one in problems_in(CHECKS[name].example)} == {name}
    assert f"warning {name}: " in page
    for heading in ("Why", "What to do", "For example", "Pourquoi", "Que faire", "Par exemple"):
        assert section(page, heading)


def test_the_checks_of_the_linter_have_pages_beside_the_base_playbook() -> None:
    pages = page_files(attrs.evolve(PLAYBOOK, governance=Governance()), {})
    assert {path for path in pages if path.startswith("checks/")} == {
        f"checks/{name}.md" for name in CHECKS
    }
    assert "](checks/slow-approval.md)" in pages["README.md"]
    # a brand's own pages are about its rules alone
    brand = attrs.evolve(PLAYBOOK, governance=attrs.evolve(PLAYBOOK.governance, declared=True))
    assert not any(path.startswith("checks/") for path in page_files(brand, {}))


def test_the_printed_playbook_follows_the_clocks() -> None:
    parts = {part.title: part for part in printed_parts(PLAYBOOK, "en")}

    assert list(parts) == [
        "Who",
        "At once, as long as the incident is open",
        "In the first 15 minutes",
        "All the time, at most this far apart",
        "As soon as you see it: Comments and threads",
        "Before a text goes out",
        "When it is over",
        "Legal clocks, where they apply to you",
        "Before there is any incident",
    ]
    first = parts["In the first 15 minutes"].entries[0]
    assert (first.rule, first.when) == (
        "dedicated-status-missing",
        "by 15 min (critical after 1 h)",
    )
    assert parts["Who"].people == (
        ("press officer", "owns the messages to the public"),
        ("duty lead", "approves (holding), by 5 min, deputy: night lead"),
    )
    named = [entry.rule for part in parts.values() for entry in part.entries]
    assert sorted(named) == sorted(each.id for each in PLAYBOOK.rules if each is not PREVIEW)


def test_the_printed_playbook_takes_the_values_of_its_context_and_skips_what_is_off() -> None:
    off = attrs.evolve(PLAYBOOK, disabled=(Disabled(rule=SILENCE.id, reason="no threads"),))
    page = printed_markdown(off, "fr", Context(kind="outage"))

    assert (
        "**avant 15 min (critique au-delà de 30 min)** · *Titre de dedicated-status-missing* : Publiez"
        in page
    )
    assert SILENCE.id not in page


OUTAGE = Scenario(
    kind="outage",
    title={"en": "An outage", "fr": "Une panne"},
    behaviours=({"en": "say what people notice", "fr": "dites ce que les gens constatent"},),
    mistakes=({"en": "hide <it>", "fr": "cacher <cela>"},),
    replies={
        "safety": Reply(answer="at-once"),
        "question": Reply(answer="together", how={"en": "with a link", "fr": "avec un lien"}),
    },
    statements={"holding": {"en": "We see {what}.", "fr": "Nous voyons {what}."}},
    sources=(Source(title="Guide"),),
)
FACEBOOK = CrisisLine(
    platform="facebook",
    title={"en": "Facebook", "fr": "Facebook"},
    tone={"en": "plain", "fr": "simple"},
    behaviours=({"en": "pin the status", "fr": "épinglez le statut"},),
    mistakes=({"en": "lock the thread", "fr": "fermer le fil"},),
    sources=(Source(title="Guide"),),
)
GUIDED = attrs.evolve(PLAYBOOK, scenarios={"outage": OUTAGE}, lines={"facebook": FACEBOOK})


def test_a_scenario_page_says_what_to_do_whom_to_answer_and_what_to_write() -> None:
    page = guide_page(OUTAGE)

    assert section(page, "What to do") == "- say what people notice"
    assert section(page, "What never to do") == r"- hide \<it\>"
    assert section(page, "Whom to answer, and how").splitlines() == [
        "- safety: a person answers at once, whatever the load",
        "- question: answer all at once in a post of its own, and point to it (with a link)",
    ]
    assert (
        section(page, "What to write first") == r"> We see \[what people notice, in their words\]."
    )
    assert "Nous voyons" in section(page, "Quoi écrire d'abord")


def test_the_printed_playbook_ends_with_the_scenarios_and_lines_of_its_context() -> None:
    titles = [part.title for part in printed_parts(GUIDED, "en")][-2:]
    page = printed_html(GUIDED, "en", Context(kind="recall", platform="facebook"))

    assert titles == ["Scenario: An outage", "Crisis line: Facebook"]
    assert "Crisis line: Facebook" in page
    assert "Scenario: An outage" not in page
    assert "<blockquote>We see [what people notice, in their words].</blockquote>" in printed_html(
        GUIDED, "en"
    )


def test_guides_have_a_page_each_and_stand_in_the_index() -> None:
    pages = page_files(GUIDED, {})
    assert {"scenarios/outage.md", "lines/facebook.md"} <= pages.keys()
    assert "- [outage](scenarios/outage.md): An outage · Une panne" in pages["README.md"]


def test_the_index_keeps_what_people_wrote_around_it() -> None:
    fresh = index_page(PLAYBOOK, None)
    assert INDEX_START in fresh
    assert INDEX_END in fresh
    written = f"# Ours\n\nBefore.\n\n{INDEX_START}\nold\n{INDEX_END}\n\nAfter.\n"

    page = index_page(PLAYBOOK, written)

    assert page.startswith("# Ours\n\nBefore.\n\n")
    assert page.endswith("\n\nAfter.\n")
    assert "\nold\n" not in page
    assert index_page(PLAYBOOK, page) == page
    assert index_page(PLAYBOOK, "# Ours\n").startswith("# Ours\n\n" + INDEX_START)


def test_the_index_lists_each_rule_by_situation_and_those_that_name_a_platform() -> None:
    page = index_page(PLAYBOOK, None)
    for each in PLAYBOOK.rules:
        assert f"[{each.id}]({each.family}/{each.id}.md)" in page
    assert "- `mastodon`: [silence-while-thread-grows]" in page
    assert "`facebook`" not in page


def test_thresholds_name_the_published_range_beside_ours_and_who_uses_it() -> None:
    row = next(line for line in thresholds_page(PLAYBOOK).splitlines() if "`status_within`" in line)
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert cells[1:4] == ["1h", "5m – 1d", "5 to 60 minutes"]
    assert cells[-1] == "[dedicated-status-missing](response/dedicated-status-missing.md)"


def test_the_glossary_is_a_table_of_equal_rows() -> None:
    tables = [block for block in glossary_page().split("\n\n") if block.startswith("|")]
    assert len(tables) > 10
    for block in tables:
        assert len({line.count(" | ") for line in block.splitlines()}) == 1


def test_stale_missing_and_orphaned_pages_are_named() -> None:
    wanted = page_files(PLAYBOOK, {TEST.rule: TEST})
    assert stale_pages(wanted, wanted) == {}
    existing = {
        **wanted,
        "response/dedicated-status-missing.md": "old",
        "response/gone.md": f"{MARK}\n",
        "notes.md": "written by a person",
    }
    del existing["glossary.md"]
    assert stale_pages(wanted, existing) == {
        "glossary.md": "missing",
        "response/dedicated-status-missing.md": "stale",
        "response/gone.md": "of no rule any more",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("post on {page}", "post on the page"),
        ("look at comment {comment} again", "look at comment again"),
        ("{page.silence} ago, {post.incident_comments} comments", "… ago, … comments"),
        ("within {$status_within}", "within 1 h"),
        ("on {page.platform}", "on [the platform it is on]"),
    ],
)
def test_slots_become_words(text: str, words: str) -> None:
    assert in_words(text, PLAYBOOK, "en") == words


def test_code_stays_code_and_a_lone_backtick_opens_nothing() -> None:
    assert md.text("`a_b` and c_d") == r"`a_b` and c\_d"
    assert md.text("`a_b and c_d") == r"'a\_b and c\_d"
