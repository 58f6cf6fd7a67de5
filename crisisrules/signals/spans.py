"""Spans of a text that are cut out when they are first looked at: most readers ask only for signals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, overload

from crisisrules.signals.text import Prepared, Span, prepare

__all__ = ["NO_SPANS", "Seen", "Spans"]

Seen = tuple[str, int, int]
"""The name of what was seen, in the tokens from the first to the last number, both included."""


class Spans(Sequence[Span]):
    """What was seen in a text, as spans; equal to any sequence of the same spans."""

    __slots__ = ("_made", "_prepared", "seen")

    def __init__(self, prepared: Prepared, seen: Sequence[Seen]) -> None:
        self.seen = seen
        self._prepared = prepared
        self._made: tuple[Span, ...] | None = None

    def _spans(self) -> tuple[Span, ...]:
        if self._made is None:
            span = self._prepared.span
            self._made = tuple([span(*each) for each in self.seen])
        return self._made

    def of(self, names: AbstractSet[str]) -> Spans:
        """Those with one of the names."""
        return Spans(self._prepared, [each for each in self.seen if each[0] in names])

    def __len__(self) -> int:
        return len(self.seen)

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Span]: ...
    def __getitem__(self, index: int | slice) -> Span | Sequence[Span]:
        return self._spans()[index]

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sequence) and not isinstance(other, str):
            return self._spans() == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._spans())

    def __repr__(self) -> str:
        return repr(self._spans())


NO_SPANS: Final = Spans(prepare(""), ())
