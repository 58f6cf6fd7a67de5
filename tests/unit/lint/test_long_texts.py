"""A notice whose end nobody read is not known to be a notice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import IncidentOpened

NOTICE = "Service client : nos conseillers répondent au 0 800 00 00 00 jusqu'à 22 h. "


def test_a_notice_too_long_to_be_read_whole_is_for_a_person(tmp_path: Path) -> None:
    incident = IncidentOpened(
        at=datetime(2026, 3, 23, 6, tzinfo=UTC), incident="i", kind="outage", severity="major"
    )
    path = tmp_path / "plan.csv"
    long = NOTICE * (25_000 // len(NOTICE))
    path.write_text(
        f"Date;Texte\n23/03/2026 10:00;{NOTICE}\n23/03/2026 10:00;{long}\n", encoding="utf-8"
    )
    report = lint_calendar(
        read_calendar(path, timezone="Europe/Paris"), [incident], read_playbook(None)
    )
    assert [one.verdict for one in report.items] == ["keep", "review"]
