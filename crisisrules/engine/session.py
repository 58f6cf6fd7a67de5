"""The session: a stream of events in, changes of recommendations out; one brand or many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import Final

from crisisrules.engine.agenda import agenda_of
from crisisrules.engine.brand import BrandSession
from crisisrules.engine.comments import Sink, Spot
from crisisrules.engine.listening import Listener
from crisisrules.engine.measures import measures_of
from crisisrules.engine.plan import NEVER, Plan, plan_playbook
from crisisrules.engine.saving import brand_from_json, brand_to_json, check_version
from crisisrules.engine.scene import Book
from crisisrules.model.durations import from_micros, to_micros
from crisisrules.model.errors import InputError, Place, Problem
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Action, Change, Recommendation
from crisisrules.model.reports import Measure
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals, load_signals

DEFAULT_BRAND: Final = "default"

_TO_ALL: Final = frozenset(
    {
        "incident.opened",
        "incident.updated",
        "incident.recovered",
        "incident.resolved",
        "incident.dismissed",
        "information.released",
    }
)
"""Events without a brand that reach every brand of the stream."""


class Session:
    """Evaluates a stream of page state against a playbook.

    Time is an argument: an event first passes every deadline before its own instant, then is applied.
    A session reads no clock, starts no thread and does no input or output.

    Args:
        playbook: what is asked.
        engine: ``compiled``, or ``durable`` where durable-rules is installed.
        signals: reads texts; None reads them with the playbook's own lexicons.

    Raises:
        UsageError: the engine is not known or cannot be imported here.
    """

    def __init__(
        self, playbook: Playbook, *, engine: str = "compiled", signals: Signals | None = None
    ) -> None:
        self.playbook = playbook
        self._plan = plan_playbook(playbook, engine)
        self._book = Book(playbook)
        if signals is None and playbook.lexicons:
            signals = load_signals(playbook.lexicons)
        self._listener = Listener(signals, playbook.timezone)
        self._brands: dict[str, BrandSession] = {}
        self._sinks: dict[Spot, Sink] = {}
        self._heap: list[tuple[int, str]] = []
        self._now = -NEVER
        self._scheduled: dict[str, int] = {}
        self._broadcast: list[tuple[int, Event]] = []
        self._changes: list[Change] = []

    @property
    def now(self) -> datetime | None:
        """How far time has passed; None before the first event."""
        return None if self._now == -NEVER else from_micros(self._now)

    @property
    def plan(self) -> Plan:
        """The playbook as it is asked, for those who watch what its tests say."""
        return self._plan

    @property
    def brands(self) -> tuple[str, ...]:
        """The brands of the stream so far."""
        return tuple(sorted(self._brands))

    def feed(self, event: Event) -> list[Change]:
        """Pass the deadlines before the event, apply it, and return what changed, in order.

        Raises:
            InputError: the event is older than what was fed before.
        """
        at = to_micros(event.at)
        if at < self._now:
            raise InputError(_goes_back(event, self._now))
        self._pass(at)
        for brand in self._receivers(event, at):
            session = self._brands[brand]
            session.apply(event, at)
            self._collect(brand, session)
        changes, self._changes = self._changes, []
        return changes

    def feed_all(self, events: Iterable[Event]) -> Iterator[Change]:
        """Feed many events; plain comments take a shorter way. Changes come as they happen."""
        sinks, heap = self._sinks, self._heap
        for event in events:
            # what makes a comment plain is asked here, not in a function: most events are one
            if (
                event.type != "comment.received"
                or event.text is not None  # type: ignore[attr-defined]  # this type has a text
                or event.class_ is not None  # type: ignore[attr-defined]  # this type has a class
            ):
                yield from self.feed(event)
                continue
            brand, page, post = event.brand or DEFAULT_BRAND, event.page, event.post  # type: ignore[attr-defined]  # as above
            sink = sinks.get((brand, page, post))
            if sink is not None:
                at = round(event.at.timestamp() * 1_000_000)
                due = heap[0][0] if heap else NEVER
                if self._now <= at <= due and sink.take(at):
                    self._now = at
                    continue
            yield from self.feed(event)
            self._brands[brand].short.open(page, post)

    def advance(self, to: datetime) -> list[Change]:
        """Pass time without an event; what falls due at ``to`` itself is still in time.

        Raises:
            InputError: ``to`` is earlier than what was fed before.
        """
        at = to_micros(to)
        if at < self._now:
            raise InputError(_backwards(to, self._now))
        self._pass(at)
        changes, self._changes = self._changes, []
        return changes

    def next_deadline(self) -> datetime | None:
        """The next instant at which time alone changes something; None when nothing waits."""
        wake = self._next()
        return None if wake >= NEVER else from_micros(wake)

    def recommendations(self) -> tuple[Recommendation, ...]:
        """What is open now, over all brands."""
        return tuple(told for brand in self._settled() for told in brand.recommendations())

    def agenda(self, *, page: str | None = None) -> tuple[Action, ...]:
        """What to do now: the distinct actions, each with the recommendations that ask for it."""
        return agenda_of(self.recommendations(), self._retell, page=page)

    def _retell(self, told: Recommendation, due_at: datetime) -> Mapping[str, str]:
        return self._brands[told.brand].retold(told, due_at)

    def measures(self) -> tuple[Measure, ...]:
        """How fast and how well each incident was told, brand by brand and page by page."""
        return tuple(
            measure
            for brand in self._settled()
            for measure in measures_of(brand.state, self._book, self._now)
        )

    def dump(self) -> dict[str, object]:
        """The state as plain JSON values, with a version and the playbook's digest."""
        return {
            "version": 1,
            "playbook": self.playbook.digest,
            "now": None if self._now == -NEVER else self._now,
            "brands": {brand.state.brand: brand_to_json(brand.state) for brand in self._settled()},
        }

    @classmethod
    def load(
        cls,
        playbook: Playbook,
        state: Mapping[str, object],
        *,
        engine: str = "compiled",
        signals: Signals | None = None,
    ) -> Session:
        """A session that goes on where :meth:`dump` left off.

        Raises:
            InputError: the state is of another version or playbook, or is no state.
        """
        now, brands = check_version(state, playbook.digest)
        session = cls(playbook, engine=engine, signals=signals)
        for name, written in brands.items():
            restored = session._add(name)
            restored.restore(brand_from_json(name, written))
            session._schedule(name, restored)
        session._now = -NEVER if now is None else now
        return session

    def brand_session(self, brand: str = DEFAULT_BRAND) -> BrandSession:
        """The session of one brand, for those who ask about what is not out yet.

        A brand of which nothing was heard has an empty one, which is not kept.
        """
        found = self._brands.get(brand)
        if found is None:
            return BrandSession(brand, self._plan, self._book, self._listener, self._sinks)
        found.short.settle()
        return found

    def close(self) -> None:
        """Free what the matching engine holds outside Python."""
        self._plan.close()

    def _add(self, brand: str) -> BrandSession:
        session = BrandSession(brand, self._plan, self._book, self._listener, self._sinks)
        self._brands[brand] = session
        return session

    def _settled(self) -> Iterator[BrandSession]:
        """The brands in order of their names, with every comment counted."""
        for name in sorted(self._brands):
            self._brands[name].short.settle()
            yield self._brands[name]

    def _receivers(self, event: Event, at: int) -> list[str]:
        name = event.brand
        if name is None and event.type in _TO_ALL and any(b != DEFAULT_BRAND for b in self._brands):
            self._broadcast.append((at, event))
            return sorted(self._brands)
        brand = name or DEFAULT_BRAND
        if brand not in self._brands:
            session = self._add(brand)
            for when, earlier in self._broadcast:
                session.apply(earlier, when)
            if name is None and event.type in _TO_ALL:
                self._broadcast.append((at, event))
            session.changes.clear()
        elif name is None and event.type in _TO_ALL:
            self._broadcast.append((at, event))
        return [brand]

    def _pass(self, to: int) -> None:
        while (wake := self._next()) < to:
            _, brand = heappop(self._heap)
            self._scheduled.pop(brand, None)
            session = self._brands[brand]
            session.pass_until(wake + 1)
            self._collect(brand, session)
        self._now = to

    def _next(self) -> int:
        heap = self._heap
        while heap:
            wake, brand = heap[0]
            if self._scheduled.get(brand) == wake:
                return wake
            heappop(heap)
        return NEVER

    def _collect(self, brand: str, session: BrandSession) -> None:
        if session.changes:
            self._changes += session.changes
            session.changes = []
        self._schedule(brand, session)

    def _schedule(self, brand: str, session: BrandSession) -> None:
        wake = session.next_wake
        if wake != self._scheduled.get(brand):
            self._scheduled[brand] = wake
            if wake < NEVER:
                heappush(self._heap, (wake, brand))


def _goes_back(event: Event, now: int) -> Problem:
    message = f"`at` goes back: `{event.at.isoformat()}` comes after {_beside(event.at, now)}"
    return Problem(Place(f"event {event.type}"), "goes-back", message)


def _beside(at: datetime, instant: int) -> str:
    """An instant as a reader of ``at`` reads times, in the same offset."""
    return f"`{from_micros(instant, at.tzinfo or UTC).isoformat()}`"


def _backwards(to: datetime, now: int) -> Problem:
    message = f"`{to.isoformat()}` lies before {_beside(to, now)}, which has passed"
    return Problem(Place("advance"), "goes-back", message)
