"""Calendars of scheduled content, from the files that tools and teams really have, and back.

:func:`read_calendar` reads any of the known formats and says what it had to guess;
:func:`iterate_calendar` does the same without keeping the items.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from crisisrules.adapters.calendars.formats import CalendarFormat, format_of
from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.model.calendar import Calendar, CalendarItem

__all__ = ["CalendarFormat", "Reading", "iterate_calendar", "read_calendar"]


def read_calendar(
    path: str | Path,
    *,
    timezone: str | None = None,
    format: str | None = None,  # noqa: A002 - the public word
    as_of: datetime | None = None,
) -> Calendar:
    """All items of the calendar in the file ``path``.

    Args:
        timezone: zone of times that carry none, such as ``Europe/Paris``; hardly a CSV names its own.
        format: name of the format; recognised from the content when not given.
        as_of: when the calendar is looked at; settles missing years and how far a series is followed.

    Raises:
        InputError: with every fault found: unreadable, of no known format, or without what is needed.
        UsageError: no such format.
    """
    reading, items = _opened(Path(path), timezone, format, as_of)
    return reading.calendar(items)


def iterate_calendar(
    path: str | Path,
    *,
    timezone: str | None = None,
    format: str | None = None,  # noqa: A002 - the public word
    as_of: datetime | None = None,
) -> Iterator[CalendarItem]:
    """The items one by one, as :func:`read_calendar` reads them; faults are raised at the end.

    Raises:
        InputError: as :func:`read_calendar`.
    """
    reading, items = _opened(Path(path), timezone, format, as_of)
    yield from items
    reading.raise_faults()


def _opened(
    path: Path, timezone: str | None, name: str | None, as_of: datetime | None
) -> tuple[Reading, Iterator[CalendarItem]]:
    head = Head.of(path)
    found = format_of(head, name)
    if found is None:
        raise fault(
            head.source,
            "not-a-calendar",
            "this is of no format that is known; allowed: CSV, TSV, XLSX, iCalendar and JSON",
        )
    reading = Reading(
        source=head.source,
        identity=head.stem,
        zone_name=timezone,
        as_of=as_of,
        format=name or found.name,
    )
    return reading, found.items(head, reading)
