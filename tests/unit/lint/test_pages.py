"""On which pages an item of a calendar is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.events import IncidentOpened

SALE = "Deux semaines offertes, profitez-en vite !"


@pytest.mark.parametrize(
    ("column", "cells", "pages", "expected"),
    [
        ("Compte", ["tous", "Ville"], ("Ville",), ["hold", "hold"]),
        ("Compte", ["tous", "Port", "Ville"], ("Ville",), ["hold", "keep", "hold"]),
        ("Réseau", ["tous", "Facebook"], ("facebook",), ["hold", "hold"]),
        (
            "Réseau",
            ["tous", "Facebook, LinkedIn"],
            ("linkedin",),
            ["keep", "hold", "keep", "hold"],
        ),
        ("Réseau", ["tous sauf LinkedIn", "LinkedIn, X"], ("x",), ["hold", "keep", "hold"]),
    ],
)
def test_what_goes_everywhere_is_not_spared(
    tmp_path: Path, column: str, cells: list[str], pages: tuple[str, ...], expected: list[str]
) -> None:
    path = tmp_path / "plan.csv"
    lines = [f"23/03/2026;1{n}h;{cell};{SALE}" for n, cell in enumerate(cells)]
    path.write_text("\n".join([f"Date;Heure;{column};Texte", *lines]), encoding="utf-8")
    incident = IncidentOpened(
        at=datetime(2026, 3, 23, 6, tzinfo=UTC),
        incident="i",
        kind="outage",
        severity="major",
        pages=pages,
    )
    calendar = read_calendar(path, timezone="Europe/Paris")
    report = lint_calendar(calendar, [incident], read_playbook(None))
    assert [one.verdict for one in report.items] == expected
