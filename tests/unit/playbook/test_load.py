"""Texts to a playbook: what is read, and that each mistake is named at its place with advice."""

# ruff: noqa: E501 - a table of mistakes reads best with one a line

from __future__ import annotations

import pytest

from crisisrules.model.durations import HOUR, MINUTE
from crisisrules.model.errors import PlaybookError
from crisisrules.model.vocabulary import PLATFORMS
from crisisrules.playbook.conditions import All, AnyOf, ParameterRef, Test
from crisisrules.playbook.load import Source, build_playbook
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Absence, Clock, Reminder, Response, Rung, Scope, State

PLAYBOOK = """\
name: house
timezone: Europe/Paris
parameters:
  status_within:
    type: duration
    default: 60m
    least: 5m
    most: 4h
    meaning: {en: time to a status, fr: délai du point}
    kind: {outage: 30m}
    phase: {monitoring: {times: 2}}
  split_after: {type: count, default: 500, most: 5000, meaning: {en: size, fr: taille}}
  quiet_share: {type: share, default: 0.2, meaning: {en: share, fr: part}}
"""

RULE = """\
id: status-missing
title: {en: No post of its own, fr: Pas de publication dédiée}
severity: critical
about: page
when:
  incident.severity: [major, critical]
  page.has_status: false
expect: {post.kind: incident_status}
within: {warning: 30m, critical: $status_within}
of: incident.aware_at
remind: [50%, 10m]
recommend:
  action: publish-status
  say: {en: "publish on {page} by {due_at}", fr: "publiez sur {page} avant {due_at}"}
because: {en: People wait., fr: On attend.}
sources: [{title: A guide, url: "https://example.org/guide"}]
"""

STATE = """\
id: thread-too-long
title: {en: Long thread, fr: Fil trop long}
severity: warning
about: post
when:
  any:
    - post.incident_comments: {at_least: 2 * $split_after, in_last: 30m}
    - post.age: {at_least: 2h}
for: 10m
recommend: {action: publish-follow-up, say: {en: split, fr: coupez}}
because: {en: Long., fr: Long.}
sources: [{title: A guide}]
"""


def _sources(
    rule: str = RULE, playbook: str = PLAYBOOK, name: str = "status-missing"
) -> list[Source]:
    return [
        Source(name="p.yaml", text=playbook, role="playbook"),
        Source(name=f"rules/pace/{name}.yaml", text=rule, role="rule", family="pace"),
    ]


def _build(rule: str = RULE, playbook: str = PLAYBOOK, name: str = "status-missing") -> Playbook:
    return build_playbook(_sources(rule, playbook, name))


def _problems(sources: list[Source]) -> list[str]:
    with pytest.raises(PlaybookError) as caught:
        build_playbook(sources)
    return [str(problem).removeprefix("rules/pace/") for problem in caught.value.problems]


def _edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_a_rule_file_is_read() -> None:
    (rule,) = _build().rules
    assert (rule.id, rule.family, rule.about, rule.whose) == (
        "status-missing",
        "pace",
        ("page",),
        "own",
    )
    assert rule.when == All(
        (
            Test(fact="incident.severity", operator="in", value=("major", "critical")),
            Test(fact="page.has_status", operator="is", value=False),
        )
    )
    assert rule.form == Response(
        expect=Test(fact="post.kind", operator="is", value="incident_status"),
        clocks=(
            Clock(
                "incident.aware_at",
                (Rung("warning", 30 * MINUTE), Rung("critical", ParameterRef("status_within"))),
            ),
        ),
        remind=(Reminder(share=0.5), Reminder(before=10 * MINUTE)),
    )


def test_a_state_has_windows_and_scaled_parameters() -> None:
    (rule,) = _build(STATE, name="thread-too-long").rules
    assert rule.form == State(for_=10 * MINUTE)
    assert rule.when == AnyOf(
        (
            Test(
                fact="post.incident_comments",
                operator="at_least",
                value=ParameterRef("split_after", 2.0),
                in_last=30 * MINUTE,
            ),
            Test(fact="post.age", operator="at_least", value=2 * HOUR),
        )
    )


