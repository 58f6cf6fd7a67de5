"""An incident as people write it down, in one mapping, and the events that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Final

import attrs

from crisisrules.adapters.streams.events import (
    Fault,
    Report,
    check_event,
    check_instant,
    described,
    printable,
)
from crisisrules.adapters.streams.json_text import Path
from crisisrules.adapters.streams.shapes import ListOf, Text, fields_by_name
from crisisrules.model.errors import unknown_word
from crisisrules.model.events import Event, IncidentOpened

_OPENED: Final = tuple(name for name in fields_by_name(IncidentOpened) if name not in ("at", "id"))
_UPDATED: Final = ("phase", "cause_confirmed")
_MADE_AT: Final = ("opened_at", "at", "aware_at", "started_at")
"""When the incident was declared: the first of these that is given."""

_ENDS: Final = {
    "recovered_at": "incident.recovered",
    "resolved_at": "incident.resolved",
    "dismissed_at": "incident.dismissed",
}
FIELDS: Final = (*_OPENED, "opened_at", "at", *_UPDATED, "updated_at", *_ENDS)
"""What a mapping may say about an incident."""


def incident_events(value: object, path: Path, report: Report, zone: tzinfo | None) -> list[Event]:
    """The events of one incident: opened, then as far as given updated, recovered, resolved, dismissed.

    Args:
        value: the mapping, with the fields of :data:`FIELDS`; ``incident``, ``severity`` and one of the
            times must be there, and ``kind`` is ``other`` when it is not.
        path: where it stands in its document, for the faults.
        report: called with every fault.
        zone: of times without an offset; None makes them faults.
    """
    if not isinstance(value, Mapping):
        message = f"an incident is a mapping of fields, not {described(value)}"
        report(Fault(path, "wrong-type", message))
        return []
    times = [str(key) for key in value if str(key).endswith("at")]
    given = plain_values(value, IncidentOpened, times, zone)
    for key in given:
        if key not in FIELDS:
            message = unknown_word("a field of an incident", printable(str(key)), FIELDS, limit=30)
            report(Fault((*path, key), "unknown-field", message, at_key=True))
    return _Incident(given, path, report).events()


@attrs.frozen
class _Incident:
    """One incident that is being read."""

    given: Mapping[str, object]
    path: Path
    report: Report

    def events(self) -> list[Event]:
        given = self.given
        made = next((name for name in _MADE_AT if name in given), None)
        if made is None:
            message = "`opened_at` is missing; an incident says when it was declared"
            self.report(Fault(self.path, "missing-field", message))
            at = None
        else:
            at = self.instant(made)
        found = [
            self.event(
                "incident.opened",
                at,
                {"kind": "other"} | {name: given[name] for name in _OPENED if name in given},
            )
        ]
        news = {name: given[name] for name in _UPDATED if name in given}
        if news:
            updated_at = self.instant("updated_at") if "updated_at" in given else at
            found.append(self.event("incident.updated", updated_at, self.who() | news))
        for name, kind in _ENDS.items():
            if name in given:
                end = self.instant(name)
                if end is not None and at is not None and end < at:
                    message = f"`{name}` is before `{made}`; an incident ends after it began"
                    self.report(Fault((*self.path, name), "out-of-order", message))
                found.append(self.event(kind, end, self.who()))
        return [event for event in found if event is not None]

    def who(self) -> dict[str, object]:
        return {name: self.given[name] for name in ("incident", "brand") if name in self.given}

    def instant(self, name: str) -> datetime | None:
        return check_instant(self.given[name], (*self.path, name), self.report)

    def event(self, kind: str, at: datetime | None, fields: Mapping[str, object]) -> Event | None:
        told: list[Fault] = []
        event = check_event({"type": kind, "at": at or _NO_TIME, **fields}, told.append)
        for fault in told:
            # what the later events repeat was said of the first one
            if kind == "incident.opened" or (fault.path[:1] and fault.path[0] in _UPDATED):
                self.report(attrs.evolve(fault, path=(*self.path, *fault.path)))
        return event if at is not None else None


_NO_TIME: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
"""Stands for a time that is missing, which was said, while the other fields are looked at."""


def plain_values(
    value: Mapping[str, object], cls: type, times: Iterable[str], zone: tzinfo | None
) -> dict[str, object]:
    """What a mapping gives for an event of ``cls``, as JSON would: texts as texts, times with an offset."""
    return {
        key: _plain(key, entry, cls, key in times, zone)
        for key, entry in value.items()
        if entry is not None
    }


def _plain(key: str, value: object, cls: type, is_time: bool, zone: tzinfo | None) -> object:
    field = fields_by_name(cls).get(str(key))
    if field is not None and isinstance(field.shape, Text):
        return _as_text(value)
    if field is not None and isinstance(field.shape, ListOf) and isinstance(value, list):
        return [_as_text(entry) for entry in value]
    if zone is not None and isinstance(value, str) and is_time:
        return _in_zone(value, zone)
    return value


def _as_text(value: object) -> object:
    # an incident may be called 2026, and a keyword 5
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _in_zone(value: str, zone: tzinfo) -> object:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)
