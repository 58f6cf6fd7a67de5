"""A planned maintenance as people write it down, in one mapping, and the event that it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from crisisrules.adapters.incidents.mappings import plain_values
from crisisrules.adapters.streams.events import (
    Fault,
    Report,
    check_event,
    check_instant,
    printable,
)
from crisisrules.adapters.streams.json_text import Path
from crisisrules.adapters.streams.shapes import fields_by_name
from crisisrules.model.errors import unknown_word
from crisisrules.model.events import Event, MaintenancePlanned

PLANNED: Final = tuple(
    name for name in fields_by_name(MaintenancePlanned) if name not in ("at", "id")
)
FIELDS: Final = (*PLANNED, "planned_at")
"""What a mapping may say about a maintenance."""


def is_maintenance(value: object) -> bool:
    """Whether a mapping is about a maintenance rather than an incident."""
    return isinstance(value, Mapping) and "maintenance" in value and "incident" not in value


def maintenance_events(
    value: Mapping[str, object], path: Path, report: Report, zone: tzinfo | None
) -> list[Event]:
    """The planning of one maintenance; one without ``planned_at`` is dated from its own beginning.

    Args:
        value: the mapping, with the fields of :data:`FIELDS`; ``maintenance``, ``from`` and ``to`` must
            be there.
        path: where it stands in its document, for the faults.
        report: called with every fault.
        zone: of times without an offset; None makes them faults.
    """
    given = plain_values(value, MaintenancePlanned, ("from", "to", "planned_at"), zone)
    for key in given:
        if key not in FIELDS:
            message = unknown_word("a field of a maintenance", printable(str(key)), FIELDS)
            report(Fault((*path, key), "unknown-field", message, at_key=True))
    begin, end, planned = (
        check_instant(given[name], (*path, name), report) if name in given else None
        for name in ("from", "to", "planned_at")
    )
    if begin is not None and end is not None and end <= begin:
        message = "`to` is not after `from`; a maintenance ends after it began"
        report(Fault((*path, "to"), "out-of-order", message))
    if ("from" in given and begin is None) or ("to" in given and end is None):
        return []
    fields = {name: given[name] for name in PLANNED if name in given}

    def placed(fault: Fault) -> None:
        report(Fault((*path, *fault.path), fault.name, fault.message, fault.at_key))

    at = planned or begin
    event = check_event(
        {"type": "maintenance.planned", "at": at or "2000-01-01T00:00:00Z", **fields}, placed
    )
    return [] if event is None or at is None else [event]
