"""Grid sheets: days across, networks or hours down, and a post in each cell.

Such a sheet is unfolded into rows of a table, one for each post, which keep the place of their cell; from
there on they are read like any table. Each week may have its own row of days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from crisisrules.adapters.calendars import columns, words
from crisisrules.adapters.calendars.moments import (
    HELD,
    month_and_year,
    month_word,
    read_date,
    read_hour,
    unheld,
)
from crisisrules.adapters.calendars.rows import Row

ROLES = (
    "date",
    "time",
    "network",
    "surface",
    "text",
    "media",
    "link",
    "status",
    "alt",
    "tags",
    "owner",
    "first_comment",
    "cleared_by",
    "allow",
)
"""The columns of the rows that a grid is unfolded into."""

TEXT = ROLES.index("text")

_MOST_LABELS = 3
_FEWEST_BARE = 5
_LONGEST_LABEL = 60
_HEAD = re.compile(
    r"(?:[\[(]([^\])\n]{1,40})[\])]|([^:\n|–—]{1,40}?)\s*(?:[:|–—]|\s-\s|\n))\s*(?=\S)"
)
_WEEKDAY = (
    "(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?"
    "|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
)
_BARE_DAY = re.compile(rf"(?:({_WEEKDAY})\.? )?([0-9]{{1,2}})")
_OF_WEEK = re.compile(rf"(?:{_WEEKDAY})\.?(?: [0-9]{{1,2}})?")


def days_of(cells: Sequence[str], above: str = "") -> dict[int, str]:
    """The date of each column where a row is one of days; empty where it is not.

    Two or more dates stand side by side, and nothing else does; or the numbers of days in a row, when
    ``above``, what stands over them, names their month.
    """
    filled = [(index, " ".join(cell.split())) for index, cell in enumerate(cells) if cell.strip()]
    dated = {index: _with_year(cell, above) for index, cell in filled if _is_day(cell)}
    if len(dated) < 2:
        dated = _bare_days(filled, above)
    first = min(dated, default=0)
    labels = [index for index, _ in filled if index < first]
    if not dated or len(labels) > _MOST_LABELS or first > _MOST_LABELS:
        return {}
    if any(index > first and index not in dated for index, _ in filled):
        return {}
    # two dates alone may be the beginning and the end of something
    return dated if len(dated) > 2 or first > 0 else {}


def title_over(above: str, cells: Sequence[str]) -> str:
    """The month and the year that stand over the rows to come: `above` until a title says another."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) > _MOST_LABELS:
        return above
    month, year = month_and_year(" ".join(filled))
    known_month, known_year = month_and_year(above)
    if month is None and year is None:
        return above
    month, year = month or known_month, year or known_year
    words_of = ("" if month is None else month_word(month), "" if year is None else str(year))
    return " ".join(filter(None, words_of))


def _is_day(cell: str) -> bool:
    if cell.isdigit() or len(cell) > _LONGEST_LABEL:
        return False
    moment = read_date(cell)
    return moment is not None and not moment.open and not moment.prompt and moment.hour is None


def _with_year(cell: str, above: str) -> str:
    moment, year = read_date(cell), month_and_year(above)[1]
    if moment is None or moment.year is not None or year is None:
        return cell
    return f"{cell}/{year}" if moment.slashed else f"{cell} {year}"


def _bare_days(filled: Sequence[tuple[int, str]], above: str) -> dict[int, str]:
    month, year = month_and_year(above)
    found = {index: _BARE_DAY.fullmatch(words.fold(cell)) for index, cell in filled}
    bare = {index: int(day[2]) for index, day in found.items() if day is not None}
    named = any(day[1] for day in found.values() if day is not None)
    numbers = list(bare.values())
    follow = all(later == number + 1 for number, later in pairwise(numbers))
    if (
        month is None
        or len(numbers) < (2 if named else _FEWEST_BARE)
        or not follow
        or not 1 <= numbers[0] <= 31
    ):
        return {}
    if year is None:
        return {index: f"{day} {month_word(month)}" for index, day in bare.items()}
    return {index: f"{year}-{month:02d}-{day:02d}" for index, day in bare.items()}


def names_weekdays(cells: Sequence[str]) -> bool:
    """A row of the days of a week without dates, as above a month on a page."""
    named = [cell for cell in cells if _OF_WEEK.fullmatch(words.fold(cell))]
    return len(named) >= 5


@attrs.define
class _Block:
    """What stands over and beside the cells that come next."""

    days: dict[int, str]
    roles: dict[int, str]
    network: str = ""
    hour: str = ""
    surface: str = ""


def unfolded(rows: Iterable[Row], stray: Callable[[Row, str], None] | None = None) -> Iterator[Row]:
    """One row for each post of a grid, in the order of the file; their cells are those of `ROLES`.

    ``stray`` is told of each cell that stands under no day.
    """
    block: _Block | None = None
    waiting: list[Row] = []
    above = ""
    for row in rows:
        days = days_of(row.cells, above)
        if days:
            yield from waiting
            waiting, block = [], _Block(days, {})
            continue
        above = title_over(above, row.cells)
        if block is None or _takes_roles(block, row):
            continue
        if stray is not None:
            for index, cell in enumerate(row.cells):
                if cell.strip() and index > min(block.days) and index not in block.days:
                    stray(row, cell.strip())
        role = _beside(block, row)
        if role == "text":
            yield from waiting
            waiting = list(_posts(block, row))
        else:
            waiting = [_with(post, row, role) for post in waiting]
    yield from waiting


