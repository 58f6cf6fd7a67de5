"""Files of rule tests: what they say, and every fault at its place."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crisisrules.adapters.streams.events import parse_event
from crisisrules.model.durations import HOUR, MINUTE
from crisisrules.model.errors import RuleTestError
from crisisrules.model.events import EVENT_TYPES, IncidentOpened, PageDescribed
from crisisrules.playbook.conditions import Test
from crisisrules.playbook.parameters import Parameter
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Advice, Rule, Source, State
from crisisrules.ruletest.cases import RuleTest, read_rule_test
from crisisrules.ruletest.events import holds_instant

TEXTS = {"en": "text", "fr": "texte"}
RULE = Rule(
    id="dedicated-status-missing",
    title=TEXTS,
    severity="critical",
    about=("page",),
    form=State(),
    when=Test(fact="page.has_status", operator="is", value=False),
    advice=Advice(action="publish-status", say=TEXTS),
    because=TEXTS,
    sources=(Source(title="somebody"),),
    family="response",
)
PLAYBOOK = Playbook(
    name="test",
    rules=(RULE,),
    parameters={
        "dedicated_status_within": Parameter(
            name="dedicated_status_within",
            type="duration",
            default=HOUR,
            least=5 * MINUTE,
            most=4 * HOUR,
            meaning=TEXTS,
        ),
        "split_after": Parameter(name="split_after", type="count", default=500, meaning=TEXTS),
    },
)
HEAD = """\
rule: dedicated-status-missing
start: 2026-03-02T08:00:00+01:00
moments: {declared: +0m, deadline: declared + 60m}
given:
  - {at: declared, type: page.described, page: orange-fr, platform: facebook}
cases:
  - name: one
    steps:
"""
OPENED = "{type: incident.opened, incident: i1, kind: outage, severity: critical}"


def read(text: str) -> RuleTest:
    return read_rule_test(text, "t.test.yaml", playbook=PLAYBOOK, parse_event=parse_event)


def faults(text: str) -> list[str]:
    with pytest.raises(RuleTestError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_case_is_a_story_in_real_time() -> None:
    test = read(
        HEAD
        + f"""\
      - at: declared
        event: {OPENED}
        then: {{status: open, due_at: deadline}}
      - {{at: deadline - 1s, then: {{severity: warning}}}}
      - {{at: deadline, then: {{status: overdue}}}}
      - {{at: deadline + 1m, then: silent}}
"""
    )
    start = datetime.fromisoformat("2026-03-02T08:00:00+01:00")
    deadline = start + timedelta(hours=1)
    steps = test.cases[0].steps
    assert [step.at for step in steps] == [
        start,
        deadline - timedelta(seconds=1),
        deadline,
        deadline + timedelta(minutes=1),
    ]
    assert [type(event) for event in steps[0].events] == [PageDescribed, IncidentOpened]
    # What a step does not say again still holds
    assert steps[1].expected is not None
    assert steps[1].expected[0].values == {
        "status": "open",
        "severity": "warning",
        "due_at": deadline,
    }
    assert steps[2].expected is not None
    assert steps[2].expected[0].values["due_at"] == deadline
    assert steps[3].expected == ()


def test_instants_inside_events_are_moments_too() -> None:
    test = read(
        HEAD
        + """\
      - at: +5m
        events:
          - at: +1m
            type: incident.opened
            incident: i1
            kind: outage
            severity: critical
            aware_at: declared - 10m
          - {at: +2m, type: information.released, incident: i1, information: n1, seen_by: {press: +90s}}
          - {type: record, name: backlog.measured, measured_at: +3m, text: +3m}
          - at: +5m
            type: page.observed
            page: orange-fr
            posts: [{post: p1, published_at: -1h}]
        then: silent
"""
    )
    start = test.start
    _, opened, released, record, observed = test.cases[0].steps[0].events
    assert opened.aware_at == start - timedelta(minutes=10)  # type: ignore[attr-defined]
    assert released.seen_by == {"press": start + timedelta(seconds=90)}  # type: ignore[attr-defined]
    assert record.at == start + timedelta(minutes=5)
    data = record.data  # type: ignore[attr-defined]
    assert (data["measured_at"], data["text"]) == ("2026-03-02T08:03:00+01:00", "+3m")
    assert observed.posts[0].published_at == start - timedelta(hours=1)  # type: ignore[attr-defined]


def test_every_instant_of_every_event_may_be_a_moment() -> None:
    instants = {
        name.rstrip("_")
        for cls in EVENT_TYPES.values()
        for name, annotation in cls.__annotations__.items()
        if "datetime" in str(annotation) and "Mapping" not in str(annotation)
    }

    assert instants
    assert [name for name in sorted(instants) if not holds_instant(name)] == []


def test_expectations_of_several_subjects_patch_each_by_its_own() -> None:
    test = read(
        HEAD
        + """\
      - at: +1m
        then:
          - {subject: {page: a}, status: open, severity: warning}
          - {subject: {page: b}, status: open}
      - {at: +2m, then: {subject: {page: a}, status: resolved, settled_by: {post: p2}}}
      - {at: +3m, then: {subject: {page: b}, status: silent}}
