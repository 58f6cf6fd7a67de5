"""Maintenance that is planned: a window of time in which something will not work, known in advance."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from crisisrules.model.event import Event


@attrs.frozen(kw_only=True)
class MaintenancePlanned(Event):
    """A maintenance is planned from one instant to another, or planned anew under the same name.

    ``pages`` are those that it concerns (None: all); ``at`` is when it was planned.
    """

    type: ClassVar[str] = "maintenance.planned"
    maintenance: str
    from_: datetime
    to: datetime
    title: str | None = None
    pages: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True)
class MaintenanceCancelled(Event):
    """A planned maintenance will not take place."""

    type: ClassVar[str] = "maintenance.cancelled"
    maintenance: str
