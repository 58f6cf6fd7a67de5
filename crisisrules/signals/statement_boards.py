"""From the tokens of a text to the boards of its classes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import attrs

from crisisrules.signals.statement_lexicon import Names, WordEntry, Words
from crisisrules.signals.statement_patterns import Boards
from crisisrules.signals.text import Prepared
from crisisrules.signals.times import TimeMention

__all__ = ["MOST_TOKENS", "SpecialClasses", "board_text", "present_in"]

MOST_TOKENS: Final = 2_000
"""Tokens of a text that are read for statement features; no statement is longer."""

_ENDS: Final = frozenset({".", "!", "?", "...", "\n", "?!"})
_PAUSES: Final = frozenset({",", ";", ":", "-", "(", ")", "|", "/"})
_MONEY: Final = frozenset({"€", "$", "£", "eur", "euro", "euros", "pounds", "dollars", "chf"})
_PAST: Final = frozenset({"since", "ago"})
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
    phone: int
    other: int
    not_place: int
    pause: int

    @classmethod
    def of(cls, names: Names) -> SpecialClasses:
        """The numbers in ``names``."""
        return cls(**{field.name: names[field.name] for field in attrs.fields(cls)})


def present_in(prepared: Prepared, entries: Words, columns: list[int], other: int) -> set[int]:
    """Enter the words of a text into ``columns``, one board a class; the classes that were seen.

    ``other`` is the class of the words that the lexicon does not know.
    """
    seen: set[int] = set()
    norms = prepared.norms
    silent = unlisted = 0
    bit = 1
    for here, entry in enumerate(map(entries.__getitem__, norms[:MOST_TOKENS])):
        if entry is None:
            unlisted |= bit
        else:
            classes, _, longer, listed, _ = entry
            if not listed:
                unlisted |= bit
            if longer and here + 1 < len(norms) and norms[here + 1] in longer:
                silent |= _phrases(norms, here, longer, columns, seen)
            if classes and not silent & bit:
                for number in classes:
                    columns[number] |= bit
                seen.update(classes)
        bit <<= 1
    columns[other] = unlisted
    return seen


def _phrases(
    norms: Sequence[str],
    here: int,
    longer: Mapping[str, WordEntry],
    columns: list[int],
    seen: set[int],
) -> int:
    """Enter the phrases that begin at a token; the tokens of those that hide their words."""
    silent = 0
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
            seen.update(following.classes)
        longer = following.longer
    return silent


def board_text(
    prepared: Prepared,
    columns: list[int],
    special: SpecialClasses,
    times: Iterable[TimeMention],
    breaks: int,
) -> Boards:
    """The boards of a text whose words stand in ``columns``; ``breaks`` are words like `but`."""
    norms, kinds, shapes = prepared.norms, prepared.kinds, prepared.shapes
    size = min(len(norms), MOST_TOKENS)
    ends = pauses = starts = words = places = 0
    capitals = shapes.count("upper") * 2 > size
    fresh = True
    bit = 1
    for norm, kind, shape in zip(norms[:size], kinds, shapes, strict=False):
        if kind == "word":
            words |= bit
            if fresh:
                starts |= bit
                fresh = False
            elif shape != "lower":
                places |= bit
        elif kind == "punct":
            if norm in _ENDS:
                ends |= bit
                fresh = True
                if "?" in norm:
                    columns[special.question] |= bit
            elif norm in _PAUSES:
                pauses |= bit
            elif norm in _MONEY:
                columns[special.money] |= bit
        else:
            if fresh and kind in ("number", "hashtag"):
                starts |= bit
                fresh = False
            if kind == "number":
                columns[special.number] |= bit
                if norm[0] == "0" and len(norm) > 1:
                    columns[special.phone] |= bit
            elif kind == "hashtag":
                columns[special.place] |= bit
            elif kind == "url":
                columns[special.url] |= bit
        bit <<= 1
    if not capitals:
        columns[special.place] |= places
    columns[special.place] &= ~columns[special.not_place]
    columns[special.pause] = pauses
    columns[special.other] &= words
    for mention in times:
        _enter_time(mention, prepared, columns, special)
    everything = (1 << size) - 1
    pauses |= breaks
    return Boards(
        columns,
        starts,
        everything & ~ends,
        _parts(everything, ends),
        _parts(everything, ends | pauses),
    )


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
