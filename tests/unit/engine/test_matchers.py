"""Every matcher gives what the plain Kleene evaluation gives, on any condition and row."""

from __future__ import annotations

import importlib
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisrules.engine.matchers import Matcher, build_matcher
from crisisrules.engine.matchers.durable import RULES_A_RULESET, TESTS_A_RULESET, _packed
from crisisrules.engine.matchers.normal import Leaves
from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, BoundNot, evaluate
from crisisrules.engine.values import ABSENT, AtLeast, Row, Value
from crisisrules.model.errors import UsageError

try:
    importlib.import_module("durable.engine")
    NO_DURABLE = ""
except ImportError as error:
    NO_DURABLE = f"durable-rules cannot be imported here: {error}"
needs_durable = pytest.mark.skipif(bool(NO_DURABLE), reason=NO_DURABLE)
# durable-rules asks the time in a way that newer Pythons deprecate
pytestmark = pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"
)
engines = pytest.mark.parametrize(
    "engine", ["compiled", pytest.param("durable", marks=needs_durable)]
)

COLUMNS = 6
"""0 and 1 counts, 2 and 3 words, 4 a set, 5 a count to compare with."""

counts = st.one_of(st.none(), st.integers(0, 4), st.just(ABSENT), st.integers(0, 4).map(AtLeast))
words = st.one_of(st.none(), st.sampled_from(["a", "b", "", "é"]), st.just(ABSENT))
sets = st.one_of(st.none(), st.frozensets(st.sampled_from(["a", "b"])), st.just(ABSENT))
rows = st.tuples(counts, counts, words, words, sets, st.one_of(st.none(), st.integers(0, 4)))
comparisons = st.sampled_from(["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
atoms: st.SearchStrategy[Bound] = st.one_of(
    st.builds(Atom, st.integers(0, 1), comparisons, st.integers(0, 4)),
    st.builds(Atom, st.integers(0, 1), comparisons, st.none(), st.just(5)),
    st.builds(Atom, st.integers(2, 3), st.sampled_from(["is", "is_not"]), st.sampled_from("ab")),
    st.builds(Atom, st.integers(2, 3), st.sampled_from(["in", "not_in"]), st.just(("a", "é"))),
    st.builds(Atom, st.just(4), st.just("mentions"), st.sampled_from("ab")),
    st.builds(Atom, st.integers(0, 4), st.just("present"), st.booleans()),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(BoundNot, inner),
        st.builds(BoundAll, st.lists(inner, max_size=3).map(tuple)),
        st.builds(BoundAny, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)


@contextmanager
def matcher_of(engine: str, conditions: Sequence[Bound]) -> Iterator[Matcher]:
    matcher = build_matcher(engine, conditions, COLUMNS)
    try:
        yield matcher
    finally:
        matcher.close()


def expected(conditions: Sequence[Bound], row: Row) -> tuple[list[int], list[int]]:
    truths = [evaluate(condition, row) for condition in conditions]
    return (
        [index for index, truth in enumerate(truths) if truth is True],
        [index for index, truth in enumerate(truths) if truth is None],
    )


def got(matcher: Matcher, row: Row) -> tuple[list[int], list[int]]:
    true, unknown = matcher.match(row)
    return list(true), list(unknown)


@engines
@settings(max_examples=150, deadline=None)
@given(
    conditions=st.lists(conditions, min_size=1, max_size=8),
    rows=st.lists(rows, min_size=1, max_size=6),
)
def test_agrees_with_evaluation(
    engine: str, conditions: list[Bound], rows: list[tuple[Value, ...]]
) -> None:
    with matcher_of(engine, conditions) as matcher:
        for row in rows:
            assert got(matcher, row) == expected(conditions, row)


@engines
def test_a_row_seen_again_gives_the_same(engine: str) -> None:
    conditions: list[Bound] = [Atom(0, "at_least", 2), BoundNot(Atom(0, "at_least", 2))]
    with matcher_of(engine, conditions) as matcher:
        seen = [got(matcher, (value, 0, "a", "a", frozenset(), 0)) for value in (1, 1, 2, None, 1)]
    assert seen == [([1], []), ([1], []), ([0], []), ([], [0, 1]), ([1], [])]


@engines
def test_more_tests_than_one_ruleset_may_hold(engine: str) -> None:
    """Three hundred tests that are true at once, of which the 41st condition asks for seventy."""
    row = tuple(range(300))
    conditions: list[Bound] = [
        BoundAll(tuple(Atom(column, "at_least", column) for column in range(start, start + 7)))
        for start in range(0, 280, 7)
    ]
    conditions.append(BoundAll(tuple(Atom(column, "is", column) for column in range(70))))
    conditions.append(BoundAny(tuple(Atom(column, "more_than", column) for column in range(300))))
    matcher = build_matcher(engine, conditions, len(row))
    assert got(matcher, row) == expected(conditions, row)
    matcher.close()


@engines
def test_alternatives_that_multiply(engine: str) -> None:
    """Ten pairs of alternatives are 1,024 conjunctions; they must neither hang nor be lost."""
    pairs = tuple(
        BoundAny((Atom(column, "is", 1), Atom(column + 10, "is", 1))) for column in range(10)
    )
    matcher = build_matcher(engine, [BoundAll(pairs)], 20)
    assert got(matcher, (1,) * 10 + (0,) * 10) == ([0], [])
    assert got(matcher, (1,) * 9 + (0,) + (0,) * 10) == ([], [])
    assert got(matcher, (1,) * 9 + (None,) + (0,) * 10) == ([], [0])
    matcher.close()


@engines
def test_conditions_without_tests(engine: str) -> None:
    conditions: list[Bound] = [BoundAll(()), BoundAny(()), BoundNot(BoundAny(()))]
    with matcher_of(engine, conditions) as matcher:
        assert got(matcher, (None,) * COLUMNS) == ([0, 2], [])


@engines
def test_what_can_never_be_false_or_true_may_be_unknown(engine: str) -> None:
    test = Atom(0, "is", 1)
    conditions: list[Bound] = [
        BoundAny((test, BoundNot(test))),
        BoundAll((test, BoundNot(test))),
    ]
    with matcher_of(engine, conditions) as matcher:
        assert got(matcher, (None,) * COLUMNS) == ([], [0, 1])
        assert got(matcher, (1,) * COLUMNS) == ([0], [])


@engines
def test_a_condition_spread_over_rulesets_of_which_one_knows_nothing(engine: str) -> None:
    """Two wide conditions: the second's tests do not all fit beside the first's."""
    wide: list[Bound] = [
        BoundAll(tuple(Atom(column, "is", 1) for column in range(start, start + 32)))
        for start in (0, 32)
    ]
    matcher = build_matcher(engine, wide, 64)
    ones = (1,) * 62
    assert got(matcher, (1, *ones, None)) == ([0], [1])
    assert got(matcher, (*ones[:32], 0, *ones[:30], None)) == ([0], [])
    assert got(matcher, (*ones[:32], None, *ones[:30], 0)) == ([0], [])
    matcher.close()


@given(st.lists(conditions, min_size=1, max_size=40))
def test_rulesets_stay_inside_what_the_engine_bears(conditions: list[Bound]) -> None:
    leaves = Leaves(longest=TESTS_A_RULESET - 1, most=32)
    cases = [
        (term, index)
        for index, condition in enumerate(conditions)
        for truth in (True, False)
        for term in leaves.terms(condition, truth)
    ]
    packs = _packed(cases)
    assert [case for pack in packs for case in pack] == cases
    for pack in packs:
        assert len(pack) + 1 <= RULES_A_RULESET
        assert len({literal for term, _ in pack for literal in term}) + 1 <= TESTS_A_RULESET


@needs_durable
def test_matchers_that_come_and_go_leave_little_behind() -> None:
    resource = pytest.importorskip("resource")
    conditions: list[Bound] = [
        BoundAll((Atom(0, "at_least", limit), Atom(2, "is", "a"))) for limit in range(30)
    ]

    def cycle(times: int) -> None:
        for number in range(times):
            with matcher_of("durable", conditions) as matcher:
                for value in range(4):
                    matcher.match((value + number % 2, 0, "a", "b", frozenset(), 0))

    def peak() -> int:
        kibibytes: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return kibibytes

    cycle(20)
    before = peak()
    cycle(100)
    # a ruleset of this size is about 1 MB in the engine: a leak would be a hundred of them
    assert peak() - before < 20_000


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (ModuleNotFoundError("No module named 'durable'"), "install `crisisrules[durable]`"),
        (ImportError("undefined symbol: PyEval_CallObject"), "use 3.11 or 3.12"),
    ],
)
def test_says_why_the_engine_is_not_available(
    monkeypatch: pytest.MonkeyPatch, error: ImportError, advice: str
) -> None:
    def fail(name: str) -> types.ModuleType:
        raise error

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(UsageError) as caught:
        build_matcher("durable", [Atom(0, "is", 1)], 1)
    assert advice in str(caught.value)
    assert "or use `compiled`" in str(caught.value)


def test_names_the_nearest_engine() -> None:
    with pytest.raises(UsageError) as caught:
        build_matcher("compild", [], 0)
    assert "did you mean `compiled`?" in str(caught.value)
