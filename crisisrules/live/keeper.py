"""The keeper: accepts events durably, evaluates them, and has what changed ready to be told.

What a crash can lose is nothing that was answered: events are in the journal before they are, and what
they cause to be told is written with them. After a start the checkpoint and the tail of events give the
same evaluation, and the same keys of what is to be told.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.engine.session import Session
from crisisrules.live.journal import Checkpoint, Mark, Outgoing, SqliteJournal
from crisisrules.live.wording import change_to_json
from crisisrules.model.durations import to_micros
from crisisrules.model.events import Event, Record
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals

CHECKPOINT_EVERY: Final = 5_000
"""Events between two checkpoints: after a crash at most so many are evaluated again."""


@attrs.frozen
class Accepted:
    """What became of a batch: how many were new, repeated or late, and what changed."""

    new: int
    repeated: int
    late: int
    changes: tuple[Change, ...]


@attrs.frozen
class Difference:
    """What another playbook says of the same history: what it adds to and takes from what is open."""

    added: tuple[Recommendation, ...]
    dropped: tuple[Recommendation, ...]


class Keeper:
    """Holds a journal and the session that it leads to."""

    def __init__(
        self,
        journal: SqliteJournal,
        playbook: Playbook,
        *,
        engine: str = "compiled",
        signals: Signals | None = None,
        hash_authors: bool = True,
        routes: Sequence[str] = ("",),
    ) -> None:
        self.journal = journal
        self.playbook = playbook
        self._engine, self._signals = engine, signals
        self._routes = tuple(routes)
        self._key = journal.key if hash_authors else None
        self._since = 0
        self.session = Session(playbook, engine=engine, signals=signals)
        self._last = self._restore()

    def _restore(self) -> int:
        """Evaluate the checkpoint and the tail; what they tell is in the outbox, or put there now."""
        saved = self.journal.checkpoint()
        after = 0
        if saved is not None and saved.playbook == self.playbook.digest:
            self.session = Session.load(
                self.playbook, json.loads(saved.state), engine=self._engine, signals=self._signals
            )
            after = saved.seq
        else:
            self.session = Session(self.playbook, engine=self._engine, signals=self._signals)
        changes: list[Change] = []
        last = after
        for seq, line in self.journal.lines(after):
            changes += self.session.feed(parse_event(json.loads(line)))
            last, self._since = seq, self._since + 1
        if changes:
            self.journal.write((), (), self._outgoing(changes))
        return last

    def accept(self, events: Iterable[Event]) -> Accepted:
        """Make events durable, evaluate them, and write what changed, as one batch.

        A source id that was seen changes nothing. An event older than what has passed is applied at the
        present moment, and marked late in the journal.

        Raises:
            JournalError: the batch could not be written; none of it was accepted.
        """
        lines: list[bytes] = []
        marks: dict[int, None] = {}
        changes: list[Change] = []
        repeated = late = 0
        try:
            for event in events:
                mark = source_mark(event)
                if mark is not None and (mark in marks or not self.journal.is_new(mark)):
                    repeated += 1
                    continue
                timed, was_late = self._in_time(event)
                line = self._line(timed)
                changes += self.session.feed(parse_event(json.loads(line)))
                lines.append(line)
                late += was_late
                if mark is not None:
                    marks[mark] = None
            self._write(lines, marks, changes)
        except Exception:
            # the session is ahead of the journal: go back to what is durable
            self._since = 0
            self._last = self._restore()
            raise
        return Accepted(len(lines), repeated, late, tuple(changes))

    def _write(self, lines: list[bytes], marks: Iterable[int], changes: list[Change]) -> None:
        if not lines and not changes:
            return
        self._since += len(lines)
        saved = None
        if self._since >= CHECKPOINT_EVERY:
            saved = self._checkpoint()
        self._last = self.journal.write(lines, marks, self._outgoing(changes), saved)
        if saved is not None:
            self._since = 0

    def _checkpoint(self) -> Checkpoint:
        state = json.dumps(self.session.dump(), separators=(",", ":")).encode()
        return Checkpoint(self._last, self.playbook.digest, state)

    def pass_time(self, now: datetime) -> tuple[Change, ...]:
        """Let time pass up to ``now``; a clock that went back lets none pass.

        Raises:
            JournalError: what changed could not be written; it is found again at the next start.
        """
        if self.session.now is not None and now <= self.session.now:
            return ()
        changes = self.session.advance(now)
        if changes:
            self.journal.write((), (), self._outgoing(changes))
        return tuple(changes)

    def save(self) -> None:
        """Write a checkpoint, so that the next start has nothing to evaluate again."""
        self.journal.write((), (), (), self._checkpoint())
        self._since = 0

    def mark(
        self,
        recommendation: str,
        kind: str,
        now: datetime,
        *,
        by: str | None = None,
        reason: str | None = None,
        until: datetime | None = None,
    ) -> None:
        """Note that a person acknowledged, snoozed or did what a recommendation asks, as an event."""
        data = {"recommendation": recommendation, "by": by, "reason": reason}
        if until is not None:
            data["until"] = until.isoformat()
        given = {name: value for name, value in data.items() if value is not None}
        event = Record(at=now, name=f"recommendation.{kind}", data=given)
        timed, _ = self._in_time(event)
        line = self._line(timed)
        self.session.feed(parse_event(json.loads(line)))
        mark = Mark(
            recommendation,
            kind,
            by,
            reason,
            None if until is None else to_micros(until),
            to_micros(now),
        )
        self.journal.add_mark(mark, line)

    def change_playbook(self, playbook: Playbook, now: datetime) -> Difference:
        """Evaluate the journal with another playbook, and say what that changes about what is open.

        Raises:
            JournalError: the journal could not be read; the old playbook stays.
        """
        before = {told.id: told for told in self.session.recommendations()}
        session = Session(playbook, engine=self._engine, signals=self._signals)
        for _, line in self.journal.lines():
            session.feed(parse_event(json.loads(line)))
        if session.now is None or now > session.now:
            session.advance(now)
        self.session, self.playbook = session, playbook
        after = {told.id: told for told in session.recommendations()}
        added = tuple(after[name] for name in sorted(after.keys() - before.keys()))
        self.journal.write(
            (),
            (),
            self._outgoing(Change(at=now, kind="opened", recommendation=told) for told in added),
        )
        self.save()
        dropped = tuple(before[name] for name in sorted(before.keys() - after.keys()))
        return Difference(added, dropped)

    def _outgoing(self, changes: Iterable[Change]) -> list[Outgoing]:
        """What is to be told of changes, once for each route."""
        told = outgoing(changes)
        return [attrs.evolve(one, route=route) for route in self._routes for one in told]

    def _in_time(self, event: Event) -> tuple[Event, bool]:
        now = self.session.now
        if now is None or event.at >= now:
            return event, False
        plain = parse_event({**event_to_json(event), "at": now.isoformat()})
        return plain, True

    def _line(self, event: Event) -> bytes:
        written = event_to_json(event)
        author = written.get("author")
        if self._key is not None and isinstance(author, str):
            written["author"] = hashed(author, self._key)
        return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


def hashed(author: str, key: bytes) -> str:
    """An author as the journal knows them: the same each time here, and nobody anywhere else."""
    return hmac.new(key, author.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def source_mark(event: Event) -> int | None:
    """A number for the id that the source gave to a delivery; None when it gave none."""
    if event.id is None:
        return None
    name = f"{event.brand or ''}\0{event.type}\0{event.id}"
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def outgoing(changes: Iterable[Change]) -> list[Outgoing]:
    """What is to be told of changes; a key is of rule, subject, episode, kind and instant, never wording."""
    found = []
    for change in changes:
        told = change.recommendation
        if told.preview or change.kind == "pending":
            continue
        at = to_micros(change.at)
        name = f"{told.id}\0{told.episode}\0{change.kind}\0{at}"
        key = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]
        found.append(
            Outgoing(key, at, json.dumps(change_to_json(change), ensure_ascii=False).encode())
        )
    return found
