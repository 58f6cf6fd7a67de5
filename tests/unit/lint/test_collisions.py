"""A small incident freezes nothing, but a post that plays on its words is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import Event, IncidentOpened, IncidentResolved

START = datetime(2026, 3, 23, 6, tzinfo=UTC)
OPENED = IncidentOpened(
    at=START,
    incident="i",
    kind="safety",
    severity="minor",
    title="eau trouble",
    keywords=("eau", "Jean Dupont"),
    place="Brixham",
)
RESOLVED = IncidentResolved(at=START + timedelta(hours=2), incident="i")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Notre équipe est comme l'eau du robinet, toujours fraîche !",
            ["words-collide-with-incident"],
        ),
        ("Deux nuits offertes à Brixham, profitez-en", ["words-collide-with-incident"]),
        ("Jean Dupont, portrait d'un jardinier heureux", ["words-collide-with-incident"]),
        ("Deux nuits offertes à Torquay, profitez-en", []),
        ("L'eau est de nouveau claire à Brixham, vous pouvez la boire.", []),
    ],
)
@pytest.mark.parametrize("events", [[OPENED], [OPENED, RESOLVED]], ids=["open", "over"])
def test_words_place_and_person_of_a_small_incident(
    tmp_path: Path, text: str, expected: list[str], events: list[Event]
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(f"Date;Texte\n23/03/2026 12:00;{text}\n", encoding="utf-8")
    calendar = read_calendar(path, timezone="Europe/Paris")
    (item,) = lint_calendar(calendar, events, read_playbook(None)).items
    assert [one.rule for one in item.findings] == expected
    assert item.verdict == ("review" if expected else "keep")
