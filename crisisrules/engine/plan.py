"""A playbook prepared for evaluation: for each kind of subject a table of facts, a matcher, its rules.

There are two tables a kind of subject: one asked about each incident, for the rules that speak during or
after incidents, and a calm one for the rules that always hold. What an ``expect`` waits for is asked of
the event itself, in a table of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from crisisrules.engine.business_days import check_calendars
from crisisrules.engine.facts_brand import CHANGES, READERS
from crisisrules.engine.facts_incident import Reader
from crisisrules.engine.facts_page import LARGEST_WINDOW, RATES, windowed
from crisisrules.engine.matchers import Matcher, build_matcher
from crisisrules.engine.scene import Scene
from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, BoundNot, Column, Table
from crisisrules.engine.values import Value
from crisisrules.model.durations import to_micros
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import All, Condition, ParameterRef, Test, leaves
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Absence,
    Clock,
    Precedence,
    Recurrence,
    Response,
    Rule,
    State,
    clocks_of,
    conditions_of,
)
from crisisrules.playbook.sentences import condition_lines

NEVER: Final = 1 << 62

_CODE: Final = re.compile(r" \(`[^`]*`\)")

COUNTED: Final = frozenset(
    {
        "page.comments",
        "page.incident_comments",
        "page.signal_comments",
        "page.signal_authors",
        "page.questions_alike",
        "page.unanswered_questions",
        "page.comments_over_baseline",
        "page.load",
        "post.comments",
        "post.incident_comments",
    }
)
"""Facts that a comment alone can change: a row is asked again when one may reach a threshold."""


@attrs.frozen(kw_only=True)
class PlannedRule:
    """One rule with the indexes of its conditions in its table.

    ``main`` is what must hold for the rule to speak: ``when`` of a state or response, ``when`` and
    ``forbid`` together of an absence, ``when`` and ``before`` of a precedence. ``expect`` is an index in
    the table of events. ``clocks`` are columns of the instants that time is counted from.
    """

    rule: Rule
    main: int
    require: int | None
    settled: int | None
    escalate: tuple[int | None, ...]
    expect: int | None
    clocks: tuple[tuple[int | None, Clock], ...]
    first_severity: str
    disabled_until: int
    in_regime: bool
    resolved_by: dict[str, str]


@attrs.frozen(kw_only=True)
class Limit:
    """A count held against a threshold: when comments may change the answer."""

    column: int
    atom: Atom
    fact: str


@attrs.define(kw_only=True)
class PlannedTable:
    """One table with everything needed to ask its rows."""

    kind: str
    rules: tuple[PlannedRule, ...]
    table: Table
    readers: tuple[Reader, ...]
    matcher: Matcher
    timed: tuple[tuple[Atom, Column], ...]
    changes: tuple[Callable[[Scene], int | None], ...]
    limits: tuple[Limit, ...]

    def row(self, scene: Scene) -> list[Value]:
        """The facts of one subject."""
        return [read(scene) for read in self.readers]


@attrs.define(kw_only=True)
class Plan:
    """A playbook ready to be evaluated."""

    tables: dict[tuple[str, bool], PlannedTable]
    rules: dict[tuple[str, str], PlannedRule]
    events: PlannedTable
    expects: bool
    ring_sizes: dict[str, int]
    longest_after: int
    replaces: dict[str, tuple[str, ...]]

    def close(self) -> None:
        """Free what the matchers hold."""
        for table in (*self.tables.values(), self.events):
            table.matcher.close()


def plan_playbook(playbook: Playbook, engine: str) -> Plan:
    """The plan of a playbook for a matching engine.

    Raises:
        UsageError: no such engine, or this interpreter cannot import it.
        PlaybookError: a rule in force counts business days of a calendar that is not there.
    """
    event_table = Table()
    builders: dict[tuple[str, bool], tuple[Table, list[PlannedRule]]] = {}
    for rule in sorted(playbook.rules, key=lambda rule: rule.id):
        if rule.status == "deprecated":
            continue
        expect = _expectation(rule, event_table)
        for kind in rule.about:
            # an incident is always asked about itself
            in_incident = not rule.scope.always or kind == "incident"
            table, planned = builders.setdefault((kind, in_incident), (Table(), []))
            planned.append(_plan_rule(rule, table, expect, playbook))
    tables = {
        key: _finish(key[0], table, rules, engine) for key, (table, rules) in builders.items()
    }
    spans = [
        _longest(playbook, rule.scope.after_until)
        for rule in playbook.rules
        if rule.scope.after_until is not None
    ]
    return Plan(
        tables=tables,
        # by kind of subject and id, in order, so that what an event settles is told in order
        rules={
            (kind, planned.rule.id): planned
            for kind, planned in sorted(
                ((key[0], planned) for key, table in tables.items() for planned in table.rules),
                key=lambda entry: (entry[0], entry[1].rule.id),
            )
        },
        events=_finish("event", event_table, [], engine),
        expects=bool(event_table.conditions),
        ring_sizes=_ring_sizes(playbook),
        longest_after=max(spans, default=0),
        replaces={rule.id: rule.replaces for rule in playbook.rules if rule.replaces},
    )


def _expectation(rule: Rule, events: Table) -> int | None:
    if isinstance(rule.form, Response | Recurrence):
        return events.add(rule.form.expect)
    return None


def _plan_rule(rule: Rule, table: Table, expect: int | None, playbook: Playbook) -> PlannedRule:
    main: Condition = rule.when
    require: int | None = None
    match rule.form:
        case Absence(forbid=forbid):
            main = All((rule.when, forbid))
        case Precedence(require=required, before=before):
            main = All((rule.when, before))
            require = table.add(required)
        case State() | Response() | Recurrence():
            pass
    disabled = [each for each in playbook.disabled if each.rule == rule.id]
    until = 0
    if disabled:
        until = max(NEVER if d.until is None else to_micros(d.until) for d in disabled)
    regimes = playbook.governance.regimes
    in_regime = not rule.regimes or any(name in regimes for name in rule.regimes)
    if in_regime:
        check_calendars(rule)
    return PlannedRule(
        rule=rule,
        main=table.add(main),
        require=require,
        settled=None if rule.settled_by is None else table.add(rule.settled_by),
        escalate=tuple(
            None if step.when is None else table.add(step.when) for step in rule.escalate
        ),
        expect=expect,
        clocks=tuple(
            (None if clock.of is None else table.column(Column(clock.of)), clock)
            for clock in clocks_of(rule)
        ),
        first_severity=first_severity(rule),
        disabled_until=until,
        in_regime=in_regime,
        resolved_by={language: settling(rule, playbook, language) for language in ("en", "fr")},
    )


_SETTLING: Final = {
    "en": {"answer": "what settles it: ", "end": "over when this no longer holds: "},
    "fr": {"answer": "ce qui la règle : ", "end": "close quand ceci n'est plus vrai : "},
}


def settling(rule: Rule, playbook: Playbook, language: str) -> str:
    """What would settle a rule's recommendation, as one line."""
    waited: Condition | None = None
    match rule.form:
        case Response(expect=expect) | Recurrence(expect=expect):
            waited = expect
        case Precedence(require=require):
            waited = require
        case Absence(forbid=forbid):
            ended: Condition = forbid
        case State():
            ended = rule.when
    words = _SETTLING[language]
    if waited is None and rule.settled_by is not None:
        waited = rule.settled_by
    opening = words["end"] if waited is None else words["answer"]
    lines = condition_lines(ended if waited is None else waited, playbook, language)
    return opening + "; ".join(_CODE.sub("", line.text) for line in lines)


