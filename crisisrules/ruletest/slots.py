"""Texts of rules read without a case at hand: what stands in braces becomes a word for it."""

from __future__ import annotations

import re
from typing import Final

from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.sentences import spoken

_SLOT: Final = re.compile(r"\{([^{}]*)\}")

_TOLD: Final = ("count", "duration", "instant")

_NAMES: Final = {
    "en": {
        "due_at": "the deadline",
        "overdue_by": "the delay",
        "page": "the page",
        "brand": "the brand",
        "post": "the post",
        "item": "the item",
        "draft": "the draft",
        "comment": "the comment",
        "incident": "the incident",
        "incident.title": "the incident",
        "post.text": "the text",
        "post.kind": "text",
    },
    "fr": {
        "due_at": "l'échéance",
        "overdue_by": "le retard",
        "page": "la page",
        "brand": "la marque",
        "post": "la publication",
        "item": "l'élément programmé",
        "draft": "le brouillon",
        "comment": "le commentaire",
        "incident": "l'incident",
        "incident.title": "l'incident",
        "post.text": "le texte",
        "post.kind": "texte",
    },
}


def in_words(text: str, playbook: Playbook, language: str, context: Context | None = None) -> str:
    """The text with each ``{…}`` as a word for it, and each ``{$parameter}`` as its value.

    A number or a time that only a case can tell becomes ``…``; another fact stands in brackets as what
    it means.
    """

    def word(found: re.Match[str]) -> str:
        slot = found[1].strip()
        parameter = playbook.parameters.get(slot.removeprefix("$"))
        if slot.startswith("$") and parameter is not None:
            value = playbook.value(parameter.name, context or Context())
            if parameter.type == "duration":
                return spoken(int(value), language)
            return f"{value:g}" if isinstance(value, float) else str(value)
        if slot in _NAMES[language]:
            name = _NAMES[language][slot]
            before, noun = text[: found.start()].casefold().split(), name.split()[-1]
            # Of "under the post {post}" nothing is left to say but the post
            return "" if before and before[-1] == noun else name
        fact = FACTS.get(slot)
        if fact is None:
            return f"[{slot}]"
        return "…" if fact.type in _TOLD else f"[{fact.meaning[language]}]"

    return " ".join(_SLOT.sub(word, text).split())
