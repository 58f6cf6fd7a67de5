"""From a polled picture of a page to the events that it implies.

Whoever can only poll sees posts, totals and the latest comments, not what happened. New posts, grown
counters, new comments and vanished posts are told apart from what is remembered of the page. What came
between two pictures came at the latest when the later one was taken, and is dated so unless the picture
itself says when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from crisisrules.engine.fold import Fold
from crisisrules.engine.state import PageState, Thread
from crisisrules.model import events as ev
from crisisrules.model.durations import to_micros
from crisisrules.model.pictures import ObservedComment, ObservedPost

MOST_SEEN: Final = 400
"""Ids of comments remembered under a post, so that one that is pictured twice counts once."""


def implied_by(fold: Fold, event: ev.PageObserved, at: int) -> Iterator[ev.Event]:
    """The events that a picture implies, in the order in which they should be applied."""
    page = fold.page(event.page)
    # oldest first, so that the newest post is the latest one the page remembers
    for post in sorted(event.posts, key=lambda post: _when(post.published_at, at)):
        known = page.threads.get(post.post)
        if known is None:
            yield _published(event, post)
        elif post.text is not None and known.text is not None and post.text[:4000] != known.text:
            yield ev.PostEdited(at=event.at, page=event.page, post=post.post, text=post.text)
        if post.pinned and page.pinned != post.post:
            yield ev.PostPinned(at=event.at, page=event.page, post=post.post)
        yield from _thread(page, event, post)
        if post.comments is not None or post.incident_comments is not None:
            yield ev.PostCounted(
                at=event.at,
                page=event.page,
                post=post.post,
                comments=post.comments,
                incident_comments=post.incident_comments,
                reactions=post.reactions,
                shares=post.shares,
            )
    yield from _vanished(page, event, at)


def _when(instant: datetime | None, at: int) -> int:
    return at if instant is None else min(at, to_micros(instant))


def _published(event: ev.PageObserved, post: ObservedPost) -> ev.PostPublished:
    return ev.PostPublished(
        at=event.at if post.published_at is None else min(post.published_at, event.at),
        page=event.page,
        post=post.post,
        text=post.text,
        kind=post.kind,
        incident=post.incident,
        language=post.language,
        next_update_at=post.next_update_at,
        pinned=post.pinned,
        links=post.links,
        media=post.media,
    )


def _thread(page: PageState, event: ev.PageObserved, post: ObservedPost) -> Iterator[ev.Event]:
    for comment in post.thread or ():
        thread: Thread | None = page.threads.get(post.post)
        if thread is None:
            continue
        if thread.seen is None:
            thread.seen = []
        if comment.comment in thread.seen:
            continue
        thread.seen.append(comment.comment)
        del thread.seen[:-MOST_SEEN]
        yield _said(event, post.post, comment)


def _said(event: ev.PageObserved, post: str, comment: ObservedComment) -> ev.Event:
    if comment.by_page:
        return ev.ReplyPublished(
            at=event.at,
            page=event.page,
            post=post,
            reply=comment.comment,
            comment=comment.parent,
            text=comment.text,
        )
    return ev.CommentReceived(
        at=event.at,
        page=event.page,
        post=post,
        comment=comment.comment,
        author=comment.author,
        text=comment.text,
        class_=comment.class_,
    )


def _vanished(page: PageState, event: ev.PageObserved, at: int) -> Iterator[ev.Event]:
    """A known post that is newer than the oldest one pictured, and is not pictured, is gone."""
    if not event.posts:
        return
    pictured = {post.post for post in event.posts}
    dated = [
        page.threads[name].published_at
        for name in pictured
        if name in page.threads and page.threads[name].published_at < at
    ]
    if not dated:
        return
    oldest = min(dated)
    for name, thread in list(page.threads.items()):
        if name not in pictured and oldest < thread.published_at < at:
            yield ev.PostRemoved(at=event.at, page=event.page, post=name)
