"""Who is on duty, as notices need to know it: a copy that stays as it is while they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from crisisrules.engine.session import Session


@attrs.frozen
class Duty:
    """A shift of a role for some pages (None: all), from one instant to before another (None: open)."""

    role: str
    person: str | None
    pages: tuple[str, ...] | None
    start: int
    end: int | None

    def covers(self, page: object, at: int) -> bool:
        """Whether it is on at an instant for a page; a thing of no page concerns all."""
        return (
            self.start <= at
            and (self.end is None or at < self.end)
            and (self.pages is None or page is None or page in self.pages)
        )


Duties: TypeAlias = Mapping[str, Sequence[Duty]]
"""The shifts of each brand."""


def duties(session: Session) -> dict[str, tuple[Duty, ...]]:
    """All shifts that a session knows of."""
    return {
        brand: tuple(
            Duty(one.role, one.person, one.pages, one.start, one.end)
            for one in session.brand_session(brand).state.shifts
        )
        for brand in session.brands
    }
