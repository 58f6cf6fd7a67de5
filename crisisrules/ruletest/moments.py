"""Moments of a rule test: ``+10m`` from its start, ``deadline - 1s`` from a name, or an instant in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from crisisrules.model.durations import format_duration, parse_duration, parse_instant, to_micros
from crisisrules.model.errors import unknown_word

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_ISO_DATE: Final = re.compile(r"\d{4}-\d")
_STEP: Final = re.compile(r"([+-])([^+-]*)")
_EXAMPLES: Final = (
    "write for example `+10m`, `deadline`, `deadline - 1s` or `2026-03-02T08:00:00+01:00`"
)


def read_moment(text: str, start: datetime, names: Mapping[str, datetime]) -> datetime:
    """The instant that a test means by ``text``.

    Args:
        text: an instant with an offset; or a named moment (without one: the start), followed by any number
            of durations added or taken away.
        start: where ``+10m`` counts from; the result is in its zone.
        names: the named moments.

    Raises:
        ValueError: the text says what is wrong and what could stand there.
    """
    clean = text.strip()
    if _ISO_DATE.match(clean):
        return parse_instant(clean)
    if not clean:
        msg = f"an empty text is not a moment; {_EXAMPLES}"
        raise ValueError(msg)
    first = next((index for index, sign in enumerate(clean) if sign in "+-"), len(clean))
    name = clean[:first].strip()
    if name and name not in names:
        raise ValueError(_unknown(name, names))
    at = names[name] if name else start
    total = 0
    for sign, duration in _STEP.findall(clean[first:]):
        total += parse_duration(duration) * (1 if sign == "+" else -1)
    try:
        return at + timedelta(microseconds=total)
    except OverflowError:
        msg = f"`{text[:60]}` is outside the calendar"
        raise ValueError(msg) from None


def moment_text(at: datetime, start: datetime) -> str:
    """An instant as a test's reader sees it: time from the start, and the clock of the start's zone."""
    offset = to_micros(at) - to_micros(start)
    sign = "" if offset < 0 else "+"
    local = at.astimezone(start.tzinfo)
    clock = local.isoformat(sep=" ") if local.date() != start.date() else local.time().isoformat()
    return f"{sign}{format_duration(offset)} ({clock})"


def _unknown(name: str, names: Mapping[str, datetime]) -> str:
    if not NAME.fullmatch(name):
        return f"`{name[:60]}` is not a moment; {_EXAMPLES}"
    if not names:
        return f"`{name[:60]}` is not a moment, none is named; {_EXAMPLES}"
    return unknown_word("a moment", name, names)
