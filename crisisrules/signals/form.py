"""The form of a text: what can be seen without knowing what its words mean."""

from __future__ import annotations

from typing import Final

from crisisrules.signals.lexicon import STOPS
from crisisrules.signals.text import Prepared

__all__ = ["form_of"]

_MONEY: Final = frozenset(
    {"€", "$", "£", "eur", "euro", "euros", "dollars", "pounds", "usd", "chf"}
)
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
_CLOCK: Final = frozenset({"h", "am", "pm", "heures", "uhr"})
_FRAGMENT: Final = 5
_FEW, _SOME, _MANY = 7, 16, 36


def form_of(prepared: Prepared) -> list[str]:
    """The names of the form features of a text, each prefixed ``f:``."""
    norms, kinds, shapes = prepared.norms, prepared.kinds, prepared.shapes
    size = len(norms)
    names = [
        "f:few" if size <= _FEW else "f:some" if size <= _SOME else "f:many" if size <= _MANY
        else "f:long"
    ]  # fmt: skip
    if not size:
        return names
    stops = [norm for norm in norms if norm in STOPS]
    if "?" in stops or "?!" in stops:
        names.append("f:question")
        if norms[-1] == "?":
            names.append("f:question_last")
        if stops[0] == "?" and len(stops) > 1:
            names.append("f:question_first")
    if len(stops) > 2 and size <= _FRAGMENT * len(stops):
        names.append("f:fragments")
    if "(" in norms:
        names.append("f:aside")
    if norms.count('"') > 1:
        names.append("f:quotes")
    exclaims = norms.count("!")
    if exclaims:
        names.append("f:exclaims" if exclaims > 1 else "f:exclaim")
    emoji = kinds.count("emoji")
    if emoji:
        names.append("f:emojis" if emoji > 1 else "f:emoji")
        if kinds[0] == "emoji":
            names.append("f:emoji_first")
        if kinds[-1] == "emoji":
            names.append("f:emoji_last")
    if "hashtag" in kinds:
        names.append("f:hashtag")
    if "mention" in kinds:
        names.append("f:mention_first" if kinds[0] == "mention" else "f:mention")
    if "url" in kinds:
        names.append("f:address")
    if "..." in norms or "…" in norms:
        names.append("f:dots")
    if shapes.count("upper") > 1:
        names.append("f:capitals")
    if ":" in norms[:6]:
        names.append("f:label")
    if "%" in norms:
        names.append("f:percent")
    if not _MONEY.isdisjoint(norms):
        names.append("f:money")
    if "number" in kinds:
        names.append("f:number")
        _numbers(prepared, names)
    return names


def _numbers(prepared: Prepared, names: list[str]) -> None:
    norms, kinds = prepared.norms, prepared.kinds
    for here, kind in enumerate(kinds):
        if kind != "number":
            continue
        number = norms[here]
        if ":" in number or (here + 1 < len(norms) and norms[here + 1] in _CLOCK):
            if "f:clock" not in names:
                names.append("f:clock")
        elif here + 1 < len(norms) and norms[here + 1] in _UNITS:
            if "f:unit" not in names:
                names.append("f:unit")
        elif number.isdecimal() and len(number) > 3 and "f:large" not in names:
            names.append("f:large")
