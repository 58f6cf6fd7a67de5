"""The rule test that the README of the rules explains is one, and passes."""

from __future__ import annotations

from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import load_playbook, parse_event
from crisisrules.ruletest.cases import read_rule_test
from crisisrules.ruletest.running import outcome_lines, run_rule_test


def test_the_example_of_a_rule_test_passes() -> None:
    readme = (base_folder() / "README.md").read_text(encoding="utf-8")
    section = readme.split("## How a rule test is written")[1]
    example = section.split("```yaml\n")[1].split("```")[0]
    playbook = load_playbook()
    test = read_rule_test(example, "README.md", playbook=playbook, parse_event=parse_event)

    outcomes = run_rule_test(test, playbook)

    assert [line for outcome in outcomes for line in outcome_lines(outcome)] == []
    assert len(outcomes) == 2
