"""Where each event stands in an iCalendar file.

The library that reads iCalendar keeps no places; these are needed to say on which line an event begins
and to change one event without rewriting the others.
"""

from __future__ import annotations

import re

import attrs

FOLD = re.compile(rb"\r?\n[ \t]")
"""A long line goes on after a line break and one blank; it may be cut inside a character."""

_LINE = re.compile(rb"[^\n]*\n?")


@attrs.frozen(kw_only=True)
class Property:
    """One unfolded content line and the bytes it takes in the file, its line break included."""

    name: str
    text: bytes
    start: int
    end: int


@attrs.frozen(kw_only=True)
class Block:
    """One VEVENT: the line of its BEGIN, its bytes, and the properties directly in it."""

    line: int
    start: int
    end: int
    properties: tuple[Property, ...]

    def find(self, name: str) -> Property | None:
        """The first property of a name, or None."""
        return next((one for one in self.properties if one.name == name), None)


def _logical_lines(data: bytes) -> list[tuple[int, int, int]]:
    """(physical line, start, end) of each unfolded line."""
    found: list[tuple[int, int, int]] = []
    for number, match in enumerate(_LINE.finditer(data), start=1):
        start, end = match.span()
        if start == end:
            break
        if found and data[start : start + 1] in (b" ", b"\t"):
            first, begin, _ = found[-1]
            found[-1] = (first, begin, end)
        else:
            found.append((number, start, end))
    return found


def event_blocks(data: bytes) -> list[Block]:
    """Every VEVENT of a file in its order."""
    blocks: list[Block] = []
    opened: tuple[int, int] | None = None
    depth = 0
    properties: list[Property] = []
    for line, start, end in _logical_lines(data):
        text = FOLD.sub(b"", data[start:end]).strip(b"\r\n\xef\xbb\xbf")
        word = text.strip().upper()
        if opened is None:
            if word == b"BEGIN:VEVENT":
                opened, depth, properties = (line, start), 0, []
        elif word.startswith(b"BEGIN:"):
            depth += 1
        elif word == b"END:VEVENT" and depth <= 0:
            blocks.append(
                Block(line=opened[0], start=opened[1], end=end, properties=tuple(properties))
            )
            opened = None
        elif word.startswith(b"END:"):
            depth -= 1
        elif depth == 0:
            name = (
                re.split(rb"[;:]", text, maxsplit=1)[0].strip().upper().decode("ascii", "replace")
            )
            properties.append(Property(name=name, text=text, start=start, end=end))
    return blocks
