"""Replaying comments against decoding the same lines with msgspec; the price of rules; memory.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_replay.py``. What is compared
takes turns in one run, so that a busy machine slows all of it.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

import attrs
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.adapters.streams.reading import read_events
from crisisrules.adapters.streams.wire import event_decoder
from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import (
    CommentReceived,
    Event,
    IncidentOpened,
    PageDescribed,
    PostPublished,
)
from crisisrules.playbook.playbook import Playbook

LINES: Final = 300_000
BRANDS: Final = 1_000
ROUNDS: Final = 3
GROWTH_EVENTS: Final = 10_000_000
START: Final = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
TEXTS: Final = (
    "Toujours aucune réponse, c'est long. Quelqu'un sait quand ça revient ?",
    "Toujours pas de réseau à Lyon, la panne dure depuis ce matin",
    "Merci pour la liste des gagnants !",
    "Comment joindre le service client si rien ne marche ?",
)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook()


def pages(brands: int, *, incident: bool) -> Iterator[Event]:
    """What stands before the comments: a page and its posts for each brand, and an incident or none."""
    for number in range(brands):
        brand, page = f"b{number}", f"p{number}"
        yield PageDescribed(at=START, brand=brand, page=page, platform="facebook", timezone="UTC")
        for post in range(3):
            yield PostPublished(
                at=START, brand=brand, page=page, post=f"post{number * 3 + post}", kind="product"
            )
        if incident:
            yield IncidentOpened(
                at=START, brand=brand, incident="i", kind="outage", severity="major", own=True
            )


def comment_lines(*, texts: bool, number: int = LINES) -> bytes:
    """Comments of one hour, spread over the brands and three posts of each."""
    step = timedelta(hours=1) / number
    lines = []
    for index in range(number):
        brand = index % BRANDS
        comment: dict[str, object] = {
            "type": "comment.received",
            "at": (START + timedelta(minutes=1) + index * step).isoformat(timespec="milliseconds"),
            "brand": f"b{brand}",
            "page": f"p{brand}",
            "post": f"post{brand * 3 + index // BRANDS % 3}",
            "comment": f"c{index}",
        }
        if texts:
            comment["text"] = f"{TEXTS[index % len(TEXTS)]} ({index})"
        lines.append(json.dumps(comment, separators=(",", ":"), ensure_ascii=False).encode())
    return b"\n".join(lines) + b"\n"


def decoded(data: bytes) -> float:
    """Seconds of msgspec alone, line by line."""
    decode = event_decoder().decode
    start = perf_counter()
    for line in io.BytesIO(data):
        decode(line)
    return perf_counter() - start


def replayed(data: bytes, playbook: Playbook, *, incident: bool) -> float:
    """Seconds of reading the lines and feeding them; setting up the pages is not counted."""
    session = Session(playbook)
    for event in pages(BRANDS, incident=incident):
        session.feed(event)
    start = perf_counter()
    for batch in read_events(io.BytesIO(data), "lines").batches():
        for _ in session.feed_all(batch):
            pass
    return perf_counter() - start


def best(contenders: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The best round of each."""
    found = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            gc.collect()
            found[name] = min(found[name], work())
    return found


def once(benchmark: BenchmarkFixture, work: Callable[[], object]) -> None:
    """For the table of pytest-benchmark; what the test itself prints is what counts."""
    benchmark.pedantic(work, rounds=1)  # type: ignore[no-untyped-call]  # not typed by its authors


def show(title: str, found: Mapping[str, float], number: int) -> None:
    print(f"\n{title}")
    limit = next(iter(found.values()))
    for name, seconds in found.items():
        print(f"  {name:36}{number / seconds:12,.0f}/s{seconds / limit:8.2f}x")


def test_comments_without_text(benchmark: BenchmarkFixture, playbook: Playbook) -> None:
    data = comment_lines(texts=False)
    found = best(
        {
            "msgspec alone": lambda: decoded(data),
            "replay, no incident": lambda: replayed(data, playbook, incident=False),
            "replay, an incident at every brand": lambda: replayed(data, playbook, incident=True),
        }
    )
    show(f"{LINES:,} comments without text, {BRANDS:,} brands", found, LINES)
    once(benchmark, lambda: replayed(data, playbook, incident=True))


