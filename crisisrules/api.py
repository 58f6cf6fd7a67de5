"""The public face: what a program needs to ask a playbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from crisisrules.adapters.calendars import read_calendar, write_calendar
from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.adapters.streams.reading import read_event_file
from crisisrules.engine.session import Session
from crisisrules.lint import calendar as _calendar
from crisisrules.lint import draft as _draft
from crisisrules.lint.decide import decide
from crisisrules.model.calendar import Allowance, Calendar
from crisisrules.model.errors import CrisisRulesError
from crisisrules.model.events import Event
from crisisrules.model.reports import CheckReport, DraftReport
from crisisrules.playbook.playbook import Playbook
from crisisrules.signals import Signals

__all__ = [
    "CrisisRulesError",
    "Session",
    "decide",
    "event_to_json",
    "lint_calendar",
    "lint_draft",
    "load_playbook",
    "parse_event",
    "read_calendar",
    "read_event_file",
    "read_incidents",
    "write_calendar",
]


def load_playbook(path: str | Path | None = None) -> Playbook:
    """The base playbook, or a brand's own from a file (which may say ``extends: base``).

    Raises:
        PlaybookError: with every problem of every file, each with line and column.
    """
    return read_playbook(Path(path) if path is not None else None)


def lint_calendar(
    calendar: Calendar,
    incidents: Iterable[Event] = (),
    playbook: Playbook | None = None,
    *,
    as_of: datetime | None = None,
    allowances: Iterable[Allowance] = (),
    baseline: Collection[str] = (),
    engine: str = "compiled",
    signals: Signals | None = None,
) -> CheckReport:
    """Which items of a calendar to keep, hold or look at while incidents are open, and what it lacks.

    See :func:`crisisrules.lint.calendar.lint_calendar`; without a playbook, the base playbook is asked.
    """
    return _calendar.lint_calendar(
        calendar,
        incidents,
        load_playbook() if playbook is None else playbook,
        as_of=as_of,
        allowances=allowances,
        baseline=baseline,
        engine=engine,
        signals=signals,
    )


def lint_draft(
    text: str,
    incident: Event | Iterable[Event] | None = None,
    playbook: Playbook | None = None,
    *,
    incident_id: str | None = None,
    page: str | None = None,
    at: datetime | None = None,
    source: str = "draft",
    signals: Signals | None = None,
) -> DraftReport:
    """What the playbook finds in a statement, each finding with its span in the text.

    See :func:`crisisrules.lint.draft.lint_draft`; without a playbook, the base playbook is asked.
    """
    return _draft.lint_draft(
        text,
        incident,
        load_playbook() if playbook is None else playbook,
        incident_id=incident_id,
        page=page,
        at=at,
        source=source,
        signals=signals,
    )
