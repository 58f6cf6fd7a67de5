"""Who may be asked, and where: the keys of subjects, in order, and the scene of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from crisisrules.engine.plan import Plan
from crisisrules.engine.scene import Book, Scene
from crisisrules.engine.state import BrandState, IncidentState, Thread, View

LIVE: Final = ("open", "overdue")
"""The phases of a track that speaks."""


class Key(NamedTuple):
    """Who is asked: a subject in one incident, or in none."""

    incident: str
    kind: str
    page: str
    id: str

    @property
    def text(self) -> str:
        """The key as one string."""
        return "\x1f".join(self)


def subjects(state: BrandState, plan: Plan) -> list[Key]:
    """Everybody who may be asked now, in order."""
    found: list[Key] = []
    for incident in ("", *_lasting(state, plan.longest_after)):
        known = state.incidents.get(incident)
        for (kind, in_incident), table in plan.tables.items():
            if in_incident is (known is not None) and table.rules:
                found += (
                    Key(incident, kind, page, name) for page, name in _named(state, kind, known)
                )
    return sorted(found)


def under(state: BrandState, plan: Plan, page: str, post: str) -> list[Key]:
    """A post and what is kept of its comments, in each incident that concerns the page."""
    comments = [c.comment for c in state.comments.values() if c.page == page and c.post == post]
    found: list[Key] = []
    for incident in ("", *_lasting(state, plan.longest_after)):
        known = state.incidents.get(incident)
        if known is None or known.concerns(page):
            for kind, names in (("post", [post]), ("comment", comments)):
                table = plan.tables.get((kind, known is not None))
                if table is not None and table.rules:
                    found += (Key(incident, kind, page, name) for name in names)
    return found


def _lasting(state: BrandState, longest: int) -> Iterator[str]:
    """Incidents about which some rule may still speak."""
    for name, incident in state.incidents.items():
        ended = incident.resolved_at if incident.dismissed_at is None else incident.dismissed_at
        if ended is None or state.now <= ended + longest + 1 or _speaks(state, name):
            yield name


def _speaks(state: BrandState, incident: str) -> bool:
    return any(
        track.phase in LIVE
        for text, tracks in state.tracks.items()
        if text.startswith(f"{incident}\x1f")
        for track in tracks.values()
    )


def _named(
    state: BrandState, kind: str, incident: IncidentState | None
) -> Iterator[tuple[str, str]]:
    """The page and name of every subject of a kind that the incident concerns."""
    if kind in ("brand", "playbook"):
        yield "", state.brand
    elif kind == "incident":
        if incident is not None:
            yield "", incident.incident
    elif kind == "item":
        for item in state.items.values():
            if incident is None or incident.concerns(item.page):
                yield item.page, item.item
    elif kind == "draft":
        for draft in state.drafts.values():
            if incident is None or draft.incident in (None, incident.incident):
                yield draft.thread.page, draft.draft
    elif kind == "comment":
        for comment in state.comments.values():
            if incident is None or incident.concerns(comment.page):
                yield comment.page, comment.comment
    else:
        for page in state.pages.values():
            if incident is not None and not incident.concerns(page.page):
                continue
            if kind == "page":
                yield page.page, page.page
            else:
                for post in page.threads:
                    yield page.page, post


def scene_of(state: BrandState, book: Book, key: Key, now: int) -> Scene | None:
    """Where a subject is asked; None when the subject is gone."""
    incident = state.incidents.get(key.incident)
    if key.incident and incident is None:
        return None
    page = state.pages.get(key.page)
    scene = Scene(brand=state, book=book, now=now, incident=incident, page=page)
    if page is not None and incident is not None:
        scene.view = page.views.get(incident.incident)
        if scene.view is None:
            scene.view = page.views[incident.incident] = View(incident=incident.incident)
    thread: Thread | None = None
    if key.kind == "post":
        thread = page.threads.get(key.id) if page else None
    elif key.kind == "item":
        scene.item = state.items.get(key.id)
        thread = scene.item.thread if scene.item else None
    elif key.kind == "draft":
        scene.draft = state.drafts.get(key.id)
        thread = scene.draft.thread if scene.draft else None
    elif key.kind == "comment":
        scene.comment = state.comments.get(key.id)
        if scene.comment is None:
            return None
        thread = page.threads.get(scene.comment.post) if page else None
    scene.thread = thread
    return None if key.kind in ("post", "item", "draft") and thread is None else scene
