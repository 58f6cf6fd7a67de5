"""Writing marks into a delimited file: cells are replaced in place, no other character is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crisisrules.adapters.calendars.delimited import cell_starts, rows_of
from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.json_marks import held_rows
from crisisrules.adapters.calendars.plan import layout_by_name, numbered, plans_of
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.table_marks import marking_of
from crisisrules.model.calendar import Calendar, Verdict

_LINE_END = re.compile(r"[\r\n]*$")


def mark_rows(head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
    """The file as bytes of its own encoding, with the held rows marked.

    Rows that are not held stay byte for byte, even where the header gains a column.
    """
    with head.open() as stream:
        data = stream.read()
    held = held_rows(calendar, verdicts)
    if not held:
        return data
    with head.open() as stream:
        rows = list(rows_of(head, stream))
    reading = Reading(source=head.source, identity=head.stem)
    plans = plans_of(rows, reading, layout_by_name(calendar.format), lambda _plan, _row: None)
    reading.raise_faults()
    plan = plans[None]
    data_rows = list(numbered(rows, plans))
    marking = marking_of(plan, [row for number, row, _ in data_rows if number])
    new: dict[int, dict[int, str]] = {}
    for number, row, _ in data_rows:
        if number in held and (cells := marking.changes(row, held[number].reason)):
            new.setdefault(row.line, {}).update(cells)
    if not new:
        return data
    if marking.header:
        new[plan.header_line] = dict(marking.header)
    text = _decoded(head, data)
    pieces: list[str] = []
    position = 0
    for row in rows:
        # rows come in the order of the file, so the next text like it is the row itself
        at = text.index(row.raw, position)
        changes = new.get(row.line)
        written = row.raw if changes is None else _changed(row, changes, head.delimiter)
        pieces += (text[position:at], written)
        position = at + len(row.raw)
    pieces.append(text[position:])
    return _encoded(head, data, "".join(pieces))


def _decoded(head: Head, data: bytes) -> str:
    return data.decode(head.encoding).removeprefix("\ufeff")


def _encoded(head: Head, data: bytes, text: str) -> bytes:
    if data.startswith(b"\xff\xfe"):
        return b"\xff\xfe" + text.encode("utf-16-le", "replace")
    if data.startswith(b"\xfe\xff"):
        return b"\xfe\xff" + text.encode("utf-16-be", "replace")
    # a reason may hold a character that Windows' encoding has not; the rest came out of it
    return text.encode(head.encoding, "replace")


def _changed(row: Row, changes: Mapping[int, str], delimiter: str) -> str:
    """The raw text of a row with some cells replaced, and cells added where it is too short."""
    body = _LINE_END.sub("", row.raw)
    cells = [body[start:end] for start, end in cell_starts(row.raw, delimiter)]
    filled = [cell for cell in cells if cell]
    always = bool(filled) and all(cell.startswith('"') for cell in filled)
    for index, text in changes.items():
        cells += [""] * (index + 1 - len(cells))
        cells[index] = _written(text, delimiter, always=always)
    return delimiter.join(cells) + row.raw[len(body) :]


def _written(text: str, delimiter: str, *, always: bool) -> str:
    if always or any(char in text for char in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
