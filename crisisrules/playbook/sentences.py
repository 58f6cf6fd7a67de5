"""Conditions of a rule as sentences, in English and French, for people who write no YAML.

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
    Precedence,
    Recurrence,
    Response,
    Rule,
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

_SETTLING: Final = {
    "en": {
        "expect": "a post, an answer or a record such that: ",
        "require": "this comes first: ",
        "fails": "this is no longer so: ",
        "settled_by": "",
    },
    "fr": {
        "expect": "une publication, une réponse ou un enregistrement tel que : ",
        "require": "ceci vient d'abord : ",
        "fails": "ceci n'est plus le cas : ",
        "settled_by": "",
    },
}
_SETTLED_BY_NOBODY: Final = ("incident.severity", "incident.kind", "incident.own", "page.platform")

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


def settling_sentence(rule: Rule) -> dict[str, str]:
    """What would settle a recommendation of the rule, by language; parameters stand by name."""
    sentences = {}
    for language in LANGUAGES:
        say, words = _Saying(None, language, Context()), _SETTLING[language]
        match rule.form:
            case Response(expect=expect) | Recurrence(expect=expect):
                told = words["expect"] + say.phrase(expect)
            case Precedence(require=require):
                told = words["require"] + say.phrase(require)
            case Absence(forbid=forbid):
                told = words["fails"] + say.phrase(_changing(forbid))
            case State():
                told = words["fails"] + say.phrase(_changing(rule.when))
        if rule.settled_by is not None:
            told = words["settled_by"] + say.phrase(rule.settled_by)
        sentences[language] = told
    return sentences


@attrs.frozen
class _Saying:
    """The words of one language, and where the values of parameters come from."""

    playbook: Playbook | None
    language: str
    context: Context

    def phrase(self, condition: Condition) -> str:
        """A condition on one line, without the paths of facts."""
        words = _WORDS[self.language]
        match condition:
            case Test():
                return self.test(condition, path=False)
            case Not(of=Test(operator="is", value=bool(value)) as test):
                return self.test(attrs.evolve(test, value=not value), path=False)
            case Not(of):
                return f"{words['not']}{words['colon']}({self.phrase(of)})"
            case All(of) | AnyOf(of) if len(of) == 1:
                return self.phrase(of[0])
            case All(of):
                return "; ".join(self.phrase(part) for part in of)
            case AnyOf(of):
                return f"({words['or'].join(self.phrase(part) for part in of)})"

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

    def test(self, test: Test, *, path: bool = True) -> str:
        words = _WORDS[self.language]
        fact = FACTS[test.fact]
        meaning = fact.meaning[self.language]
        code = f" (`{test.fact}`)" if path else ""
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
            if self.playbook is None:
                return f"`{value}`"
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
        if self.playbook is None:
            return f"`{span}`" if isinstance(span, ParameterRef) else spoken(span, self.language)
        return span_text(span, self.playbook, self.language, self.context)


def _changing(condition: Condition) -> Condition:
    """What of a condition may cease to be so: what kind of incident it is will not."""
    parts = condition.of if isinstance(condition, All) else (condition,)
    kept = tuple(
        part for part in parts if not (isinstance(part, Test) and part.fact in _SETTLED_BY_NOBODY)
    )
    return All(kept) if kept else condition
