"""A statement checked before it goes out: findings with line, column and span."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from crisisrules.engine.brand import BrandSession
from crisisrules.engine.session import Session
from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, BoundNot, evaluate
from crisisrules.lint.asking import Spoken, prospect, speaking
from crisisrules.lint.findings import finding_of
from crisisrules.lint.incidents import concerning, in_order
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.model.events import Event, IncidentOpened, PageDescribed
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import DraftReport
from crisisrules.model.vocabulary import PLATFORMS
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals, Span

INSTEAD: Final = {
    "next_update_time": ("next_update_vague", "eta_vague"),
    "apology": ("apology_conditional", "apology_minimising"),
}
"""Where something is missing, what often stands in its place and can be pointed at."""


def lint_draft(
    text: str,
    incident: Event | Iterable[Event] | None,
    playbook: Playbook,
    *,
    incident_id: str | None = None,
    page: str | None = None,
    at: datetime | None = None,
    source: str = "draft",
    signals: Signals | None = None,
) -> DraftReport:
    """What the playbook finds in a statement about an incident, each with its span in the text.

    Args:
        text: the draft, as it would be published.
        incident: one event that declares the incident, or all events that tell its state; None is calm.
        playbook: what is asked.
        incident_id: which incident the draft is about, where there are several; None takes the last.
        page: the page, or the platform, it is written for.
        at: when it would go out; None takes the time of the last event.
        source: what places in the text call it.
        signals: reads texts; None reads them with the playbook's lexicons.

    Raises:
        UsageError: no incident has that id.
    """
    events = in_order(incident)
    ids = [event.incident for event in events if isinstance(event, IncidentOpened)]
    if incident_id is not None and incident_id not in ids:
        message = unknown_word("an incident of the file", incident_id, ids)
        raise UsageError(Problem(Place("--incident"), "unknown-incident", message))
    chosen = incident_id or (ids[-1] if ids else None)
    moment = at or (events[-1].at if events else datetime(2000, 1, 1, tzinfo=UTC))
    session = Session(playbook, signals=signals)
    where = page or "page"
    first = min([event.at for event in events] + [moment]) - timedelta(seconds=1)
    platform = where if where in PLATFORMS else "other"
    session.feed(PageDescribed(at=first, page=where, platform=platform))
    for event in events:
        if event.at <= moment:
            session.feed(concerning(event, (where,)))
    return lint_text(session.brand_session(), text, where, moment, chosen, source)


def lint_text(
    session: BrandSession,
    text: str,
    page: str,
    at: datetime,
    incident: str | None,
    source: str,
) -> DraftReport:
    """The same, asked of a session that already follows the brand's stream."""
    now = max(to_micros(at), session.state.now)
    what = prospect(session, text, page, now, incident=incident, name=source)
    spans = _spans(session, text, what.heard.language, at)
    found = [
        spoken
        for spoken in speaking(session, what, now, kinds=("draft",))
        if not incident or spoken.asked.key.incident in ("", incident)
    ]
    findings = [_finding(spoken, text, spans, source) for spoken in found]
    findings.sort(key=lambda f: (f.place.line or 0, f.place.column or 0, f.rule))
    return DraftReport(
        source=source,
        findings=tuple(findings),
        language=what.heard.language,
        incident=incident,
    )


def _spans(session: BrandSession, text: str, language: str | None, at: datetime) -> Sequence[Span]:
    signals = session.fold.listener.signals
    if signals is None:
        return ()
    return signals.read(text, language=language, published_at=at).spans


def _finding(spoken: Spoken, text: str, spans: Sequence[Span], source: str) -> Finding:
    span = _span(spoken, spans)
    if span is None:
        return finding_of(spoken, Place(source, 1, 1), excerpt=_line(text, 0))
    start, end = span.start, span.end
    return finding_of(
        spoken,
        _place(text, start, source),
        end=_place(text, end, source),
        excerpt=_line(text, start),
    )


def _span(spoken: Spoken, spans: Sequence[Span]) -> Span | None:
    """The words to point at: a feature that is there and should not be, or what stands for a missing one."""
    by_name: dict[str, Span] = {}
    for span in spans:
        by_name.setdefault(span.name, span)
    there, missing = _features(spoken)
    # what stands where something is missing says more than what a guard of the rule asks to be there
    for name in missing:
        for other in INSTEAD.get(name, ()):
            if other in by_name:
                return by_name[other]
    for name in there:
        if name in by_name:
            return by_name[name]
    if spoken.planned.rule.advice.action == "hold-item":
        return next((span for span in spans if span.name.startswith("kind:")), None)
    return None


def _features(spoken: Spoken) -> tuple[list[str], list[str]]:
    """Features of the text for which a rule speaks, and those for whose absence it does."""
    found = _Deciding(spoken)
    found.sort(spoken.asked.table.table.conditions[spoken.planned.main], negated=False)
    return found.there, found.missing


class _Deciding:
    """Which features of a text decide what a rule says of it."""

    def __init__(self, spoken: Spoken) -> None:
        self._row = spoken.asked.row
        self._columns = spoken.asked.table.table.columns
        self.there: list[str] = []
        self.missing: list[str] = []

    def sort(self, bound: Bound, *, negated: bool) -> None:
        match bound:
            case Atom(column, "mentions", value) if self._columns[column].fact == "post.features":
                names = value if isinstance(value, tuple) else (value,)
                known = self._row[column]
                if negated:
                    self.missing.extend(map(str, names))
                elif isinstance(known, frozenset):
                    self.there.extend(str(name) for name in names if name in known)
            case Atom():
                pass
            case BoundNot(of):
                self.sort(of, negated=not negated)
            case BoundAll(of) | BoundAny(of) if isinstance(bound, BoundAny) is not negated:
                # one of several parts was enough: the first that may have been it
                for part in of:
                    if evaluate(part, self._row) is not negated:
                        self.sort(part, negated=negated)
                        break
            case BoundAll(of) | BoundAny(of):
                for part in of:
                    self.sort(part, negated=negated)


def _place(text: str, offset: int, source: str) -> Place:
    before = text[:offset]
    line = before.count("\n") + 1
    column = offset - (before.rfind("\n") + 1) + 1
    return Place(source, line, column)


def _line(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : len(text) if end < 0 else end]
