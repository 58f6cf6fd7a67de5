"""Is a text about the incident that was declared: its keywords, its place, its sector's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import attrs

from crisisrules.signals.text import Prepared, prepare

__all__ = ["Topic", "TopicMatcher", "matcher_of"]

_ENDINGS: Final = ("s", "es", "x", "e", "ee", "ees", "ed", "ing", "er", "ers", "d", "ly")
_LEAST_NEAR: Final = 6
"""Letters a word needs before one wrong letter still counts as the same word."""


@attrs.frozen(kw_only=True)
class Topic:
    """What an incident declares about itself; ``kind`` is the incident's, such as ``outage``."""

    keywords: tuple[str, ...] = ()
    kind: str | None = None
    place: str | None = None


@attrs.frozen(kw_only=True)
class TopicMatcher:
    """A topic ready for matching; words are folded."""

    words: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    near: Mapping[str, str]
    place: tuple[tuple[str, ...], ...]
    kind: str | None

    def find(self, norms: Sequence[str]) -> list[tuple[int, int]]:
        """First and last token of each place where a keyword stands."""
        found: list[tuple[int, int]] = []
        words, phrases, near = self.words, self.phrases, self.near
        for here, norm in enumerate(norms):
            if norm in words or norm in near:
                found.append((here, here))
            found += [
                (here, here + len(rest) - 1)
                for rest in phrases.get(norm, ())
                if tuple(norms[here : here + len(rest)]) == rest
            ]
        return found

    def find_place(self, norms: Sequence[str]) -> tuple[int, int] | None:
        """First and last token of the place, None when it is not named."""
        for words in self.place:
            size = len(words)
            for here in range(len(norms) - size + 1):
                if norms[here] == words[0] and tuple(norms[here : here + size]) == words:
                    return here, here + size - 1
        return None


def _inflected(word: str) -> Iterable[str]:
    yield word
    yield from (word + ending for ending in _ENDINGS)
    if len(word) > 3 and word[-1] in "esx":
        stem = word[:-1]
        yield stem
        yield from (stem + ending for ending in _ENDINGS)
    if word.endswith("al"):
        yield word[:-2] + "aux"
    if word.endswith("eau"):
        yield word + "x"


@lru_cache(maxsize=256)
def matcher_of(topic: Topic) -> TopicMatcher:
    """The matcher of a topic; the last 256 are kept."""
    words: set[str] = set()
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for keyword in topic.keywords:
        norms = tuple(prepare(keyword).norms)
        if len(norms) == 1:
            words.update(_inflected(norms[0]))
        elif norms:
            phrases[norms[0]] = (*phrases.get(norms[0], ()), norms)
    place: list[tuple[str, ...]] = []
    if topic.place:
        place = [tuple(prepare(part).norms) for part in topic.place.replace(";", ",").split(",")]
    return TopicMatcher(
        words=frozenset(words),
        phrases=phrases,
        near={},
        place=tuple(part for part in place if part),
        kind=topic.kind,
    )


def near_words(prepared: Prepared) -> list[str]:
    """Folded words long enough for a near spelling to be told from another word."""
    return [norm for norm in prepared.norms if len(norm) >= _LEAST_NEAR]
