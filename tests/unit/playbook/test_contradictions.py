"""Conditions that can never hold are found, and none that can."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import PARAMETERS, conditions

from crisisrules.playbook.conditions import All, AnyOf, Condition, Not, Operand, Test
from crisisrules.playbook.contradictions import clash_in, implies, positive
from crisisrules.playbook.read_conditions import ConditionReader
from crisisrules.playbook.reading import Faults
from crisisrules.playbook.yamltext import parse_yaml

SEVERITIES = ("minor", "major", "critical")
COUNTS = range(4)


def _read(text: str) -> Condition:
    faults = Faults(parameters=dict(PARAMETERS))
    condition = ConditionReader(("page",), faults).read(parse_yaml(text, "f.yaml"))
    assert faults.problems == []
    return condition


@pytest.mark.parametrize(
    "text",
    [
        "{incident.severity: major, not: {incident.severity: [major, minor]}}",
        "all: [{incident.severity: major}, {incident.severity: minor}]",
        "{incident.severity: {is: major, is_not: major}}",
        "{incident.severity: {not_in: [minor, major, critical]}}",
        "all: [{page.has_status: true}, {page.has_status: {is_not: true}}]",
        "{page.comments: {at_least: 10, less_than: 5}}",
        "{page.comments: {more_than: 5, at_most: 5}}",
        "{page.comments: {less_than: 0}}",
        "{page.comments: {at_least: $many, less_than: $many}}",
        "{page.comments: {is: 3, more_than: 4}}",
        "{page.silence: {at_least: 2h, less_than: 90m}}",
        "{incident.kind: {present: false, is: outage}}",
        "{any: [{incident.kind: outage}, {incident.kind: recall}], incident.kind: safety}",
        "{not: {any: [{page.has_status: true}, {page.has_status: false}]}}",
        "{incident.records: {mentions: drill}, not: {incident.records: {mentions: [drill, test]}}}",
    ],
)
def test_what_can_never_hold_is_found(text: str) -> None:
    clash = clash_in(_read(text))
    assert clash is not None
    assert clash.message.endswith("this never holds")


@pytest.mark.parametrize(
    "text",
    [
        "{page.comments: {at_least: 5, at_most: 5}}",
        "{page.comments: {at_least: $many, less_than: 2 * $many}}",
        "all: [{page.comments: {at_least: 9, in_last: 1h}}, {page.comments: {at_most: 3, in_last: 5m}}]",
        "{any: [{incident.kind: outage}, {incident.kind: recall}], incident.kind: recall}",
        "all: [{incident.records: {mentions: a}}, {incident.records: {mentions: b}}]",
        "{incident.records: {mentions: a}, not: {incident.records: {mentions: b}}}",
        "{incident.severity: {is_not: major, present: true}}",
    ],
)
def test_what_can_hold_is_left_alone(text: str) -> None:
    assert clash_in(_read(text)) is None


def test_a_narrower_condition_implies_the_wider() -> None:
    narrow = _read("{incident.severity: critical, page.comments: {at_least: 20}}")
    wide = _read("{incident.severity: [major, critical], page.comments: {at_least: 10}}")
    assert implies(narrow, wide)
    assert not implies(wide, narrow)


def _holds(condition: Condition, severity: str, count: int) -> bool:
    match condition:
        case All(of):
            return all(_holds(part, severity, count) for part in of)
        case AnyOf(of):
            return any(_holds(part, severity, count) for part in of)
        case Not(of):
            return not _holds(of, severity, count)
        case Test(operator=operator, value=value):
            return _compare(operator, value, severity if isinstance(value, str | tuple) else count)


def _compare(operator: str, value: Operand, seen: str | int) -> bool:
    if isinstance(value, tuple):
        return (seen in value) == (operator == "in")
    if isinstance(value, str):
        return (seen == value) == (operator == "is")
    assert isinstance(value, int)
    assert isinstance(seen, int)
    return {
        "at_least": seen >= value,
        "more_than": seen > value,
        "at_most": seen <= value,
        "less_than": seen < value,
        "is": seen == value,
        "is_not": seen != value,
    }[operator]


small = st.recursive(
    st.builds(
        Test,
        fact=st.just("incident.severity"),
        operator=st.sampled_from(["is", "is_not"]),
        value=st.sampled_from(SEVERITIES),
    )
    | st.builds(
        Test,
        fact=st.just("incident.severity"),
        operator=st.sampled_from(["in", "not_in"]),
        value=st.lists(st.sampled_from(SEVERITIES), min_size=1, max_size=3).map(tuple),
    )
    | st.builds(
        Test,
        fact=st.just("page.repeats"),
        operator=st.sampled_from(["at_least", "more_than", "at_most", "less_than", "is", "is_not"]),
        value=st.integers(0, 2),
    ),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda of: All(tuple(of)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of)))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)


@given(small)
def test_nothing_that_some_facts_meet_is_called_impossible(condition: Condition) -> None:
    assume(any(_holds(condition, s, n) for s in SEVERITIES for n in COUNTS))
    assert clash_in(condition) is None


@given(small)
def test_without_not_a_condition_means_the_same(condition: Condition) -> None:
    rewritten = positive(condition)
    assert all(
        _holds(rewritten, severity, count) == _holds(condition, severity, count)
        for severity in SEVERITIES
        for count in COUNTS
    )


@given(conditions(("post",)))
def test_a_condition_implies_itself(condition: Condition) -> None:
    assert implies(condition, condition)
