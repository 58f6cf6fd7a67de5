"""Rules that stand in each other's way: one says what another says, or asks for what another flags."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Problem
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.conditions import All, Condition, Test
from crisisrules.playbook.contradictions import clash_in, conjuncts, implies
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Absence, Clock, Recurrence, Response, Rule, State, clocks_of
from crisisrules.playbook.settled import contexts, main_condition, settle

_OPPOSED: Final = (
    ("hold-item", "clear-item"),
    ("reply", "stop-replying"),
    ("clear-item", "review-item"),
)
_PACE_FACTS: Final = ("page.silence", "page.quiet", "page.status_age")


def _in_force(playbook: Playbook) -> list[Rule]:
    off = {entry.rule for entry in playbook.disabled}
    return [rule for rule in playbook.rules if rule.id not in off and rule.status != "deprecated"]


def shadowed(playbook: Playbook) -> Iterator[Problem]:
    """Rules that say nothing which another does not say as early and as severely."""
    for rule, other in itertools.permutations(_in_force(playbook), 2):
        if not _says_more(other, rule, playbook):
            continue
        both = _says_more(rule, other, playbook)
        if both and rule.id < other.id:
            continue  # equal rules are told once, at the later of the two
        how = "says the same as" if both else "says nothing that is not said by"
        message = f"`{rule.id}` {how} `{other.id}`, at {other.place}; keep one of the two"
        yield Problem(rule.place, "shadowed-rule", message, warning=True)


def _says_more(other: Rule, rule: Rule, playbook: Playbook) -> bool:
    """Whether the other rule asks the same whenever the rule does, as early and as severely."""
    if type(other.form) is not type(rule.form) or other.advice.action != rule.advice.action:
        return False
    if rule.id in other.replaces or other.id in rule.replaces or other.status == "preview":
        return False
    if not set(rule.about) <= set(other.about) or not set(other.regimes) <= set(rule.regimes):
        return False
    rank = RULE_SEVERITIES.index
    if rank(other.severity) < rank(rule.severity) or (other.whose, rule.whose) == ("own", "any"):
        return False
    if other.scope != rule.scope and not other.scope.always:
        return False
    if not _asks_as_much(other, rule, playbook):
        return False
    one, wider = (settle(main_condition(each), playbook, Context()) for each in (rule, other))
    return implies(one, wider)


def _asks_as_much(other: Rule, rule: Rule, playbook: Playbook) -> bool:
    match other.form, rule.form:
        case State(for_=wait), State(for_=own):
            base = Context()
            return playbook.span(wait or 0, base) <= playbook.span(own or 0, base)
        case Absence(), Absence():
            return True
        case (Response(expect=asked), Response(expect=own)) | (
            Recurrence(expect=asked),
            Recurrence(expect=own),
        ):
            return implies(asked, own) and all(
                any(_as_early(first, clock, playbook) for first in clocks_of(other))
                for clock in clocks_of(rule)
            )
        case _:
            return False


def _as_early(first: Clock, clock: Clock, playbook: Playbook) -> bool:
    """Whether each severity of a clock is reached by the other no later."""
    rank = RULE_SEVERITIES.index
    base = Context()
    return (first.of, first.days) == (clock.of, clock.days) and all(
        any(
            rank(early.severity) >= rank(rung.severity)
            and playbook.span(early.after, base) <= playbook.span(rung.after, base)
            for early in first.ladder
        )
        for rung in clock.ladder
    )


def contradictory(playbook: Playbook) -> Iterator[Problem]:
    """Rules that ask for opposite actions, or for a message that another one flags."""
    rules = _in_force(playbook)
    for rule, other in itertools.permutations(rules, 2):
        if rule.id in other.replaces or other.id in rule.replaces:
            continue
        if (rule.advice.action, other.advice.action) in _OPPOSED:
            yield from _opposed(rule, other, playbook)
        if isinstance(rule.form, Response | Recurrence) and isinstance(other.form, Absence):
            yield from _too_soon(rule, rule.form.expect, other, other.form.forbid, playbook)


def _opposed(rule: Rule, other: Rule, playbook: Playbook) -> Iterator[Problem]:
    """Two rules about the same subject that ask for opposite actions whenever one of them speaks."""
    if not set(rule.about) & set(other.about) or rule.scope.during != other.scope.during:
        return
    one, two = (settle(main_condition(each), playbook, Context()) for each in (rule, other))
    if implies(one, two) or implies(two, one):
        message = (
            f"`{rule.id}` asks to {rule.advice.action} where `{other.id}` asks to "
            f"{other.advice.action}; let one replace the other, or narrow one"
        )
        yield Problem(rule.place, "contradictory-rules", message, warning=True)


def _too_soon(
    rule: Rule, expect: Condition, other: Rule, forbid: Condition, playbook: Playbook
) -> Iterator[Problem]:
    """A message that one rule demands within a time, and another forbids until later."""
    parts = tuple(conjuncts(forbid))
    waits = [
        part
        for part in parts
        if isinstance(part, Test)
        and part.fact in _PACE_FACTS
        and part.operator in ("less_than", "at_most")
    ]
    rest = All(tuple(part for part in parts if part not in waits))
    if not waits or clash_in(All((expect, rest))) is not None:
        return
    for said, context in contexts(playbook):
        guard = All((settle(rule.when, playbook, context), settle(other.when, playbook, context)))
        if clash_in(guard) is not None:
            continue
        demanded = min(
            playbook.span(rung.after, context) for clock in clocks_of(rule) for rung in clock.ladder
        )
        for wait in waits:
            value = settle(wait, playbook, context)
            if isinstance(value, Test) and isinstance(value.value, int) and value.value > demanded:
                where = f" ({said})" if said else ""
                message = (
                    f"`{rule.id}` asks for a message within {format_duration(demanded)} and "
                    f"`{other.id}` flags one before {format_duration(value.value)}{where}"
                )
                yield Problem(
                    wait.place or other.place, "contradictory-rules", message, warning=True
                )
                return
