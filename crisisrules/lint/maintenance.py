"""Maintenances that a calendar itself announces: a row that is one, or a post that names its hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from crisisrules.engine.brand import BrandSession
from crisisrules.lint.asking import prospect
from crisisrules.model.calendar import CalendarItem
from crisisrules.model.durations import to_micros
from crisisrules.model.events import Event, MaintenancePlanned
from crisisrules.model.vocabulary import SERVICE_KINDS
from crisisrules.signals.text import prepare
from crisisrules.signals.times import TimeMention, find_times

WORD: Final = "maintenance"
"""The word that makes a row or a post one of these; it is the same in English and in French."""

LONGEST: Final = timedelta(days=7)
"""A longer window is a season or a misreading, and no maintenance."""

_GONE: Final = frozenset({"cancelled", "held"})
_TITLE: Final = 60
_DAY: Final = timedelta(days=1)


def may_announce(item: CalendarItem) -> bool:
    """Whether an item is worth a look: it may yet go out, and the word stands in it."""
    if item.state in _GONE:
        return False
    return is_marked(item) or (item.text is not None and WORD in item.text.casefold())


def announced(
    items: Iterable[CalendarItem], timezone: str | None, session: BrandSession
) -> tuple[MaintenancePlanned, ...]:
    """The maintenances that items announce, each dated from its own beginning.

    An item is one when a category of it says so, or when it is a service message with the word and with
    the hours or the day in its text.
    """
    found: dict[tuple[datetime, datetime], MaintenancePlanned] = {}
    zone = None if timezone is None else ZoneInfo(timezone)
    for item in filter(may_announce, items):
        marked = is_marked(item)
        window = _window(item, zone, marked=marked)
        if window is None or not (marked or _is_service(item, session)):
            continue
        begin, end = window
        # several pages announce the same one
        found.setdefault(
            window,
            MaintenancePlanned(
                at=begin, maintenance=f"row {item.row}", from_=begin, to=end, title=_title(item)
            ),
        )
    return tuple(found.values())


def is_marked(item: CalendarItem) -> bool:
    """Whether the file says of an item that it is a maintenance, by its category."""
    return any(WORD in tag.casefold() for tag in item.tags)


def known_from(event: Event, start: datetime, as_of: datetime | None) -> Event | None:
    """A maintenance as what is planned from the start on; None when it was not known yet.

    One that is dated from its own beginning was planned before it.
    """
    before = isinstance(event, MaintenancePlanned) and event.at >= event.from_
    if as_of is not None and event.at > as_of and not before:
        return None
    return attrs.evolve(event, at=start)


def _is_service(item: CalendarItem, session: BrandSession) -> bool:
    if item.kind is not None:
        return item.kind in SERVICE_KINDS
    at = session.state.now if item.publish_at is None else to_micros(item.publish_at)
    read = prospect(session, item.text, item.page, at, language=item.language)
    return read.thread.kind in SERVICE_KINDS


def _window(
    item: CalendarItem, zone: tzinfo | None, *, marked: bool
) -> tuple[datetime, datetime] | None:
    """From when to when: as the text says, else, of a row that is a maintenance, as its dates say."""
    at = item.publish_at
    if at is None:
        return None
    named = _named(find_times(prepare(item.text or ""), published_at=at, zone=zone), at)
    if named is None and marked:
        named = at, item.ends_at or _midnight_after(at)
    if named is None or not timedelta(0) < named[1] - named[0] <= LONGEST:
        return None
    return named


def _named(mentions: Sequence[TimeMention], at: datetime) -> tuple[datetime, datetime] | None:
    """The window that the times of a text name."""
    day: datetime | None = None
    for mention in mentions:
        if mention.kind == "day" and mention.at is not None:
            # the last moment of a day is the midnight after it
            day = mention.at - _DAY
        if mention.kind == "interval" and mention.at is not None and mention.until is not None:
            return _on_day(mention.at, mention.until, day, at)
    instants = [one.at for one in mentions if one.kind == "instant" and one.at is not None]
    if len(instants) == 2:
        return instants[0], instants[1]
    until = next((one.at for one in mentions if one.relation == "until" and one.at), None)
    if until is not None:
        return at, until
    return None if day is None else (day, day + _DAY)


def _on_day(
    begin: datetime, end: datetime, day: datetime | None, at: datetime
) -> tuple[datetime, datetime]:
    """Hours that stand apart from their day: `on Sunday, no transfers between 2am and 5am`."""
    if day is None or begin - at > _DAY:
        return begin, end
    moved = begin.replace(year=day.year, month=day.month, day=day.day)
    return moved, moved + (end - begin)


def _midnight_after(at: datetime) -> datetime:
    return (at + _DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def _title(item: CalendarItem) -> str:
    said = next(_lines(item.title or item.text or ""), WORD)
    return said if len(said) <= _TITLE else said[: _TITLE - 1].rstrip() + "…"


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
