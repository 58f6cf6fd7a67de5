"""A calendar held against incidents: each item keeps its place, is held, or is for a person to look at.

Each item is asked at the moment it would go out, in the state of the incidents at that moment as far as
it is known: an incident that nobody declared over is taken to go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from crisisrules.engine.brand import BrandSession
from crisisrules.engine.session import Session
from crisisrules.engine.state import ItemState
from crisisrules.lint.allowances import Exceptions
from crisisrules.lint.asking import Prospect, prospect, speaking
from crisisrules.lint.findings import finding_of, verdict_of
from crisisrules.lint.gaps import playbook_gaps
from crisisrules.lint.incidents import concerning, described, in_order
from crisisrules.lint.knowledge import Knowledge
from crisisrules.lint.maintenance import announced, known_from
from crisisrules.lint.moments import is_past, moments_of
from crisisrules.lint.planned import MOST_POSTS, goes_out, what_is_missing
from crisisrules.lint.readings import ReadOnce
from crisisrules.lint.reasons import reason_of
from crisisrules.lint.survey import Survey
from crisisrules.model.calendar import Allowance, Calendar, CalendarItem
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place
from crisisrules.model.events import Event, IncidentOpened, PostPublished
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
    check = CalendarCheck(
        calendar,
        Survey.of(calendar.items),
        incidents,
        playbook,
        as_of=as_of,
        allowances=allowances,
        baseline=baseline,
        engine=engine,
        signals=signals,
    )
    return check.report(calendar.items)


class CalendarCheck:
    """Asks the items of a calendar one after the other, and keeps none of them.

    The arguments are those of :func:`lint_calendar`, but that the items of ``calendar`` are not looked at:
    ``survey`` is what was seen of them before.
    """

    def __init__(
        self,
        calendar: Calendar,
        survey: Survey,
        incidents: Iterable[Event],
        playbook: Playbook,
        *,
        as_of: datetime | None = None,
        allowances: Iterable[Allowance] = (),
        baseline: Collection[str] = (),
        engine: str = "compiled",
        signals: Signals | None = None,
    ) -> None:
        self._calendar = calendar
        self._survey = survey
        self._playbook = playbook
        self._as_of = as_of
        self._baseline = baseline
        self._exceptions = Exceptions(tuple(allowances), as_of)
        brand = Session(playbook, engine=engine, signals=signals).brand_session()
        listener = brand.fold.listener
        # read once: the words of a playbook take longer to load than a calendar to check
        self._signals = listener.signals
        if listener.signals is not None:
            listener.signals = ReadOnce(listener.signals)
        given = in_order(incidents)
        events = _known(given, as_of)
        self._accounts = _accounts(events)
        self._pages = {self._page(network, account) for network, account in survey.places}
        self._events = [concerning(event, self._pages) for event in events]
        moments = [event.at for event in events]
        self._start = min([*moments, survey.start] if survey.start else moments, default=None)
        self._knowledge = Knowledge(brand, self._before(brand, given), self._events)
        self._told: list[PostPublished] = []

    def _before(self, brand: BrandSession, given: Iterable[Event]) -> Iterator[Event]:
        """What is known before anything goes out: the pages, and the maintenances that are planned.

        Those that the calendar announces come first, since a file may say otherwise.
        """
        start, zone = self._start, self._calendar.timezone
        if start is None:
            return
        for name in sorted(self._pages):
            yield described(name, start - timedelta(seconds=1), zone)
        for planned in announced(self._survey.announcing, zone, brand):
            yield attrs.evolve(planned, at=start)
        for event in given:
            if event.type.startswith("maintenance."):
                known = known_from(event, start, self._as_of)
                if known is not None:
                    yield known

    def _page(self, network: str | None, account: str | None) -> str:
        """The page an item goes to: the account where incidents name it, else the network."""
        if account is not None and account in self._accounts:
            return account
        return network or account or "calendar"

    def verdict(self, item: CalendarItem) -> ItemVerdict:
        """What is to be done with one item, after allowances and baseline."""
        asked: tuple[Prospect, ItemVerdict] | None = None
        for moment in moments_of(item, self._events) or (None,):
            found = self._ask(item, moment)
            if asked is None or _GRAVITY[found[1].verdict] > _GRAVITY[asked[1].verdict]:
                asked = found
        assert asked is not None  # noqa: S101 - there is at least one moment
        what, verdict = asked
        verdict = self._exceptions.apply(verdict)
        left = tuple(f for f in verdict.findings if f.fingerprint not in self._baseline)
        if left != verdict.findings:
            verdict = attrs.evolve(verdict, findings=left, verdict=verdict_of(left))
        if len(self._told) < MOST_POSTS and (post := goes_out(verdict, what, self._events)):
            self._told.append(post)
        return verdict

    def report(self, items: Iterable[CalendarItem]) -> CheckReport:
        """All items and findings as one report."""
        kept = tuple(self.verdict(item) for item in items)
        missing = self.missing()
        return CheckReport(
            source=self._calendar.source,
            format=self._calendar.format,
            items=kept,
            findings=(*(finding for verdict in kept for finding in verdict.findings), *missing),
            notes=self._calendar.notes,
            timezone=self._calendar.timezone,
            as_of=self._as_of,
        )

    def missing(self) -> tuple[Finding, ...]:
        """What the calendar as a whole lacks, and what is to be said of its allowances."""
        calendar = self._calendar
        if any(isinstance(event, IncidentOpened) for event in self._events):
            found = what_is_missing(
                calendar,
                self._told,
                self._pages,
                self._events,
                self._playbook,
                self._as_of,
                self._signals,
            )
        else:
            found = playbook_gaps(
                calendar, self._pages, self._playbook, self._as_of or self._start, self._signals
            )
        every = (*found, *self._exceptions.findings())
        return tuple(one for one in every if one.fingerprint not in self._baseline)

    def _ask(self, item: CalendarItem, moment: datetime | None) -> tuple[Prospect, ItemVerdict]:
        brand = self._knowledge.at(moment)
        at = brand.state.now if moment is None else to_micros(moment)
        text = "\n".join((item.text or "", *item.thread)).strip() if item.thread else item.text
        what = prospect(
            brand,
            text or None,
            self._page(item.page, item.account),
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
        past = is_past(item, self._as_of)
        if item.state not in _SETTLED and not past:
            place = Place(self._calendar.source, item.line, item.column)
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


def _accounts(events: Iterable[Event]) -> frozenset[str]:
    """The pages that incidents name."""
    return frozenset(page for event in events for page in getattr(event, "pages", None) or ())
