"""Is a text about the incident that was declared: its keywords, its place, its sector's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, NamedTuple

import attrs

from crisisrules.signals.marks import HASHTAG
from crisisrules.signals.spelling import misspellings
from crisisrules.signals.text import Prepared, prepare

__all__ = ["Topic", "TopicMatcher", "TopicSight", "matcher_of"]

_ENDINGS: Final = ("s", "es", "x", "e", "ee", "ees", "ed", "ing", "er", "ers", "d", "ly")
_LEAST_NEAR: Final = 6
"""Letters a keyword needs before a missing one still makes the same word."""
_LEAST_WRONG: Final = 8
"""Letters a keyword needs before one wrong letter still makes the same word (not `coupure`, `couture`)."""
_LEAST_INSIDE: Final = 5
"""Letters a keyword needs to be seen inside a hashtag that no capital divides (`#panneorange`)."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_OF_KIND: Final[Mapping[str, frozenset[str]]] = {
    "data_breach": frozenset({"breach", "fraud"}),
    "recall": frozenset({"recall"}),
    "safety": frozenset({"danger", "hazard", "recall"}),
    "reputational": frozenset({"outrage"}),
    "external_tragedy": frozenset({"outage_ext", "condole", "hazard"}),
    "industrial_dispute": frozenset({"strike"}),
}
"""The classes of words that are usual of an incident of a kind, whatever was declared of it; what is
usual of an outage is known to the weights."""


@attrs.frozen(kw_only=True, cache_hash=True)
class Topic:
    """What an incident declares about itself; ``kind`` is the incident's, such as ``outage``."""

    keywords: tuple[str, ...] = ()
    kind: str | None = None
    place: str | None = None


class TopicSight(NamedTuple):
    """Where a text names the incident: first and last tokens of keywords, and of its place.

    ``place`` is None when the place is not named.
    """

    keywords: Sequence[tuple[int, int]]
    place: tuple[int, int] | None


NOTHING_SEEN: Final = TopicSight((), None)


@attrs.frozen(kw_only=True)
class TopicMatcher:
    """A topic ready for matching; words are folded, ``usual`` are the classes of its kind."""

    words: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    inside: tuple[str, ...]
    place: Mapping[str, tuple[tuple[str, ...], ...]]
    usual: frozenset[str]
    heads: frozenset[str]

    def look(self, prepared: Prepared, present: AbstractSet[str]) -> TopicSight:
        """See a topic in a text of which ``present`` are the words."""
        tagged = self.inside and prepared.marks & HASHTAG
        if not tagged and self.heads.isdisjoint(present):
            return NOTHING_SEEN
        found: list[tuple[int, int]] = []
        place = None
        norms = prepared.norms
        if not self.heads.isdisjoint(present):
            words, phrases, places = self.words, self.phrases, self.place
            for here, norm in enumerate(norms):
                if norm in words:
                    found.append((here, here))
                if norm in phrases:
                    found += _phrases(norms, here, phrases[norm])
                if place is None and norm in places:
                    place = next(iter(_phrases(norms, here, places[norm])), None)
        if tagged:
            found += [
                (here, here)
                for here, kind in enumerate(prepared.kinds)
                if kind == "hashtag" and (here, here) not in found and self._holds(norms[here])
            ]
        return TopicSight(found, place)

    def _holds(self, hashtag: str) -> bool:
        return any(hashtag.startswith(word) or hashtag.endswith(word) for word in self.inside)


def _phrases(
    norms: Sequence[str], here: int, phrases: Iterable[tuple[str, ...]]
) -> list[tuple[int, int]]:
    return [
        (here, here + len(phrase) - 1)
        for phrase in phrases
        if len(phrase) == 1 or tuple(norms[here : here + len(phrase)]) == phrase
    ]


def _inflected(word: str) -> Iterable[str]:
    yield word
    if not word.isalpha():
        return
    yield from (word + ending for ending in _ENDINGS)
    if len(word) > 3 and word[-1] in "esxy":
        stem = word[:-1]
        yield stem
        yield from (stem + ending for ending in _ENDINGS)
        if word[-1] == "y":
            yield stem + "ies"
            yield stem + "ied"
    if len(word) > 4 and word.endswith("al"):
        yield word[:-2] + "aux"
    if len(word) > 4 and word.endswith("ed"):
        yield word[:-2]
        yield word[:-2] + "ing"


def _near(word: str) -> Iterable[str]:
    """Spellings of a long word with one letter too few, twice, swapped or wrong, its first kept."""
    yield from misspellings(word, least_missing=_LEAST_NEAR)
    if len(word) >= _LEAST_WRONG and word.isalpha():
        for at in range(1, len(word)):
            yield from (word[:at] + letter + word[at + 1 :] for letter in _LETTERS)


def _by_head(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    heads: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in phrases:
        heads[phrase[0]] = (*heads.get(phrase[0], ()), phrase)
    return heads


@lru_cache(maxsize=256)
def matcher_of(topic: Topic) -> TopicMatcher:
    """The matcher of a topic; the last 256 are kept."""
    words: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    inside: list[str] = []
    for keyword in topic.keywords:
        norms = tuple(prepare(keyword).norms)
        if len(norms) == 1:
            words.update(_inflected(norms[0]))
            words.update(_near(norms[0]))
            if len(norms[0]) >= _LEAST_INSIDE:
                inside.append(norms[0])
        elif norms:
            phrases.append(norms)
            if norms[-1].isalpha():
                phrases.append((*norms[:-1], norms[-1] + "s"))
    parts = (topic.place or "").replace(";", ",").split(",")
    place = [norms for norms in (tuple(prepare(part).norms) for part in parts) if norms]
    by_head, places = _by_head(phrases), _by_head(place)
    return TopicMatcher(
        words=frozenset(words),
        phrases=by_head,
        inside=tuple(inside),
        place=places,
        usual=_OF_KIND.get(topic.kind or "", frozenset()),
        heads=frozenset({*words, *by_head, *places}),
    )
