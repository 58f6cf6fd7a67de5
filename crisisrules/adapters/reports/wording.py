"""How numbers, durations, instants and quotations are written, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from crisisrules.model.durations import DAY, HOUR, MINUTE, SECOND

LANGUAGES: Final = ("en", "fr")

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
