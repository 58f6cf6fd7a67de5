"""The fold of what the brand publishes: posts and replies, and what later happens to posts."""

from __future__ import annotations

from typing import Final

from crisisrules.engine.fold import MOST_THREADS, Fold
from crisisrules.engine.listening import Heard, remember
from crisisrules.engine.scene import Seen
from crisisrules.engine.state import IncidentState, PageState, Thread, View
from crisisrules.model import events as ev
from crisisrules.model.durations import to_micros
from crisisrules.model.pictures import Media
from crisisrules.model.vocabulary import SERVICE_KINDS

_FILMS: Final = ("video", "film", "reel", "short", "gif")


def apply_published(fold: Fold, event: ev.PostPublished, at: int) -> Seen | None:
    """The brand published a post on a page; a picture of the page may show it later than it came out."""
    page = fold.page(event.page)
    published = min(at, to_micros(event.at))
    heard = fold.listener.hear(
        event.text,
        fold.lasting_incidents(),
        page,
        published,
        kind=event.kind,
        incident=event.incident,
        language=event.language,
    )
    thread = Thread(post=event.post, page=event.page, published_at=published)
    remember(thread, heard, event.text)
    thread.incident = event.incident
    thread.during = tuple(
        i.incident
        for i in fold.open_incidents()
        if i.concerns(event.page) and i.opened_at <= published
    )
    for incident in fold.lasting_incidents():
        if came_before(thread, incident):
            thread.about[incident.incident] = False
    thread.pinned = event.pinned
    if event.pinned:
        page.pinned = event.post
    thread.information = event.information or ()
    thread.links = event.links
    thread.media = None if event.media is None else len(event.media)
    thread.media_without_alt = _without_alt(event.media)
    thread.template = event.template
    thread.item = event.item
    thread.next_update_at = (
        heard.next_update_at if event.next_update_at is None else to_micros(event.next_update_at)
    )
    _take_over_item(fold, event, thread)
    old = page.threads.pop(event.post, None)
    if old is not None:
        thread.comments, thread.replies, thread.tallies = old.comments, old.replies, old.tallies
        thread.rings, thread.answered = old.rings, old.answered
    page.threads[event.post] = thread
    if len(page.threads) > MOST_THREADS:
        del page.threads[next(iter(page.threads))]
    for incident in fold.lasting_incidents():
        if incident.concerns(event.page) and thread.about.get(incident.incident):
            thread.has_news = _word(
                fold, page, incident, heard, event.information, published, thread.next_update_at
            )
            _status(fold.view(page, incident.incident), thread, heard, published)
    _gap(fold, page, published)
    page.last_published_at = max(published, page.last_published_at or published)
    return Seen(
        type=event.type,
        at=at,
        page=event.page,
        thread=thread,
        about=thread.about,
        incident=event.incident,
        has_news=thread.has_news,
        features=heard.features,
    )


def came_before(thread: Thread, incident: IncidentState) -> bool:
    """Whether a post came out before the incident began, so that it cannot speak about it."""
    began = incident.opened_at if incident.started_at is None else incident.started_at
    earlier = thread.published_at < min(incident.aware_at, began)
    return earlier and thread.item is None and thread.incident is None


def _take_over_item(fold: Fold, event: ev.PostPublished, thread: Thread) -> None:
    if event.item is None:
        return
    item = fold.state.items.pop(event.item, None)
    if item is not None:
        thread.cleared, thread.surface = item.thread.cleared, item.surface
        thread.approved = item.thread.approved
    draft = fold.state.drafts.pop(event.item, None)
    if draft is not None:
        thread.approved, thread.cleared = draft.thread.approved, draft.thread.cleared


def _without_alt(media: tuple[Media, ...] | None) -> bool | None:
    if media is None:
        return None
    return any(
        not (one.captions if one.kind in _FILMS and one.captions is not None else one.alt)
        for one in media
    )


