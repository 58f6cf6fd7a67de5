"""Runs the cases of a rule test on a real session and says where the rule spoke otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs

from crisisrules.engine.session import Session
from crisisrules.model.errors import CrisisRulesError, Place, PlaybookError
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest.cases import Case, RuleTest, Step
from crisisrules.ruletest.coverage import Seen
from crisisrules.ruletest.expectations import LIVE, SELECTORS, SILENT, Expectation
from crisisrules.ruletest.leaves import Leaf, deciding_leaves
from crisisrules.ruletest.moments import moment_text
from crisisrules.signals import Signals

_INSTANT: Final = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Failure:
    """One step at which the rule spoke otherwise than expected.

    Attributes:
        differences: what was expected and seen, a line each.
        leaves: for each subject that the rule looked at, the tests that decided.
    """

    place: Place
    moment: str
    differences: tuple[str, ...]
    leaves: tuple[tuple[str, tuple[Leaf, ...]], ...]


@attrs.frozen(kw_only=True)
class Outcome:
    """How one case went: ``failures`` is empty when it passed."""

    rule: str
    case: str
    place: Place
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule spoke as expected at every step."""
        return not self.failures


def run_rule_test(
    test: RuleTest,
    playbook: Playbook,
    *,
    engine: str = "compiled",
    signals: Signals | None = None,
    seen: Seen | None = None,
) -> tuple[Outcome, ...]:
    """Run every case of a test.

    Args:
        test: the test; only its rule, and those it names in ``with``, are in force.
        playbook: the playbook that the test was read against.
        engine: the matching engine.
        signals: reads texts; None reads them with the playbook's lexicons.
        seen: notes what the rule's tests were seen to say, for coverage.
    """
    return tuple(
        _run_case(test, case, _narrowed(test, case, playbook), engine, signals, seen)
        for case in test.cases
    )


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """What a person needs to mend a case that failed; nothing when it passed."""
    for failure in outcome.failures:
        yield f"{failure.place}: failed {outcome.rule}: {outcome.case}, at {failure.moment}"
        yield from (f"    {line}" for line in failure.differences)
        for subject, leaves in failure.leaves:
            yield f"    what decided for {subject}:"
            yield from (f"      {_leaf_text(leaf)}" for leaf in leaves)


def _narrowed(test: RuleTest, case: Case, playbook: Playbook) -> Playbook:
    names = {test.rule, *test.beside}
    return attrs.evolve(
        playbook,
        rules=tuple(rule for rule in playbook.rules if rule.id in names),
        settings=(*playbook.settings, *case.settings),
        # A rule is tested as it is written, even where the brand switched it off
        disabled=(),
        governance=case.governance,
    )


def _run_case(
    test: RuleTest,
    case: Case,
    playbook: Playbook,
    engine: str,
    signals: Signals | None,
    seen: Seen | None,
) -> Outcome:
    failures: list[Failure] = []
    try:
        session = Session(playbook, engine=engine, signals=signals)
    except PlaybookError as error:
        # what the rule needs is not installed; the others are tested all the same
        failures.append(_failure(case.steps[0], test, _messages(error), ()))
        return Outcome(rule=test.rule, case=case.name, place=case.place, failures=tuple(failures))
    if seen is not None:
        seen.watch(session.plan)
    told: dict[str, Recommendation] = {}
    for step in case.steps:
        try:
            changes = _pass(session, step)
        except CrisisRulesError as error:
            failures.append(_failure(step, test, _messages(error), ()))
            break
        if seen is not None:
            seen.look(session)
        for change in changes:
            if change.recommendation.rule == test.rule:
                told[change.recommendation.id] = change.recommendation
        if step.expected is None:
            continue
        differences = tuple(_differences(step.expected, _standing(session, test.rule, told), test))
        if differences:
            leaves = tuple(deciding_leaves(session, test.rule, _subject(step.expected)))
            failures.append(_failure(step, test, differences, leaves))
    session.close()
    return Outcome(rule=test.rule, case=case.name, place=case.place, failures=tuple(failures))


def _messages(error: CrisisRulesError) -> tuple[str, ...]:
    return tuple(problem.message for problem in error.problems)


def _pass(session: Session, step: Step) -> list[Change]:
    changes = [change for event in step.events for change in session.feed(event)]
    # What is due at the very moment of the step has passed once time moved beyond it
    return changes + session.advance(step.at + _INSTANT)


def _standing(
    session: Session, rule: str, told: dict[str, Recommendation]
) -> tuple[Recommendation, ...]:
    """The newest of every recommendation of the rule, in the order in which they last changed."""
    now = {each.id: each for each in session.recommendations() if each.rule == rule}
    return tuple(now.get(name, last) for name, last in told.items())


def _failure(
    step: Step,
    test: RuleTest,
    differences: tuple[str, ...],
    leaves: tuple[tuple[str, tuple[Leaf, ...]], ...],
) -> Failure:
    place = step.expected[0].place if step.expected else step.place
    return Failure(
        place=place,
        moment=moment_text(step.at, test.start),
        differences=differences,
        leaves=leaves,
    )


def _subject(expected: Sequence[Expectation]) -> tuple[str, str] | None:
    return expected[0].subject if len(expected) == 1 else None


def _differences(
    expected: Sequence[Expectation], standing: Sequence[Recommendation], test: RuleTest
) -> Iterator[str]:
    live = [each for each in standing if each.status in LIVE]
    if not expected:
        yield from (f"expected {SILENT}, seen {_named(each)}" for each in live)
        return
    spoken_of: set[str] = set()
    for one in expected:
        found = [each for each in standing if _selected(one, each)]
        alive = [each for each in found if each.status in LIVE]
        spoken_of |= {each.id for each in alive}
        yield from _difference(one, found, alive, test)
    yield from (f"not expected: {_named(each)}" for each in live if each.id not in spoken_of)


def _difference(
    one: Expectation,
    found: Sequence[Recommendation],
    alive: Sequence[Recommendation],
    test: RuleTest,
) -> Iterator[str]:
    wanted = one.status
    if wanted == SILENT:
        yield from (f"expected {SILENT}, seen {_named(each)}" for each in alive)
        return
    if len(alive) > 1:
        names = ", ".join(_named(each) for each in alive)
        yield f"{len(alive)} recommendations stand, say which with `subject`, `page` or `incident`: {names}"
        return
    if alive:
        seen = alive[0]
    else:
        closed = [each for each in found if wanted is None or each.status == wanted]
        if wanted is None or not closed:
            last = f", the last one: {_named(found[-1])}" if found else ""
            yield f"expected {wanted or 'a recommendation'}, seen {SILENT}{last}"
            return
        seen = closed[-1]
    for name, value in one.values.items():
        observed = getattr(seen, name)
        if observed != value:
            shown = (_shown(each, test) for each in (value, observed))
            yield "{}: expected {}, seen {}".format(name, *shown)


def _selected(one: Expectation, told: Recommendation) -> bool:
    return all(
        getattr(one, name) is None or getattr(one, name) == getattr(told, name)
        for name in SELECTORS
    )


def _named(told: Recommendation) -> str:
    kind, name = told.subject
    where = f" on {told.page}" if told.page and told.page != name else ""
    return f"{told.status} for {kind} {name}{where}"


def _shown(value: object, test: RuleTest) -> str:
    if value is None:
        return "none"
    return moment_text(value, test.start) if isinstance(value, datetime) else str(value)


def _leaf_text(leaf: Leaf) -> str:
    truth = {True: "holds", False: "fails", None: "not known"}[leaf.holds]
    return f"{truth}: {leaf.fact}: seen {leaf.observed}, expected {leaf.expected}"
