"""What a fact may read as, besides plain values: nothing there, not known, or known only from below.

``None`` is "not known". ``ABSENT`` is "known to have none": it equals nothing, is in no list and fails
every comparison. ``AtLeast(n)`` is a count of which only a part could be sorted: it decides what it can
and raises :class:`Unsure` for the rest, which a matcher turns into unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, final


class Unsure(Exception):  # noqa: N818 - a signal between two functions, never shown to anybody
    """A comparison that what is known cannot decide."""


@final
class Absent:
    """The type of :data:`ABSENT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


ABSENT: Final = Absent()


@final
class AtLeast:
    """A count known only from below: at least ``low``."""

    __slots__ = ("low",)
    __hash__ = None  # type: ignore[assignment]  # equality may be unsure, so it cannot be hashed

    def __init__(self, low: int) -> None:
        self.low = low

    def __repr__(self) -> str:
        return f"AtLeast({self.low})"

    def __ge__(self, other: float) -> bool:
        if self.low >= other:
            return True
        raise Unsure

    def __gt__(self, other: float) -> bool:
        if self.low > other:
            return True
        raise Unsure

    def __le__(self, other: float) -> bool:
        return not self > other

    def __lt__(self, other: float) -> bool:
        return not self >= other

    def __eq__(self, other: object) -> bool:
        if other is None or (isinstance(other, int | float) and self.low > other):
            return False
        raise Unsure


Value: TypeAlias = (
    bool | int | float | str | tuple[str, ...] | frozenset[str] | Absent | AtLeast | None
)
"""What a fact reads as. Instants are microseconds since 1970, durations microseconds."""

Row: TypeAlias = Sequence[Value]
"""The facts of one subject in the order of its table's columns."""

Truth: TypeAlias = bool | None
"""Kleene's three values; None is unknown."""
