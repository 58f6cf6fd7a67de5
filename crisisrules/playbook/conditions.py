"""Conditions as structure: tests of facts, joined by all, any and not.

A condition is a value. Nothing here evaluates: the engine's matchers do, and the loader writes these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import attrs

from crisisrules.model.errors import Place

OPERATORS: Final = (
    "is",
    "is_not",
    "in",
    "not_in",
    "at_least",
    "more_than",
    "at_most",
    "less_than",
    "mentions",
    "present",
)


@attrs.frozen
class ParameterRef:
    """``$name`` or ``2 * $name``: the value is found when the incident and the page are known."""

    name: str
    factor: float = 1.0

    def __str__(self) -> str:
        return f"${self.name}" if self.factor == 1.0 else f"{self.factor:g} * ${self.name}"


Scalar: TypeAlias = bool | int | float | str
Operand: TypeAlias = Scalar | ParameterRef | tuple[Scalar, ...]
"""What a fact is held against. Durations are whole microseconds; a tuple means any of them."""


@attrs.frozen(kw_only=True)
class Test:
    """One fact held against one value. ``in_last`` (microseconds) counts only that long back."""

    __test__ = False  # the name is the field's; this tells pytest that it is no test of ours

    fact: str
    operator: str
    value: Operand
    in_last: int | ParameterRef | None = None
    place: Place | None = attrs.field(default=None, eq=False)


@attrs.frozen
class All:
    """Holds when each of them holds; an empty one holds."""

    of: tuple[Condition, ...]


@attrs.frozen
class AnyOf:
    """Holds when at least one of them holds; an empty one does not."""

    of: tuple[Condition, ...]


@attrs.frozen
class Not:
    """Holds when the other does not; unknown stays unknown."""

    of: Condition


Condition: TypeAlias = Test | All | AnyOf | Not

ALWAYS: Final = All(())


def leaves(condition: Condition) -> Iterator[Test]:
    """Every test of a condition, in the order written."""
    match condition:
        case Test():
            yield condition
        case All(of) | AnyOf(of):
            for part in of:
                yield from leaves(part)
        case Not(of):
            yield from leaves(of)
