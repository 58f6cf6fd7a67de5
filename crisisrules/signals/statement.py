"""What a statement of the brand says: its features, each with the words it was seen in.

The words become classes (`statement_lexicon`), sequences of classes become features
(`statement_patterns`), and the times that belong to a promise make it exact (`statement_times`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

import attrs

from crisisrules.signals.statement_boards import SpecialClasses, board_text, present_in
from crisisrules.signals.statement_form import form_features
from crisisrules.signals.statement_lexicon import (
    STAGES,
    Names,
    StatementLexicon,
    parse_statement_lexicon,
)
from crisisrules.signals.statement_patterns import (
    Boards,
    Pattern,
    compile_pattern,
    ends_of,
    span_of,
)
from crisisrules.signals.statement_times import promises
from crisisrules.signals.text import Prepared, Span
from crisisrules.signals.times import find_times

__all__ = ["NOTHING", "Statement", "StatementReader", "load_statement_reader"]

_SHARED: Final = "any/statement"
_SETTLED: Final = frozenset({"resolution", "resolution_partial"})
"""What is back needs no vague promise to return: "you should be back online"."""
_UNLISTED: Final = 500
"""Members that a class is taken to have when no lexicon lists it, such as `number`."""
_MOST_HEADS: Final = 20


@attrs.frozen(kw_only=True)
class Statement:
    """The statement features of a text.

    ``next_update_at`` and ``eta_at`` are the instants promised for news and for the service, when
    the text names a time and the time of publication is known.
    """

    features: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()
    next_update_at: datetime | None = None
    eta_at: datetime | None = None


NOTHING: Final = Statement()


class _Stage:
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
        self._anchors = tuple(self.anchors.items())

    def candidates(self, columns: Sequence[int]) -> Iterable[Pattern]:
        """The patterns whose rarest class occurs, in the order in which they are written."""
        indexes: set[int] = set()
        for number, several in self._anchors:
            if columns[number]:
                indexes.update(several)
        patterns = self._patterns
        return [patterns[index] for index in sorted(indexes)]


class _Grammar:
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
            stages.append(_Stage(patterns, lexicon.sizes))
        self.stages = tuple(stages)
        self.anchors = frozenset().union(*(stage.anchors for stage in stages))
        self.known = frozenset(lexicon.known)


class StatementReader:
    """Reads statements in the languages it was given; keeps no state between texts."""

    def __init__(self, names: Names, lexicons: Sequence[StatementLexicon]) -> None:
        shared = [lexicon for lexicon in lexicons if not lexicon.language]
        self._grammars = {
            lexicon.language: _Grammar(lexicon, shared, names)
            for lexicon in lexicons
            if lexicon.language
        }
        self._special = SpecialClasses.of(names)
        self._break = names["but"]
        self._width = len(names)

    def read(
        self,
        prepared: Prepared,
        *,
        published_at: datetime | None = None,
        zone: tzinfo | None = None,
        form_only: bool = False,
    ) -> Statement:
        """The statement features of a text, in the language that ``prepared`` names.

        Where it names none, or one without a lexicon, the language in which most is seen.

        Args:
            prepared: the text.
            published_at: when it is or would be published; without it no promise has an instant.
            zone: where its readers live; without it the offset of ``published_at``.
            form_only: see only its form (long sentences, hashtags, emoji, acronyms), because the
                text is known to be no statement.
        """
        grammar = self._grammars.get(prepared.language or "")
        if grammar is not None:
            return self._read(grammar, prepared, published_at, zone, form_only=form_only)
        readings = [
            self._read(each, prepared, published_at, zone, form_only=form_only)
            for each in self._grammars.values()
        ]
        return max(readings, key=lambda each: len(each.features), default=NOTHING)

    def _read(
        self,
        grammar: _Grammar,
        prepared: Prepared,
        published_at: datetime | None,
        zone: tzinfo | None,
        *,
        form_only: bool,
    ) -> Statement:
        found: dict[str, Span] = {}
        for span in form_features(prepared, grammar.lexicon.longest_sentence, grammar.known):
            found.setdefault(span.name, span)
        next_update_at = eta_at = None
        columns = [0] * self._width
        seen: set[int] = set()
        if not form_only:
            seen = present_in(prepared, grammar.lexicon.entries, columns, self._special.other)
        if not grammar.anchors.isdisjoint(seen):
            times = find_times(prepared, published_at=published_at, zone=zone)
            boards = board_text(prepared, columns, self._special, times, columns[self._break])
            heads: dict[str, list[tuple[int, int]]] = {}
            for stage in grammar.stages:
                self._match(stage, boards, heads)
            for feature, spans in heads.items():
                if not feature.startswith("_"):
                    found[feature] = prepared.span(feature, *spans[0])
            for promise in promises(
                prepared, boards, times, heads.get("_inform", ()), heads.get("_return", ())
            ):
                if promise.feature == "eta_vague" and not _SETTLED.isdisjoint(heads):
                    continue
                found[promise.feature] = prepared.span(promise.feature, promise.first, promise.last)
                if promise.feature == "next_update_time":
                    next_update_at = promise.at
                elif promise.feature == "eta_time":
                    eta_at = promise.at
        if not found:
            return NOTHING
        return Statement(
            features=frozenset(found),
            spans=tuple(sorted(found.values(), key=lambda span: (span.start, span.name))),
            next_update_at=next_update_at,
            eta_at=eta_at,
        )

    def _match(
        self, stage: _Stage, boards: Boards, heads: dict[str, list[tuple[int, int]]]
    ) -> None:
        columns = boards.columns
        matched: dict[int, int] = {}
        for pattern in stage.candidates(columns):
            ends = ends_of(pattern, boards)
            if not ends:
                continue
            spans = heads.setdefault(pattern.feature, [])
            if not spans or pattern.feature.startswith("_"):
                while ends and len(spans) < _MOST_HEADS:
                    low = ends & -ends
                    spans.append(span_of(pattern, boards, low.bit_length() - 1))
                    ends ^= low
            number = pattern.number
            first, last = spans[-1]
            matched[number] = matched.get(number, 0) | ((1 << (last + 1)) - (1 << first))
        for number, bits in matched.items():
            columns[number] |= bits


def load_statement_reader(lexicons: Mapping[str, str]) -> StatementReader:
    """The reader for lexicon texts by ``<language>/<name>``; only ``statement`` texts are read.

    Raises:
        PlaybookError: a text is not a lexicon.
    """
    names = Names()
    return StatementReader(
        names,
        [
            parse_statement_lexicon(name, text, names)
            for name, text in sorted(lexicons.items())
            if name.endswith("/statement")
        ],
    )
