"""What a change of playbook would have changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from crisisrules.cli import main
from crisisrules.model.durations import HOUR, MINUTE
from crisisrules.model.errors import UsageError
from crisisrules.model.events import Clock as EventClock
from crisisrules.model.events import (
    Event,
    IncidentOpened,
    PageDescribed,
    PostCounted,
    PostPublished,
)
from crisisrules.playbook.conditions import All, ParameterRef, Test
from crisisrules.playbook.parameters import Parameter, Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Advice, Clock, Form, Response, Rule, Rung, Source, State
from crisisrules.ruletest.comparing import Timeline, compare, sweep, told

TEXTS = {"en": "text", "fr": "texte"}
START = datetime.fromisoformat("2026-03-02T08:00:00+01:00")


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
    }
    return Rule(**{**values, **fields})  # type: ignore[arg-type]  # a rule for a test, field by field


STATUS = rule(
    "status-missing",
    Response(
        expect=All((Test(fact="post.kind", operator="is", value="incident_status"),)),
        clocks=(Clock("incident.aware_at", (Rung("critical", ParameterRef("within")),)),),
    ),
)
UNSAID = rule("nothing-said", State(), when=Test(fact="page.mentioned", operator="is", value=False))
OLD = Playbook(
    name="old",
    rules=(STATUS,),
    parameters={
        "within": Parameter(
            name="within", type="duration", default=HOUR, most=4 * HOUR, meaning=TEXTS
        )
    },
    settings=(Setting(name="within", layer="kind", key="outage", value=90 * MINUTE),),
)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


EVENTS: tuple[Event, ...] = (
    PageDescribed(at=at(0), page="p", platform="facebook"),
    IncidentOpened(at=at(0), incident="i1", kind="outage", severity="major"),
    PostPublished(at=at(120), page="p", post="p1", kind="incident_status", incident="i1"),
)
EVENING = Timeline(name="evening", events=EVENTS)


def test_a_timeline_is_told_to_its_end() -> None:
    (one,) = told(OLD, EVENING)
    assert (one.status, one.overdue_at, one.closed_at) == ("resolved", at(90), at(120))
    (early,) = told(OLD, Timeline(name="early", events=EVENTS[:2], until=at(100)))
    assert (early.status, early.overdue_at) == ("overdue", at(90))
    assert told(OLD, Timeline(name="nothing", events=())) == ()


def test_the_same_playbook_changes_nothing() -> None:
    (comparison,) = compare(OLD, OLD, [EVENING])
    assert (comparison.added, comparison.dropped, comparison.moved) == ((), (), ())
    assert comparison.same == 1


def test_rules_added_and_dropped_and_deadlines_moved_are_told() -> None:
    new = attrs.evolve(OLD, rules=(STATUS, UNSAID), settings=())

    (there,) = compare(OLD, new, [EVENING])
    (back,) = compare(new, OLD, [EVENING])

    assert [one.rule for one in there.added] == ["nothing-said"]
    assert [one.rule for one in back.dropped] == ["nothing-said"]
    (moved,) = there.moved
    assert moved.fields == ("due_at", "overdue_at")
    assert (moved.before.due_at, moved.after.due_at) == (at(90), at(60))


CROWDED = rule(
    "crowd",
    State(),
    when=Test(
        fact="page.comments", operator="at_least", value=ParameterRef("many"), in_last=30 * MINUTE
    ),
)
MANY = Parameter(name="many", type="count", default=10, meaning=TEXTS)


def counted(minutes: int, comments: int) -> PostCounted:
    return PostCounted(at=at(minutes), page="p", post="p1", comments=comments)


def test_an_episode_is_held_against_the_one_of_the_same_time_whatever_its_number() -> None:
    # ten comments at 08:10, thirty more at 10:00, and forty from 11:00 to 11:10
    events = (
        *EVENTS[:2],
        PostPublished(at=at(1), page="p", post="p1", kind="lifestyle"),
        *(
            counted(minute, number)
            for minute, number in ((10, 10), (120, 40), (180, 60), (190, 80))
        ),
        EventClock(at=at(300)),
    )
    low = attrs.evolve(OLD, rules=(CROWDED,), parameters={"many": MANY})
    high = attrs.evolve(low, parameters={"many": attrs.evolve(MANY, default=30)})

    (found,) = compare(low, high, [Timeline(name="day", events=events)])
    (back,) = compare(high, low, [Timeline(name="day", events=events)])

    assert [one.opened_at for one in found.dropped] == [at(10)]
    assert (found.added, found.same) == ((), 1)  # the one of 10:00 is the same under both
    (moved,) = found.moved
    assert (moved.before.opened_at, moved.after.opened_at) == (at(180), at(190))
    assert [one.opened_at for one in back.added] == [at(10)]
    assert len(back.moved) == 1


def test_a_sweep_counts_firings_and_lateness_of_the_rules_that_use_the_parameter() -> None:
    playbook = attrs.evolve(OLD, rules=(STATUS, UNSAID))
    rows = list(sweep(playbook, "within", ["30m", "2h", "3h"], [EVENING]))
    assert [(row.value, row.fired, row.standing, row.late, row.worst) for row in rows] == [
        ("30m", 1, 120 * MINUTE, 1, 90 * MINUTE),
        ("2h", 1, 120 * MINUTE, 0, 0),
        ("3h", 1, 120 * MINUTE, 0, 0),
    ]


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("witin", "30m", "did you mean `within`?"),
        ("within", "30", "`30` has no unit"),
        ("within", "9h", "at most `4h`"),
        ("within", "{", "--sweep"),
        ("within", "30m, x: 2", "--sweep"),
    ],
)
def test_a_sweep_over_nonsense_is_a_usage_error(parameter: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(sweep(OLD, parameter, [value], [EVENING]))
    assert message in str(caught.value)


LINES = """\
{"type":"page.described","at":"2026-03-02T08:00:00+01:00","page":"p","platform":"facebook"}
{"type":"incident.opened","at":"2026-03-02T08:00:00+01:00","incident":"i1","kind":"outage","severity":"major"}
{"type":"clock","at":"2026-03-02T11:00:00+01:00"}
"""
FILE = """\
name: ours
rules: [house]
parameters:
  within: {type: duration, default: WITHIN, meaning: {en: how soon, fr: avant quand}}
