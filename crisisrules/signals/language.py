"""The language of a short text, by its function words."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

__all__ = ["guess_language", "telling_words"]


def telling_words(function_words: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """The function words of each language but those that every language has."""
    shared = frozenset[str]()
    if len(function_words) > 1:
        shared = frozenset.intersection(*function_words.values())
    return {language: words - shared for language, words in function_words.items()}


def guess_language(present: AbstractSet[str], telling: Mapping[str, frozenset[str]]) -> str | None:
    """The language with the most function words in the text; None when none leads.

    ``present`` are the folded words of the text, each once.
    """
    best, most, second = None, 0, 0
    for language, words in telling.items():
        count = len(words & present)
        if count > most:
            best, most, second = language, count, most
        elif count > second:
            second = count
    return best if most > second else None
