"""The language of a short text, by its function words and, failing those, its accents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["guess_language", "votes_of"]


def votes_of(function_words: Mapping[str, frozenset[str]]) -> Mapping[str, tuple[str, ...]]:
    """For each function word the languages that have it; a word of all languages tells nothing."""
    votes: dict[str, tuple[str, ...]] = {}
    for language, words in function_words.items():
        for word in words:
            votes[word] = (*votes.get(word, ()), language)
    return {
        word: languages
        for word, languages in votes.items()
        if len(languages) < max(2, len(function_words))
    }


def guess_language(norms: Sequence[str], votes: Mapping[str, tuple[str, ...]]) -> str | None:
    """The language with the most function words in the text; None when none leads."""
    counts: dict[str, int] = {}
    for languages in map(votes.get, norms):
        if languages is not None:
            for language in languages:
                counts[language] = counts.get(language, 0) + (2 if len(languages) == 1 else 1)
    if not counts:
        return None
    if len(counts) == 1:
        return next(iter(counts))
    first, second = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]
    return first[0] if first[1] > second[1] else None
