"""What a statement of the brand says: its features, each with the words it was seen in.

The words become classes (`statement_lexicon`), sequences of classes become features
(`statement_patterns`), and the times that belong to a promise make it exact (`statement_times`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

import attrs

from crisisrules.signals.marks import NUMBER, TIME_WORD
from crisisrules.signals.spans import NO_SPANS, Seen, Spans
from crisisrules.signals.statement_boards import SpecialClasses, board_text, enter_times, present_in
from crisisrules.signals.statement_form import FORM_FEATURES, acronyms, form_features
from crisisrules.signals.statement_grammar import Grammar, Stage
from crisisrules.signals.statement_lexicon import (
    NO_WORDS,
    Names,
    StatementLexicon,
    Words,
    parse_statement_lexicon,
)
from crisisrules.signals.statement_patterns import (
    Boards,
)
from crisisrules.signals.statement_times import Promise, promises
from crisisrules.signals.text import Prepared
from crisisrules.signals.times import TimeMention, find_times

__all__ = ["NOTHING", "Sight", "Statement", "StatementReader", "load_statement_reader"]

_SPEAKS_OF_IT: Final = frozenset(
    {"acknowledgement", "cause_known", "action_underway", "resolution", "resolution_partial"}
)
"""Only a text with one of these is read for acronyms; elsewhere they are names and fashions."""
_SETTLED: Final = frozenset({"resolution", "resolution_partial"})
"""What is back needs no vague promise to return: "you should be back online"."""
_MOST_HEADS: Final = 20


@attrs.frozen(kw_only=True)
class Statement:
    """The statement features of a text.

    ``next_update_at`` and ``eta_at`` are the instants promised for news and for the service, when
    the text names a time and the time of publication is known.
    """

    features: frozenset[str] = frozenset()
    spans: Spans = NO_SPANS
    next_update_at: datetime | None = None
    eta_at: datetime | None = None

    def form_alone(self) -> Statement:
        """Only what its form shows, for a text that turns out to be no statement."""
        if self.features.isdisjoint(FORM_FEATURES):
            return NOTHING
        features = self.features & FORM_FEATURES
        return Statement(features=features, spans=self.spans.of(features))


NOTHING: Final = Statement()


class Sight(NamedTuple):
    """What is seen in the words of a text, before it is put into spans.

    ``columns`` are boards by the number of their class; ``heads`` maps a feature to the first and
    last tokens of where it was seen. ``times`` are only looked for in a text with a word that can
    begin a feature.
    """

    entries: Words
    columns: Sequence[int]
    times: Sequence[TimeMention]
    heads: Mapping[str, list[tuple[int, int]]]
    promised: Sequence[Promise]

    def board(self, classes: Iterable[int]) -> int:
        """The tokens that are of any of the classes, as bits."""
        found = 0
        for number in classes:
            found |= self.columns[number]
        return found


class StatementReader:
    """Reads statements in the languages it was given; keeps no state between texts."""

    def __init__(self, names: Names, lexicons: Sequence[StatementLexicon]) -> None:
        shared = [lexicon for lexicon in lexicons if not lexicon.language]
        self._special = SpecialClasses.of(names)
        special = self._special.marks()
        self._timed = self._special.timed()
        self._forms = tuple(number for number in special if number not in self._timed)
        self._grammars = {
            lexicon.language: Grammar(lexicon, shared, names, special, self._timed)
            for lexicon in lexicons
            if lexicon.language
        }
        self._first = next(iter(self._grammars.values()), None) or Grammar(
            NO_WORDS, shared, names, special, self._timed
        )
        self._break = names["but"]
        self._names = names

    def read(
        self,
        prepared: Prepared,
        *,
        published_at: datetime | None = None,
        zone: tzinfo | None = None,
    ) -> Statement:
        """The statement features of a text, in the language that ``prepared`` names.

        Where it names none, or one without a lexicon, the language in which most is seen.

        Args:
            prepared: the text.
            published_at: when it is or would be published; without it no promise has an instant.
            zone: where its readers live; without it the offset of ``published_at``.
        """
        grammar = self._grammars.get(prepared.language or "")
        if grammar is not None:
            return self._read(grammar, prepared, published_at, zone)
        readings = [
            self._read(each, prepared, published_at, zone) for each in self._grammars.values()
        ]
        return max(readings, key=lambda each: len(each.features), default=NOTHING)

    def sight(
        self, prepared: Prepared, published_at: datetime | None = None, zone: tzinfo | None = None
    ) -> Sight:
        """What is seen in the words of a text, by the first language where it names none known."""
        grammar = self._grammars.get(prepared.language or "") or self._first
        return self._sight(grammar, prepared, published_at, zone)

    def class_numbers(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers by which boards and entries know classes."""
        return tuple(self._names[name] for name in names)

    def _sight(
        self,
        grammar: Grammar,
        prepared: Prepared,
        published_at: datetime | None,
        zone: tzinfo | None,
    ) -> Sight:
        columns = [0] * len(self._names)
        reached = present_in(prepared, grammar.entries, columns, self._special.other)
        hoped = reached | grammar.hopeful[prepared.marks]
        if not any(stage.possible(hoped) for stage in grammar.stages):
            return Sight(grammar.entries, columns, (), {}, ())
        boards = board_text(prepared, columns, self._special, columns[self._break])
        times: tuple[TimeMention, ...] = ()
        reached |= self._reached(grammar, self._forms, columns)
        if prepared.marks & (NUMBER | TIME_WORD):
            hoped = reached | grammar.timely
            if not any(stage.possible(hoped) for stage in grammar.stages):
                return Sight(grammar.entries, columns, (), {}, ())
            times = find_times(prepared, published_at=published_at, zone=zone)
            if times:
                enter_times(times, prepared, columns, self._special)
                reached |= self._reached(grammar, self._timed, columns)
        heads: dict[str, list[tuple[int, int]]] = {}
        for stage in grammar.stages:
            reached = _match(grammar, stage, reached, boards, heads)
        inform, back = heads.pop("_inform", ()), heads.pop("_return", ())
        # other steps on the way have done their part
        heads = {name: spans for name, spans in heads.items() if name[0] != "_"}
        promised = promises(prepared, boards, times, inform, back)
        if not _SETTLED.isdisjoint(heads):
            promised = [each for each in promised if each.feature != "eta_vague"]
        return Sight(grammar.entries, columns, times, heads, promised)

    @staticmethod
    def _reached(grammar: Grammar, numbers: Iterable[int], columns: Sequence[int]) -> int:
        found = grammar.start
        for number in numbers:
            if columns[number]:
                found |= grammar.reach.get(number, 0)
        return found

    def _read(
        self,
        grammar: Grammar,
        prepared: Prepared,
        published_at: datetime | None,
        zone: tzinfo | None,
    ) -> Statement:
        found: dict[str, Seen] = {}
        for seen in form_features(prepared, grammar.longest_sentence):
            found.setdefault(seen[0], seen)
        next_update_at = eta_at = None
        sight = self._sight(grammar, prepared, published_at, zone)
        for feature, spans in sight.heads.items():
            found[feature] = (feature, *spans[0])
        for promise in sight.promised:
            found[promise.feature] = (promise.feature, promise.first, promise.last)
            if promise.feature == "next_update_time":
                next_update_at = promise.at
            elif promise.feature == "eta_time":
                eta_at = promise.at
        if not _SPEAKS_OF_IT.isdisjoint(found):
            for seen in acronyms(prepared, grammar.known):
                found.setdefault(seen[0], seen)
        if not found:
            return NOTHING
        return Statement(
            features=frozenset(found),
            spans=Spans(prepared, sorted(found.values(), key=_place)),
            next_update_at=next_update_at,
            eta_at=eta_at,
        )


