"""From moments as written to instants: the order of day and month, the missing year, the zone.

The order is decided once for the whole file from all its dates (:meth:`Schedule.weigh`), because
`03/04/2026` alone cannot tell, and a file that speaks both ways cannot be read at all.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

import attrs

from crisisrules.adapters.calendars import zones
from crisisrules.adapters.calendars.moments import Moment
from crisisrules.adapters.calendars.reading import Reading

_EARLIEST, _LATEST = 1990, 2100
_ANY_YEAR = 2024
_MOST_WEIGHED = 5000
# a calendar looks ahead, but its first rows may already be behind the day it is looked at
_BEHIND = timedelta(days=45)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@attrs.frozen(kw_only=True)
class Instant:
    """When an item goes out; ``at`` is None when the file leaves it open.

    ``sometime``: it does go out, at a moment that the file alone does not tell.
    """

    at: datetime | None = None
    sometime: bool = False
    all_day: bool = False


NEVER = Instant()


@attrs.define(kw_only=True)
class Schedule:
    """How the dates of one file are read.

    Attributes:
        reading: takes the faults and notes.
        month_first: the order by default when the file leaves it open: what its tool, its language or
            its zone are wont to write.
        year: the year a title, sheet or file name gives for dates without one.
    """

    reading: Reading
    month_first: bool = False
    year: int | None = None
    _day_first_seen: tuple[str, int] | None = attrs.field(default=None, init=False)
    _month_first_seen: tuple[str, int] | None = attrs.field(default=None, init=False)
    _open_seen: tuple[str, int] | None = attrs.field(default=None, init=False)
    _open_dates: set[tuple[int, int, int]] = attrs.field(factory=set, init=False)
    _swap: bool = attrs.field(default=False, init=False)
    _zone_asked: bool = attrs.field(default=False, init=False)
    _year_asked: bool = attrs.field(default=False, init=False)

    def weigh(self, moment: Moment, cell: str, line: int) -> None:
        """Let one date speak on the order of day and month."""
        if not moment.slashed:
            return
        if moment.first > 12:
            if self._day_first_seen is None:
                self._day_first_seen = (cell, line)
        elif moment.second > 12:
            if self._month_first_seen is None:
                self._month_first_seen = (cell, line)
        elif moment.dotted:
            # 03.04.26 is written where days come first
            if self._day_first_seen is None:
                self._day_first_seen = (cell, line)
        else:
            if len(self._open_dates) < _MOST_WEIGHED:
                self._open_dates.add((moment.year or _ANY_YEAR, moment.first, moment.second))
            if moment.first != moment.second and self._open_seen is None:
                self._open_seen = (cell, line)

    def settle(self) -> None:
        """Decide the order from what was weighed; both ways in one file is a fault."""
        asked = self.reading.date_order
        day, month = self._day_first_seen, self._month_first_seen
        if asked is not None:
            self._swap = asked == "month-first"
        elif day is not None and month is not None:
            self.reading.fault(
                "date-order",
                f"`{month[0]}` puts the month first, but `{day[0]}` on line {day[1]} the day;"
                " write every date as year-month-day, such as `2026-03-31`",
                month[1],
            )
        elif day is not None or month is not None:
            self._swap = month is not None
            cell, line = day or month or ("", 0)
            order = "month" if self._swap else "day"
            self.reading.note(
                "date-order", f"dates are read {order} first, as `{cell}` shows", line
            )
        elif self._open_seen is not None and (closer := self._closer_together()) is not None:
            self._swap = closer
            order = "month" if self._swap else "day"
            self.reading.note(
                "date-order",
                f"dates such as `{self._open_seen[0]}` are read {order} first: that way they lie"
                " close together",
                self._open_seen[1],
            )
        elif self._open_seen is not None:
            self._swap = self.month_first
            order = "month" if self._swap else "day"
            self.reading.note(
                "date-order",
                f"nothing tells whether `{self._open_seen[0]}` puts the day or the month first;"
                f" it is read {order} first",
                self._open_seen[1],
                warning=True,
            )

    def _closer_together(self) -> bool | None:
        """True when month first makes the dates lie much closer together, False for day first."""
        day = [_ordinal(year, second, first) for year, first, second in self._open_dates]
        month = [_ordinal(year, first, second) for year, first, second in self._open_dates]
        day_span, month_span = max(day) - min(day), max(month) - min(month)
        if 4 * day_span < month_span:
            return False
        return True if 4 * month_span < day_span else None

    def instant(
        self,
        moment: Moment,
        *,
        cell: str,
        line: int,
        column: int | None = None,
        zone: tzinfo | None = None,
    ) -> Instant:
        """The instant of a moment in ``zone``, else the file's; faults and notes go to the reading."""
        reading = self.reading
        if moment.open:
            return NEVER
        if moment.prompt:
            reading.note(
                "date-is-a-prompt",
                f"`{cell}` depends on the day it is uploaded; when it goes out is not known",
                line,
                column,
                warning=True,
            )
            return Instant(sometime=True)
        day = self._day(moment, cell, line, column)
        if day is None:
            return NEVER
        hour, next_day = moment.hour or 0, False
        if hour == 24:
            hour, next_day = 0, True
        local = datetime(  # noqa: DTZ001 - the zone is put on just below
            day.year, day.month, day.day, hour, moment.minute, moment.second_of_minute
        ) + timedelta(days=int(next_day))
        if moment.rough is not None:
            reading.note_once(
                f"rough-hour-{moment.rough}",
                f"`{moment.rough}` is no exact hour; {local:%H:%M} is taken",
                line,
                column,
            )
        if moment.hour is None:
            reading.note_once(
                "no-hour", "a date without an hour stands for the whole day", line, column
            )
        return self._placed(moment, local, zone, cell, line, column)

    def _placed(
        self,
        moment: Moment,
        local: datetime,
        zone: tzinfo | None,
        cell: str,
        line: int,
        column: int | None,
    ) -> Instant:
        reading, all_day = self.reading, moment.hour is None
        if moment.offset is not None:
            at = local.replace(tzinfo=moment.offset)
            return Instant(at=at if reading.zone is None else at.astimezone(reading.zone))
        chosen = zone or reading.zone
        if moment.zone_word is not None:
            reading.note_once(
                "zone-abbreviation",
                f"`{moment.zone_word.upper()}` in `{cell}` names several zones; it is not used",
                line,
                column,
                warning=True,
            )
        if chosen is None:
            # an unknown zone has been reported already, and would only be reported twice
            if not self._zone_asked and reading.zone_name is None:
                reading.fault(
                    "zone-needed",
                    f"`{cell}` has no time zone, and this format carries none;"
                    " name it with `--tz`, such as `--tz Europe/Paris`",
                    line,
                    column,
                )
            self._zone_asked = True
            return NEVER
        placed = zones.place_in(local, chosen)
        if placed.missing:
            reading.note(
                "time-does-not-exist",
                f"{local:%Y-%m-%d %H:%M} is skipped by the clock change in {chosen};"
                f" {placed.at:%H:%M} is taken",
                line,
                column,
                warning=True,
            )
        elif placed.twice and not all_day:
            reading.note(
                "time-comes-twice",
                f"{local:%Y-%m-%d %H:%M} comes twice at the clock change in {chosen}; the first is taken",
                line,
                column,
                warning=True,
            )
        return Instant(at=placed.at, all_day=all_day)

    def _day(self, moment: Moment, cell: str, line: int, column: int | None) -> date | None:
        day, month = moment.first, moment.second
        if moment.slashed and self._swap and not moment.dotted:
            day, month = month, day
        year = moment.year
        if year is None:
            year = self._year(moment, day, month, cell, line, column)
            if year is None:
                return None
        if not _EARLIEST <= year <= _LATEST:
            self.reading.fault(
                "impossible-date",
                f"`{cell}` is in the year {year}; a calendar holds {_EARLIEST} to {_LATEST}",
                line,
                column,
            )
            return None
        try:
            result = date(year, month, day)
        except ValueError:
            self.reading.fault(
                "impossible-date", f"`{cell}` is not a day that exists", line, column
            )
            return None
        if moment.weekday is not None and result.weekday() != moment.weekday:
            self.reading.note(
                "weekday-differs",
                f"`{cell}` is a {_DAYS[result.weekday()]} in {year}",
                line,
                column,
                warning=True,
            )
        return result

    def _year(
        self, moment: Moment, day: int, month: int, cell: str, line: int, column: int | None
    ) -> int | None:
        if self.year is not None:
            self.reading.note_once(
                "year-guessed",
                f"`{cell}` has no year; {self.year} is taken from the name",
                line,
                column,
            )
            return self.year
        as_of = self.reading.as_of
        if as_of is None:
            if self._year_asked:
                return None
            self._year_asked = True
            self.reading.fault(
                "year-missing",
                f"`{cell}` has no year, and neither the name of the file nor of the sheet gives one;"
                " say with `--as-of` when the calendar is looked at",
                line,
                column,
            )
            return None
        today = as_of.date()
        years = [today.year - 1, today.year, today.year + 1]
        ahead = [
            year
            for year in years
            if _is_day(year, month, day) and date(year, month, day) >= today - _BEHIND
        ]
        same_weekday = [
            year
            for year in ahead
            if moment.weekday is not None and date(year, month, day).weekday() == moment.weekday
        ]
        chosen = (same_weekday or ahead or [today.year])[0]
        self.reading.note_once(
            "year-guessed",
            f"`{cell}` has no year; {chosen} is taken, the next such day",
            line,
            column,
            warning=True,
        )
        return chosen


def _ordinal(year: int, month: int, day: int) -> int:
    """Days up to a date that may not exist: near enough to tell how far dates lie apart."""
    return 366 * year + 31 * month + day


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
