"""Cases run on the engine itself: what passes, what a failure shows, what is covered."""

from __future__ import annotations

import attrs
import pytest

from crisisrules.adapters.streams.events import parse_event
from crisisrules.model.durations import HOUR, MINUTE
from crisisrules.playbook.conditions import All, ParameterRef, Test
from crisisrules.playbook.parameters import Parameter
from crisisrules.playbook.playbook import Disabled, Governance, Playbook
from crisisrules.playbook.rule import (
    Absence,
    Advice,
    Clock,
    Form,
    Response,
    Rule,
    Rung,
    Source,
    State,
)
from crisisrules.ruletest.cases import read_rule_test
from crisisrules.ruletest.coverage import Seen, coverage_of
from crisisrules.ruletest.leaves import test_text as text_of
from crisisrules.ruletest.running import Outcome, outcome_lines, run_rule_test
from crisisrules.ruletest.suite import run_suite, suite_lines

TEXTS = {"en": "text", "fr": "texte"}
MAJOR = Test(fact="incident.severity", operator="in", value=("major", "critical"))


def rule(name: str, form: Form, **fields: object) -> Rule:
    values: dict[str, object] = {
        "id": name,
        "title": TEXTS,
        "severity": "critical",
        "about": ("page",),
        "form": form,
        "advice": Advice(action="publish-status", say=TEXTS),
        "because": TEXTS,
        "sources": (Source(title="somebody"),),
        "family": "response",
    }
    return Rule(**{**values, **fields})  # type: ignore[arg-type]  # a rule for a test, field by field


STATUS = rule(
    "status-missing",
    Response(
        expect=All((Test(fact="post.kind", operator="is", value="incident_status"),)),
        clocks=(Clock("incident.aware_at", (Rung("critical", ParameterRef("within")),)),),
    ),
    when=MAJOR,
)
PROMOTION = rule(
    "promotion",
    Absence(forbid=Test(fact="post.kind", operator="in", value=("promotional", "contest"))),
    about=("post",),
)
UNLINED = rule(
    "unlined",
    State(),
    when=Test(fact="page.has_line", operator="is", value=False),
    replaces=("status-missing",),
)
PLAYBOOK = Playbook(
    name="test",
    rules=(STATUS, PROMOTION, UNLINED),
    parameters={
        "within": Parameter(name="within", type="duration", default=HOUR, meaning=TEXTS),
    },
    disabled=(Disabled(rule="status-missing", reason="not for us"),),
)
HEAD = """\
rule: {rule}
start: 2026-03-02T08:00:00+01:00
moments: {{deadline: +60m}}
{further}
given:
  - {{at: +0m, type: page.described, page: orange-fr, platform: facebook}}
  - {{at: +0m, type: incident.opened, incident: i1, kind: outage, severity: critical}}
cases:
"""


def run(cases: str, *, of: str = "status-missing", further: str = "") -> tuple[Outcome, ...]:
    text = HEAD.format(rule=of, further=further) + cases
    test = read_rule_test(text, "t.test.yaml", playbook=PLAYBOOK, parse_event=parse_event)
    return run_rule_test(test, PLAYBOOK)


def lines(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [line for outcome in outcomes for line in outcome_lines(outcome)]


STORY = """\
  - name: story
    steps:
      - {at: +1m, then: {status: open, due_at: deadline, subject: {page: orange-fr}}}
      - {at: deadline - 1s, then: {status: open}}
      - {at: deadline, then: {status: overdue, severity: critical}}
      - at: deadline + 5m
        event: {type: post.published, page: orange-fr, post: p1, kind: incident_status, incident: i1}
        then: {status: resolved, settled_by: {post: p1}}
"""


def test_a_story_that_the_engine_tells_too_passes() -> None:
    outcomes = run(STORY)
    assert lines(outcomes) == []
    assert outcomes[0].passed


def test_an_event_at_the_very_deadline_is_in_time() -> None:
    outcomes = run(
        """\
  - name: at the deadline
    steps:
      - at: deadline
        event: {type: post.published, page: orange-fr, post: p1, kind: incident_status, incident: i1}
        then: {status: resolved}
"""
    )
    assert lines(outcomes) == []


def test_a_failure_shows_what_was_expected_seen_and_what_decided() -> None:
    outcomes = run(
        """\
  - name: too early
    steps:
      - {at: +59m, then: {status: overdue, due_at: +30m, severity: critical}}
"""
    )
    assert lines(outcomes) == [
        "t.test.yaml:11:26: failed status-missing: too early, at +59m (08:59:00)",
        "    status: expected overdue, seen open",
        "    due_at: expected +30m (08:30:00), seen +1h (09:00:00)",
        "    what decided for page orange-fr in i1:",
        "      holds: incident.severity: seen critical, expected one of major, critical",
    ]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("silent", "expected silent, seen open for page orange-fr"),
        (
            "{subject: {page: orange-fr}, status: silent}",
            "expected silent, seen open for page orange-fr",
        ),
        (
            "{subject: {page: other}, status: open}",
            "expected open, seen silent",
        ),
        ("{status: resolved}", "status: expected resolved, seen open"),
    ],
)
def test_what_differs_is_said(then: str, expected: str) -> None:
    outcomes = run(f"  - {{name: one, steps: [{{at: +1m, then: {then}}}]}}\n")
    assert f"    {expected}" in lines(outcomes)


