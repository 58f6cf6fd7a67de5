"""How the texts of one role are judged: one look at each word, one sum, and its highest bits.

The weights of a word and the languages that it is a function word of stand in one table, as lanes of
one integer. A sum begins so that the highest bit of a lane tells whether a label was reached; which
labels a text has is then a mask, and what a mask or a count stands for is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import repeat
from typing import Final

from crisisrules.signals.features import Tally
from crisisrules.signals.language import telling_words
from crisisrules.signals.lexicon import Classes, Lexicon, Sight, join
from crisisrules.signals.scoring import LANE, MIDDLE, Weights, packed
from crisisrules.signals.spans import Seen

__all__ = ["Hearing"]

_COUNT: Final = 20
"""Bits that count the words of a language; a text that is read has fewer words."""
_MOST_KEPT: Final = 4_096
_NEVER: Final = 1 << 20
_NOUGHT: Final = repeat(0)


class _Found(dict[int, frozenset[str]]):
    """The labels that a mask stands for."""

    def __init__(self, labels: Mapping[int, str]) -> None:
        super().__init__()
        self._labels = labels

    def __missing__(self, bits: int) -> frozenset[str]:
        found = self[bits] = frozenset(label for bit, label in self._labels.items() if bits & bit)
        return found


class _Spoken(dict[int, Lexicon]):
    """The lexicon of a text by how many words of each language it has, packed."""

    def __init__(self, lexicons: Mapping[str, Lexicon], classes: Classes) -> None:
        super().__init__()
        self._lexicons = list(lexicons.values())
        self._classes = classes
        self._any: Lexicon | None = None

    def __missing__(self, counts: int) -> Lexicon:
        if len(self) >= _MOST_KEPT:
            self.clear()
        each = [counts >> (_COUNT * at) & ((1 << _COUNT) - 1) for at in range(len(self._lexicons))]
        most = max(each, default=0)
        leads = most and each.count(most) == 1
        found = self[counts] = self._lexicons[each.index(most)] if leads else self.anything()
        return found

    def anything(self) -> Lexicon:
        """All languages in one, for a text that does not tell its language."""
        if self._any is None:
            self._any = join(self._lexicons, self._classes)
        return self._any


class Hearing:
    """The weights of one role, ready for many texts; ``least`` is where each label begins."""

    def __init__(
        self,
        weights: Weights,
        least: Mapping[str, int],
        lexicons: Mapping[str, Lexicon],
        classes: Classes,
    ) -> None:
        self.tally = Tally(weights, classes)
        self._weights = weights
        self._lexicons = lexicons
        self._spoken = _Spoken(lexicons, classes)
        self._least = packed([least.get(label, _NEVER) for label in weights.labels])
        self._start = weights.lanes.start - self._least
        self._width = weights.lanes.width
        self._lane = {label: LANE * at for at, label in enumerate(weights.labels)}
        self._words = _table(weights, lexicons)
        tops = {MIDDLE << at: label for label, at in self._lane.items()}
        self.bits = sum(tops)
        self.found = _Found(tops)
        self._reasons = {
            label: classes.of(name for name in weights.reasons(label) if name in classes)
            for label in weights.labels
        }

    def words(self, present: AbstractSet[str], language: str | None) -> tuple[int, Lexicon]:
        """What the words of a text weigh, and the lexicon of its language, given or guessed.

        ``present`` are the folded words and signs of the text, each once.
        """
        total = sum(map(self._words.get, present, _NOUGHT), self._start)
        if language is None:
            return total, self._spoken[total >> self._width]
        return total, self._lexicons.get(language) or self._spoken.anything()

    def more(self, label: str, hundredths: int) -> int:
        """What to add to a sum for ``label`` alone."""
        return hundredths << self._lane[label] if label in self._lane else 0

    def found_in(self, total: int) -> frozenset[str]:
        """The labels that a sum reaches."""
        return self.found[total & self.bits]

    def scores(self, total: int) -> dict[str, int]:
        """A sum as scores in hundredths."""
        weights = self._weights
        total = (total & ((1 << self._width) - 1)) + self._least
        return dict(zip(weights.labels, weights.unpacked(total), strict=True))

    def reasons(self, sight: Sight, label: str, name: str) -> list[Seen]:
        """The words that speak plainly for a label, seen as ``name``."""
        reasons = self._reasons.get(label, 0)
        if not reasons & sight.classes:
            return []
        return [(name, first, last) for classes, first, last in sight.hits if reasons & classes]


def _table(weights: Weights, lexicons: Mapping[str, Lexicon]) -> dict[str, int]:
    table = dict(weights.lanes.words)
    telling = telling_words({name: each.function_words for name, each in lexicons.items()})
    for at, words in enumerate(telling.values()):
        for word in words:
            table[word] = table.get(word, 0) + (1 << (weights.lanes.width + _COUNT * at))
    return table
