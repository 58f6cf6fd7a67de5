"""One rule explained to a person: what it watches, by when, where its numbers come from, why.

Each part is a label and its lines; who prints them decides on columns and colours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from crisisrules.model.errors import Place
from crisisrules.playbook.checks import CHECKS, page_of
from crisisrules.playbook.conditions import ALWAYS, Condition, Operand, ParameterRef, leaves
from crisisrules.playbook.parameters import Context, Parameter, Resolved, Setting, trail
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Absence,
    Precedence,
    Recurrence,
    Response,
    Rule,
    Source,
    State,
    clocks_of,
    conditions_of,
)
from crisisrules.playbook.sentences import WORDS, condition_lines, spoken
from crisisrules.playbook.timing import timing_lines

_LABELS: Final = {
    "en": {
        "finds": "finds",
        "example": "example",
        "page": "page",
        "watches": "watches",
        "when": "when",
        "forbid": "forbids",
        "expect": "expects",
        "require": "requires",
        "before": "before",
        "settled_by": "settled by",
        "escalate": "worse when",
        "timing": "timing",
        "values": "values",
        "do": "do",
        "once_out": "once it is out",
        "why": "why",
        "note": "note",
        "sources": "sources",
        "replaces": "replaces",
        "off": "switched off",
        "allow": "allow",
    },
    "fr": {
        "finds": "trouve",
        "example": "exemple",
        "page": "page",
        "watches": "surveille",
        "when": "quand",
        "forbid": "interdit",
        "expect": "attend",
        "require": "exige",
        "before": "avant",
        "settled_by": "réglé par",
        "escalate": "s'aggrave si",
        "timing": "délais",
        "values": "valeurs",
        "do": "à faire",
        "once_out": "une fois parue",
        "why": "pourquoi",
        "note": "note",
        "sources": "sources",
        "replaces": "remplace",
        "off": "désactivée",
        "allow": "autoriser",
    },
}
_SUBJECTS: Final = {
    "en": {
        "page": "each page",
        "post": "each post",
        "item": "each planned item",
        "draft": "each draft",
        "comment": "each comment",
        "incident": "each incident",
        "brand": "the brand",
        "playbook": "the playbook",
    },
    "fr": {
        "page": "chaque page",
        "post": "chaque publication",
        "item": "chaque élément programmé",
        "draft": "chaque brouillon",
        "comment": "chaque commentaire",
        "incident": "chaque incident",
        "brand": "la marque",
        "playbook": "le playbook",
    },
}
_LAYERS: Final = {
    "en": {
        "base": "base",
        "kind": "incident of kind {key}",
        "severity": "{key} incident",
        "phase": "phase {key}",
        "platform": "on {key}",
        "page": "page {key}",
    },
    "fr": {
        "base": "base",
        "kind": "incident de nature {key}",
        "severity": "incident {key}",
        "phase": "phase {key}",
        "platform": "sur {key}",
        "page": "page {key}",
    },
}
_PHRASES: Final = {
    "en": {
        "at": "{file} line {line}",
        "otherwise": "otherwise",
        "published": "published: {text}",
        "until": "until {day}",
        "colon": ": ",
    },
    "fr": {
        "at": "{file} ligne {line}",
        "otherwise": "ailleurs",
        "published": "publié : {text}",
        "until": "jusqu'au {day}",
        "colon": " : ",
    },
}


@attrs.frozen
class Part:
    """One part of an explanation: its label and its lines, indented where they are nested."""

    label: str
    lines: tuple[str, ...]


def explain_rule(
    rule: Rule, playbook: Playbook, language: str = "en", context: Context | None = None
) -> tuple[Part, ...]:
    """A rule of a playbook in words, with the values that hold in a context.

    Args:
        rule: one of the playbook's.
        playbook: where parameters and what is switched off are looked up.
        language: ``en`` or ``fr``.
        context: the page, platform, kind, severity and phase asked about, as far as they are known.
    """
    labels = _LABELS[language]
    found = context or Context()
    parts = [(key, lines) for key, lines in _parts(rule, playbook, language, found) if any(lines)]
    return tuple(Part(labels[key], lines) for key, lines in parts)


def explain_check(name: str, language: str = "en") -> tuple[Part, ...]:
    """What a check of the playbook linter finds, why it matters and how to put it right."""
    labels, check = _LABELS[language], CHECKS[name]
    parts = {
        "finds": check.meaning[language],
        "why": check.why[language],
        "do": check.remedy[language],
        "example": "\n".join(check.example.values()).rstrip(),
        "page": page_of(name),
    }
    return tuple(Part(labels[key], tuple(text.split("\n"))) for key, text in parts.items())


def heading(rule: Rule, language: str = "en") -> str:
    """The title of a rule with its severity and status."""
    words = WORDS[language]
    title = rule.title.get(language, rule.title["en"])
    return f"{title} ({words[rule.severity]}, {words[rule.status]})"


def parameters_of(rule: Rule) -> tuple[str, ...]:
    """The names of the parameters that a rule refers to, in the order of the rule."""
    return tuple(dict.fromkeys(_references(rule)))


def value_lines(
    name: str, playbook: Playbook, language: str = "en", context: Context | None = None
) -> tuple[str, ...]:
    """What a parameter is in a context, which layers made it so, and what it is elsewhere."""
    parameter = playbook.parameters[name]
    steps = trail(parameter, playbook.settings, context or Context())
    phrases = _PHRASES[language]
    meaning = parameter.meaning.get(language, parameter.meaning["en"])
    head = (
        f"`{name}`{phrases['colon']}{value_text(parameter, steps[-1].value, language)}, {meaning}"
    )
    lines = [head, *(f"  {_step(parameter, step, language)}" for step in steps)]
    taken = {step.place for step in steps}
    others = [
        setting
        for setting in playbook.settings
        if setting.name == name and setting.place not in taken and setting.layer != "base"
    ]
    if others:
        rest = "; ".join(_other(parameter, setting, language) for setting in others)
        lines.append(f"  {phrases['otherwise']}{phrases['colon']}{rest}")
    if parameter.published:
        lines.append(f"  {phrases['published'].format(text=parameter.published)}")
    return tuple(lines)


def source_text(source: Source) -> str:
    """A source in one line: its title, the place in it, its address."""
    return ", ".join(word for word in (source.title, source.where, source.url) if word)


def value_text(parameter: Parameter, value: object, language: str) -> str:
    """The value of a parameter as one says it."""
    if parameter.type == "duration" and isinstance(value, int | float):
        return spoken(int(value), language)
    if parameter.type == "share" and isinstance(value, int | float):
        return f"{value * 100:g} %"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parts(
    rule: Rule, playbook: Playbook, language: str, context: Context
) -> Iterator[tuple[str, tuple[str, ...]]]:
    phrases = _PHRASES[language]

    def said(condition: Condition) -> tuple[str, ...]:
        lines = condition_lines(condition, playbook, language, context)
        return tuple(f"{'  ' * line.depth}{line.text}" for line in lines)

    off = [entry for entry in playbook.disabled if entry.rule == rule.id]
    for entry in off:
        until = entry.until
        ends = f", {phrases['until'].format(day=until.date().isoformat())}" if until else ""
        yield "off", (f"{entry.reason}{ends} ({_where(entry.place, language)})",)
    yield "watches", (", ".join(_SUBJECTS[language][subject] for subject in rule.about),)
    for key, condition in conditions_of(rule).items():
        if condition != ALWAYS:
            yield key.partition("[")[0], said(condition)
    yield "timing", timing_lines(rule, playbook, language, context)
    for name in parameters_of(rule):
        yield "values", value_lines(name, playbook, language, context)
    say = rule.advice.say
    yield "do", (say.get(language, say["en"]),)
    if rule.advice.once_out is not None:
        out = rule.advice.once_out
        yield "once_out", (out.get(language, out["en"]),)
    yield "why", (rule.because.get(language, rule.because["en"]),)
    if rule.note:
        yield "note", (rule.note.get(language, rule.note["en"]),)
    if rule.replaces:
        yield "replaces", (", ".join(f"`{name}`" for name in rule.replaces),)
    yield "sources", tuple(source_text(source) for source in rule.sources)
    if not off:
        yield "allow", (f"disable: [{{rule: {rule.id}, reason: …, until: 2026-01-31}}]",)


def _references(rule: Rule) -> Iterator[str]:
    spans: list[Operand | None] = [rung.after for clock in clocks_of(rule) for rung in clock.ladder]
    match rule.form:
        case State(for_=for_, keep_for=keep_for):
            spans += [for_, keep_for]
        case Absence() | Precedence() | Response() | Recurrence():
            pass
    spans.append(rule.scope.after_until)
    spans += [step.after for step in rule.escalate]
    tests = [test for condition in conditions_of(rule).values() for test in leaves(condition)]
    spans += [value for test in tests for value in (test.value, test.in_last)]
    for span in spans:
        if isinstance(span, ParameterRef):
            yield span.name


def _step(parameter: Parameter, step: Resolved, language: str) -> str:
    layer = _LAYERS[language][step.layer].format(key=step.key)
    value = value_text(parameter, step.value, language)
    return f"{layer} {value}, {_where(step.place, language)}"


def _other(parameter: Parameter, setting: Setting, language: str) -> str:
    layer = _LAYERS[language][setting.layer].format(key=setting.key)
    if setting.factor is not None:
        return f"{layer} × {setting.factor:g}"
    return f"{layer} {value_text(parameter, setting.value, language)}"


def _where(place: Place, language: str) -> str:
    if place.line is None:
        return place.source
    return _PHRASES[language]["at"].format(file=place.source, line=place.line)
