"""What must be known of a calendar before its first item can be asked, however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from crisisrules.lint.maintenance import may_announce
from crisisrules.model.calendar import CalendarItem

MOST_ANNOUNCING = 1_000
"""Items that may announce a maintenance; there are a few in a real calendar."""


@attrs.frozen(kw_only=True)
class Survey:
    """A calendar seen from afar.

    Attributes:
        places: network and account of its items, each pair once.
        start: the first moment at which anything goes out; None when nothing has a date.
        announcing: items that may announce a maintenance.
        excepted: items with an allowance of their own.
    """

    places: frozenset[tuple[str | None, str | None]]
    start: datetime | None
    announcing: tuple[CalendarItem, ...]
    excepted: tuple[CalendarItem, ...]

    @classmethod
    def of(cls, items: Iterable[CalendarItem]) -> Survey:
        """The survey of items, which are looked at once."""
        places: set[tuple[str | None, str | None]] = set()
        start: datetime | None = None
        announcing: list[CalendarItem] = []
        excepted: list[CalendarItem] = []
        for item in items:
            places.add((item.page, item.account))
            if item.publish_at is not None and (start is None or item.publish_at < start):
                start = item.publish_at
            if len(announcing) < MOST_ANNOUNCING and may_announce(item):
                announcing.append(item)
            if item.allow:
                excepted.append(item)
        return cls(
            places=frozenset(places),
            start=start,
            announcing=tuple(announcing),
            excepted=tuple(excepted),
        )