def first_severity(rule: Rule) -> str:
    """What a recommendation opens with: what its steps can raise is kept below them."""
    ladder = [rung for clock in clocks_of(rule) for rung in clock.ladder]
    ranks = [RULE_SEVERITIES.index(rung.severity) for rung in ladder]
    if ranks:
        return RULE_SEVERITIES[min(ranks)]
    own = RULE_SEVERITIES.index(rule.severity)
    raised = [RULE_SEVERITIES.index(step.severity) for step in rule.escalate]
    if raised and own >= min(raised):
        return RULE_SEVERITIES[max(0, min(raised) - 1)]
    return rule.severity


def _finish(kind: str, table: Table, rules: list[PlannedRule], engine: str) -> PlannedTable:
    atoms = [atom for bound in table.conditions for atom in atoms_of(bound)]
    columns = table.columns
    used = {column.fact for column in columns if not column.is_parameter}
    return PlannedTable(
        kind=kind,
        rules=tuple(rules),
        table=table,
        readers=tuple(_reader(column) for column in columns),
        matcher=build_matcher(engine, table.conditions, len(columns)),
        timed=tuple(
            (atom, columns[atom.column])
            for atom in dict.fromkeys(atoms)
            if columns[atom.column].in_last is not None
            or columns[atom.column].fact in RATES
            or FACTS[columns[atom.column].fact].motion
        ),
        changes=tuple(CHANGES[fact] for fact in sorted(used) if fact in CHANGES),
        limits=tuple(
            Limit(column=atom.column, atom=atom, fact=columns[atom.column].fact)
            for atom in dict.fromkeys(atoms)
            if columns[atom.column].fact in COUNTED
        ),
    )


