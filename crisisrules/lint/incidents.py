"""The events that what is not out is held against: incidents, and the pages that a calendar names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import attrs

from crisisrules.model.calendar import EVERYWHERE
from crisisrules.model.events import (
    EVENT_TYPES,
    Event,
    IncidentOpened,
    IncidentUpdated,
    PageDescribed,
)
from crisisrules.model.vocabulary import PLATFORMS

_PLATFORMS: Final = {"google": "google_business"}
"""What calendars call a platform, where that is not our word for it."""


def in_order(incidents: Event | Iterable[Event] | None) -> list[Event]:
    """Events as values of the model's classes, in the order of their times; None is none.

    The fast reader of streams gives structs that have what an event has, and are no instances of its
    class; here they become instances, since they are changed below. What is not out belongs to one brand,
    which neither a calendar nor a draft names, so the incidents of every brand given are its own.
    """
    if incidents is None:
        return []
    given = [incidents] if isinstance(incidents, Event) else list(incidents)
    found = [_plain(event) for event in given]
    return sorted(found, key=lambda event: (event.at, event.type != IncidentOpened.type))


def _plain(event: Event) -> Event:
    cls = EVENT_TYPES[event.type]
    if isinstance(event, cls):
        return event if event.brand is None else attrs.evolve(event, brand=None)
    return _plain(cls(**{field.name: getattr(event, field.name) for field in attrs.fields(cls)}))


def described(name: str, at: datetime, zone: str | None) -> PageDescribed:
    """A page of a calendar, which knows of it no more than its name."""
    platform = _PLATFORMS.get(name, name if name in PLATFORMS else "other")
    return PageDescribed(at=at, page=name, platform=platform, timezone=zone)


def concerning(event: Event, pages: Iterable[str]) -> Event:
    """An incident on pages of which none is among these concerns them all: names may differ by tool."""
    if not isinstance(event, IncidentOpened | IncidentUpdated) or event.pages is None:
        return event
    named = set(pages)
    if not named & set(event.pages):
        return attrs.evolve(event, pages=None)
    # what goes everywhere goes to the pages of the incident too
    return attrs.evolve(event, pages=(*event.pages, EVERYWHERE)) if EVERYWHERE in named else event
