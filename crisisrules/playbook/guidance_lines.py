"""A crisis line and a scenario told together: how to speak on one platform in one kind of incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crisisrules.model.vocabulary import COMMENT_CLASSES
from crisisrules.playbook.explained import Part, source_text
from crisisrules.playbook.guidance import (
    ANSWER_TEXTS,
    SLOTS,
    CrisisLine,
    Scenario,
    reply_to,
)
from crisisrules.playbook.placeholders import placeholders
from crisisrules.playbook.rule import Texts

_LABELS: Final = {
    "en": {
        "tone": "tone",
        "behaviours": "do",
        "mistakes": "never",
        "replies": "comments",
        "holding": "first word",
        "update": "update",
        "resolution": "when over",
        "slots": "to fill in",
        "sources": "sources",
    },
    "fr": {
        "tone": "ton",
        "behaviours": "à faire",
        "mistakes": "jamais",
        "replies": "commentaires",
        "holding": "premier mot",
        "update": "point d'étape",
        "resolution": "à la fin",
        "slots": "à remplir",
        "sources": "sources",
    },
}
CLASS_TEXTS: Final[Mapping[str, Texts]] = {
    "question": {"en": "questions", "fr": "questions"},
    "complaint": {"en": "complaints", "fr": "plaintes"},
    "factual_error": {"en": "false claims", "fr": "affirmations fausses"},
    "safety": {"en": "danger to people", "fr": "danger pour des personnes"},
    "abuse": {"en": "abuse", "fr": "injures"},
    "spam": {"en": "spam", "fr": "messages indésirables"},
    "other": {"en": "anything else", "fr": "tout le reste"},
}
"""Classes of comments as one says them."""


def guidance_title(scenario: Scenario | None, line: CrisisLine | None, language: str) -> str:
    """What the guidance is about: the platform, the kind of incident, or both."""
    titles = [one.title for one in (line, scenario) if one is not None]
    return ", ".join(_said(title, language) for title in titles)


def guidance_parts(
    scenario: Scenario | None, line: CrisisLine | None, language: str = "en"
) -> tuple[Part, ...]:
    """How to speak on a platform in a kind of incident; either may be left out.

    Args:
        scenario: what holds in such an incident on every platform.
        line: what holds on the platform in every incident; where both speak, it comes after the
            scenario, and its answers to comments win.
        language: ``en`` or ``fr``.
    """
    labels = _LABELS[language]
    return tuple(
        Part(labels[key], lines) for key, lines in _parts(scenario, line, language) if lines
    )


def _parts(
    scenario: Scenario | None, line: CrisisLine | None, language: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    given = [one for one in (scenario, line) if one is not None]
    if line is not None:
        yield "tone", (_said(line.tone, language),)
    yield "behaviours", tuple(_said(one, language) for each in given for one in each.behaviours)
    yield "mistakes", tuple(_said(one, language) for each in given for one in each.mistakes)
    yield "replies", tuple(_replies(scenario, line, language))
    statements = scenario.statements if scenario is not None else {}
    for name, text in statements.items():
        yield name, (_said(text, language),)
    words = [word for text in statements.values() for word in placeholders(_said(text, language))]
    yield (
        "slots",
        tuple(f"{{{slot}}} {_said(SLOTS[slot], language)}" for slot in SLOTS if slot in set(words)),
    )
    sources = dict.fromkeys(source for each in given for source in each.sources)
    yield "sources", tuple(source_text(source) for source in sources)


def _replies(scenario: Scenario | None, line: CrisisLine | None, language: str) -> Iterator[str]:
    colon = " : " if language == "fr" else ": "
    for name in COMMENT_CLASSES:
        reply = reply_to(name, scenario, line)
        if reply is not None:
            how = f"; {_said(reply.how, language)}" if reply.how else ""
            answer = _said(ANSWER_TEXTS[reply.answer], language)
            yield f"{_said(CLASS_TEXTS[name], language)}{colon}{answer}{how}"


def _said(texts: Texts, language: str) -> str:
    return texts.get(language, texts["en"])
