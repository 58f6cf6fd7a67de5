"""Checking a calendar of 10,000 items against reading its file, in one run.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_calendars.py``. The texts are
those of the labelled calendars, each made different by a number; hearing their signals is most of the
work, so that this is shown beside the whole.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.adapters.calendars import read_calendar
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import lint_calendar
from crisisrules.model.calendar import Calendar
from crisisrules.model.events import Event, IncidentOpened
from crisisrules.signals import load_signals

CALENDARS: Final = Path(__file__).parents[1] / "e2e" / "calendars"
ITEMS: Final = 10_000
ROUNDS: Final = 3
START: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
INCIDENT: Final = IncidentOpened(
    at=START, incident="i", kind="outage", severity="critical", keywords=("réseau", "network")
)


def write(path: Path) -> None:
    """A calendar as a spreadsheet exports it, one post a row."""
    texts: list[str] = []
    for name in ("airline-july-2024", "wallonia-july-2021", "brixham-may-2024"):
        lines = (CALENDARS / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows = csv.DictReader(lines, delimiter=";" if ";" in lines[0] else ",")
        texts += [row.get("Texte") or row.get("Contenu") or row["Copy"] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Date", "Network", "Text"])
        for number in range(ITEMS):
            at = START + timedelta(minutes=number)
            text = f"{texts[number % len(texts)]} {number}"
            writer.writerow([f"{at:%Y-%m-%d %H:%M}", "Facebook", text])


def seconds(contenders: dict[str, Callable[[], int]]) -> dict[str, float]:
    """The best round of each, in turns, so that a busy machine slows all of them."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            start = process_time()
            assert work() == ITEMS
            best[name] = min(best[name], process_time() - start)
    return best


@pytest.mark.parametrize("events", [(), (INCIDENT,)], ids=["calm", "incident"])
def test_items_checked_a_second(
    benchmark: BenchmarkFixture, tmp_path: Path, events: tuple[Event, ...]
) -> None:
    path = tmp_path / "plan.csv"
    write(path)
    playbook = read_playbook(None)
    signals = load_signals(playbook.lexicons)
    assert signals is not None

    def read() -> Calendar:
        return read_calendar(path, timezone="UTC")

    calendar = read()

    def hear() -> int:
        return sum(signals.read(item.text or "") is not None for item in calendar.items)

    def check() -> int:
        return len(lint_calendar(calendar, events, playbook, signals=signals).items)

    found = seconds({"read": lambda: len(read().items), "hear": hear, "check": check})
    benchmark(check)
    whole = found["read"] + found["check"]
    print(
        f"\n{ITEMS} items: read in {found['read']:.2f} s, texts heard in {found['hear']:.2f} s,"
        f" checked in {found['check']:.2f} s; reading and checking is {whole / found['read']:.1f}x reading,"
        f" {whole / (found['read'] + found['hear']):.1f}x reading and hearing"
    )
