"""Looking into a payload that may be anything: what is missing or odd is None, never an error.

Platforms leave fields out without notice and add new ones, so that no payload is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

LONGEST_TEXT: Final = 100_000
"""Characters of a text that are kept; the longest a platform allows are some 60,000."""

DEEPEST: Final = 64
"""Levels of lists and objects in each other; payloads have about ten."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9998, 1, 1, tzinfo=UTC)
_LONG_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DIGITS: Final = re.compile(r"\d{1,18}")
_MOST_COUNT: Final = 2**63 - 1


def is_too_deep(payload: object) -> bool:
    """Whether lists and objects stand inside each other deeper than any platform has them.

    Not every version of Python refuses such a text by itself.
    """
    level = [payload]
    for _ in range(DEEPEST):
        inner: list[object] = []
        for value in level:
            if isinstance(value, Mapping):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = inner
        if not level:
            return False
    return True


def value_at(payload: object, *path: str) -> object:
    """What stands at the end of a path of keys, or None."""
    for key in path:
        if not isinstance(payload, Mapping):
            return None
        payload = payload.get(key)
    return payload


def text_at(payload: object, *path: str) -> str | None:
    """A text that is not empty, with halves of surrogate pairs replaced; an id given as a number too."""
    value = value_at(payload, *path)
    if isinstance(value, int) and not isinstance(value, bool):
        # of a number with more digits than an id has, Python would refuse to write them
        return str(value) if value.bit_length() <= 256 else None
    if not isinstance(value, str) or not value:
        return None
    return _LONE_SURROGATE.sub("\ufffd", value[:LONGEST_TEXT])


def word_at(payload: object, *path: str) -> str | None:
    """A word of an open list, in lower case with ``_`` for spaces and hyphens."""
    text = text_at(payload, *path)
    return None if text is None else re.sub(r"[\s-]+", "_", text.strip().lower()) or None


def count_at(payload: object, *path: str) -> int | None:
    """A whole number of at least zero, also when written as a text of digits."""
    value = value_at(payload, *path)
    if isinstance(value, str) and value.isascii() and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_COUNT:
        return None
    return value


def list_at(payload: object, *path: str) -> list[object]:
    """The entries of a list; none when there is no list."""
    value = value_at(payload, *path)
    return list(value) if isinstance(value, list | tuple) else []


def instant_at(payload: object, *path: str) -> datetime | None:
    """An instant: ISO 8601 with an offset, or seconds, milliseconds or microseconds since 1970.

    Nanoseconds are cut. The year 1, with which Go writes "no time", is none.
    """
    value = value_at(payload, *path)
    if isinstance(value, str):
        return _in_range(_iso(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # 1e11 seconds are the year 5138, 1e11 milliseconds 1973; and 1e14 likewise
    unit = 1_000_000 if abs(value) < 1e11 else 1_000 if abs(value) < 1e14 else 1
    try:
        return _in_range(_EPOCH + timedelta(microseconds=value * unit))
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    if text.isdecimal():
        return instant_at(int(text)) if len(text) < 20 else None
    try:
        found = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", text[:60]))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _in_range(found: datetime | None) -> datetime | None:
    return found if found is not None and _EARLIEST <= found < _LATEST else None
