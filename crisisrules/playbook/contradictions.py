"""Conditions that can never hold: the same fact asked to be two things at once.

Only constants are compared, and a parameter with itself: what a brand may set cannot be called wrong
before it is set.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def clash_in(condition: Condition) -> Clash | None:
    """Why a condition can never hold, or None when it may."""
    return _search([positive(condition)], [], [MOST_BRANCHES])


def _search(pending: Sequence[Condition], held: list[Test], budget: list[int]) -> Clash | None:
    """Walk every way through the alternatives; None as soon as one is possible."""
    tests = list(held)
    choices: list[AnyOf] = []
    todo = list(pending)
    while todo:
        part = todo.pop(0)
        match part:
            case All(of):
                todo[:0] = of
            case AnyOf():
                choices.append(part)
            case Not():
                pass  # only of `mentions`, which two words may both satisfy
            case Test():
                for other in tests:
                    if other.fact == part.fact and not _together(other, part):
                        return Clash(other, part)
                tests.append(part)
    if not choices:
        return None
    first: Clash | None = None
    for branch in choices[0].of:
        budget[0] -= 1
        if budget[0] <= 0:
            return None
        clash = _search([branch, *choices[1:]], tests, budget)
        if clash is None:
            return None
        first = first or clash
    return first


def _together(one: Test, other: Test) -> bool:
    """Whether two tests of the same fact can both hold."""
    if one.in_last != other.in_last:
        return True
    absent = [test for test in (one, other) if test.operator == "present" and test.value is False]
    if absent:
        # What is not there is unknown, so no other test of it holds
        return one.operator == other.operator and one.value == other.value
    if "present" in (one.operator, other.operator):
        return True
    allowed, banned = _members(one, other)
    if allowed is not None:
        return bool(allowed - banned) and _within(allowed - banned, one, other)
    return _bounds_meet(one, other)


def _members(*tests: Test) -> tuple[set[object] | None, set[object]]:
    allowed: set[object] | None = None
    banned: set[object] = set()
    for test in tests:
        values: set[object] = set(test.value if isinstance(test.value, tuple) else (test.value,))
        if test.operator in ("is", "in"):
            allowed = values if allowed is None else allowed & values
        elif test.operator in ("is_not", "not_in"):
            banned |= values
    return allowed, banned


def _within(values: set[object], *tests: Test) -> bool:
    """Whether one of the values keeps every bound."""
    for value in values:
        if isinstance(value, str) or not isinstance(value, int | float):
            return True
        point = Test(fact=tests[0].fact, operator="at_least", value=value)
        upper = attrs.evolve(point, operator="at_most")
        if all(_bounds_meet(point, test) and _bounds_meet(upper, test) for test in tests):
            return True
    return False


def _bounds_meet(one: Test, other: Test) -> bool:
    for low, high in ((one, other), (other, one)):
        if low.operator in _LOWER and high.operator in _UPPER:
            strict = _LOWER[low.operator] or _UPPER[high.operator]
            least, most = low.value, high.value
            if isinstance(least, ParameterRef) or isinstance(most, ParameterRef):
                if least == most and strict:
                    return False
                continue
            if isinstance(least, int | float) and isinstance(most, int | float):
                return least < most or (least == most and not strict)
    return True
