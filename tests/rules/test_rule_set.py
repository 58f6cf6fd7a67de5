"""What must hold of every rule that ships: it is tested, at its boundary too, and its page is current."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import load_playbook, parse_event
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import leaves
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule, State, clocks_of, conditions_of
from crisisrules.ruletest.cases import RuleTest
from crisisrules.ruletest.pagefiles import INDEX, page_files, stale_pages
from crisisrules.ruletest.pages import fires
from crisisrules.ruletest.suite import Suite, run_suite, suite_lines

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


def test_every_page_is_current() -> None:
    existing = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.suffix in (".md", ".html")
    }
    wanted = page_files(playbook(), rule_tests(), existing.get(INDEX))
    assert stale_pages(wanted, existing) == {}, "`crisisrules pages` writes them"


def _rule(name: str) -> Rule:
    rule = playbook().rule(name)
    assert rule is not None
    return rule
