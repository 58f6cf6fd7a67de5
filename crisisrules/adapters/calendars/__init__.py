"""Calendars of scheduled content, from the files that tools and teams really have, and back.

:func:`read_calendar` reads any of the known formats and says what it had to guess;
:func:`iterate_calendar` does the same without keeping the items; :func:`write_calendar` marks in the
file what must be held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from crisisrules.adapters.calendars.allowances import allowances_of, read_allowances
from crisisrules.adapters.calendars.baseline import baseline_text, read_baseline
from crisisrules.adapters.calendars.formats import CalendarFormat, format_of
from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict

__all__ = [
    "CalendarFormat",
    "Reading",
    "allowances_of",
    "baseline_text",
    "iterate_calendar",
    "read_allowances",
    "read_baseline",
    "read_calendar",
    "write_calendar",
]


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
    file = CalendarFile(path, timezone=timezone, format=format, as_of=as_of)
    return file.calendar(tuple(file.items()))


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
    yield from CalendarFile(path, timezone=timezone, format=format, as_of=as_of).items()


def write_calendar(
    calendar: Calendar,
    verdicts: Mapping[str, Verdict],
    source: bytes | str | Path,
) -> bytes:
    """The file that ``calendar`` was read from, with the held items marked as its tool marks them.

    Everything else stays as it is: byte for byte, but for a workbook, whose sheets are packed anew. Only
    verdicts of ``hold`` change anything; doing it twice is the same as doing it once.

    Args:
        calendar: what :func:`read_calendar` read from ``source``.
        verdicts: by the identity of the item.
        source: the bytes of that file, or its path.

    Raises:
        InputError: the file cannot be read any more, or its format cannot be written.
    """
    content = source if isinstance(source, bytes) else Path(source)
    head = Head.of(content, calendar.source)
    found = format_of(head, calendar.format)
    if found is None:
        raise fault(head.source, "not-a-calendar", "this is of no format that is known")
    return found.marked(head, calendar, verdicts)


class CalendarFile:
    """A calendar that is read item by item, again from its start each time it is asked for.

    Args:
        path: the file.
        timezone, format, as_of: as :func:`read_calendar` takes them.

    Raises:
        InputError: the file cannot be opened or is of no known format.
        UsageError: no such format.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        timezone: str | None = None,
        format: str | None = None,  # noqa: A002 - the public word
        as_of: datetime | None = None,
    ) -> None:
        self._head = Head.of(Path(path))
        found = format_of(self._head, format)
        if found is None:
            raise fault(
                self._head.source,
                "not-a-calendar",
                "this is of no format that is known; allowed: CSV, TSV, XLSX, iCalendar and JSON",
            )
        self._format, self._name = found, format
        self._timezone, self._as_of = timezone, as_of
        self._reading = self._begin()

    def _begin(self) -> Reading:
        return Reading(
            source=self._head.source,
            identity=self._head.stem,
            zone_name=self._timezone,
            as_of=self._as_of,
            format=self._name or self._format.name,
        )

    def items(self) -> Iterator[CalendarItem]:
        """All items; faults are raised at the end, all at once.

        Raises:
            InputError: as :func:`read_calendar`.
        """
        self._reading = self._begin()
        count = 0
        for item in self._format.items(self._head, self._reading):
            count += 1
            yield item
        self._reading.raise_faults()
        if not count:
            message = "no post was read: the file holds none, so there is nothing to check"
            raise fault(self._head.source, "no-items", message)

    def calendar(self, items: tuple[CalendarItem, ...] = ()) -> Calendar:
        """What the last reading told of the file as a whole, with the items given."""
        return self._reading.calendar(items)
