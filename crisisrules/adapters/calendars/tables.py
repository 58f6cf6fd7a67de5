"""Rows of a table become items: one for each network a row names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from crisisrules.adapters.calendars import words, zones
from crisisrules.adapters.calendars.delimited import text_place
from crisisrules.adapters.calendars.layouts import Layout
from crisisrules.adapters.calendars.moments import HELD, month_and_year
from crisisrules.adapters.calendars.plan import Plan, numbered, plans_of
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.schedules import Instant, Schedule
from crisisrules.adapters.calendars.table_dates import RowCells, instant_of, weigh
from crisisrules.model.calendar import EVERYWHERE, CalendarItem
from crisisrules.model.vocabulary import POST_KINDS

_MOJIBAKE = re.compile("Ã[\u0080-\u00bf©¨ªà\u2039]|â€[™œ“”¦\u009d]|Â[ \u00a0«»°]")
_URL = re.compile(r"https?://[^\s\"<>]+")
# a reply is where a post stands, and what it says is still to be read
_GIVEN = [kind for kind in POST_KINDS if kind != "reply"]
# as a person would write the kind; only words that ask for more care, never for less
_KINDS: dict[str, str] = {
    **{kind: kind for kind in _GIVEN},
    **{kind.replace("_", " "): kind for kind in _GIVEN},
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
    schedules: dict[str | None, Schedule] = {}
    named: dict[str, None] = {}
    file_year = month_and_year(reading.identity)[1]

    def see(plan: Plan, row: Row) -> None:
        schedule = schedules.get(row.sheet)
        if schedule is None:
            year = month_and_year(row.sheet or "")[1] or file_year
            month_first = plan.layout.month_first or zones.writes_month_first(reading.zone)
            schedule = Schedule(reading=reading, year=year, month_first=month_first)
            schedules[row.sheet] = schedule
        cells = RowCells(row=row, plan=plan)
        weigh(cells, schedule)
        named.update(dict.fromkeys(_named(cells)))

    plans = plans_of(rows(), reading, forced, see)
    for schedule in schedules.values():
        schedule.settle()
    layouts = {plan.layout.name for plan in plans.values()}
    if len(layouts) == 1 and layouts != {"csv"}:
        reading.format = layouts.pop()
    for number, row, plan in numbered(rows(), plans):
        if reading.hopeless:
            return
        if number:
            reading.rows = number
            cells = RowCells(row=row, plan=plan)
            pages = _pages(cells, reading, tuple(named))
            yield from _items(cells, schedules[row.sheet], delimiter, pages)
        else:
            _note_heading(row, schedules[row.sheet])


def _note_heading(row: Row, schedule: Schedule) -> None:
    cell = next(cell.strip() for cell in row.cells if cell.strip())
    schedule.year = month_and_year(cell)[1] or schedule.year
    schedule.reading.note_once(
        "heading-row", f"`{cell[:40]}` stands alone in its row and is read as a heading", row.line
    )


def _items(
    cells: RowCells, schedule: Schedule, delimiter: str, pages: tuple[str | None, ...]
) -> Iterator[CalendarItem]:
    reading, row, plan = schedule.reading, cells.row, cells.plan
    number = reading.rows
    instant = instant_of(cells, schedule)
    state, approved = _state(cells, reading, instant)
    copies = _copies(cells)
    links = tuple(link for cell in cells.every("link") for link in words.listed(cell))
    alts = tuple(alt.strip() for cell in cells.every("alt") for alt in cell.split("||"))
    media = [part for cell in cells.every("media") for part in words.listed(cell)]
    given = cells.of("id")
    count = sum(len(pages if page is None else (page,)) for page, _, _ in copies)
    for only_page, text, index in copies:
        line, column = text_place(row, delimiter, index) if index is not None else (row.line, None)
        _note_text(reading.text(text, line, column), reading, line, column)
        for page in pages if only_page is None else (only_page,):
            if given:
                name = given if count == 1 else f"{given}:{page or ''}"
                item = reading.unique(name)
            else:
                item = reading.identify(page, instant.at, text)
            yield CalendarItem(
                item=item,
                row=number,
                # a row of a table begins where its first cell does, a post of a grid where its own does
                line=line if row.stands_in is not None else row.line,
                column=column if line == row.line or row.stands_in is not None else None,
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
                tags=_tags(cells),
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


def _state(cells: RowCells, reading: Reading, instant: Instant) -> tuple[str, bool | None]:
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
    if any(cells.of(role).startswith(HELD) for role in ("when", "date", "year")):
        state = "held"
    if cells.row.struck and cells.plan.index("text") in cells.row.struck:
        state = "cancelled"
    goes_out = instant.sometime or cells.plan.layout.queues
    if instant.at is None and state in (None, "scheduled") and not goes_out:
        # without a date it is a draft or still to be planned
        state = "draft"
    return state or "scheduled", approved


def _copies(cells: RowCells) -> list[tuple[str | None, str, int | None]]:
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


def _text(cells: RowCells, index: int) -> str:
    text = cells.row.cells[index].strip()
    # the apostrophe that keeps a spreadsheet from reading the cell as a formula is not part of the post
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" and len(text) > 1 else text


def _named(cells: RowCells) -> Iterator[str]:
    """The networks that a row names one by one."""
    cell = cells.of("network")
    if cell and words.everywhere_but(cell) is None:
        known = map(words.network, words.networks(cell))
        yield from (page for page in known if page not in (None, EVERYWHERE))
    for role in cells.plan.roles:
        if role is not None and role.startswith(("network:", "text:")):
            yield role.partition(":")[2]


def _pages(cells: RowCells, reading: Reading, of_file: tuple[str, ...]) -> tuple[str | None, ...]:
    """The pages of a row; ``of_file`` are those that the whole file names."""
    cell = cells.of("network")
    left_out = words.everywhere_but(cell) if cell else None
    named = words.networks(cell) if left_out is None else (EVERYWHERE,)
    flags = cells.starting("network:")
    ticked = tuple(page for page, ticks in flags if words.flag(ticks))
    account = cells.of("account")
    if not named and not ticked and account:
        cell, named = account, (words.network_in(account) or account,)
    if EVERYWHERE in named:
        named = _everywhere(cell, named, left_out or (), reading, of_file, cells.row.line)
    if named or ticked:
        return tuple(dict.fromkeys((*named, *ticked)))
    if flags:
        reading.note(
            "no-network",
            "no network is set in this row, so it goes nowhere",
            cells.row.line,
            warning=True,
        )
    return (None,)


def _tags(cells: RowCells) -> tuple[str, ...]:
    """The tags of a row, and what its type says where that is no surface and no kind of post."""
    tags = [tag for cell in cells.every("tags") for tag in words.listed(cell)]
    for role in ("kind", "surface"):
        cell = cells.of(role)
        if cell and words.fold(cell) not in _KINDS and words.surface(cell) is None:
            tags.append(cell)
    return tuple(dict.fromkeys(tags))


def _everywhere(
    cell: str,
    named: tuple[str, ...],
    left_out: tuple[str, ...],
    reading: Reading,
    of_file: tuple[str, ...],
    line: int,
) -> tuple[str, ...]:
    """What `tous` means: every network that some row of the file names, or one page called so."""
    every = [page for page in of_file if page not in left_out]
    if every:
        message = f"`{cell[:40]}` is read as every network that the file names: {', '.join(every)}"
    else:
        every = [EVERYWHERE]
        message = f"`{cell[:40]}` is read as one page called `all`: the file names no network"
    reading.note_once("all-networks", message, line)
    others = [page for page in named if page != EVERYWHERE]
    return tuple(dict.fromkeys((*every, *others)))


def _cleared_by(cells: RowCells) -> str | None:
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
