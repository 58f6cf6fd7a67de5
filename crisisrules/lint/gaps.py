"""What the playbook lacks for the pages of a calendar, found in calm, while there is time to write it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import attrs

from crisisrules.engine.session import Session
from crisisrules.lint.findings import finding_of_page
from crisisrules.lint.incidents import described
from crisisrules.model.calendar import Calendar
from crisisrules.model.events import PostPublished
from crisisrules.model.recommendation import Finding
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals


def playbook_gaps(
    calendar: Calendar,
    pages: Collection[str],
    playbook: Playbook,
    at: datetime | None,
    signals: Signals | None,
) -> tuple[Finding, ...]:
    """What rules about pages ask to be written into the playbook, once these pages are in use.

    Args:
        at: a moment at which the calendar is in use; None when nothing in it has a date.
    """
    if at is None:
        return ()
    rules = tuple(
        rule
        for rule in playbook.rules
        if rule.advice.action == "complete-playbook" and rule.about == ("page",)
    )
    session = Session(attrs.evolve(playbook, rules=rules), signals=signals)
    known = [described(page, at, calendar.timezone) for page in sorted(pages)]
    # nobody can write the line of a platform that is not known
    used = [page for page in known if page.platform != "other"]
    for page in used:
        session.feed(page)
    for page in used:
        # what is planned shows that the page is in use; what it says does not matter here
        session.feed(PostPublished(at=at, page=page.page, post="planned", kind="unknown"))
    session.advance(at + timedelta(seconds=1))
    told = [one for one in session.recommendations() if one.incident is None and not one.preview]
    return tuple(finding_of_page(calendar.source, one) for one in told)
