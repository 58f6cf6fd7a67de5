"""Conditions as rulesets of durable-rules, kept to the part of that engine which is sound.

A row goes in as one fact of small integers, 1 for a test that is true and 0 for one that is false; a test
that cannot be told is left out. Each alternative of a condition is a rule that asks for a few of these
integers and whose action notes the condition. There are no events, no ``$or``, no joins, no text, no
timers: outside that part the engine loses facts, fires wrongly or hangs.
"""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeAlias

from crisisrules.engine.matchers import Matcher, Matches
from crisisrules.engine.matchers.normal import Leaves, Literal, Term
from crisisrules.engine.tables import Bound, evaluate
from crisisrules.engine.values import Row
from crisisrules.model.errors import Place, Problem, UsageError

TESTS_A_RULESET: Final = 60
"""Distinct tests in one ruleset: of more than 64 true at once the engine makes an error."""

RULES_A_RULESET: Final = 200
"""Rules in one ruleset: 256 that share a test crash the engine."""

_TERMS_A_PART: Final = 32
_MARKER: Final = "row"
_SID: Final = "0"
_ROW_ID: Final = "r"
_NAMES = itertools.count()

_Case: TypeAlias = tuple[Term, int]
"""An alternative, and the condition that it decides."""


def durable_matcher(conditions: Sequence[Bound]) -> Matcher:
    """The matcher that asks durable-rules; slower than the default, and equal to it.

    Raises:
        UsageError: this interpreter cannot import durable-rules.
    """
    rulesets = _Rulesets(conditions)
    return Matcher(match=rulesets.match, close=rulesets.close)


class _Rulesets:
    """The rulesets for all conditions of a table."""

    def __init__(self, conditions: Sequence[Bound]) -> None:
        self._leaves = Leaves(longest=TESTS_A_RULESET - 1, most=_TERMS_A_PART)
        self._always: set[int] = set()
        self._doubtful: set[int] = set()
        holding: list[_Case] = []
        failing: list[_Case] = []
        for index, condition in enumerate(conditions):
            holds = self._leaves.terms(condition, True)
            fails = self._leaves.terms(condition, False)
            if frozenset() in holds:
                self._always.add(index)
            elif frozenset() not in fails:
                self._doubtful.add(index)
                holding += [(term, index) for term in holds]
                failing += [(term, index) for term in fails]
        self._holding = [_Ruleset(cases) for cases in _packed(holding)]
        self._failing = [_Ruleset(cases) for cases in _packed(failing)]

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        truths = [evaluate(test, row) for test in self._leaves.tests]
        true = self._always.union(*(ruleset.match(truths) for ruleset in self._holding))
        if None not in truths:
            # what does not hold fails, and the other half need not be asked
            return sorted(true), ()
        false = set[int]().union(*(ruleset.match(truths) for ruleset in self._failing))
        return sorted(true), sorted(self._doubtful - true - false)

    def close(self) -> None:
        """Free the rulesets."""
        for ruleset in (*self._holding, *self._failing):
            ruleset.close()
        self._holding.clear()
        self._failing.clear()


class _Ruleset:
    """A ruleset of the engine with the one row that it holds at a time."""

    def __init__(self, cases: Sequence[_Case]) -> None:
        self._name = f"crisisrules-{next(_NAMES)}"
        self._leaves = sorted({leaf for term, _ in cases for leaf, _ in term})
        self._fired: list[int] = []
        self._fact: dict[str, object] | None = None
        # a fact that no rule mentions is an error to the engine, so one rule mentions them all
        rules = {"every": _definition({_MARKER: 1}, lambda _: None)}
        for number, (term, index) in enumerate(cases):
            tests = {f"t{leaf}": int(wanted) for leaf, wanted in sorted(term)}
            rules[f"r{number}"] = _definition(tests, _noting(self._fired, index))
        self._host = _new_host()
        self._host.register_rulesets({self._name: rules})

    def match(self, truths: Sequence[bool | None]) -> list[int]:
        """The conditions of which an alternative is there; one may come more than once."""
        fact: dict[str, object] = {"id": _ROW_ID, "sid": _SID, _MARKER: 1}
        for leaf in self._leaves:
            truth = truths[leaf]
            if truth is not None:
                fact[f"t{leaf}"] = int(truth)
        if fact != self._fact:
            if self._fact is not None:
                self._host.retract_fact(self._name, dict(self._fact))
            self._fired.clear()
            self._fact = fact
            self._host.assert_fact(self._name, dict(fact))
        return self._fired

    def close(self) -> None:
        """Free what the engine holds: the row's state first, which the ruleset does not take along."""
        if self._fact is not None:
            self._host.delete_state(self._name, _SID)
        core = importlib.import_module("durable_rules_engine")
        core.delete_ruleset(self._host.get_ruleset(self._name)._handle)  # noqa: SLF001 - no public way


class _Host(Protocol):
    """What is used of the host of durable-rules."""

    def register_rulesets(self, definitions: dict[str, dict[str, dict[str, object]]]) -> object: ...
    def assert_fact(self, name: str, fact: dict[str, object]) -> object: ...
    def retract_fact(self, name: str, fact: dict[str, object]) -> object: ...
    def delete_state(self, name: str, sid: str) -> object: ...
    def get_ruleset(self, name: str) -> _Handled: ...


class _Handled(Protocol):
    _handle: int


def _definition(tests: dict[str, int], run: Callable[[object], None]) -> dict[str, object]:
    return {"all": [{"m": {"$and": [{name: value} for name, value in tests.items()]}}], "run": run}


def _noting(fired: list[int], index: int) -> Callable[[object], None]:
    # one parameter: the engine takes an action with two for one that completes later
    return lambda _: fired.append(index)


def _packed(cases: Sequence[_Case]) -> list[list[_Case]]:
    """The alternatives in rulesets, in their order, each within the engine's limits."""
    packs: list[list[_Case]] = []
    tests: set[Literal] = set()
    for case in cases:
        if (
            not packs
            or len(tests | case[0]) >= TESTS_A_RULESET  # the marker is a test too
            or len(packs[-1]) + 1 >= RULES_A_RULESET
        ):
            packs.append([])
            tests = set()
        packs[-1].append(case)
        tests |= case[0]
    return packs


def _new_host() -> _Host:
    try:
        engine = importlib.import_module("durable.engine")
    except ModuleNotFoundError as error:
        advice = "install `crisisrules[durable]`"
        raise _unavailable(advice) from error
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        advice = f"durable-rules 2.0.28 cannot be loaded by Python {version}, use 3.11 or 3.12"
        raise _unavailable(advice) from error
    # the engine's own host starts two threads with timers on the wall clock; nothing here needs them
    quiet = type("QuietHost", (engine.Host,), {"_run": lambda _: None})
    host: _Host = quiet()
    return host


def _unavailable(advice: str) -> UsageError:
    message = f"the engine `durable` is not available here: {advice}, or use `compiled`"
    return UsageError(Problem(Place("--engine"), "engine-unavailable", message))
