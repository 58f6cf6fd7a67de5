"""The formats of calendars that are known: our own, and those that installed packages bring.

A package adds a format by an entry point of the group ``crisisrules.calendars`` that names an object, or a
class without arguments, with the methods of :class:`CalendarFormat`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

import attrs

from crisisrules.adapters.calendars.delimited_format import DelimitedFormat
from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.json_formats import JSON_FORMATS
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

GROUP = "crisisrules.calendars"


@runtime_checkable
class CalendarFormat(Protocol):
    """One way to write a calendar down.

    Attributes:
        name: what ``format=`` and the report call it.
        names: further names it answers to, such as the layouts of a table; ``name`` among them.
    """

    @property
    def name(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]: ...

    def fit(self, head: Head) -> int:
        """How well a file fits by its first bytes: 0 not at all; the highest of all formats reads it.

        Our own formats answer 10 for a container or syntax that anything may be in, 20 for a tool's
        own keys.
        """
        ...

    def items(self, head: Head, reading: Reading) -> Iterator[CalendarItem]:
        """The items of the file; faults and notes go to ``reading``, and only it raises."""
        ...

    def marked(self, head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
        """The content with the held items marked, byte for byte as it was in everything else.

        Raises:
            InputError: this format cannot be written back.
        """
        ...


@attrs.frozen(kw_only=True)
class _Lazy:
    """A format whose module, with the functions ``items`` and ``marked``, needs a library of an extra.

    It is imported when such a file is read, so that a CSV can be read without it.
    """

    name: str
    module: str
    recognises: Callable[[Head], int]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def fit(self, head: Head) -> int:
        return self.recognises(head)

    def items(self, head: Head, reading: Reading) -> Iterator[CalendarItem]:
        found: Iterator[CalendarItem] = import_module(self.module).items(head, reading)
        return found

    def marked(self, head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
        written: bytes = import_module(self.module).marked(head, calendar, verdicts)
        return written


def _is_ics(head: Head) -> int:
    return 30 if not head.binary and head.start[:15].upper() == "BEGIN:VCALENDAR" else 0


def _is_container(head: Head) -> int:
    # a zip archive or OLE container; what it really is shows when it is opened
    return 30 if head.binary else 0


_OWN: tuple[CalendarFormat, ...] = (
    DelimitedFormat(),
    *JSON_FORMATS,
    _Lazy(name="ics", module="crisisrules.adapters.calendars.ics_format", recognises=_is_ics),
    _Lazy(
        name="xlsx", module="crisisrules.adapters.calendars.xlsx_format", recognises=_is_container
    ),
)


def formats() -> tuple[CalendarFormat, ...]:
    """Every format that is known, our own first.

    Raises:
        UsageError: an installed package offers what is no format.
    """
    found: list[CalendarFormat] = list(_OWN)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            offered = point.load()
            if isinstance(offered, type):
                offered = offered()
        except Exception as error:
            raise _bad_plug_in(point.value, f"it does not load ({type(error).__name__})") from error
        if not isinstance(offered, CalendarFormat):
            raise _bad_plug_in(point.value, "it has not the methods of a calendar format")
        found.append(offered)
    return tuple(found)


def _bad_plug_in(value: str, reason: str) -> UsageError:
    return UsageError(
        Problem(Place(GROUP), "bad-calendar-format", f"`{value}` cannot be used: {reason}")
    )


def format_of(head: Head, name: str | None) -> CalendarFormat | None:
    """The format called ``name``, else the one that fits the file best; None when none fits.

    Raises:
        UsageError: there is no format of that name.
    """
    known = formats()
    if name is None:
        best = max(known, key=lambda one: one.fit(head))
        return best if best.fit(head) > 0 else None
    for one in known:
        if name in one.names:
            return one
    names = sorted({word for one in known for word in one.names})
    message = unknown_word("a calendar format", name, names, limit=40)
    raise UsageError(Problem(Place("--calendar-format"), "unknown-format", message))
