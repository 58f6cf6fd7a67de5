"""The fold of what is planned and of who does what: items, drafts, approvals, shifts, records."""

from __future__ import annotations

from typing import Final

from crisisrules.engine.fold import (
    MOST_DRAFTS,
    MOST_ITEMS,
    MOST_MAINTENANCES,
    MOST_RECORDS,
    MOST_SHIFTS,
    Fold,
)
from crisisrules.engine.listening import remember
from crisisrules.engine.scene import Seen
from crisisrules.engine.state import DraftState, ItemState, MaintenanceState, ShiftState, Thread
from crisisrules.model import events as ev
from crisisrules.model.durations import parse_instant, to_micros

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


def apply_maintenance(fold: Fold, event: ev.MaintenancePlanned, at: int) -> Seen | None:  # noqa: ARG001
    """A maintenance was planned, or planned anew."""
    known = fold.state.maintenances
    known.pop(event.maintenance, None)
    known[event.maintenance] = MaintenanceState(
        title=event.title or event.maintenance,
        pages=event.pages,
        start=to_micros(event.from_),
        end=to_micros(event.to),
    )
    if len(known) > MOST_MAINTENANCES:
        known.pop(next(iter(known)))
    return None


def apply_maintenance_cancelled(
    fold: Fold,
    event: ev.MaintenanceCancelled,
    at: int,  # noqa: ARG001
) -> Seen | None:
    """A planned maintenance will not take place."""
    fold.state.maintenances.pop(event.maintenance, None)
    return None


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
    taken = event.name in ("comment.taken", "safety.taken")
    if taken and isinstance(comment, str) and comment in state.comments:
        state.comments[comment].taken = True
    until = event.data.get("until")
    if event.name == "embargo.set" and isinstance(until, str) and event.incident in state.incidents:
        incident = state.incidents[event.incident]
        incident.embargo_until = _instant(until)
        named = (event.data.get("owner"), event.data.get("reason"))
        incident.embargo_named = all(isinstance(each, str) and each.strip() for each in named)
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
    try:
        return to_micros(parse_instant(text))
    except ValueError:
        return None


def apply_clock(fold: Fold, event: ev.Clock, at: int) -> Seen | None:  # noqa: ARG001
    """Time passed, and nothing else."""
    return None
