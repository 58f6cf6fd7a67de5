"""PagerDuty: version 3 of its webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import Accounts, Gathering, Reading, delivery_id
from crisisrules.adapters.platforms.incidents import brand_of, opened, phase, severity_of
from crisisrules.adapters.platforms.payload import instant_at, text_at, value_at, word_at
from crisisrules.model.events import IncidentResolved, IncidentUpdated

_OPENING: Final = frozenset({"incident.triggered", "incident.reopened"})


@attrs.frozen
class PagerDutyWebhook:
    """Deliveries about incidents; ``accounts`` names services."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """What happened to an incident; see :class:`StreamAdapter`."""
        found = Gathering()
        event = value_at(payload, "event")
        kind = text_at(event, "event_type")
        data = value_at(event, "data")
        incident = text_at(data, "id")
        # notes and status updates come under the same kinds of event
        if kind is None or incident is None or word_at(data, "type") != "incident":
            found.ignore(f"event {kind or 'without type'}")
            return found.reading()
        at = instant_at(event, "occurred_at") or received_at
        brand = brand_of(self.accounts, text_at(data, "service", "id"))
        delivery = delivery_id("pagerduty", text_at(event, "id") or f"{incident}:{kind}:{at}")
        service = text_at(data, "service", "summary")
        severity = _severity(data)
        if kind in _OPENING:
            found.add(
                opened(
                    at=at,
                    brand=brand,
                    delivery=delivery,
                    incident=incident,
                    severity=severity,
                    title=text_at(data, "title"),
                    components=None if service is None else (service,),
                    started_at=instant_at(data, "created_at"),
                )
            )
        elif kind == "incident.acknowledged":
            found.add(
                phase(
                    at=at, brand=brand, delivery=delivery, incident=incident, name="investigating"
                )
            )
        elif kind in ("incident.priority_updated", "incident.urgency_updated"):
            found.add(
                IncidentUpdated(
                    at=at, brand=brand, id=delivery, incident=incident, severity=severity
                )
            )
        elif kind == "incident.resolved":
            found.add(IncidentResolved(at=at, brand=brand, id=delivery, incident=incident))
        else:
            found.ignore(f"event {kind}")
        return found.reading()


def _severity(data: object) -> str:
    if word_at(data, "urgency") == "low":
        return "minor"
    priority = word_at(data, "priority", "summary") or word_at(data, "priority", "name")
    return "critical" if severity_of(priority) == "critical" else "major"
