"""Texts of rules read without a case at hand: what stands in braces becomes a word for it."""

from __future__ import annotations

import re
from typing import Final

from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.sentences import spoken

_SLOT: Final = re.compile(r"\{([^{}]*)\}")

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
    },
}


def in_words(text: str, playbook: Playbook, language: str, context: Context | None = None) -> str:
    """The text with each ``{…}`` as ``[a word for it]``, and each ``{$parameter}`` as its value."""

    def word(found: re.Match[str]) -> str:
        slot = found[1].strip()
        parameter = playbook.parameters.get(slot.removeprefix("$"))
        if slot.startswith("$") and parameter is not None:
            value = playbook.value(parameter.name, context or Context())
            if parameter.type == "duration":
                return spoken(int(value), language)
            return f"{value:g}" if isinstance(value, float) else str(value)
        name = _NAMES[language].get(slot)
        if name is None:
            name = FACTS[slot].meaning[language] if slot in FACTS else slot
        return f"[{name}]"

    return _SLOT.sub(word, text)
