"""A rule written back as YAML is the same rule, and reads as a person would write it."""

from __future__ import annotations

from hypothesis import given, settings
from strategies import PARAMETERS, conditions, rules

from crisisrules.playbook.conditions import Condition
from crisisrules.playbook.dump import condition_data, dump_rule, to_yaml
from crisisrules.playbook.read_conditions import ConditionReader
from crisisrules.playbook.read_rule import read_rule
from crisisrules.playbook.reading import Faults
from crisisrules.playbook.rule import Rule
from crisisrules.playbook.yamltext import parse_yaml

ABOUT = ("post", "item")


@given(rules())
@settings(max_examples=150)
def test_a_rule_loads_again_from_its_own_dump(rule: Rule) -> None:
    text = dump_rule(rule)
    faults = Faults(parameters=dict(PARAMETERS))
    again = read_rule(parse_yaml(text, "f.yaml"), rule.family, rule.id, faults)
    assert [str(problem) for problem in faults.problems] == []
    assert again == rule


@given(conditions(ABOUT))
def test_a_condition_reads_as_it_was_written(condition: Condition) -> None:
    faults = Faults(parameters=dict(PARAMETERS))
    text = to_yaml(condition_data(condition))
    again = ConditionReader(ABOUT, faults).read(parse_yaml(text, "f.yaml"))
    assert (faults.problems, again) == ([], condition)


def test_a_text_is_quoted_only_where_yaml_would_read_it_otherwise() -> None:
    words = {"a": "plain words", "b": "yes", "c": "10", "d": "x: y", "e": "# x", "f": " x", "g": ""}
    assert to_yaml(words) == (
        'a: plain words\nb: "yes"\nc: "10"\nd: "x: y"\ne: "# x"\nf: " x"\ng: ""\n'
    )
