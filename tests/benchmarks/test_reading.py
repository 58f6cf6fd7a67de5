"""Reading event lines against decoding the same lines with msgspec into the same structs, in one run.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_reading.py``. What the reader
does beyond decoding: it finds the lines and sees repeated keys, and knows where each event stands.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.adapters.streams.reading import read_events
from crisisrules.adapters.streams.wire import event_decoder

LINES: Final = 300_000
BRANDS: Final = 1_000
ROUNDS: Final = 7
TEXT: Final = "Toujours aucune réponse, c'est long. Quelqu'un sait quand ça revient ? "


def comments() -> Iterable[dict[str, object]]:
    """Comments of a busy hour over many brands."""
    for number in range(LINES):
        brand = number % BRANDS
        minute, second = divmod(number // 84, 60)
        yield {
            "type": "comment.received",
            "at": f"2026-03-03T{8 + minute // 60:02}:{minute % 60:02}:{second:02}+01:00",
            "brand": f"b{brand}",
            "page": f"p{brand}",
            "post": f"post{brand * 3 + number % 3}",
            "comment": f"c{number}",
        }


def lines(kind: str) -> bytes:
    """The same comments as several producers write them."""
    separators = (", ", ": ") if kind == "spaces" else (",", ":")
    more: dict[str, object] = {"text": TEXT} if kind == "text" else {}
    if kind == "nulls":
        more = {"text": None, "author": None, "class": None}
    return b"".join(
        json.dumps(comment | more, separators=separators, ensure_ascii=False).encode() + b"\n"
        for comment in comments()
    )


def seconds(contenders: dict[str, Callable[[], int]]) -> dict[str, float]:
    """The best round of each, in turns, so that a busy machine slows all of them."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            start = perf_counter()
            assert work() == LINES
            best[name] = min(best[name], perf_counter() - start)
    return best


@pytest.mark.parametrize("kind", ["compact", "spaces", "nulls", "text"])
def test_lines_read_a_second(benchmark: BenchmarkFixture, kind: str) -> None:
    data = lines(kind)
    decode = event_decoder().decode

    def plain() -> int:
        return sum(decode(line).at is not None for line in io.BytesIO(data))

    def one_at_a_time() -> int:
        return sum(1 for _ in read_events(io.BytesIO(data), "lines"))

    def in_batches() -> int:
        return sum(len(batch) for batch in read_events(io.BytesIO(data), "lines").batches())

    best = seconds({"msgspec alone": plain, "batches": in_batches, "events": one_at_a_time})
    print(f"\n{kind}, {len(data) / LINES:.0f} bytes a line")
    for name, taken in best.items():
        print(f"  {name:16}{LINES / taken:12,.0f}/s{best['msgspec alone'] / taken:8.2f}x")
    benchmark(in_batches)
