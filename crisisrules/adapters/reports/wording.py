"""How numbers, durations, instants and quotations are written, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from crisisrules.model.durations import DAY, HOUR, MINUTE, SECOND

LANGUAGES: Final = ("en", "fr")

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
_THIN: Final = "\u202f"
_HARD: Final = "\u00a0"


def said(texts: Mapping[str, str], language: str) -> str:
    """The sentence in this language, else in English, else in any there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def zone_of(name: str | None) -> tzinfo | None:
    """The zone of this name; None, also for a name that is none, keeps each instant in its own."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


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


def duration(micros: int, language: str) -> str:
    """A duration to the minute, ``3 h 28``, ``45 min``, ``2 d 4 h``; to the second below a minute."""
    if micros < 0:
        return "-" + duration(-micros, language)
    if micros < MINUTE:
        return f"{micros // SECOND} s"
    days, rest = divmod(micros, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        letter = "j" if language == "fr" else "d"
        return f"{days} {letter}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes:02}" if minutes else "")
    return f"{minutes} min"


def number(value: int, language: str) -> str:
    """A whole number with its thousands apart: ``3,100`` or ``3 100``."""
    return f"{value:,}".replace(",", _THIN) if language == "fr" else f"{value:,}"


def counted(value: int, one: str, many: str, language: str) -> str:
    """A number with its noun; in French zero is singular."""
    single = value <= 1 if language == "fr" else value == 1
    return f"{number(value, language)} {one if single else many}"


def quoted(text: str, language: str, longest: int = 90) -> str:
    """A text between the quotation marks of the language, cut at a word when it is long."""
    one_line = " ".join(text.split())
    if len(one_line) > longest:
        kept = one_line[: longest - 1]
        head, space, _ = kept.rpartition(" ")
        one_line = (head if space and len(head) > longest // 2 else kept).rstrip(" ,;:.") + "…"
    return f"«{_HARD}{one_line}{_HARD}»" if language == "fr" else f"“{one_line}”"
