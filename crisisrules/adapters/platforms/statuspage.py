"""Statuspage and its clones: webhooks, ``incidents.json`` and ``summary.json``.

Written after Atlassian's page on webhooks and the public status API, which other vendors copy with other
spellings. The webhook is not signed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import (
    Accounts,
    Gathering,
    Reading,
    delivery_id,
    stamp,
)
from crisisrules.adapters.platforms.incidents import brand_of, opened, phase, severity_of
from crisisrules.adapters.platforms.payload import (
    instant_at,
    list_at,
    text_at,
    value_at,
    word_at,
)
from crisisrules.model.events import IncidentResolved, MaintenancePlanned

_PHASES: Final = frozenset({"investigating", "identified", "monitoring"})
_OVER: Final = frozenset({"resolved", "postmortem", "completed"})


@attrs.frozen
class Statuspage:
    """Deliveries of the webhook, and answers of the status API."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """What happened to each incident, from its updates; see :class:`StreamAdapter`.

        An update that is dated before its incident was made counts from then, and the incident is said
        to have started at the earliest of them.
        """
        found = Gathering()
        brand = brand_of(self.accounts, text_at(payload, "page", "id"))
        incidents = list_at(payload, "incidents")
        if value_at(payload, "incident") is not None:
            incidents.append(value_at(payload, "incident"))
        for incident in incidents:
            _incident(found, brand, incident, received_at)
        for maintenance in list_at(payload, "scheduled_maintenances"):
            _maintenance(found, brand, maintenance, received_at)
        if value_at(payload, "component_update") is not None:
            found.ignore("component update")
        elif not incidents and "incidents" not in _keys(payload):
            found.ignore("not a status page")
        return found.reading()


def _keys(payload: object) -> frozenset[str]:
    return frozenset(payload) if isinstance(payload, dict) else frozenset()


def _incident(found: Gathering, brand: str | None, incident: object, received_at: datetime) -> None:
    name = text_at(incident, "id")
    impact = word_at(incident, "impact")
    severity = severity_of(impact)
    if name is None:
        found.ignore("incident without id")
    elif value_at(incident, "backfilled") is True:
        found.ignore("backfilled incident")
    elif impact == "maintenance" or value_at(incident, "scheduled_for") is not None:
        _maintenance(found, brand, incident, received_at)
    elif severity is None:
        found.ignore("incident without impact")
    else:
        created_at = instant_at(incident, "created_at") or received_at
        updates = _updates(incident)
        times = [at for at, _, _ in updates]
        started_at = instant_at(incident, "started_at") or created_at
        found.add(
            opened(
                at=created_at,
                brand=brand,
                delivery=delivery_id("statuspage", name),
                incident=name,
                severity=severity,
                title=text_at(incident, "name"),
                components=tuple(
                    component
                    for one in list_at(incident, "components")
                    if (component := text_at(one, "name")) is not None
                ),
                started_at=min([started_at, created_at, *times]),
            )
        )
        _history(found, brand, name, incident, created_at, updates)


def _maintenance(
    found: Gathering, brand: str | None, maintenance: object, received_at: datetime
) -> None:
    """A maintenance as it is planned now; one that was completed early ended then."""
    name = text_at(maintenance, "id")
    begin, end = (
        instant_at(maintenance, "scheduled_for"),
        instant_at(maintenance, "scheduled_until"),
    )
    if word_at(maintenance, "status") in _OVER:
        over_at = instant_at(maintenance, "resolved_at")
        end = over_at if end is None or (over_at is not None and over_at < end) else end
    if name is None or begin is None or end is None or end <= begin:
        found.ignore("maintenance without its times")
        return
    at = instant_at(maintenance, "updated_at") or instant_at(maintenance, "created_at")
    found.add(
        MaintenancePlanned(
            at=at or received_at,
            brand=brand,
            id=delivery_id("statuspage", name, stamp(begin), stamp(end)),
            maintenance=name,
            from_=begin,
            to=end,
            title=text_at(maintenance, "name"),
        )
    )


def _history(
    found: Gathering,
    brand: str | None,
    name: str,
    incident: object,
    created_at: datetime,
    updates: list[tuple[datetime, str, str | None]],
) -> None:
    over_at = instant_at(incident, "resolved_at")
    known = None
    for at, status, update in updates:
        if status in _OVER:
            over_at = over_at or at
        elif status in _PHASES and status != known:
            known = status
            found.add(
                phase(
                    at=max(at, created_at),
                    brand=brand,
                    delivery=delivery_id("statuspage", name, update or status),
                    incident=name,
                    name=status,
                )
            )
        else:
            found.ignore("update without a new phase")
    if over_at is not None:
        found.add(
            IncidentResolved(
                at=max(over_at, created_at, *(at for at, s, _ in updates if s in _PHASES)),
                brand=brand,
                id=delivery_id("statuspage", name, "resolved", int(over_at.timestamp())),
                incident=name,
            )
        )


def _updates(incident: object) -> list[tuple[datetime, str, str | None]]:
    """Time, status and id of the updates, oldest first; of the incident itself where it has none."""
    found: list[tuple[datetime, str, str | None]] = []
    for update in list_at(incident, "incident_updates"):
        at = instant_at(update, "display_at") or instant_at(update, "created_at")
        status = word_at(update, "status")
        if at is not None and status is not None:
            found.append((at, status, text_at(update, "id")))
    if not found:
        status = word_at(incident, "status")
        at = (status and instant_at(incident, f"{status}_at")) or instant_at(incident, "updated_at")
        if at is not None and status is not None:
            found.append((at, status, None))
    # the list is newest first, also among those of one instant
    found.reverse()
    return sorted(found, key=lambda update: update[0])
