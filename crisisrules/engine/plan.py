"""A playbook prepared for evaluation: for each kind of subject a table of facts, a matcher, its rules.

There are two tables a kind of subject: one asked about each incident, for the rules that speak during or
after incidents, and a calm one for the rules that always hold. What an ``expect`` waits for is asked of
the event itself, in a table of its own.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from crisisrules.engine.business_days import check_calendars
from crisisrules.engine.facts_brand import READERS
from crisisrules.engine.facts_incident import Reader
from crisisrules.engine.facts_page import windowed
from crisisrules.engine.matchers import Matcher, build_matcher
from crisisrules.engine.scene import Scene, Values
from crisisrules.engine.sizes import longest_after, ring_sizes
from crisisrules.engine.tables import Column, Table, atoms_of
from crisisrules.engine.values import Value
from crisisrules.engine.watch import PARTLY_SORTED, Watches, stirs
from crisisrules.model.durations import to_micros
from crisisrules.model.recommendation import SourceRef
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.conditions import All, Condition
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
)
from crisisrules.playbook.sentences import condition_lines

NEVER: Final = 1 << 62

_CODE: Final = re.compile(r" \(`[^`]*`\)")


@attrs.frozen(kw_only=True)
class PlannedRule:
    """One rule with the indexes of its conditions in its table.

    ``main`` is what must hold for the rule to speak: ``when`` of a state or response, ``when`` and
    ``forbid`` together of an absence, ``when`` and ``before`` of a precedence. ``expect`` is an index in
    the table of events. ``clocks`` are columns of the instants that time is counted from.
    ``speaks_unknown`` says that an unknown ``main`` counts as one that holds, ``remembers`` that the rule
    notes messages also while ``main`` does not hold.
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
    speaks_unknown: bool
    remembers: bool
    resolved_by: dict[str, str]
    sources: tuple[SourceRef, ...]


@attrs.define(kw_only=True)
class PlannedTable:
    """One table with everything needed to ask its rows.

    ``sorting`` says whether it asks for comments about the incident on the ``page``, under the ``post``.
    """

    kind: str
    rules: tuple[PlannedRule, ...]
    table: Table
    facts: tuple[tuple[int, Reader], ...]
    matcher: Matcher
    watches: Watches
    sorting: frozenset[str]
    _parameters: dict[Values, list[Value]] = attrs.field(factory=dict, init=False)

    def row(self, scene: Scene) -> list[Value]:
        """The facts of one subject, and the parameters that they are held against."""
        values = scene.values
        parameters = self._parameters.get(values)
        if parameters is None:
            parameters = self._parameters[values] = [
                _parameter(column, values) for column in self.table.columns
            ]
        row = parameters.copy()
        for column, read in self.facts:
            row[column] = read(scene)
        return row


def _parameter(column: Column, values: Values) -> Value:
    """What a parameter's column holds in a context; None in the column of a fact."""
    if column.factor is None:
        return None
    value = values.value(column.fact)
    if column.factor == 1.0 or isinstance(value, bool | str):
        return value
    scaled = value * column.factor
    return int(scaled) if isinstance(value, int) else scaled


@attrs.define(kw_only=True)
class Plan:
    """A playbook ready to be evaluated.

    ``lasting`` are the conditions of ``events`` that neither time nor plain comments change.
    """

    tables: dict[tuple[str, bool], PlannedTable]
    rules: dict[tuple[str, str], PlannedRule]
    events: PlannedTable
    expects: bool
    lasting: frozenset[int]
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
        if rule.status == "deprecated" or not _in_regime(rule, playbook):
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
        lasting=frozenset(
            index
            for index, condition in enumerate(event_table.conditions)
            if not any(stirs(event_table.columns[atom.column]) for atom in atoms_of(condition))
        ),
        ring_sizes=ring_sizes(playbook),
        longest_after=longest_after(playbook),
        replaces={rule.id: rule.replaces for rule in playbook.rules if rule.replaces},
    )


def _in_regime(rule: Rule, playbook: Playbook) -> bool:
    """Whether a regulatory rule is of a regime that the brand lists; other rules always are."""
    regimes = playbook.governance.regimes
    return not rule.regimes or any(name in regimes for name in rule.regimes)


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
        speaks_unknown=rule.if_unknown == "report",
        remembers=isinstance(rule.form, Recurrence),
        disabled_until=until,
        resolved_by={language: settling(rule, playbook, language) for language in ("en", "fr")},
        sources=tuple(
            SourceRef(title=source.title, url=source.url, where=source.where)
            for source in rule.sources
        ),
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
    return PlannedTable(
        kind=kind,
        rules=tuple(rules),
        table=table,
        facts=tuple(
            (index, _reader(column))
            for index, column in enumerate(table.columns)
            if not column.is_parameter
        ),
        matcher=build_matcher(engine, table.conditions, len(table.columns)),
        sorting=frozenset(
            column.fact.partition(".")[0]
            for column in table.columns
            if column.fact in PARTLY_SORTED and not column.is_parameter
        ),
        watches=Watches(
            table,
            [
                table.columns[index]
                for rule in rules
                for index, _ in rule.clocks
                if index is not None
            ],
        ),
    )


def _reader(column: Column) -> Reader:
    if column.in_last is not None:
        fact, span = column.fact, column.in_last
        return lambda scene: windowed(fact, scene.span(span), scene)
    return READERS[column.fact]