def test_a_place_is_kept_for_each_test() -> None:
    (rule,) = _build().rules
    assert isinstance(rule.when, All)
    assert [str(getattr(test, "place", None)) for test in rule.when.of] == [
        "rules/pace/status-missing.yaml:6:3",
        "rules/pace/status-missing.yaml:7:3",
    ]


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("during: incident", Scope()),
        ("always: true", Scope(always=True)),
        ("after: resolution\nuntil: 48h", Scope(during=False, after_until=48 * HOUR)),
        (
            "during: incident\nafter: resolution\nuntil: 2h",
            Scope(during=True, after_until=2 * HOUR),
        ),
    ],
)
def test_when_a_rule_is_in_force(written: str, scope: Scope) -> None:
    (rule,) = _build(f"{RULE}{written}\n").rules
    assert rule.scope == scope


def test_an_absence_asks_any_incident_unless_it_says_otherwise() -> None:
    text = _edited(
        RULE, "expect: {post.kind: incident_status}\n", "forbid: {page.mentioned: false}\n"
    )
    for key in ("within: {warning: 30m, critical: $status_within}\n", "of: incident.aware_at\n"):
        text = _edited(text, key, "")
    text = (
        _edited(text, "remind: [50%, 10m]\n", "")
        .replace(" by {due_at}", "")
        .replace(" avant {due_at}", "")
    )
    (rule,) = _build(text).rules
    assert isinstance(rule.form, Absence)
    assert rule.whose == "any"


def test_parameters_resolve_by_layer() -> None:
    playbook = _build()
    assert playbook.value("status_within", Context()) == 60 * MINUTE
    assert playbook.value("status_within", Context(kind="outage")) == 30 * MINUTE
    assert (
        playbook.value("status_within", Context(kind="outage", phase="monitoring")) == 60 * MINUTE
    )


def test_a_brand_lays_its_values_over_the_base() -> None:
    own = (
        "extends: base\nname: acme\nparameters:\n  status_within: {base: 45m, page: {p: 10m}}\n"
        "disable: [{rule: status-missing, reason: done elsewhere, until: 2026-03-02}]\n"
        "governance:\n  roles: {lead: leads, press: {en: speaks, fr: parle}}\n  owner: lead\n"
        "  approval_chains: {holding: [{role: press, within: 5m}]}\nlines: [facebook]\n"
    )
    playbook = build_playbook(
        [*_sources(), Source(name="acme.yaml", text=own, role="playbook", own=True)]
    )
    resolved = playbook.resolved("status_within", Context(page="p"))
    assert (resolved.value, resolved.layer, str(resolved.place)) == (
        10 * MINUTE,
        "page",
        "acme.yaml:4:40",
    )
    assert playbook.value("status_within", Context()) == 45 * MINUTE
    assert playbook.name == "acme"
    assert playbook.governance.declared
    assert playbook.governance.owner == "lead"
    assert playbook.governance.lines == ("facebook",)
    (disabled,) = playbook.disabled
    assert disabled.until is not None
    assert disabled.until.isoformat() == "2026-03-02T00:00:00+01:00"
    assert playbook.digest != _build().digest


