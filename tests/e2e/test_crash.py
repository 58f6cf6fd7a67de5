"""Killed anywhere and started again, nothing is lost and nobody is told twice under another key."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from crisisrules import load_playbook, read_event_file
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.model.events import Event
from crisisrules.playbook.playbook import Playbook

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be killed")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    # without lexicons: what is tested is the journal, and each start should be quick
    return attrs.evolve(load_playbook(), lexicons={})


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """The recorded evening, each event with the id of its delivery."""
    return [
        parse_event({**event_to_json(event), "id": f"delivery-{number}"})
        for number, event in enumerate(
            read_event_file(ROOT / "examples/orange-2012/timeline.jsonl")
        )
    ]


def run(path: Path, playbook: Playbook, events: list[Event]) -> None:
    """Accept the whole stream, event by event; what was accepted before changes nothing."""
    journal = SqliteJournal(path)
    keeper = Keeper(journal, playbook)
    for event in events:
        keeper.accept([event])
    keeper.pass_time(events[-1].at + timedelta(days=1))
    journal.close()


def kept(path: Path) -> tuple[list[bytes], list[tuple[str, int]]]:
    journal = SqliteJournal(path)
    lines = [line for _, line in journal.lines()]
    told = [(one.key, one.at) for one in journal.waiting("", 1 << 60, 100_000)]
    journal.close()
    return lines, told


def in_child(work: Callable[[], None]) -> int:
    """Run in a forked process; its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def whole(
    tmp_path: Path, playbook: Playbook, events: list[Event]
) -> tuple[list[bytes], list[tuple[str, int]]]:
    run(tmp_path / "whole.db", playbook, events)
    return kept(tmp_path / "whole.db")


def unkeyed(lines: list[bytes]) -> list[bytes]:
    """Authors are hashed with a key of each journal's own."""
    return [line.partition(b'"author"')[0] for line in lines]


def test_killed_at_200_random_moments(
    tmp_path: Path, playbook: Playbook, events: list[Event]
) -> None:
    lines, told = whole(tmp_path, playbook, events)
    chance = random.Random(20120706)
    path = tmp_path / "killed.db"
    killed = 0
    while killed < 200:
        child = in_child(lambda: run(path, playbook, events))
        time.sleep(chance.expovariate(1 / 0.03))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += 1
        if not os.WIFSIGNALED(status):
            # it got to the end: begin again with an empty journal
            assert kept(path)[1] == told
            for file in tmp_path.glob("killed.db*"):
                file.unlink()
    run(path, playbook, events)
    after_lines, after_told = kept(path)

    assert unkeyed(after_lines) == unkeyed(lines)
    assert after_told == told


def test_killed_before_every_statement_of_a_write(
    tmp_path: Path, playbook: Playbook, events: list[Event]
) -> None:
    """Each statement that the write path sends to the database is one point to die at."""
    opened = next(n for n, event in enumerate(events) if event.type == "incident.opened")
    lines, told = whole(tmp_path, playbook, events)

    def run_until(path: Path, statement: int) -> None:
        journal = SqliteJournal(path)
        keeper = Keeper(journal, playbook)
        for event in events[:opened]:
            keeper.accept([event])
        seen = 0

        def count(_: str) -> None:
            nonlocal seen
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

        database: sqlite3.Connection = journal._db
        database.set_trace_callback(count)
        keeper.accept([events[opened]])

    statement = 0
    while True:
        path = tmp_path / f"statement-{statement}.db"
        at = statement
        child = in_child(lambda: run_until(path, at))  # noqa: B023 - the child runs before the next turn
        _, status = os.waitpid(child, 0)
        run(path, playbook, events)

        assert unkeyed(kept(path)[0]) == unkeyed(lines), f"killed before statement {statement}"
        assert kept(path)[1] == told, f"killed before statement {statement}"
        if not os.WIFSIGNALED(status):
            break
        statement += 1

    assert statement >= 5
