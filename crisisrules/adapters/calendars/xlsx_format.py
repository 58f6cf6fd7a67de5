"""XLSX workbooks: every sheet that is a calendar, its rows read one after the other."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import BytesIO
from itertools import islice

import attrs

from crisisrules.adapters.calendars.extras import calendar_extra
from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.layouts import Layout
from crisisrules.adapters.calendars.plan import SAMPLE_ROWS, layout_by_name, plan_of
from crisisrules.adapters.calendars.reading import MAX_TEXT, Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.tables import table_items
from crisisrules.adapters.calendars.xlsx_marks import mark_workbook
from crisisrules.adapters.calendars.xlsx_package import (
    MAX_BYTES,
    SheetMap,
    open_package,
    read_part,
    scan_sheet,
    sheet_parts,
)
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict
from crisisrules.model.errors import InputError, Problem

with calendar_extra("XLSX"):
    # openpyxl guards its parsing of XML with it when it is there, and does not say when it is not
    import_module("defusedxml")
    import openpyxl

NAME = "xlsx"
_MAX_COLUMNS = 400
_MAX_FILLED = 100_000


@attrs.define(kw_only=True)
class _Sheet:
    """One sheet that is shown."""

    name: str
    map: SheetMap


def items(head: Head, reading: Reading) -> Iterator[CalendarItem]:
    """The items of all sheets that are calendars."""
    with open_package(head) as package:
        sheets = _sheets(head, package, reading)
    forced = layout_by_name(reading.format)
    rows = list(workbook_rows(head, sheets, lambda first: _is_calendar(first, forced)))
    reading.format = NAME
    yield from table_items(lambda: rows, reading, forced=forced)
    reading.format = NAME


def marked(head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
    """The workbook with the cells of held rows changed; every other part stays as it is."""
    with open_package(head) as package:
        sheets = _sheets(head, package, None)
        forced = layout_by_name(calendar.format)
        rows = list(workbook_rows(head, sheets, lambda first: _is_calendar(first, forced)))
    return mark_workbook(head, rows, calendar, verdicts)


def _is_calendar(first: list[Row], forced: Layout | None) -> bool:
    """Whether a plan can be made of the first rows of a sheet; why not is said when they are read."""
    return not isinstance(plan_of(first, Reading(source=""), forced), Problem)


def _sheets(head: Head, package: zipfile.ZipFile, reading: Reading | None) -> list[_Sheet]:
    found: list[_Sheet] = []
    for name, (part, shown) in sheet_parts(head, package).items():
        if not shown:
            if reading is not None:
                message = f"sheet `{name[:60]}` is hidden and is not read"
                reading.note("hidden-sheet", message, warning=True)
            continue
        if not part.endswith(".xml") or "worksheets" not in part:
            continue  # a sheet that is a chart
        data = read_part(head, package, part)
        known = scan_sheet(head, data, part, frozenset())
        if known.hidden_rows and reading is not None:
            reading.note(
                "hidden-rows",
                f"{len(known.hidden_rows)} hidden rows of sheet `{name[:60]}` are read like all others",
                min(known.hidden_rows),
            )
        found.append(_Sheet(name=name, map=known))
    return found


def workbook_rows(
    head: Head, sheets: list[_Sheet], wanted: Callable[[list[Row]], bool]
) -> Iterator[Row]:
    """The rows of the sheets that are not blank, with merged cells filled downwards.

    Of a sheet of whose first rows ``wanted`` says no, only these are read.

    Raises:
        InputError: the workbook is broken.
    """
    try:
        workbook = openpyxl.load_workbook(
            BytesIO(head.read(MAX_BYTES)), read_only=True, data_only=True, keep_links=False
        )
        for sheet in sheets:
            cells = workbook[sheet.name]
            # the size a sheet declares is often wrong, and rows would be cut at it
            cells.reset_dimensions()
            rows = _sheet_rows(cells.iter_rows(), sheet)
            first = list(islice(rows, SAMPLE_ROWS))
            yield from first
            if len(first) == SAMPLE_ROWS and wanted(first):
                yield from rows
        workbook.close()
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - the library raises whatever a broken file leads it to
        raise fault(
            head.source,
            "broken-workbook",
            "the workbook is broken: its cells cannot be read; save it anew",
        ) from None


def _sheet_rows(rows: Iterable[Sequence[object]], sheet: _Sheet) -> Iterator[Row]:
    filled = _Merged(sheet.map)
    for number, row in enumerate(rows, start=1):
        texts = [_text(cell) for cell in row[:_MAX_COLUMNS]]
        texts = filled.down(number, texts)
        if any(texts):
            struck = frozenset(
                index for index, cell in enumerate(row[:_MAX_COLUMNS]) if _struck(cell)
            )
            yield Row(cells=texts, line=number, sheet=sheet.name, struck=struck)


class _Merged:
    """Fills cells that are merged over several rows: the rows below the first hold nothing themselves."""

    def __init__(self, sheet: SheetMap) -> None:
        self._values: dict[tuple[int, int], str] = {}
        self._above: dict[int, list[tuple[int, int]]] = {}
        left_to_fill = _MAX_FILLED
        for left, top, _, bottom in sheet.merged:
            if top < bottom and bottom - top < left_to_fill and left <= _MAX_COLUMNS:
                left_to_fill -= bottom - top
                for row in range(top, bottom + 1):
                    self._above.setdefault(row, []).append((left, top))

    def down(self, number: int, texts: list[str]) -> list[str]:
        """The cells of a row with what is merged into it; a row with no cell of its own stays blank."""
        own = any(texts)
        for left, top in self._above.get(number, ()):
            if number == top:
                self._values[left, top] = texts[left - 1] if left <= len(texts) else ""
            elif own:
                texts += [""] * (left - len(texts))
                texts[left - 1] = texts[left - 1] or self._values.get((left, top), "")
        return texts


def _text(cell: object) -> str:
    value: object = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, str):
        # cells carry characters that XML cannot hold as _x000D_
        return value.replace("_x000D_", "\r")[: MAX_TEXT + 1].strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return _moment(value, str(getattr(cell, "number_format", "")))
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _moment(value: datetime, number_format: str) -> str:
    # a day number is a binary fraction: 09:00 may come as 08:59:59.999
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    if rounded.time() == time() and "h" not in number_format.lower():
        return f"{rounded:%Y-%m-%d}"
    return f"{rounded:%Y-%m-%d %H:%M:%S}"


def _struck(cell: object) -> bool:
    if not isinstance(getattr(cell, "value", None), str) or not getattr(cell, "has_style", False):
        return False
    return bool(getattr(getattr(cell, "font", None), "strike", False))
