"""Reading distinct short texts, against one plain pass of a token n-gram dictionary over the same texts.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_signals.py``. The texts are
those under ``tests/unit/signals/data``, each in several versions with other numbers, times, names and
misspellings, so that no text comes twice and every text may hold words never seen before; the caches
are warmed with versions that are not measured. A *stream* is nine comments to a post of the brand.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.signals import Topic, load_lexicon_signals

DATA: Final = Path(__file__).parents[1] / "unit" / "signals" / "data"
LEXICONS: Final = Path(__file__).parents[2] / "rules" / "lexicons"
ROUNDS: Final = 7
SIZE: Final = 6_000
COMMENTS_A_POST: Final = 9
ODDS: Final = 0.12
"""The share of words that a version misspells or replaces by a name never seen."""
SYLLABLES: Final = (
    "ba",
    "ce",
    "din",
    "fo",
    "gur",
    "ha",
    "lem",
    "mo",
    "nar",
    "pe",
    "qui",
    "xan",
    "zel",
)
TOPIC: Final = Topic(keywords=("outage", "panne", "réseau", "fibre"), kind="outage", place="Nantes")
_WORDS: Final = re.compile(r"\w+")


def corpus(role: str) -> list[str]:
    """The own texts of brands or of customers."""
    texts = [
        line.partition(" | ")[2].replace("\\n", "\n")
        for path in sorted(DATA.glob(f"{role}*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    for line in (DATA / "statements.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["role"] == role:
            texts.append(row["text"])
    return texts


def version(text: str, chance: random.Random) -> str:
    """The text with other numbers, and some words misspelt or made names."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word.isdecimal():
            return str(chance.randint(1, 10 ** len(word) - 1)) if len(word) < 5 else word
        if len(word) < 5 or chance.random() > ODDS:
            return word
        if chance.random() < 0.5:
            return "".join(chance.choices(SYLLABLES, k=3)).capitalize()
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _WORDS.sub(other, text)


def versions(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """So many distinct versions of the texts, in random order."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[version(chance.choice(texts), chance)] = None
    return list(found)


def plain_pass() -> Callable[[str], int]:
    """What the signals are compared with: folded tokens looked up in one dictionary of n-grams."""
    grams: set[str] = set()
    for path in sorted(LEXICONS.glob("*/forms.json")):
        for forms in json.loads(path.read_text(encoding="utf-8"))["classes"].values():
            grams.update(forms)
    longest = 3

    def count(text: str) -> int:
        words = _WORDS.findall(text.casefold())
        found = 0
        for here in range(len(words)):
            for size in range(1, longest + 1):
                found += " ".join(words[here : here + size]) in grams
        return found

    return count


@pytest.mark.parametrize("name", ["comments", "posts", "stream"])
def test_texts_read_a_second(benchmark: BenchmarkFixture, name: str) -> None:
    signals = load_lexicon_signals(
        {
            f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
            for path in sorted(LEXICONS.glob("*/*.json"))
        }
    )
    comments, posts = corpus("customer"), corpus("brand")
    for text in (*versions(comments, SIZE, 1), *versions(posts, SIZE, 2)):
        signals.read_comment(text, TOPIC)
        signals.read(text, topic=TOPIC)
    share = {"comments": 0, "posts": SIZE, "stream": SIZE // (COMMENTS_A_POST + 1)}[name]
    counted = plain_pass()
    best = dict.fromkeys(("plain", "signals"), float("inf"))

    def read(told: Sequence[str], heard: Sequence[str]) -> None:
        for text in told:
            signals.read(text, topic=TOPIC)
        for text in heard:
            signals.read_comment(text, TOPIC)

    def fresh(turn: int) -> tuple[list[str], list[str]]:
        told = versions(posts, share, 100 + turn) if share else []
        heard = versions(comments, SIZE - share, 200 + turn) if share < SIZE else []
        return told, heard

    for turn in range(ROUNDS):
        told, heard = fresh(turn)
        start = perf_counter()
        for text in (*told, *heard):
            counted(text)
        best["plain"] = min(best["plain"], perf_counter() - start)
        start = perf_counter()
        read(told, heard)
        best["signals"] = min(best["signals"], perf_counter() - start)
    length = sum(map(len, (*told, *heard))) / SIZE
    print(f"\n{name}, {length:.0f} characters a text")
    for each, taken in best.items():
        print(f"  {each:10}{SIZE / taken:12,.0f}/s{best['plain'] / taken:8.2f}x")
    benchmark(lambda: read(told, heard))
