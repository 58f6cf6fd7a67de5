"""Deadlines in business days: the end of the n-th day on which a country or a market is open.

The day on which the clock starts does not count, whether it is open or not; so a clock that starts on a
Saturday counts Monday as its first day. The calendars are those of the library ``holidays``, which is
loaded when a rule in force asks for one.
"""

from __future__ import annotations

import functools
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from crisisrules.engine.state import NEVER
from crisisrules.model.days import zone_named
from crisisrules.model.durations import DAY, from_micros, to_micros
from crisisrules.model.errors import PlaybookError, Problem, unknown_word
from crisisrules.playbook.rule import BusinessDays, Rule, clocks_of

if TYPE_CHECKING:
    from holidays import HolidayBase

EXTRA: Final = "regimes"
"""What to install for the calendars."""

MOST_DAYS: Final = 25_000
"""A hundred years of them, which no law waits and few calendars know."""

_COUNTRY: Final = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
_ONE: Final = timedelta(days=1)


def deadline(origin: int, span: int, days: BusinessDays, zone: str | None) -> int:
    """When the last of the business days ends; NEVER when there are more than calendars reach.

    Args:
        origin: when the clock starts, in microseconds since 1970.
        span: how many days, as a duration in microseconds; a part of a day counts whole.
        days: whose days, and when they end.
        zone: where the days are, unless ``days`` says so.
    """
    number = max(1, -(-span // DAY))
    if number > MOST_DAYS:
        return NEVER
    try:
        return _deadline(origin, number, days, days.timezone or zone)
    except OverflowError:
        # the last day of all calendars comes first
        return NEVER


def check_calendars(rule: Rule) -> None:
    """See that the calendars of a rule are there before its clocks run.

    Raises:
        PlaybookError: the library is not installed, or knows no such calendar.
    """
    for clock in clocks_of(rule):
        days = clock.days
        if days is None:
            continue
        try:
            _calendar(days.calendar)
        except ImportError:
            message = (
                f"`{rule.id}` counts business days, which needs the library `holidays`;"
                f" install it with `pip install 'crisisrules[{EXTRA}]'`"
            )
            raise PlaybookError(Problem(days.place, "missing-library", message)) from None
        except (NotImplementedError, KeyError):
            message = unknown_word(
                "a country or a market with a calendar", days.calendar, _names(), limit=0
            )
            raise PlaybookError(Problem(days.place, "unknown-calendar", message)) from None


@functools.lru_cache(maxsize=4096)
def _deadline(origin: int, number: int, days: BusinessDays, zone: str | None) -> int:
    calendar, where = _calendar(days.calendar), zone_named(zone)
    day = from_micros(origin, where).date()
    while number:
        day += _ONE
        number -= calendar.is_working_day(day)
    return to_micros(datetime.combine(*_end(day, days.closes), tzinfo=where))


def _end(day: date, closes: int | None) -> tuple[date, time]:
    """The day and time at which a business day ends; without a time at the midnight after it."""
    if closes is None:
        return day + _ONE, time()
    return day, time(*divmod(closes, 60))


@functools.cache
def _calendar(name: str) -> HolidayBase:
    import holidays

    found = _COUNTRY.fullmatch(name)
    if found is None:
        return holidays.financial_holidays(name)
    return holidays.country_holidays(found[1], subdiv=found[2])


def _names() -> list[str]:
    import holidays

    found = holidays.list_supported_countries().items()
    countries = {country: parts for country, parts in found if len(country) == 2}
    parts = (f"{country}-{part}" for country, of in countries.items() for part in of)
    return [*countries, *parts, *holidays.list_supported_financial()]