def test_a_recommendation_that_nobody_expected_is_a_failure() -> None:
    outcomes = run(
        """\
  - name: two posts
    steps:
      - at: +1m
        events:
          - {type: post.published, page: orange-fr, post: p1, kind: contest}
          - {type: post.published, page: orange-fr, post: p2, kind: contest}
        then: {status: open, subject: {post: p1}}
      - {at: +2m, then: {action: publish-status, subject: {post: p2}}}
""",
        of="promotion",
    )
    assert [line.strip() for line in lines(outcomes) if "not expected" in line] == [
        "not expected: open for post p2 on orange-fr"
    ]


def test_several_that_stand_must_be_named() -> None:
    outcomes = run(
        """\
  - name: two posts
    steps:
      - at: +1m
        events:
          - {type: post.published, page: orange-fr, post: p1, kind: contest}
          - {type: post.published, page: orange-fr, post: p2, kind: contest}
        then: {status: open}
""",
        of="promotion",
    )
    assert "2 recommendations stand, say which" in lines(outcomes)[1]


def test_a_rule_is_tested_alone_unless_others_are_named() -> None:
    case = "  - {{name: one, steps: [{{at: +1m, then: {then}}}]}}\n"
    alone = run(case.format(then="{status: open}"), further="lines: [x]")
    beside = run(case.format(then="{status: replaced}"), further="lines: [x]\nwith: [unlined]")
    assert lines(alone) == []
    assert lines(beside) == []


def test_parameters_and_governance_of_a_case_hold_for_it_alone() -> None:
    outcomes = run(
        """\
  - {name: own time, parameters: {within: 10m}, steps: [{at: +10m, then: {status: overdue}}]}
  - {name: base time, steps: [{at: +10m, then: {status: open, due_at: deadline}}]}
"""
    )
    assert lines(outcomes) == []


def test_coverage_names_the_outcomes_that_no_case_reaches() -> None:
    seen = Seen()
    text = HEAD.format(rule="status-missing", further="") + STORY
    test = read_rule_test(text, "t.test.yaml", playbook=PLAYBOOK, parse_event=parse_event)

    run_rule_test(test, PLAYBOOK, seen=seen)
    (covered,) = coverage_of([STATUS], seen)

    assert (covered.reached, covered.total) == (2, 4)
    assert [str(gap) for gap in covered.gaps] == [
        "status-missing: no case makes `when: incident.severity [major, critical]` false",
        "status-missing: no case makes `expect: post.kind incident_status` false",
    ]


CROWD = rule(
    "crowd",
    State(),
    when=Test(fact="page.comments", operator="more_than", value=ParameterRef("many")),
)
CROWDED = Playbook(
    name="test",
    rules=(CROWD,),
    parameters={"many": Parameter(name="many", type="count", default=3, meaning=TEXTS)},
)
COMMENTS = """\
  - name: so many comments
    steps:
      - {{at: +1m, event: {{type: post.counted, page: orange-fr, post: p, comments: {few}}}, then: silent}}
      - {{at: +2m, event: {{type: post.counted, page: orange-fr, post: p, comments: {many}}}}}
"""


@pytest.mark.parametrize(
    ("few", "many", "reached", "missing"),
    [
        (3, 4, 4, []),
        (2, 4, 3, ["just false"]),
        (3, 5, 3, ["just true"]),
        (2, 9, 2, ["just true", "just false"]),
        (1, 3, 2, ["true"]),
    ],
)
def test_coverage_asks_for_both_numbers_between_which_a_count_decides(
    few: int, many: int, reached: int, missing: list[str]
) -> None:
    seen = Seen()
    text = HEAD.format(rule="crowd", further="") + COMMENTS.format(few=few, many=many)
    test = read_rule_test(text, "t.test.yaml", playbook=CROWDED, parse_event=parse_event)

    run_rule_test(test, CROWDED, seen=seen)
    (covered,) = coverage_of([CROWD], seen)

    assert (covered.reached, covered.total) == (reached, 4)
    assert [gap.missing for gap in covered.gaps] == missing


def test_a_brand_is_asked_for_tests_of_its_own_rules_alone() -> None:
    brand = attrs.evolve(
        PLAYBOOK, governance=Governance(declared=True), own_rules=frozenset({"unlined"})
    )
    suite = run_suite({}, brand, parse_event=parse_event)
    assert suite.untested == ("unlined",)


def test_a_suite_counts_what_passed_failed_and_could_not_be_read() -> None:
    head = HEAD.format(rule="status-missing", further="")
    suite = run_suite(
        {
            "good.test.yaml": head + STORY,
            "bad.test.yaml": head + "  - {name: bad, steps: [{at: +1m, then: silent}]}\n",
            "none.test.yaml": "rule: status-mising",
        },
        PLAYBOOK,
        parse_event=parse_event,
    )

    assert [outcome.case for outcome in suite.failed] == ["bad"]
    assert suite.untested == ("promotion", "unlined")
    report = list(suite_lines(suite, coverage=True))
    assert any("did you mean `status-missing`?" in line for line in report)
    assert "promotion: no case tests it" in report
    assert report[-1].startswith(
        "2 rule tests, 1 cases passed, 1 failed, 3 errors, 2 of 4 outcomes"
    )


def test_a_test_is_shown_as_it_is_written() -> None:
    test = Test(
        fact="page.comments", operator="at_least", value=ParameterRef("n", 2.0), in_last=30 * MINUTE
    )
    assert text_of(test) == "page.comments at_least 2 * $n in_last 30m"
    assert text_of(attrs.evolve(test, in_last=ParameterRef("w"), value=3)).endswith("3 in_last $w")
