"""All rule tests of a playbook at once: what passed, what failed and why, what no case reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from crisisrules.model.errors import CrisisRulesError, Problem
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule
from crisisrules.ruletest.cases import ParseEvent, RuleTest, read_rule_test
from crisisrules.ruletest.coverage import RuleCoverage, Seen, coverage_of
from crisisrules.ruletest.running import Outcome, outcome_lines, run_rule_test
from crisisrules.signals import Signals, load_signals


@attrs.frozen(kw_only=True)
class Suite:
    """The outcome of many rule tests.

    Attributes:
        tests: the tests that could be read, in the order of their files.
        outcomes: one for each case of each test.
        coverage: one for each rule of the playbook that has a test, or was asked for.
        untested: rules without any case, by id.
        problems: faults of files that are no rule tests; these were not run.
    """

    tests: tuple[RuleTest, ...]
    outcomes: tuple[Outcome, ...]
    coverage: tuple[RuleCoverage, ...]
    untested: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that did not pass."""
        return tuple(outcome for outcome in self.outcomes if not outcome.passed)

    @property
    def share(self) -> float:
        """How much of the conditions' outcomes the cases reach, from 0 to 1."""
        total = sum(rule.total for rule in self.coverage)
        return sum(rule.reached for rule in self.coverage) / total if total else 1.0


def run_suite(
    files: Mapping[str, str],
    playbook: Playbook,
    *,
    parse_event: ParseEvent,
    engine: str = "compiled",
) -> Suite:
    """Read and run rule tests.

    Args:
        files: the text of each ``*.test.yaml`` by its name.
        playbook: the rules under test.
        parse_event: reads one event from the fields of its JSON line.
        engine: the matching engine.
    """
    tests, problems = read_suite(files, playbook, parse_event=parse_event)
    # Read once for all cases: lexicons are larger than any playbook
    signals: Signals | None = load_signals(playbook.lexicons) if playbook.lexicons else None
    seen = Seen()
    outcomes = [
        outcome
        for test in tests
        for outcome in run_rule_test(test, playbook, engine=engine, signals=signals, seen=seen)
    ]
    tested = {test.rule for test in tests}
    return Suite(
        tests=tests,
        outcomes=tuple(outcomes),
        coverage=coverage_of((rule for rule in playbook.rules if rule.id in tested), seen),
        untested=tuple(rule.id for rule in _to_test(playbook) if rule.id not in tested),
        problems=problems,
    )


def _to_test(playbook: Playbook) -> Iterator[Rule]:
    """The rules that owe a test: a brand tests its own, those of the base playbook come tested."""
    for rule in playbook.rules:
        if not playbook.governance.declared or rule.id in playbook.own_rules:
            yield rule


def read_suite(
    files: Mapping[str, str], playbook: Playbook, *, parse_event: ParseEvent
) -> tuple[tuple[RuleTest, ...], tuple[Problem, ...]]:
    """The rule tests of files, and the faults of those that are none."""
    tests: list[RuleTest] = []
    problems: list[Problem] = []
    for name, text in files.items():
        try:
            tests.append(read_rule_test(text, name, playbook=playbook, parse_event=parse_event))
        except CrisisRulesError as error:
            problems += error.problems
    return tuple(tests), tuple(problems)


def suite_lines(suite: Suite, *, coverage: bool = False) -> Iterator[str]:
    """The report of a suite as text: faults, failures, gaps where asked for, and a last line of counts."""
    yield from map(str, suite.problems)
    for outcome in suite.failed:
        yield from outcome_lines(outcome)
    if coverage:
        yield from (str(gap) for rule in suite.coverage for gap in rule.gaps)
        yield from (f"{rule}: no case tests it" for rule in suite.untested)
    passed = len(suite.outcomes) - len(suite.failed)
    summary = f"{len(suite.tests)} rule tests, {passed} cases passed, {len(suite.failed)} failed"
    if suite.problems:
        number = len(suite.problems)
        summary += f", {number} error{'s' if number > 1 else ''}"
    if coverage:
        reached = sum(rule.reached for rule in suite.coverage)
        total = sum(rule.total for rule in suite.coverage)
        summary += f", {reached} of {total} outcomes of conditions reached ({suite.share:.1%})"
    yield summary
