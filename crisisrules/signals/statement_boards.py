"""From the tokens of a text to the boards of its classes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs

from crisisrules.signals.marks import (
    ANY,
    CAPITAL,
    DIGIT,
    END,
    HASHTAG,
    MONEY,
    NO_WORD,
    NUMBER,
    PAUSE,
    PHONE,
    QUESTION,
    TIME_WORD,
    URL,
)
from crisisrules.signals.statement_lexicon import Names, WordEntry, Words
from crisisrules.signals.statement_patterns import Boards
from crisisrules.signals.text import Prepared
from crisisrules.signals.times import TimeMention
from crisisrules.signals.times_words import DAYS

__all__ = ["MOST_TOKENS", "SpecialClasses", "board_text", "enter_times", "present_in"]

MOST_TOKENS: Final = 2_000
"""Tokens of a text that are read for statement features; no statement is longer."""

_PAST: Final = frozenset({"since", "ago"})
_NEAR_DAYS: Final = frozenset(word for word, away in DAYS.items() if away < 1) | {"aujourd’hui"}
_LONGEST_PHRASE: Final = 12


@attrs.frozen(kw_only=True)
class SpecialClasses:
    """The numbers of the classes that no lexicon lists: they are seen in the form of a token."""

    number: int
    place: int
    url: int
    money: int
    question: int
    time: int
    t_point: int
    t_every: int
    t_past: int
    t_length: int
    t_until: int
    t_deadline: int
    t_day: int
    phone: int
    other: int
    not_place: int
    pause: int

    @classmethod
    def of(cls, names: Names) -> SpecialClasses:
        """The numbers in ``names``."""
        return cls(**{field.name: names[field.name] for field in attrs.fields(cls)})

    def timed(self) -> tuple[int, ...]:
        """The numbers of the classes of times."""
        names = (
            "time",
            "t_point",
            "t_every",
            "t_past",
            "t_length",
            "t_until",
            "t_deadline",
            "t_day",
        )
        return tuple(getattr(self, name) for name in names)

    def marks(self) -> dict[int, int]:
        """Each number with the marks of which a text has one when it has a token of the class."""
        marks = dict.fromkeys(self.timed(), NUMBER | DIGIT | TIME_WORD)
        marks[self.number] = NUMBER
        marks[self.place] = CAPITAL | HASHTAG
        marks[self.url] = URL
        marks[self.money] = MONEY
        marks[self.question] = QUESTION
        marks[self.phone] = PHONE
        marks[self.pause] = PAUSE
        marks[self.other] = marks[self.not_place] = ANY
        return marks


def present_in(prepared: Prepared, entries: Words, columns: list[int], other: int) -> int:
    """Enter the words of a text into ``columns``, one board a class; what their classes reach.

    ``other`` is the class of the words that the lexicon does not know.
    """
    norms = prepared.norms
    if len(norms) > MOST_TOKENS:
        norms = norms[:MOST_TOKENS]
    reached = silent = unlisted = 0
    bit = 1
    for entry, after in zip(map(entries.__getitem__, norms), (*norms[1:], ""), strict=False):
        if entry is None:
            unlisted |= bit
        else:
            classes, _, longer, listed, _, reach = entry
            if not listed:
                unlisted |= bit
            if after in longer:
                hidden, more = _phrases(norms, bit.bit_length() - 1, longer, columns)
                silent |= hidden
                reached |= more
            if classes and not silent & bit:
                for number in classes:
                    columns[number] |= bit
                reached |= reach
        bit <<= 1
    columns[other] = unlisted
    return reached


def _phrases(
    norms: Sequence[str],
    here: int,
    longer: Mapping[str, WordEntry],
    columns: list[int],
) -> tuple[int, int]:
    """Enter the phrases that begin at a token; the tokens of those that hide, and what is reached."""
    silent = reached = 0
    for ahead in range(here + 1, min(len(norms), here + _LONGEST_PHRASE)):
        following = longer.get(norms[ahead])
        if following is None:
            break
        if following.classes:
            bits = (2 << ahead) - (1 << here)
            if following.fixed:
                silent |= bits
            for number in following.classes:
                columns[number] |= bits
            reached |= following.reach
        longer = following.longer
    return silent, reached


def board_text(
    prepared: Prepared,
    columns: list[int],
    special: SpecialClasses,
    breaks: int,
) -> Boards:
    """The boards of a text whose words stand in ``columns``; ``breaks`` are words like `but`.

    Its times are not among them yet; see `enter_times`.
    """
    size = min(len(prepared.norms), MOST_TOKENS)
    everything = (1 << size) - 1
    ends = pauses = places = numbers = aside = 0
    for here, mark in enumerate(prepared.each):
        # a word in small letters has no mark but that of a time
        if not mark or here >= size:
            continue
        bit = 1 << here
        if mark & CAPITAL:
            places |= bit
        elif mark & NUMBER:
            numbers |= bit
            if mark & PHONE:
                columns[special.phone] |= bit
        elif mark & HASHTAG:
            columns[special.place] |= bit
        elif mark & NO_WORD:
            aside |= bit
            if mark & END:
                ends |= bit
                if mark & QUESTION:
                    columns[special.question] |= bit
            elif mark & PAUSE:
                pauses |= bit
            elif mark & MONEY:
                columns[special.money] |= bit
            elif mark & URL:
                columns[special.url] |= bit
    # the first word after each end: adding a bit to a run of others carries it to what follows them
    after = ((ends << 1) | 1) & everything
    starts = ((aside + (after & aside)) | after) & ~aside & everything
    columns[special.number] |= numbers
    words = everything & ~aside & ~numbers & ~columns[special.place]
    if prepared.shapes.count("upper") * 2 <= size:
        columns[special.place] |= places & ~starts
    columns[special.place] &= ~columns[special.not_place]
    columns[special.pause] = pauses
    columns[special.other] &= words
    pauses |= breaks
    return Boards(
        columns,
        starts,
        everything & ~ends,
        _parts(everything, ends),
        _parts(everything, ends | pauses),
    )


def enter_times(
    times: Iterable[TimeMention],
    prepared: Prepared,
    columns: list[int],
    special: SpecialClasses,
) -> None:
    """Enter the times of a text into its boards; what is a time names no place."""
    for mention in times:
        _enter_time(mention, prepared, columns, special)


def _enter_time(
    mention: TimeMention, prepared: Prepared, columns: list[int], special: SpecialClasses
) -> None:
    first = max(bisect_right(prepared.starts, mention.start) - 1, 0)
    last = max(bisect_left(prepared.starts, mention.end) - 1, first)
    if last >= MOST_TOKENS:
        return
    bits = (1 << (last + 1)) - (1 << first)
    columns[special.time] |= bits
    columns[special.place] &= ~bits
    if mention.relation in _PAST:
        columns[special.t_past] |= bits
    elif mention.kind == "recurrence":
        columns[special.t_every] |= bits
    elif mention.kind == "duration":
        columns[special.t_length] |= bits
    else:
        columns[special.t_point] |= bits
        if mention.kind == "day" and not _NEAR_DAYS.issuperset(mention.text.casefold().split()):
            columns[special.t_day] |= bits
        if mention.relation in ("in", "by"):
            columns[special.t_deadline] |= bits
        elif mention.relation == "until":
            columns[special.t_until] |= bits


def _parts(everything: int, ends: int) -> list[int]:
    parts: list[int] = []
    start = 0
    while ends:
        low = ends & -ends
        end = low.bit_length()
        parts.append((1 << end) - (1 << start))
        start = end
        ends ^= low
    rest = everything & ~((1 << start) - 1)
    if rest:
        parts.append(rest)
    return parts
