"""May this go out now? For a tool to ask before it publishes."""

from __future__ import annotations

from typing import Final

from crisisrules.engine.brand import BrandSession
from crisisrules.engine.scene import Seen
from crisisrules.engine.session import DEFAULT_BRAND, Session
from crisisrules.engine.settling import concerns, expectations
from crisisrules.engine.state import ItemState
from crisisrules.engine.subjects import scene_of
from crisisrules.engine.telling import recommendation
from crisisrules.lint.asking import Prospect, prospect, speaking
from crisisrules.lint.findings import finding_of, verdict_of
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place
from crisisrules.model.events import ItemScheduled, PostPublished
from crisisrules.model.recommendation import Decision, Recommendation

_VERDICTS: Final = {"keep": "publish", "hold": "hold", "review": "review"}


def decide(session: Session, post: PostPublished | ItemScheduled) -> Decision:
    """Whether a post may go out at its time, why not, and which open recommendations it would settle.

    The session is asked, never changed. A post whose kind nobody can tell is for a person to look at
    while a major incident is open; labels that come with the post are taken as given.

    Args:
        session: the session that follows the brand's stream.
        post: the post as it would be published, or the item as it is planned.
    """
    brand = session.brand_session(post.brand or DEFAULT_BRAND)
    now = max(to_micros(post.at), brand.state.now)
    if isinstance(post, ItemScheduled):
        at = now if post.publish_at is None else to_micros(post.publish_at)
        what = prospect(brand, post.text, post.page, at, kind=post.kind, name=post.item)
        what.thread.surface = post.surface
        known = brand.state.items.get(post.item)
        what.item = ItemState(
            item=post.item,
            page=post.page,
            state="scheduled" if known is None else known.state,
            thread=what.thread,
            publish_at=at,
            surface=post.surface,
            was_held=known is not None and known.was_held,
        )
        what.thread.cleared = known is not None and known.thread.cleared
    else:
        what = prospect(
            brand,
            post.text,
            post.page,
            now,
            kind=post.kind,
            incident=post.incident,
            language=post.language,
            name=post.post,
        )
        _fill(what, post)
        known = brand.state.items.get(post.item) if post.item else None
        what.thread.cleared = known is not None and known.thread.cleared
    findings = tuple(finding_of(spoken, Place(what.name)) for spoken in speaking(brand, what, now))
    return Decision(
        verdict=_VERDICTS[verdict_of(findings)],
        findings=findings,
        would_resolve=_would_resolve(brand, what, now),
    )


def _fill(what: Prospect, post: PostPublished) -> None:
    thread = what.thread
    if post.next_update_at is not None:
        thread.next_update_at = to_micros(post.next_update_at)
    thread.information = post.information or ()
    thread.links = post.links
    thread.template = post.template
    thread.pinned = post.pinned
    thread.media = None if post.media is None else len(post.media)


def _would_resolve(brand: BrandSession, what: Prospect, now: int) -> tuple[Recommendation, ...]:
    seen = Seen(
        type="post.published",
        at=now,
        page=what.page,
        thread=what.thread,
        about=what.thread.about,
        features=what.heard.features,
    )
    found: list[Recommendation] = []
    fulfilled: dict[str, frozenset[int]] = {}
    for key, planned, track in brand.live():
        if planned.expect is None or not concerns(key, seen):
            continue
        if key.incident not in fulfilled:
            fulfilled[key.incident] = expectations(
                brand.state, brand.plan, brand.book, seen, key.incident, now
            )
        if planned.expect not in fulfilled[key.incident]:
            continue
        scene = scene_of(brand.state, brand.book, key, now)
        if scene is not None:
            found.append(recommendation(key, scene, planned, track, "open", now))
    return tuple(found)
