"""The features by which a text is judged: its classes, which of them meet in a sentence, its form.

`features_of` names them, for fitting and for tests. `Tally` adds up what they weigh without naming
them: classes are bits, and what a set of bits weighs is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import repeat
from typing import Final

from crisisrules.signals.form import form_of
from crisisrules.signals.lexicon import Classes, Sight
from crisisrules.signals.scoring import Weights
from crisisrules.signals.text import Prepared

__all__ = ["Tally", "features_of", "pairs_among"]

_TOGETHER: Final = {
    "we": ("working", "sorry", "restored", "fault", "know", "new", "hire", "investigate", "inform"),
    "team": ("working", "investigate", "place"),
    "you": ("fault", "lost", "win", "sorry", "refund", "ask"),
    "fault": ("restored", "scope", "cause", "customers", "since", "planned", "refund", "sorry"),
    "win": ("follow", "gift"),
}
_MOST_KEPT: Final = 20_000
_NOUGHT: Final = repeat(0)


def pairs_among(names: AbstractSet[str]) -> list[str]:
    """The pairs of classes that are a feature when both stand in one sentence."""
    return [
        f"{first}+{other}"
        for first, others in _TOGETHER.items()
        if first in names
        for other in others
        if other in names
    ]


def features_of(
    prepared: Prepared, sight: Sight, classes: Classes, present: AbstractSet[str]
) -> list[str]:
    """The names of the features of a text; no name occurs twice.

    A class is a feature, and so are ``1:class`` when the text begins with it and ``class+class``
    when both stand in one sentence; ``present`` are the folded words and signs, each once.
    """
    names = form_of(prepared, present)
    names += classes.names(sight.classes)
    names += [f"1:{name}" for name in classes.names(opening_of(prepared, sight))]
    names += {
        pair for each in sight.sentences for pair in pairs_among(frozenset(classes.names(each)))
    }
    return names


def opening_of(prepared: Prepared, sight: Sight) -> int:
    """The classes with which the words of a text begin, as bits."""
    if sight.hits:
        opening = prepared.opening
        for bits, first, _ in sight.hits:
            if first >= opening:
                return bits if first == opening else 0
    return 0


class _Kept(dict[int, int]):
    """What sets of bits come to, worked out at first sight; bounded, because texts make the sets."""

    def __init__(self, work_out: Callable[[int], int]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, bits: int) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[bits] = self._work_out(bits)
        return found


class Tally:
    """The weights of one role over the classes of a reader; sums are packed as in `Weights`."""

    def __init__(self, weights: Weights, classes: Classes) -> None:
        self._features: Mapping[str, int] = weights.lanes.features
        self._classes = classes
        self._of = _Kept(lambda bits: self._sum(classes.names(bits)))
        self._opening = _Kept(lambda bits: self._sum(f"1:{name}" for name in classes.names(bits)))
        self._first = classes.of(_TOGETHER)
        self._pairs = [self._pairs_of(first, others) for first, others in _TOGETHER.items()]

    def _pairs_of(self, first: str, others: Iterable[str]) -> tuple[int, int, _Kept]:
        classes = self._classes
        weigh = _Kept(lambda bits: self._sum(f"{first}+{other}" for other in classes.names(bits)))
        return classes[first], classes.of(others), weigh

    def _sum(self, names: Iterable[str]) -> int:
        return sum(map(self._features.get, names, _NOUGHT))

    def named(self, names: Iterable[str]) -> int:
        """What features that have a name weigh."""
        return self._sum(names)

    def sum(self, prepared: Prepared, sight: Sight, present: AbstractSet[str]) -> int:
        """What the features of a text weigh, as the sum over `features_of`."""
        total = self._sum(form_of(prepared, present))
        everything = sight.classes
        if not everything:
            return total
        of = self._of
        counted = 0
        for bits, _, _ in sight.hits:
            fresh = bits & ~counted
            if fresh:
                total += of[fresh]
                counted |= fresh
        opening = opening_of(prepared, sight)
        if opening:
            total += self._opening[opening]
        if everything & self._first:
            for first, others, weigh in self._pairs:
                if everything & first and everything & others:
                    found = 0
                    for each in sight.sentences:
                        if each & first:
                            found |= each & others
                    total += weigh[found]
        return total
