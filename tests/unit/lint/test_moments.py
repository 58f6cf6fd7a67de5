"""An item of which the day alone is known is not spared because the day began before the incident."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import Event, IncidentOpened, IncidentResolved

SALE = "Deux semaines offertes, profitez-en vite !"
OPENED = IncidentOpened(
    at=datetime(2026, 3, 23, 13, tzinfo=UTC), incident="i", kind="outage", severity="major"
)


def verdicts(
    folder: Path, rows: list[str], events: list[Event], as_of: datetime | None = None
) -> list[str]:
    path = folder / "plan.csv"
    path.write_text("\n".join(["Date;Heure;Texte", *rows]), encoding="utf-8")
    calendar = read_calendar(path, timezone="Europe/Paris")
    report = lint_calendar(calendar, events, read_playbook(None), as_of=as_of)
    return [one.verdict for one in report.items]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"22/03/2026;;{SALE}", "keep"),
        (f"23/03/2026;;{SALE}", "hold"),
        (f"23/03/2026;13h;{SALE}", "keep"),
        (f"24/03/2026;;{SALE}", "hold"),
        ("23/03/2026;;Nos résultats annuels sont en ligne", "review"),
    ],
)
def test_the_day_on_which_an_incident_begins(tmp_path: Path, row: str, expected: str) -> None:
    assert verdicts(tmp_path, [row], [OPENED]) == [expected]


def test_an_incident_within_one_day(tmp_path: Path) -> None:
    resolved = IncidentResolved(at=datetime(2026, 3, 23, 14, tzinfo=UTC), incident="i")
    assert verdicts(tmp_path, [f"23/03/2026;;{SALE}"], [OPENED, resolved]) == ["hold"]


def test_it_is_out_when_its_day_is_over(tmp_path: Path) -> None:
    rows = [f"23/03/2026;;{SALE}"]
    evening = datetime(2026, 3, 23, 20, tzinfo=UTC)
    assert verdicts(tmp_path, rows, [OPENED], evening) == ["hold"]
    assert verdicts(tmp_path, rows, [OPENED], datetime(2026, 3, 23, 23, tzinfo=UTC)) == ["keep"]