def _place(seen: Seen) -> tuple[int, str]:
    return seen[1], seen[0]


def _match(
    grammar: Grammar,
    stage: Stage,
    reached: int,
    boards: Boards,
    heads: dict[str, list[tuple[int, int]]],
) -> int:
    """Add what a stage finds to ``heads``, and to the boards for the stages after it.

    Returns what is reached with what was found.
    """
    columns = boards.columns
    matched: dict[int, int] = {}
    for pattern in stage.candidates(reached):
        feature = pattern.feature
        many = feature[0] == "_"
        if not many and feature in heads:
            continue
        layers = pattern.layers(columns, boards)
        if not layers:
            continue
        spans = heads.setdefault(feature, [])
        ends = layers[-1] & ~(layers[-1] << 1)
        bits = 0
        while ends and len(spans) < _MOST_HEADS:
            low = ends & -ends
            first, last = pattern.span(layers, boards, low.bit_length() - 1)
            spans.append((first, last))
            bits |= (1 << (last + 1)) - (1 << first)
            if not many:
                break
            ends ^= low
        matched[pattern.number] = matched.get(pattern.number, 0) | bits
    for number, bits in matched.items():
        columns[number] |= bits
        reached |= grammar.reach.get(number, 0)
    return reached


def load_statement_reader(lexicons: Mapping[str, str]) -> StatementReader:
    """The reader for lexicon texts by ``<language>/<name>``; only ``statement_forms`` are read.

    Raises:
        PlaybookError: a text is not a lexicon.
    """
    names = Names()
    return StatementReader(
        names,
        [
            parse_statement_lexicon(name, text, names)
            for name, text in sorted(lexicons.items())
            if name.endswith("/statement_forms")
        ],
    )
