"""Time zones by name, and what the clock change does to a local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from crisisrules.model.errors import unknown_word

_UTC_NAMES = frozenset({"utc", "z", "gmt", "etc/utc", "utc+0", "universal"})


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=256)
def zone_by_name(name: str) -> tzinfo:
    """The zone of a name such as ``Europe/Paris``, whatever its case, or of a Windows zone name.

    Raises:
        ValueError: there is no such zone; the text names the nearest.
    """
    word = name.strip()
    folded = word.casefold().replace(" ", "_")
    if folded in _UTC_NAMES:
        return UTC
    known = _names().get(folded)
    if known is not None and folded != "localtime":
        return ZoneInfo(known)
    windows = _windows_names().get(word.casefold())
    if windows is not None and windows.casefold() in _names():
        return ZoneInfo(windows)
    cities = {full.rsplit("/", 1)[-1]: full for low, full in _names().items() if "/" in low}
    same_city = next((full for city, full in cities.items() if city.casefold() == folded), None)
    if same_city is not None:
        message = f"`{word[:60]}` is not a time zone; did you mean `{same_city}`?"
        raise ValueError(message)
    message = unknown_word("a time zone", word, available_timezones())
    if not message.endswith("?"):
        message += "; write a name such as `Europe/Paris`"
    raise ValueError(message)


def _windows_names() -> dict[str, str]:
    try:
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
    except ImportError:
        return {}
    return {windows.casefold(): olson for windows, olson in WINDOWS_TO_OLSON.items()}


class Placed(NamedTuple):
    """A local time put into its zone: the instant, and what the clock change did to it."""

    at: datetime
    missing: bool = False
    twice: bool = False


def place_in(local: datetime, zone: tzinfo) -> Placed:
    """``local`` (naive) in ``zone``.

    A time skipped by the clock change is moved ahead by the gap; of a time that comes twice, the
    first is taken: a post held too early harms less than one held too late.
    """
    at = local.replace(tzinfo=zone)
    if isinstance(zone, timezone):
        return Placed(at)
    first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
    if first == second:
        return Placed(at)
    there_and_back = (local - (first or timedelta())).replace(tzinfo=UTC).astimezone(zone)
    if there_and_back.replace(tzinfo=None) != local:
        return Placed(there_and_back, missing=True)
    return Placed(at, twice=True)


_MONTH_FIRST = (
    *("US/", "Pacific/Honolulu", "America/Indiana/", "America/Kentucky/", "America/New_York"),
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
    *("America/Detroit", "America/Boise", "America/Anchorage", "America/Juneau"),
)


def writes_month_first(zone: tzinfo | None) -> bool:
    """True for zones of the United States, where 3/4 is the fourth of March."""
    return str(zone).startswith(_MONTH_FIRST)
