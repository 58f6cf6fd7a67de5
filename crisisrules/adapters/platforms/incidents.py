"""What the sources of incidents have in common: severities, and when something is worth an incident.

``minor``, ``major`` and ``critical`` are ours. A word that no table knows is ``major``: what is not
understood is not let pass as small.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from crisisrules.adapters.platforms.adapter import Accounts
from crisisrules.model.events import IncidentOpened, IncidentUpdated

NOT_UNDERSTOOD: Final = "major"

SEVERITY_WORDS: Final[Mapping[str, str | None]] = {
    "none": None,
    "info": None,
    "informational": None,
    "notice": None,
    "maintenance": None,
    "low": "minor",
    "warning": "minor",
    "minor": "minor",
    "sev3": "minor",
    "sev4": "minor",
    "p3": "minor",
    "p4": "minor",
    "p5": "minor",
    "medium": "minor",
    "error": "major",
    "high": "major",
    "major": "major",
    "page": "major",
    "sev2": "major",
    "p2": "major",
    "critical": "critical",
    "emergency": "critical",
    "disaster": "critical",
    "sev1": "critical",
    "sev0": "critical",
    "p1": "critical",
    "p0": "critical",
}
"""Words for a severity and ours; None is for what is no incident."""


def severity_of(word: str | None) -> str | None:
    """Our severity for a word in lower case; None when it says that there is no incident."""
    return NOT_UNDERSTOOD if word is None else SEVERITY_WORDS.get(word, NOT_UNDERSTOOD)


def brand_of(accounts: Accounts, name: str | None) -> str | None:
    """The brand whose status page, service or receiver has an id; None where that is not declared."""
    account = accounts.get(name) if name is not None else None
    return account.brand if account is not None else None


def sole_brand(accounts: Accounts) -> str | None:
    """The brand of a source that tells no id of its own: that of its accounts, where they have one."""
    brands = {account.brand for account in accounts.values()}
    return brands.pop() if len(brands) == 1 else None


def opened(
    *,
    at: datetime,
    brand: str | None,
    delivery: str,
    incident: str,
    severity: str,
    title: str | None,
    components: tuple[str, ...] | None = None,
    started_at: datetime | None = None,
) -> IncidentOpened:
    """An incident of a technical source: an outage, known to the brand since ``at``."""
    return IncidentOpened(
        at=at,
        brand=brand,
        id=delivery,
        incident=incident,
        kind="outage",
        severity=severity,
        started_at=started_at or at,
        aware_at=at,
        title=title,
        components=components or None,
    )


def phase(
    *, at: datetime, brand: str | None, delivery: str, incident: str, name: str
) -> IncidentUpdated:
    """The incident reached a phase."""
    return IncidentUpdated(at=at, brand=brand, id=delivery, incident=incident, phase=name)
