"""Files of rule tests (``<id>.test.yaml``) to values, with every fault at its line and column.

A test names a rule, a real start with an offset, moments, and cases. A case is a list of steps in the
order of time: what happens at a moment, and what is then expected of the rule. What a step expects
patches what the steps before it expected, so that a case reads as a story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import attrs

from crisisrules.model.durations import parse_instant
from crisisrules.model.errors import Place, RuleTestError, unknown_word
from crisisrules.model.events import Event
from crisisrules.playbook.parameters import Setting
from crisisrules.playbook.playbook import Governance, Playbook
from crisisrules.playbook.read_governance import read_governance, read_prepared
from crisisrules.playbook.read_parameters import read_parameters
from crisisrules.playbook.reading import Faults, Fields, read_items, read_names, read_text
from crisisrules.playbook.rule import Rule
from crisisrules.playbook.yamltext import MapNode, Node, get, parse_yaml
from crisisrules.ruletest.events import read_event
from crisisrules.ruletest.expectations import Expectation, patch
from crisisrules.ruletest.moments import NAME, read_moment

ParseEvent: TypeAlias = Callable[[Mapping[str, object], Place], Event]
"""Turns the fields of an event, as on its JSON line, into the event; raises InputError."""


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
    """One story: what it changes of the playbook, and its steps in the order of time."""

    name: str
    steps: tuple[Step, ...]
    settings: tuple[Setting, ...]
    governance: Governance
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
    faults: Faults

    def moment(self, text: str) -> datetime:
        return read_moment(text, self.start, self.moments)


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
    faults = Faults(parameters=dict(playbook.parameters))
    root = parse_yaml(text, source)
    top = Fields.of(root, faults, "a rule test, `rule: …`,")
    rule = _rule(top.need("rule"), playbook, faults)
    start = _start(top.need("start"), faults)
    reading = _Reading(playbook, parse_event, rule, start, {}, faults)
    _read_moments(top.take("moments"), reading)
    settings, governance = _changes(top, (), playbook.governance, reading)
    beside = _beside(top.take("with"), playbook, faults)
    given = _given(top.take("given"), reading)
    nodes = read_items(top.need("cases"), faults, "cases")
    top.close("a rule test")
    cases = tuple(_case(node, reading, settings, governance, given) for node in nodes)
    _report_repeated_names(cases, faults)
    if faults.problems:
        raise RuleTestError(
            sorted(faults.problems, key=lambda each: (each.place.line or 0, each.place.column or 0))
        )
    return RuleTest(
        rule=rule.id if rule else "",
        source=source,
        start=start,
        moments=reading.moments,
        beside=beside,
        cases=cases,
    )


def _rule(node: Node | None, playbook: Playbook, faults: Faults) -> Rule | None:
    if node is None:
        return None
    name = read_text(node, faults)
    rule = playbook.rule(name)
    if rule is None and name:
        known = [rule.id for rule in playbook.rules]
        faults.add(node.place, "unknown-rule", unknown_word("a rule", name, known))
    return rule


def _beside(node: Node | None, playbook: Playbook, faults: Faults) -> tuple[str, ...]:
    if node is None:
        return ()
    known = [rule.id for rule in playbook.rules]
    return read_names(node, faults, "rule", known, "unknown-rule")


def _start(node: Node | None, faults: Faults) -> datetime:
    if node is not None:
        try:
            return parse_instant(read_text(node, faults))
        except ValueError as error:
            faults.add(node.place, "instant", f"`start`: {error}")
    # Reading goes on, so that the faults of the cases are told as well
    return datetime(2026, 1, 1, tzinfo=UTC)


def _read_moments(node: Node | None, reading: _Reading) -> None:
    if node is None:
        return
    if not isinstance(node, MapNode):
        reading.faults.expected(node, "moments, `deadline: +60m`,")
        return
    for entry in node.entries:
        if not NAME.fullmatch(entry.key):
            message = f"`{entry.key[:60]}` cannot name a moment; use letters, digits and `_`"
            reading.faults.add(entry.key_place, "bad-id", message)
            continue
        at = _moment(entry.value, entry.key, reading)
        # A moment with a fault keeps its name, so that it is not called unknown wherever it is used
        reading.moments[entry.key] = at or reading.start


def _moment(node: Node, key: str, reading: _Reading) -> datetime | None:
    text = read_text(node, reading.faults)
    if not text.strip():
        return None
    try:
        return reading.moment(text)
    except ValueError as error:
        reading.faults.add(node.place, "moment", f"`{key}`: {error}")
        return None


def _changes(
    fields: Fields, settings: tuple[Setting, ...], governance: Governance, reading: _Reading
) -> tuple[tuple[Setting, ...], Governance]:
    """What a test or a case changes of the playbook, laid over what stands already."""
    node = fields.take("parameters")
    declared, own = read_parameters(node, reading.playbook.parameters, reading.faults)
    for name in declared:
        message = f"a test gives `{name}` a value; only a playbook declares a parameter"
        reading.faults.add(fields.key_place("parameters"), "parameter", message)
    changed = read_governance(fields, governance, reading.playbook.timezone, reading.faults)
    changed = read_prepared(fields, changed, reading.faults)
    if changed != governance:
        # Who writes down how the brand is governed has a playbook file of its own
        changed = attrs.evolve(changed, declared=True)
    return (*settings, *own), changed


def _given(node: Node | None, reading: _Reading) -> tuple[Event, ...]:
    """The events before every case; they need not be in order."""
    items = read_items(node, reading.faults, "events")
    events = (_event(item, None, reading) for item in items)
    return tuple(event for event in events if event is not None)


def _event(node: Node, at: datetime | None, reading: _Reading) -> Event | None:
    return read_event(
        node,
        default_at=at,
        moment=reading.moment,
        parse=reading.parse_event,
        faults=reading.faults,
    )


def _case(
    node: Node,
    reading: _Reading,
    settings: tuple[Setting, ...],
    governance: Governance,
    given: tuple[Event, ...],
) -> Case:
    fields = Fields.of(node, reading.faults, "a case, `{name: …, steps: […]}`,")
    name = read_text(fields.need("name"), reading.faults)
    settings, governance = _changes(fields, settings, governance, reading)
    own = _given(fields.take("given"), reading)
    steps_node = fields.need("steps")
    nodes = read_items(steps_node, reading.faults, "steps")
    fields.close("a case")
    before = sorted((*given, *own), key=lambda event: event.at)
    steps = _steps(nodes, before, reading)
    if nodes and not any(isinstance(step, MapNode) and get(step, "then") for step in nodes):
        message = "no step says what is expected; add `then`"
        reading.faults.add(node.place, "nothing-expected", message)
    return Case(name=name, steps=steps, settings=settings, governance=governance, place=node.place)


def _steps(nodes: Sequence[Node], given: list[Event], reading: _Reading) -> tuple[Step, ...]:
    steps: list[Step] = []
    standing: tuple[Expectation, ...] = ()
    waiting = list(given)
    for node in nodes:
        fields = Fields.of(node, reading.faults, "a step, `{at: +10m, then: silent}`,")
        at_node, then = fields.need("at"), fields.take("then")
        one, several = fields.take("event"), fields.take("events")
        fields.close("a step")
        at = _moment(at_node, "at", reading) if at_node else None
        if at_node is None or at is None:
            continue
        if steps and at <= steps[-1].at:
            _report_order(at_node, reading.faults, same=at == steps[-1].at)
            continue
        if one is not None and several is not None:
            message = "a step has `event` or `events`, not both"
            reading.faults.add(fields.key_place("events"), "several-forms", message)
        events = [one] if one else []
        events += read_items(several, reading.faults, "events")
        own = _step_events(events, at, steps[-1].at if steps else None, reading)
        first = [event for event in waiting if event.at <= at]
        waiting = waiting[len(first) :]
        # What is given comes first where both are at one instant: sorting keeps the order
        happening = sorted((*first, *own), key=lambda event: event.at)
        expected = None
        if then is not None:
            expected = standing = patch(
                then,
                standing,
                about=reading.rule.about if reading.rule else (),
                moment=reading.moment,
                faults=reading.faults,
            )
        steps.append(Step(at=at, events=tuple(happening), expected=expected, place=node.place))
    return tuple(steps)


def _step_events(
    nodes: Sequence[Node], at: datetime, after: datetime | None, reading: _Reading
) -> list[Event]:
    found: list[Event] = []
    for node in nodes:
        event = _event(node, at, reading)
        if event is None:
            continue
        if event.at > at:
            message = "the event comes after its step; move it to a later step"
        elif after is not None and event.at <= after:
            message = "the event is not after the step before; move it to an earlier step"
        elif found and event.at < found[-1].at:
            message = "the event comes before the one above it; put them in the order of time"
        else:
            found.append(event)
            continue
        reading.faults.add(node.place, "out-of-order", message)
    return found


def _report_order(node: Node, faults: Faults, *, same: bool) -> None:
    if same:
        message = "the step is at the moment of the one before; make them one step with `events`"
    else:
        message = "the step is before the one above it; put the steps in the order of time"
    faults.add(node.place, "out-of-order", message)


def _report_repeated_names(cases: Sequence[Case], faults: Faults) -> None:
    seen: dict[str, Place] = {}
    for case in cases:
        if case.name in seen and case.name:
            line = seen[case.name].line
            message = (
                f"the case `{case.name[:60]}` is there twice, first on line {line}; rename one"
            )
            faults.add(case.place, "duplicate-case", message)
        seen.setdefault(case.name, case.place)
