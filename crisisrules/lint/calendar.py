"""A calendar held against incidents: each item keeps its place, is held, or is for a person to look at.

Each item is asked at the moment it would go out, in the state of the incidents at that moment as far as
it is known: an incident that nobody declared over is taken to go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from crisisrules.engine.session import Session
from crisisrules.engine.state import ItemState
from crisisrules.lint.allowances import allow
from crisisrules.lint.asking import Prospect, prospect, speaking
from crisisrules.lint.findings import finding_of, verdict_of
from crisisrules.lint.gaps import playbook_gaps
from crisisrules.lint.incidents import concerning, described, in_order
from crisisrules.lint.maintenance import announced, known_from
from crisisrules.lint.moments import is_past, moments_of
from crisisrules.lint.planned import what_is_missing
from crisisrules.lint.readings import ReadOnce
from crisisrules.lint.reasons import reason_of
from crisisrules.model.calendar import Allowance, Calendar, CalendarItem
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place
from crisisrules.model.events import Event, IncidentOpened, IncidentUpdated
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import CheckReport, ItemVerdict
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals

_SETTLED: Final = frozenset({"held", "cancelled", "published"})
"""States of an item that will not go out by itself, or that is out."""

_GRAVITY: Final = {"keep": 0, "review": 1, "hold": 2}


def lint_calendar(
    calendar: Calendar,
    incidents: Iterable[Event],
    playbook: Playbook,
    *,
    as_of: datetime | None = None,
    allowances: Iterable[Allowance] = (),
    baseline: Collection[str] = (),
    engine: str = "compiled",
    signals: Signals | None = None,
) -> CheckReport:
    """Every item's verdict, with the findings of items and of the calendar as a whole.

    Args:
        calendar: the items as a reader gives them.
        incidents: events of incidents (and shifts), in any order; none checks the calendar in calm.
        playbook: what is asked.
        as_of: what is known: later events are left out, earlier items are already out. None knows all.
        allowances: exceptions with a reason and an end; unused and expired ones are findings.
        baseline: fingerprints of findings that were accepted before.
        engine: ``compiled`` or ``durable``.
        signals: reads texts; None reads them with the playbook's lexicons.
    """
    session = Session(playbook, engine=engine, signals=signals)
    listener = session.brand_session().fold.listener
    # read once: the words of a playbook take longer to load than a calendar to check
    signals = listener.signals
    if signals is not None:
        listener.signals = ReadOnce(signals)
    given = in_order(incidents)
    events = _known(given, as_of)
    names = {_page(item, events) for item in calendar.items}
    asked = [(at, item) for item in calendar.items for at in moments_of(item, events)]
    asked.sort(key=lambda one: (one[0], one[1].row))
    starts = (item.publish_at for item in calendar.items if item.publish_at is not None)
    session_start = min((*(event.at for event in events), *starts), default=None)
    if session_start is not None:
        for name in sorted(names):
            session.feed(described(name, session_start - timedelta(seconds=1), calendar.timezone))
        for event in _maintenances(calendar, given, session, session_start, as_of):
            session.feed(event)
    waiting = [concerning(event, names) for event in events]
    verdicts: dict[int, ItemVerdict] = {}
    prospects: dict[int, Prospect] = {}
    undated = [(None, item) for item in calendar.items if item.publish_at is None]
    for at, item in (*asked, *undated):
        while waiting and (at is None or waiting[0].at <= at):
            session.feed(waiting.pop(0))
        what, verdict = _ask(session, calendar, item, at, events, as_of)
        before = verdicts.get(id(item))
        if before is None or _GRAVITY[verdict.verdict] > _GRAVITY[before.verdict]:
            verdicts[id(item)], prospects[id(item)] = verdict, what
    ordered = [verdicts[id(item)] for item in calendar.items]
    allowed = allow(ordered, tuple(allowances), as_of)
    kept = [_without_baseline(verdict, baseline) for verdict in allowed.items]
    missing = what_is_missing(
        calendar,
        [(verdict, prospects[id(verdict.item)]) for verdict in kept],
        [concerning(event, names) for event in events],
        playbook,
        as_of,
        signals,
    )
    if not any(isinstance(event, IncidentOpened) for event in events):
        missing = playbook_gaps(calendar, names, playbook, as_of or session_start, signals)
    missing = tuple(f for f in (*missing, *allowed.findings) if f.fingerprint not in baseline)
    return CheckReport(
        source=calendar.source,
        format=calendar.format,
        items=tuple(kept),
        findings=(*(finding for verdict in kept for finding in verdict.findings), *missing),
        notes=calendar.notes,
        timezone=calendar.timezone,
        as_of=as_of,
    )


def _known(given: Iterable[Event], as_of: datetime | None) -> list[Event]:
    """What is known, in order; an incident counts from the first moment that it or the brand gave."""
    found = []
    for event in given:
        if event.type.startswith("maintenance."):
            continue
        if as_of is not None and event.at > as_of:
            continue
        if isinstance(event, IncidentOpened):
            instants = (event.at, event.aware_at, event.started_at)
            first = min(instant for instant in instants if instant is not None)
            event = attrs.evolve(event, at=first)
        found.append(event)
    return in_order(found)


def _maintenances(
    calendar: Calendar,
    given: Iterable[Event],
    session: Session,
    start: datetime,
    as_of: datetime | None,
) -> Iterator[Event]:
    """The maintenances that are known, as planned before anything goes out; announced ones first."""
    yield from (attrs.evolve(e, at=start) for e in announced(calendar, session.brand_session()))
    for event in given:
        if event.type.startswith("maintenance."):
            known = known_from(event, start, as_of)
            if known is not None:
                yield known


def _page(item: CalendarItem, events: list[Event]) -> str:
    """The page an item goes to: the account where incidents name it, else the network."""
    if item.account is not None and any(
        isinstance(event, IncidentOpened | IncidentUpdated) and item.account in (event.pages or ())
        for event in events
    ):
        return item.account
    return item.page or item.account or "calendar"


def _ask(
    session: Session,
    calendar: Calendar,
    item: CalendarItem,
    moment: datetime | None,
    events: list[Event],
    as_of: datetime | None,
) -> tuple[Prospect, ItemVerdict]:
    brand = session.brand_session()
    at = brand.state.now if moment is None else to_micros(moment)
    text = "\n".join((item.text or "", *item.thread)).strip() if item.thread else item.text
    what = prospect(
        brand,
        text or None,
        _page(item, events),
        at,
        kind=item.kind,
        language=item.language,
        name=item.item,
    )
    what.thread.surface = item.surface
    what.thread.cleared = bool(item.cleared_by)
    what.thread.approved = item.approved
    what.thread.links = item.links or None
    if item.media_alts:
        what.thread.media = len(item.media_alts)
        what.thread.media_without_alt = any(not alt for alt in item.media_alts)
    what.item = ItemState(
        item=item.item,
        page=what.page or "",
        state=item.state,
        thread=what.thread,
        publish_at=None if moment is None else at,
        surface=item.surface,
    )
    findings: tuple[Finding, ...] = ()
    past = is_past(item, as_of)
    if item.state not in _SETTLED and not past:
        place = Place(calendar.source, item.line, item.column)
        excerpt = None if item.text is None else item.text[:200]
        findings = tuple(
            finding_of(spoken, place, row=item.row, excerpt=excerpt)
            for spoken in speaking(brand, what, at, kinds=("item",))
        )
    verdict = verdict_of(findings)
    if verdict == "hold" and item.state == "draft" and item.publish_at is None:
        verdict = "review"
    return what, ItemVerdict(
        item=item,
        verdict=verdict,
        reason=reason_of(verdict, findings, what, item, past=past),
        kind=what.thread.kind,
        words=what.thread.kind_words,
        findings=findings,
    )


def _without_baseline(verdict: ItemVerdict, baseline: Collection[str]) -> ItemVerdict:
    left = tuple(f for f in verdict.findings if f.fingerprint not in baseline)
    if left == verdict.findings:
        return verdict
    return attrs.evolve(verdict, findings=left, verdict=verdict_of(left))
