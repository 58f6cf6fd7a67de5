"""The loop: events come in, time passes between them, and what changed goes out.

One writer evaluates and commits; whoever submits waits until the events are durable. Events that arrive
while a commit runs are written together with the next one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import attrs

from crisisrules.live.keeper import Accepted, Keeper
from crisisrules.live.store import NO_CURSORS, JournalError
from crisisrules.model.errors import CrisisRulesError
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change

LARGEST_BATCH: Final = 500
"""Events in one commit; a larger one would make everybody in it wait."""

LONGEST_SLEEP: Final = 5.0
"""Seconds; a clock that is set while the loop sleeps is noticed after at most so many."""

FRESH: Final = timedelta(hours=1)
"""Events younger than this are live, and the wall clock passes; older ones pass their own time."""

Outlet = Callable[[Sequence[Change]], None]


@attrs.define
class _Delivery:
    events: Sequence[Event]
    cursors: Mapping[str, str]
    done: asyncio.Future[Accepted]


class Loop:
    """Feeds a keeper from any number of sources and lets time pass between events.

    Args:
        keeper: holds the journal and the session.
        clock: the wall clock.
        outlet: called with what changed, once it is durable.
        live: whether the wall clock passes; None: from the first event younger than an hour.
        on_failure: called when the journal begins to fail; the loop goes on and tries again.
    """

    def __init__(
        self,
        keeper: Keeper,
        clock: Callable[[], datetime],
        outlet: Outlet,
        *,
        live: bool | None = None,
        on_failure: Callable[[CrisisRulesError], None] = lambda _: None,
    ) -> None:
        self.keeper = keeper
        self.clock = clock
        self._outlet = outlet
        self.live = live
        self.on_failure = on_failure
        self.accepted = self.repeated = self.late = self.failed = 0
        self.recovered = True
        self._held = 0
        self.busy = asyncio.Lock()
        """Held while the session changes; whoever reads it or puts another in its place holds it too."""
        self.last_events: deque[Event] = deque(maxlen=20)
        self._queue: asyncio.Queue[_Delivery] = asyncio.Queue(maxsize=10_000)

    async def submit(
        self, events: Sequence[Event], cursors: Mapping[str, str] = NO_CURSORS
    ) -> Accepted:
        """Have events accepted; returns once they are durable, and up to where a source was read with them.

        Raises:
            JournalError: they could not be written; none of them was accepted.
        """
        done: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Delivery(events, cursors, done))
        return await done

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let no time pass meanwhile: a source has more of the past, which would then come late."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    async def run(self, *sources: Awaitable[None]) -> None:
        """Work until all sources have ended and what they gave was evaluated."""
        feeding = asyncio.gather(*sources)
        try:
            while not (feeding.done() and self._queue.empty()):
                await self.turn(feeding)
            await feeding
            if self.live:
                await self._pass()
        finally:
            feeding.cancel()
            # wait for it to end, or asyncio complains of what nobody looked at
            await asyncio.gather(feeding, return_exceptions=True)

    async def turn(self, feeding: asyncio.Future[list[None]] | None = None) -> None:
        """Accept what waits, or sleep until the next deadline or the next event."""
        group = await self._group(feeding)
        async with self.busy:
            if group:
                await self._accept(group)
            if self.live and not self._held:
                await self._pass()

    async def _pass(self) -> None:
        try:
            changes = await asyncio.to_thread(self.keeper.pass_time, self.clock())
        except JournalError as error:
            self._failed(error)
            return
        if changes:
            # it could be written again
            self.recovered = True
            self._outlet(changes)

    def _failed(self, error: CrisisRulesError) -> None:
        self.failed += 1
        if self.recovered:
            self.on_failure(error)
        self.recovered = False

    async def _group(self, feeding: asyncio.Future[list[None]] | None) -> list[_Delivery]:
        getting = asyncio.ensure_future(self._queue.get())
        waiting: set[asyncio.Future[object]] = {getting}  # type: ignore[arg-type]  # a future of anything
        if feeding is not None and not feeding.done():
            waiting.add(feeding)  # type: ignore[arg-type]  # as above
        await asyncio.wait(waiting, timeout=self._sleep(), return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            return []
        group, count = [getting.result()], len(getting.result().events)
        while count < LARGEST_BATCH and not self._queue.empty():
            group.append(self._queue.get_nowait())
            count += len(group[-1].events)
        return group

    def _sleep(self) -> float:
        wake = self.keeper.session.next_deadline()
        if wake is None or not self.live or self._held:
            return LONGEST_SLEEP
        if not self.recovered:
            return 1.0
        # a deadline passes once time has moved beyond it
        left = (wake - self.clock()).total_seconds() + 0.001
        return min(max(left, 0.0), LONGEST_SLEEP)

    async def _accept(self, group: list[_Delivery]) -> None:
        events = [event for delivery in group for event in delivery.events]
        cursors = {name: value for delivery in group for name, value in delivery.cursors.items()}
        if self.live is None and events:
            self.live = self.clock() - events[-1].at < FRESH or None
        try:
            accepted = await asyncio.to_thread(self.keeper.accept, events, cursors)
        except CrisisRulesError as error:
            self._failed(error)
            for delivery in group:
                # who sent it may have hung up
                if not delivery.done.done():
                    delivery.done.set_exception(error)
            return
        self.recovered = True
        self.accepted += accepted.new
        self.repeated += accepted.repeated
        self.late += accepted.late
        self.last_events.extend(events[-20:])
        for delivery in group:
            if not delivery.done.done():
                delivery.done.set_result(accepted)
        self._outlet(accepted.changes)
