"""Events that come a little out of order, put in order again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Literal

from crisisrules.adapters.streams.reading import EventReader
from crisisrules.model.durations import SECOND, format_duration
from crisisrules.model.errors import InputError, Place, Problem
from crisisrules.model.events import Event


def reorder(
    events: Iterable[Event],
    lateness: timedelta,
    *,
    late: Literal["error", "apply"] = "error",
    on_late: Callable[[Event], None] | None = None,
) -> Iterator[Event]:
    """The same events in the order of their times; those of one instant in the order they came.

    An event is held until one has come that is ``lateness`` newer, so any stream in which each event
    comes at most that much later than a newer one leaves sorted. The rest is released at the end. With no
    lateness nothing is held, and a time that goes back is late.

    Args:
        events: the events as they come.
        lateness: how far an event may be behind the newest one.
        late: what happens with an event that is further behind: ``error``, or ``apply``: it is yielded at
            once, with its own time, behind newer ones.
        on_late: called with each event that is applied late, before it is yielded.

    Raises:
        InputError: an event is later than ``lateness`` (with ``late="error"``); it names both times and,
            for an :class:`~crisisrules.adapters.streams.reading.EventReader`, the line.
        ValueError: ``lateness`` is negative.
    """
    if lateness < timedelta(0):
        msg = f"lateness must not be negative, not {lateness}"
        raise ValueError(msg)
    return _reordered(events, lateness, late == "apply", on_late)


def _reordered(
    events: Iterable[Event],
    lateness: timedelta,
    apply: bool,
    on_late: Callable[[Event], None] | None,
) -> Iterator[Event]:
    held: list[tuple[datetime, int, Event]] = []
    newest: datetime | None = None
    watermark: datetime | None = None
    for number, event in enumerate(events):
        at = event.at
        if newest is None or watermark is None or at > newest:
            newest, watermark = at, at - lateness
        elif at < watermark:
            if not apply:
                raise InputError(_too_late(events, event, newest, lateness))
            if on_late is not None:
                on_late(event)
            yield event
            continue
        heappush(held, (at, number, event))
        while held and held[0][0] <= watermark:
            yield heappop(held)[2]
    while held:
        yield heappop(held)[2]


def _too_late(
    events: Iterable[Event], event: Event, newest: datetime, lateness: timedelta
) -> Problem:
    allowed = format_duration(int(lateness.total_seconds() * SECOND))
    message = (
        f"`at` goes back: {event.type} at `{event.at.isoformat()}` comes after `{newest.isoformat()}`;"
        f" {allowed} of lateness is allowed"
    )
    place = events.place if isinstance(events, EventReader) else Place("events")
    return Problem(place, "too-late", message)
