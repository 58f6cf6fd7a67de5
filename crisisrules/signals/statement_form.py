"""What the form of a statement shows: long sentences, hashtags, emoji, unexplained acronyms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crisisrules.signals.marks import EMOJI, HASHTAG
from crisisrules.signals.spans import Seen
from crisisrules.signals.text import Prepared

__all__ = ["FORM_FEATURES", "acronyms", "form_features"]

FORM_FEATURES: Final = frozenset(
    {"long_sentence", "lowercase_hashtag", "many_hashtags", "many_emoji"}
)
"""What may be said of any text, also of one that is no statement."""

_ENDS: Final = frozenset({".", "!", "?", "...", "\n", "?!", ";"})
_MOST_HASHTAGS: Final = 2
_MOST_EMOJI: Final = 3
_SHORTEST_UNSPLIT: Final = 12
"""A lower-case hashtag of at least so many letters is likely several words, which a screen reader
cannot tell apart."""
_ACRONYM: Final = range(3, 6)


def form_features(prepared: Prepared, longest_sentence: int) -> Iterator[Seen]:
    """The form features of a text with the tokens of each."""
    if len(prepared.norms) > longest_sentence:
        yield from _long_sentences(prepared, longest_sentence)
    if prepared.marks & HASHTAG:
        yield from _hashtags(prepared)
    if prepared.marks & EMOJI and prepared.kinds.count("emoji") > _MOST_EMOJI:
        places = [here for here, kind in enumerate(prepared.kinds) if kind == "emoji"]
        yield ("many_emoji", places[_MOST_EMOJI], places[-1])


def _long_sentences(prepared: Prepared, longest: int) -> Iterator[Seen]:
    first = words = 0
    for here, (norm, kind) in enumerate(zip(prepared.norms, prepared.kinds, strict=True)):
        if kind == "punct" and norm in _ENDS:
            if words > longest:
                yield ("long_sentence", first, here)
            first, words = here + 1, 0
        # an elided article is written with its word and counts with it
        elif kind not in ("punct", "emoji") and not norm.endswith("'") and not norm.startswith("'"):
            words += 1
    if words > longest:
        yield ("long_sentence", first, len(prepared.norms) - 1)


def _hashtags(prepared: Prepared) -> Iterator[Seen]:
    kinds, norms = prepared.kinds, prepared.norms
    tags: list[tuple[int, int]] = []
    for here, kind in enumerate(kinds):
        if kind == "hashtag":
            if here and norms[here - 1] == "#":
                tags.append((here, here))
            elif tags:
                tags[-1] = (tags[-1][0], here)
    for first, last in tags:
        if (
            first == last
            and prepared.shapes[first] == "lower"
            and len(norms[first]) >= _SHORTEST_UNSPLIT
        ):
            yield ("lowercase_hashtag", first, last)
    if len(tags) > _MOST_HASHTAGS:
        yield ("many_hashtags", tags[_MOST_HASHTAGS][0], tags[-1][1])


def acronyms(prepared: Prepared, known: frozenset[str]) -> Iterator[Seen]:
    """The acronyms that a text does not explain; ``known`` are those that everybody reads."""
    if "upper" not in prepared.shapes:
        return
    norms, shapes, kinds = prepared.norms, prepared.shapes, prepared.kinds
    if shapes.count("upper") * 2 > len(norms):
        return
    for here, shape in enumerate(shapes):
        if shape != "upper" or kinds[here] != "word" or len(norms[here]) not in _ACRONYM:
            continue
        if norms[here] in known:
            continue
        before = norms[here - 1] if here else ""
        after = norms[here + 1] if here + 1 < len(norms) else ""
        beside = "upper" in (shapes[max(here - 1, 0)] if here else "", *shapes[here + 1 : here + 2])
        # "ABC (the …)" and "… (ABC)" explain it; two capitalised words side by side are emphasis
        if before != "(" and after != "(" and not beside:
            yield ("jargon", here, here)
