"""The leaves of a rule's conditions: each test with what was observed and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from crisisrules.engine.evidence import evidence_of
from crisisrules.engine.plan import PlannedRule, PlannedTable
from crisisrules.engine.session import Session
from crisisrules.engine.subjects import Key
from crisisrules.model.durations import format_duration, to_micros
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import Operand, ParameterRef, Test, leaves
from crisisrules.playbook.rule import Absence, Precedence, Rule, conditions_of

Spot = tuple[str, str, int]
"""Rule, key (``when``, ``forbid``, ``expect`` …) and number, from 0, of one test of a playbook."""


@attrs.frozen(kw_only=True)
class Leaf:
    """One test as it stands now for one subject; ``holds`` is None when that cannot be told."""

    fact: str
    observed: str
    expected: str
    holds: bool | None


def spots_of(rule: Rule) -> dict[Spot, Test]:
    """Every test of a rule by its spot, in the order written."""
    return {
        (rule.id, key, number): test
        for key, condition in conditions_of(rule).items()
        for number, test in enumerate(leaves(condition))
    }


def spots_by_condition(planned: PlannedRule) -> dict[int, list[Spot]]:
    """The spots of the tests of each condition of the rule's table, in the order of its atoms."""
    rule = planned.rule
    found: dict[int, list[Spot]] = {}

    def add(index: int | None, *keys: str) -> None:
        if index is not None:
            conditions = conditions_of(rule)
            found[index] = [
                (rule.id, key, number)
                for key in keys
                for number, _ in enumerate(leaves(conditions[key]))
            ]

    match rule.form:
        case Absence():
            add(planned.main, "when", "forbid")
        case Precedence():
            add(planned.main, "when", "before")
            add(planned.require, "require")
        case _:
            add(planned.main, "when")
    add(planned.settled, "settled_by")
    for number, index in enumerate(planned.escalate):
        add(index, f"escalate[{number}]")
    return found


def deciding_leaves(
    session: Session, rule: str, subject: tuple[str, str] | None = None
) -> Iterator[tuple[str, tuple[Leaf, ...]]]:
    """For each subject that the rule looks at now: its name, and the tests that decide what holds."""
    if session.now is None:
        return
    at = to_micros(session.now)
    for name in session.brands:
        brand = session.brand_session(name)
        for key in brand.subjects():
            table = brand.table_of(key)
            if table is None or (subject is not None and (key.kind, key.id) != subject):
                continue
            planned = next((each for each in table.rules if each.rule.id == rule), None)
            asked = brand.asked(key, at - 1, at) if planned is not None else None
            if planned is None or asked is None:
                continue
            wanted = asked.truth(planned.main)
            bound = table.table.conditions[planned.main]
            found = evidence_of(table.table, bound, asked.row, asked.scene, wanted)
            yield (
                _named(key),
                tuple(
                    Leaf(
                        fact=one.fact, observed=one.observed, expected=one.expected, holds=one.holds
                    )
                    for one in dict.fromkeys(found)
                ),
            )


def test_text(test: Test) -> str:
    """One test as a line: ``post.comments at_least 10 in_last 30m``."""
    operator = "" if test.operator in ("is", "in") else f" {test.operator}"
    last = "" if test.in_last is None else f" in_last {_operand(test.in_last, 'duration')}"
    return f"{test.fact}{operator} {_operand(test.value, FACTS[test.fact].type)}{last}"


def _operand(value: Operand, type_: str) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_operand(each, type_) for each in value)}]"
    if isinstance(value, ParameterRef):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    return format_duration(int(value)) if type_ == "duration" else str(value)


def _named(key: Key) -> str:
    incident = f" in {key.incident}" if key.incident else ""
    return f"{key.kind} {key.id}{incident}"


def spots_by_table(table: PlannedTable) -> Iterator[tuple[int, list[Spot]]]:
    """The spots of every condition of a table of subjects."""
    for planned in table.rules:
        yield from spots_by_condition(planned).items()
