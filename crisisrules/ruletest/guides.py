"""Scenarios and crisis lines as people read them: what to do, what never, whom to answer, what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from crisisrules.playbook.guidance import ANSWER_TEXTS, SLOTS, CrisisLine, Reply, Scenario
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Texts
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.glossary import word_of
from crisisrules.ruletest.pages import MARK, source_lines

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_WORDS: Final = {
    "en": {
        "scenario": "Scenario: {title}",
        "line": "Crisis line: {title}",
        "tone": "Tone",
        "behaviours": "What to do",
        "mistakes": "What never to do",
        "replies": "Whom to answer, and how",
        "holding": "What to write first",
        "update": "What to write next",
        "resolution": "What to write when it is over",
        "sources": "Sources",
        "colon": ": ",
        "language": "In English",
    },
    "fr": {
        "scenario": "Scénario : {title}",
        "line": "Ligne de crise : {title}",
        "tone": "Le ton",
        "behaviours": "Ce qu'il faut faire",
        "mistakes": "Ce qu'il ne faut jamais faire",
        "replies": "À qui répondre, et comment",
        "holding": "Quoi écrire d'abord",
        "update": "Quoi écrire ensuite",
        "resolution": "Quoi écrire quand c'est fini",
        "sources": "Sources",
        "colon": " : ",
        "language": "En français",
    },
}


@attrs.frozen
class Section:
    """One heading of a guide and the lines under it; ``quoted`` ones are texts to publish."""

    heading: str
    lines: tuple[str, ...]
    quoted: bool = False


@attrs.frozen
class Guide:
    """One scenario or one crisis line, in one language."""

    heading: str
    sections: tuple[Section, ...]


def guides_of(playbook: Playbook, language: str, context: Context) -> Iterator[Guide]:
    """The scenarios and lines of a playbook; of a kind or platform that is known, only that one."""
    for kind, scenario in playbook.scenarios.items():
        if context.kind in (None, kind):
            yield guide(scenario, language)
    for platform, line in playbook.lines.items():
        if context.platform in (None, platform):
            yield guide(line, language)


def guide(told: Scenario | CrisisLine, language: str) -> Guide:
    """A scenario or a line in one language."""
    words = _WORDS[language]
    sections = [
        Section(words["behaviours"], _in(told.behaviours, language)),
        Section(words["mistakes"], _in(told.mistakes, language)),
        Section(words["replies"], tuple(_replies(told.replies, language))),
    ]
    if isinstance(told, CrisisLine):
        key = "line"
        sections.insert(0, Section(words["tone"], (told.tone[language],)))
    else:
        key = "scenario"
        sections += [
            Section(words[name], (_with_slots(text[language], language),), quoted=True)
            for name, text in told.statements.items()
        ]
    return Guide(
        words[key].format(title=told.title[language]),
        tuple(section for section in sections if section.lines),
    )


def guide_page(told: Scenario | CrisisLine) -> str:
    """The Markdown page of a scenario or a line, English first."""
    french = _WORDS["fr"]["language"]
    blocks: list[Sequence[str]] = [[MARK], [f"[{french}](#{md.anchor(french)})"]]
    for language in ("en", "fr"):
        if language == "fr":
            blocks.append([f"# {french}"])
        found = guide(told, language)
        blocks.append([f"{'#' if language == 'en' else '##'} {md.text(found.heading)}"])
        for section in found.sections:
            blocks.append([f"## {section.heading}"])
            blocks.append(section_lines(section))
        blocks.append([f"## {_WORDS[language]['sources']}"])
        blocks.append(md.bullets(source_lines(told.sources)))
    return md.document(blocks)


def section_lines(section: Section) -> list[str]:
    """The lines of a section as Markdown: a list, or texts to publish as quotations."""
    if section.quoted:
        return [f"> {md.text(line)}" for line in section.lines]
    return md.bullets(md.text(line) for line in section.lines)


def _in(texts: Sequence[Texts], language: str) -> tuple[str, ...]:
    return tuple(text[language] for text in texts)


def _replies(replies: Mapping[str, Reply], language: str) -> Iterator[str]:
    colon = _WORDS[language]["colon"]
    for name, reply in replies.items():
        how = f" ({reply.how[language]})" if reply.how else ""
        yield f"{word_of(name, language)}{colon}{ANSWER_TEXTS[reply.answer][language]}{how}"


def _with_slots(text: str, language: str) -> str:
    def word(found: re.Match[str]) -> str:
        meaning = SLOTS.get(found[1].strip())
        return f"[{meaning[language] if meaning else found[1]}]"

    return _SLOT.sub(word, text)