def _takes_roles(block: _Block, row: Row) -> bool:
    """Whether a row under the days says what each column holds: `Texte`, `Visuel` under one day."""
    first = min(block.days)
    filled = {
        index: cell for index, cell in enumerate(row.cells) if cell.strip() and index >= first
    }
    roles = {index: columns.role_of(cell) or "" for index, cell in filled.items()}
    if len(filled) < 2 or not all(role in ROLES for role in roles.values()):
        return False
    block.roles = roles
    day = ""
    for index in range(first, max(roles) + 1):
        # a day that is merged over its columns stands in the first of them
        day = block.days.get(index, day)
        block.days[index] = day
    return True


def _beside(block: _Block, row: Row) -> str:
    """Take the network and the hour of a row from before its days; the role of its cells."""
    found = "text"
    labels = [cell.strip() for cell in row.cells[: min(block.days)] if cell.strip()]
    named = False
    for label in labels:
        if len(label) > _LONGEST_LABEL:
            continue
        role = columns.role_of(label)
        hour = read_hour(label)
        if hour is not None and hour.hour is not None:
            block.hour = label
        elif words.everywhere_but(label) is not None or any(
            map(words.network, words.networks(label))
        ):
            block.network, named = label, True
        elif role in ROLES and role != "surface":
            found = role or found
        elif words.surface(label) is not None:
            block.surface = label
        else:
            continue
    if named:
        block.hour = block.hour if any(_hour(label) for label in labels) else ""
        block.surface = block.surface if any(map(words.surface, labels)) else ""
    return found


def _hour(cell: str) -> bool:
    moment = read_hour(cell)
    return moment is not None and moment.hour is not None


def _posts(block: _Block, row: Row) -> Iterator[Row]:
    """The posts of one row, from left to right."""
    by_day: dict[str, Row] = {}
    for index, day in block.days.items():
        cell = row.cells[index].strip() if index < len(row.cells) else ""
        role = block.roles.get(index, "text")
        if not cell:
            continue
        if role != "text":
            by_day = {
                key: _put(post, role, cell) if key == day else post for key, post in by_day.items()
            }
            continue
        held = cell.startswith(HELD)
        for number, (hour, network, text) in enumerate(_parts(unheld(cell))):
            given = {
                "date": f"{HELD} {day}" if held else day,
                "time": hour or block.hour,
                "network": network or block.network,
                "surface": block.surface,
                "text": text,
            }
            by_day[f"{day}\n{number}" if number else day] = Row(
                cells=[given.get(name, "") for name in ROLES],
                line=row.line,
                raw=row.raw,
                sheet=row.sheet,
                struck=frozenset({TEXT}) if index in row.struck else frozenset(),
                stands_in=index,
                as_written=row.cells[index],
            )
    yield from by_day.values()


def _with(post: Row, row: Row, role: str) -> Row:
    """A post with what a row below it says of its day: its picture, its state."""
    index = post.stands_in
    cell = row.cells[index].strip() if index is not None and index < len(row.cells) else ""
    return _put(post, role, cell) if cell else post


def _put(post: Row, role: str, cell: str) -> Row:
    at = ROLES.index(role)
    return attrs.evolve(post, cells=[*post.cells[:at], cell, *post.cells[at + 1 :]])


def _parts(cell: str) -> Iterator[tuple[str, str, str]]:
    """Hour, network and text of each post of a cell: `9h FB : Bonjour`, one below the other.

    A cell that begins with words is one post: the links at its end may look like the next one.
    """
    gathered: list[str] = []
    hour = network = ""
    for line in _beginnings(cell):
        head = _HEAD.match(line)
        read = _read_head(head[1] or head[2]) if head is not None else None
        if head is None or read is None:
            if not gathered:
                yield "", "", cell
                return
            gathered.append(line)
            continue
        if gathered:
            yield hour, network, "\n".join(gathered)
        (hour, network), gathered = read, [line[head.end() :]]
    if gathered:
        yield hour, network, "\n".join(gathered)


def _beginnings(cell: str) -> list[str]:
    """The lines of a cell; a line that is only a network or an hour goes with the next one."""
    result: list[str] = []
    alone = False
    for line in cell.split("\n"):
        if alone:
            result[-1] += "\n" + line
        else:
            result.append(line)
        alone = not alone and bool(line.strip()) and _read_head(line) is not None
    return result


def _read_head(head: str) -> tuple[str, str] | None:
    """The hour and the network that words before a text are; None when they are part of it."""
    hour, network = "", ""
    if len(head) > _LONGEST_LABEL:
        return None
    if _hour(head.strip()):
        return head.strip(), ""
    for word in re.split(r"\s*[,/+&]\s*|\s+", head.strip()):
        if words.network(word) is not None:
            network = f"{network}, {word}" if network else word
        elif _hour(word) and not hour:
            hour = word
        else:
            return None
    return hour, network
