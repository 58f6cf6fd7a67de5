"""Parts of a JSON text with their places, so that an item has a line and a value can be replaced.

The standard decoder reads every value; only the way down to the items is walked here, so a file of ten
thousand posts costs little more than :func:`json.loads`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import attrs

from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.model.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@attrs.frozen
class Part:
    """A value and where it stands in the text: offsets of its start and its end."""

    value: object
    start: int
    end: int


def read_json(head: Head) -> str:
    """The whole text of a JSON file.

    Raises:
        InputError: too large, or bytes that fit no encoding.
    """
    return head.decoded(MAX_BYTES)


def parts_of(head: Head, text: str) -> list[Part]:
    """The values that follow one another in ``text``: one, or of JSON lines one a line.

    Raises:
        InputError: what stands there is not JSON, or its brackets nest too deep.
    """
    found: list[Part] = []
    position = _skip(text, 0)
    while position < len(text):
        try:
            value, end = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise _not_json(head, text, error.pos) from None
        except (RecursionError, ValueError):
            # a ValueError that is no JSONDecodeError: a number with more digits than Python reads
            raise fault(
                head.source,
                "json-too-deep",
                "brackets stand too deep inside one another, or a number is too long",
                line_of(text, position),
            ) from None
        found.append(Part(value, position, end))
        position = _skip(text, end)
    return found


def _not_json(head: Head, text: str, position: int) -> InputError:
    line = line_of(text, position)
    seen = text[position : position + 20].split("\n")[0]
    what = (
        f"`{seen}` stands where JSON allows no such thing"
        if seen.strip()
        else "the text ends too soon"
    )
    return fault(head.source, "not-json", what, line)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return position if match is None else match.end()


def line_of(text: str, position: int) -> int:
    """The line of an offset, counted from 1."""
    return text.count("\n", 0, position) + 1


def members(text: str, start: int) -> Iterator[tuple[str, Part]]:
    """The members of the object at ``start``, which has been decoded once and so is well formed."""
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        value, end = _DECODER.raw_decode(text, position)
        yield str(key), Part(value, position, end)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def elements(text: str, start: int) -> Iterator[Part]:
    """The elements of the array at ``start``, which has been decoded once and so is well formed."""
    position = _skip(text, start + 1)
    while text[position] != "]":
        value, end = _DECODER.raw_decode(text, position)
        yield Part(value, position, end)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def member(text: str, start: int, key: str) -> Part | None:
    """The member ``key`` of the object at ``start``; the last, when it stands there twice."""
    found = None
    for name, part in members(text, start):
        if name == key:
            found = part
    return found


def at_path(text: str, part: Part, path: tuple[str, ...]) -> Part | None:
    """The part that a path of keys leads to, or None."""
    for key in path:
        if not isinstance(part.value, dict):
            return None
        below = member(text, part.start, key)
        if below is None:
            return None
        part = below
    return part
