"""Durations as people write them (``90m``, ``2h30m``, ``14d``) and instants with an offset.

Inside the engine an instant is a whole number of microseconds since 1970-01-01T00:00Z and a duration a
whole number of microseconds: exact, ordered, and fast to compare.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_DURATION = re.compile(
    r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?"
)
_SPOKEN = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([a-zé]+)[\s,]*(?:and |et )?")
_WORDS = {
    word: unit
    for unit, words in {
        WEEK: "w week weeks semaine semaines",
        DAY: "d day days j jour jours",
        HOUR: "h hr hrs hour hours heure heures",
        MINUTE: "m min mins mn minute minutes",
        SECOND: "s sec secs second seconds seconde secondes",
    }.items()
    for word in words.split()
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_duration(text: str) -> int:
    """Microseconds of a duration such as ``90m``, ``2h30m`` or ``14d``.

    Raises:
        ValueError: not a duration; the text says what is missing.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        if text.strip().isdigit():
            msg = f"`{text}` has no unit, write `{text.strip()}m` for minutes"
            raise ValueError(msg)
        meant = _meant(text)
        advice = f"write `{meant}`" if meant else "write for example `45s`, `90m`, `2h30m` or `14d`"
        msg = f"`{text[:60]}` is not a duration; {advice}"
        raise ValueError(msg)
    return sum(
        int(count) * unit
        for count, unit in zip(match.groups(), _UNITS.values(), strict=True)
        if count is not None
    )


def _meant(text: str) -> str | None:
    """How a duration in words (``30 min``, ``2 hours``, ``1.5 h``, ``1h30``) is written here."""
    total = 0.0
    rest = text.strip().lower()[:60]
    while match := _SPOKEN.match(rest):
        count, word = match.groups()
        if word not in _WORDS:
            return None
        total += float(count.replace(",", ".")) * _WORDS[word]
        rest = rest[match.end() :]
        if _WORDS[word] == HOUR and re.fullmatch(r"\d{2}", rest):
            rest += "m"
    return format_duration(int(total)) if total and not rest else None


def format_duration(value: int) -> str:
    """The shortest text that :func:`parse_duration` reads back; parts of a second are dropped."""
    if value < 0:
        return "-" + format_duration(-value)
    rest, parts = value, []
    for name, unit in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)):
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{name}")
    return "".join(parts) or "0s"


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with an offset.

    Raises:
        ValueError: not a date and time, or no offset.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        msg = f"`{text[:60]}` is not a date and time; write for example `2026-03-02T08:00:00+01:00`"
        raise ValueError(msg) from None
    if value.tzinfo is None:
        msg = f"`{text[:60]}` has no offset; add `Z` or for example `+01:00`"
        raise ValueError(msg)
    return value


def to_micros(value: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware datetime."""
    delta = value - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def from_micros(value: int, zone: tzinfo = UTC) -> datetime:
    """The aware datetime of a number of microseconds since 1970-01-01T00:00Z."""
    return (_EPOCH + timedelta(microseconds=value)).astimezone(zone)
