"""incident.io: its webhooks about public incidents; of private ones it sends no more than an id."""

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
from crisisrules.adapters.platforms.incidents import (
    NOT_UNDERSTOOD,
    SEVERITY_WORDS,
    opened,
    sole_brand,
)
from crisisrules.adapters.platforms.payload import (
    count_at,
    instant_at,
    text_at,
    value_at,
    word_at,
)
from crisisrules.model.events import IncidentDismissed, IncidentResolved, IncidentUpdated

_EXERCISES: Final = frozenset({"test", "tutorial", "retrospective"})
_OVER: Final = frozenset({"learning", "closed"})
_NEVER_WAS: Final = frozenset({"declined", "merged", "canceled", "cancelled"})
_PHASES: Final = frozenset({"investigating", "identified", "monitoring"})
_SUBJECT: Final = "public_incident.incident_"
"""How the kinds of events about incidents start."""


@attrs.frozen
class IncidentIoWebhook:
    """Deliveries about incidents, follow-ups and actions."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """What happened to an incident; see :class:`StreamAdapter`."""
        found = Gathering()
        kind = text_at(payload, "event_type") or ""
        body = value_at(payload, kind)
        # news of a status wraps the incident
        incident = value_at(body, "incident") or body
        name = text_at(incident, "reference") or text_at(incident, "id")
        mode = word_at(incident, "mode")
        if not kind.startswith(_SUBJECT) or name is None:
            found.ignore(f"event {kind or 'without type'}")
        elif mode in _EXERCISES:
            found.ignore(f"{mode} incident")
        else:
            self._incident(found, kind, name, incident, body, received_at)
        return found.reading()

    def _incident(
        self,
        found: Gathering,
        kind: str,
        name: str,
        incident: object,
        body: object,
        received_at: datetime,
    ) -> None:
        brand = sole_brand(self.accounts)
        severity = _severity(incident)
        updated_at = instant_at(incident, "updated_at") or received_at
        delivery = delivery_id("incident.io", name, kind.removeprefix(_SUBJECT), stamp(updated_at))
        status = value_at(body, "new_status") or value_at(incident, "incident_status")
        category = word_at(status, "category")
        if category in _NEVER_WAS:
            found.add(IncidentDismissed(at=updated_at, brand=brand, id=delivery, incident=name))
        elif category in _OVER:
            found.add(IncidentResolved(at=updated_at, brand=brand, id=delivery, incident=name))
        elif "created" in kind:
            found.add(
                opened(
                    at=instant_at(incident, "created_at") or received_at,
                    brand=brand,
                    delivery=delivery,
                    incident=name,
                    severity=severity,
                    title=text_at(incident, "name"),
                )
            )
        elif "updated" in kind:
            word = word_at(status, "name")
            found.add(
                IncidentUpdated(
                    at=updated_at,
                    brand=brand,
                    id=delivery,
                    incident=name,
                    severity=severity,
                    title=text_at(incident, "name"),
                    phase=word if word in _PHASES else None,
                )
            )
        else:
            found.ignore(f"event {kind}")


def _severity(incident: object) -> str:
    severity = value_at(incident, "severity")
    word = word_at(severity, "name")
    known = SEVERITY_WORDS.get(word or "")
    if known is not None:
        return known
    # names are the customer's own; of the ranks only the order is known, and they start at 0 or 1
    rank = count_at(severity, "rank")
    if rank is None:
        return NOT_UNDERSTOOD
    return "minor" if rank <= 1 else "major" if rank == 2 else "critical"
