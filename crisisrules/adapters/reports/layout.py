"""Lines of text with a role for each piece, so that a terminal may colour them and a pipe need not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

STYLES: Final = ("", "head", "time", "dim", "quote", "do", "stop", "late", "done", "rule")

Piece: TypeAlias = tuple[str, str]
"""A style of :data:`STYLES` and a text without line breaks, escaped already."""

_LEAST_ROOM: Final = 30

Line: TypeAlias = Sequence[Piece]

Paint: TypeAlias = Callable[[str, str], str]
"""From a style and a text to the text as it is written out."""


def written(lines: Iterable[Line], paint: Paint | None = None) -> str:
    """The lines as one text; without ``paint`` it is plain."""
    return "".join(f"{_line(line, paint)}\n" for line in lines)


def _line(line: Line, paint: Paint | None) -> str:
    if paint is None:
        return "".join(text for _, text in line).rstrip()
    return "".join(paint(style, text) if style else text for style, text in line)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.combining(char) or char in "\u200d\ufe0e\ufe0f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def padded(text: str, columns: int) -> str:
    """The text filled with blanks to so many columns; a longer one is left as it is, and one blank."""
    return text + " " * max(1, columns - width(text))


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The text in lines of at most so many columns; a longer word stands alone, uncut."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > columns:
            yield line
            line = word
        else:
            line = longer
    yield line


def beside(lead: Sequence[Piece], text: Piece, right: Piece, columns: int) -> Iterator[Line]:
    """A text after a lead, wrapped under itself, with a word at the right end of its first line.

    Where that leaves too little room, the word stands on a line of its own; several words that do not fit
    on one are wrapped under the text.
    """
    indent = sum(width(part) for _, part in lead)
    room = columns - indent - width(right[1]) - 2
    below = bool(right[1]) and room < _LEAST_ROOM
    if below:
        room = columns - indent
    style, words = text
    for index, part in enumerate(wrapped(words, max(_LEAST_ROOM // 2, room))):
        if index:
            yield [("", " " * indent), (style, part)]
        elif right[1] and not below:
            yield [*lead, (style, part), ("", " " * (2 + max(0, room - width(part)))), right]
        else:
            yield [*lead, (style, part)]
    if below and width(right[1]) <= columns:
        yield [("", " " * (columns - width(right[1]))), right]
    elif below:
        for part in wrapped(right[1], max(_LEAST_ROOM // 2, columns - indent)):
            yield [("", " " * indent), (right[0], part)]
