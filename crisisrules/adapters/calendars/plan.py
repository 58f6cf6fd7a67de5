"""How one table is laid out: which row is its header and what each column means.

Headers lie. `Publication` is the date in one team's sheet and the copy in another's, and a sheet may have
both a `Contenu` (the theme) and a `Texte`; so where headers compete, the cells below them decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice

import attrs

from crisisrules.adapters.calendars import columns, words
from crisisrules.adapters.calendars.grid import ROLES as GRID_ROLES
from crisisrules.adapters.calendars.grid import days_of, names_weekdays, title_over, unfolded
from crisisrules.adapters.calendars.layouts import BY_NAME, GENERIC, GRID, Layout, layout_of
from crisisrules.adapters.calendars.moments import Moment, read_date, unheld
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.model.errors import Problem

HEADER_ROWS = 20
SAMPLE_ROWS = 60
_DATES = ("when", "date")
# a copy that stands in a network's own column is longer than any way to tick a box
_SHORTEST_COPY = 12


_UNCLEAR = (
    "days stand across, but neither a network nor an hour stands beside or in the cells, so these may be"
    " no posts; name the network in the first column or before the text (`FB : …`), or say with"
    " `--calendar-format grid` that they are"
)


@attrs.frozen(kw_only=True)
class Plan:
    """What the columns of one table mean.

    Attributes:
        header: the header as written; empty for a file without one.
        header_line: the line of the header; rows up to it hold no items.
        roles: the role of each column, None where it has none; a network's own column has the role
            ``network:<page>`` and a text for one network ``text:<page>``.
    """

    layout: Layout
    header: tuple[str, ...] = ()
    header_line: int = 0
    roles: tuple[str | None, ...] = ()

    def index(self, role: str) -> int | None:
        """The first column of a role, or None."""
        return self.roles.index(role) if role in self.roles else None


def plan_of(first: Sequence[Row], reading: Reading, forced: Layout | None = None) -> Plan | Problem:
    """The plan of a table by its first rows (:data:`SAMPLE_ROWS` of them), or why there is none."""
    filled = [row for row in first if any(cell.strip() for cell in row.cells)]
    if not filled:
        message = "there is no row in the table; a calendar has at least a header and a row"
        return Problem(reading.place(), "empty", message)
    best = max(filled[:HEADER_ROWS], key=lambda row: columns.score(row.cells))
    days = _first_days(filled[:HEADER_ROWS])
    if days is not None and (
        forced is GRID
        or (forced is None and (columns.score(best.cells) < 2 or days.line < best.line))
    ):
        if forced is not GRID and not any(map(_says_where, unfolded(filled))):
            return Problem(reading.place(days.line), "grid-unclear", _UNCLEAR)
        reading.note(
            "grid",
            "read as a grid, days across and a post in each cell; each filled cell counts as a row",
            days.line,
        )
        return Plan(layout=GRID, header_line=days.line, roles=GRID_ROLES)
    if forced is GRID:
        return _unknown_columns(filled[:HEADER_ROWS], reading)
    if columns.score(best.cells) >= 2:
        return _with_header(best, [row for row in filled if row.line > best.line], forced, reading)
    headerless = forced if forced is not None and forced.positions else _layout_by_position(filled)
    if headerless is not None:
        order = ", ".join(role for role in headerless.positions if role)
        reading.note(
            "no-header",
            f"there is no header; the columns are read as {headerless.title} orders them: {order}",
            filled[0].line,
        )
        return _without_header(filled[0], headerless)
    return _unknown_columns(filled[:HEADER_ROWS], reading)


def plans_of(
    rows: Iterable[Row], reading: Reading, forced: Layout | None, see: Callable[[Plan, Row], None]
) -> dict[str | None, Plan]:
    """The plan of each sheet (a file of text is one, called None); ``see`` gets every row below a header.

    A sheet of a workbook that is no calendar is noted and passed over, unless all are such.
    """
    plans: dict[str | None, Plan] = {}
    faults: list[tuple[str | None, Problem]] = []
    for sheet, sheet_rows in groupby(rows, key=lambda row: row.sheet):
        of_sheet = iter(sheet_rows)
        first = list(islice(of_sheet, SAMPLE_ROWS))
        plan = plan_of(first, reading, forced)
        if isinstance(plan, Problem):
            faults.append((sheet, plan))
            continue
        plans[sheet] = plan
        for row in _below(chain(first, of_sheet), plan, reading):
            see(plan, row)
    if not plans and not faults:
        reading.fault("empty", "there is no row in it; a calendar has at least a header and a row")
    for sheet, fault in faults:
        if plans:
            message = f"sheet `{sheet}` is passed over: {fault.message}"
            reading.note("sheet-passed-over", message, fault.place.line)
        else:
            where = "" if sheet is None else f"sheet `{sheet}`: "
            reading.fault(fault.name, where + fault.message, fault.place.line)
    return plans


def is_heading(row: Row, plan: Plan) -> bool:
    """A row that divides the table (`Semaine 10`, `MARS 2026`, the header once more), no item."""
    filled = [index for index, cell in enumerate(row.cells) if cell.strip()]
    if len(filled) > 1 and all(_repeats(row.cells[i], plan.header, i) for i in filled):
        return True
    if len(filled) != 1 or len(plan.header) < 3:
        return False
    role = plan.roles[filled[0]] if filled[0] < len(plan.roles) else None
    if role is not None and role.startswith("text"):
        return False
    return role not in _DATES or not _dated(_date(row.cells[filled[0]].strip()), year=False)


def _repeats(cell: str, header: Sequence[str], index: int) -> bool:
    return index < len(header) and cell.strip() == header[index]


def numbered(
    rows: Iterable[Row], plans: Mapping[str | None, Plan]
) -> Iterator[tuple[int, Row, Plan]]:
    """The data rows with their number, from 1 over all sheets; a heading has the number 0."""
    number = 0
    for sheet, sheet_rows in groupby(rows, key=lambda row: row.sheet):
        plan = plans.get(sheet)
        if plan is None:
            continue
        for row in _below(sheet_rows, plan):
            if plan.layout is not GRID and is_heading(row, plan):
                yield 0, row, plan
            else:
                number += 1
                yield number, row, plan


def _below(rows: Iterable[Row], plan: Plan, reading: Reading | None = None) -> Iterator[Row]:
    """The rows under a header, or the posts of a grid; ``reading`` is told of what is passed over."""

    def stray(row: Row, cell: str) -> None:
        if reading is not None:
            message = f"`{cell[:40]}` stands under no day and is passed over"
            reading.note("no-day", message, row.line, warning=True)

    if plan.layout is GRID:
        return unfolded(rows, stray)
    return (row for row in rows if row.line > plan.header_line)


def _says_where(post: Row) -> bool:
    """Whether a post of a grid has a network or an hour; else the grid may be anybody's timetable."""
    return any(post.cells[GRID_ROLES.index(role)] for role in ("network", "time"))


