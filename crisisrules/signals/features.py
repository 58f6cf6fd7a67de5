"""The features by which a text is judged: its classes, which of them meet in a sentence, its form."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from crisisrules.signals.form import form_of
from crisisrules.signals.lexicon import Sight
from crisisrules.signals.text import Prepared

__all__ = ["features_of"]

_TOGETHER: Final = {
    "we": ("working", "sorry", "restored", "fault", "know", "new", "hire", "investigate", "inform"),
    "team": ("working", "investigate", "place"),
    "you": ("fault", "lost", "win", "sorry", "refund", "ask"),
    "fault": ("restored", "scope", "cause", "customers", "since", "planned", "refund", "sorry"),
    "win": ("follow", "gift"),
}
_PAIRS: Final = [
    (first, frozenset(others), {other: f"{first}+{other}" for other in others})
    for first, others in _TOGETHER.items()
]


def features_of(prepared: Prepared, sight: Sight, present: AbstractSet[str]) -> list[str]:
    """The names of the features of a text; no name occurs twice.

    A class is a feature, and so are ``1:class`` when the text begins with it and ``class+class``
    when both stand in one sentence; ``present`` are the folded words and signs, each once.
    """
    names = form_of(prepared, present)
    classes = sight.classes
    names += classes
    if not classes:
        return names
    kinds = prepared.kinds
    opening = 0 if kinds[0] == "word" else kinds.index("word") if "word" in kinds else -1
    for seen, first, _ in sight.hits:
        if first >= opening:
            if first == opening:
                names += [f"1:{name}" for name in seen]
            break
    for first_class, others, together in _PAIRS:
        if first_class in classes and not others.isdisjoint(classes):
            found: set[str] = set()
            for sentence in sight.sentences:
                if first_class in sentence:
                    found |= others & sentence
            names += [together[other] for other in found]
    return names
