"""Rows against rules: our matchers, one generated function, and outside engines, in one run.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_matching.py``. Engines that
are not installed are left out of the table. All contenders must give the same answers before any is
timed.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any, Final, TypeAlias

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.engine.matchers import build_matcher
from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, evaluate
from crisisrules.model.errors import UsageError

Row: TypeAlias = tuple[int | None, ...]
Match: TypeAlias = Callable[[Row], Any]
"""Called with one row; what comes back names the conditions that hold, or is a pair that begins with them."""

COLUMNS: Final = 6
SYMBOLS: Final = {"is": "==", "at_least": ">=", "less_than": "<"}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def rules(number: int) -> list[Bound]:
    """Rules of two or three tests, half of them with an alternative, each true of a few rows in a hundred."""
    draw = random.Random(7)

    def atom() -> Atom:
        operator = draw.choice(list(SYMBOLS))
        if operator == "is":
            return Atom(draw.randrange(COLUMNS), operator, draw.randrange(50))
        limit = draw.randrange(35, 50) if operator == "at_least" else draw.randrange(15)
        return Atom(draw.randrange(COLUMNS), operator, limit)

    return [
        BoundAll((atom(), BoundAny((atom(), atom())))) if index % 2 else BoundAll((atom(), atom()))
        for index in range(number)
    ]


def rows(number: int) -> list[Row]:
    """Rows of small whole numbers, each unlike the one before."""
    draw = random.Random(11)
    return [tuple(draw.randrange(50) for _ in range(COLUMNS)) for _ in range(number)]


def written(bound: Bound, name: str, words: tuple[str, str]) -> str:
    """The condition in the syntax of an expression language."""
    match bound:
        case Atom(column, operator, value):
            return f"{name.format(column)} {SYMBOLS[operator]} {value}"
        case BoundAll(of) | BoundAny(of):
            word = words[isinstance(bound, BoundAny)]
            return "(" + f" {word} ".join(written(part, name, words) for part in of) + ")"
    raise TypeError(bound)


def generated(conditions: Sequence[Bound]) -> Match:
    """The limit: what a person would write by hand for exactly these rules."""
    lines = ["def match(row):", "    x0, x1, x2, x3, x4, x5 = row", "    true = []"]
    for index, condition in enumerate(conditions):
        lines.append(f"    if {written(condition, 'x{}', ('and', 'or'))}: true.append({index})")
    namespace: dict[str, Any] = {}
    exec("\n".join([*lines, "    return true"]), namespace)  # noqa: S102 - text made above
    match: Match = namespace["match"]
    return match


def compiled(conditions: Sequence[Bound]) -> Match:
    """The default matcher."""
    return build_matcher("compiled", conditions, COLUMNS).match


def durable(conditions: Sequence[Bound]) -> Match:
    """The matcher over durable-rules."""
    return build_matcher("durable", conditions, COLUMNS).match


def zen(conditions: Sequence[Bound]) -> Match:
    """zen-engine: compiled expressions."""
    compile_ = importlib.import_module("zen").compile_expression
    asked = [compile_(written(condition, "x{}", ("and", "or"))) for condition in conditions]

    def match(row: Row) -> list[int]:
        context = {f"x{column}": value for column, value in enumerate(row)}
        return [index for index, one in enumerate(asked) if one.evaluate(context)]

    return match


def rule_engine(conditions: Sequence[Bound]) -> Match:
    """rule-engine: parsed rules."""
    rule = importlib.import_module("rule_engine").Rule
    asked = [rule(written(condition, "x{}", ("and", "or"))) for condition in conditions]

    def match(row: Row) -> list[int]:
        context = {f"x{column}": value for column, value in enumerate(row)}
        return [index for index, one in enumerate(asked) if one.matches(context)]

    return match


def cel(conditions: Sequence[Bound]) -> Match:
    """common-expression-language: compiled programs."""
    compile_ = importlib.import_module("cel").compile
    asked = [compile_(written(condition, "x{}", ("&&", "||"))) for condition in conditions]

    def match(row: Row) -> list[int]:
        context = {f"x{column}": value for column, value in enumerate(row)}
        return [index for index, one in enumerate(asked) if one.execute(context)]

    return match


def clips(conditions: Sequence[Bound]) -> Match:
    """clipspy: a Rete network over one fact, whose actions note the rule."""
    environment = importlib.import_module("clips").Environment()
    fired: list[int] = []
    environment.define_function(fired.append, name="note")
    slots = " ".join(f"(slot x{column} (type INTEGER))" for column in range(COLUMNS))
    environment.build(f"(deftemplate row {slots})")

    def test(bound: Bound) -> str:
        match bound:
            case Atom(column, operator, value):
                return f"({ {'is': '=', 'at_least': '>=', 'less_than': '<'}[operator] } ?x{column} {value})"
            case BoundAll(of):
                return f"(and {' '.join(map(test, of))})"
            case BoundAny(of):
                return f"(or {' '.join(map(test, of))})"
        raise TypeError(bound)

    pattern = " ".join(f"(x{column} ?x{column})" for column in range(COLUMNS))
    for index, condition in enumerate(conditions):
        environment.build(
            f"(defrule r{index} (row {pattern}) (test {test(condition)}) => (note {index}))"
        )
    template = environment.find_template("row")
    facts: list[Any] = []

    def match(row: Row) -> list[int]:
        fired.clear()
        if facts:
            facts.pop().retract()
        facts.append(
            template.assert_fact(**{f"x{column}": value for column, value in enumerate(row)})
        )
        environment.run()
        return sorted(fired)

    return match


def held(answer: Any) -> list[int]:
    """The conditions that hold, of what a contender gives."""
    return list(answer[0] if isinstance(answer, tuple) else answer)


OUTSIDE: Final = (durable, zen, rule_engine, cel, clips)


def rates(contenders: dict[str, tuple[Match, Sequence[Row]]]) -> dict[str, float]:
    """Rows a second of each, the best of five rounds in which all of them take their turn."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(5):
        for name, (match, sample) in contenders.items():
            start = perf_counter()
            for row in sample:
                match(row)
            best[name] = min(best[name], (perf_counter() - start) / len(sample))
    return {name: 1 / seconds for name, seconds in best.items()}