def _first_days(rows: Sequence[Row]) -> Row | None:
    """The first row of days of a grid."""
    above = ""
    for row in rows:
        if days_of(row.cells, above):
            return row
        above = title_over(above, row.cells)
    return None


def _with_header(
    head: Row, below: Sequence[Row], forced: Layout | None, reading: Reading
) -> Plan | Problem:
    header = tuple(cell.strip() for cell in head.cells)
    layout = forced if forced is not None else layout_of(header)
    named = [_role(layout, cell) for cell in header]
    _settle_dates(named, below)
    _settle_unnamed(named, header, below)
    _settle_texts(named, below)
    roles = _each_once(named)
    if "text" not in roles and not any(
        (role or "").startswith(("text:", "network:")) for role in roles
    ):
        if "title" not in roles:
            return _unknown_columns([head], reading)
        roles[roles.index("title")] = "text"
    if not set(roles) & {*_DATES, "year"}:
        reading.note(
            "no-date-column",
            f"no column holds a date; columns seen: {_quoted(header)}; every item is read as not dated",
            head.line,
            warning=True,
        )
    return Plan(layout=layout, header=header, header_line=head.line, roles=tuple(roles))


def _without_header(first: Row, layout: Layout) -> Plan:
    roles = tuple(role or None for role in layout.positions)
    return Plan(layout=layout, header_line=first.line - 1, roles=roles)


def _role(layout: Layout, header: str) -> str | None:
    role = layout.role(header)
    if role is not None:
        return role
    page = words.network(header)
    if page is not None:
        return "network:" + page
    # `Texte Facebook`, `LinkedIn copy`
    first, _, rest = header.partition(" ")
    start, _, last = header.rpartition(" ")
    for name, network in ((first, rest), (last, start)):
        page = words.network(network)
        if page is not None and layout.role(name) == "text":
            return "text:" + page
    return None


def _column(below: Sequence[Row], index: int) -> list[str]:
    cells = (row.cells[index] for row in below[:SAMPLE_ROWS] if index < len(row.cells))
    return [cell for cell in cells if cell.strip()]


