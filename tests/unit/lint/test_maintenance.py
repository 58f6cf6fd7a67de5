"""A calendar in calm: what it invites to must not be closed for maintenance just then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import Event, MaintenanceCancelled, MaintenancePlanned
from crisisrules.model.recommendation import Finding
from crisisrules.playbook.playbook import Playbook

PARIS = ZoneInfo("Europe/Paris")
RULE = "commercial-post-in-maintenance"
CONTEST = "Jeu-concours : gagnez un week-end à la mer en répondant sur notre site"
NIGHT = MaintenancePlanned(
    at=datetime(2026, 3, 1, 9, tzinfo=PARIS),
    maintenance="m1",
    title="nouveaux serveurs",
    from_=datetime(2026, 3, 3, 22, tzinfo=PARIS),
    to=datetime(2026, 3, 4, 4, tzinfo=PARIS),
)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(None)


def checked(
    folder: Path,
    playbook: Playbook,
    rows: list[str],
    *,
    events: tuple[Event, ...] = (),
    as_of: datetime | None = None,
) -> list[Finding]:
    path = folder / "plan.csv"
    path.write_text("\n".join(["Date;Heure;Type;Texte", *rows]), encoding="utf-8")
    calendar = read_calendar(path, timezone="Europe/Paris")
    return list(lint_calendar(calendar, events, playbook, as_of=as_of).findings)


@pytest.mark.parametrize(
    ("announcement", "moments"),
    [
        (
            "02/03/2026;09h;;Maintenance programmée mardi 3 mars de 22 h à 4 h : site indisponible.",
            {
                "2026-03-03 21:59": 0,
                "2026-03-03 22:00": 1,
                "2026-03-04 03:59": 1,
                "2026-03-04 04:00": 0,
            },
        ),
        (
            "02/03/2026;09h;;Scheduled maintenance on Tuesday 3 March: no orders from 10 pm to 4 am.",
            {"2026-03-02 23:00": 0, "2026-03-03 23:00": 1, "2026-03-04 05:00": 0},
        ),
        (
            "02/03/2026;09h;;Le site sera en maintenance le 5 mars, nous vous prions de nous excuser.",
            {"2026-03-04 12:00": 0, "2026-03-05 12:00": 1, "2026-03-06 00:00": 0},
        ),
        (
            "03/03/2026;22h;Maintenance;Serveurs : retour à 4 h au plus tard",
            {"2026-03-03 21:00": 0, "2026-03-03 23:00": 1, "2026-03-04 00:00": 0},
        ),
        (
            "03/03/2026;22h;Maintenance planifiée;Le site ferme jusqu'à 4 h",
            {"2026-03-03 21:00": 0, "2026-03-04 03:00": 1, "2026-03-04 04:00": 0},
        ),
    ],
    ids=["hours of a day", "hours apart from their day", "a day", "a row", "a row with an end"],
)
def test_a_contest_in_what_the_calendar_announces(
    tmp_path: Path, playbook: Playbook, announcement: str, moments: dict[str, int]
) -> None:
    for moment, expected in moments.items():
        day, hour = moment.split()
        rows = [announcement, f"{day};{hour};;{CONTEST}"]
        found = [f.rule for f in checked(tmp_path, playbook, rows)]
        assert found == [RULE] * expected, moment


@pytest.mark.parametrize(
    "row",
    [
        "02/03/2026;09h;;Bravo à notre équipe de maintenance, au travail de 22 h à 4 h depuis dix ans !",
        "02/03/2026;09h;;Gagnez un contrat de maintenance, jeu ouvert le 3 mars de 8 h à 23 h 59",
        "02/03/2026;09h;;Maintenance terminée, tout fonctionne. Merci de votre patience.",
    ],
)
def test_the_word_alone_announces_nothing(tmp_path: Path, playbook: Playbook, row: str) -> None:
    found = checked(tmp_path, playbook, [row, f"03/03/2026;23h;;{CONTEST}"])
    assert [finding.rule for finding in found] == []


def test_a_maintenance_of_a_file_of_incidents(tmp_path: Path, playbook: Playbook) -> None:
    rows = [
        f"03/03/2026;23h;;{CONTEST}",
        "03/03/2026;23h;;Nos conseillers répondent jusqu'à minuit",
    ]
    (found,) = checked(tmp_path, playbook, rows, events=(NIGHT,))
    assert (found.row, found.action, found.severity) == (1, "review-item", "warning")
    assert found.message["fr"].startswith(
        "déplacez cette publication hors de « nouveaux serveurs »"
    )
    assert "mer. 4 mars 04:00" in found.message["fr"]


def test_it_counts_from_when_it_was_planned(tmp_path: Path, playbook: Playbook) -> None:
    rows = [f"03/03/2026;23h;;{CONTEST}"]
    before = NIGHT.at - timedelta(minutes=1)
    assert checked(tmp_path, playbook, rows, events=(NIGHT,), as_of=before) == []
    assert checked(tmp_path, playbook, rows, events=(NIGHT,), as_of=NIGHT.at)


def test_one_that_nobody_dated_is_known_before_it_begins(
    tmp_path: Path, playbook: Playbook
) -> None:
    undated = MaintenancePlanned(at=NIGHT.from_, maintenance="m1", from_=NIGHT.from_, to=NIGHT.to)
    rows = [f"03/03/2026;23h;;{CONTEST}"]
    as_of = datetime(2026, 3, 1, tzinfo=UTC)
    assert checked(tmp_path, playbook, rows, events=(undated,), as_of=as_of)


def test_a_maintenance_that_was_cancelled(tmp_path: Path, playbook: Playbook) -> None:
    cancelled = MaintenanceCancelled(at=NIGHT.at + timedelta(days=1), maintenance="m1")
    rows = [f"03/03/2026;23h;;{CONTEST}"]
    assert checked(tmp_path, playbook, rows, events=(NIGHT, cancelled)) == []
