"""The form of a text: what can be seen without knowing what its words mean."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from crisisrules.signals.marks import (
    EMOJI,
    HASHTAG,
    MENTION,
    MONEY,
    NUMBER,
    SIGN,
    STOP,
    STOPS,
    UPPER,
    URL,
)
from crisisrules.signals.text import Prepared

__all__ = ["form_of"]

_UNITS: Final = frozenset(
    {
        "go",
        "gb",
        "mo",
        "mb",
        "gbit",
        "cm",
        "mm",
        "kg",
        "g",
        "ml",
        "cl",
        "km",
        "mpx",
        "mp",
        "hz",
        "x",
    }
)
_YEARS: Final = frozenset({"ans", "year", "years", "yr", "yrs", "yo", "anos"})
_OLD_FROM, _OLD_TO = 65, 115
_CLOCK: Final = frozenset({"h", "am", "pm", "heures", "uhr"})
_SPECIAL: Final = EMOJI | HASHTAG | MENTION | URL | NUMBER
_FRAGMENT: Final = 5
_FEW, _SOME, _MANY = 7, 16, 36


def form_of(prepared: Prepared, present: AbstractSet[str]) -> list[str]:
    """The names of the form features of a text, each prefixed ``f:``.

    ``present`` are the folded words and signs of the text, each once.
    """
    norms, marks = prepared.norms, prepared.marks
    size = len(norms)
    names = [
        "f:few" if size <= _FEW else "f:some" if size <= _SOME else "f:many" if size <= _MANY
        else "f:long"
    ]  # fmt: skip
    if marks & STOP:
        _sentences(norms, present, names)
    if marks & SIGN:
        _signs(norms, present, names)
    if marks & _SPECIAL:
        _kinds(prepared, marks, names)
    if marks & UPPER and prepared.shapes.count("upper") > 1:
        names.append("f:capitals")
    if marks & MONEY:
        names.append("f:money")
    return names


def _sentences(norms: Sequence[str], present: AbstractSet[str], names: list[str]) -> None:
    stops = [norm for norm in norms if norm in STOPS]
    if "?" in present or "?!" in present:
        names.append("f:question")
        if norms[-1] == "?":
            names.append("f:question_last")
        if stops[0] == "?" and len(stops) > 1:
            names.append("f:question_first")
    if "!" in present:
        names.append("f:exclaims" if stops.count("!") > 1 else "f:exclaim")
    if "..." in present:
        names.append("f:dots")
    if len(stops) > 2 and len(norms) <= _FRAGMENT * len(stops):
        names.append("f:fragments")


def _signs(norms: Sequence[str], present: AbstractSet[str], names: list[str]) -> None:
    if ":" in present and ":" in norms[:6]:
        names.append("f:label")
    if "%" in present:
        names.append("f:percent")
    if "(" in present:
        names.append("f:aside")
    if '"' in present and norms.count('"') > 1:
        names.append("f:quotes")


def _kinds(prepared: Prepared, marks: int, names: list[str]) -> None:
    kinds = prepared.kinds
    if marks & EMOJI:
        names.append("f:emojis" if kinds.count("emoji") > 1 else "f:emoji")
        if kinds[0] == "emoji":
            names.append("f:emoji_first")
        if kinds[-1] == "emoji":
            names.append("f:emoji_last")
    if marks & HASHTAG:
        names.append("f:hashtag")
    if marks & MENTION:
        names.append("f:mention_first" if kinds[0] == "mention" else "f:mention")
    if marks & URL:
        names.append("f:address")
    if marks & NUMBER:
        names.append("f:number")
        _numbers(prepared, names)


def _numbers(prepared: Prepared, names: list[str]) -> None:
    norms = prepared.norms
    last = len(norms) - 1
    found: set[str] = set()
    for here, kind in enumerate(prepared.kinds):
        if kind == "number":
            number = norms[here]
            after = norms[here + 1] if here < last else ""
            if ":" in number or after in _CLOCK:
                found.add("f:clock")
            elif after in _YEARS:
                if number.isdecimal() and _OLD_FROM <= int(number) <= _OLD_TO:
                    found.add("f:old_age")
            elif after in _UNITS:
                found.add("f:unit")
            elif len(number) > 3 and number.isdecimal():
                found.add("f:large")
    names += found
