"""The session of one brand: applies events, asks subjects when something may have changed, tells changes.

Subjects are asked in the order of their keys and rules in the order of their ids, so that neither the
order of rules nor of brands shows in what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import Final, NamedTuple, cast

from crisisrules.engine.applying import APPLY
from crisisrules.engine.asking import Asked
from crisisrules.engine.comments import ShortWay, Sink, Spot, is_plain, unsorted_on
from crisisrules.engine.flips import next_flip
from crisisrules.engine.fold import Fold
from crisisrules.engine.lifecycle import close, matched, step
from crisisrules.engine.limits import AllLimits
from crisisrules.engine.listening import Listener
from crisisrules.engine.pictures import implied_by
from crisisrules.engine.plan import NEVER, Plan, PlannedRule, PlannedTable
from crisisrules.engine.scene import Book, Scene, Seen
from crisisrules.engine.settling import answered, concerns, expectations, named
from crisisrules.engine.state import BrandState, Track
from crisisrules.engine.subjects import LIVE, Key, scene_of, subjects, under
from crisisrules.engine.telling import identity, recommendation, retold, show
from crisisrules.model.durations import from_micros, to_micros
from crisisrules.model.events import Event, PageObserved
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.playbook.rule import Absence, Precedence

_LAST: Final = to_micros(datetime.max.replace(tzinfo=UTC))
"""The last instant there is: what has no end, such as a shift without one, wakes nobody."""


class Live(NamedTuple):
    """A track that speaks now, with its rule and subject."""

    key: Key
    planned: PlannedRule
    track: Track


class BrandSession:
    """Evaluates one brand's events in the order of their times; see :class:`Session`."""

    __slots__ = (
        "_answers",
        "_heap",
        "_keys",
        "_speaker",
        "_wakes",
        "book",
        "changes",
        "fold",
        "limits",
        "plan",
        "short",
        "state",
    )

    def __init__(
        self,
        brand: str,
        plan: Plan,
        book: Book,
        listener: Listener,
        sinks: dict[Spot, Sink],
    ) -> None:
        self.state = BrandState(brand=brand)
        self.changes: list[Change] = []
        self.plan = plan
        self.book = book
        self.fold = Fold(state=self.state, listener=listener, ring_sizes=plan.ring_sizes)
        self._keys: dict[str, Key] = {}
        self._heap: list[tuple[int, Key]] = []
        self._wakes: dict[Key, int] = {}
        self._answers: dict[tuple[Key, str, int, bool], int | None] = {}
        self.limits = AllLimits()
        self.short = ShortWay(self, sinks)
        self._speaker: dict[tuple[str, str], str] = {}

    def restore(self, state: BrandState) -> None:
        """Continue from a state written earlier."""
        self.state = state
        self.fold.state = state
        self._keys = {text: Key(*text.split("\x1f")) for text in state.tracks}
        self._ask_all(state.now - 1, state.now)
        self.changes.clear()

    @property
    def next_wake(self) -> int:
        """The next instant at which time alone changes something; NEVER when nothing waits."""
        heap = self._heap
        while heap and self._wakes.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else NEVER

    def pass_until(self, to: int) -> None:
        """Pass every deadline before ``to``; those at ``to`` itself stay in time."""
        self.short.settle()
        while (wake := self.next_wake) < to:
            while self._heap and self._heap[0][0] == wake:
                _, key = heappop(self._heap)
                if self._wakes.get(key) == wake:
                    del self._wakes[key]
                    self._ask(key, wake, wake)
            self.state.now = max(self.state.now, wake)
            self._replace(wake)
        self.state.now = max(self.state.now, to)

    def apply(self, event: Event, at: int) -> None:
        """Apply one event after the deadlines before it, and ask whoever it may concern."""
        self.pass_until(at)
        kind = event.type
        if kind == "comment.received" or kind == "post.counted":
            self._apply_comments(event, at)
            return
        if kind == "page.observed":
            # by its type: what the fast reader yields is no instance of the class
            for implied in implied_by(self.fold, cast("PageObserved", event), at):
                self.apply(implied, at)
            return
        self.short.close()
        self._answers.clear()
        gone = self._gone_with(event)
        seen = APPLY[kind](self.fold, event, at)
        if seen is not None:
            self._match(seen, at)
        for key in gone:
            self._drop(key, at, resolved=kind == "post.removed")
        self._ask_all(at - 1, at)
        self._replace(at)

    def _apply_comments(self, event: Event, at: int) -> None:
        page_name, post = event.page, event.post  # type: ignore[attr-defined]  # both types have these
        state = self.state
        name = "" if event.type == "post.counted" else event.comment  # type: ignore[attr-defined]  # the other type has it
        kept, before = state.comments.get(name), unsorted_on(state.pages.get(page_name), post)
        APPLY[event.type](self.fold, event, at)
        page = state.pages[page_name]
        thread = page.threads[post]
        after = unsorted_on(page, post)
        forgot, self.fold.forgot_questions = self.fold.forgot_questions, False
        if forgot or state.comments.get(name) is not kept or before[0] is None:
            self._answers.clear()
            due = [key for key in self.subjects() if key.page == page_name]
        else:
            plain = is_plain(event) and not any(
                thread.about.get(incident.incident) for incident in self.fold.commented(page_name)
            )
            due = self.limits.of(page_name).reached(page.comments, plain=plain)
            due += self.limits.of(page_name, post).reached(thread.comments, plain=plain)
            if before[0] != after[0]:
                due += self._sorting(
                    "page", [key for key in self.subjects() if key.page == page_name]
                )
            if before[1] is None:
                self._answers.clear()
                due += under(state, self.plan, page_name, post)
            elif before[1] != after[1]:
                due += self._sorting("post", under(state, self.plan, page_name, post))
        for key in sorted(set(due)):
            self._ask(key, at - 1, at)
        if due:
            self._replace(at)

    def _sorting(self, family: str, keys: list[Key]) -> list[Key]:
        """Those that ask how many comments are about the incident, and so whether all could be sorted."""
        tables = ((key, self.table_of(key)) for key in keys)
        return [key for key, table in tables if table is not None and family in table.sorting]

    def _gone_with(self, event: Event) -> list[Key]:
        """Subjects that the event takes away."""
        if event.type == "post.removed":
            names = {("post", event.post)}  # type: ignore[attr-defined]  # this type has a post
        elif event.type == "item.cancelled":
            names = {("item", event.item)}  # type: ignore[attr-defined]  # this type has an item
        elif event.type == "post.published" and event.item is not None:  # type: ignore[attr-defined]  # as above
            names = {("item", event.item), ("draft", event.item)}  # type: ignore[attr-defined]  # as above
        else:
            return []
        return [key for key in self._keys.values() if (key.kind, key.id) in names]

    def table_of(self, key: Key) -> PlannedTable | None:
        """The table of a subject."""
        return self.plan.tables.get((key.kind, bool(key.incident)))

    def subjects(self) -> list[Key]:
        """Everybody who may be asked now, in order."""
        return subjects(self.state, self.plan)

    def _ask_all(self, now: int, at: int) -> None:
        asked = set()
        self.limits.clear()
        for key in self.subjects():
            asked.add(key)
            self._ask(key, now, at)
        for text, tracks in list(self.state.tracks.items()):
            key = self._keys[text]
            if key not in asked:
                if any(track.phase in (*LIVE, "pending") for track in tracks.values()):
                    self._drop(key, at, resolved=False)
                else:
                    self._forget(key)

    def asked(self, key: Key, now: int, at: int) -> Asked | None:
        """The row of a subject and what holds on it."""
        table, scene = self.table_of(key), scene_of(self.state, self.book, key, now)
        if table is None or scene is None:
            return None
        row = table.row(scene)
        true, unknown = table.matcher.match(row)
        return Asked(
            key=key,
            scene=scene,
            table=table,
            row=row,
            true=frozenset(true),
            unknown=frozenset(unknown),
            at=at,
            tell=self._tell,
            answered=self._answered,
        )

    def _ask(self, key: Key, now: int, at: int) -> None:
        asked = self.asked(key, now, at)
        if asked is None:
            self._drop(key, at, resolved=False)
            return
        text = key.text
        tracks = self.state.tracks.get(text)
        for planned in asked.table.rules:
            old = tracks.get(planned.rule.id) if tracks else None
            if old is None and not asked.may_start(planned):
                continue
            new = step(asked, planned, old)
            if new is None:
                if tracks and old is not None:
                    del tracks[planned.rule.id]
            elif tracks is None:
                self._keys[text] = key
                tracks = self.state.tracks[text] = {planned.rule.id: new}
            else:
                tracks[planned.rule.id] = new
        watch = asked.table.watches.of(asked.row)
        wake = min(asked.wake, next_flip(watch, asked.row, asked.scene))
        if wake > _LAST:
            self._wakes.pop(key, None)
        elif self._wakes.get(key) != wake:
            self._wakes[key] = wake
            heappush(self._heap, (wake, key))
        self.limits.wait_for(watch, asked)

    def _forget(self, key: Key) -> None:
        self.state.tracks.pop(key.text, None)
        self._keys.pop(key.text, None)
        self._wakes.pop(key, None)
        self.limits.drop(key)

    def _drop(self, key: Key, at: int, *, resolved: bool) -> None:
        """A subject is gone: what was said of it is over."""
        tracks = self.state.tracks.get(key.text)
        table = self.table_of(key)
        if tracks and table is not None:
            asked = Asked(
                key=key,
                scene=Scene(
                    brand=self.state,
                    book=self.book,
                    now=at,
                    incident=self.state.incidents.get(key.incident),
                    page=self.state.pages.get(key.page),
                ),
                table=table,
                row=[],
                true=frozenset(),
                unknown=frozenset(),
                at=at,
                tell=self._tell,
                answered=self._answered,
            )
            for name in sorted(tracks):
                planned, track = self.plan.rules[key.kind, name], tracks[name]
                if track.phase in (*LIVE, "pending"):
                    done = resolved and isinstance(planned.rule.form, Absence | Precedence)
                    track.settled_by = f"{key.kind} {key.id} removed" if done else None
                    close(asked, planned, track, "resolved" if done else "cancelled")
        self._forget(key)

    def _match(self, seen: Seen, at: int) -> None:
        """Settle whoever waited for what just happened."""
        if not self.plan.expects:
            return
        by = named(seen)
        for incident in ("", *self.state.incidents):
            true = expectations(self.state, self.plan, self.book, seen, incident, at - 1)
            if not true:
                continue
            for (kind, name), planned in self.plan.rules.items():
                if planned.expect not in true or kind == "playbook":
                    continue
                for key in self._waiting(kind, name, incident, seen):
                    asked = self.asked(key, at - 1, at)
                    if asked is None:
                        continue
                    tracks = self.state.tracks.setdefault(key.text, {})
                    self._keys[key.text] = key
                    new = matched(asked, planned, tracks.get(name), by)
                    if new is not None:
                        tracks[name] = new

    def _waiting(self, kind: str, rule: str, incident: str, seen: Seen) -> list[Key]:
        """Subjects whose rule may be settled by an event: it happened to them, or where they are."""
        found: list[Key] = []
        for text, tracks in self.state.tracks.items():
            key = self._keys[text]
            if key.kind != kind or key.incident != incident or rule not in tracks:
                continue
            if concerns(key, seen):
                found.append(key)
        return sorted(found)

    def _answered(self, asked: Asked, planned: PlannedRule, of: int, strict: bool) -> int | None:
        key, known = (asked.key, planned.rule.id, of, strict), self._answers
        if key in known:
            return known[key]
        found = answered(
            self.state, self.plan, self.book, asked.key, planned, of, strict, asked.now
        )
        if planned.expect in self.plan.lasting:
            known[key] = found
        return found

    def _tell(self, asked: Asked, kind: str, planned: PlannedRule, track: Track) -> None:
        if kind in ("opened", "pending", "moved"):
            track.shown = show(asked, planned, track)
        told = recommendation(asked.key, asked.scene, planned, track, kind, asked.at)
        self.changes.append(Change(at=from_micros(asked.at), kind=kind, recommendation=told))

    def _replace(self, at: int) -> None:
        """Silence what a live rule replaces on the same page and incident; let it speak again after."""
        replaces = self.plan.replaces
        if not replaces:
            return
        live = list(self.live())
        speakers: dict[tuple[str, str], list[Key]] = {}
        for key, planned, _ in live:
            for name in replaces.get(planned.rule.id, ()):
                speakers.setdefault((key.incident, name), []).append(key)
                self._speaker[key.incident, name] = planned.rule.id
        for key, planned, track in live:
            by = [
                other
                for other in speakers.get((key.incident, planned.rule.id), ())
                if not other.page or not key.page or other.page == key.page
            ]
            speaker = self._speaker.get((key.incident, planned.rule.id)) if by else None
            if speaker == track.replaced_by:
                continue
            track.replaced_by = speaker
            scene = scene_of(self.state, self.book, key, at)
            if scene is not None:
                kind = "returned" if speaker is None else "replaced"
                told = recommendation(key, scene, planned, track, kind, at)
                self.changes.append(Change(at=from_micros(at), kind=kind, recommendation=told))

    def live(self) -> Iterator[Live]:
        """Every track that speaks now."""
        for text in sorted(self.state.tracks):
            key = self._keys[text]
            for name, track in sorted(self.state.tracks[text].items()):
                if track.phase in LIVE:
                    yield Live(key, self.plan.rules[key.kind, name], track)

    def recommendations(self) -> list[Recommendation]:
        """What is open now."""
        found = []
        for key, planned, track in self.live():
            scene = scene_of(self.state, self.book, key, self.state.now)
            if scene is not None:
                found.append(recommendation(key, scene, planned, track, "open", self.state.now))
        return found

    def retold(self, told: Recommendation, due_at: datetime) -> Mapping[str, str]:
        """The sentence of an open recommendation with another deadline in it."""
        for key, planned, _ in self.live():
            scene = scene_of(self.state, self.book, key, self.state.now)
            if scene is not None and identity(planned.rule.id, self.state.brand, key) == told.id:
                return retold(key.kind, scene, planned, due_at)
        return told.message
