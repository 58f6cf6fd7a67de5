"""What a calendar lacks: the plan played forward as if everything kept went out as planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from crisisrules.engine.session import Session
from crisisrules.lint.asking import Prospect
from crisisrules.lint.findings import finding_of_page
from crisisrules.lint.incidents import described
from crisisrules.model.calendar import Calendar
from crisisrules.model.events import Event, IncidentOpened, PostPublished
from crisisrules.model.recommendation import Change, Finding, Recommendation
from crisisrules.model.reports import ItemVerdict
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals

AHEAD: Final = timedelta(hours=24)
"""How far after the last known event or item the plan is played."""

LONGEST_PLAN: Final = timedelta(days=7)
"""How far into an incident a plan is followed."""

MOST_POSTS: Final = 500
"""Statements of one plan that are played; nobody plans more in a week."""

_TOLD: Final = ("incident_status", "resolution", "apology", "compensation")

_ASKED: Final = {
    "overdue": frozenset({"publish-update", "publish-status", "publish-resolution"}),
    "opened": frozenset({"staff-shift", "share-information", "publish-correction"}),
}
"""What the plan can be seen to lack: what fell due unmet, and what nobody covers or says alike."""


def what_is_missing(
    calendar: Calendar,
    posts: Sequence[PostPublished],
    pages: Collection[str],
    events: Sequence[Event],
    playbook: Playbook,
    as_of: datetime | None,
    signals: Signals | None,
) -> tuple[Finding, ...]:
    """Findings of the calendar as a whole while an incident is open; none in calm.

    A calendar is not all that a brand says, so none of them is more than a warning.

    Args:
        calendar: where the posts are from.
        posts: what goes out about the incidents, see :func:`goes_out`.
        pages: the pages of the calendar.
        events: what is known of the incidents.
        playbook: what is asked.
        as_of: what was missing before is not told any more.
        signals: reads texts.
    """
    begin = _begin(events)
    if begin is None:
        return ()
    known = [
        described(page, begin - timedelta(seconds=1), calendar.timezone) for page in sorted(pages)
    ]
    stream = sorted([*events, *posts], key=lambda event: event.at)
    session = Session(_about_pages(playbook), signals=signals)
    changes: list[Change] = []
    for event in (*(e for e in known if not stream or e.at <= stream[0].at), *stream):
        changes += session.feed(event)
    end = max([event.at for event in stream] + ([as_of] if as_of else []))
    changes += session.advance(end + AHEAD)
    since = begin if as_of is None else max(begin, as_of)
    found: dict[tuple[str, str | None], list[Recommendation]] = {}
    for change in changes:
        told = change.recommendation
        if change.at >= since and told.action in _ASKED.get(change.kind, ()) and not told.preview:
            found.setdefault((told.rule, told.incident), []).append(told)
    return tuple(
        finding_of_page(calendar.source, told[0])
        for _, told in sorted(found.items(), key=lambda e: e[0][0])
    )


def _about_pages(playbook: Playbook) -> Playbook:
    """The playbook with only the rules whose silence or speech is looked at here."""
    wanted = frozenset().union(*_ASKED.values())
    rules = tuple(
        rule
        for rule in playbook.rules
        if rule.advice.action in wanted and set(rule.about) <= {"page", "incident", "brand"}
    )
    return attrs.evolve(playbook, rules=rules)


def goes_out(verdict: ItemVerdict, what: Prospect, events: Sequence[Event]) -> PostPublished | None:
    """An item as a post, when it is kept and speaks about an incident that is going on then."""
    item = verdict.item
    at, begin = item.publish_at, _begin(events)
    speaks = what.thread.kind in _TOLD and any(what.thread.about.values())
    if verdict.verdict != "keep" or not speaks or item.state in ("held", "cancelled"):
        return None
    if at is None or begin is None or not begin <= at <= begin + LONGEST_PLAN:
        return None
    return PostPublished(
        at=at,
        page=what.page or "calendar",
        post=item.item,
        text=item.text,
        kind=what.thread.kind,
    )


def _begin(events: Sequence[Event]) -> datetime | None:
    return min((event.at for event in events if isinstance(event, IncidentOpened)), default=None)
