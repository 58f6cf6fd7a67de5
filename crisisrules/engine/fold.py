"""The fold: one event applied to what is remembered of a brand.

Nothing here asks a rule. Each function notes what happened and returns what an ``expect`` may be
waiting for, or None. Comments are in :mod:`crisisrules.engine.fold_comments`, posts and replies in
:mod:`crisisrules.engine.fold_posts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from crisisrules.engine.listening import Listener, remember
from crisisrules.engine.scene import Seen
from crisisrules.engine.state import (
    BrandState,
    DraftState,
    IncidentState,
    Information,
    ItemState,
    PageState,
    Ring,
    ShiftState,
    Thread,
    View,
)
from crisisrules.model import events as ev
from crisisrules.model.durations import to_micros

MOST_THREADS: Final = 150
MOST_ITEMS: Final = 20_000
MOST_DRAFTS: Final = 500
MOST_COMMENTS: Final = 500
MOST_SHIFTS: Final = 2_000
MOST_RECORDS: Final = 500
"""What a brand may make a session remember; the oldest go first."""


@attrs.define(kw_only=True)
class Fold:
    """What the functions of the fold share: the state, the reader of texts, and the wanted rings."""

    state: BrandState
    listener: Listener
    ring_sizes: Mapping[str, int]

    def open_incidents(self) -> Iterator[IncidentState]:
        """Incidents that are neither over nor dismissed."""
        return (incident for incident in self.state.incidents.values() if incident.is_open)

    def lasting_incidents(self) -> list[IncidentState]:
        """Incidents that texts may still be about: open, or over."""
        return [i for i in self.state.incidents.values() if i.dismissed_at is None]

    def page(self, name: str) -> PageState:
        """The page of that name; a page that nobody described is known by its name alone."""
        found = self.state.pages.get(name)
        if found is None:
            found = self.state.pages[name] = PageState(page=name)
        return found

    def view(self, page: PageState, incident: str) -> View:
        """The incident as the page lived it."""
        found = page.views.get(incident)
        if found is None:
            found = page.views[incident] = View(incident=incident)
        return found

    def ring(self, rings: dict[str, Ring], fact: str) -> Ring | None:
        """The ring behind a countable fact, if some rule counts it over a time."""
        name = fact.partition(".")[2]
        found = rings.get(name)
        if found is None:
            size = self.ring_sizes.get(fact)
            if size is None:
                return None
            found = rings[name] = Ring(size=size)
        return found


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
        own=event.own,
    )
    if old is not None:
        incident.aware_at = old.aware_at if aware is None else aware
        incident.started_at = old.started_at if started is None else started
        incident.information, incident.records = old.information, old.records
        incident.phase_changed_at = at
    fold.state.incidents[event.incident] = incident
    for name in event.pages or ():
        fold.page(name)
    begun = min(incident.aware_at, at if started is None else started)
    for page in fold.state.pages.values():
        if incident.concerns(page.page):
            fold.view(page, event.incident)
            for thread in page.threads.values():
                _hear_again(fold, incident, page, thread, begun)
    for item in fold.state.items.values():
        _hear_again(fold, incident, fold.page(item.page), item.thread, begun)
    for draft in fold.state.drafts.values():
        _hear_again(fold, incident, None, draft.thread, begun)
    return None


def _hear_again(
    fold: Fold, incident: IncidentState, page: PageState | None, thread: Thread, begun: int
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
    if thread.published_at < begun and thread.item is None and thread.incident is None:
        about = False
    thread.about[incident.incident] = about
    thread.words[incident.incident] = heard.touches.get(incident.incident, False)


def apply_updated(fold: Fold, event: ev.IncidentUpdated, at: int) -> Seen | None:
    """Something about an incident changed."""
    incident = fold.state.incidents.get(event.incident)
    if incident is None:
        return None
    if event.phase is not None and event.phase != incident.phase:
        incident.phase, incident.phase_changed_at = event.phase, at
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


_STATES: Final = {
    "item.scheduled": "scheduled",
    "item.held": "held",
    "item.cleared": "cleared",
    "item.cancelled": "cancelled",
}


def apply_item(fold: Fold, event: ev.ItemEvent, at: int) -> Seen | None:
    """Something planned was planned, held, cleared or cancelled."""
    items = fold.state.items
    item = items.get(event.item)
    if event.type == "item.cancelled":
        items.pop(event.item, None)
        return None
    if item is None:
        thread = Thread(post=event.item, page=event.page, published_at=at, item=event.item)
        item = items[event.item] = ItemState(
            item=event.item, page=event.page, state="scheduled", thread=thread
        )
        if len(items) > MOST_ITEMS:
            items.pop(next(iter(items)))
    state = _STATES[event.type]
    if state == "held" or item.state == "held":
        item.was_held = True
    item.state = state
    if state == "cleared":
        item.thread.cleared = True
    if event.publish_at is not None:
        item.publish_at = to_micros(event.publish_at)
    item.surface = item.surface if event.surface is None else event.surface
    item.thread.surface = item.surface
    kind = event.kind or (item.thread.kind if event.text is None else None)
    text = item.thread.text if event.text is None else event.text
    when = at if item.publish_at is None else item.publish_at
    page = fold.page(event.page)
    heard = fold.listener.hear(text, fold.lasting_incidents(), page, when, kind=kind)
    remember(item.thread, heard, text)
    return None


def apply_draft(fold: Fold, event: ev.DraftEvent, at: int) -> Seen | None:
    """A draft was submitted, an approval asked for or decided."""
    drafts = fold.state.drafts
    draft = drafts.get(event.draft)
    if draft is None:
        thread = Thread(post=event.draft, page=event.page or "", published_at=at, item=event.draft)
        draft = drafts[event.draft] = DraftState(
            draft=event.draft, thread=thread, submitted_at=at, incident=event.incident
        )
        if len(drafts) > MOST_DRAFTS:
            drafts.pop(next(iter(drafts)))
    draft.incident = draft.incident if event.incident is None else event.incident
    draft.thread.page = draft.thread.page if event.page is None else event.page
    draft.thread.incident = draft.incident
    if event.text is not None or not draft.thread.about:
        text = draft.thread.text if event.text is None else event.text
        page = fold.state.pages.get(draft.thread.page)
        heard = fold.listener.hear(
            text, fold.lasting_incidents(), page, at, incident=draft.incident
        )
        remember(draft.thread, heard, text)
    draft.chain = _chain(draft)
    if event.type == "approval.requested":
        draft.step, draft.role, draft.requested_at = event.step, event.role, at
    elif event.type == "approval.decided":
        draft.decisions[event.step or event.role or "approval"] = event.decision or ""
        if draft.step is None or event.step is None or event.step == draft.step:
            draft.requested_at = None
        draft.thread.approved = event.decision == "approved"
        draft.thread.cleared = draft.thread.approved
        return Seen(
            type=event.type,
            at=at,
            page=draft.thread.page or None,
            draft=event.draft,
            incident=draft.incident,
            role=event.role,
            step=event.step,
            decision=event.decision,
        )
    return None


def _chain(draft: DraftState) -> str:
    kind, features = draft.thread.kind, draft.thread.features or frozenset()
    if kind == "resolution" or "resolution" in features:
        return "resolution"
    return "holding" if "cause_known" not in features and "scope" not in features else "update"


def apply_shift(fold: Fold, event: ev.ShiftEvent, at: int) -> Seen | None:
    """Duty was planned, taken up, ended or handed over."""
    shifts = fold.state.shifts
    start = at if event.from_ is None else to_micros(event.from_)
    end = None if event.to is None else to_micros(event.to)
    mine = next(
        (
            shift
            for shift in reversed(shifts)
            if shift.role == event.role
            and (event.person is None or shift.person == event.person)
            and (shift.end is None or shift.end > at)
            and shift.start <= max(start, at)
        ),
        None,
    )
    if event.type == "shift.planned":
        shifts.append(
            ShiftState(
                role=event.role, person=event.person, pages=event.pages, start=start, end=end
            )
        )
    elif event.type == "shift.started":
        if mine is None or mine.started:
            shifts.append(
                ShiftState(
                    role=event.role,
                    person=event.person,
                    pages=event.pages,
                    start=at,
                    end=end,
                    started=True,
                )
            )
        else:
            mine.start, mine.started = min(mine.start, at), True
            mine.end = mine.end if end is None else end
    elif event.type == "shift.ended":
        if mine is not None:
            mine.end = at
            if mine.handed_over_at is None:
                fold.state.handover_missing_at = at
    else:
        fold.state.handover_missing_at = None
        if mine is not None:
            mine.handed_over_at = at
    if len(shifts) > MOST_SHIFTS:
        del shifts[0]
    handed = event.type == "shift.handed_over"
    return Seen(type=event.type, at=at, role=event.role, handed_over=handed)


def apply_record(fold: Fold, event: ev.Record, at: int) -> Seen | None:
    """A rare fact under a name."""
    state = fold.state
    names = [event.name]
    role = event.data.get("role")
    if isinstance(role, str):
        names.append(f"{event.name}:{role}")
    for name in names:
        _note(state.records, name, at)
        if event.incident is not None and event.incident in state.incidents:
            _note(state.incidents[event.incident].records, name, at)
        if event.page is not None:
            _note(fold.page(event.page).records, name, at)
    person = event.data.get("person")
    if event.name == "owner.named" and isinstance(person, str):
        state.owners[person] = event.data.get("technical") is True
    if event.name == "owner.released" and isinstance(person, str):
        state.owners.pop(person, None)
    comment = event.data.get("comment")
    if event.name in ("comment.taken", "safety.taken") and isinstance(comment, str):
        if comment in state.comments:
            state.comments[comment].taken = True
    until = event.data.get("until")
    if event.name == "embargo.set" and isinstance(until, str) and event.incident in state.incidents:
        state.incidents[event.incident].embargo_until = _instant(until)
    return Seen(
        type=event.type,
        at=at,
        page=event.page,
        comment=comment if isinstance(comment, str) else None,
        incident=event.incident,
        record=event.name,
    )


def _note(records: dict[str, int], name: str, at: int) -> None:
    records.pop(name, None)
    records[name] = at
    if len(records) > MOST_RECORDS:
        records.pop(next(iter(records)))


def _instant(text: str) -> int | None:
    from crisisrules.model.durations import parse_instant

    try:
        return to_micros(parse_instant(text))
    except ValueError:
        return None


def apply_clock(fold: Fold, event: ev.Clock, at: int) -> Seen | None:  # noqa: ARG001
    """Time passed, and nothing else."""
    return None


Apply = Callable[..., Seen | None]
