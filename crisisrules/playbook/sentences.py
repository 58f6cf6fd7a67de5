"""Conditions and timing of a rule as sentences, in English and French, for people who write no YAML.

A value that a parameter holds is shown with the parameter's name; which value that is depends on the
context that the caller names (none: the base of the playbook).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from crisisrules.model.durations import DAY, HOUR, MINUTE, SECOND
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import (
    All,
    AnyOf,
    Condition,
    Not,
    Operand,
    ParameterRef,
    Scalar,
    Test,
)
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Absence,
    Clock,
    Precedence,
    Recurrence,
    Reminder,
    Response,
    Rule,
    Rung,
    Span,
    State,
)

LANGUAGES: Final = ("en", "fr")

_WORDS: Final = {
    "en": {
        "all": "all of this",
        "any": "at least one of this",
        "not": "this is not the case",
        "false": "not so",
        "is": "",
        "in": "",
        "is_not": "other than ",
        "not_in": "none of ",
        "at_least": "at least ",
        "more_than": "more than ",
        "at_most": "at most ",
        "less_than": "less than ",
        "mentions": "includes ",
        "present": "there is one",
        "absent": "there is none",
        "or": " or ",
        "in_last": " in the last {span}",
        "times": "{factor} times {value}",
        "colon": ": ",
        "true_value": "yes",
        "false_value": "no",
    },
    "fr": {
        "all": "tout ceci",
        "any": "au moins un de ces points",
        "not": "ceci n'est pas le cas",
        "false": "ce n'est pas le cas",
        "is": "",
        "in": "",
        "is_not": "autre que ",
        "not_in": "aucun de ",
        "at_least": "au moins ",
        "more_than": "plus de ",
        "at_most": "au plus ",
        "less_than": "moins de ",
        "mentions": "comprend ",
        "present": "il y en a",
        "absent": "il n'y en a pas",
        "or": " ou ",
        "in_last": " sur {span}",
        "times": "{factor} fois {value}",
        "colon": " : ",
        "true_value": "oui",
        "false_value": "non",
    },
}

WORDS: Final = {
    "en": {
        "info": "info",
        "warning": "warning",
        "critical": "critical",
        "preview": "preview",
        "stable": "stable",
        "deprecated": "deprecated",
    },
    "fr": {
        "info": "information",
        "warning": "avertissement",
        "critical": "critique",
        "preview": "à l'essai",
        "stable": "stable",
        "deprecated": "abandonnée",
    },
}
"""Severities and statuses of a rule, as each language says them."""

_UNITS: Final = {
    "en": ((DAY, "day", "days"), (HOUR, "h", "h"), (MINUTE, "min", "min"), (SECOND, "s", "s")),
    "fr": ((DAY, "jour", "jours"), (HOUR, "h", "h"), (MINUTE, "min", "min"), (SECOND, "s", "s")),
}


@attrs.frozen
class Line:
    """One line of a nested list: how deep it stands, from 0, and what it says."""

    depth: int
    text: str


def spoken(duration: int, language: str) -> str:
    """A duration (microseconds) as one says it: ``1 h 30 min``; parts of a second are dropped."""
    rest, parts = abs(duration), []
    for unit, one, many in _UNITS[language]:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
    return " ".join(parts) or f"0 {_UNITS[language][-1][1]}"


def span_text(span: Span, playbook: Playbook, language: str, context: Context | None = None) -> str:
    """A duration, with the name of the parameter that holds it."""
    value = spoken(playbook.span(span, context or Context()), language)
    return value if isinstance(span, int) else f"{value} (`{span}`)"


def condition_lines(
    condition: Condition, playbook: Playbook, language: str, context: Context | None = None
) -> tuple[Line, ...]:
    """A condition as a nested list. At the top level all lines must hold; nothing means always."""
    parts = condition.of if isinstance(condition, All) else (condition,)
    say = _Saying(playbook, language, context or Context())
    return tuple(line for part in parts for line in say.lines(part, 0))


@attrs.frozen
class _Saying:
    """The words of one language, and where the values of parameters come from."""

    playbook: Playbook
    language: str
    context: Context

    def lines(self, condition: Condition, depth: int) -> Iterator[Line]:
        words = _WORDS[self.language]
        match condition:
            case Test():
                yield Line(depth, self.test(condition))
            case Not(of=Test(operator="is", value=bool(value)) as test):
                yield Line(depth, self.test(attrs.evolve(test, value=not value)))
            case Not(of):
                yield Line(depth, words["not"] + words["colon"].rstrip())
                yield from self.lines(of, depth + 1)
            case All(of) | AnyOf(of) if len(of) == 1:
                yield from self.lines(of[0], depth)
            case All(of):
                yield Line(depth, words["all"] + words["colon"].rstrip())
                for part in of:
                    yield from self.lines(part, depth + 1)
            case AnyOf(of):
                yield Line(depth, words["any"] + words["colon"].rstrip())
                for part in of:
                    yield from self.lines(part, depth + 1)

    def test(self, test: Test) -> str:
        words = _WORDS[self.language]
        fact = FACTS[test.fact]
        meaning = fact.meaning[self.language]
        code = f" (`{test.fact}`)"
        if isinstance(test.value, bool):
            if test.operator == "present":
                there = words["present" if test.value else "absent"]
                return f"{meaning}{words['colon']}{there}{code}"
            if test.value is (test.operator == "is"):
                return f"{meaning}{code}"
            return f"{words['false']}{words['colon']}{meaning}{code}"
        value = self.operand(test.value, fact.type)
        last = ""
        if test.in_last is not None:
            last = words["in_last"].format(span=self.span(test.in_last))
        return f"{meaning}{words['colon']}{words[test.operator]}{value}{last}{code}"

    def operand(self, value: Operand, type_: str) -> str:
        words = _WORDS[self.language]
        if isinstance(value, tuple):
            return words["or"].join(self.scalar(each, type_) for each in value)
        if isinstance(value, ParameterRef):
            if type_ == "duration":
                return self.span(value)
            found = self.scalar(self.playbook.value(value.name, self.context), type_)
            if value.factor != 1.0:
                found = words["times"].format(factor=f"{value.factor:g}", value=found)
            return f"{found} (`{value}`)"
        return self.scalar(value, type_)

    def scalar(self, value: Scalar, type_: str) -> str:
        words = _WORDS[self.language]
        if isinstance(value, bool):
            return words["true_value" if value else "false_value"]
        if type_ == "duration" and isinstance(value, int):
            return spoken(value, self.language)
        if isinstance(value, str):
            return f"`{value}`"
        return f"{value:g}" if isinstance(value, float) else str(value)

    def span(self, span: Span) -> str:
        return span_text(span, self.playbook, self.language, self.context)
