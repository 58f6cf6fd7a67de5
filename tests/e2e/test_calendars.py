"""Calendars around real crises: what would harm never slips through, what people need stays.

Each calendar has 31 posts of a made-up brand around a real event, labelled by hand before they were first
checked: `harmful` (cheerful or commercial, often without a selling word), `service` (what people need now:
status, safety, legal, answers), and `either` (ordinary corporate news, where a person may decide both ways).
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar

CALENDARS: Final = Path(__file__).parent / "calendars"
ZONES: Final = {
    "airline-july-2024": "Europe/Brussels",
    "brixham-may-2024": "Europe/London",
    "wallonia-july-2021": "Europe/Brussels",
}


def verdicts(name: str) -> Counter[tuple[str, str]]:
    """How many posts of each label got each verdict."""
    path = CALENDARS / f"{name}.csv"
    calendar = read_calendar(path, timezone=ZONES[name])
    report = lint_calendar(calendar, read_incidents(path.with_suffix(".yaml")), read_playbook(None))
    labels = [dict(one.item.fields)["expected"] for one in report.items]
    return Counter(zip(labels, (one.verdict for one in report.items), strict=True))


@pytest.fixture(scope="module")
def judged() -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for name in ZONES:
        total += verdicts(name)
    return total


def of(judged: Counter[tuple[str, str]], label: str) -> int:
    return sum(count for (known, _), count in judged.items() if known == label)


@pytest.mark.parametrize("name", sorted(ZONES))
def test_every_calendar_has_31_labelled_posts(name: str) -> None:
    text = (CALENDARS / f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text[:30] else ","))
    assert len(rows) == 31
    assert {row["expected"] for row in rows} == {"harmful", "service", "either"}


def test_what_would_harm_is_held_or_looked_at(judged: Counter[tuple[str, str]]) -> None:
    assert judged["harmful", "keep"] <= 0.03 * of(judged, "harmful")


def test_what_people_need_is_kept_and_hardly_ever_held(judged: Counter[tuple[str, str]]) -> None:
    assert judged["service", "keep"] >= 0.75 * of(judged, "service")
    assert judged["service", "hold"] <= 0.05 * of(judged, "service")
