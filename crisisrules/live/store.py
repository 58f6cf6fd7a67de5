"""What the live part keeps, and the interface of a store that keeps it.

An event is durable before it is answered, and what is to be told is written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

import attrs

from crisisrules.model.errors import CrisisRulesError

NO_CURSORS: Final[Mapping[str, str]] = MappingProxyType({})


class JournalError(CrisisRulesError):
    """The journal cannot be opened or written: a full disk, a read-only or locked file, another format."""


class JournalMovedError(JournalError):
    """Another process wrote events meanwhile: what was evaluated does not follow from the journal."""


@attrs.frozen
class Line:
    """An accepted event as JSON; ``late`` is the instant (microseconds) that it gave, if that had passed."""

    text: bytes
    late: int | None = None


@attrs.frozen
class Outgoing:
    """Something to be told: its idempotency key, the instant it became true, the change as JSON, to whom."""

    key: str
    at: int
    change: bytes
    route: str = ""
    attempts: int = 0
    next_at: int = 0
    state: str = "waiting"
    error: str | None = None


@attrs.frozen
class Mark:
    """What a person did about a recommendation: ``acknowledged``, ``snoozed`` or ``done``."""

    recommendation: str
    kind: str
    by: str | None
    reason: str | None
    until: int | None
    at: int


@attrs.frozen
class Checkpoint:
    """The evaluation after the event numbered ``seq``, made with a playbook of that digest."""

    seq: int
    playbook: str
    state: bytes


class Journal(Protocol):
    """A store: what `watch`, the listener, the notices and `ack` need of one.

    :class:`crisisrules.live.journal.SqliteJournal` is one in a file; another database can take its place.
    """

    path: str
    """What messages call it."""

    @property
    def key(self) -> bytes:
        """The local key with which authors are hashed."""
        ...

    def is_new(self, mark: int) -> bool:
        """Whether no accepted event bears the mark of this source id."""
        ...

    def write(
        self,
        lines: Sequence[Line] = (),
        *,
        after: int,
        seen: Iterable[int] = (),
        told: Iterable[Outgoing] = (),
        checkpoint: Checkpoint | None = None,
        mark: Mark | None = None,
        cursors: Mapping[str, str] = NO_CURSORS,
    ) -> int:
        """Make durable, all or nothing, what happened since the event numbered ``after``.

        Args:
            lines: the accepted events.
            after: the number of the newest event that was evaluated before them.
            seen: the marks of the events' source ids.
            told: what they cause to be told.
            checkpoint: the evaluation after them.
            mark: what a person did about a recommendation, where an event says so.
            cursors: up to where each source was read with these events, in the source's own words.

        Returns:
            The number of the newest event.

        Raises:
            JournalMovedError: the newest event is another one than ``after``.
            JournalError: it could not be written; nothing was.
        """
        ...

    def cursor(self, source: str) -> str | None:
        """Up to where a source was read; None when it never was."""
        ...

    def last(self) -> int:
        """The number of the newest event, also when it was pruned; 0 when there is none."""
        ...

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint."""
        ...

    def lines(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The events after a number, in order, as JSON lines."""
        ...

    def waiting(self, route: str, now: int, limit: int) -> list[Outgoing]:
        """What a route is to be told now, oldest first."""
        ...

    def settle(
        self,
        route: str,
        keys: Sequence[str],
        state: str,
        next_at: int = 0,
        error: str | None = None,
    ) -> None:
        """Note how a delivery went: ``sent``, ``passed``, ``waiting`` for another try, or ``dead``."""
        ...

    def marks(self) -> dict[str, Mark]:
        """What people did last about each recommendation."""
        ...

    def pruned(self) -> int:
        """How many events there were that are there no more."""
        ...

    def close(self) -> None:
        """Close the store."""
        ...
