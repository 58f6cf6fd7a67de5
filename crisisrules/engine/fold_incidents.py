"""The fold of incidents, of what becomes known about them, and of what pages are."""

from __future__ import annotations

from crisisrules.engine.fold import Fold
from crisisrules.engine.fold_posts import came_before
from crisisrules.engine.scene import Seen
from crisisrules.engine.state import IncidentState, Information, PageState, Thread
from crisisrules.model import events as ev
from crisisrules.model.durations import to_micros


def apply_described(fold: Fold, event: ev.PageDescribed, at: int) -> Seen | None:  # noqa: ARG001
    """A page was described."""
    page = fold.page(event.page)
    page.platform = event.platform
    page.audience = page.audience if event.audience is None else event.audience
    page.languages = page.languages if event.languages is None else event.languages
    page.timezone = page.timezone if event.timezone is None else event.timezone
    page.title = page.title if event.title is None else event.title
    if event.baseline is not None:
        page.baseline_per_hour = event.baseline.comments_per_hour
    return None


def apply_opened(fold: Fold, event: ev.IncidentOpened, at: int) -> Seen | None:
    """An incident was declared, or declared again after it seemed over."""
    old = fold.state.incidents.get(event.incident)
    started = None if event.started_at is None else to_micros(event.started_at)
    aware = None if event.aware_at is None else to_micros(event.aware_at)
    incident = IncidentState(
        incident=event.incident,
        kind=event.kind,
        severity=event.severity,
        opened_at=at if old is None else old.opened_at,
        aware_at=at if aware is None else aware,
        started_at=started,
        changed_at=at,
        title=event.title,
        keywords=event.keywords or (),
        pages=event.pages,
        place=event.place,
        affected=event.affected,
        disabled_channels=event.disabled_channels or (),
        components=event.components or (),
        own=event.own and event.kind != "external_tragedy",
    )
    if old is not None:
        incident.aware_at = old.aware_at if aware is None else aware
        incident.started_at = old.started_at if started is None else started
        incident.information, incident.records = old.information, old.records
        incident.phase_changed_at = at
    fold.state.incidents[event.incident] = incident
    for name in event.pages or ():
        fold.page(name)
    for page in fold.state.pages.values():
        if incident.concerns(page.page):
            fold.view(page, event.incident)
            for thread in page.threads.values():
                _hear_again(fold, incident, page, thread)
    for item in fold.state.items.values():
        _hear_again(fold, incident, fold.page(item.page), item.thread)
    for draft in fold.state.drafts.values():
        _hear_again(fold, incident, None, draft.thread)
    return None


def _hear_again(
    fold: Fold, incident: IncidentState, page: PageState | None, thread: Thread
) -> None:
    """What was written before the declaration may already have been about it."""
    heard = fold.listener.hear(
        thread.text,
        (incident,),
        page,
        thread.published_at,
        kind=thread.kind,
        incident=thread.incident,
        language=thread.language,
    )
    about = heard.about.get(incident.incident)
    if came_before(thread, incident):
        about = False
    thread.about[incident.incident] = about
    words = thread.words = thread.words or {}
    words[incident.incident] = heard.touches.get(incident.incident, False)


def apply_updated(fold: Fold, event: ev.IncidentUpdated, at: int) -> Seen | None:
    """Something about an incident changed."""
    incident = fold.state.incidents.get(event.incident)
    if incident is None:
        return None
    if event.phase is not None and event.phase != incident.phase:
        incident.phase, incident.phase_changed_at = event.phase, at
        if event.phase in ("investigating", "identified"):
            # It fell down again: what was seen to return did not last
            incident.recovered_at = incident.fully_recovered_at = incident.resolved_at = None
            incident.recovered.clear()
    if event.severity is not None and event.severity != incident.severity:
        incident.severity, incident.phase_changed_at = event.severity, at
    if event.started_at is not None:
        incident.started_at = to_micros(event.started_at)
    if event.aware_at is not None:
        incident.aware_at = to_micros(event.aware_at)
    for name in ("kind", "title", "keywords", "pages", "place", "affected", "components"):
        value = getattr(event, name)
        if value is not None:
            setattr(incident, name, value)
    for name in ("disabled_channels", "own", "cause_confirmed"):
        value = getattr(event, name)
        if value is not None:
            setattr(incident, name, value)
    for page_name in event.pages or ():
        fold.view(fold.page(page_name), event.incident)
    incident.changed_at = at
    return None


def apply_recovered(fold: Fold, event: ev.IncidentRecovered, at: int) -> Seen | None:
    """Operations saw service return, for one component or for everything."""
    incident = fold.state.incidents.get(event.incident)
    if incident is None:
        return None
    if incident.recovered_at is None:
        incident.recovered_at = at
    if event.component is None:
        incident.fully_recovered_at = at
    else:
        incident.recovered[event.component] = at
        if incident.components and all(c in incident.recovered for c in incident.components):
            incident.fully_recovered_at = at
    incident.changed_at = at
    return None


def apply_resolved(fold: Fold, event: ev.IncidentResolved, at: int) -> Seen | None:
    """The incident was declared over by those who lead it."""
    incident = fold.state.incidents.get(event.incident)
    if incident is not None and incident.is_open:
        incident.resolved_at, incident.phase, incident.phase_changed_at = at, "resolved", at
        incident.changed_at = at
    return None


def apply_dismissed(fold: Fold, event: ev.IncidentDismissed, at: int) -> Seen | None:
    """There was no incident after all."""
    incident = fold.state.incidents.get(event.incident)
    if incident is not None and incident.is_open:
        incident.dismissed_at = incident.changed_at = at
    return None


def apply_released(fold: Fold, event: ev.InformationReleased, at: int) -> Seen | None:
    """A fact became known inside, cleared for the public or not yet."""
    incident = fold.state.incidents.get(event.incident)
    if incident is None:
        return None
    fact = incident.information.get(event.information)
    if fact is None:
        fact = Information(information=event.information, released_at=at)
        incident.information[event.information] = fact
    fact.text = fact.text if event.text is None else event.text[:1000]
    fact.topic = fact.topic if event.topic is None else event.topic
    if event.cleared_public_at is not None:
        fact.cleared_at = to_micros(event.cleared_public_at)
    for role, seen in (event.seen_by or {}).items():
        fact.seen_by[role] = to_micros(seen)
    if event.supersedes is not None and event.supersedes in incident.information:
        incident.information[event.supersedes].superseded = True
    return None
