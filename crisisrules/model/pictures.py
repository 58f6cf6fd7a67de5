"""What a page, a post or a comment looked like when somebody looked."""

from __future__ import annotations

from datetime import datetime

import attrs


@attrs.frozen(kw_only=True)
class Media:
    """A picture or film of a post, and its text alternative where it has one."""

    kind: str | None = None
    alt: str | None = None
    captions: bool | None = None


@attrs.frozen(kw_only=True)
class Baseline:
    """What is normal on a page."""

    comments_per_hour: float | None = None


@attrs.frozen(kw_only=True)
class ObservedComment:
    """A comment in a picture of a page; ``by_page`` when the brand itself wrote it."""

    comment: str
    at: datetime | None = None
    author: str | None = None
    text: str | None = None
    class_: str | None = None
    by_page: bool = False
    parent: str | None = None


@attrs.frozen(kw_only=True)
class ObservedPost:
    """A post in a picture of a page, with its totals and, where asked for, its thread."""

    post: str
    published_at: datetime | None = None
    text: str | None = None
    kind: str | None = None
    incident: str | None = None
    language: str | None = None
    next_update_at: datetime | None = None
    pinned: bool | None = None
    comments: int | None = None
    incident_comments: int | None = None
    reactions: int | None = None
    shares: int | None = None
    links: tuple[str, ...] | None = None
    media: tuple[Media, ...] | None = None
    thread: tuple[ObservedComment, ...] | None = None
