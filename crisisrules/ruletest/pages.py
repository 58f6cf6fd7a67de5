"""The page of a rule, made from the rule and its tests: what it says cannot differ from what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crisisrules.model.durations import format_duration
from crisisrules.playbook.conditions import ParameterRef, Scalar, leaves
from crisisrules.playbook.parameters import Context, Parameter
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Rule,
    Source,
    State,
    clocks_of,
    conditions_of,
)
from crisisrules.playbook.sentences import WORDS, condition_lines
from crisisrules.playbook.timing import timing_lines
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.cases import Case, RuleTest
from crisisrules.ruletest.expectations import SILENT
from crisisrules.ruletest.slots import in_words

MARK: Final = (
    "<!-- Made by `crisisrules pages` from the rule and its test: change those, not this. -->"
)

_HEADINGS: Final = {
    "en": {
        "watches": "What it watches",
        "guard": "It looks at {about} where:",
        "guard_all": "It looks at {about}, on no further condition.",
        "state": "It speaks while this holds for {about}:",
        "forbid": "It speaks when this is so:",
        "expect": "It expects a message or record such that:",
        "require": "It requires that first:",
        "before": "before this:",
        "settled_by": "It is settled for good once:",
        "escalate": "It becomes {severity} when:",
        "why": "Why",
        "do": "What to do",
        "action": "Action",
        "once_out": "Of a post that is out already",
        "write": "Write instead",
        "fires": "Fires on",
        "silent": "Stays silent on",
        "no_case": "No case of the rule's test shows it.",
        "timing": "Timing",
        "parameters": "Parameters",
        "no_parameters": "It has none.",
        "parameter": "parameter",
        "ours": "here",
        "range": "allowed",
        "published": "published",
        "meaning": "what it governs",
        "allow": "How to allow it",
        "allow_text": "Switch it off in your own playbook file, with a reason and an end:",
        "reason": "why this does not apply to us",
        "sources": "Sources",
        "related": "Related rules",
        "replaces": "While it speaks, this falls silent",
        "replaced_while": "It falls silent while this speaks",
        "replaced_by": "It is deprecated; use instead",
        "note": "Note",
        "no_number": "no number found",
        "any": "any",
        "since": "since",
    },
    "fr": {
        "watches": "Ce qu'elle surveille",
        "guard": "Elle regarde {about} quand :",
        "guard_all": "Elle regarde {about}, sans autre condition.",
        "state": "Elle parle tant que ceci est vrai pour {about} :",
        "forbid": "Elle parle quand ceci est vrai :",
        "expect": "Elle attend un message ou un enregistrement tel que :",
        "require": "Elle exige d'abord que :",
        "before": "avant ceci :",
        "settled_by": "Elle est close pour de bon dès que :",
        "escalate": "La gravité passe à {severity} quand :",
        "why": "Pourquoi",
        "do": "Que faire",
        "action": "Action",
        "once_out": "D'une publication déjà parue",
        "write": "Écrire plutôt",
        "fires": "Se déclenche sur",
        "silent": "Reste muette sur",
        "no_case": "Aucun cas du test de la règle ne le montre.",
        "timing": "Délais",
        "parameters": "Paramètres",
        "no_parameters": "Elle n'en a pas.",
        "parameter": "paramètre",
        "ours": "ici",
        "range": "permis",
        "published": "publié",
        "meaning": "ce qu'il règle",
        "allow": "Comment la lever",
        "allow_text": "La désactiver dans votre propre fichier, avec une raison et une fin :",
        "reason": "pourquoi cela ne nous concerne pas",
        "sources": "Sources",
        "related": "Règles voisines",
        "replaces": "Tant qu'elle parle, ceci se tait",
        "replaced_while": "Elle se tait tant que ceci parle",
        "replaced_by": "Elle est abandonnée ; utiliser plutôt",
        "note": "Remarque",
        "no_number": "aucun chiffre trouvé",
        "any": "sans limite",
        "since": "depuis",
    },
}

_SUBJECTS: Final = {
    "en": {
        "page": "each page",
        "post": "each post",
        "item": "each scheduled item",
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

_TITLES: Final = {"en": "In English", "fr": "En français"}
_COLONS: Final = {"en": ": ", "fr": " : "}


def rule_page(rule: Rule, test: RuleTest | None, playbook: Playbook) -> str:
    """The Markdown page of a rule, English first.

    Args:
        rule: the rule.
        test: its test, whose cases become what it fires on and stays silent on; None when it has none.
        playbook: where parameters and related rules are looked up.
    """
    blocks: list[Sequence[str]] = [[MARK], [f"# {rule.id}"]]
    for language in ("en", "fr"):
        heading = _TITLES[language]
        if language == "en":
            blocks.append([f"[{_TITLES['fr']}](#{md.anchor(_TITLES['fr'])})"])
        else:
            blocks.append([f"# {heading}"])
        blocks += _blocks(rule, test, playbook, language)
    return md.document(blocks)


def subjects_text(about: Sequence[str], language: str) -> str:
    """What a rule is about, in words."""
    joined = {"en": " or ", "fr": " ou "}[language]
    return joined.join(_SUBJECTS[language][each] for each in about)


def parameters_of(rule: Rule) -> tuple[str, ...]:
    """The names of the parameters a rule uses, in order of first use."""
    return tuple(dict.fromkeys(_references(rule)))


def value_text(value: Scalar, parameter: Parameter) -> str:
    """A parameter's value as it is written in a playbook."""
    if parameter.type == "duration":
        return format_duration(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def range_text(parameter: Parameter, language: str) -> str:
    """The range that a parameter may have."""
    low = "" if parameter.least is None else value_text(parameter.least, parameter)
    high = "" if parameter.most is None else value_text(parameter.most, parameter)
    if low and high:
        return f"{low} – {high}"
    if low or high:
        return f"≥ {low}" if low else f"≤ {high}"
    return _HEADINGS[language]["any"]


def fires(case: Case) -> bool:
    """Whether a case expects the rule to speak at some step."""
    return any(expected.status != SILENT for step in case.steps for expected in step.expected or ())


def _blocks(
    rule: Rule, test: RuleTest | None, playbook: Playbook, language: str
) -> Iterator[Sequence[str]]:
    words = _HEADINGS[language]
    colon = _COLONS[language]
    named = WORDS[language]
    facts = [named[rule.severity], named[rule.status], subjects_text(rule.about, language)]
    if rule.since:
        facts.append(f"{words['since']} {md.text(rule.since)}")
    yield [f"**{md.text(rule.title[language])}**", "", " · ".join(facts)]
    yield [f"## {words['watches']}"]
    yield from _watches(rule, playbook, language)
    yield [f"## {words['why']}"]
    yield [md.text(rule.because[language])]
    yield [f"## {words['do']}"]
    yield [f"{_sentence(in_words(rule.advice.say[language], playbook, language))}"]
    if rule.advice.once_out is not None:
        out = in_words(rule.advice.once_out[language], playbook, language)
        yield [f"{words['once_out']}{colon}{out}"]
    if rule.advice.write is not None:
        write = in_words(rule.advice.write[language], playbook, language)
        yield [f"{words['write']}{colon.rstrip()}"]
        yield [f"> {md.text(write)}"]
    yield [f"{words['action']}{colon}`{rule.advice.action}`"]
    yield from _cases(test, language)
    yield [f"## {words['timing']}"]
    yield md.bullets(md.text(line) for line in timing_lines(rule, playbook, language))
    yield [f"## {words['parameters']}"]
    yield _parameters(rule, playbook, language)
    yield [f"## {words['allow']}"]
    yield [words["allow_text"]]
    reason = words["reason"]
    yield ["```yaml", "disable:", f"  - rule: {rule.id}", f"    reason: {reason}",
           "    until: 2030-12-31", "```"]  # fmt: skip
    yield [f"## {words['sources']}"]
    yield md.bullets(source_lines(rule.sources))
    if rule.note is not None:
        yield [f"## {words['note']}"]
        yield [md.text(rule.note[language])]
    related = list(_related(rule, playbook, language))
    if related:
        yield [f"## {words['related']}"]
        yield md.bullets(related)


def _watches(rule: Rule, playbook: Playbook, language: str) -> Iterator[Sequence[str]]:
    words = _HEADINGS[language]
    about = subjects_text(rule.about, language)
    for key, condition in conditions_of(rule).items():
        lines = condition_lines(condition, playbook, language)
        if key == "when":
            lead = words["state" if isinstance(rule.form, State) else "guard"].format(about=about)
            if not lines:
                lead = words["guard_all"].format(about=about)
        elif key.startswith("escalate"):
            step = rule.escalate[int(key[len("escalate[") : -1])]
            lead = words["escalate"].format(severity=WORDS[language][step.severity])
        else:
            lead = words[key]
        yield [lead]
        yield md.nested(lines)


def _cases(test: RuleTest | None, language: str) -> Iterator[Sequence[str]]:
    words = _HEADINGS[language]
    cases = test.cases if test else ()
    for key, wanted in (("fires", True), ("silent", False)):
        yield [f"## {words[key]}"]
        names = [md.text(case.name) for case in cases if fires(case) is wanted]
        yield md.bullets(names) if names else [words["no_case"]]


def _parameters(rule: Rule, playbook: Playbook, language: str) -> list[str]:
    words = _HEADINGS[language]
    names = [name for name in parameters_of(rule) if name in playbook.parameters]
    if not names:
        return [words["no_parameters"]]
    head = [words[key] for key in ("parameter", "ours", "range", "published", "meaning")]
    return md.table(
        head, [parameter_cells(playbook.parameters[name], playbook, language) for name in names]
    )


def parameter_cells(parameter: Parameter, playbook: Playbook, language: str) -> list[str]:
    """Name, value here, range allowed, what sources publish, meaning: cells of a table."""
    published = parameter.published or _HEADINGS[language]["no_number"]
    return [
        f"`{parameter.name}`",
        value_text(playbook.value(parameter.name, Context()), parameter),
        range_text(parameter, language),
        md.text(published),
        md.text(parameter.meaning[language]),
    ]


def source_lines(sources: Sequence[Source]) -> Iterator[str]:
    """Sources with their addresses, as Markdown."""
    for source in sources:
        where = f" ({md.text(source.where)})" if source.where else ""
        yield f"{md.link(source.title, source.url)}{where}"


def _related(rule: Rule, playbook: Playbook, language: str) -> Iterator[str]:
    words = _HEADINGS[language]
    colon = _COLONS[language]
    if rule.replaced_by:
        yield f"{words['replaced_by']}{colon}{rule_link(rule.replaced_by, rule, playbook)}"
    for name in rule.replaces:
        yield f"{words['replaces']}{colon}{rule_link(name, rule, playbook)}"
    for other in playbook.rules:
        if rule.id in other.replaces:
            yield f"{words['replaced_while']}{colon}{rule_link(other.id, rule, playbook)}"


def rule_link(name: str, from_: Rule, playbook: Playbook) -> str:
    """A link from the page of one rule to that of another."""
    other = playbook.rule(name)
    if other is None:
        return f"`{name}`"
    folder = "" if other.family == from_.family else f"../{other.family}/"
    return f"[{name}]({folder}{name}.md)"


def _sentence(words: str) -> str:
    line = md.text(words)
    return f"{line[:1].upper()}{line[1:]}."


def _references(rule: Rule) -> Iterator[str]:
    spans: list[object] = []
    for condition in conditions_of(rule).values():
        for test in leaves(condition):
            spans += [test.value, test.in_last]
    for clock in clocks_of(rule):
        spans += [rung.after for rung in clock.ladder]
    if isinstance(rule.form, State):
        spans += [rule.form.for_, rule.form.keep_for]
    spans.append(rule.scope.after_until)
    spans += [step.after for step in rule.escalate]
    for span in spans:
        if isinstance(span, ParameterRef):
            yield span.name
