"""Conditions that can never hold: the same fact asked to be two things at once.

Only constants are compared, and a parameter with itself: what a brand may set cannot be called wrong
before it is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from crisisrules.model.durations import format_duration
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import All, AnyOf, Condition, Not, ParameterRef, Test

MOST_BRANCHES = 256
"""Ways through the ``any`` of a condition that are looked at before it is taken to be possible."""

_OPPOSITE: Final = {
    "is": "is_not",
    "is_not": "is",
    "in": "not_in",
    "not_in": "in",
    "at_least": "less_than",
    "less_than": "at_least",
    "at_most": "more_than",
    "more_than": "at_most",
}
_LOWER: Final = {"at_least": False, "more_than": True}
_UPPER: Final = {"at_most": False, "less_than": True}


@attrs.frozen
class Clash:
    """Two tests that cannot hold together; the later one as written is where to look."""

    first: Test
    second: Test

    @property
    def message(self) -> str:
        """What is impossible, in words."""
        one, other = shown(self.first), shown(self.second)
        if self.first == self.second:
            return f"`{self.first.fact}` is never {one}; this never holds"
        return f"`{self.first.fact}` cannot be {one} and {other} at once; this never holds"


def shown(test: Test) -> str:
    """The operator and value of a test, as one would write them."""
    value = test.value
    if FACTS[test.fact].type == "duration" and isinstance(value, int):
        text = format_duration(value)
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, tuple):
        text = f"[{', '.join(str(one) for one in value)}]"
    else:
        text = str(value)
    operator = "" if test.operator == "is" else f"{test.operator} "
    return f"`{operator.replace('present ', 'present: ')}{text}`"


def positive(condition: Condition, *, negated: bool = False) -> Condition:
    """The condition with ``not`` only where a test has no opposite operator."""
    match condition:
        case Not(of):
            return positive(of, negated=not negated)
        case All(of) | AnyOf(of):
            parts = tuple(positive(part, negated=negated) for part in of)
            return AnyOf(parts) if isinstance(condition, All) == negated else All(parts)
        case Test():
            if not negated:
                return condition
            if condition.operator == "present":
                return attrs.evolve(condition, value=not condition.value)
            opposite = _OPPOSITE.get(condition.operator)
            return attrs.evolve(condition, operator=opposite) if opposite else Not(condition)


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold, those inside each other side by side."""
    if isinstance(condition, All):
        for part in condition.of:
            yield from conjuncts(part)
    else:
        yield condition


def clash_in(condition: Condition) -> Clash | None:
    """Why a condition can never hold, or None when it may."""
    return _search([positive(condition)], [], [], [MOST_BRANCHES])


def implies(one: Condition, other: Condition) -> bool:
    """Whether the other surely holds where the one does, as far as constants tell."""
    return clash_in(All((one, Not(other)))) is not None


def _search(
    pending: Sequence[Condition], held: list[Test], denied: list[Test], budget: list[int]
) -> Clash | None:
    """Walk every way through the alternatives; None as soon as one is possible."""
    tests, nots = list(held), list(denied)
    choices: list[AnyOf] = []
    todo = list(pending)
    while todo:
        part = todo.pop(0)
        clash = None
        match part:
            case All(of):
                todo[:0] = of
            case AnyOf():
                choices.append(part)
            case Not(of=Test() as test):
                nots.append(test)
                clash = next((Clash(t, test) for t in tests if _denied(t, test)), None)
            case Not():
                pass  # `positive` leaves none
            case Test():
                clash = _clash(part, tests)
                clash = clash or next((Clash(t, part) for t in nots if _denied(part, t)), None)
                tests.append(part)
        if clash is not None:
            return clash
    if not choices:
        return None
    first: Clash | None = None
    for branch in choices[0].of:
        budget[0] -= 1
        if budget[0] <= 0:
            return None
        clash = _search([branch, *choices[1:]], tests, nots, budget)
        if clash is None:
            return None
        first = first or clash
    return first


def _denied(test: Test, denied: Test) -> bool:
    """Whether a set has one of the members that it is said not to have."""
    if (test.fact, test.operator) != (denied.fact, denied.operator):
        return False
    return _values(test) <= _values(denied)


def _clash(test: Test, held: Sequence[Test]) -> Clash | None:
    """Why a test cannot hold with those held already: one of them, or all together."""
    same = [t for t in held if t.fact == test.fact and t.in_last == test.in_last]
    for other in same:
        if not _together(other, test):
            return Clash(other, test)
    if not _together(test, *same):
        return Clash(same[0] if same else test, test)
    return None


def _together(*tests: Test) -> bool:
    """Whether tests of the same fact can all hold."""
    absent = [test for test in tests if test.operator == "present" and test.value is False]
    if absent:
        # What is not there is unknown, so no other test of it holds
        return len(absent) == len(tests)
    allowed, banned = _members(tests)
    if allowed is not None:
        return any(_within(value, tests) for value in allowed - banned)
    return not _covers(tests[0], banned) and _bounds_meet(tests)


def _covers(test: Test, banned: set[object]) -> bool:
    """Whether nothing that the fact can be is left."""
    fact = FACTS[test.fact]
    values: set[object] = {True, False} if fact.type == "boolean" else set(fact.values)
    return bool(values) and fact.type != "set" and values <= banned


def _values(test: Test) -> set[object]:
    return set(test.value if isinstance(test.value, tuple) else (test.value,))


def _members(tests: Sequence[Test]) -> tuple[set[object] | None, set[object]]:
    allowed: set[object] | None = None
    banned: set[object] = set()
    for test in tests:
        if test.operator in ("is", "in"):
            values = _values(test)
            allowed = values if allowed is None else allowed & values
        elif test.operator in ("is_not", "not_in"):
            banned |= _values(test)
    return allowed, banned


def _within(value: object, tests: Sequence[Test]) -> bool:
    """Whether a value keeps every bound."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    fact = tests[0].fact
    exact = [Test(fact=fact, operator=name, value=value) for name in ("at_least", "at_most")]
    return _bounds_meet([*exact, *tests])


def _bounds_meet(tests: Sequence[Test]) -> bool:
    lows = [test for test in tests if test.operator in _LOWER]
    highs = [test for test in tests if test.operator in _UPPER]
    fact = FACTS[tests[0].fact]
    # time until something is below zero once it is past
    if fact.type == "count" or (fact.type == "duration" and fact.motion != "shrinks"):
        lows.append(Test(fact=tests[0].fact, operator="at_least", value=0))
    return all(_meet(low, high) for low in lows for high in highs)


def _meet(low: Test, high: Test) -> bool:
    strict = _LOWER[low.operator] or _UPPER[high.operator]
    least, most = low.value, high.value
    if isinstance(least, ParameterRef) or isinstance(most, ParameterRef):
        return not (strict and least == most)
    if isinstance(least, int | float) and isinstance(most, int | float):
        return least < most or (least == most and not strict)
    return True
