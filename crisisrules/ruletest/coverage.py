"""Which tests of a rule's conditions its cases made true and false."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from crisisrules.engine.matchers import Matcher, Matches
from crisisrules.engine.plan import Plan, PlannedTable, atoms_of
from crisisrules.engine.tables import Atom, holds
from crisisrules.engine.values import Row, Truth
from crisisrules.playbook.conditions import Test
from crisisrules.playbook.rule import Rule
from crisisrules.ruletest.leaves import Spot, spots_by_table, spots_of, test_text


@attrs.define
class Seen:
    """Every truth that each test was seen to have."""

    truths: dict[Spot, set[Truth]] = attrs.field(factory=dict)

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


@attrs.frozen(kw_only=True)
class Gap:
    """One test that the cases never made true, or never false."""

    spot: Spot
    test: Test
    missing: str

    def __str__(self) -> str:
        place = f"{self.test.place}: " if self.test.place else ""
        rule, key, _ = self.spot
        return f"{place}{rule}: no case makes `{key}: {test_text(self.test)}` {self.missing}"


@attrs.frozen(kw_only=True)
class RuleCoverage:
    """How much of one rule its cases reach: each test counts twice, once true and once false."""

    rule: str
    reached: int
    total: int
    gaps: tuple[Gap, ...]


def coverage_of(rules: Iterable[Rule], seen: Seen) -> tuple[RuleCoverage, ...]:
    """The coverage of each rule, and what is missing."""
    return tuple(_coverage(rule, seen) for rule in rules)


def _coverage(rule: Rule, seen: Seen) -> RuleCoverage:
    gaps = []
    spots = spots_of(rule)
    for spot, test in spots.items():
        truths = seen.truths.get(spot, set())
        gaps += [
            Gap(spot=spot, test=test, missing=word)
            for truth, word in ((True, "true"), (False, "false"))
            if truth not in truths
        ]
    total = 2 * len(spots)
    return RuleCoverage(rule=rule.id, reached=total - len(gaps), total=total, gaps=tuple(gaps))


class _Watching:
    """A matcher that notes what each test says before another one answers."""

    def __init__(self, matcher: Matcher, spots: Sequence[tuple[Spot, Atom]], seen: Seen) -> None:
        self._matcher = matcher
        self._spots = tuple(spots)
        self._seen = seen

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        for spot, atom in self._spots:
            self._seen.truths.setdefault(spot, set()).add(holds(atom, row))
        return self._matcher.match(row)

    def close(self) -> None:
        """Free what the other matcher holds."""
        self._matcher.close()


def _watch(table: PlannedTable, conditions: Iterable[tuple[int, list[Spot]]], seen: Seen) -> None:
    pairs = list(_pairs(table, conditions))
    table.matcher = _Watching(table.matcher, pairs, seen)


def _pairs(
    table: PlannedTable, conditions: Iterable[tuple[int, list[Spot]]]
) -> Iterator[tuple[Spot, Atom]]:
    for index, spots in conditions:
        yield from zip(spots, atoms_of(table.table.conditions[index]), strict=True)
