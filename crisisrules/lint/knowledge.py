"""What is known of incidents at any moment, for items that are asked in any order of their times."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from crisisrules.engine.applying import APPLY
from crisisrules.engine.brand import BrandSession
from crisisrules.engine.pictures import implied_by
from crisisrules.engine.state import BrandState
from crisisrules.model.durations import to_micros
from crisisrules.model.events import Event, PageObserved

_KEPT: Final = 256
"""States that are kept; a calendar is mostly in the order of its times, and few have so many events."""


class Knowledge:
    """The state of a brand after all events up to a moment; no rule is asked on the way.

    Args:
        brand: the session whose state is set to what was known.
        before: events that are known from the start.
        events: what came to be known, in the order of its times.
    """

    def __init__(
        self, brand: BrandSession, before: Iterable[Event], events: Sequence[Event]
    ) -> None:
        self._brand = brand
        self._events = events
        self._times = [event.at for event in events]
        for event in before:
            _note(brand, event)
        # asking changes no state, so that one that is known is taken as it is
        self._states: dict[int, BrandState] = {0: brand.state}
        self._known = 0

    def at(self, moment: datetime | None) -> BrandSession:
        """The session as it was at a moment; with everything that is known, of no moment."""
        count = len(self._times) if moment is None else bisect_right(self._times, moment)
        if count != self._known:
            self._go(count)
        return self._brand

    def _go(self, count: int) -> None:
        near = max(known for known in self._states if known <= count)
        state = self._states[near] if near == count else copy.deepcopy(self._states[near])
        self._brand.state = self._brand.fold.state = state
        for event in self._events[near:count]:
            _note(self._brand, event)
        if near != count:
            if len(self._states) > _KEPT:
                del self._states[next(known for known in self._states if known)]
            self._states[count] = state
        self._known = count


def _note(brand: BrandSession, event: Event) -> None:
    at = to_micros(event.at)
    brand.state.now = max(brand.state.now, at)
    if event.type == "page.observed":
        # by its type: what the fast reader yields is no instance of the class
        for implied in implied_by(brand.fold, cast("PageObserved", event), at):
            _note(brand, implied)
    else:
        APPLY[event.type](brand.fold, event, at)