def table(title: str, found: dict[str, float]) -> None:
    """Print the rates, fastest first."""
    limit = found["one generated function"]
    print(f"\n{title}; rows a second, and how many times slower than the limit")
    for name, rate in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"  {name:24}{rate:12,.0f}{limit / rate:10.1f}x")


def built(conditions: Sequence[Bound]) -> Iterator[tuple[str, Match]]:
    """Every contender that is installed here."""
    yield "one generated function", generated(conditions)
    yield "compiled", compiled(conditions)
    for make in OUTSIDE:
        try:
            yield make.__name__, make(conditions)
        except (ImportError, UsageError) as error:
            print(f"{make.__name__} is left out: {error}")


@pytest.mark.parametrize("number", [3, 30, 300])
def test_rows_matched_a_second(benchmark: BenchmarkFixture, number: int) -> None:
    conditions, sample = rules(number), rows(2_000)
    oracle = generated(conditions)
    contenders: dict[str, tuple[Match, Sequence[Row]]] = {}
    for name, match in built(conditions):
        slow = name not in ("one generated function", "compiled")
        # enough rows for a steady figure, few enough for the slowest at 300 rules
        contenders[name] = match, sample[: max(20, 6_000 // number)] if slow else sample
        assert all(held(match(row)) == oracle(row) for row in sample[:50]), name
    found = rates(contenders)
    table(f"{number} rules", found)
    benchmark.extra_info.update({name: round(rate) for name, rate in found.items()})
    match = contenders["compiled"][0]
    benchmark(lambda: [match(row) for row in sample])


def test_rows_with_a_fact_missing(benchmark: BenchmarkFixture) -> None:
    """Three truth values against two: each row lacks a fact, and the limit is asked of whole rows."""
    conditions, sample = rules(100), rows(2_000)
    draw = random.Random(13)
    gaps: list[Row] = []
    for row in sample:
        gap = draw.randrange(COLUMNS)
        gaps.append((*row[:gap], None, *row[gap + 1 :]))
    match = compiled(conditions)

    def evaluated(row: Row) -> tuple[list[int], list[int]]:
        truths = [evaluate(condition, row) for condition in conditions]
        return (
            [index for index, truth in enumerate(truths) if truth],
            [index for index, truth in enumerate(truths) if truth is None],
        )

    assert all(match(row) == evaluated(row) for row in gaps[:50])
    found = rates(
        {
            "one generated function": (generated(conditions), sample),
            "compiled": (match, gaps),
            "evaluation": (evaluated, gaps[:50]),
        }
    )
    table("100 rules, each row without one fact", found)
    benchmark(lambda: [match(row) for row in gaps])