def _gap(fold: Fold, page: PageState, at: int) -> None:
    """The longest time without anything from the brand while an incident is open."""
    for incident in fold.open_incidents():
        view = page.views.get(incident.incident)
        if view is None:
            continue
        last = page.last_published_at
        origin = incident.aware_at if last is None else max(last, incident.aware_at)
        view.longest_silence = max(view.longest_silence, at - origin)


def _word(
    fold: Fold,
    page: PageState,
    incident: IncidentState,
    heard: Heard,
    information: tuple[str, ...] | None,
    at: int,
    next_update_at: int | None,
) -> bool | None:
    """The brand spoke about an incident on a page at ``at``; whether it said anything new there.

    What a picture shows late was said earlier than it is counted: a ring takes instants in order.
    """
    view = fold.view(page, incident.incident)
    news = _news(view, heard, information)
    if view.first_mention_at is None:
        view.first_mention_at = at
    view.last_word_at = max(at, view.last_word_at or at)
    view.about_at_word = view.tally.about
    view.messages += 1
    if ring := fold.ring(view.rings, "page.messages"):
        ring.push(fold.state.now)
    if news is False and not _is_for_others(view, heard):
        view.repeats += 1
        view.messages_without_news += 1
        if ring := fold.ring(view.rings, "page.messages_without_news"):
            ring.push(fold.state.now)
    elif news:
        view.repeats = 0
        view.promised_news_at = None
    features = heard.features or frozenset()
    if view.promised_news_at is None and (
        next_update_at is not None
        or "next_update_vague" in features
        or "next_update_time" in features
    ):
        view.promised_news_at = at
    for name in information or ():
        fact = incident.information.get(name)
        if fact is not None and fact.published_at is None:
            fact.published_at = at
        if name not in view.information:
            view.information = (*view.information, name)[-200:]
    if heard.facts is not None:
        view.said = view.said | heard.facts
    view.last_language = heard.language or view.last_language
    if "collective_answers" in features:
        view.collective_at = at
    if "compensation" in features or heard.kind == "compensation":
        # whoever says at once who gets what promised nothing that is still to be told
        if heard.kind == "compensation":
            view.redress_detailed = True
        elif view.redress_promised_at is None:
            view.redress_promised_at = at
    if "explainer" in features:
        view.explainer = True
    return news


def _is_for_others(view: View, heard: Heard) -> bool:
    """Said again on purpose: safety advice, or the same in the language of other readers."""
    if "safety_advice" in (heard.features or ()):
        return True
    return None not in (heard.language, view.last_language) and heard.language != view.last_language


def _news(view: View, heard: Heard, information: tuple[str, ...] | None) -> bool | None:
    if information is not None:
        return any(name not in view.information for name in information)
    if heard.facts is None:
        return None
    return not heard.facts <= view.said


def _status(view: View, thread: Thread, heard: Heard, at: int) -> None:
    """A post of the incident's own on the page."""
    if thread.kind not in SERVICE_KINDS:
        return
    features = heard.features or frozenset()
    view.statuses += 1
    view.first_status_at = at if view.first_status_at is None else view.first_status_at
    view.last_status_at, view.last_status = at, thread.post
    view.next_update_at = thread.next_update_at
    view.collective_at = at
    view.statuses_without_news = view.statuses_without_news + 1 if thread.has_news is False else 0
    over = thread.kind == "resolution" or (
        "resolution" in features and "resolution_partial" not in features
    )
    view.status_unresolved = not over
    if over:
        view.resolution_at = at
        view.resolution_complete = "resolution_partial" not in features
    thread.promised_redress = "compensation" in features and thread.kind != "compensation"


