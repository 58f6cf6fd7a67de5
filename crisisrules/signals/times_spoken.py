"""Clock times as they are spoken: `ten past nine`, `at six`, `neuf heures et demie`, `las seis y media`.

Only looked at where an hour is named; each look is at a few words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crisisrules.signals.text import Prepared
from crisisrules.signals.times_join import Atom
from crisisrules.signals.times_words import FILLERS, HOUR_WORDS, NUMBERS, PARTS, RELATIONS, Relation

__all__ = ["relation_of", "spoken_hour", "spoken_hours", "spoken_minutes"]

_MINUTES: Final = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "half": 30}
_PRECISE: Final = frozenset(
    {"at", "by", "before", "around", "about", "until", "till", "from", "las"}
)
"""Words after which a bare number may be an hour."""
_ENDS: Final = frozenset({".", ",", "!", "?", ";", ")", "\n", "...", ":", "-"})
_THEN: Final = frozenset(
    {"tonight", "today", "tomorrow", "this", "on", "sharp", "o'clock", "de", "y"}
)
"""What may follow a bare hour; elsewhere it counts something (`at six stations`)."""
_AND: Final = frozenset({"et", "y"})
_LESS: Final = frozenset({"moins", "menos"})
_NOON_ENDS: Final = 12
_DAY: Final = 24


def relation_of(norms: Sequence[str], first: int) -> Relation:
    """What the words before token ``first`` make of a time that begins there."""
    found: Relation = ""
    for index in range(first - 1, max(first - 5, -1), -1):
        norm = norms[index]
        before = norms[index - 1] if index else ""
        if norm == "ici" and before != "d'":
            break
        if norm == "a":
            if before in ("y", "hace"):
                return "ago"
            # French "à" and the English article fold to the same word
            found = found or "at"
            continue
        relation = RELATIONS.get(norm)
        if norm in ("le", "on", "el"):
            found = found or "on"
        elif relation is not None and (norm not in FILLERS or relation == "in"):
            return relation
        elif norm not in FILLERS:
            break
    return found


def _number(norm: str) -> int | None:
    if norm.isdecimal() and len(norm) <= 2:
        return int(norm)
    value = NUMBERS.get(norm, 0.0)
    return int(value) if value >= 1 else None


def _at(norms: Sequence[str], index: int) -> str:
    return norms[index] if 0 <= index < len(norms) else ""


def _atom(prepared: Prepared, first: int, last: int, minutes: int, relation: Relation) -> Atom:
    atom = Atom(
        first, last, prepared.starts[first], prepared.ends[last], clock=minutes % (60 * _DAY)
    )
    atom.relation = relation
    atom.twelve_hours = 60 <= minutes < 60 * _NOON_ENDS
    return atom


def spoken_hour(prepared: Prepared, index: int) -> Atom | None:
    """The time of a bare hour, with the minutes before or after it: `half past six`, `at six`."""
    norms = prepared.norms
    hour = HOUR_WORDS.get(norms[index]) or _number(norms[index])
    if hour is None or not 1 <= hour <= _NOON_ENDS:
        return None
    before = _at(norms, index - 1)
    if before in ("past", "to"):
        return _past_or_to(prepared, index, hour)
    after = _at(norms, index + 1)
    if after == "o'clock":
        return _atom(prepared, index, index + 1, hour * 60, RELATIONS.get(before, ""))
    if before == "las":
        # Spanish: `a las seis y media`
        more, last = spoken_minutes(norms, index)
        return _atom(prepared, index, last, hour * 60 + more, "at")
    if before not in _PRECISE:
        return None
    spoken = after in _THEN or (after == "in" and _at(norms, index + 3) in PARTS)
    if after and after not in _ENDS and not spoken:
        return None
    return _atom(prepared, index, index, hour * 60, RELATIONS.get(before, "around"))


def _past_or_to(prepared: Prepared, index: int, hour: int) -> Atom | None:
    norms = prepared.norms
    first = index - 2
    named = _at(norms, first) == "minutes"
    first -= named
    word = _at(norms, first)
    minutes = _MINUTES.get(word) or (int(word) if word.isdecimal() and len(word) <= 2 else 0)
    if word == "five" and _at(norms, first - 1) == "twenty":
        minutes, first = 25, first - 1
    if not 0 < minutes < 60 or (word == "half" and norms[index - 1] == "to"):
        return None
    if _at(norms, first - 1) == "a":
        first -= 1
    related = _at(norms, first - 1)
    if norms[index - 1] == "to":
        # `from five to ten` counts, `at five to ten` tells the time
        if not named and word != "quarter" and related not in _PRECISE - {"from"}:
            return None
        return _atom(prepared, first, index, hour * 60 - minutes, RELATIONS.get(related, ""))
    return _atom(prepared, first, index, hour * 60 + minutes, RELATIONS.get(related, ""))


def spoken_minutes(norms: Sequence[str], last: int) -> tuple[int, int]:
    """The minutes that follow an hour that ends at ``last``, and the token at which they end.

    `et demie`, `moins le quart`, `trente`, `y media`; none is nought.
    """
    following = _at(norms, last + 1)
    at = last + 1
    sign = 1
    if following in _LESS:
        sign = -1
        at += 1
    elif following in _AND:
        at += 1
    at += _at(norms, at) in ("le", "un")
    value = NUMBERS.get(_at(norms, at), 0.0)
    if value in (0.5, 0.25) and at > last + 1:
        return sign * int(value * 60), at
    if value < 5 or following in _AND:
        return 0, last
    tens, ones = int(value), int(NUMBERS.get(_at(norms, at + 1), 0.0))
    if tens in (20, 30, 40) and 1 < ones < 10:
        return sign * (tens + ones), at + 1
    return sign * tens, at


def spoken_hours(prepared: Prepared, index: int) -> Atom | None:
    """The time of hours that are counted in words before ``index``: `neuf heures et demie`."""
    norms = prepared.norms
    first = index - 1
    hour = int(NUMBERS.get(_at(norms, first), 0.0))
    if 1 <= hour < 10:
        before = first - 1 if _at(norms, first - 1) == "et" else first
        if _at(norms, before - 1) == "vingt":
            hour, first = 20 + hour, before - 1
    if not 1 <= hour <= _DAY:
        return None
    more, last = spoken_minutes(norms, index)
    relation = relation_of(norms, first)
    if not more and relation not in ("at", "around", "by", "until", "from"):
        return None
    # "d'ici deux heures" is a length; so is "à trois heures de Paris"
    if not more and (_at(norms, first - 1) == "ici" or _at(norms, index + 1) in ("de", "d'")):
        return None
    return _atom(prepared, first, last, hour * 60 + more, relation)
