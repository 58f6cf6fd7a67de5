"""The keeper: accepts events durably, evaluates them, and has what changed ready to be told.

What a crash can lose is nothing that was answered: events are in the journal before they are, and what
they cause to be told is written with them. After a start the checkpoint and the tail of events give the
same evaluation, and the same keys of what is to be told.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar, cast

import attrs

from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.engine.session import Session
from crisisrules.live.store import (
    NO_CURSORS,
    Checkpoint,
    Journal,
    JournalMovedError,
    Line,
    Mark,
    Outgoing,
)
from crisisrules.live.wording import change_to_json
from crisisrules.model.durations import to_micros
from crisisrules.model.events import (
    CommentEvent,
    CommentReceived,
    CommentRemoved,
    Event,
    IncidentOpened,
    Record,
)
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals

_Result = TypeVar("_Result")

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
        journal: Journal,
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
        self.anew = False
        """Whether a start evaluated all events anew, because the playbook was another one."""
        self._restore()

    def _restore(self) -> None:
        """Evaluate the checkpoint and the tail; what they tell is in the outbox, or put there now."""
        # should this fail, no write may follow from what is evaluated
        self._last = -1
        saved = self.journal.checkpoint()
        self.anew = saved is not None and saved.playbook != self.playbook.digest
        if saved is not None and saved.playbook == self.playbook.digest:
            session = Session.load(
                self.playbook, json.loads(saved.state), engine=self._engine, signals=self._signals
            )
            changes, after = self._replay(session, saved.seq)
        else:
            session = Session(self.playbook, engine=self._engine, signals=self._signals)
            changes, after = self._replay(session, 0)
        self.session = session
        self._since = after - (0 if saved is None else saved.seq)
        if changes:
            self.journal.write(after=after, told=self._outgoing(changes))
        self._last = after

    def _replay(self, session: Session, after: int) -> tuple[list[Change], int]:
        """Feed the events after a number; what changed, and the number of the last one."""
        changes: list[Change] = []
        # the newest ones may have been pruned, and their numbers are not given again
        last = self.journal.last()
        for seq, line in self.journal.lines(after):
            changes += session.feed(parse_event(json.loads(line)))
            last = max(last, seq)
        return changes, last

    def _durably(self, work: Callable[[], _Result]) -> _Result:
        """Do what evaluates and then writes; if it cannot be written, go back to what is durable."""
        try:
            return work()
        except JournalMovedError:
            # somebody acknowledged meanwhile: evaluate that first, and then this
            self._restore()
        except Exception:
            self._restore()
            raise
        try:
            return work()
        except Exception:
            self._restore()
            raise

    def accept(self, events: Iterable[Event], cursors: Mapping[str, str] = NO_CURSORS) -> Accepted:
        """Make events durable, evaluate them, and write what changed, as one batch.

        A source id that was seen changes nothing, nor does a comment that was removed before it came. An
        event older than what has passed is applied at the present moment, and marked late in the journal.
        ``cursors`` say up to where their sources were read, and are kept with the events.

        Raises:
            JournalError: the batch could not be written; none of it was accepted.
        """
        batch = tuple(events)
        return self._durably(lambda: self._accept(batch, cursors))

    def _accept(self, events: Sequence[Event], cursors: Mapping[str, str]) -> Accepted:
        lines: list[Line] = []
        seen: dict[int, None] = {}
        changes: list[Change] = []
        repeated = 0
        for event in events:
            gone = removal_mark(event)
            mark = source_mark(event)
            if self._was_seen(mark, seen) or (
                event.type == CommentReceived.type and self._was_seen(gone, seen)
            ):
                repeated += 1
                continue
            line, told = self._feed(event)
            lines.append(line)
            changes += told
            if mark is not None:
                seen[mark] = None
            if (
                gone is not None
                and event.type == CommentRemoved.type
                and not self._was_seen(gone, seen)
            ):
                seen[gone] = None
        if lines or cursors:
            saved = None
            if self._since + len(lines) >= CHECKPOINT_EVERY:
                saved = self._checkpoint()
            self._last = self.journal.write(
                lines,
                after=self._last,
                seen=seen,
                told=self._outgoing(changes),
                checkpoint=saved,
                cursors=cursors,
            )
            self._since = 0 if saved is not None else self._since + len(lines)
        late = sum(1 for line in lines if line.late is not None)
        return Accepted(len(lines), repeated, late, tuple(changes))

    def _was_seen(self, mark: int | None, seen: Mapping[int, None]) -> bool:
        return mark is not None and (mark in seen or not self.journal.is_new(mark))

    def _feed(self, event: Event) -> tuple[Line, list[Change]]:
        """Evaluate an event as the journal will give it back, and its line."""
        timed, late = self._in_time(event)
        text = self._text(timed)
        changes = list(self.session.feed(parse_event(json.loads(text))))
        return Line(text, late), changes

    def _checkpoint(self) -> Checkpoint:
        # the journal numbers it after the events that are written with it
        return Checkpoint(self._last, self.playbook.digest, _state(self.session))

    def pass_time(self, now: datetime) -> tuple[Change, ...]:
        """Let time pass up to ``now``; a clock that went back lets none pass.

        Raises:
            JournalError: what changed could not be written; it is found again at the next start.
        """
        if self.session.now is not None and now <= self.session.now:
            return ()
        return self._durably(lambda: self._pass(now))

    def _pass(self, now: datetime) -> tuple[Change, ...]:
        if self.session.now is not None and now <= self.session.now:
            return ()
        changes = self.session.advance(now)
        if changes:
            self.journal.write(after=self._last, told=self._outgoing(changes))
        return tuple(changes)

    def save(self) -> None:
        """Write a checkpoint, so that the next start has nothing to evaluate again."""
        self._durably(self._save)

    def _save(self) -> None:
        self.journal.write(after=self._last, checkpoint=self._checkpoint())
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
    ) -> tuple[Change, ...]:
        """Note that a person acknowledged, snoozed or did what a recommendation asks, as an event.

        Returns:
            What changed as time passed up to ``now``.

        Raises:
            JournalError: it could not be written.
        """
        data = {"recommendation": recommendation, "by": by, "reason": reason}
        if until is not None:
            data["until"] = until.isoformat()
        given = {name: value for name, value in data.items() if value is not None}
        event = Record(at=now, name=f"recommendation.{kind}", data=given)
        mark = Mark(
            recommendation,
            kind,
            by,
            reason,
            None if until is None else to_micros(until),
            to_micros(now),
        )
        return self._durably(lambda: self._mark(event, mark))

    def _mark(self, event: Event, mark: Mark) -> tuple[Change, ...]:
        line, changes = self._feed(event)
        self._last = self.journal.write(
            [line], after=self._last, told=self._outgoing(changes), mark=mark
        )
        self._since += 1
        return tuple(changes)

    def change_playbook(self, playbook: Playbook, now: datetime) -> Difference:
        """Evaluate the journal with another playbook, and say what that changes about what is open.

        Raises:
            JournalError: the journal could not be read; the old playbook stays.
        """
        before = {told.id: told for told in self.session.recommendations()}
        session = Session(playbook, engine=self._engine, signals=self._signals)
        _, last = self._replay(session, 0)
        if session.now is None or now > session.now:
            session.advance(now)
        after = {told.id: told for told in session.recommendations()}
        added = tuple(after[name] for name in sorted(after.keys() - before.keys()))
        opened = [Change(at=now, kind="opened", recommendation=told) for told in added]
        state = _state(session)
        self._last = self.journal.write(
            after=last,
            told=self._outgoing(opened),
            checkpoint=Checkpoint(last, playbook.digest, state),
        )
        self.session, self.playbook, self._since = session, playbook, 0
        dropped = tuple(before[name] for name in sorted(before.keys() - after.keys()))
        return Difference(added, dropped)

    def _outgoing(self, changes: Iterable[Change]) -> list[Outgoing]:
        """What is to be told of changes, once for each route."""
        told = outgoing(changes)
        return [attrs.evolve(one, route=route) for route in self._routes for one in told]

    def _in_time(self, event: Event) -> tuple[Event, int | None]:
        """An event as it can be applied, and the instant it gave when that has passed."""
        now = self.session.now
        if now is None or event.at >= now:
            return event, None
        written = {**event_to_json(event), "at": now.isoformat()}
        if event.type == IncidentOpened.type:
            # deadlines run from when it was known, and not from when that reached us
            written.setdefault("aware_at", event.at.isoformat())
        return parse_event(written), to_micros(event.at)

    def _text(self, event: Event) -> bytes:
        written = event_to_json(event)
        author = written.get("author")
        if self._key is not None and isinstance(author, str) and author:
            written["author"] = nobody = hashed(author, self._key)
            if isinstance(name := written.get("id"), str):
                # some deliveries are known by who wrote
                written["id"] = re.sub(rf"(?<!\w){re.escape(author)}(?!\w)", nobody, name)
        return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


def _state(session: Session) -> bytes:
    return json.dumps(session.dump(), separators=(",", ":")).encode()


def hashed(author: str, key: bytes) -> str:
    """An author as the journal knows them: the same each time here, and nobody anywhere else."""
    return hmac.new(key, author.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def source_mark(event: Event) -> int | None:
    """A number for the id that the source gave to a delivery; None when it gave none."""
    if event.id is None:
        return None
    return _number(f"{event.brand or ''}\0{event.type}\0{event.id}")


def removal_mark(event: Event) -> int | None:
    """A number for the removal of a comment, for the comment as well; None for what is neither.

    Deliveries come in any order: a comment whose removal is known does not come back.
    """
    # by its type: what the fast reader yields is no instance of the class
    if event.type not in (CommentReceived.type, CommentRemoved.type):
        return None
    comment = cast("CommentEvent", event)
    return _number(f"removed\0{event.brand or ''}\0{comment.page}\0{comment.comment}")


def _number(name: str) -> int:
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
