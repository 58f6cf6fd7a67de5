"""CSV and TSV as a calendar format, with the layouts of all tools that exchange such tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crisisrules.adapters.calendars.delimited import rows_of
from crisisrules.adapters.calendars.delimited_marks import mark_rows
from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.layouts import BY_NAME
from crisisrules.adapters.calendars.plan import layout_by_name
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.tables import table_items
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows cp1252",
}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class DelimitedFormat:
    """Tables of text: anything that is neither a container nor JSON nor iCalendar may be one."""

    name = "csv"
    names = tuple(BY_NAME)

    def fit(self, head: Head) -> int:
        """Any text, but nothing that another syntax claims."""
        return 0 if head.binary else 5

    def items(self, head: Head, reading: Reading) -> Iterator[CalendarItem]:
        """The items of a delimited file, streamed: only what one row holds is in memory."""
        delimiter = head.delimiter
        reading.note(
            "read-as",
            f"read as {_ENCODINGS[head.encoding]}, cells divided by"
            f" {_DELIMITERS.get(delimiter, f'`{delimiter}`')}",
        )

        def rows() -> Iterator[Row]:
            with head.open() as stream:
                yield from rows_of(head, stream)

        forced = layout_by_name(reading.format)
        reading.format = self.name
        yield from table_items(rows, reading, delimiter=delimiter, forced=forced)

    def marked(self, head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
        """The file with the cells of held rows changed, in its own encoding."""
        return mark_rows(head, calendar, verdicts)
