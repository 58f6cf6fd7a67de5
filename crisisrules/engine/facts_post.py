"""How facts about posts, items, drafts, comments and the event just seen read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crisisrules.engine.facts_incident import Reader, given, since
from crisisrules.engine.facts_page import tallied
from crisisrules.engine.scene import Scene, Seen
from crisisrules.engine.state import (
    CommentState,
    DraftState,
    IncidentState,
    ItemState,
    MaintenanceState,
    Thread,
)
from crisisrules.engine.values import ABSENT, Value


def _of(read: Callable[[Thread], Value]) -> Reader:
    return lambda scene: ABSENT if scene.thread is None else read(scene.thread)


def _at(read: Callable[[Thread, Scene], Value]) -> Reader:
    return lambda scene: ABSENT if scene.thread is None else read(scene.thread, scene)


def _inc(read: Callable[[Thread, IncidentState, Scene], Value], calm: Value) -> Reader:
    def reader(scene: Scene) -> Value:
        if scene.thread is None:
            return ABSENT
        return calm if scene.incident is None else read(scene.thread, scene.incident, scene)

    return reader


def _about(thread: Thread, incident: IncidentState, _: Scene) -> Value:
    return thread.about.get(incident.incident, None if thread.text is None else False)


def _pinned(thread: Thread, scene: Scene) -> Value:
    if scene.page is not None and scene.page.pinned is not None:
        return scene.page.pinned == thread.post
    return thread.pinned


def _latest_status(scene: Scene) -> Value:
    return scene.view is not None and scene.view.last_status == (
        scene.thread.post if scene.thread else None
    )


def _followed(thread: Thread, scene: Scene) -> Value:
    if scene.item is not None or scene.draft is not None:
        return False
    view = scene.view
    if view is None or view.last_status_at is None or view.last_status == thread.post:
        return False
    return view.last_status_at >= thread.published_at


def _first_status(thread: Thread, scene: Scene) -> Value:
    view = scene.view
    if view is None or view.first_status_at is None:
        return True
    if scene.item is not None or scene.draft is not None:
        return False
    return thread.published_at <= view.first_status_at


def _news_since(thread: Thread, incident: IncidentState, scene: Scene) -> Value:
    at = thread.published_at
    if any(
        fact.cleared_at is not None and at < fact.cleared_at <= scene.now
        for fact in incident.information.values()
    ):
        return True
    changed = (incident.phase_changed_at, incident.recovered_at, incident.fully_recovered_at)
    return any(instant is not None and instant > at for instant in changed)


def _links_canonical(thread: Thread, scene: Scene) -> Value:
    if thread.links is None:
        return None
    canonical = scene.book.governance.canonical_page
    if canonical is None:
        return bool(thread.links)
    return any(canonical in link for link in thread.links)


def _template_cleared(thread: Thread, scene: Scene) -> Value:
    cleared = scene.book.governance.templates
    return thread.template is not None and (not cleared or thread.template in cleared)


def _replies_about(thread: Thread, incident: IncidentState, _: Scene) -> Value:
    return (thread.answered or {}).get(incident.incident, 0)


POST_READERS: Final[dict[str, Reader]] = {
    "post.kind": _of(lambda t: t.kind),
    "post.about_incident": _inc(_about, False),
    "post.mentions_incident_words": _inc(
        lambda t, i, _: (t.words or {}).get(i.incident, None if t.text is None else False), False
    ),
    "post.text": _of(lambda t: t.text),
    "post.language": _of(lambda t: t.language),
    "post.features": _of(lambda t: t.features),
    "post.age": _at(lambda t, s: s.now - t.published_at),
    "post.published_at": _of(lambda t: t.published_at),
    "post.during_incident": _inc(lambda t, i, _: i.incident in t.during, False),
    "post.comments": _of(lambda t: t.comments),
    "post.incident_comments": _inc(
        lambda t, i, _: tallied(t.tallies.get(i.incident) if t.tallies else None), 0
    ),
    "post.replies": _of(lambda t: t.replies),
    "post.incident_replies": _inc(_replies_about, 0),
    "post.pinned": _at(_pinned),
    "post.has_news": _of(lambda t: t.has_news),
    "post.is_latest_status": _latest_status,
    "post.is_first_status": _at(_first_status),
    "post.followed_by_status": _at(_followed),
    "post.news_since": _inc(_news_since, False),
    "post.next_update_at": _of(lambda t: given(t.next_update_at)),
    "post.promised_redress_at": _of(lambda t: t.published_at if t.promised_redress else ABSENT),
    "post.links_canonical": _at(_links_canonical),
    "post.links": _of(lambda t: None if t.links is None else len(t.links)),
    "post.information": _of(lambda t: t.information),
    "post.template": _of(lambda t: given(t.template)),
    "post.template_cleared": _at(_template_cleared),
    "post.approved": _of(lambda t: t.approved),
    "post.cleared_by_incident_lead": _of(lambda t: t.cleared),
    "post.held": lambda s: s.item is not None and s.item.state in ("held", "cancelled"),
    "post.media_without_alt": _of(lambda t: t.media_without_alt),
    "post.has_media": _of(lambda t: None if t.media is None else t.media > 0),
    "post.edited": _of(lambda t: t.edited),
    "post.surface": _of(lambda t: t.surface or "organic"),
}


def _item(read: Callable[[ItemState, Scene], Value]) -> Reader:
    return lambda scene: ABSENT if scene.item is None else read(scene.item, scene)


def _due_in(item: ItemState, scene: Scene) -> Value:
    return ABSENT if item.publish_at is None else item.publish_at - scene.now


def _in_incident(item: ItemState, scene: Scene) -> Value:
    incident = scene.incident
    if incident is None:
        return False
    if item.publish_at is None:
        return incident.is_open
    begun = incident.opened_at if incident.started_at is None else incident.started_at
    ended = incident.resolved_at if incident.dismissed_at is None else incident.dismissed_at
    return item.publish_at >= min(begun, incident.opened_at) and (
        ended is None or item.publish_at < ended
    )


def _maintenance(item: ItemState, scene: Scene) -> MaintenanceState | None:
    """The planned maintenance in which an item goes out; the one that ends last, of several."""
    at = item.publish_at
    if at is None:
        return None
    found = [
        one
        for one in scene.brand.maintenances.values()
        if one.start <= at < one.end and (one.pages is None or item.page in one.pages)
    ]
    return max(found, key=lambda one: one.end, default=None)


def _maintenance_title(item: ItemState, scene: Scene) -> Value:
    found = _maintenance(item, scene)
    return ABSENT if found is None else found.title


def _maintenance_end(item: ItemState, scene: Scene) -> Value:
    found = _maintenance(item, scene)
    return ABSENT if found is None else found.end


def _draft(read: Callable[[DraftState, Scene], Value]) -> Reader:
    return lambda scene: ABSENT if scene.draft is None else read(scene.draft, scene)


def _approved(draft: DraftState, _: Scene) -> Value:
    return bool(draft.decisions) and all(
        decision == "approved" for decision in draft.decisions.values()
    )


def _comment(read: Callable[[CommentState, Scene], Value]) -> Reader:
    return lambda scene: ABSENT if scene.comment is None else read(scene.comment, scene)


def _seen(read: Callable[[Seen, Scene], Value], *types: str) -> Reader:
    def reader(scene: Scene) -> Value:
        if scene.seen is None or not scene.seen.type.startswith(types):
            return ABSENT
        return read(scene.seen, scene)

    return reader


def _seen_about(seen: Seen, scene: Scene) -> Value:
    return scene.incident is not None and seen.about.get(scene.incident.incident, False)


def _record_about(seen: Seen, scene: Scene) -> Value:
    return scene.incident is not None and seen.incident == scene.incident.incident


def _under_incident_post(seen: Seen, scene: Scene) -> Value:
    under = scene.page.threads.get(seen.under) if scene.page and seen.under else None
    if under is None or scene.incident is None:
        return None if under is None else False
    return under.about.get(scene.incident.incident, False)


SUBJECT_READERS: Final[dict[str, Reader]] = {
    "item.state": _item(lambda i, _: i.state),
    "item.due_in": _item(_due_in),
    "item.publish_at": _item(lambda i, _: given(i.publish_at)),
    "item.was_held": _item(lambda i, _: i.was_held),
    "item.in_incident": _item(_in_incident),
    "item.maintenance": _item(_maintenance_title),
    "item.maintenance_ends_at": _item(_maintenance_end),
    "draft.step": _draft(lambda d, _: given(d.step)),
    "draft.role": _draft(lambda d, _: given(d.role)),
    "draft.requested_at": _draft(lambda d, _: given(d.requested_at)),
    "draft.pending_for": _draft(lambda d, s: since(s.now, d.requested_at)),
    "draft.approved": _draft(_approved),
    "draft.chain": _draft(lambda d, _: d.chain),
    "comment.class": _comment(lambda c, _: c.class_),
    "comment.about_incident": _comment(lambda c, _: c.about),
    "comment.age": _comment(lambda c, s: s.now - c.received_at),
    "comment.received_at": _comment(lambda c, _: c.received_at),
    "comment.answered": _comment(lambda c, _: c.answered),
    "comment.taken": _comment(lambda c, _: c.taken),
    "comment.removed": _comment(lambda c, _: c.removed),
    "comment.removal_policy": _comment(lambda c, _: given(c.policy)),
    "reply.about_incident": _seen(_seen_about, "reply."),
    "reply.has_news": _seen(lambda e, _: e.has_news, "reply."),
    "reply.features": _seen(lambda e, _: e.features, "reply."),
    "reply.under_incident_post": _seen(_under_incident_post, "reply."),
    "record.name": _seen(lambda e, _: given(e.record), "record"),
    "record.about_incident": _seen(_record_about, "record"),
    "approval.decision": _seen(lambda e, _: given(e.decision), "approval."),
    "approval.role": _seen(lambda e, _: given(e.role), "approval."),
    "approval.step": _seen(lambda e, _: given(e.step), "approval."),
    "shift.role": _seen(lambda e, _: given(e.role), "shift."),
    "shift.handed_over": _seen(lambda e, _: e.handed_over, "shift."),
}
