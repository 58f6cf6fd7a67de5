"""The features by which a text is judged: its classes, which of them meet in a sentence, its form."""

from __future__ import annotations

from typing import Final

from crisisrules.signals.form import form_of
from crisisrules.signals.lexicon import Sight
from crisisrules.signals.text import Prepared

__all__ = ["features_of"]

_TOGETHER: Final = {
    "we": ("working", "sorry", "restored", "fault", "know", "new", "hire", "investigate", "inform"),
    "team": ("working", "investigate", "place"),
    "you": ("fault", "lost", "win", "sorry", "money_back", "ask"),
    "fault": ("restored", "scope", "cause", "customers", "since", "planned", "money_back", "sorry"),
    "win": ("follow", "gift"),
}


def features_of(prepared: Prepared, sight: Sight) -> list[str]:
    """The names of the features of a text; no name occurs twice."""
    names = form_of(prepared)
    names += sight.classes
    if sight.hits:
        opening = next((at for at, kind in enumerate(prepared.kinds) if kind == "word"), -1)
        for hit in sight.hits:
            if hit.first > opening:
                break
            if hit.first == opening:
                names.append(f"1:{hit.name}")
    for sentence in sight.sentences:
        for first, others in _TOGETHER.items():
            if first in sentence:
                for other in others:
                    if other in sentence:
                        name = f"{first}+{other}"
                        if name not in names:
                            names.append(name)
    return names
