"""Conditions and times with every parameter put in: what a playbook asks in one context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from crisisrules.playbook.conditions import All, AnyOf, Condition, Not, ParameterRef, Test
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Absence, Rule


def settle(condition: Condition, playbook: Playbook, context: Context) -> Condition:
    """The condition with the values that hold in a context instead of parameters."""
    match condition:
        case All(of):
            return All(tuple(settle(part, playbook, context) for part in of))
        case AnyOf(of):
            return AnyOf(tuple(settle(part, playbook, context) for part in of))
        case Not(of):
            return Not(settle(of, playbook, context))
        case Test(value=value, in_last=window):
            if isinstance(value, ParameterRef):
                number = playbook.value(value.name, context)
                scaled = float(number) * value.factor
                value = int(scaled) if scaled == int(scaled) else scaled
            if isinstance(window, ParameterRef):
                window = playbook.span(window, context)
            return attrs.evolve(condition, value=value, in_last=window)


def main_condition(rule: Rule) -> Condition:
    """What must hold for a rule to be about a subject at all."""
    if isinstance(rule.form, Absence):
        return All((rule.when, rule.form.forbid))
    return rule.when


def contexts(playbook: Playbook) -> Iterator[tuple[str, Context]]:
    """The contexts in which a value may differ, each with what to call it; the base comes first."""
    yield "", Context()
    seen: Mapping[tuple[str, str], None] = {
        (setting.layer, setting.key): None
        for setting in playbook.settings
        if setting.key is not None
    }
    words = {
        "kind": "an incident of kind",
        "severity": "an incident of severity",
        "phase": "phase",
        "platform": "platform",
        "page": "page",
    }
    for layer, key in seen:
        yield f"{words[layer]} `{key}`", Context(**{layer: key})
