"""Rows of a table become items: one for each network a row names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from itertools import groupby, islice

import attrs

from crisisrules.adapters.calendars import words, zones
from crisisrules.adapters.calendars.delimited import text_place
from crisisrules.adapters.calendars.layouts import Layout
from crisisrules.adapters.calendars.moments import (
    OPEN,
    Moment,
    joined,
    month_and_year,
    read_date,
    read_hour,
)
from crisisrules.adapters.calendars.plan import SAMPLE_ROWS, Plan, Row, plan_of
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.schedules import NEVER, Instant, Schedule
from crisisrules.model.calendar import CalendarItem
from crisisrules.model.vocabulary import POST_KINDS

HELD = "HOLD"
"""Stands before the date of a held row in tables that have no column for a state."""

_MOJIBAKE = re.compile("Ã[\u0080-\u00bf©¨ªà\u2039]|â€[™œ“”¦\u009d]|Â[ \u00a0«»°]")
_URL = re.compile(r"https?://[^\s\"<>]+")
# as a person would write the kind; only words that ask for more care, never for less
_KINDS: dict[str, str] = {
    **{kind: kind for kind in POST_KINDS},
    **{kind.replace("_", " "): kind for kind in POST_KINDS},
    "promo": "promotional",
    "promotion": "promotional",
    "promotionnel": "promotional",
    "jeu": "contest",
    "concours": "contest",
    "jeu concours": "contest",
    "jeu-concours": "contest",
    "giveaway": "contest",
    "produit": "product",
    "humour": "lifestyle",
    "inspiration": "lifestyle",
    "engagement": "lifestyle",
}


@attrs.frozen(kw_only=True)
class _Cells:
    """The cells of one row by role."""

    row: Row
    plan: Plan

    def of(self, role: str) -> str:
        index = self.plan.index(role)
        return "" if index is None else self.at(index)

    def at(self, index: int) -> str:
        return self.row.cells[index].strip() if index < len(self.row.cells) else ""

    def every(self, role: str) -> list[str]:
        return [
            self.at(i) for i, known in enumerate(self.plan.roles) if known == role and self.at(i)
        ]

    def starting(self, prefix: str) -> list[tuple[str, str]]:
        return [
            (role.removeprefix(prefix), self.at(index))
            for index, role in enumerate(self.plan.roles)
            if role is not None and role.startswith(prefix)
        ]


def table_items(
    rows: Callable[[], Iterable[Row]],
    reading: Reading,
    *,
    delimiter: str = "",
    forced: Layout | None = None,
) -> Iterator[CalendarItem]:
    """The items of a table; ``rows`` is asked twice, once for the dates and once for the items.

    A workbook gives the rows of several sheets one after the other; each has its own header.
    """
    plans: dict[str | None, Plan | None] = {}
    schedules: dict[str | None, Schedule] = {}
    file_year = month_and_year(reading.identity)[1]
    for sheet, sheet_rows in groupby(rows(), key=lambda row: row.sheet):
        of_sheet = iter(sheet_rows)
        first = list(islice(of_sheet, SAMPLE_ROWS))
        plan = plans[sheet] = plan_of(first, reading, forced)
        year = (month_and_year(sheet)[1] if sheet else None) or file_year
        schedule = schedules[sheet] = Schedule(reading=reading, year=year)
        if plan is None:
            continue
        schedule.month_first = plan.layout.month_first or zones.writes_month_first(reading.zone)
        _weigh_all(first, plan, schedule)
        _weigh_all(of_sheet, plan, schedule)
        schedule.settle()
    layouts = {plan.layout.name for plan in plans.values() if plan is not None}
    reading.format = layouts.pop() if len(layouts) == 1 else reading.format
    if None in plans.values():
        return
    for row in rows():
        plan = plans[row.sheet]
        if plan is not None and row.line > plan.header_line and not reading.hopeless:
            yield from _items(_Cells(row=row, plan=plan), schedules[row.sheet], delimiter)


def _weigh_all(rows: Iterable[Row], plan: Plan, schedule: Schedule) -> None:
    index = plan.index("when"), plan.index("date")
    for row in rows:
        if row.line <= plan.header_line:
            continue
        for column in index:
            if column is not None and column < len(row.cells):
                cell = row.cells[column].strip()
                moment = read_date(_unheld(cell)) if cell else None
                if moment is not None:
                    schedule.weigh(moment, cell, row.line)


def _items(cells: _Cells, schedule: Schedule, delimiter: str) -> Iterator[CalendarItem]:
    reading, row, plan = schedule.reading, cells.row, cells.plan
    if _is_heading(cells, schedule):
        return
    reading.rows += 1
    number = reading.rows
    zone = _zone(cells, reading)
    instant = _instant(cells, schedule, zone)
    state, approved = _state(cells, reading, instant)
    copies = _copies(cells)
    links = tuple(link for cell in cells.every("link") for link in words.listed(cell))
    alts = tuple(alt.strip() for cell in cells.every("alt") for alt in cell.split("||"))
    media = [part for cell in cells.every("media") for part in words.listed(cell)]
    given = cells.of("id")
    pages = _pages(cells, reading)
    count = sum(len(pages if page is None else (page,)) for page, _, _ in copies)
    for only_page, text, index in copies:
        line, column = text_place(row, delimiter, index) if index is not None else (row.line, None)
        _note_text(text, reading, line, column)
        for page in pages if only_page is None else (only_page,):
            if given:
                name = given if count == 1 else f"{given}:{page or ''}"
                item = reading.unique(name)
            else:
                item = reading.identify(page, instant.at, text)
            yield CalendarItem(
                item=item,
                row=number,
                line=row.line,
                column=column if line == row.line else None,
                page=page,
                account=cells.of("account") or None,
                publish_at=instant.at,
                all_day=instant.all_day,
                sheet=row.sheet,
                text=text or None,
                kind=_KINDS.get(words.fold(cells.of("kind") or cells.of("surface"))),
                surface=words.surface(cells.of("surface")),
                state=state,
                approved=approved,
                language=cells.of("language").lower() or None,
                links=links or tuple(_URL.findall(text)),
                media_alts=alts or (None,) * len(media),
                thread=tuple(
                    part.strip() for part in cells.of("first_comment").split("||") if part.strip()
                ),
                tags=tuple(tag for cell in cells.every("tags") for tag in words.listed(cell)),
                owner=cells.of("owner") or None,
                cleared_by=_cleared_by(cells),
                allow=cells.of("allow") or None,
                title=cells.of("title") or None,
                fields=tuple(
                    (header, cells.at(index))
                    for index, header in enumerate(plan.header)
                    if plan.roles[index] is None and header and cells.at(index)
                ),
            )


def _is_heading(cells: _Cells, schedule: Schedule) -> bool:
    """A row that divides the table (`Semaine 10`, `MARS 2026`, the header once more), no item."""
    row, plan = cells.row, cells.plan
    filled = [index for index, cell in enumerate(row.cells) if cell.strip()]
    if plan.header and tuple(cell.strip() for cell in row.cells) == plan.header:
        return True
    if len(filled) != 1 or len(plan.header) < 3:
        return False
    role = plan.roles[filled[0]] if filled[0] < len(plan.roles) else None
    if role is not None and role.startswith("text"):
        return False
    cell = row.cells[filled[0]].strip()
    if role in ("when", "date"):
        moment = read_date(cell)
        if moment is not None and not (moment.open or moment.prompt):
            return False
    schedule.year = month_and_year(cell)[1] or schedule.year
    schedule.reading.note_once(
        "heading-row", f"`{cell[:40]}` stands alone in its row and is read as a heading", row.line
    )
    return True


def _unheld(cell: str) -> str:
    return cell[len(HELD) :].strip() if cell.startswith(HELD) else cell


def _zone(cells: _Cells, reading: Reading) -> tzinfo | None:
    name = cells.of("zone")
    if not name:
        return None
    try:
        return zones.zone_by_name(name)
    except ValueError as error:
        reading.fault("unknown-zone", str(error), cells.row.line)
        return None


def _instant(cells: _Cells, schedule: Schedule, zone: tzinfo | None) -> Instant:
    line = cells.row.line
    hour_cell = cells.of("time")
    hour = read_hour(hour_cell) if hour_cell else OPEN
    if hour is None:
        whole = read_date(hour_cell)
        if whole is None or whole.hour is None:
            schedule.reading.fault(
                "unreadable-hour",
                f"`{hour_cell[:60]}` is not an hour; write for example `09:30` or `9h30`",
                line,
            )
            return NEVER
        hour = whole
    for role in ("when", "date"):
        cell = _unheld(cells.of(role))
        if not cell:
            continue
        moment = read_date(cell)
        if moment is None:
            schedule.reading.fault(
                "unreadable-date",
                f"`{cell[:60]}` is not a date; write for example `2026-03-31 09:00`",
                line,
            )
            return NEVER
        if moment.open:
            continue
        shown = f"{cell} {hour_cell}".strip()
        return schedule.instant(joined(moment, hour), cell=shown[:80], line=line, zone=zone)
    return _split_instant(cells, schedule, zone)


def _split_instant(cells: _Cells, schedule: Schedule, zone: tzinfo | None) -> Instant:
    parts = [cells.of(role) for role in ("year", "month", "day", "hour", "minute")]
    if not all(parts[:3]):
        return NEVER
    shown = "-".join(parts[:3]) + " " + ":".join(part for part in parts[3:] if part)
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts if part):
        schedule.reading.fault(
            "unreadable-date", f"`{shown[:60]}` is not a date in numbers", cells.row.line
        )
        return NEVER
    year, month, day, hour, minute = (int(part or 0) for part in parts)
    if hour > 23 or minute > 59:
        schedule.reading.fault("unreadable-hour", f"`{shown}` has no such hour", cells.row.line)
        return NEVER
    moment = Moment(year=year, first=day, second=month, hour=hour, minute=minute)
    return schedule.instant(moment, cell=shown, line=cells.row.line, zone=zone)


def _state(cells: _Cells, reading: Reading, instant: Instant) -> tuple[str, bool | None]:
    state: str | None = None
    approved: bool | None = None
    cell = cells.of("status")
    if cell:
        meaning = words.status(cell)
        if meaning is None:
            reading.note_once(
                f"status-{words.fold(cell)[:40]}",
                f"`{cell[:40]}` is no state that is known; the item is read as scheduled",
                cells.row.line,
                warning=True,
            )
        else:
            state, approved = meaning
    ticked = words.flag(cells.of("approved")) if cells.of("approved") else None
    approved = approved if ticked is None else ticked
    if words.flag(cells.of("draft")):
        state = "draft"
    if any(cells.of(role).startswith(HELD) for role in ("when", "date")):
        state = "held"
    if cells.row.struck:
        state = "cancelled"
    if instant.at is None and state in (None, "scheduled"):
        # without a date it is a draft, a queue slot or still to be planned
        state = "draft"
    return state or "scheduled", approved


def _copies(cells: _Cells) -> list[tuple[str | None, str, int | None]]:
    """The texts of a row as (network or None for all that the row names, text, column index)."""
    result: list[tuple[str | None, str, int | None]] = []
    for index, role in enumerate(cells.plan.roles):
        if role is None or not cells.at(index):
            continue
        if role == "text":
            result.insert(0, (None, _text(cells, index), index))
        elif role.startswith("text:"):
            result.append((role.removeprefix("text:"), _text(cells, index), index))
    if result:
        return result
    title = cells.plan.index("title")
    return [(None, cells.of("title"), title)]


def _text(cells: _Cells, index: int) -> str:
    text = cells.row.cells[index].strip()
    # the apostrophe that keeps a spreadsheet from reading the cell as a formula is not part of the post
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" and len(text) > 1 else text


def _pages(cells: _Cells, reading: Reading) -> tuple[str | None, ...]:
    named = words.networks(cells.of("network"))
    flags = cells.starting("network:")
    ticked = tuple(page for page, cell in flags if words.flag(cell))
    if named or ticked:
        return tuple(dict.fromkeys((*named, *ticked)))
    account = cells.of("account")
    if account:
        return (words.network_in(account) or account,)
    if flags:
        reading.note(
            "no-network",
            "no network is set in this row, so it goes nowhere",
            cells.row.line,
            warning=True,
        )
    return (None,)


def _cleared_by(cells: _Cells) -> str | None:
    cell = cells.of("cleared_by")
    if not cell or words.flag(cell) is False:
        return None
    return cell


def _note_text(text: str, reading: Reading, line: int, column: int | None) -> None:
    if not text:
        reading.note_once("no-text", "a row without a text cannot be judged", line, warning=True)
    elif text[0] == "=":
        reading.note(
            "formula",
            f"`{text[:40]}` is a formula; its text is not known",
            line,
            column,
            warning=True,
        )
    elif _MOJIBAKE.search(text):
        reading.note_once(
            "mojibake",
            f"`{text[:40]}` looks like UTF-8 that was read as cp1252; save the file anew as UTF-8",
            line,
            column,
            warning=True,
        )
