"""Why an item keeps its place, is held or is to be looked at, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crisisrules.lint.asking import Prospect
from crisisrules.model.calendar import CalendarItem
from crisisrules.model.recommendation import Finding
from crisisrules.model.vocabulary import SERVICE_KINDS

_SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "past": {"en": "already out", "fr": "déjà parue"},
    "held": {"en": "already held", "fr": "déjà retenue"},
    "cancelled": {"en": "cancelled in the calendar", "fr": "annulée dans le calendrier"},
    "published": {"en": "already out", "fr": "déjà parue"},
    "service": {"en": "service message", "fr": "message de service"},
    "cleared": {"en": "cleared for the incident", "fr": "libérée pour l'incident"},
    "reply": {"en": "an answer to one person", "fr": "une réponse à une personne"},
    "calm": {"en": "nothing speaks against it", "fr": "rien ne s'y oppose"},
}
_WORDS: Final = {"en": "words", "fr": "mots"}


def reason_of(
    verdict: str,
    findings: tuple[Finding, ...],
    what: Prospect,
    item: CalendarItem,
    *,
    past: bool,
) -> Mapping[str, str]:
    """The reason of a verdict, by language: what the first finding says, or why it may stay."""
    if verdict != "keep" and findings:
        grave = [f for f in findings if not f.preview] or list(findings)
        return min(grave, key=lambda f: (f.unknown, f.action != "hold-item")).message
    if past:
        return _SAID["past"]
    if item.state in _SAID:
        return _SAID[item.state]
    if what.thread.cleared:
        return _SAID["cleared"]
    if what.thread.kind in SERVICE_KINDS:
        words = ", ".join(what.thread.kind_words[:4])
        return {
            language: f"{said} ({_WORDS[language]}: {words})" if words else said
            for language, said in _SAID["service"].items()
        }
    return _SAID["reply" if what.thread.surface == "reply" else "calm"]
