"""What happens to an incident, and what becomes known about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from crisisrules.model.event import Event


@attrs.frozen(kw_only=True)
class IncidentOpened(Event):
    """An incident was declared. ``own`` is False for somebody else's tragedy, attack or failure."""

    type: ClassVar[str] = "incident.opened"
    incident: str
    kind: str
    severity: str
    started_at: datetime | None = None
    aware_at: datetime | None = None
    title: str | None = None
    keywords: tuple[str, ...] | None = None
    pages: tuple[str, ...] | None = None
    place: str | None = None
    affected: int | None = None
    disabled_channels: tuple[str, ...] | None = None
    components: tuple[str, ...] | None = None
    own: bool = True


@attrs.frozen(kw_only=True)
class IncidentUpdated(Event):
    """Something about the incident changed; a field that is None did not change."""

    type: ClassVar[str] = "incident.updated"
    incident: str
    kind: str | None = None
    severity: str | None = None
    started_at: datetime | None = None
    aware_at: datetime | None = None
    title: str | None = None
    keywords: tuple[str, ...] | None = None
    pages: tuple[str, ...] | None = None
    place: str | None = None
    affected: int | None = None
    disabled_channels: tuple[str, ...] | None = None
    components: tuple[str, ...] | None = None
    own: bool | None = None
    phase: str | None = None
    cause_confirmed: bool | None = None


@attrs.frozen(kw_only=True)
class IncidentEvent(Event):
    """What the ends of an incident have in common."""

    incident: str
    component: str | None = None


@attrs.frozen(kw_only=True)
class IncidentRecovered(IncidentEvent):
    """Operations saw service return, for one component or (None) for everything."""

    type: ClassVar[str] = "incident.recovered"


@attrs.frozen(kw_only=True)
class IncidentResolved(IncidentEvent):
    """The incident was declared over by those who lead it."""

    type: ClassVar[str] = "incident.resolved"


@attrs.frozen(kw_only=True)
class IncidentDismissed(IncidentEvent):
    """There was no incident after all."""

    type: ClassVar[str] = "incident.dismissed"


@attrs.frozen(kw_only=True)
class InformationReleased(Event):
    """A fact about the incident became known inside, cleared for the public or not yet."""

    type: ClassVar[str] = "information.released"
    incident: str
    information: str
    text: str | None = None
    topic: str | None = None
    cleared_public_at: datetime | None = None
    seen_by: Mapping[str, datetime] | None = None
    supersedes: str | None = None
