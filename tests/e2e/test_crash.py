"""Killed anywhere and started again, nothing is lost and nobody is told twice under another key."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from crisisrules import load_playbook, read_event_file
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.store import JournalError
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
    with closing(SqliteJournal(path)) as journal:
        keeper = Keeper(journal, playbook)
        for event in events:
            keeper.accept([event])
        keeper.pass_time(events[-1].at + timedelta(days=1))


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


def copied(journal: Path, log: bytes, to: Path) -> Path:
    """A journal as a machine would find it on which so much of the log had been written."""
    to.write_bytes(journal.read_bytes())
    to.with_name(f"{to.name}-wal").write_bytes(log)
    return to


def test_stopped_between_any_two_writes_of_a_commit(
    tmp_path: Path, playbook: Playbook, events: list[Event]
) -> None:
    """SQLite writes a commit to its log in frames: whatever part of them is there, all or nothing holds."""
    opened = next(n for n, event in enumerate(events) if event.type == "incident.opened")
    lines, told = whole(tmp_path, playbook, events)
    path = tmp_path / "stopped.db"
    journal = SqliteJournal(path)
    keeper = Keeper(journal, playbook)
    for event in events[:opened]:
        keeper.accept([event])
    keeper.save()
    log = path.with_name("stopped.db-wal")
    before = log.stat().st_size
    accepted = keeper.accept([events[opened]])
    after = log.read_bytes()
    # it stays open: closing would fold the log into the file
    page = int.from_bytes(after[8:12], "big")
    frame = 24 + page
    assert accepted.changes
    assert (len(after) - before) // frame >= 3

    cuts = [*range(before, len(after) + 1, frame), *range(before + 13, len(after), frame)]
    counts = set()
    for number, cut in enumerate(sorted(cuts)):
        found = copied(path, after[:cut], tmp_path / f"cut-{number}.db")
        with closing(SqliteJournal(found)) as opened_again:
            counts.add(opened_again.last())
        run(found, playbook, events)
        assert unkeyed(kept(found)[0]) == unkeyed(lines), f"cut at {cut}"
        assert kept(found)[1] == told, f"cut at {cut}"
    assert counts == {opened, opened + 1}
    journal.close()


def test_a_corrupted_tail_is_left_out_or_told(
    tmp_path: Path, playbook: Playbook, events: list[Event]
) -> None:
    """Garbage at the end of the log is what was never written; garbage in the file itself is an error."""
    path = tmp_path / "damaged.db"
    journal = SqliteJournal(path)
    keeper = Keeper(journal, playbook)
    for event in events[:10]:
        keeper.accept([event])
    log = path.with_name("damaged.db-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    chance = random.Random(20120706)
    torn = log[: -page // 2] + chance.randbytes(page // 2)
    found = copied(path, torn, tmp_path / "torn.db")
    with closing(SqliteJournal(found)) as opened_again:
        assert opened_again.last() == 9
        assert Keeper(opened_again, playbook).accept(events[:10]).new == 1
    journal.close()

    data = bytearray(path.read_bytes())
    data[-page:] = chance.randbytes(page)
    path.write_bytes(data)
    with pytest.raises(JournalError) as caught:
        run(path, playbook, events)
    assert caught.value.problems[0].name == "journal-damaged"
    assert path.read_bytes() == data