def atoms_of(bound: Bound) -> Sequence[Atom]:
    """Every test of a bound condition."""
    match bound:
        case Atom():
            return (bound,)
        case BoundAll(of) | BoundAny(of):
            return [atom for part in of for atom in atoms_of(part)]
        case BoundNot(of):
            return atoms_of(of)


def _reader(column: Column) -> Reader:
    if column.factor is not None:
        name, factor = column.fact, column.factor

        def parameter(scene: Scene) -> Value:
            value = scene.value(name)
            if factor == 1.0 or isinstance(value, bool | str):
                return value
            scaled = value * factor
            return int(scaled) if isinstance(value, int) else scaled

        return parameter
    if column.in_last is not None:
        fact, span = column.fact, column.in_last
        return lambda scene: windowed(fact, scene.span(span), scene)
    return READERS[column.fact]


def _tests(playbook: Playbook) -> list[Test]:
    return [
        test
        for rule in playbook.rules
        for condition in conditions_of(rule).values()
        for test in leaves(condition)
    ]


def _ring_sizes(playbook: Playbook) -> dict[str, int]:
    """How many instants each countable fact must keep, so that every threshold can be told exactly."""
    sizes: dict[str, int] = {}
    for test in _tests(playbook):
        if test.in_last is not None and test.fact != "page.signal_authors":
            highest = _highest(playbook, test.value)
            sizes[test.fact] = max(sizes.get(test.fact, 0), min(highest + 2, LARGEST_WINDOW))
        if test.fact == "page.load":
            sizes["page.replies"] = sizes["page.incident_comments"] = LARGEST_WINDOW
        if test.fact == "page.comments_over_baseline":
            sizes["page.comments"] = LARGEST_WINDOW
    return sizes


def _highest(playbook: Playbook, value: object) -> int:
    if isinstance(value, ParameterRef):
        values = [playbook.parameters[value.name].default]
        values += [
            s.value for s in playbook.settings if s.name == value.name and s.value is not None
        ]
        factors = [s.factor for s in playbook.settings if s.name == value.name and s.factor]
        most = max(float(each) for each in values) * max([1.0, *factors])
        return math.ceil(most * value.factor)
    if isinstance(value, tuple):
        return max((_highest(playbook, each) for each in value), default=0)
    return math.ceil(value) if isinstance(value, int | float) else 0


def _longest(playbook: Playbook, span: int | ParameterRef | None) -> int:
    if span is None:
        return 0
    if isinstance(span, int):
        return span
    values = [playbook.value(span.name, Context())]
    values += [s.value for s in playbook.settings if s.name == span.name and s.value is not None]
    return int(max(float(each) for each in values) * max(1.0, span.factor))
