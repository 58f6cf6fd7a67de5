"""The patterns of a language, found by the classes without which they cannot match.

Every step of a pattern, and every condition that something be there, has a bit; what a class *reaches*
are the bits of the steps that it fits. The classes of a text reach together a whole number in which
a pattern that can match has all its bits, so that a text costs one number, however many patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crisisrules.signals.statement_lexicon import Names, StatementLexicon
from crisisrules.signals.statement_patterns import Pattern, compile_pattern
from crisisrules.signals.statement_source import STAGES

__all__ = ["Grammar", "Stage"]

_MOST_KEPT: Final = 4_096
_SHARED: Final = "any/statement"


class Stage:
    """Patterns that are read together; their bits begin at ``base``.

    The bits of first steps come first, one a pattern, then those of second steps, and so on.
    ``missing`` are the bits of steps that a pattern does not have, ``size`` counts all bits.
    """

    def __init__(self, patterns: Sequence[Pattern], base: int, reach: dict[int, int]) -> None:
        self._patterns = patterns
        self._base = base
        count = len(patterns)
        needs = [
            [step.classes for step in each.steps] + [g.classes for g in each.guards if g.wanted]
            for each in patterns
        ]
        rows = max(map(len, needs), default=0)
        self.size = rows * count
        self.missing = 0
        for index, need in enumerate(needs):
            for row in range(rows):
                bit = 1 << (base + row * count + index)
                if row >= len(need):
                    self.missing |= bit
                    continue
                for number in need[row]:
                    reach[number] = reach.get(number, 0) | bit
        self._count = count
        self._all = (1 << count) - 1
        self._shifts = [base + row * count for row in range(1, rows)]

    def possible(self, reached: int) -> int:
        """The patterns that can match, as bits, in a text whose classes have ``reached`` so much."""
        found = (reached >> self._base) & self._all
        for shift in self._shifts:
            found &= reached >> shift
        return found

    def candidates(self, reached: int) -> list[Pattern]:
        """The patterns that can match, in the order in which they are written."""
        found = self.possible(reached)
        candidates = []
        while found:
            low = found & -found
            candidates.append(self._patterns[low.bit_length() - 1])
            found ^= low
        return candidates


class _Hopeful(dict[int, int]):
    """What the special classes may reach in a text with such marks, before they are looked for."""

    def __init__(self, start: int, reach: Mapping[int, int], special: Mapping[int, int]) -> None:
        super().__init__()
        self._start = start
        self._told = [(marks, reach.get(number, 0)) for number, marks in special.items()]

    def __missing__(self, marks: int) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self._start
        for needed, reached in self._told:
            if marks & needed or not needed:
                found |= reached
        self[marks] = found
        return found


class Grammar:
    """The lexicon of one language with the patterns that read it, in stages.

    ``reach`` tells by class what it reaches; ``start`` is what every text reaches, and ``hopeful``
    by the marks of a text that together with what the ``special`` classes may reach, of which there
    is none in a text without one of their marks. ``timely`` is what times may reach.
    """

    def __init__(
        self,
        lexicon: StatementLexicon,
        shared: Sequence[StatementLexicon],
        names: Names,
        special: Mapping[int, int],
        timed: Iterable[int],
    ) -> None:
        sources = [*((_SHARED, each) for each in shared), (lexicon.language, lexicon)]
        reach: dict[int, int] = {}
        stages: list[Stage] = []
        self.start = base = 0
        for stage in range(len(STAGES)):
            patterns = [
                compile_pattern(feature, written, names, place)
                for place, source in sources
                for feature, several in source.stages[stage].items()
                for written in several
            ]
            stages.append(Stage(patterns, base, reach))
            base += stages[-1].size
            self.start |= stages[-1].missing
        self.stages = tuple(stages)
        self.reach: Mapping[int, int] = reach
        self.hopeful: Mapping[int, int] = _Hopeful(self.start, reach, special)
        self.timely = 0
        for number in timed:
            self.timely |= reach.get(number, 0)
        self.entries = lexicon.entries.reaching(reach)
        self.longest_sentence = lexicon.longest_sentence
        self.known = lexicon.known