"""
HOUSE = """\
id: status-missing
title: {en: No status, fr: Pas de statut}
severity: critical
about: page
expect: {post.kind: incident_status}
within: $within
of: incident.aware_at
recommend: {action: publish-status, say: {en: write one, fr: écrivez-en un}}
because: {en: People ask, fr: On la demande}
sources: [{title: us}]
"""


def test_the_command_compares_and_sweeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("house").mkdir()
    Path("house/status-missing.yaml").write_text(HOUSE, encoding="utf-8")
    Path("old.yaml").write_text(FILE.replace("WITHIN", "1h"))
    Path("new.yaml").write_text(FILE.replace("WITHIN", "4h"))
    Path("t.jsonl").write_text(LINES)

    assert main(["compare", "old.yaml", "new.yaml", "t.jsonl"]) == 0
    assert capsys.readouterr().out == (
        "t.jsonl: 0 added, 0 dropped, 1 moved, 0 the same\n"
        "  ~ 2026-03-02 07:00+00:00 critical status-missing: page p\n"
        "      status: overdue -> open\n"
        "      due_at: 2026-03-02 08:00+00:00 -> 2026-03-02 11:00+00:00\n"
        "      overdue_at: 2026-03-02 08:00+00:00 -> none\n"
    )
    assert main(["compare", "old.yaml", "t.jsonl", "--sweep", "within=1h,4h"]) == 0
    assert capsys.readouterr().out == (
        "within  timeline  fired  standing  late  lateness  worst\n"
        "1h      t.jsonl   1      3h        1     2h        2h\n"
        "4h      t.jsonl   1      3h        0     0s        0s\n"
    )
    assert main(["compare", "old.yaml", "t.jsonl"]) == 2
    assert "two playbooks and a timeline are needed" in capsys.readouterr().err
