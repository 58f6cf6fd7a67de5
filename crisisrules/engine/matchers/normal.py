"""Conditions as alternatives of literals, for engines that know no more than "all of these tests".

A condition over three truth values becomes two lists of terms: when one of the first has all its literals,
the condition holds; when one of the second has, it does not hold; when neither, it is unknown. Literals of
an unknown test are in no row, so nothing is concluded from what is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, BoundNot

Literal: TypeAlias = tuple[int, bool]
"""A leaf by its index, and the truth it must have."""

Term: TypeAlias = frozenset[Literal]
"""Literals that must all be there; the empty term always holds."""


class Leaves:
    """What a row is asked: each distinct test once, in the order met."""

    def __init__(self, *, longest: int, most: int) -> None:
        self.tests: list[Bound] = []
        self._longest = longest
        self._most = most
        self._index: dict[Bound, int] = {}

    def index(self, test: Bound) -> int:
        """The number of a test, added when it is new."""
        found = self._index.get(test)
        if found is None:
            found = self._index[test] = len(self.tests)
            self.tests.append(test)
        return found

    def terms(self, condition: Bound, truth: bool) -> list[Term]:
        """The terms of which one must hold for the condition to have this truth.

        A part with more than ``most`` terms, or one longer than ``longest``, is a leaf of its own: its
        alternatives would multiply beyond use.
        """
        match condition:
            case Atom():
                return [frozenset({(self.index(condition), truth)})]
            case BoundNot(of):
                return self.terms(of, not truth)
            case BoundAll(of) | BoundAny(of):
                known = len(self.tests)
                together = isinstance(condition, BoundAll) is truth
                found = self._joined(of, truth) if together else self._either(of, truth)
                if found is None:
                    # forget the tests met on the way: only the whole is asked
                    for test in self.tests[known:]:
                        del self._index[test]
                    del self.tests[known:]
                    found = [frozenset({(self.index(condition), truth)})]
                return found

    def _either(self, parts: Sequence[Bound], truth: bool) -> list[Term] | None:
        found = _without_superfluous(term for part in parts for term in self.terms(part, truth))
        return found if len(found) <= self._most else None

    def _joined(self, parts: Sequence[Bound], truth: bool) -> list[Term] | None:
        found: list[Term] = [frozenset()]
        for part in parts:
            more = self.terms(part, truth)
            if len(found) * len(more) > self._most * self._most:
                return None
            found = _without_superfluous(one | other for one in found for other in more)
            if len(found) > self._most or any(len(term) > self._longest for term in found):
                return None
        return found


def _without_superfluous(terms: Iterable[Term]) -> list[Term]:
    """The terms without those that contradict themselves and those that a shorter one implies."""
    kept: list[Term] = []
    for term in sorted(set(terms), key=lambda term: (len(term), sorted(term))):
        contradicts = any((leaf, not truth) in term for leaf, truth in term)
        if not contradicts and not any(shorter <= term for shorter in kept):
            kept.append(term)
    return kept
