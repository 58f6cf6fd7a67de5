"""What a message states, as facts that a rewording leaves the same; a message with none is no news.

Numbers, times, names, things, services and states are facts; so are the features that tell of a step
(it is over, the cause is known, there is redress). Courtesy is not: thanks, regrets, promises and
the words of the trade say the same in a hundred ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from crisisrules.signals.statement import Sight, StatementReader
from crisisrules.signals.statement_boards import MOST_TOKENS
from crisisrules.signals.text import Prepared, prepare
from crisisrules.signals.times import TimeMention, find_times
from crisisrules.signals.times_words import NUMBERS

__all__ = ["Novelty", "facts_of", "novel"]

_STEPS: Final = frozenset(
    {
        "resolution",
        "resolution_partial",
        "compensation",
        "cause_known",
        "safety_advice",
        "workaround",
    }
)
_TELLING: Final = (
    "service",
    "thing",
    "state",
    "found",
    "share",
    "people_state",
    "channel",
    "emergency",
)
_LEAST_LETTERS: Final = 3
_STEM: Final = 5
_LEAST_NUMBER: Final = 2
_ENDS: Final = frozenset({".", "!", "?", "...", "\n", ":"})


@attrs.frozen(kw_only=True)
class Novelty:
    """Whether a message says something that the earlier ones did not, and which facts."""

    is_new: bool
    facts: tuple[str, ...]


def novel(
    reader: StatementReader, text: str, previous: Iterable[str], language: str | None = None
) -> Novelty:
    """What is new in ``text`` after the ``previous`` messages on the same incident."""
    said: set[str] = set()
    for each in previous:
        said |= facts_of(reader, prepare(each, language))
    fresh = tuple(sorted(facts_of(reader, prepare(text, language)) - said))
    return Novelty(is_new=bool(fresh), facts=fresh)


def facts_of(reader: StatementReader, prepared: Prepared) -> frozenset[str]:
    """The facts of a message, as short texts that stay the same from one version to the next.

    Kept as a set, they tell later messages apart: one has news when its facts are not a subset.
    """
    telling = reader.class_numbers(_TELLING)
    sight = reader.sight(prepared)
    times = sight.times or find_times(prepared)
    facts = set(_times(times))
    facts.update(f"f:{feature}" for feature in sight.heads if feature in _STEPS)
    facts.update(_words(sight, prepared, times, sight.board(telling)))
    return frozenset(facts)


def _times(times: Iterable[TimeMention]) -> Iterator[str]:
    for mention in times:
        if mention.clock:
            yield f"t:{mention.clock}"
        elif mention.length is not None:
            how = "every" if mention.kind == "recurrence" else "in"
            yield f"t:{how}:{int(mention.length.total_seconds())}"
        elif mention.kind == "day":
            yield f"t:{mention.text.casefold()}"


def _words(
    sight: Sight, prepared: Prepared, times: Iterable[TimeMention], telling: int
) -> Iterator[str]:
    """The words that carry a fact: those at ``telling``, names, and those no lexicon knows."""
    timed = [(mention.start, mention.end) for mention in times]
    entries = sight.entries
    fresh = True
    for here, norm in enumerate(prepared.norms[:MOST_TOKENS]):
        kind = prepared.kinds[here]
        first, fresh = fresh, kind == "punct" and norm in _ENDS
        start = prepared.starts[here]
        if kind == "punct" or any(begin <= start < end for begin, end in timed):
            continue
        if kind == "number":
            yield f"n:{norm}"
        elif kind == "url":
            yield f"u:{norm}"
        elif kind in ("word", "hashtag"):
            entry = entries[norm]
            if NUMBERS.get(norm, 0) >= _LEAST_NUMBER:
                yield f"n:{NUMBERS[norm]:g}"
            elif entry is not None and entry.plain:
                continue
            elif (
                entry is None
                or not entry.listed
                or telling >> here & 1
                or (not first and prepared.shapes[here] in ("title", "upper"))
            ):
                stem = _stem(norm)
                if len(stem) >= _LEAST_LETTERS:
                    yield f"w:{stem}"


def _stem(norm: str) -> str:
    """The beginning that the forms of a word share, told without knowing its language."""
    if len(norm) > _STEM:
        return norm[:_STEM]
    return norm.rstrip("sxe")
