"""Series of events: which of their instances fall into a bounded window.

The library follows any rule as far as asked, and some for ever (an interval of 0, a 31st of February),
so a rule is looked at before it is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # ships no types

MOST_INSTANCES = 1000
"""Of one series, in one file."""
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_MOST_A_DAY = 24
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def faults_of_rule(rule: Mapping[str, Sequence[object]]) -> str | None:
    """Why a recurrence rule is not followed, or None."""
    frequency = str(next(iter(rule.get("FREQ", ())), "")).upper()
    if frequency not in _FREQUENCIES:
        allowed = ", ".join(f"`{name}`" for name in _FREQUENCIES)
        return f"a series with `FREQ={frequency[:20]}` is not followed; allowed: {allowed}"
    interval = next(iter(rule.get("INTERVAL", ())), 1)
    if not isinstance(interval, int) or interval < 1:
        return f"a series needs an interval of at least 1, `{interval}` is none"
    a_day = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        a_day *= max(1, len(rule.get(name, ())))
    if a_day > _MOST_A_DAY:
        return f"a series of {a_day} posts a day is not followed; at most {_MOST_A_DAY} are"
    months = [month for month in rule.get("BYMONTH", ()) if isinstance(month, int)]
    days = [day for day in rule.get("BYMONTHDAY", ()) if isinstance(day, int)]
    if (
        months
        and days
        and all(
            abs(day) > _DAYS_IN[month - 1] for month in months if 1 <= month <= 12 for day in days
        )
    ):
        return "the rule of this series names no day that exists"
    return None


def instances(
    events: Iterable[icalendar.Component], start: datetime, stop: datetime
) -> tuple[list[icalendar.Component], bool]:
    """The instances of one series in a window, in order, and whether there were more.

    ``events`` are all events of one UID: the one with the rule and those that replace an instance.
    Whatever the library raises for a broken series comes through.
    """
    series = icalendar.Calendar()
    for event in events:
        rule = event.get("RRULE")
        if rule is not None:
            _end_at(rule, event, stop)
        series.add_component(event)
    found = recurring_ical_events.of(series).between(start, stop)
    ordered = sorted(found, key=lambda event: _instant(event["DTSTART"].dt))
    return ordered[:MOST_INSTANCES], len(ordered) > MOST_INSTANCES


def _instant(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def _end_at(rule: dict[str, list[object]], event: icalendar.Component, stop: datetime) -> None:
    """Give a rule without an end one, so that a rule that never comes true ends too."""
    if "UNTIL" in rule or "COUNT" in rule:
        return
    start = getattr(event["DTSTART"], "dt", None)
    until = stop + timedelta(days=2)
    if not isinstance(start, datetime):  # a day without an hour
        rule["UNTIL"] = [until.date()]
    elif start.tzinfo is None:
        rule["UNTIL"] = [until.replace(tzinfo=None)]
    else:
        rule["UNTIL"] = [until.astimezone(UTC)]
