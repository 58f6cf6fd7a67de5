"""How much of the past a playbook's thresholds need: instants of rings, and time after an incident."""

from __future__ import annotations

import math

from crisisrules.engine.facts_page import LARGEST_WINDOW
from crisisrules.playbook.conditions import ParameterRef, Test, leaves
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import conditions_of


def _tests(playbook: Playbook) -> list[Test]:
    return [
        test
        for rule in playbook.rules
        for condition in conditions_of(rule).values()
        for test in leaves(condition)
    ]


def ring_sizes(playbook: Playbook) -> dict[str, int]:
    """How many instants each countable fact must keep, so that every threshold can be told exactly."""
    sizes: dict[str, int] = {}
    for test in _tests(playbook):
        if test.in_last is not None and test.fact != "page.signal_authors":
            highest = _highest(playbook, test.value)
            sizes[test.fact] = max(sizes.get(test.fact, 0), min(highest + 2, LARGEST_WINDOW))
        if test.fact == "page.load":
            sizes["page.replies"] = sizes["page.incident_comments"] = LARGEST_WINDOW
        if test.fact == "page.comments_over_baseline":
            sizes["page.comments"] = LARGEST_WINDOW
    return sizes


def _highest(playbook: Playbook, value: object) -> int:
    if isinstance(value, ParameterRef):
        values = [playbook.parameters[value.name].default]
        values += [
            s.value for s in playbook.settings if s.name == value.name and s.value is not None
        ]
        factors = [s.factor for s in playbook.settings if s.name == value.name and s.factor]
        most = max(float(each) for each in values) * max([1.0, *factors])
        return math.ceil(most * value.factor)
    if isinstance(value, tuple):
        return max((_highest(playbook, each) for each in value), default=0)
    return math.ceil(value) if isinstance(value, int | float) else 0


def longest_after(playbook: Playbook) -> int:
    """How long after the end of an incident some rule may still speak about it, in microseconds."""
    spans = [rule.scope.after_until for rule in playbook.rules]
    return max((_longest(playbook, span) for span in spans if span is not None), default=0)


def _longest(playbook: Playbook, span: int | ParameterRef) -> int:
    if isinstance(span, int):
        return span
    values = [playbook.value(span.name, Context())]
    values += [s.value for s in playbook.settings if s.name == span.name and s.value is not None]
    return int(max(float(each) for each in values) * max(1.0, span.factor))
