"""The short way of a plain comment: no text, no class, and nothing that reaches a threshold.

What such a comment adds to is worked out once for its thread and remembered until something else happens
to the brand. Each further one is a note of its instant, and the notes are counted together as soon as
anything looks at the brand: a deadline, another event, or a reader.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from crisisrules.engine.state import Instants, PageState, Ring, Tally, Thread, no_instants
from crisisrules.model.events import Event

if TYPE_CHECKING:
    from crisisrules.engine.brand import BrandSession

MOST_NOTED: Final = 64
"""Comments of one thread that are noted and not yet counted."""

MOST_SINKS: Final = 20_000
"""Threads that may take the short way at once, over all brands."""

Spot: TypeAlias = tuple[str, str, str]
"""Brand, page and post."""


def is_plain(event: Event) -> bool:
    """Whether an event is a comment of which nothing is known but that it came."""
    return (
        event.type == "comment.received"
        and event.text is None  # type: ignore[attr-defined]  # this type has a text
        and event.class_ is None  # type: ignore[attr-defined]  # this type has a class
    )


@attrs.define(eq=False)
class Sink:
    """Where the comments of one thread are counted, and the instants of those that are noted.

    ``left`` is how many more may be noted before the short way is asked for room.
    """

    short: ShortWay
    page: PageState
    thread: Thread
    about: tuple[Tally, ...]
    unsorted: tuple[Tally, ...]
    rings: tuple[Ring, ...]
    noted: Instants = attrs.field(factory=no_instants)
    left: int = 0

    def take(self, at: int) -> bool:
        """Note a comment; False leaves it to the long way."""
        if not self.left and not self.short.make_room(self):
            return False
        self.left -= 1
        self.noted.append(at)
        return True


class ShortWay:
    """The sinks of one brand; ``shared`` has those of all brands."""

    __slots__ = ("_open", "_places", "_promised", "_session", "_shared")

    def __init__(self, session: BrandSession, shared: dict[Spot, Sink]) -> None:
        self._session = session
        self._shared = shared
        self._places: dict[Spot, None] = {}
        self._open: list[Sink] = []
        self._promised: dict[str, int] = {}

    def open(self, page: str, post: str) -> None:
        """Make a sink for a thread, once the long way has made all that its comments add to."""
        place = (self._session.state.brand, page, post)
        if place in self._shared:
            return
        sink = self._sink(page, post)
        if sink is not None:
            if len(self._shared) >= MOST_SINKS:
                self._shared.clear()
            self._shared[place] = sink
            self._places[place] = None

    def close(self) -> None:
        """Count what is noted and forget all sinks: an event may change what comments add to."""
        self.settle()
        for place in self._places:
            self._shared.pop(place, None)
        self._places.clear()

    def settle(self) -> None:
        """Count what is noted."""
        if not self._open:
            return
        state = self._session.state
        ringing: dict[int, tuple[Ring, list[Instants]]] = {}
        for sink in self._open:
            noted, number = sink.noted, len(sink.noted)
            sink.left = 0
            if not number:
                continue
            sink.page.comments += number
            sink.thread.comments += number
            sink.thread.last_comment_at = noted[-1]
            state.now = max(state.now, noted[-1])
            for tally in sink.about:
                tally.about += number
            for tally in sink.unsorted:
                tally.unsorted += number
            for ring in sink.rings:
                ringing.setdefault(id(ring), (ring, []))[1].append(noted)
            sink.noted = no_instants()
        self._open.clear()
        self._promised.clear()
        for ring, parts in ringing.values():
            ring.extend(_in_order(parts))

    def make_room(self, sink: Sink) -> bool:
        """Let a thread note more, as long as neither it nor its page reaches what somebody waits for."""
        if sink.noted:
            self.settle()
        page, thread, plain = sink.page, sink.thread, not sink.about
        limits, promised = self._session.limits, self._promised.get(page.page, 0)
        room = min(
            limits.of(page.page, thread.post).least(plain=plain) - thread.comments - 1,
            limits.of(page.page).least(plain=plain) - page.comments - promised - 1,
            MOST_NOTED,
        )
        if room <= 0:
            if not promised:
                return False
            # other threads of the page may not need what they were promised
            self.settle()
            return self.make_room(sink)
        sink.left = room
        self._promised[page.page] = promised + room
        self._open.append(sink)
        return True

    def _sink(self, page_name: str, post: str) -> Sink | None:
        fold = self._session.fold
        page = self._session.state.pages.get(page_name)
        thread = page.threads.get(post) if page else None
        if page is None or thread is None:
            return None
        found: list[Ring] = []
        for rings, fact in ((page.rings, "page.comments"), (thread.rings or {}, "post.comments")):
            if "comments" in rings:
                found.append(rings["comments"])
            elif fact in fold.ring_sizes:
                return None
        tallies: dict[bool, list[Tally]] = {True: [], False: []}
        for incident in fold.commented(page_name):
            about = bool(thread.about.get(incident.incident))
            view = page.views.get(incident.incident)
            own = (thread.tallies or {}).get(incident.incident)
            if view is None or own is None:
                return None
            for tally, fact in (
                (own, "post.incident_comments"),
                (view.tally, "page.incident_comments"),
            ):
                # the first that cannot be sorted turns a count into a lower bound, and goes the long way
                if not about and not tally.unsorted:
                    return None
                ring = tally.about_ring if about else tally.unsorted_ring
                if ring is not None:
                    found.append(ring)
                elif fact in fold.ring_sizes:
                    return None
                tallies[about].append(tally)
        return Sink(
            short=self,
            page=page,
            thread=thread,
            about=tuple(tallies[True]),
            unsorted=tuple(tallies[False]),
            rings=tuple(found),
        )


def _in_order(parts: Sequence[Instants]) -> Instants:
    """The instants of several threads as one sequence in time."""
    return parts[0] if len(parts) == 1 else array("q", sorted(chain.from_iterable(parts)))


def unsorted_on(page: PageState | None, post: str) -> tuple[bool | None, bool | None]:
    """Whether comments on a page, and under a post, could not all be sorted; None where it is new."""
    if page is None:
        return None, None
    thread = page.threads.get(post)
    return (
        any(view.tally.unsorted for view in page.views.values()),
        None
        if thread is None
        else any(tally.unsorted for tally in (thread.tallies or {}).values()),
    )