def test_comments_with_text(benchmark: BenchmarkFixture, playbook: Playbook) -> None:
    number = LINES // 10
    data = comment_lines(texts=True, number=number)
    found = best(
        {
            "msgspec alone": lambda: decoded(data),
            "replay, no incident": lambda: replayed(data, playbook, incident=False),
            "replay, an incident at every brand": lambda: replayed(data, playbook, incident=True),
        }
    )
    show(f"{number:,} comments, each with a text of its own", found, number)
    once(benchmark, lambda: replayed(data, playbook, incident=True))


def test_rules_that_nothing_concerns_cost_nothing(
    benchmark: BenchmarkFixture, playbook: Playbook
) -> None:
    data = comment_lines(texts=False)
    rules = playbook.rules
    few = attrs.evolve(playbook, rules=rules[:: len(rules) // 7][:7])
    assert len(few.rules) == 7
    found = best(
        {
            "7 rules": lambda: replayed(data, few, incident=False),
            f"{len(rules)} rules": lambda: replayed(data, playbook, incident=False),
        }
    )
    show("the same comments, which change the answer to no test", found, LINES)
    once(benchmark, lambda: replayed(data, few, incident=False))


def test_memory_of_pages_and_threads(benchmark: BenchmarkFixture, playbook: Playbook) -> None:
    """Counted by the interpreter: what one more quiet brand, and one more thread, adds."""

    def grown(events: list[Event], session: Session) -> int:
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for event in events:
            session.feed(event)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before

    session = Session(playbook)
    for event in pages(10, incident=False):  # what is made once is not counted
        session.feed(event)
    tracemalloc.start()
    described: list[Event] = [
        PageDescribed(at=START, brand=f"q{n}", page=f"q{n}", platform="facebook", timezone="UTC")
        for n in range(BRANDS)
    ]
    page = grown(described, session) / BRANDS
    same_brand: list[Event] = [
        PageDescribed(at=START, brand="q0", page=f"r{n}", platform="facebook", timezone="UTC")
        for n in range(BRANDS)
    ]
    second = grown(same_brand, session) / BRANDS
    commented: list[Event] = [
        CommentReceived(at=START, brand="q1", page="q1", post=f"t{n}", comment="c")
        for n in range(BRANDS)
    ]
    thread = grown(commented, session) / BRANDS
    tracemalloc.stop()
    print(f"\na quiet brand with its page    {page:8,.0f} bytes")
    print(f"a further page of a brand      {second:8,.0f} bytes")
    print(f"a thread                       {thread:8,.0f} bytes")
    once(benchmark, lambda: None)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_no_growth_over_ten_million_comments(
    benchmark: BenchmarkFixture, playbook: Playbook
) -> None:
    """Ten pages with an incident, comments for days: resident memory at each fifth of the way."""
    session = Session(playbook)
    brands = 10
    for event in pages(brands, incident=True):
        session.feed(event)
    names = [(f"b{n}", f"p{n}", f"post{n * 3 + post}") for post in range(3) for n in range(brands)]
    step = timedelta(milliseconds=20)

    def comments(first: int, number: int) -> Iterator[Event]:
        for index in range(first, first + number):
            brand, page, post = names[index % len(names)]
            yield CommentReceived(
                at=START + index * step, brand=brand, page=page, post=post, comment=f"c{index}"
            )

    def resident() -> float:
        pages_ = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages_ * os.sysconf("SC_PAGE_SIZE") / 2**20

    share = GROWTH_EVENTS // 5
    print()
    for part in range(5):
        for _ in session.feed_all(comments(part * share, share)):
            pass
        gc.collect()
        size = len(json.dumps(session.dump()))
        print(f"after {(part + 1) * share:12,}  {resident():8.1f} MB  state {size:10,} bytes")
    once(benchmark, lambda: None)
