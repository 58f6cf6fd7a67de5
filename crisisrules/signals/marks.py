"""What one token shows by its form, as bits: the marks of a text are those of its tokens together.

A text without a mark needs no look at what the mark stands for; that is what makes plain texts cheap.
"""

from __future__ import annotations

from typing import Final

from crisisrules.signals.times_words import ANY_TRIGGER

__all__ = [
    "ANY",
    "CAPITAL",
    "DIGIT",
    "EMOJI",
    "END",
    "GROUP",
    "HASHTAG",
    "MENTION",
    "MONEY",
    "MONEY_WORDS",
    "NO_WORD",
    "NUMBER",
    "PAUSE",
    "PHONE",
    "QUESTION",
    "SIGN",
    "STOP",
    "STOPS",
    "TIME_WORD",
    "UPPER",
    "URL",
    "mark_of",
]

STOP: Final = 1
"""It ends a sentence."""
SIGN: Final = 1 << 1
"""A colon, a per cent sign, a bracket or a quotation mark."""
EMOJI: Final = 1 << 2
HASHTAG: Final = 1 << 3
MENTION: Final = 1 << 4
URL: Final = 1 << 5
NUMBER: Final = 1 << 6
UPPER: Final = 1 << 7
"""A word in capitals."""
MONEY: Final = 1 << 8
TIME_WORD: Final = 1 << 9
"""A word at which a time may be found."""
GROUP: Final = 1 << 10
"""Three digits after a blank, perhaps of the number before."""
CAPITAL: Final = 1 << 11
"""A word not in small letters."""
NO_WORD: Final = 1 << 12
"""Neither a word nor a number nor part of a hashtag."""
END: Final = 1 << 13
"""It ends a sentence of a statement, in which a semicolon only is a pause."""
PAUSE: Final = 1 << 14
QUESTION: Final = 1 << 15
PHONE: Final = 1 << 16
"""A number that begins with a nought."""
DIGIT: Final = 1 << 17
"""A number or a word that begins with a digit."""

ANY: Final = 0
"""What every text has."""

STOPS: Final = frozenset({".", "!", "?", "...", "\n", ";", "?!"})
"""Signs that end a sentence."""
MONEY_WORDS: Final = frozenset(
    {"€", "$", "£", "eur", "euro", "euros", "dollars", "pounds", "usd", "chf"}
)
_PAUSES: Final = frozenset({",", ";", ":", "-", "(", ")", "|", "/"})
_SIGNS: Final = frozenset({":", "%", "(", '"'})
_TOLD: Final = frozenset({"word", "number", "hashtag"})
_OF_KIND: Final = {
    "emoji": EMOJI,
    "hashtag": HASHTAG,
    "mention": MENTION,
    "url": URL,
    "number": NUMBER,
}


def mark_of(norm: str, kind: str, shape: str) -> int:
    """The marks of one token."""
    if kind == "word" and norm.isalpha():
        mark = 0 if shape == "lower" else CAPITAL | UPPER if shape == "upper" else CAPITAL
        if norm in MONEY_WORDS:
            mark |= MONEY
        if norm in ANY_TRIGGER:
            mark |= TIME_WORD
        return mark
    mark = _OF_KIND.get(kind, 0)
    if kind not in _TOLD:
        mark |= NO_WORD
    if kind == "word" and shape != "lower":
        mark |= CAPITAL
    if shape == "upper":
        mark |= UPPER
    if kind in ("number", "word") and norm[:1].isdigit():
        mark |= DIGIT
    if kind == "number" and norm[0] == "0" and len(norm) > 1:
        mark |= PHONE
    if kind == "punct":
        if "?" in norm:
            mark |= QUESTION
        if norm in STOPS and norm != ";":
            mark |= END
        elif norm in _PAUSES:
            mark |= PAUSE
    if norm in STOPS:
        mark |= STOP
    elif norm in _SIGNS:
        mark |= SIGN
    if norm in MONEY_WORDS:
        mark |= MONEY
    if norm in ANY_TRIGGER:
        mark |= TIME_WORD
    return mark
