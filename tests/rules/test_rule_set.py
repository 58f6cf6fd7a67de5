"""What must hold of every rule that ships: it is tested, at its boundary too, and its page is current."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import attrs

from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import load_playbook, parse_event
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import ParameterRef, Test, leaves
from crisisrules.playbook.parameters import Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule, State, clocks_of, conditions_of
from crisisrules.ruletest.cases import RuleTest
from crisisrules.ruletest.coverage import counts
from crisisrules.ruletest.leaves import test_text as text_of
from crisisrules.ruletest.pagefiles import INDEX, page_files, stale_pages
from crisisrules.ruletest.pages import fires
from crisisrules.ruletest.running import run_rule_test
from crisisrules.ruletest.suite import Suite, run_suite, suite_lines
from crisisrules.signals import Signals, load_signals

FOLDER = base_folder()
SECOND = timedelta(seconds=1)


@cache
def playbook() -> Playbook:
    return load_playbook()


@cache
def suite() -> Suite:
    files = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.rglob("*.test.yaml"))
    }
    return run_suite(files, playbook(), parse_event=parse_event)


@cache
def signals() -> Signals:
    return load_signals(playbook().lexicons)


def rule_tests() -> dict[str, RuleTest]:
    return {test.rule: test for test in suite().tests}


def is_timed(rule: Rule) -> bool:
    """Whether a second more or less can decide."""
    if clocks_of(rule) or (isinstance(rule.form, State) and rule.form.for_ is not None):
        return True
    asked = (test for condition in conditions_of(rule).values() for test in leaves(condition))
    return any(
        FACTS[test.fact].motion == "grows" and test.operator in ("at_least", "more_than")
        for test in asked
    )


def test_every_case_of_every_rule_passes() -> None:
    report = list(suite_lines(suite()))
    assert not suite().problems, "\n".join(report)
    assert not suite().failed, "\n".join(report)


def test_every_rule_has_a_test_that_bears_its_name() -> None:
    assert suite().untested == ()
    misplaced = [
        test.source
        for test in suite().tests
        if Path(test.source) != Path(_rule(test.rule).family) / f"{test.rule}.test.yaml"
    ]
    assert misplaced == []


def test_every_rule_fires_in_one_case_and_stays_silent_in_another() -> None:
    never_fires = [name for name, test in rule_tests().items() if not any(map(fires, test.cases))]
    never_silent = [name for name, test in rule_tests().items() if all(map(fires, test.cases))]
    assert (never_fires, never_silent) == ([], [])


def test_every_timed_rule_is_tested_a_second_before_its_moment_and_at_it() -> None:
    without = [
        name
        for name, test in rule_tests().items()
        if is_timed(_rule(name))
        and not any(
            later.at - earlier.at == SECOND
            for case in test.cases
            for earlier, later in zip(case.steps, case.steps[1:], strict=False)
        )
    ]
    assert without == []


def test_the_cases_reach_every_outcome_of_every_condition() -> None:
    gaps = [str(gap) for rule in suite().coverage for gap in rule.gaps]
    assert gaps == []


def counted(rule: Rule) -> list[Test]:
    """The tests of a rule that hold a number of things against a threshold."""
    return [
        test
        for condition in conditions_of(rule).values()
        for test in leaves(condition)
        if counts(test)
    ]


def moved(rule_test: RuleTest, test: Test, by: int) -> bool:
    """Whether all cases pass when the threshold of a test stands one higher or lower."""
    book, cases, value = playbook(), rule_test, test.value
    if isinstance(value, ParameterRef):
        name = value.name
        old = book.parameters[name]
        new = attrs.evolve(old, default=int(old.default) + by)
        settings = shifted(book.settings, name, by)
        parameters = {**book.parameters, name: new}
        book = attrs.evolve(book, parameters=parameters, settings=settings)
        each_case = [
            attrs.evolve(case, settings=shifted(case.settings, name, by)) for case in cases.cases
        ]
        cases = attrs.evolve(cases, cases=tuple(each_case))
    else:
        assert isinstance(value, int)
        rule = swapped(_rule(cases.rule), test, attrs.evolve(test, value=value + by))
        rules = tuple(rule if each.id == rule.id else each for each in book.rules)
        book = attrs.evolve(book, rules=rules)
    outcomes = run_rule_test(cases, book, signals=signals())
    return all(outcome.passed for outcome in outcomes)


def shifted(settings: tuple[Setting, ...], name: str, by: int) -> tuple[Setting, ...]:
    """Settings in which every value of one parameter stands so much higher."""
    return tuple(
        attrs.evolve(each, value=each.value + by)
        if each.name == name and isinstance(each.value, int)
        else each
        for each in settings
    )


def test_a_threshold_of_a_count_that_is_one_off_fails_a_case() -> None:
    unnoticed = [
        f"{name}: {text_of(test)} {by:+d}"
        for name, rule_test in rule_tests().items()
        for test in counted(_rule(name))
        for by in (-1, 1)
        if moved(rule_test, test, by)
    ]
    assert unnoticed == []


def test_every_page_is_current() -> None:
    existing = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.suffix in (".md", ".html")
    }
    wanted = page_files(playbook(), rule_tests(), existing.get(INDEX))
    assert stale_pages(wanted, existing) == {}, "`crisisrules pages` writes them"


def swapped(rule: Rule, old: Test, new: Test) -> Rule:
    """The rule with one test in another's place."""
    changed = _swapped(rule, old, new)
    assert isinstance(changed, Rule)
    return changed


def _swapped(value: object, old: Test, new: Test) -> object:
    if value is old:
        return new
    if isinstance(value, tuple):
        return tuple(_swapped(each, old, new) for each in value)
    kind = type(value)
    if not attrs.has(kind):
        return value
    return kind(
        **{
            field.alias: _swapped(getattr(value, field.name), old, new)
            for field in attrs.fields(kind)
        }
    )


def _rule(name: str) -> Rule:
    rule = playbook().rule(name)
    assert rule is not None
    return rule