"""
    )
    last = test.cases[0].steps[-1].expected
    assert last is not None
    assert [(each.subject, dict(each.values)) for each in last] == [
        (("page", "a"), {"status": "resolved", "severity": "warning", "settled_by": "post p2"}),
        (("page", "b"), {"status": "silent"}),
    ]


def test_given_events_come_when_their_time_comes() -> None:
    text = HEAD.replace(
        "given:\n",
        f"given:\n  - {{at: deadline, {OPENED[1:]}\n",
    )
    steps = (
        read(
            text
            + "      - {at: +1m, then: silent}\n"
            + "      - {at: deadline + 1m, then: {status: open}}\n"
        )
        .cases[0]
        .steps
    )
    assert [[event.type for event in step.events] for step in steps] == [
        ["page.described"],
        ["incident.opened"],
    ]


def test_settings_are_read_by_the_parameter_s_type() -> None:
    text = HEAD.replace("given:", "parameters: {dedicated_status_within: 45m}\ngiven:")
    case = read(text + "      - {at: +1m, then: silent}\n").cases[0]
    assert [(each.name, each.value) for each in case.settings] == [
        ("dedicated_status_within", 45 * MINUTE)
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param(
            "      - {at: deadlin, then: silent}\n",
            "t.test.yaml:9:14: error moment: `at`: `deadlin` is not a moment; did you mean `deadline`?",
            id="unknown moment",
        ),
        pytest.param(
            "      - {at: +10, then: silent}\n",
            "t.test.yaml:9:14: error moment: `at`: `10` has no unit, write `10m` for minutes",
            id="no unit",
        ),
        pytest.param(
            "      - {at: +1m, then: {status: opened}}\n",
            "t.test.yaml:9:34: error unknown-value: `opened` is not a status; did you mean `open`?",
            id="unknown status",
        ),
        pytest.param(
            "      - {at: +1m, then: {sevrity: info}}\n",
            "t.test.yaml:9:26: error unknown-key: `sevrity` is not a key of an expectation; "
            "did you mean `severity`?",
            id="unknown key",
        ),
        pytest.param(
            "      - {at: +1m, then: quiet}\n",
            "t.test.yaml:9:25: error wrong-type: `silent`, a mapping or a list of mappings is needed here, "
            "not the text `quiet`",
            id="not silent",
        ),
        pytest.param(
            "      - {at: +1m, then: {subject: {pgae: a}}}\n",
            "t.test.yaml:9:35: error unknown-subject: `pgae` is not what the rule is about (page); "
            "did you mean `page`?",
            id="unknown subject",
        ),
        pytest.param(
            "      - {at: +2m, then: silent}\n      - {at: +1m, then: silent}\n",
            "t.test.yaml:10:14: error out-of-order: the step is before the one above it; "
            "put the steps in the order of time",
            id="steps go back in time",
        ),
        pytest.param(
            "      - {at: +2m, then: silent}\n      - {at: +2m, then: silent}\n",
            "t.test.yaml:10:14: error out-of-order: the step is at the moment of the one before; "
            "make them one step with `events`",
            id="two steps at one moment",
        ),
        pytest.param(
            "      - {at: +2m, event: {at: +3m, type: clock}, then: silent}\n",
            "t.test.yaml:9:26: error out-of-order: the event comes after its step; move it to a later step",
            id="event after its step",
        ),
        pytest.param(
            "      - {at: +2m, event: {type: incident.open}, then: silent}\n",
            "t.test.yaml:9:33: error unknown-type: `incident.open` is not an event type; "
            "did you mean `incident.opened`?",
            id="unknown event",
        ),
        pytest.param(
            "      - {at: +2m, event: {type: clock, pge: a}, then: silent}\n",
            "t.test.yaml:9:40: error unknown-field: `pge` is not a field of `clock`; "
            "allowed: `at`, `brand`, `id`",
            id="unknown field",
        ),
        pytest.param(
            "      - {at: +2m}\n",
            "t.test.yaml:7:5: error nothing-expected: no step says what is expected; add `then`",
            id="nothing expected",
        ),
        pytest.param(
            "      - {then: silent}\n      - {at: +1m, then: silent}\n",
            "t.test.yaml:9:9: error missing-key: a step needs `at`",
            id="no moment",
        ),
        pytest.param(
            "      - {at: +1m, then: silent}\n  - {name: one, steps: [{at: +1m, then: silent}]}\n",
            "t.test.yaml:10:5: error duplicate-case: the case `one` is there twice, first on line 7; "
            "rename one",
            id="two cases of one name",
        ),
        pytest.param(
            "      - at: +1m\n        then: [{subject: {page: a}}, {subject: {page: b}}]\n"
            "      - {at: +2m, then: {status: open}}\n",
            "t.test.yaml:11:25: error which-subject: several subjects are expected; "
            "say which one with `subject`, such as `{post: p1}`",
            id="which subject",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(steps: str, expected: str) -> None:
    assert faults(HEAD + steps) == [expected]


def test_all_faults_are_told_at_once() -> None:
    text = """\
rule: dedicated-status-mising
start: 2026-03-02T08:00:00
moments: {dead line: +1m, later: +5x}
parameters: {dedicated_status_within: 300m, split_afer: 4, split_after: many}
with: [nothing-of-the-kind]
cases:
  - steps: [{at: later, then: silent}]
"""
    assert [line.split(" error ")[1].split(":")[0] for line in faults(text)] == [
        "unknown-rule",
        "instant",
        "bad-id",
        "moment",
        "out-of-range",
        "unknown-parameter",
        "wrong-type",
        "unknown-rule",
        "missing-key",
    ]


@pytest.mark.parametrize("text", ["[]", "rule", "{}", "cases: 3", "cases: [1, [2], {steps: 3}]"])
def test_what_is_no_rule_test_is_said_to_be_none(text: str) -> None:
    assert faults(text)
