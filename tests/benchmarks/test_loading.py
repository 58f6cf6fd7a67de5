"""Loading the base playbook against parsing its YAML alone, and a command against Python that does nothing.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_loading.py``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import yaml
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.adapters.playbooks import playbook_sources
from crisisrules.api import load_playbook
from crisisrules.cli.app import COMMANDS
from crisisrules.playbook.load import build_playbook

ROUNDS = 15


def _seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some rounds."""
    taken = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def test_loading(benchmark: BenchmarkFixture) -> None:
    sources = playbook_sources()
    texts = [source.text for source in sources if source.role != "lexicon"]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    playbook = benchmark(load_playbook)
    # the same text through the parser alone: no places, no checks, no rules
    alone = _seconds(lambda: [yaml.load(text, Loader=loader) for text in texts])  # noqa: S506
    built = _seconds(lambda: build_playbook(sources))
    loaded = _seconds(load_playbook)
    assert build_playbook(sources).rules == playbook.rules
    print(f"\n{len(playbook.rules)} rules, {sum(map(len, texts)):,} characters")
    for name, seconds in (("YAML alone", alone), ("built", built), ("with reading", loaded)):
        print(f"{name:<14}{seconds * 1000:8.1f} ms{seconds / alone:8.2f} x")


def test_start_up(benchmark: BenchmarkFixture) -> None:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    nothing = _seconds(lambda: run("-c", "pass"), 5)
    command = _seconds(lambda: run("-m", "crisisrules", "rules", "list"), 5)
    version = _seconds(lambda: run("-m", "crisisrules", "--version"), 5)
    # what each command imports before it does anything, the slowest of them all
    helped = {
        name: _seconds(lambda name=name: run("-m", "crisisrules", name, "--help"), 3)  # type: ignore[misc]
        for name in COMMANDS
    }
    slowest = max(helped, key=lambda name: helped[name])
    benchmark(run, "-m", "crisisrules", "--version")
    print()
    for name, seconds in (
        ("python -c pass", nothing),
        ("--version", version),
        ("rules list", command),
        (f"{slowest} --help", helped[slowest]),
    ):
        print(f"{name:<22}{seconds * 1000:8.0f} ms{seconds / nothing:8.2f} x")
