"""When an item of a calendar would go out, as far as it is known: at its hour, or some time of its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from crisisrules.model.calendar import CalendarItem
from crisisrules.model.events import Event

_NOON: Final = timedelta(hours=12)
_LAST: Final = timedelta(hours=24, seconds=-1)
_TURNS: Final = frozenset({"incident.opened", "incident.resolved", "incident.dismissed"})


def moments_of(item: CalendarItem, events: Iterable[Event]) -> tuple[datetime, ...]:
    """The moments at which an item is asked; none for an item without a date.

    An item whose day alone is known is asked at noon, unless an incident begins or ends on that day: then
    at the beginning of the day, at the beginning of the incident and at the end of the day, since it may
    go out at any of them.
    """
    at = item.publish_at
    if at is None:
        return ()
    if not item.all_day:
        return (at,)
    turns = [event for event in events if event.type in _TURNS and at <= event.at <= at + _LAST]
    if not turns:
        return (at + _NOON,)
    opened = (event.at for event in turns if event.type == "incident.opened")
    return tuple(sorted({at, *opened, at + _LAST}))


def is_past(item: CalendarItem, as_of: datetime | None) -> bool:
    """Whether an item is out already; one whose day alone is known, when its day is over."""
    if as_of is None or item.publish_at is None:
        return False
    return (item.publish_at + _LAST if item.all_day else item.publish_at) < as_of