RULE_MISTAKES = {
    "unknown key": ("because:", "becuse:", ":15:1: error unknown-key: `becuse` is not a key of a rule; did you mean `because`?"),
    "missing key": ("because: {en: People wait., fr: On attend.}\n", "", ":1:1: error missing-key: a rule needs `because`"),
    "once out of what is no post": ("  action: publish-status\n", "  action: publish-status\n  once_out: {en: late, fr: tard}\n", ":12:1: error form: `once_out` is for rules about posts and about what is not out yet; use `say` alone"),
    "fact": ("incident.severity:", "incident.severty:", ":6:3: error unknown-fact: `incident.severty` is not a fact; did you mean `incident.severity`?"),
    "fact of another subject": ("page.has_status: false", "comment.age: {at_least: 3m}", ":7:3: error fact-not-here: `comment.age` is not known of `page`; a rule about `comment` may ask it"),
    "fact of no message": ("expect: {post.kind: incident_status}", "expect: {item.state: held}", ":8:10: error fact-not-here: `item.state` is not known of the message or record just seen; a rule about `item` may ask it"),
    "unit": ("page.has_status: false", "incident.age: {at_least: 30}", ":7:28: error unit: `incident.age` is a duration; `30` has no unit, write `30m`"),
    "unit of a bare number": ("page.has_status: false", "incident.age: 30", ":7:17: error unit: `incident.age` is a duration; `30` has no unit, write `{at_least: 30m}`"),
    "bare duration": ("page.has_status: false", "incident.age: 30m", ":7:17: error operator: `incident.age` is a duration; write `{at_least: 30m}`"),
    "no duration": ("page.has_status: false", "incident.age: {at_least: half an hour}", ":7:28: error unit: `half an hour` is not a duration; write for example `45s`, `90m`, `2h30m` or `14d`"),
    "duration in words": ("page.has_status: false", "incident.age: {at_least: 1 hour 30 min}", ":7:28: error unit: `1 hour 30 min` is not a duration; write `1h30m`"),
    "fact without its family": ("incident.severity:", "severity:", ":6:3: error unknown-fact: `severity` is not a fact; did you mean `incident.severity`?"),
    "fact of another family": ("incident.severity:", "page.kind:", ":6:3: error unknown-fact: `page.kind` is not a fact; did you mean `incident.kind`?"),
    "values without a list": ("[major, critical]", "major, critical", ":6:22: error unknown-value: `major, critical` is one text; write a list, `[major, critical]`"),
    "no subject": ("about: page\n", "", ":1:1: error missing-key: a rule needs `about`"),
    "sign and duration in one text": ("page.has_status: false", 'incident.age: ">= 30m"', ":7:17: error operator: `incident.age` is a duration; write `{at_least: 30m}`"),
    "sign and number in one text": ("page.has_status: false", 'page.comments: "> 10"', ":7:18: error wrong-type: `page.comments` is a whole number; write `{more_than: 10}`"),
    "fact as a value": ("page.has_status: false", "all: [{fact: page.has_status}]", ":7:10: error unknown-fact: the fact itself is the key; write `page.has_status: test`"),
    "capitals": ("severity: critical", "severity: CRITICAL", ":3:11: error unknown-severity: `CRITICAL` is not a severity; did you mean `critical`?"),
    "operator": ("page.has_status: false", "page.comments: {at_lest: 3}", ":7:19: error unknown-operator: `at_lest` is not an operator; did you mean `at_least`?"),
    "sign": ("page.has_status: false", 'page.comments: {">=": 3}', ":7:19: error unknown-operator: `>=` is not an operator; write `at_least`"),
    "operator of another type": ("page.has_status: false", "page.has_status: {at_least: 3}", ":7:21: error operator: `page.has_status` is a boolean; `at_least` does not fit; write `true`"),
    "set": ("page.has_status: false", "incident.records: drill", ":7:21: error operator: `incident.records` is a set; write `{mentions: word}`"),
    "value": ("[major, critical]", "[majr, critical]", ":6:23: error unknown-value: `majr` is not a value of `incident.severity`; did you mean `major`?"),
    "value of another type": ("page.has_status: false", "page.has_status: maybe", ":7:20: error wrong-type: `page.has_status` is `true` or `false`, not the text `maybe`"),
    "negative": ("page.has_status: false", "page.comments: {at_least: -1}", ":7:29: error out-of-range: `page.comments` is never below 0, so `-1` says nothing"),
    "half a comment": ("page.has_status: false", "page.comments: {at_least: 1.5}", ":7:29: error wrong-type: `page.comments` is a whole number, not the number `1.5`"),
    "window on a state": ("page.has_status: false", "page.silence: {at_least: 3m, in_last: 30m}", ":7:32: error window: `page.silence` cannot be counted `in_last`; it is a duration"),
    "window on one value": ("page.has_status: false", "page.repeats: {at_least: 3, in_last: 30m}", ":7:31: error window: `page.repeats` cannot be counted `in_last` a while; it has one value"),
    "nothing to hold against": ("page.has_status: false", "page.comments: {in_last: 30m}", ":7:18: error operator: `page.comments` is held against nothing; write for example `{at_least: 10}`"),
    "parameter": ("critical: $status_within", "critical: $status_witin", ":9:34: error unknown-parameter: `$status_witin` is not a parameter; did you mean `$status_within`?"),
    "parameter of another type": ("critical: $status_within", "critical: $split_after", ":9:34: error parameter-type: a duration is needed here; the parameter `$split_after` is a count"),
    "parameter against a fact": ("page.has_status: false", "page.silence: {at_least: $split_after}", ":7:28: error parameter-type: `page.silence` is a duration; the parameter `$split_after` is a count"),
    "arithmetic": ("critical: $status_within", "critical: $status_within + 5m", ":9:34: error unknown-parameter: `$status_within + 5m` is no reference to a parameter; write `$name` or `2 * $name`"),
    "severity": ("severity: critical", "severity: critcal", ":3:11: error unknown-severity: `critcal` is not a severity; did you mean `critical`?"),
    "action": ("publish-status\n", "publish-statut\n", ":13:11: error unknown-action: `publish-statut` is not an action; did you mean `publish-status`?"),
    "subject": ("about: page", "about: pages", ":4:8: error unknown-value: `pages` is not a subject; did you mean `page`?"),
    "language": (", fr: Pas de publication dédiée", "", ":2:8: error missing-language: the text is missing in `fr`; `en` and `fr` are both needed"),
    "no languages": ("{en: People wait., fr: On attend.}", "People wait.", ":15:10: error missing-language: a text in each language is needed here, `{en: …, fr: …}`, not the text `People wait.`"),
    "placeholder": ("publish on {page}", "publish on {pge}", ":14:13: error placeholder: `{pge}` is no fact or name; did you mean `{page}`?"),
    "placeholder of a fact": ("publish on {page}", "publish on {incident.titel}", ":14:13: error placeholder: `{incident.titel}` is no fact or name; did you mean `{incident.title}`?"),
    "placeholder of another subject": ("publish on {page}", "publish on {post.age}", ":14:13: error placeholder: `post.age` is not known of `page`; a rule about `post` or `comment` may ask it"),
    "placeholder of a parameter": ("publish on {page}", "publish on {$status_withn}", ":14:13: error placeholder: `$status_withn` is not a parameter; did you mean `$status_within`?"),
    "brace": ("publish on {page}", "publish on {page", ":14:13: error placeholder: `{` stands alone; braces hold a fact or a name"),
    "id": ("id: status-missing", "id: status-absent", ":1:5: error id-not-file-name: `status-absent` is not the name of the file; call one as the other: `status-missing`"),
    "id with capitals": ("id: status-missing", "id: Status_Missing", ":1:5: error bad-id: an id has small letters, digits and hyphens, as in `status-missing`"),
    "ladder of times": ("warning: 30m", "warning: 90m", ":9:24: error ladder: `critical` after 1h comes no later than `warning` after 1h30m"),
    "ladder of severities": ("{warning: 30m, critical: $status_within}", "{critical: 30m, warning: 60m}", ":9:25: error ladder: `warning` comes after `critical`; write the mildest first"),
    "ladder above the rule": ("severity: critical", "severity: warning", ":9:24: error ladder: `critical` is above `warning`, the severity of the rule; write there the highest that it reaches"),
    "reminder": ("[50%, 10m]", "[50%, 2h]", ":11:15: error reminder: a reminder 2h before the deadline comes before the clock starts; the longest time is 1h"),
    "two forms": ("of: incident.aware_at", "forbid: {page.mentioned: true}", ":10:1: error form: a rule has one form; `forbid`, `expect` make several: write one rule for each"),
    "no time": ("within: {warning: 30m, critical: $status_within}\n", "", ":8:1: error form: `expect` needs a time: `within` and `of`, `clocks`, or `every`"),
    "no start": ("of: incident.aware_at\n", "", ":9:1: error form: `within` needs `of`: the instant it counts from, such as `incident.aware_at`"),
    "start that is no instant": ("of: incident.aware_at", "of: incident.age", ":10:5: error operator: `incident.age` is a duration; `of` names an instant such as `incident.started_at`, `incident.opened_at`, `incident.aware_at`"),
    "key of another form": ("remind: [50%, 10m]", "keep_for: 10m", ":11:1: error form: `keep_for` belongs to a rule with `when` alone, and this one is of form response"),
    "two values at once": ("page.has_status: false", "not: {incident.severity: [major, critical]}", ":7:9: error never-holds: `incident.severity` cannot be `in [major, critical]` and `not_in [major, critical]` at once; this never holds"),
    "bounds": ("page.has_status: false", "page.comments: {at_least: 10, less_than: 5}", ":7:3: error never-holds: `page.comments` cannot be `at_least 10` and `less_than 5` at once; this never holds"),
    "empty list": ("[major, critical]", "[]", ":6:22: error never-holds: no value is in an empty list, so `incident.severity` could never match"),
    "empty any": ("page.has_status: false", "any: []", ":7:8: error empty-condition: `any` of nothing would never hold; write conditions, or leave it out"),
    "no source": ('[{title: A guide, url: "https://example.org/guide"}]', "[]", ":16:10: error empty-list: the list of sources is empty; name one at least"),
    "address": ("https://example.org/guide", "example.org/guide", ":16:33: error address: an address starts with `https://` and has no spaces"),
    "escalation": ("severity: critical", "severity: critical\nescalate: [{to: critcal, after: 5m}]", ":4:17: error unknown-severity: `critcal` is not a severity; did you mean `critical`?"),
    "escalation to nothing": ("severity: critical", "severity: critical\nescalate: [{to: critical}]", ":4:12: error missing-key: an escalation needs `after` (a time) or `when` (a condition)"),
    "until without after": ("about: page", "about: page\nuntil: 48h", ":5:1: error scope: `until` belongs to `after: resolution`"),
    "after without until": ("about: page", "about: page\nafter: resolution", ":5:1: error scope: `after` needs `until`: for how long, such as `48h`"),
    "always and during": ("about: page", "about: page\nalways: true\nduring: incident", ":6:1: error scope: `during` says nothing beside `always`; keep one of the two"),
    "settled twice": ("about: page", "about: page\nsettled_by: {page.mentioned: true}", ":5:1: error form: `settled_by` does not fit here: what `expect` asks settles the rule"),
    "replaces nothing": ("about: page", "about: page\nreplaces: [status-mising]", ":5:12: error unknown-rule: `status-mising` is not a rule; did you mean `status-missing`?"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", RULE_MISTAKES)
def test_a_mistake_in_a_rule_is_named_at_its_place(mistake: str) -> None:
    old, new, expected = RULE_MISTAKES[mistake]
    assert _problems(_sources(_edited(RULE, old, new))) == [f"status-missing.yaml{expected}"]


PLAYBOOK_MISTAKES = {
    "unknown key": ("timezone:", "timezon:", ":2:1: error unknown-key: `timezon` is not a key of a playbook; did you mean `timezone`?"),
    "time zone": ("Europe/Paris", "Europe/Pari", ":2:11: error unknown-timezone: `Europe/Pari` is not a time zone; write for example `Europe/Paris` or `UTC`"),
    "type": ("type: duration", "type: durations", ":5:11: error unknown-value: `durations` is not a type of parameter; did you mean `duration`?"),
    "default without unit": ("default: 60m", "default: 60", ":6:14: error unit: `status_within` is a duration; `60` has no unit, write `60m`"),
    "default out of range": ("default: 60m", "default: 5h", ":6:14: error out-of-range: `status_within` is from `5m` to `4h`, not `5h`"),
    "layer out of range": ("outage: 30m", "outage: 1m", ":10:20: error out-of-range: `status_within` is from `5m` to `4h`, not `1m`"),
    "factor out of range": ("times: 2", "times: 20", ":11:25: error out-of-range: `status_within` is from `5m` to `4h`, not `20h`"),
    "kind": ("outage: 30m", "outtage: 30m", ":10:12: error unknown-value: `outtage` is not a kind of incident; did you mean `outage`?"),
    "layer": ("    kind: {outage: 30m}", "    kinds: {outage: 30m}", ":10:5: error unknown-key: `kinds` is not a key of a parameter; did you mean `kind`?"),
    "count": ("default: 500", "default: many", ":12:39: error wrong-type: `split_after` is a whole number, not the text `many`"),
    "share": ("default: 0.2", "default: 20", ":13:39: error out-of-range: `quiet_share` is a share, between 0 and 1, not `20`"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", PLAYBOOK_MISTAKES)
def test_a_mistake_in_a_playbook_is_named_at_its_place(mistake: str) -> None:
    old, new, expected = PLAYBOOK_MISTAKES[mistake]
    assert _problems(_sources(playbook=_edited(PLAYBOOK, old, new)))[0] == f"p.yaml{expected}"


OWN_MISTAKES = {
    "parameter": ("parameters: {status_withn: 5m}", ":2:14: error unknown-parameter: `status_withn` is not a parameter; did you mean `status_within`?"),
    "range": ("parameters: {status_within: 5h}", ":2:29: error out-of-range: `status_within` is from `5m` to `4h`, not `5h`"),
    "layer": ("parameters: {status_within: {kin: {outage: 5m}}}", ":2:30: error unknown-key: `kin` is not a layer; did you mean `kind`?"),
    "factor of the base": ("parameters: {status_within: {base: {times: 2}}}", ":2:36: error layer: `times` scales what the layers below give, and there is none below base"),
    "no reason": ("disable: [{rule: status-missing}]", ":2:11: error missing-key: `disable` needs `reason`"),
    "no rule": ("disable: [{rule: status-mising, reason: done}]", ":2:18: error unknown-rule: `status-mising` is not a rule; did you mean `status-missing`?"),
    "no date": ("disable: [{rule: status-missing, reason: done, until: tomorrow}]", ":2:55: error instant: `tomorrow` is not a date and time; write for example `2026-03-02T08:00:00+01:00`"),
    "no such day": ("disable: [{rule: status-missing, reason: done, until: 2026-02-30}]", ":2:55: error instant: `2026-02-30` is not a day of the calendar"),
    "role": ("governance: {roles: {lead: leads}, owner: leed}", ":2:43: error unknown-role: `leed` is not one of the `roles`; did you mean `lead`?"),
    "platform": ("lines: [facebok]", ":2:9: error unknown-value: `facebok` is not a platform; did you mean `facebook`?"),
    "twice": ("lines: [facebook, facebook]", ":2:19: error given-twice: `facebook` stands twice in this list"),
    "twice among others": ("governance: {templates: [a, b, a]}", ":2:32: error given-twice: `a` stands twice in this list"),
    "a stranger's platform": ("lines: [facebook, bloog]", ":2:19: error unknown-value: `bloog` is not a platform; allowed: " + ", ".join(f"`{one}`" for one in sorted(PLATFORMS))),
    "step": ("governance: {approval_chains: {holding: [{rle: lead}]}}", ":2:43: error unknown-key: `rle` is not a key of a step of an approval chain; did you mean `role`?"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", OWN_MISTAKES)
def test_a_mistake_of_a_brand_is_named_at_its_place(mistake: str) -> None:
    text, expected = OWN_MISTAKES[mistake]
    own = Source(name="acme.yaml", text=f"extends: base\n{text}\n", role="playbook", own=True)
    assert _problems([*_sources(), own]) == [f"acme.yaml{expected}"]


def test_messages_are_written_alike() -> None:
    tables = (RULE_MISTAKES, PLAYBOOK_MISTAKES, OWN_MISTAKES)
    messages = [mistake[-1].split(": ", 2)[2] for table in tables for mistake in table.values()]
    assert [text for text in messages if text[0].isupper() or text.endswith(".")] == []


def test_an_escalation_stays_within_the_severity_of_the_rule() -> None:
    text = _edited(STATE, "for: 10m", "for: 10m\nescalate: [{to: critical, after: 1h}]")
    assert _problems(_sources(text, name="thread-too-long")) == [
        "thread-too-long.yaml:10:17: error ladder: `critical` is above `warning`, the severity of the rule; write there the highest that it reaches"
    ]


def test_an_end_that_has_passed_is_no_fault() -> None:
    text = "disable: [{rule: status-missing, reason: done, until: 2001-01-01}]\n"
    playbook = build_playbook([*_sources(), Source(name="a.yaml", text=text, role="playbook")])
    assert [entry.rule for entry in playbook.disabled] == ["status-missing"]


def test_two_rules_cannot_have_one_id() -> None:
    again = Source(name="own/status-missing.yaml", text=RULE, role="rule", family="own")
    assert _problems([*_sources(), again]) == [
        "own/status-missing.yaml:1:5: error duplicate-id: `status-missing` is the id of another rule, at rules/pace/status-missing.yaml:1:5"
    ]


def test_rules_that_replace_each_other_would_both_fall_silent() -> None:
    one = _edited(RULE, "about: page", "about: page\nreplaces: [thread-too-long]")
    other = _edited(STATE, "about: post", "about: post\nreplaces: [status-missing]")
    sources = [
        *_sources(one),
        Source(name="own/thread-too-long.yaml", text=other, role="rule", family="own"),
    ]
    assert [line.split(": ")[1] for line in _problems(sources)] == ["error replaces-cycle"] * 2


def test_all_faults_of_all_files_come_at_once_in_order() -> None:
    broken = _edited(
        _edited(RULE, "severity: critical", "severity: hot"), "about: page", "about: pge"
    )
    playbook = _edited(PLAYBOOK, "default: 500", "default: -1")
    other = Source(name="z.yaml", text="a: yes\nb: [", role="rule", family="z")
    places = [line.split(": ")[0] for line in _problems([*_sources(broken, playbook), other])]
    assert places == [
        "p.yaml:12:39",
        "status-missing.yaml:3:11",
        "status-missing.yaml:4:8",
        "z.yaml:1:4",
        "z.yaml:2:4",
    ]


def test_a_playbook_that_cannot_be_read_raises_no_doubt_about_its_parameters() -> None:
    assert [line.split(": ")[1] for line in _problems(_sources(playbook="name: [x"))] == [
        "error yaml"
    ]


def test_rules_stand_in_the_order_of_the_families() -> None:
    sources = [
        Source(name="p.yaml", text=f"order: [threads, pace]\n{PLAYBOOK}", role="playbook"),
        Source(name="pace/status-missing.yaml", text=RULE, role="rule", family="pace"),
        Source(name="threads/thread-too-long.yaml", text=STATE, role="rule", family="threads"),
    ]
    assert [rule.id for rule in build_playbook(sources).rules] == [
        "thread-too-long",
        "status-missing",
    ]
