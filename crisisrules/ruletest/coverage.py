"""Which tests of a rule's conditions its cases made true and false, and which thresholds they touched.

A count is decided at its threshold, so there a case must show both neighbours: the number at which the
test just holds and the one at which it just does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from crisisrules.engine.matchers import Matcher, Matches
from crisisrules.engine.plan import Plan, PlannedTable
from crisisrules.engine.session import Session
from crisisrules.engine.tables import Atom, atoms_of, holds
from crisisrules.engine.values import AtLeast, Row, Truth
from crisisrules.model.durations import to_micros
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import Test
from crisisrules.playbook.rule import Rule
from crisisrules.ruletest.leaves import Spot, spots_by_table, spots_of, test_text

_COMPARING: Final = ("at_least", "more_than", "at_most", "less_than")
_WORDS: Final = ((True, "true"), (False, "false"))


@attrs.define
class Seen:
    """Every truth that each test was seen to have, and those that it had right at its threshold."""

    truths: dict[Spot, set[Truth]] = attrs.field(factory=dict)
    edges: dict[Spot, set[Truth]] = attrs.field(factory=dict)

    def watch(self, plan: Plan) -> None:
        """Note from now on what the tests of a plan's rules say, whenever its matchers are asked."""
        for table in plan.tables.values():
            _watch(table, spots_by_table(table), self)
        expected = {
            planned.expect: [spot for spot in spots_of(planned.rule) if spot[1] == "expect"]
            for planned in plan.rules.values()
            if planned.expect is not None
        }
        _watch(plan.events, expected.items(), self)

    def look(self, session: Session) -> None:
        """Ask every subject once: the engine itself asks none whose answer cannot have changed."""
        if session.now is None:
            return
        at = to_micros(session.now)
        for name in session.brands:
            brand = session.brand_session(name)
            for key in brand.subjects():
                brand.asked(key, at - 1, at)


@attrs.frozen(kw_only=True)
class Gap:
    """One test that the cases never made ``missing``: true, false, just true or just false."""

    spot: Spot
    test: Test
    missing: str

    def __str__(self) -> str:
        place = f"{self.test.place}: " if self.test.place else ""
        rule, key, _ = self.spot
        return f"{place}{rule}: no case makes `{key}: {test_text(self.test)}` {self.missing}"


@attrs.frozen(kw_only=True)
class RuleCoverage:
    """How much of one rule its cases reach.

    Each test counts twice, once true and once false; the threshold of a count twice more.
    """

    rule: str
    reached: int
    total: int
    gaps: tuple[Gap, ...]


def coverage_of(rules: Iterable[Rule], seen: Seen) -> tuple[RuleCoverage, ...]:
    """The coverage of each rule, and what is missing."""
    return tuple(_coverage(rule, seen) for rule in rules)


def counts(test: Test) -> bool:
    """Whether a test holds a number of things against a threshold, so that one more or less decides."""
    fact = FACTS[test.fact]
    return fact.type == "count" and not fact.ratio and test.operator in _COMPARING


def _coverage(rule: Rule, seen: Seen) -> RuleCoverage:
    gaps = []
    total = reached = 0
    for spot, test in spots_of(rule).items():
        truths, edges = seen.truths.get(spot, set()), seen.edges.get(spot, set())
        for truth, word in _WORDS:
            total += 2 if counts(test) else 1
            reached += (truth in truths) + (counts(test) and truth in edges)
            if truth not in truths:
                gaps.append(Gap(spot=spot, test=test, missing=word))
            elif counts(test) and truth not in edges:
                gaps.append(Gap(spot=spot, test=test, missing=f"just {word}"))
    return RuleCoverage(rule=rule.id, reached=reached, total=total, gaps=tuple(gaps))


def _at_edge(atom: Atom, row: Row) -> bool:
    """Whether the number is one of the two between which the truth of its test turns."""
    value, wanted = row[atom.column], atom.value if atom.against is None else row[atom.against]
    if isinstance(value, AtLeast):
        value = value.low  # as many as are counted: beyond a threshold nobody needs the number
    if not isinstance(value, int) or not isinstance(wanted, int | float):
        return False
    least_beyond = (
        math.ceil(wanted) if atom.operator in ("at_least", "less_than") else math.floor(wanted) + 1
    )
    return value in (least_beyond - 1, least_beyond)


def _watching(matcher: Matcher, spots: Sequence[tuple[Spot, Atom]], seen: Seen) -> Matcher:
    """A matcher that notes what each test says before another one answers."""

    def match(row: Row) -> Matches:
        for spot, atom in spots:
            truth = holds(atom, row)
            seen.truths.setdefault(spot, set()).add(truth)
            if atom.operator in _COMPARING and _at_edge(atom, row):
                seen.edges.setdefault(spot, set()).add(truth)
        return matcher.match(row)

    return Matcher(match=match, close=matcher.close)


def _watch(table: PlannedTable, conditions: Iterable[tuple[int, list[Spot]]], seen: Seen) -> None:
    pairs = list(_pairs(table, conditions))
    table.matcher = _watching(table.matcher, pairs, seen)


def _pairs(
    table: PlannedTable, conditions: Iterable[tuple[int, list[Spot]]]
) -> Iterator[tuple[Spot, Atom]]:
    for index, spots in conditions:
        yield from zip(spots, atoms_of(table.table.conditions[index]), strict=True)
