"""What happens, one frozen value a happening; the field names are those of the JSON lines.

Two names differ because Python keeps them for itself: ``class`` is :attr:`CommentReceived.class_` and
``from`` is :attr:`ShiftPlanned.from_`. Instants are aware datetimes. None means "not given", and not
given is never taken for zero, false or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, TypeAlias

import attrs

from crisisrules.model.pictures import Baseline, Media, ObservedPost

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened at an instant, to a brand (None: the only one of the stream).

    ``id`` is the delivery's own id where the source gives one, so that a repeated delivery is known.
    """

    type: ClassVar[str] = ""
    at: datetime
    brand: str | None = None
    id: str | None = None


@attrs.frozen(kw_only=True)
class IncidentOpened(Event):
    """An incident was declared. ``own`` is False for somebody else's tragedy, attack or failure."""

    type: ClassVar[str] = "incident.opened"
    incident: str
    kind: str
    severity: str
    started_at: datetime | None = None
    aware_at: datetime | None = None
    title: str | None = None
    keywords: tuple[str, ...] | None = None
    pages: tuple[str, ...] | None = None
    place: str | None = None
    affected: int | None = None
    disabled_channels: tuple[str, ...] | None = None
    components: tuple[str, ...] | None = None
    own: bool = True


@attrs.frozen(kw_only=True)
class IncidentUpdated(Event):
    """Something about the incident changed; a field that is None did not change."""

    type: ClassVar[str] = "incident.updated"
    incident: str
    kind: str | None = None
    severity: str | None = None
    started_at: datetime | None = None
    aware_at: datetime | None = None
    title: str | None = None
    keywords: tuple[str, ...] | None = None
    pages: tuple[str, ...] | None = None
    place: str | None = None
    affected: int | None = None
    disabled_channels: tuple[str, ...] | None = None
    components: tuple[str, ...] | None = None
    own: bool | None = None
    phase: str | None = None
    cause_confirmed: bool | None = None


@attrs.frozen(kw_only=True)
class IncidentEvent(Event):
    """What the ends of an incident have in common."""

    incident: str
    component: str | None = None


@attrs.frozen(kw_only=True)
class IncidentRecovered(IncidentEvent):
    """Operations saw service return, for one component or (None) for everything."""

    type: ClassVar[str] = "incident.recovered"


@attrs.frozen(kw_only=True)
class IncidentResolved(IncidentEvent):
    """The incident was declared over by those who lead it."""

    type: ClassVar[str] = "incident.resolved"


@attrs.frozen(kw_only=True)
class IncidentDismissed(IncidentEvent):
    """There was no incident after all."""

    type: ClassVar[str] = "incident.dismissed"


@attrs.frozen(kw_only=True)
class InformationReleased(Event):
    """A fact about the incident became known inside, cleared for the public or not yet."""

    type: ClassVar[str] = "information.released"
    incident: str
    information: str
    text: str | None = None
    topic: str | None = None
    cleared_public_at: datetime | None = None
    seen_by: Mapping[str, datetime] | None = None
    supersedes: str | None = None


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
        PageDescribed,
        PageObserved,
        Record,
        Clock,
    )
}
"""Every event class by the ``type`` of its JSON line."""