def _settle_dates(roles: list[str | None], below: Sequence[Row]) -> None:
    """A column that is named like a date but holds sentences may be the text."""
    for index, role in enumerate(roles):
        if role not in _DATES:
            continue
        cells = _column(below, index)
        dates = sum(1 for cell in cells if _date(cell) is not None)
        if cells and dates * 4 < len(cells) and max(map(len, cells)) > _SHORTEST_COPY:
            roles[index] = "text"


def _settle_unnamed(roles: list[str | None], header: Sequence[str], below: Sequence[Row]) -> None:
    """Where no column is named like a date, one without a name that holds nothing but dates is it."""
    if {*_DATES, "year"} & set(roles):
        return
    for index, cell in enumerate(header):
        cells = [] if cell else _column(below, index)
        if len(cells) > 1 and all(_dated(_date(cell), year=False) for cell in cells):
            roles[index] = "when"
            return


def _settle_texts(roles: list[str | None], below: Sequence[Row]) -> None:
    """Of several columns named like a text, the one that holds most of it."""
    rivals = [index for index, role in enumerate(roles) if role == "text"]
    if len(rivals) > 1:
        chosen = max(rivals, key=lambda index: sum(map(len, _column(below, index))))
        for index in rivals:
            if index != chosen:
                roles[index] = None
    for index, role in enumerate(roles):
        if role is not None and role.startswith("network:"):
            cells = _column(below, index)
            copies = [cell for cell in cells if words.flag(cell) is None]
            if any(len(cell) >= _SHORTEST_COPY for cell in copies):
                roles[index] = "text:" + role.removeprefix("network:")


def _each_once(roles: Sequence[str | None]) -> list[str | None]:
    seen: set[str] = set()
    result: list[str | None] = []
    for role in roles:
        kept = role if role is None or role in columns.REPEATED or role not in seen else None
        if kept is not None:
            seen.add(kept)
        result.append(kept)
    return result


def _date(cell: str) -> Moment | None:
    return read_date(unheld(cell))


def _dated(moment: Moment | None, *, year: bool = True) -> bool:
    if moment is None or moment.open or moment.prompt:
        return False
    return moment.year is not None or not year


def _layout_by_position(rows: Sequence[Row]) -> Layout | None:
    """The layout of a file without a header: decided by its first rows alone, all of which must fit."""
    cells = [[cell.strip() for cell in row.cells] for row in rows[:5]]
    if all(len(row) >= 2 and _dated(_date(row[0])) and _is_copy(row[1]) for row in cells):
        return BY_NAME["hootsuite-csv"]
    if all(len(row) >= 3 and _is_copy(row[0]) and _dated(_date(row[2])) for row in cells):
        return BY_NAME["socialpilot-csv"]
    if all(len(row) >= 6 and _is_copy(row[0]) and _is_split_date(row[1:6]) for row in cells):
        return BY_NAME["postcron-csv"]
    return None


def _is_copy(cell: str) -> bool:
    return any(char.isalpha() for char in cell) and not _dated(_date(cell))


def _is_split_date(parts: Sequence[str]) -> bool:
    year, *rest = (unheld(parts[0]), *parts[1:])
    return len(year) == 4 and all(
        part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, *rest)
    )


def _quoted(header: Sequence[str]) -> str:
    names = [f"`{cell.strip()[:40]}`" for cell in header if cell.strip()]
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def _unknown_columns(rows: Sequence[Row], reading: Reading) -> Problem:
    if any(names_weekdays(row.cells) for row in rows):
        message = (
            "days of the week stand across without their dates; write the date of each day into that row"
            " (such as `lundi 2 mars 2026`), or one post a row under `Date` and `Text`"
        )
        return Problem(reading.place(rows[0].line), "grid-without-dates", message)
    widest = max(rows, key=lambda row: (columns.score(row.cells), sum(map(bool, row.cells))))
    message = (
        f"no row names the columns of a calendar; seen: {_quoted(widest.cells)}; needed are a text"
        " (such as `Text`, `Message`, `Texte`) and a date (such as `Date` and `Heure`, `Posting Time`)"
    )
    # the keys of JSON objects stand on no line of their own
    return Problem(reading.place(rows[0].line or None), "unknown-columns", message)


def layout_by_name(name: str) -> Layout | None:
    """The layout a format name asks for; the generic one asks for none in particular."""
    layout = BY_NAME.get(name)
    return None if layout is GENERIC else layout
