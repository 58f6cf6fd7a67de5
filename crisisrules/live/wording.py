"""A change as the outbox keeps it: plain JSON with its sentences in every language."""

from __future__ import annotations

from crisisrules.adapters.reports import plain
from crisisrules.model.recommendation import Change

LANGUAGES = ("en", "fr")


def change_to_json(change: Change) -> dict[str, object]:
    """Everything that a notice in any language, or a machine, needs of a change."""
    told = change.recommendation
    written: dict[str, object] = {
        **plain.recommendation(told, LANGUAGES[0]),
        "at": change.at.isoformat(),
        "change": change.kind,
    }
    written["said"] = {
        language: {
            "title": told.title.get(language, told.rule),
            "message": told.message.get(language, ""),
            "because": told.because.get(language, ""),
            "resolved_by": told.resolved_by.get(language, ""),
        }
        for language in LANGUAGES
    }
    return written
