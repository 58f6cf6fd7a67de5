"""What settles a recommendation that waits: events as they come, and messages already out."""

from __future__ import annotations

from collections.abc import Iterator

from crisisrules.engine.plan import Plan, PlannedRule
from crisisrules.engine.scene import Book, Scene, Seen
from crisisrules.engine.state import BrandState
from crisisrules.engine.subjects import Key


def expectations(
    state: BrandState, plan: Plan, book: Book, seen: Seen, incident: str, now: int
) -> frozenset[int]:
    """Which ``expect`` conditions an event fulfils; what cannot be told is not fulfilled."""
    page = state.pages.get(seen.page) if seen.page else None
    scene = Scene(
        brand=state,
        book=book,
        now=now,
        incident=state.incidents.get(incident),
        page=page,
        view=page.views.get(incident) if page else None,
        thread=seen.thread,
        seen=seen,
    )
    true, _ = plan.events.matcher.match(plan.events.row(scene))
    return frozenset(true)


def concerns(key: Key, seen: Seen) -> bool:
    """Whether an event happened to a subject, or where the subject is."""
    if key.kind == "comment":
        return seen.comment == key.id
    if key.kind == "draft":
        return seen.draft in (None, key.id)
    return not key.page or seen.page is None or seen.page == key.page


def named(seen: Seen) -> str:
    """An event as ``settled_by`` names it."""
    if seen.thread is not None:
        return f"post {seen.thread.post}"
    if seen.record is not None:
        return f"record {seen.record}"
    if seen.under is not None:
        return f"reply under post {seen.under}"
    return seen.type


def answered(
    state: BrandState,
    plan: Plan,
    book: Book,
    key: Key,
    planned: PlannedRule,
    of: int,
    strict: bool,
    now: int,
) -> int | None:
    """When a message that is still out, or a record, last answered since ``of``; None when none did.

    With ``strict`` what came at ``of`` itself is no answer: it is the message that started the clock.
    """
    best: int | None = None
    for seen in _earlier(state, key):
        if seen.at < of or (strict and seen.at == of) or (best is not None and seen.at <= best):
            continue
        if planned.expect in expectations(state, plan, book, seen, key.incident, now):
            best = seen.at
    return best


def _earlier(state: BrandState, key: Key) -> Iterator[Seen]:
    """Messages still out and records, as if each were seen again; not the subject itself."""
    for page in state.pages.values():
        if key.page and page.page != key.page:
            continue
        for thread in page.threads.values():
            if key.kind == "post" and thread.post == key.id:
                continue
            yield Seen(
                type="post.published",
                at=thread.published_at,
                page=page.page,
                thread=thread,
                about=thread.about,
                has_news=thread.has_news,
                features=thread.features,
            )
    incident = state.incidents.get(key.incident)
    for name, at in (incident.records if incident else state.records).items():
        yield Seen(type="record", at=at, record=name, incident=key.incident or None)
