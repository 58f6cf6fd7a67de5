"""The incidents of a file, whatever tool wrote it: the format is seen from the content."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

from crisisrules.adapters.incidents.documents import (
    Document,
    read_json_document,
    read_yaml_document,
)
from crisisrules.adapters.incidents.maintenances import is_maintenance, maintenance_events
from crisisrules.adapters.incidents.mappings import incident_events
from crisisrules.adapters.platforms.adapter import AdapterFactory
from crisisrules.adapters.platforms.alertmanager import AlertmanagerWebhook
from crisisrules.adapters.platforms.incident_io import IncidentIoWebhook
from crisisrules.adapters.platforms.pagerduty import PagerDutyWebhook
from crisisrules.adapters.platforms.statuspage import Statuspage
from crisisrules.adapters.streams.events import Fault, check_event, printable
from crisisrules.adapters.streams.json_text import Path as ValuePath
from crisisrules.adapters.streams.reading import not_utf8, read_events, unreadable
from crisisrules.model.errors import InputError, Place, Problem, unknown_word
from crisisrules.model.events import Event

_LISTS: Final = ("incidents", "maintenances")
LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a file that is read as a whole."""


def read_incidents(path: str | Path, *, zone: tzinfo | None = None) -> tuple[Event, ...]:
    """The events that a file of incidents comes to, in the order of their times.

    A file holds one of these:

    - events as JSON lines, or one or a list of them as a JSON document;
    - incidents and planned maintenances in YAML or JSON: one mapping, a list, or lists under ``incidents``
      and ``maintenances``, with the fields of :data:`crisisrules.adapters.incidents.mappings.FIELDS` and
      :data:`crisisrules.adapters.incidents.maintenances.FIELDS`;
    - the ``incidents.json`` or a webhook of Statuspage, a webhook or the alerts of Alertmanager, a webhook
      of PagerDuty or incident.io.

    Args:
        path: the file.
        zone: of times without an offset in YAML; without it they are faults.

    Raises:
        InputError: the file cannot be read, is empty, or anything in it is at fault.
    """
    source = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
        written_at = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    except (OSError, ValueError) as error:
        raise InputError(unreadable(source, error)) from None
    return parse_incidents(data, source, written_at, zone=zone)


def parse_incidents(
    data: bytes, source: str, written_at: datetime, *, zone: tzinfo | None = None
) -> tuple[Event, ...]:
    """The same for the bytes of a file; ``written_at`` dates what has no time of its own.

    Raises:
        InputError: as :func:`read_incidents` says.
    """
    if len(data) > LARGEST:
        message = f"the file is larger than {LARGEST // 1024 // 1024} MB"
        raise InputError(Problem(Place(source), "too-large", message))
    if _is_lines(data):
        return _in_order(list(read_events(io.BytesIO(data), source)))
    text = _text(data, source)
    if text.lstrip()[:1] in ("{", "["):
        document = read_json_document(text, source)
    else:
        document = read_yaml_document(text, source)
    adapter = _adapter(document.value)
    if adapter is not None:
        payload = document.value
        if adapter is Statuspage and isinstance(payload, list):
            payload = {"incidents": payload}
        return adapter({}).read(payload, written_at).events
    return _in_order(_own(document, zone))


def _is_lines(data: bytes) -> bool:
    first = next((line for line in data.splitlines() if line.strip()), b"")
    try:
        value = json.loads(first.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # a line of events may be broken; in no other format do two lines start so
        return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b'{"type"') and b'\n{"type"' in data
    return isinstance(value, dict) and "type" in value


def _text(data: bytes, source: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = Place(source, line, error.start - data.rfind(b"\n", 0, error.start))
        raise InputError(Problem(place, "not-utf8", not_utf8(data, error))) from None
    if not text.strip():
        raise InputError(Problem(Place(source), "nothing-read", "the file is empty"))
    return text


def _adapter(value: object) -> AdapterFactory | None:
    """The source whose payload this is, or None when it is in our own words."""
    if isinstance(value, list):
        return _adapter_of_entry(value[0]) if value else None
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("alerts"), list):
        return AlertmanagerWebhook
    if isinstance(value.get("event"), Mapping) and "event_type" in value["event"]:
        return PagerDutyWebhook
    if "event_type" in value:
        return IncidentIoWebhook
    if "page" in value and {"incident", "incidents", "scheduled_maintenances"} & set(value):
        return Statuspage if isinstance(value["page"], Mapping) else None
    incidents = value.get("incidents")
    return _adapter_of_entry(incidents[0]) if isinstance(incidents, list) and incidents else None


def _adapter_of_entry(entry: object) -> AdapterFactory | None:
    if not isinstance(entry, Mapping):
        return None
    if "labels" in entry and "startsAt" in entry:
        return AlertmanagerWebhook
    return Statuspage if "impact" in entry or "incident_updates" in entry else None


def _own(document: Document, zone: tzinfo | None) -> list[Event]:
    value = document.value
    problems: list[Problem] = []

    def report(fault: Fault) -> None:
        place = document.place_of(fault.path, fault.at_key)
        problems.append(Problem(place, fault.name, fault.message))

    found: list[Event] = []
    names: set[str] = set()
    for entry, path in _entries(value, report):
        for event in _entry(entry, path, report, zone):
            found.append(event)
            if event.type == "incident.opened":
                name = str(getattr(event, "incident", None))
                if name in names:
                    message = f"incident `{name[:60]}` is opened twice"
                    report(Fault(path, "repeated-incident", message))
                names.add(name)
    if problems:
        raise InputError(problems)
    return found


def _entries(value: object, report: Callable[[Fault], None]) -> Iterator[tuple[object, ValuePath]]:
    """What a document holds, each with its path: the document itself, a list, or lists under names."""
    parts: list[tuple[object, ValuePath]] = [(value, ())]
    if isinstance(value, Mapping) and set(value) & set(_LISTS):
        parts = [(value[name], (name,)) for name in _LISTS if name in value]
        for key in value:
            if key not in _LISTS:
                message = unknown_word("a list of this file", printable(str(key)), _LISTS)
                report(Fault((key,), "unknown-field", message, at_key=True))
    for part, base in parts:
        if isinstance(part, list):
            yield from ((entry, (*base, index)) for index, entry in enumerate(part))
        else:
            yield part, base


def _entry(
    value: object, path: ValuePath, report: Callable[[Fault], None], zone: tzinfo | None
) -> list[Event]:
    if isinstance(value, Mapping) and "type" in value:
        faults: list[Fault] = []
        event = check_event(value, faults.append)
        for fault in faults:
            report(Fault((*path, *fault.path), fault.name, fault.message, fault.at_key))
        return [event] if event is not None else []
    if isinstance(value, Mapping) and is_maintenance(value):
        return maintenance_events(value, path, report, zone)
    return incident_events(value, path, report, zone)


def _in_order(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: event.at))
