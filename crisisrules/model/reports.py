"""What is handed to a report: a replayed stream, a checked calendar, a checked draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from crisisrules.model.calendar import CalendarItem, ReadingNote
from crisisrules.model.recommendation import Action, Change, Finding, Recommendation


@attrs.frozen(kw_only=True)
class Measure:
    """One figure of how a page lived an incident.

    Attributes:
        name: ``first-word``, ``first-status``, ``longest-silence``, ``largest-thread``, ``news``, …
        title: what it is, by language.
        unit: ``duration`` (microseconds) or ``count``.
        value: None when it never came to that; ``of`` is the whole that a count is a part of.
        limit: what the playbook asks at most, in the same unit; None where it asks nothing.
    """

    name: str
    title: Mapping[str, str]
    unit: str
    value: int | None
    of: int | None = None
    limit: int | None = None
    brand: str = "default"
    page: str | None = None
    incident: str | None = None


@attrs.frozen(kw_only=True)
class Telling:
    """Something that happened, said for people.

    ``words`` and ``tail`` stand before and after the quotation, by language; ``quote`` is somebody's text
    exactly as it was and is escaped by the report. ``kind`` is the first word of the event's type.
    """

    at: datetime
    kind: str
    words: Mapping[str, str]
    quote: str | None = None
    tail: Mapping[str, str] = attrs.field(factory=dict)
    brand: str | None = None
    page: str | None = None


@attrs.frozen(kw_only=True)
class Replay:
    """A stream told back, up to an instant.

    ``headline`` says by language whom it is about; ``timezone`` is the zone its times are told in.
    """

    until: datetime | None
    recommendations: tuple[Recommendation, ...]
    agenda: tuple[Action, ...]
    changes: tuple[Change, ...]
    measures: tuple[Measure, ...] = ()
    tellings: tuple[Telling, ...] = ()
    headline: Mapping[str, str] = attrs.field(factory=dict)
    timezone: str | None = None
    events: int = 0


@attrs.frozen(kw_only=True)
class ItemVerdict:
    """What was decided about one item of a calendar, and why.

    ``verdict`` is ``keep``, ``hold`` or ``review``; ``reason`` says why in one line, by language; ``kind``
    is what the item was taken for and ``words`` what it was taken from.
    """

    item: CalendarItem
    verdict: str
    reason: Mapping[str, str]
    kind: str | None = None
    words: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@attrs.frozen(kw_only=True)
class CheckReport:
    """A calendar that was checked: each item's verdict, every finding, and how the file was read.

    ``findings`` holds those of items and those of the calendar as a whole, in the order of the file.
    """

    source: str
    format: str
    items: tuple[ItemVerdict, ...]
    findings: tuple[Finding, ...]
    notes: tuple[ReadingNote, ...] = ()
    timezone: str | None = None
    as_of: datetime | None = None


@attrs.frozen(kw_only=True)
class DraftReport:
    """A draft that was checked against an incident (None: against calm)."""

    source: str
    findings: tuple[Finding, ...]
    language: str | None = None
    incident: str | None = None
