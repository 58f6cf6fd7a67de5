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
from typing import Final, Protocol

from crisisrules.engine.matchers import Matches
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


class DurableMatcher:
    """The matcher that asks durable-rules; slower than the default, and equal to it.

    Raises:
        UsageError: this interpreter cannot import durable-rules.
    """

    def __init__(self, conditions: Sequence[Bound], columns: int) -> None:
        del columns  # rows are asked through their tests
        self._leaves = Leaves(longest=TESTS_A_RULESET - 1, most=_TERMS_A_PART)
        self._fixed: list[int] = []
        terms: list[tuple[Term, int, bool]] = []
        for index, condition in enumerate(conditions):
            for truth in (True, False):
                found = self._leaves.terms(condition, truth)
                if truth and frozenset() in found:
                    self._fixed.append(index)
                terms += [(term, index, truth) for term in found if term]
        self._told = {index for _, index, _ in terms}
        self._rulesets = [_Ruleset(part) for part in _packed(terms)]

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        truths = [evaluate(test, row) for test in self._leaves.tests]
        true, false = set(self._fixed), set[int]()
        for ruleset in self._rulesets:
            for index, truth in ruleset.match(truths):
                (true if truth else false).add(index)
        return Matches(sorted(true), sorted(self._told - true - false))

    def close(self) -> None:
        """Free the rulesets; the matcher is not used afterwards."""
        for ruleset in self._rulesets:
            ruleset.close()
        self._rulesets.clear()


class _Ruleset:
    """A ruleset of the engine with the one row that it holds at a time."""

    def __init__(self, terms: Sequence[tuple[Term, int, bool]]) -> None:
        self._name = f"crisisrules-{next(_NAMES)}"
        self._leaves = sorted({leaf for term, _, _ in terms for leaf, _ in term})
        self._fired: list[tuple[int, bool]] = []
        self._fact: dict[str, object] | None = None
        self._answer: list[tuple[int, bool]] = []
        # a fact that no rule mentions is an error to the engine, so one rule mentions them all
        rules = {"every": _definition({_MARKER: 1}, lambda _: None)}
        for number, (term, index, truth) in enumerate(terms):
            tests = {f"t{leaf}": int(wanted) for leaf, wanted in sorted(term)}
            rules[f"r{number}"] = _definition(tests, _noting(self._fired, (index, truth)))
        self._host = _new_host()
        self._host.register_rulesets({self._name: rules})

    def match(self, truths: Sequence[bool | None]) -> list[tuple[int, bool]]:
        """The conditions whose truth the row decides, by index."""
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
            self._answer = list(self._fired)
        return self._answer

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


def _noting(fired: list[tuple[int, bool]], what: tuple[int, bool]) -> Callable[[object], None]:
    # one parameter: the engine takes an action with two for one that completes later
    return lambda _: fired.append(what)


def _packed(terms: Sequence[tuple[Term, int, bool]]) -> list[list[tuple[Term, int, bool]]]:
    """The terms in as few rulesets as their order allows, each within the engine's limits."""
    packs: list[list[tuple[Term, int, bool]]] = []
    tests: set[Literal] = set()
    for term in terms:
        if (
            not packs
            or len(tests | term[0]) >= TESTS_A_RULESET  # the marker is a test too
            or len(packs[-1]) + 1 >= RULES_A_RULESET
        ):
            packs.append([])
            tests = set()
        packs[-1].append(term)
        tests |= term[0]
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
