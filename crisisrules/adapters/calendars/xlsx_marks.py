"""Writing marks into a workbook: cells of held rows are exchanged inside the sheet's own bytes.

Saving through a library would drop what it does not know (pictures, rules, notes). Here only the sheets
that change are packed anew, and in them only the cells.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.json_marks import held_rows
from crisisrules.adapters.calendars.plan import layout_by_name, numbered, plans_of
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.table_marks import marking_of
from crisisrules.adapters.calendars.xlsx_package import (
    RowSpan,
    SheetMap,
    column_letters,
    open_package,
    read_part,
    scan_sheet,
    sheet_parts,
)
from crisisrules.model.calendar import Calendar, Verdict

_SPANS = re.compile(rb'\sspans="[^"]*"')
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def mark_workbook(
    head: Head, rows: list[Row], calendar: Calendar, verdicts: Mapping[str, Verdict]
) -> bytes:
    """The workbook with the held rows marked; ``rows`` are its rows as they were read."""
    with head.open() as stream:
        data = stream.read()
    held = held_rows(calendar, verdicts)
    changes = _changes(head, rows, calendar, held) if held else {}
    if not changes:
        return data
    with open_package(head) as package:
        parts = sheet_parts(head, package)
        new = {
            parts[sheet][0]: _marked_sheet(head, package, parts[sheet][0], of_sheet)
            for sheet, of_sheet in changes.items()
        }
        result = BytesIO()
        with zipfile.ZipFile(result, "w") as packed:
            packed.comment = package.comment
            for part in package.infolist():
                content = new.get(part.filename)
                packed.writestr(
                    part,
                    read_part(head, package, part.filename) if content is None else content,
                    compress_type=part.compress_type,
                )
    return result.getvalue()


def _changes(
    head: Head, rows: list[Row], calendar: Calendar, held: Mapping[int, Verdict]
) -> dict[str, dict[int, dict[int, str]]]:
    """The new cells by sheet, row and column."""
    reading = Reading(source=head.source, identity=head.stem)
    plans = plans_of(rows, reading, layout_by_name(calendar.format), lambda _plan, _row: None)
    reading.raise_faults()
    data_rows = list(numbered(rows, plans))
    result: dict[str, dict[int, dict[int, str]]] = {}
    for sheet, plan in plans.items():
        own = [(number, row) for number, row, _ in data_rows if number and row.sheet == sheet]
        marking = marking_of(plan, [row for _, row in own])
        new: dict[int, dict[int, str]] = {}
        for number, row in own:
            if number in held and (changes := marking.changes(row, held[number].reason)):
                new.setdefault(row.line, {}).update(changes)
        if new:
            if marking.header:
                new[plan.header_line] = dict(marking.header)
            result[sheet or ""] = new
    return result


def _marked_sheet(
    head: Head, package: zipfile.ZipFile, part: str, new: Mapping[int, Mapping[int, str]]
) -> bytes:
    data = read_part(head, package, part)
    found = scan_sheet(head, data, part, frozenset(new))
    splices: list[tuple[int, int, bytes]] = []
    for number, cells in new.items():
        span = found.rows.get(number)
        if span is not None:
            splices += _row_splices(data, found, span, number, cells)
    if found.dimension is not None:
        # the size of the sheet is a hint that may be missing, and wrong once a column is added
        splices.append((*found.dimension, b""))
    pieces: list[bytes] = []
    position = 0
    for start, end, text in sorted(splices, key=lambda splice: splice[:2]):
        pieces += (data[position:start], text)
        position = end
    pieces.append(data[position:])
    return b"".join(pieces)


def _row_splices(
    data: bytes, sheet: SheetMap, span: RowSpan, number: int, cells: Mapping[int, str]
) -> list[tuple[int, int, bytes]]:
    prefix = sheet.prefix
    tag = data[span.start : span.inner]
    splices: list[tuple[int, int, bytes]] = []
    bare = _SPANS.sub(b"", tag)
    if span.end is None:
        every = b"".join(
            _cell(prefix, number, index + 1, text, None) for index, text in sorted(cells.items())
        )
        opened = bare[:-2] + b">" + every + f"</{prefix}row>".encode()
        return [(span.start, span.inner, opened)]
    if bare != tag:
        splices.append((span.start, span.inner, bare))
    last = max(span.cells, default=0)
    for index, text in sorted(cells.items()):
        column = index + 1
        present = span.cells.get(column)
        if present is not None:
            written = _cell(prefix, number, column, text, present.style)
            splices.append((present.start, present.end, written))
            continue
        after = min((other for other in span.cells if other > column), default=None)
        at = span.end if after is None else span.cells[after].start
        style = span.cells[last].style if last else None
        splices.append((at, at, _cell(prefix, number, column, text, style)))
    return splices


def _cell(prefix: str, row: int, column: int, text: str, style: str | None) -> bytes:
    """A cell that holds its own text, which is never a formula."""
    styled = f' s="{style}"' if style is not None and style.isdigit() else ""
    place = f"{column_letters(column)}{row}"
    if not text:
        return f'<{prefix}c r="{place}"{styled}/>'.encode()
    shown = escape(_ILLEGAL.sub("", text))
    return (
        f'<{prefix}c r="{place}"{styled} t="inlineStr"><{prefix}is>'
        f'<{prefix}t xml:space="preserve">{shown}</{prefix}t></{prefix}is></{prefix}c>'
    ).encode()
