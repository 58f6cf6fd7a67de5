"""The short way of a plain comment: no text, no class, and nothing that reaches a threshold.

What such a comment adds to is worked out once for its thread and remembered until anything else happens
to the brand; each further one is a few additions.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import attrs

from crisisrules.engine.state import PageState, Tally, Thread
from crisisrules.model.events import Event

if TYPE_CHECKING:
    from crisisrules.engine.brand import BrandSession


@attrs.define
class Sink:
    """Where the comments of one thread are counted."""

    page: PageState
    thread: Thread
    about: list[Tally]
    unsorted: list[Tally]
    rings: list[deque[int]]


def note_plain(session: BrandSession, event: Event, at: int) -> bool:
    """Count a plain comment on its page and under its post; False leaves it to the long way."""
    if event.text is not None or event.class_ is not None:  # type: ignore[attr-defined]  # a comment has both
        return False
    key = (event.page, event.post)  # type: ignore[attr-defined]  # a comment has both
    sink = session.sinks.get(key)
    if sink is None:
        sink = _sink(session, *key)
        if sink is None:
            return False
        session.sinks[key] = sink
    page, thread = sink.page, sink.thread
    comments, total = thread.comments + 1, page.comments + 1
    if sink.about:
        if comments >= thread.limit or total >= page.limit:
            return False
    elif comments >= thread.plain_limit or total >= page.plain_limit:
        return False
    thread.comments, page.comments = comments, total
    thread.last_comment_at = session.state.now = at
    for tally in sink.about:
        tally.about += 1
    for tally in sink.unsorted:
        tally.unsorted += 1
    for ring in sink.rings:
        ring.append(at)
    return True


def _sink(session: BrandSession, page_name: str, post: str) -> Sink | None:
    """The sink of a thread, once the long way has made all that it adds to."""
    page = session.state.pages.get(page_name)
    thread = page.threads.get(post) if page else None
    if page is None or thread is None:
        return None
    sizes = session.fold.ring_sizes
    sink = Sink(page, thread, [], [], [])
    for rings, fact in ((page.rings, "page.comments"), (thread.rings or {}, "post.comments")):
        ring = rings.get("comments")
        if ring is not None:
            sink.rings.append(ring.instants)
        elif fact in sizes:
            return None
    for incident in session.fold.commented(page_name):
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
                sink.rings.append(ring.instants)
            elif fact in sizes:
                return None
            (sink.about if about else sink.unsorted).append(tally)
    return sink


def unsorted_on(page: PageState | None, post: str) -> tuple[bool, bool] | None:
    """Whether comments on a page, and under a post, could not all be sorted; None for a new thread."""
    thread = page.threads.get(post) if page else None
    if page is None or thread is None:
        return None
    tallies = (thread.tallies or {}).values()
    return (
        any(view.tally.unsorted for view in page.views.values()),
        any(tally.unsorted for tally in tallies),
    )