def apply_replied(fold: Fold, event: ev.ReplyPublished, at: int) -> Seen | None:
    """The brand answered under a post: one comment, or the thread."""
    page = fold.page(event.page)
    thread = page.threads.get(event.post)
    heard = fold.listener.hear(
        event.text, fold.lasting_incidents(), page, at, incident=event.incident, reply=True
    )
    page.replies += 1
    if ring := fold.ring(page.rings, "page.replies"):
        ring.push(at)
    if thread is not None:
        thread.replies += 1
        if thread.rings is None:
            thread.rings = {}
        if ring := fold.ring(thread.rings, "post.replies"):
            ring.push(at)
    news: bool | None = None
    for incident in fold.lasting_incidents():
        if not incident.concerns(event.page):
            continue
        about = heard.about.get(incident.incident)
        if about is None and thread is not None and thread.about.get(incident.incident):
            about = heard.about[incident.incident] = True
        news = _reply_about(fold, page, thread, incident, heard, event, at, about) or news
    comment = fold.state.comments.get(event.comment) if event.comment else None
    if comment is not None:
        comment.answered = True
    _gap(fold, page, at)
    page.last_published_at = at
    return Seen(
        type=event.type,
        at=at,
        page=event.page,
        under=event.post,
        comment=event.comment,
        about=heard.about,
        incident=event.incident,
        has_news=news,
        features=heard.features,
    )


def _reply_about(
    fold: Fold,
    page: PageState,
    thread: Thread | None,
    incident: IncidentState,
    heard: Heard,
    event: ev.ReplyPublished,
    at: int,
    about: bool | None,
) -> bool | None:
    view = fold.view(page, incident.incident)
    view.replies += 1
    if about:
        view.incident_replies += 1
        if ring := fold.ring(view.rings, "page.incident_replies"):
            ring.push(at)
        if thread is not None:
            answered = thread.answered = thread.answered or {}
            answered[incident.incident] = answered.get(incident.incident, 0) + 1
            if thread.rings is not None and (
                ring := fold.ring(thread.rings, "post.incident_replies")
            ):
                ring.push(at)
        return _word(fold, page, incident, heard, event.information, at, heard.next_update_at)
    if about is False and incident.is_open and at >= incident.aware_at:
        view.off_topic_replies += 1
        if ring := fold.ring(view.rings, "page.off_topic_replies"):
            ring.push(at)
    return None


def apply_edited(fold: Fold, event: ev.PostEvent, at: int) -> Seen | None:
    """The text of a post changed: what it says is read again; it is no new word of the brand."""
    page = fold.page(event.page)
    thread = page.threads.get(event.post)
    if thread is None:
        return None
    if event.text is not None and event.text != thread.text:
        thread.edited = True
        heard = fold.listener.hear(
            event.text,
            fold.lasting_incidents(),
            page,
            at,
            kind=thread.kind if thread.incident is not None else None,
            incident=thread.incident,
            language=thread.language,
        )
        kind = thread.kind
        remember(thread, heard, event.text)
        if heard.kind in (None, "unknown"):
            thread.kind = kind
        if heard.next_update_at is not None:
            thread.next_update_at = heard.next_update_at
            for view in page.views.values():
                if view.last_status == thread.post:
                    view.next_update_at = heard.next_update_at
    return None


def apply_pinned(fold: Fold, event: ev.PostEvent, at: int) -> Seen | None:  # noqa: ARG001
    """A post was pinned to the top of its page."""
    page = fold.page(event.page)
    page.pinned = event.post
    if event.post in page.threads:
        page.threads[event.post].pinned = True
    return None


def apply_post_removed(fold: Fold, event: ev.PostEvent, at: int) -> Seen | None:  # noqa: ARG001
    """A post was taken down, and its thread with it."""
    page = fold.page(event.page)
    thread = page.threads.pop(event.post, None)
    if page.pinned == event.post:
        page.pinned = None
    for view in page.views.values():
        if thread is not None and view.last_status == event.post:
            _step_back(page, view)
    return None


def _step_back(page: PageState, view: View) -> None:
    """The newest status is gone; the one before it stands again."""
    view.last_status = None
    view.last_status_at = None
    view.next_update_at = None
    view.status_unresolved = None
    for thread in page.threads.values():
        if thread.about.get(view.incident) and thread.kind in SERVICE_KINDS:
            view.last_status, view.last_status_at = thread.post, thread.published_at
            view.next_update_at = thread.next_update_at
            view.status_unresolved = thread.kind != "resolution"
