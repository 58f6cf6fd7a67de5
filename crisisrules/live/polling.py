"""Sources that are asked: each goes on for ever, says when it fails and when it works again.

A network that fails is a state, not an end: it is told at once, shown in the live view, in the health answer
and in the metrics, and tried again after ever longer waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import attrs

from crisisrules.live.loop import Loop
from crisisrules.live.store import JournalError
from crisisrules.live.waiting import seconds_until
from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Place, Problem

LONGEST_FIRST: Final = 60.0
"""Seconds that time waits for the first answers, so that what they tell is not late."""

LONGEST_WAIT: Final = 240.0
"""Seconds between two tries of a source that does not answer."""


class PollError(Exception):
    """A source did not answer as it should.

    Args:
        message: what happened and what to do, without a secret.
        wait: seconds until it should be asked again, where it said so.
    """

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@attrs.define
class Faring:
    """How a source fares."""

    source: str
    place: str
    clock: Callable[[], datetime]
    tell: Callable[[Problem], None]
    asked_since: datetime
    answered_at: datetime | None = None
    failing_since: datetime | None = None
    why: str = ""
    failures: int = 0
    gaps: int = 0
    begun: asyncio.Event = attrs.field(factory=asyncio.Event)

    def answered(self) -> None:
        """It answered."""
        self.answered_at = self.clock()
        if self.failing_since is not None:
            length = format_duration(
                (self.answered_at - self.failing_since) // timedelta(microseconds=1)
            )
            self.failing_since, self.why = None, ""
            self._tell("poll-works", f"answers again after {length}")
        self.begun.set()

    def failed(self, message: str) -> None:
        """It did not answer; told when that is new, or for another reason than before."""
        self.failures += 1
        if self.failing_since is None:
            self.failing_since = self.clock()
        if message != self.why:
            self.why = message
            self._tell("poll-failing", f"{message}; it is tried again")
        self.begun.set()

    def missed(self, message: str) -> None:
        """Something that happened there can no longer be known."""
        self.gaps += 1
        self._tell("poll-gap", message)

    def silence(self) -> timedelta:
        """For how long it has not answered."""
        return self.clock() - (self.answered_at or self.asked_since)

    def _tell(self, name: str, message: str) -> None:
        self.tell(Problem(Place(self.place), name, message, warning=True))


class Polled(Protocol):
    """A source that is asked."""

    name: str
    place: str

    async def ask(self, faring: Faring) -> float:
        """Ask once, or listen until the connection ends; seconds until the next time.

        Raises:
            PollError: it did not answer as it should.
            JournalError: what it told could not be written.
        """
        ...


async def keep_asking(polled: Polled, faring: Faring) -> None:
    """Ask for ever, and note how the source fares."""
    attempts = 0
    while True:
        try:
            wait = await polled.ask(faring)
            faring.answered()
        except (PollError, JournalError) as error:
            # what could not be written is asked for again
            attempts = 1 if faring.failing_since is None else attempts + 1
            faring.failed(
                error.problems[0].message if isinstance(error, JournalError) else str(error)
            )
            asked = error.wait if isinstance(error, PollError) else None
            wait = backoff(attempts) if asked is None else asked
        await asyncio.sleep(wait)


async def begin(loop: Loop, farings: Sequence[Faring]) -> None:
    """Let time pass once every source has answered or failed, but wait no longer than a minute.

    What was missed while nobody watched is then evaluated in its order, and not as late.
    """
    with loop.hold():
        waiting = [asyncio.create_task(faring.begun.wait()) for faring in farings]
        if waiting:
            await asyncio.wait(waiting, timeout=LONGEST_FIRST)
        for task in waiting:
            task.cancel()


def backoff(attempts: int) -> float:
    """Seconds until the next try after so many: growing to four minutes, and never all at once."""
    return seconds_until(attempts, first=1.0, longest=LONGEST_WAIT)
