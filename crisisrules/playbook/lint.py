"""What is wrong with a playbook that loads: rules that cannot speak, that say nothing new, that clash.

Everything found here is certain as far as constants and the values of the playbook tell; what depends
on the day is left alone. What each problem means stands in :mod:`crisisrules.playbook.checks`; governance
is looked at in :mod:`crisisrules.playbook.lint_governance`.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from datetime import datetime

import attrs

from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Place, Problem
from crisisrules.playbook.conditions import ALWAYS, All, AnyOf, Condition, Not, Test, leaves
from crisisrules.playbook.contradictions import Clash, clash_in, conjuncts
from crisisrules.playbook.explained import parameters_of
from crisisrules.playbook.lint_governance import governance_problems
from crisisrules.playbook.lint_overlaps import contradictory, shadowed
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.placeholders import placeholders
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Recurrence, Response, Rule, clocks_of, conditions_of
from crisisrules.playbook.settled import contexts, main_condition, settle


def lint_playbook(
    playbook: Playbook, *, platforms: Collection[str] = (), now: datetime | None = None
) -> tuple[Problem, ...]:
    """Everything that a person who keeps this playbook should look at, each a warning.

    Args:
        playbook: one that loaded.
        platforms: those that the brand uses, as far as the caller knows.
        now: for ends that have passed; None: they are not looked at.
    """
    found = [
        *_unreachable(playbook),
        *_always(playbook),
        *shadowed(_without_dead(playbook)),
        *contradictory(playbook),
        *_thresholds(playbook),
        *_unused(playbook),
        *_unsourced(playbook),
        *_languages(playbook),
        *_switched_off(playbook, now),
        *governance_problems(playbook, platforms),
    ]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda one: (
                one.place.source,
                one.place.line or 0,
                one.place.column or 0,
                one.name,
            ),
        )
    )


def _warn(place: Place, name: str, message: str) -> Problem:
    return Problem(place, name, message, warning=True)


def _unreachable(playbook: Playbook) -> Iterator[Problem]:
    for rule in playbook.rules:
        main = main_condition(rule)
        clash = _never(main, playbook)
        if clash is not None:
            message = f"`{rule.id}` can never speak: {clash.message}"
            yield _warn(clash.second.place or rule.place, "unreachable", message)
            continue
        for key, condition in conditions_of(rule).items():
            around = main if key in ("when", "forbid") else ALWAYS
            for branch in (condition, *_branches(condition)):
                clash = _never(All((around, branch)), playbook)
                if clash is not None:
                    message = f"a part of `{key}` in `{rule.id}` is idle: {clash.message}"
                    yield _warn(clash.second.place or rule.place, "unreachable", message)


def _without_dead(playbook: Playbook) -> Playbook:
    """A rule that cannot speak is said to be so, and not also to say nothing new."""
    alive = [rule for rule in playbook.rules if _never(main_condition(rule), playbook) is None]
    return attrs.evolve(playbook, rules=tuple(alive))


def _never(condition: Condition, playbook: Playbook) -> Clash | None:
    """Why a condition holds in no context of the playbook; None when it may in one."""
    first: Clash | None = None
    for _, context in contexts(playbook):
        clash = clash_in(settle(condition, playbook, context))
        if clash is None:
            return None
        first = first or clash
    return first


def _branches(condition: Condition) -> Iterator[Condition]:
    """The alternatives of a condition, each of which is there to be met."""
    match condition:
        case AnyOf(of):
            yield from of
            for part in of:
                yield from _branches(part)
        case All(of):
            for part in of:
                yield from _branches(part)
        case Not() | Test():
            pass


def _always(playbook: Playbook) -> Iterator[Problem]:
    base = Context()
    for rule in playbook.rules:
        for key, condition in conditions_of(rule).items():
            for part in conjuncts(condition):
                if part == All(()):
                    continue
                if clash_in(Not(settle(part, playbook, base))) is not None:
                    place = next((t.place for t in leaves(part) if t.place), rule.place)
                    message = f"this part of `{key}` in `{rule.id}` holds whatever is known"
                    yield _warn(place, "always-true", f"{message}; leave it out, or correct it")


def _thresholds(playbook: Playbook) -> Iterator[Problem]:
    """Ladders and reminders that stand in order by default and not where a layer changes a value."""
    for rule in playbook.rules:
        for said, context in contexts(playbook):
            problem = _disorder(rule, said, context, playbook)
            if problem is not None:
                yield problem
                break


def _disorder(rule: Rule, said: str, context: Context, playbook: Playbook) -> Problem | None:
    where = f" ({said})" if said else ""
    for clock in clocks_of(rule):
        times = [(rung, playbook.span(rung.after, context)) for rung in clock.ladder]
        for (low, early), (high, late) in itertools.pairwise(times):
            if late <= early:
                message = (
                    f"in `{rule.id}` `{high.severity}` comes after {format_duration(late)}, no "
                    f"later than `{low.severity}` after {format_duration(early)}{where}"
                )
                return _warn(_set_at(rule, context, playbook), "threshold-order", message)
        remind = rule.form.remind if isinstance(rule.form, Response | Recurrence) else ()
        for one in remind:
            if one.before is not None and one.before >= times[0][1]:
                message = (
                    f"`{rule.id}` reminds {format_duration(one.before)} before a deadline of "
                    f"{format_duration(times[0][1])}{where}"
                )
                return _warn(_set_at(rule, context, playbook), "threshold-order", message)
    return None


def _set_at(rule: Rule, context: Context, playbook: Playbook) -> Place:
    """Where the last value that the rule uses in the context was set: there the mistake was made."""
    found = [
        (playbook.parameters[name], playbook.resolved(name, context))
        for name in parameters_of(rule)
    ]
    changed = [one.place for parameter, one in found if one.place != parameter.place]
    return changed[-1] if changed else rule.place


def _unused(playbook: Playbook) -> Iterator[Problem]:
    used = {name for rule in playbook.rules for name in parameters_of(rule)}
    for rule in playbook.rules:
        texts = [
            rule.title,
            rule.because,
            rule.note or {},
            rule.advice.say,
            rule.advice.once_out or {},
            rule.advice.write or {},
        ]
        words = [word for text in texts for one in text.values() for word in placeholders(one)]
        used.update(word[1:] for word in words if word.startswith("$"))
    for name, parameter in playbook.parameters.items():
        if name not in used:
            message = f"no rule and no text refers to `${name}`; remove it, or use it"
            yield _warn(parameter.place, "unused-parameter", message)


def _unsourced(playbook: Playbook) -> Iterator[Problem]:
    for name, parameter in playbook.parameters.items():
        if not (parameter.source or "").strip():
            message = f"`{name}` has no source; write who publishes it, or `source: our choice`"
            yield _warn(parameter.place, "threshold-without-source", message)


def _languages(playbook: Playbook) -> Iterator[Problem]:
    """A text without a language that others have: of the base playbook, and in a brand's rules of any.

    A language that only the brand writes is missing from the whole base playbook; that is said once.
    """
    base = [rule for rule in playbook.rules if rule.id not in playbook.own_rules]
    own = [rule for rule in playbook.rules if rule.id in playbook.own_rules]
    shipped = {language for rule in base for language in rule.title}
    spoken = shipped | {language for rule in own for language in rule.title}
    for rule in playbook.rules:
        texts = {
            "title": rule.title,
            "because": rule.because,
            "say": rule.advice.say,
            "once_out": rule.advice.once_out,
            "write": rule.advice.write,
            "note": rule.note,
        }
        for language in sorted(spoken if rule.id in playbook.own_rules else shipped):
            missing = [key for key, text in texts.items() if text and language not in text]
            if missing:
                names = ", ".join(f"`{key}`" for key in missing)
                message = f"`{rule.id}` has no {names} in `{language}`, which other rules have"
                yield _warn(rule.place, "missing-translation", message)
    for language in sorted(spoken - shipped if base else ()):
        first = next(rule for rule in own if language in rule.title)
        message = f"`{first.id}` speaks `{language}` and the {len(base)} rules that it stands beside do not"
        yield _warn(first.place, "missing-translation", message)


def _switched_off(playbook: Playbook, now: datetime | None) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in playbook.disabled:
        rule = playbook.rule(entry.rule)
        if entry.rule in seen:
            message = f"`{entry.rule}` is switched off twice; keep one"
        elif entry.until is None:
            message = f"`{entry.rule}` is switched off for good; give it an end with `until`"
        elif now is not None and entry.until <= now:
            message = (
                f"the end for `{entry.rule}`, {entry.until.date()}, has passed; it speaks again"
            )
        elif rule is not None and rule.status == "deprecated":
            message = f"`{entry.rule}` is deprecated; switch its successor off instead"
        else:
            seen.add(entry.rule)
            continue
        seen.add(entry.rule)
        yield _warn(entry.place, "switched-off", message)
