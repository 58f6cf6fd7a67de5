"""The short way of a plain comment: no text, no class, nothing that reaches a threshold."""

from __future__ import annotations

from crisisrules.engine.brand import BrandSession
from crisisrules.model.events import Event


def note_plain(session: BrandSession, event: Event, at: int) -> bool:
    """Count a plain comment on a page and under a post; False leaves it to the long way."""
    if event.text is not None or event.class_ is not None:  # type: ignore[attr-defined]  # a comment has both
        return False
    page = session.state.pages.get(event.page)  # type: ignore[attr-defined]  # a comment has one
    if page is None:
        return False
    thread = page.threads.get(event.post)  # type: ignore[attr-defined]  # a comment has one
    if thread is None:
        return False
    comments = thread.comments + 1
    if comments >= thread.limit or page.comments + 1 >= page.limit:
        return False
    if session.state.incidents:
        return False
    thread.comments = comments
    thread.last_comment_at = at
    page.comments += 1
    ring = page.rings.get("comments")
    if ring is not None:
        ring.push(at)
    elif "page.comments" in session.fold.ring_sizes or "post.comments" in session.fold.ring_sizes:
        return False
    session.state.now = at
    return True
