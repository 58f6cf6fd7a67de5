"""The fold of what the public says: comments one by one, polled totals, and pictures of a page."""

from __future__ import annotations

from typing import Final

from crisisrules.engine.fold import MOST_COMMENTS, Fold
from crisisrules.engine.questions import note_question
from crisisrules.engine.scene import Seen
from crisisrules.engine.state import (
    CommentState,
    IncidentState,
    PageState,
    Ring,
    Tally,
    Thread,
)
from crisisrules.model import events as ev
from crisisrules.signals import CommentReading

KEPT_CLASSES: Final = frozenset({"safety", "factual_error"})
"""Comments of these classes are followed one by one; of the others only counts remain."""

MOST_AUTHORS: Final = 2_000


def apply_comment(fold: Fold, event: ev.CommentEvent, at: int) -> Seen | None:
    """Somebody of the public commented under a post."""
    page = fold.page(event.page)
    thread = thread_of(page, event.post, at)
    note_comments(fold, page, thread, at, 1)
    text, klass = event.text, event.class_
    incidents = fold.commented(page.page)
    if not incidents:
        reading = _calm(fold, page, event, at)
        klass = klass or (reading.klass if reading else None)
        if klass in KEPT_CLASSES:
            _keep(fold, event, at, klass, None)
        return None
    kept: bool | None = None
    for incident in incidents:
        own_post = thread.about.get(incident.incident)
        heard = fold.listener.hear_comment(text, incident) if text is not None else None
        about: bool | None = True if own_post else None
        if heard is not None:
            about = heard.mentions_incident or bool(own_post)
            klass = klass or heard.klass
        note_about(fold, page, thread, incident, at, 1, about)
        if about and klass == "question":
            view = fold.view(page, incident.incident)
            view.questions += 1
            if text is not None and note_question(view, incident, text, at):
                fold.forgot_questions = True
            if ring := fold.ring(view.rings, "page.unanswered_questions"):
                ring.push(at)
        if about and klass == "factual_error":
            view = fold.view(page, incident.incident)
            view.factual_errors += 1
            if ring := fold.ring(view.rings, "page.factual_errors"):
                ring.push(at)
        kept = about if kept is None else kept or about
    if klass in KEPT_CLASSES:
        _keep(fold, event, at, klass, kept)
    return None


def thread_of(page: PageState, post: str, at: int) -> Thread:
    """The thread under a post; a post that nobody saw published is known by its comments alone."""
    thread = page.threads.get(post)
    if thread is None:
        thread = page.threads[post] = Thread(post=post, page=page.page, published_at=at)
    return thread


def note_comments(fold: Fold, page: PageState, thread: Thread, at: int, number: int) -> None:
    """Count comments, whatever they are about."""
    thread.comments += number
    thread.last_comment_at = at
    page.comments += number
    if ring := fold.ring(page.rings, "page.comments"):
        ring.push(at, number)
    if "post.comments" in fold.ring_sizes:
        if thread.rings is None:
            thread.rings = {}
        if ring := fold.ring(thread.rings, "post.comments"):
            ring.push(at, number)


def note_about(
    fold: Fold,
    page: PageState,
    thread: Thread,
    incident: IncidentState,
    at: int,
    number: int,
    about: bool | None,
) -> None:
    """Count comments as about an incident, or as impossible to sort."""
    if about is False:
        return
    if thread.tallies is None:
        thread.tallies = {}
    tally = thread.tallies.get(incident.incident)
    if tally is None:
        tally = thread.tallies[incident.incident] = Tally()
    _tally(fold, tally, "post.incident_comments", at, number, sorted_=about is True)
    view = fold.view(page, incident.incident)
    _tally(fold, view.tally, "page.incident_comments", at, number, sorted_=about is True)


def _tally(fold: Fold, tally: Tally, fact: str, at: int, number: int, *, sorted_: bool) -> None:
    size = fold.ring_sizes.get(fact)
    if sorted_:
        tally.about += number
        if size is not None:
            if tally.about_ring is None:
                tally.about_ring = Ring(size=size)
            tally.about_ring.push(at, number)
    else:
        tally.unsorted += number
        if size is not None:
            if tally.unsorted_ring is None:
                tally.unsorted_ring = Ring(size=1)
            tally.unsorted_ring.push(at, number)


def _calm(fold: Fold, page: PageState, event: ev.CommentEvent, at: int) -> CommentReading | None:
    """A comment while no incident is declared: it may be the first signal of one."""
    if event.text is None:
        return None
    reading = fold.listener.hear_comment(event.text, None)
    if reading is not None and reading.mentions_incident:
        page.signal_comments += 1
        if ring := fold.ring(page.rings, "page.signal_comments"):
            ring.push(at)
        author = event.author or f"#{event.comment}"
        page.signal_authors.pop(author, None)
        page.signal_authors[author] = at
        if len(page.signal_authors) > MOST_AUTHORS:
            page.signal_authors.pop(next(iter(page.signal_authors)))
    return reading


def _keep(
    fold: Fold, event: ev.CommentEvent, at: int, klass: str | None, about: bool | None
) -> None:
    comments = fold.state.comments
    comments[event.comment] = CommentState(
        comment=event.comment,
        page=event.page,
        post=event.post,
        received_at=at,
        class_=klass,
        about=about,
    )
    if len(comments) > MOST_COMMENTS:
        done = next((c for c, s in comments.items() if s.answered or s.taken), None)
        comments.pop(next(iter(comments)) if done is None else done)


def apply_comment_removed(fold: Fold, event: ev.CommentEvent, at: int) -> Seen | None:
    """A comment was hidden or deleted; by its author, or by the brand under a policy."""
    if event.removed_by == "author":
        fold.state.comments.pop(event.comment, None)
        return None
    comment = fold.state.comments.get(event.comment)
    if comment is None:
        klass = event.class_
        if klass is None and event.text is not None:
            heard = fold.listener.hear_comment(event.text, None)
            klass = heard.klass if heard else None
        _keep(fold, event, at, klass, None)
        comment = fold.state.comments[event.comment]
    # platforms mostly do not say who removed it, and nobody is accused of what is not known
    comment.removed = None if event.removed_by is None else True
    comment.policy = event.policy
    return None


def apply_counted(fold: Fold, event: ev.PostCounted, at: int) -> Seen | None:
    """Totals of a post as a poll saw them: what is new since the last one came at the latest now."""
    page = fold.page(event.page)
    thread = thread_of(page, event.post, at)
    known = thread.comments if thread.counted_comments is None else thread.counted_comments
    new = 0
    if event.comments is not None:
        new = max(0, event.comments - max(known, thread.comments))
        thread.counted_comments = event.comments
        if new:
            note_comments(fold, page, thread, at, new)
    for incident in fold.commented(page.page):
        if event.incident_comments is not None:
            tally = (thread.tallies or {}).get(incident.incident)
            more = max(0, event.incident_comments - (tally.about if tally else 0))
            thread.counted_incident = event.incident_comments
            if more:
                note_about(fold, page, thread, incident, at, more, True)
        elif new:
            about = True if thread.about.get(incident.incident) else None
            note_about(fold, page, thread, incident, at, new, about)
    return None
