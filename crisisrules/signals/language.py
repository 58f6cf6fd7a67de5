"""The words by which the language of a short text is told; `hearing` counts them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["telling_words"]


def telling_words(function_words: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """The function words of each language but those that every language has."""
    shared = frozenset[str]()
    if len(function_words) > 1:
        shared = frozenset.intersection(*function_words.values())
    return {language: words - shared for language, words in function_words.items()}
