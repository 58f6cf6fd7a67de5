"""When the item of a row goes out: from a date and an hour, each in its column, or from both in one."""

from __future__ import annotations

from datetime import tzinfo

import attrs

from crisisrules.adapters.calendars import zones
from crisisrules.adapters.calendars.moments import (
    OPEN,
    Moment,
    joined,
    read_date,
    read_hour,
    unheld,
)
from crisisrules.adapters.calendars.plan import Plan
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.schedules import NEVER, Instant, Schedule


@attrs.frozen(kw_only=True)
class RowCells:
    """The cells of one row by role, without the white space around them."""

    row: Row
    plan: Plan

    def of(self, role: str) -> str:
        """The cell of a role, empty where there is none."""
        index = self.plan.index(role)
        return "" if index is None else self.at(index)

    def at(self, index: int) -> str:
        """The cell of a column."""
        return self.row.cells[index].strip() if index < len(self.row.cells) else ""

    def every(self, role: str) -> list[str]:
        """The filled cells of all columns of a role."""
        return [
            self.at(i) for i, known in enumerate(self.plan.roles) if known == role and self.at(i)
        ]

    def starting(self, prefix: str) -> list[tuple[str, str]]:
        """(rest of the role, cell) of the columns whose role starts so."""
        return [
            (role.removeprefix(prefix), self.at(index))
            for index, role in enumerate(self.plan.roles)
            if role is not None and role.startswith(prefix)
        ]


def weigh(cells: RowCells, schedule: Schedule) -> None:
    """Let the dates of a row speak on the order of day and month."""
    for role in ("when", "date"):
        cell = unheld(cells.of(role))
        moment = read_date(cell) if cell else None
        if moment is not None:
            schedule.weigh(moment, cell, cells.row.line)


def _zone(cells: RowCells, reading: Reading) -> tzinfo | None:
    name = cells.of("zone")
    if not name:
        return None
    try:
        return zones.zone_by_name(name)
    except ValueError as error:
        reading.fault("unknown-zone", str(error), cells.row.line)
        return None


def instant_of(cells: RowCells, schedule: Schedule) -> Instant:
    """The instant of a row; what is wrong with it becomes a fault."""
    zone = _zone(cells, schedule.reading)
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
        cell = unheld(cells.of(role))
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


def _split_instant(cells: RowCells, schedule: Schedule, zone: tzinfo | None) -> Instant:
    parts = [unheld(cells.of(role)) for role in ("year", "month", "day", "hour", "minute")]
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
