"""The journal: accepted events, a checkpoint of the evaluation, and what is to be told.

One SQLite file in WAL mode, behind the interface of :class:`crisisrules.live.store.Journal`.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs

from crisisrules.live import journal_schema
from crisisrules.live.pruning import thinned
from crisisrules.live.sqlite_faults import said
from crisisrules.live.store import (
    NO_CURSORS,
    Checkpoint,
    JournalError,
    JournalMovedError,
    Line,
    Mark,
    Outgoing,
)
from crisisrules.model.errors import Place, Problem


class SqliteJournal:
    """The journal in one SQLite file.

    Raises:
        JournalError: the file cannot be opened, is of a newer version, or is no journal.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        with self._faults():
            uri = f"{Path(path).resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            self._db = sqlite3.connect(
                uri, uri=True, isolation_level=None, timeout=5.0, check_same_thread=False
            )
            try:
                self._open(read_only)
            except BaseException:
                self._db.close()
                raise

    def _open(self, read_only: bool) -> None:
        # nothing is written before it is sure that the file is ours
        fault = journal_schema.fault_of(self._db, read_only=read_only)
        if fault is not None:
            raise JournalError(self._problem(*fault))
        if read_only:
            return
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        with self._transaction():
            journal_schema.bring_up(self._db)

    @property
    def key(self) -> bytes:
        """The local key with which authors are hashed."""
        with self._faults():
            row = self._db.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
        return bytes.fromhex(row[0])

    def is_new(self, mark: int) -> bool:
        """Whether no accepted event bears the mark of this source id."""
        with self._faults():
            found = self._db.execute("SELECT 1 FROM seen WHERE mark = ?", (mark,)).fetchone()
        return found is None

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
        """Make durable, all or nothing, what happened since the event numbered ``after``."""
        with self._transaction():
            if self.last() != after:
                message = "another process wrote to the journal at the same time"
                raise JournalMovedError(self._problem("journal-moved", message))
            self._db.executemany(
                "INSERT INTO events (line, late) VALUES (?, ?)",
                ((each.text, each.late) for each in lines),
            )
            self._db.executemany("INSERT INTO seen VALUES (?)", ((each,) for each in seen))
            last = self.last()
            self._db.executemany(
                "INSERT OR IGNORE INTO outbox (key, route, seq, at, change) VALUES (?, ?, ?, ?, ?)",
                ((each.key, each.route, last, each.at, each.change) for each in told),
            )
            if checkpoint is not None:
                self._db.execute("DELETE FROM checkpoints")
                self._db.execute(
                    "INSERT INTO checkpoints VALUES (?, ?, ?)",
                    (last, checkpoint.playbook, checkpoint.state),
                )
            if mark is not None:
                self._db.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)", attrs.astuple(mark))
            self._db.executemany("INSERT OR REPLACE INTO cursors VALUES (?, ?)", cursors.items())
        return last

    def cursor(self, source: str) -> str | None:
        """Up to where a source was read; None when it never was."""
        query = "SELECT value FROM cursors WHERE source = ?"
        with self._faults():
            row = self._db.execute(query, (source,)).fetchone()
        return None if row is None else str(row[0])

    def last(self) -> int:
        """The number of the newest event; 0 when there is none."""
        # counted even when the newest were pruned
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'events'"
        with self._faults():
            row = self._db.execute(query).fetchone()
        return 0 if row is None else int(row[0])

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint."""
        with self._faults():
            row = self._db.execute(
                "SELECT seq, playbook, state FROM checkpoints ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        return None if row is None else Checkpoint(*row)

    def lines(self, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The events after a number, in order."""
        query = "SELECT seq, line FROM events WHERE seq > ? ORDER BY seq LIMIT 1000"
        while True:
            with self._faults():
                rows = self._db.execute(query, (after,)).fetchall()
            if not rows:
                return
            yield from rows
            after = rows[-1][0]

    def waiting(self, route: str, now: int, limit: int = 1000) -> list[Outgoing]:
        """What a route is to be told now, oldest first."""
        return self._outbox("route = ? AND state = 'waiting' AND next_at <= ?", (route, now, limit))

    def dead(self, limit: int = 1000) -> list[Outgoing]:
        """What could not be delivered and was given up."""
        return self._outbox("state = 'dead'", (limit,))

    def _outbox(self, where: str, values: tuple[str | int, ...]) -> list[Outgoing]:
        # the condition is one of two texts above
        query = (
            "SELECT key, at, change, route, attempts, next_at, state, error FROM outbox"  # noqa: S608
            f" WHERE {where} ORDER BY at, key LIMIT ?"
        )
        with self._faults():
            return [Outgoing(*row) for row in self._db.execute(query, values)]

    def settle(
        self,
        route: str,
        keys: Sequence[str],
        state: str,
        next_at: int = 0,
        error: str | None = None,
    ) -> None:
        """Note how a delivery went."""
        with self._transaction():
            self._db.executemany(
                "UPDATE outbox SET state = ?, next_at = ?, error = ?, attempts = attempts + 1"
                " WHERE route = ? AND key = ?",
                ((state, next_at, error, route, key) for key in keys),
            )

    def marks(self) -> dict[str, Mark]:
        """The newest mark of each recommendation."""
        with self._faults():
            rows = self._db.execute(
                "SELECT recommendation, kind, by, reason, until, at FROM marks ORDER BY at"
            ).fetchall()
        return {row[0]: Mark(*row) for row in rows}

    def count(self) -> dict[str, int]:
        """How many events there are, and how many notices of each state."""
        with self._faults():
            states = dict(self._db.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
            events, late = self._db.execute("SELECT count(*), count(late) FROM events").fetchone()
        return {"events": events, "late": late, **states}

    def prune(self, through: int, told_before: int) -> int:
        """Thin out the events up to a number that a checkpoint covers, and forget what was told by then.

        Pages, incidents and posts stay, and of comments their number: another playbook evaluates them anew.
        """
        covered = self.checkpoint()
        limit = min(through, covered.seq if covered else 0)
        with self._transaction():
            left = thinned(itertools.takewhile(lambda line: line[0] <= limit, self.lines()))
            self._db.executemany("DELETE FROM events WHERE seq = ?", ((n,) for n in left.deleted))
            self._db.executemany(
                "UPDATE events SET line = ? WHERE seq = ?",
                ((line, seq) for seq, line in left.written.items()),
            )
            self._db.execute(
                "DELETE FROM outbox WHERE state <> 'waiting' AND at < ?", (told_before,)
            )
        return len(left.deleted)

    def pruned(self) -> int:
        """How many events there were that are there no more."""
        with self._faults():
            here = self._db.execute("SELECT count(*) FROM events").fetchone()[0]
        return self.last() - int(here)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._faults():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # a full disk has already rolled back by itself
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _faults(self) -> Iterator[None]:
        # one connection serves the threads of the loop and of the notices: a statement of one must
        # not fall into the transaction of the other
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise JournalError(self._problem(*said(error))) from error

    def _problem(self, name: str, message: str) -> Problem:
        return Problem(Place(self.path), name, message)
