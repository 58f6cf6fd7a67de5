"""What a calendar shows of a brand's own playbook in calm: pages in use for which nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.incidents.reading import parse_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import Event

CALENDAR = """\
Date;Heure;Réseau;Texte
22/03/2026;09h;Facebook, Instagram, Google, WhatsApp;Nos magasins ouvrent à 9 h
"""


def gaps(folder: Path, playbook: str | None, events: tuple[Event, ...] = ()) -> list[str]:
    """The pages for which a crisis line is asked."""
    plan, own = folder / "plan.csv", folder / "own.yaml"
    plan.write_text(CALENDAR, encoding="utf-8")
    if playbook is not None:
        own.write_text(playbook, encoding="utf-8")
    report = lint_calendar(
        read_calendar(plan, timezone="Europe/Paris"),
        events,
        read_playbook(own if playbook is not None else None),
    )
    return [
        one.page or "" for one in report.findings if one.rule == "crisis-line-missing-for-platform"
    ]


@pytest.mark.parametrize(
    ("playbook", "expected"),
    [
        ("extends: base\nlines: [facebook]\n", ["google", "instagram"]),
        ("extends: base\nlines: [facebook, instagram, google_business]\n", []),
        (None, []),
    ],
    ids=["two lines missing", "nothing missing", "the base playbook is nobody's own"],
)
def test_pages_in_use_without_a_line(
    tmp_path: Path, playbook: str | None, expected: list[str]
) -> None:
    assert gaps(tmp_path, playbook) == expected


def test_in_an_incident_nobody_is_asked_to_write_one(tmp_path: Path) -> None:
    text = b"incident: i\nkind: outage\nseverity: major\nat: 2026-03-22T08:00:00Z\n"
    events = parse_incidents(text, "i.yaml", datetime(2026, 3, 22, 8, tzinfo=UTC))
    assert gaps(tmp_path, "extends: base\nlines: [facebook]\n", events) == []
