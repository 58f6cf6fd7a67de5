"""The loop: many sources, one writer, and time that passes between events."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from crisisrules import load_playbook, parse_event
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.loop import Loop
from crisisrules.live.store import JournalError
from crisisrules.model.errors import CrisisRulesError, InputError, Place, Problem
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change
from crisisrules.playbook.playbook import Playbook

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "crisis.db")) as opened:
        opened._db.execute("PRAGMA busy_timeout = 50")
        yield opened


@attrs.define
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def comment(number: int, at: datetime = NOW) -> Event:
    return parse_event(
        {"type": "comment.received", "at": at.isoformat(), "id": f"d{number}", "page": "p",
         "post": "p1", "comment": f"c{number}"}
    )  # fmt: skip


def outage(at: datetime) -> list[Event]:
    page = {"type": "page.described", "at": at.isoformat(), "page": "p", "platform": "facebook"}
    opened = {
        "type": "incident.opened", "at": at.isoformat(), "incident": "i1", "kind": "outage",
        "severity": "major",
    }  # fmt: skip
    return [parse_event(page), parse_event(opened)]


def work(loop: Loop, *sources: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(loop.run(*(source() for source in sources)), 30))


def test_several_sources_are_all_accepted(journal: SqliteJournal, playbook: Playbook) -> None:
    loop = Loop(Keeper(journal, playbook), Clock(), lambda _: None, live=False)

    def source(first: int) -> Callable[[], Coroutine[None, None, None]]:
        async def submit() -> None:
            for number in range(first, first + 40):
                assert (await loop.submit([comment(number)])).new >= 1

        return submit

    work(loop, source(0), source(100), source(200))
    assert loop.accepted == len(list(journal.lines())) == 120


def test_who_hangs_up_while_the_journal_fails_stops_nobody(
    journal: SqliteJournal, playbook: Playbook, tmp_path: Path
) -> None:
    said: list[CrisisRulesError] = []
    loop = Loop(
        Keeper(journal, playbook), Clock(), lambda _: None, live=False, on_failure=said.append
    )
    holder = sqlite3.connect(tmp_path / "crisis.db", isolation_level=None)

    async def source() -> None:
        holder.execute("BEGIN IMMEDIATE")
        hanging_up = asyncio.ensure_future(loop.submit([comment(1)]))
        staying = asyncio.ensure_future(loop.submit([comment(2)]))
        await asyncio.sleep(0.01)
        hanging_up.cancel()
        with pytest.raises(JournalError):
            await staying
        holder.execute("ROLLBACK")
        await loop.submit([comment(3)])

    work(loop, source)
    holder.close()
    assert [error.problems[0].name for error in said] == ["journal-locked"]
    assert loop.recovered
    assert len(list(journal.lines())) == 1


def test_a_journal_that_fails_while_time_passes_is_tried_again(
    journal: SqliteJournal, playbook: Playbook, tmp_path: Path
) -> None:
    clock, told, said = Clock(), list[Change](), list[CrisisRulesError]()
    loop = Loop(Keeper(journal, playbook), clock, told.extend, live=True, on_failure=said.append)
    holder = sqlite3.connect(tmp_path / "crisis.db", isolation_level=None)

    async def source() -> None:
        await loop.submit(outage(NOW))
        holder.execute("BEGIN IMMEDIATE")
        clock.now += timedelta(hours=3)
        while not said:
            await asyncio.sleep(0.01)
        holder.execute("ROLLBACK")
        while not any(change.kind == "overdue" for change in told):
            await asyncio.sleep(0.01)

    work(loop, source)
    holder.close()
    kinds = [(change.kind, change.recommendation.id, change.at) for change in told]
    assert len(kinds) == len(set(kinds))
    assert loop.recovered


def test_the_wall_clock_passes_only_for_what_is_recent(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    told: list[Change] = []
    loop = Loop(Keeper(journal, playbook), Clock(NOW + timedelta(days=90)), told.extend)

    async def source() -> None:
        await loop.submit(outage(NOW))

    work(loop, source)
    assert told
    assert {change.at for change in told} == {NOW}


def test_what_a_source_finds_wrong_ends_the_loop_after_what_was_given(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    loop = Loop(Keeper(journal, playbook), Clock(), lambda _: None, live=False)

    async def source() -> None:
        await loop.submit([comment(1)])
        raise InputError(Problem(Place("stream", 2), "not-json", "no event"))

    with pytest.raises(InputError, match="stream:2"):
        work(loop, source)
    assert len(list(journal.lines())) == 1
