"""What happens, one frozen value a happening; the field names are those of the JSON lines.

Two names differ because Python keeps them for itself: ``class`` is :attr:`CommentReceived.class_` and
``from`` is :attr:`ShiftPlanned.from_`. Instants are aware datetimes. None means "not given", and not
given is never taken for zero, false or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from crisisrules.model.event import Event, JsonValue
from crisisrules.model.incident_events import (
    IncidentDismissed,
    IncidentEvent,
    IncidentOpened,
    IncidentRecovered,
    IncidentResolved,
    IncidentUpdated,
    InformationReleased,
)
from crisisrules.model.maintenance_events import MaintenanceCancelled, MaintenancePlanned
from crisisrules.model.pictures import Baseline, Media, ObservedPost

__all__ = [
    "EVENT_TYPES",
    "ApprovalDecided",
    "ApprovalRequested",
    "Clock",
    "CommentEvent",
    "CommentReceived",
    "CommentRemoved",
    "DraftEvent",
    "DraftSubmitted",
    "Event",
    "IncidentDismissed",
    "IncidentEvent",
    "IncidentOpened",
    "IncidentRecovered",
    "IncidentResolved",
    "IncidentUpdated",
    "InformationReleased",
    "ItemCancelled",
    "ItemCleared",
    "ItemEvent",
    "ItemHeld",
    "ItemScheduled",
    "JsonValue",
    "MaintenanceCancelled",
    "MaintenancePlanned",
    "PageDescribed",
    "PageObserved",
    "PostCounted",
    "PostEdited",
    "PostEvent",
    "PostPinned",
    "PostPublished",
    "PostRemoved",
    "Record",
    "ReplyPublished",
    "ShiftEnded",
    "ShiftEvent",
    "ShiftHandedOver",
    "ShiftPlanned",
    "ShiftStarted",
]


@attrs.frozen(kw_only=True)
class PostPublished(Event):
    """The brand published a post on a page."""

    type: ClassVar[str] = "post.published"
    page: str
    post: str
    text: str | None = None
    kind: str | None = None
    incident: str | None = None
    language: str | None = None
    next_update_at: datetime | None = None
    pinned: bool | None = None
    information: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    media: tuple[Media, ...] | None = None
    template: str | None = None
    item: str | None = None


@attrs.frozen(kw_only=True)
class PostEvent(Event):
    """What later happens to a post that is out."""

    page: str
    post: str
    text: str | None = None


@attrs.frozen(kw_only=True)
class PostEdited(PostEvent):
    """The text of a post changed."""

    type: ClassVar[str] = "post.edited"


@attrs.frozen(kw_only=True)
class PostPinned(PostEvent):
    """A post was pinned to the top of its page."""

    type: ClassVar[str] = "post.pinned"


@attrs.frozen(kw_only=True)
class PostRemoved(PostEvent):
    """A post was taken down."""

    type: ClassVar[str] = "post.removed"


@attrs.frozen(kw_only=True)
class PostCounted(Event):
    """Totals of a post as a poll saw them; each is at least zero, None was not asked or not told."""

    type: ClassVar[str] = "post.counted"
    page: str
    post: str
    comments: int | None = None
    incident_comments: int | None = None
    reactions: int | None = None
    shares: int | None = None


@attrs.frozen(kw_only=True)
class CommentEvent(Event):
    """A comment, and what was done with it."""

    page: str
    post: str
    comment: str
    author: str | None = None
    text: str | None = None
    class_: str | None = None
    removed_by: str | None = None
    policy: str | None = None


@attrs.frozen(kw_only=True)
class CommentReceived(CommentEvent):
    """Somebody of the public commented under a post."""

    type: ClassVar[str] = "comment.received"


@attrs.frozen(kw_only=True)
class CommentRemoved(CommentEvent):
    """A comment was hidden or deleted: by its author, or by the brand under a policy."""

    type: ClassVar[str] = "comment.removed"


@attrs.frozen(kw_only=True)
class ReplyPublished(Event):
    """The brand answered under a post: one comment, or the thread when ``comment`` is None."""

    type: ClassVar[str] = "reply.published"
    page: str
    post: str
    reply: str | None = None
    comment: str | None = None
    text: str | None = None
    incident: str | None = None
    information: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True)
class ItemEvent(Event):
    """Something planned for a page that is not out yet."""

    page: str
    item: str
    publish_at: datetime | None = None
    text: str | None = None
    kind: str | None = None
    surface: str | None = None
    by: str | None = None


@attrs.frozen(kw_only=True)
class ItemScheduled(ItemEvent):
    """Something was planned for a page and is not out yet."""

    type: ClassVar[str] = "item.scheduled"


@attrs.frozen(kw_only=True)
class ItemHeld(ItemEvent):
    """A planned item was held back."""

    type: ClassVar[str] = "item.held"


@attrs.frozen(kw_only=True)
class ItemCleared(ItemEvent):
    """A person looked at a planned item and let it go out."""

    type: ClassVar[str] = "item.cleared"


@attrs.frozen(kw_only=True)
class ItemCancelled(ItemEvent):
    """A planned item will not go out."""

    type: ClassVar[str] = "item.cancelled"


@attrs.frozen(kw_only=True)
class DraftEvent(Event):
    """A text on its way to being published."""

    draft: str
    page: str | None = None
    text: str | None = None
    incident: str | None = None
    step: str | None = None
    role: str | None = None
    decision: str | None = None
    by: str | None = None


@attrs.frozen(kw_only=True)
class DraftSubmitted(DraftEvent):
    """A text was written and is on its way to being published."""

    type: ClassVar[str] = "draft.submitted"


@attrs.frozen(kw_only=True)
class ApprovalRequested(DraftEvent):
    """A role was asked to approve a draft."""

    type: ClassVar[str] = "approval.requested"


@attrs.frozen(kw_only=True)
class ApprovalDecided(DraftEvent):
    """A role approved a draft, rejected it or asked for changes."""

    type: ClassVar[str] = "approval.decided"


@attrs.frozen(kw_only=True)
class ShiftEvent(Event):
    """Duty of a role for some pages (None: all), from one instant to another."""

    role: str
    person: str | None = None
    pages: tuple[str, ...] | None = None
    from_: datetime | None = None
    to: datetime | None = None
    note: str | None = None


@attrs.frozen(kw_only=True)
class ShiftPlanned(ShiftEvent):
    """A role will be on duty for some pages (None: all) from one instant to another."""

    type: ClassVar[str] = "shift.planned"


@attrs.frozen(kw_only=True)
class ShiftStarted(ShiftEvent):
    """Somebody took up duty; ``to`` is when it is planned to end."""

    type: ClassVar[str] = "shift.started"


@attrs.frozen(kw_only=True)
class ShiftEnded(ShiftEvent):
    """Somebody went off duty."""

    type: ClassVar[str] = "shift.ended"


@attrs.frozen(kw_only=True)
class ShiftHandedOver(ShiftEvent):
    """One person told the next what is going on; the hand-over note exists."""

    type: ClassVar[str] = "shift.handed_over"


@attrs.frozen(kw_only=True)
class PageDescribed(Event):
    """What kind of page it is: platform, audience (people), languages, zone, and what is normal."""

    type: ClassVar[str] = "page.described"
    page: str
    platform: str
    audience: int | None = None
    languages: tuple[str, ...] | None = None
    timezone: str | None = None
    baseline: Baseline | None = None
    title: str | None = None


@attrs.frozen(kw_only=True)
class PageObserved(Event):
    """A polled picture of a page: its latest posts. What happened meanwhile is derived from it."""

    type: ClassVar[str] = "page.observed"
    page: str
    posts: tuple[ObservedPost, ...]


@attrs.frozen(kw_only=True)
class Record(Event):
    """A rare fact under a name (``review.scheduled``, ``filing.sent``), with fields of its own."""

    type: ClassVar[str] = "record"
    name: str
    incident: str | None = None
    page: str | None = None
    data: Mapping[str, JsonValue] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Clock(Event):
    """Time passed, and nothing else."""

    type: ClassVar[str] = "clock"


EVENT_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (
        IncidentOpened,
        IncidentUpdated,
        IncidentRecovered,
        IncidentResolved,
        IncidentDismissed,
        InformationReleased,
        PostPublished,
        PostEdited,
        PostPinned,
        PostRemoved,
        PostCounted,
        CommentReceived,
        CommentRemoved,
        ReplyPublished,
        ItemScheduled,
        ItemHeld,
        ItemCleared,
        ItemCancelled,
        DraftSubmitted,
        ApprovalRequested,
        ApprovalDecided,
        ShiftPlanned,
        ShiftStarted,
        ShiftEnded,
        ShiftHandedOver,
        MaintenancePlanned,
        MaintenanceCancelled,
        PageDescribed,
        PageObserved,
        Record,
        Clock,
    )
}
"""Every event class by the ``type`` of its JSON line."""
