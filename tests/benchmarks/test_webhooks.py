"""Signed deliveries a second that the listener accepts durably, their waits, and the journal's size.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_webhooks.py``. The load comes
from this process over loopback, so that sender and listener have a core each where there are two.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

import aiohttp
import attrs
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules import load_playbook, parse_event
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper

SECRET: Final = "benchmark"  # noqa: S105 - of nobody
DELIVERIES: Final = 6_000
SENDERS: Final = 64
DAY: Final = 1_000_000
START: Final = datetime.fromisoformat("2026-03-03T00:00:00+00:00")


def delivery(number: int) -> tuple[bytes, dict[str, str]]:
    value = {
        "from": {"id": "555", "name": "Jo L."}, "item": "comment", "verb": "add",
        "post_id": "2048_9001", "comment_id": f"9001_{number}", "parent_id": "2048_9001",
        "created_time": 1772524800, "message": "Toujours aucune réponse. Quelqu'un sait quand ça revient ?",
    }  # fmt: skip
    entry = {"id": "2048", "time": 1772524805, "changes": [{"field": "feed", "value": value}]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hub-Signature-256": f"sha256={digest}"}


@contextmanager
def listening(state: Path) -> Iterator[str]:
    """A listener in its own process; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "crisisrules",
            "watch",
            "--listen",
            f"127.0.0.1:{port}",
            "--state",
            state,
        ],
        env={**os.environ, "CRISISRULES_FACEBOOK_SECRET": SECRET},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if not asked.connect_ex(("127.0.0.1", port)):
                    break
            sleep(0.1)
        yield f"http://127.0.0.1:{port}/hooks/facebook"
    finally:
        process.terminate()
        process.wait()


async def send(address: str, first: int, rate: float | None) -> tuple[float, list[float]]:
    """Seconds for all deliveries, and for each; at a rate a second, or as fast as they are answered."""
    bodies = [delivery(number) for number in range(first, first + DELIVERIES)]
    waits: list[float] = []
    left = iter(enumerate(bodies))
    begun = perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=SENDERS)) as session:

        async def sender() -> None:
            for number, (body, headers) in left:
                if rate is not None:
                    await asyncio.sleep(begun + number / rate - perf_counter())
                sent = perf_counter()
                async with session.post(address, data=body, headers=headers) as answer:
                    assert answer.status == 200
                waits.append(perf_counter() - sent)

        await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return perf_counter() - begun, sorted(waits)


def test_signed_deliveries(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    state = tmp_path / "crisis.db"
    with listening(state) as address:
        seconds, _ = benchmark.pedantic(lambda: asyncio.run(send(address, 0, None)), rounds=1)  # type: ignore[no-untyped-call]  # the library types it no further
        rate = DELIVERIES / seconds
        _, waits = asyncio.run(send(address, DELIVERIES, rate / 2))
    print(f"\n{rate:,.0f} signed deliveries a second, accepted durably")
    middle, slow = (waits[int(len(waits) * part)] * 1e3 for part in (0.5, 0.99))
    print(f"at half of that, p50 {middle:.1f} ms, p99 {slow:.1f} ms")
    journal = SqliteJournal(state, read_only=True)
    events = journal.count()["events"]
    journal.close()
    assert events == 2 * DELIVERIES


def test_the_journal_of_a_day(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    state, size = tmp_path / "crisis.db", 0
    playbook = attrs.evolve(load_playbook(), lexicons={})
    journal = SqliteJournal(state)
    keeper = Keeper(journal, playbook, routes=())
    for first in range(0, DAY, 500):
        batch = []
        for number in range(first, first + 500):
            event = {
                "type": "comment.received",
                "at": (START + timedelta(seconds=number * 0.08)).isoformat(),
                "id": f"facebook:comment:9001_{number}", "page": "town-facebook",
                "post": f"2048_{number % 40}", "comment": f"9001_{number}",
                "author": f"{number % 5000:032x}", "text": "Toujours aucune réponse ?",
            }  # fmt: skip
            size += len(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()) + 1
            batch.append(parse_event(event))
        keeper.accept(batch)
    keeper.save()
    journal.close()

    def opened() -> float:
        begun = perf_counter()
        again = SqliteJournal(state)
        Keeper(again, playbook)
        again.close()
        return perf_counter() - begun

    seconds = benchmark.pedantic(opened, rounds=1)  # type: ignore[no-untyped-call]  # the library types it no further
    ratio = state.stat().st_size / size
    print(f"\na journal of {DAY:,} events: {ratio:.2f} times its input, opened in {seconds:.2f} s")
