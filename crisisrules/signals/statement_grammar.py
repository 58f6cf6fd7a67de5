"""The patterns of a language, found by a word class without which they cannot match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from crisisrules.signals.statement_lexicon import Names, StatementLexicon
from crisisrules.signals.statement_patterns import Pattern, compile_pattern
from crisisrules.signals.statement_source import STAGES

__all__ = ["Grammar", "Stage"]

_SHARED: Final = "any/statement"
_UNLISTED: Final = 500
"""Members that a class is taken to have when no lexicon lists it, such as `number`."""


class Stage:
    """Patterns, by a class without which they cannot match."""

    def __init__(self, patterns: Sequence[Pattern], sizes: Mapping[int, int]) -> None:
        self.anchors: dict[int, list[int]] = {}
        self._patterns = patterns
        for index, pattern in enumerate(patterns):
            rarest = min(
                (step.classes for step in pattern.steps),
                key=lambda classes: sum(sizes.get(number, _UNLISTED) for number in classes),
            )
            for number in rarest:
                self.anchors.setdefault(number, []).append(index)

    def candidates(self, present: set[int]) -> list[Pattern]:
        """The patterns whose rarest class is ``present``, in the order in which they are written."""
        anchors = self.anchors
        indexes = {index for number in anchors.keys() & present for index in anchors[number]}
        patterns = self._patterns
        return [patterns[index] for index in sorted(indexes)]


class Grammar:
    """The lexicon of one language with the patterns that read it, in two stages."""

    def __init__(
        self, lexicon: StatementLexicon, shared: Sequence[StatementLexicon], names: Names
    ) -> None:
        self.lexicon = lexicon
        sources = [*((_SHARED, each) for each in shared), (lexicon.language, lexicon)]
        stages = []
        for stage in range(len(STAGES)):
            patterns = [
                compile_pattern(feature, written, names, place)
                for place, source in sources
                for feature, several in source.stages[stage].items()
                for written in several
            ]
            stages.append(Stage(patterns, lexicon.sizes))
        self.stages = tuple(stages)
        self.anchors = frozenset(number for stage in stages for number in stage.anchors)
        self.known = lexicon.known
