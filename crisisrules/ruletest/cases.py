"""Files of rule tests (``<id>.test.yaml``) to values, with every fault at its line and column.

A test names a rule, a real start with an offset, moments, and cases. A case is a list of steps in the
order of time: what happens at a moment, and what is then expected of the rule. What a step expects
patches what the steps before it expected, so that a case reads as a story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

import attrs

from crisisrules.model.durations import parse_instant
from crisisrules.model.errors import Place, RuleTestError, unknown_word
from crisisrules.model.events import Event
from crisisrules.playbook.parameters import Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, get, parse_yaml
from crisisrules.ruletest.events import read_event
from crisisrules.ruletest.expectations import Expectation, patch
from crisisrules.ruletest.moments import NAME, read_moment
from crisisrules.ruletest.nodes import (
    Problems,
    as_mapping,
    as_text,
    as_words,
    items_of,
    report,
)
from crisisrules.ruletest.overrides import read_settings

ParseEvent: TypeAlias = Callable[[Mapping[str, object], Place], Event]
"""Turns the fields of an event, as on its JSON line, into the event; raises InputError."""

_KEYS: Final = ("rule", "start", "moments", "parameters", "governance", "with", "given", "cases")
_CASE_KEYS: Final = ("name", "parameters", "governance", "given", "steps")
_STEP_KEYS: Final = ("at", "event", "events", "then")


@attrs.frozen(kw_only=True)
class Step:
    """Up to a moment: what happens, and what is expected once everything of that moment has passed.

    ``expected`` is None when the step checks nothing, and empty when the rule must be silent.
    """

    at: datetime
    events: tuple[Event, ...]
    expected: tuple[Expectation, ...] | None
    place: Place


@attrs.frozen(kw_only=True)
class Case:
    """One story: the settings it changes, and its steps in the order of time."""

    name: str
    steps: tuple[Step, ...]
    settings: tuple[Setting, ...]
    place: Place


@attrs.frozen(kw_only=True)
class RuleTest:
    """The test of one rule. ``beside`` are the other rules that are in force with it."""

    rule: str
    source: str
    start: datetime
    moments: Mapping[str, datetime]
    beside: tuple[str, ...]
    cases: tuple[Case, ...]


@attrs.define
class _Reading:
    """What the parts of one file share while it is read."""

    playbook: Playbook
    parse_event: ParseEvent
    rule: Rule | None
    start: datetime
    moments: dict[str, datetime]
    problems: Problems


def read_rule_test(
    text: str, source: str, *, playbook: Playbook, parse_event: ParseEvent
) -> RuleTest:
    """The rule test that a YAML text holds.

    Args:
        text: the text of the file.
        source: its name, for the places of faults.
        playbook: where the rule and the parameters are looked up.
        parse_event: reads one event from the fields of its JSON line.

    Raises:
        PlaybookError: the text is no strict YAML.
        RuleTestError: with every other fault.
    """
    problems: Problems = []
    root = parse_yaml(text, source)
    top = as_mapping(root, "a rule test", _KEYS, problems, required=("rule", "start", "cases"))
    if top is None:
        raise RuleTestError(problems)
    rule = _rule(get(top, "rule"), playbook, problems)
    start = _start(get(top, "start"), problems)
    reading = _Reading(playbook, parse_event, rule, start, {}, problems)
    _moments(get(top, "moments"), reading)
    settings = read_settings(get(top, "parameters"), playbook, problems)
    given = _given(get(top, "given"), reading)
    cases: list[Case] = []
    for node in items_of(get(top, "cases"), "`cases`", problems):
        case = _case(node, reading, settings, given)
        if case is not None:
            cases.append(case)
    _report_repeated_names(cases, problems)
    if not cases and not problems:
        report(problems, top.place, "no-cases", "`cases` is empty; a rule test needs a case")
    beside = _beside(get(top, "with"), playbook, problems)
    if problems:
        raise RuleTestError(sorted(problems, key=_order))
    return RuleTest(
        rule=rule.id if rule else "",
        source=source,
        start=start,
        moments=reading.moments,
        beside=beside,
        cases=tuple(cases),
    )


def _order(problem: object) -> tuple[int, int]:
    place: Place = problem.place  # type: ignore[attr-defined]  # a Problem; sorted() has no better key type
    return place.line or 0, place.column or 0


def _rule(node: Node | None, playbook: Playbook, problems: Problems) -> Rule | None:
    name = as_text(node, "`rule`", problems)
    if name is None or node is None:
        return None
    rule = playbook.rule(name)
    if rule is None:
        known = [rule.id for rule in playbook.rules]
        report(problems, node.place, "unknown-rule", unknown_word("a rule", name, known))
    return rule


def _start(node: Node | None, problems: Problems) -> datetime:
    text = as_text(node, "`start`", problems)
    if text is not None and node is not None:
        try:
            return parse_instant(text)
        except ValueError as error:
            report(problems, node.place, "not-an-instant", f"`start`: {error}")
    # Reading goes on, so that the faults of the cases are told as well
    return datetime(2026, 1, 1, tzinfo=UTC)


def _moments(node: Node | None, reading: _Reading) -> None:
    mapping = as_mapping(node, "`moments`", (), reading.problems)
    for entry in mapping.entries if mapping else ():
        if not NAME.fullmatch(entry.key):
            message = f"`{entry.key[:60]}` cannot name a moment; use letters, digits and `_`"
            report(reading.problems, entry.key_place, "moment-name", message)
            continue
        at = _moment(entry.value, f"`{entry.key}`", reading)
        # A moment with a fault keeps its name, so that it is not called unknown wherever it is used
        reading.moments[entry.key] = at or reading.start


def _moment(node: Node | None, what: str, reading: _Reading) -> datetime | None:
    text = as_text(node, what, reading.problems)
    if text is None or node is None:
        return None
    try:
        return read_moment(text, reading.start, reading.moments)
    except ValueError as error:
        report(reading.problems, node.place, "not-a-moment", f"{what}: {error}")
        return None


def _beside(node: Node | None, playbook: Playbook, problems: Problems) -> tuple[str, ...]:
    known = [rule.id for rule in playbook.rules]
    beside = []
    for name, place in as_words(node, "`with`", problems):
        if name in known:
            beside.append(name)
        else:
            report(problems, place, "unknown-rule", unknown_word("a rule", name, known))
    return tuple(beside)


def _given(node: Node | None, reading: _Reading) -> tuple[Event, ...]:
    """The events before every case; they need not be in order."""
    events = []
    for item in items_of(node, "`given`", reading.problems):
        event = _event(item, None, reading)
        if event is not None:
            events.append(event)
    return tuple(events)


def _event(node: Node, at: datetime | None, reading: _Reading) -> Event | None:
    return read_event(
        node,
        default_at=at,
        moment=lambda text: read_moment(text, reading.start, reading.moments),
        parse=reading.parse_event,
        problems=reading.problems,
    )


def _case(
    node: Node,
    reading: _Reading,
    settings: tuple[Setting, ...],
    given: tuple[Event, ...],
) -> Case | None:
    problems = reading.problems
    mapping = as_mapping(node, "a case", _CASE_KEYS, problems, required=("name", "steps"))
    if mapping is None:
        return None
    name = as_text(get(mapping, "name"), "`name`", problems)
    own = read_settings(get(mapping, "parameters"), reading.playbook, problems)
    before = sorted((*given, *_given(get(mapping, "given"), reading)), key=lambda event: event.at)
    steps_node = get(mapping, "steps")
    steps = _steps(items_of(steps_node, "`steps`", problems), before, reading)
    if steps_node is not None and not _any_then(steps_node):
        message = "no step says what is expected; add `then`"
        report(problems, mapping.place, "nothing-expected", message)
    return Case(
        name=name or "",
        steps=steps,
        settings=(*settings, *own),
        place=mapping.place,
    )


def _any_then(steps: Node) -> bool:
    nodes = steps.items if isinstance(steps, ListNode) else ()
    return any(isinstance(node, MapNode) and get(node, "then") is not None for node in nodes)


def _steps(nodes: tuple[Node, ...], given: list[Event], reading: _Reading) -> tuple[Step, ...]:
    steps: list[Step] = []
    standing: tuple[Expectation, ...] | None = None
    waiting = list(given)
    for node in nodes:
        mapping = as_mapping(node, "a step", _STEP_KEYS, reading.problems, required=("at",))
        at = _moment(get(mapping, "at"), "`at`", reading) if mapping else None
        if mapping is None or at is None:
            continue
        if steps and at <= steps[-1].at:
            _report_order(mapping, at, steps[-1].at, reading.problems)
            continue
        own = _step_events(mapping, at, steps[-1].at if steps else None, reading)
        first = [event for event in waiting if event.at <= at]
        waiting = waiting[len(first) :]
        # Given events come first where both are at the same instant: sorting keeps their order
        events = sorted((*first, *own), key=lambda event: event.at)
        then = get(mapping, "then")
        expected = None
        if then is not None:
            about = reading.rule.about if reading.rule else ()
            expected = standing = patch(
                then,
                standing or (),
                about=about,
                moment=lambda text: read_moment(text, reading.start, reading.moments),
                problems=reading.problems,
            )
        steps.append(Step(at=at, events=tuple(events), expected=expected, place=mapping.place))
    return tuple(steps)


def _step_events(
    mapping: MapNode, at: datetime, after: datetime | None, reading: _Reading
) -> list[Event]:
    one, several = get(mapping, "event"), get(mapping, "events")
    if one is not None and several is not None:
        message = "a step has `event` or `events`, not both"
        report(reading.problems, mapping.place, "two-forms", message)
    nodes = [*items_of(several, "`events`", reading.problems)]
    if one is not None:
        nodes.insert(0, one)
    found: list[Event] = []
    for node in nodes:
        event = _event(node, at, reading)
        if event is None:
            continue
        if event.at > at:
            message = "the event comes after its step; move it to a later step"
            report(reading.problems, node.place, "out-of-order", message)
        elif after is not None and event.at <= after:
            message = "the event is not after the step before; move it to an earlier step"
            report(reading.problems, node.place, "out-of-order", message)
        elif found and event.at < found[-1].at:
            message = "the event comes before the one above it; put them in the order of time"
            report(reading.problems, node.place, "out-of-order", message)
        else:
            found.append(event)
    return found


def _report_order(mapping: MapNode, at: datetime, before: datetime, problems: Problems) -> None:
    place = next(entry.value.place for entry in mapping.entries if entry.key == "at")
    if at == before:
        message = "the step is at the moment of the one before; make them one step with `events`"
    else:
        message = "the step is before the one above it; put the steps in the order of time"
    report(problems, place, "out-of-order", message)


def _report_repeated_names(cases: list[Case], problems: Problems) -> None:
    seen: dict[str, Place] = {}
    for case in cases:
        if case.name in seen and case.name:
            line = seen[case.name].line
            message = (
                f"the case `{case.name[:60]}` is there twice, first on line {line}; rename one"
            )
            report(problems, case.place, "duplicate-case", message)
        seen.setdefault(case.name, case.place)
