"""Instants as people read them: the hour, the day, in a zone and a language."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_DAYS: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
}
_MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}


def zone_named(name: str | None) -> tzinfo:
    """The zone of a name; UTC for none, and for a name that this machine knows no zone of."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def at_zone(at: datetime, zone: tzinfo | None) -> datetime:
    """The instant as the clocks of the zone show it."""
    return at if zone is None else at.astimezone(zone)


def hour(at: datetime, zone: tzinfo | None) -> str:
    """The time of day, ``15:45``; with seconds when there are some."""
    local = at_zone(at, zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def day(at: datetime, zone: tzinfo | None, language: str, *, year: bool = False) -> str:
    """The day, ``Fri 6 July`` or ``ven. 6 juillet``."""
    local = at_zone(at, zone)
    number = "1er" if language == "fr" and local.day == 1 else str(local.day)
    words = [_DAYS[language][local.weekday()], number, _MONTHS[language][local.month - 1]]
    return " ".join([*words, str(local.year)] if year else words)


def moment(at: datetime, zone: tzinfo | None, language: str, beside: datetime | None = None) -> str:
    """Day and time; the time alone when it is on the day of ``beside``."""
    local = at_zone(at, zone)
    if beside is not None and at_zone(beside, zone).date() == local.date():
        return hour(at, zone)
    return f"{day(at, zone, language)} {hour(at, zone)}"
