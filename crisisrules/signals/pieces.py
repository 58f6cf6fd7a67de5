"""From chunks of a text, which stand between blanks, to pieces: tokens as they are compared.

The pieces of a chunk are remembered, because the words of a stream repeat; that is what makes
reading cheap.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Final, Literal, NamedTuple

from crisisrules.signals.marks import GROUP, mark_of

__all__ = ["Chunk", "Piece", "Shape", "TokenKind", "fold", "known_chunks", "split_hashtag"]

TokenKind = Literal["word", "number", "emoji", "hashtag", "mention", "url", "punct"]
Shape = Literal["lower", "title", "upper", "mixed", "none"]

_REMEMBERED: Final = 60_000
_LONGEST_REMEMBERED: Final = 40

# Invisible characters that people and filters put inside words, accents written apart, and
# letters in circles and squares, which Python's \w leaves out.
_ODD_LETTERS: Final = (
    "\u0300-\u036f\u00ad\u200b\u200c\u2060\ufeff\u24b6-\u24e9\U0001f130-\U0001f149"
    "\U0001f150-\U0001f169\U0001f170-\U0001f189"
)
_LETTERS: Final = rf"[^\W\d_]{{1,64}}(?:[{_ODD_LETTERS}]{{1,16}}[^\W\d_]{{0,64}}){{0,32}}"
_ODD_START: Final = rf"[{_ODD_LETTERS}]{{1,64}}"
_APOSTROPHES: Final = "'\u2019\u02bc\u2018\u00b4\u2032\uff07"
_CLITIC: Final = rf"[{_APOSTROPHES}](?:[sS]|[rR][eE]|[lL][lL]|[vV][eE]|[dD]|[mM])(?![^\W_])"
_ELISION: Final = (
    rf"(?:[cdjlmnstCDJLMNST]|[qQ][uU]|[jJ]usqu|JUSQU|[lL]orsqu|[pP]uisqu|[qQ]uoiqu)"
    rf"[{_APOSTROPHES}](?=[^\W\d_])"
)
_WORD: Final = (
    rf"(?:{_LETTERS}(?:(?!{_CLITIC})[{_APOSTROPHES}]{_LETTERS}){{0,3}}|{_ODD_START})"
    r"(?:[-\u2010\u2011](?=[^\W\d_]))?"
)
_NUMBER: Final = r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,5}(?![\d])|\d{1,40}(?:[.,:/]\d{1,20}){0,6}"
_EMOJI: Final = (
    "[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3|"
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u25a0-\u25ff\u3030\u203c\u2049]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]{0,4}"
    "(?:\u200d[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]{0,4}){0,8}"
)
_SIGN: Final = r"[!?\u00a1\u00bf\uff01\uff1f]{1,64}|\.{2,64}|\n\s{0,64}|(?s:.)"
_BLANKS: Final = r"[^\S\n]*"
_TOP_LEVEL: Final = (
    "com|org|net|info|fr|uk|eu|io|be|ch|ca|es|de|it|ie|us|gov|edu|app|dev|shop|tv|me|co|lu|bzh"
)
_UNTIL_BLANK: Final = r"[^\s<>]{0,2000}[^\s<>.,;:!?)\]\u00bb\"']"
_ADDRESS: Final = (
    rf"(?:https?://|www\.){_UNTIL_BLANK}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    rf"|(?:[a-zA-Z0-9-]{{1,63}}\.){{1,4}}(?:{_TOP_LEVEL})(?![^\W_])(?:/{_UNTIL_BLANK})?"
)
# What stands between two blanks; groups of three digits stay with the number they belong to.
_CHUNK: Final = re.compile(r"\S+(?:(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))\S+)*\s*")
_PIECE: Final = re.compile(
    rf"(?:(?<=[#\uff03])(?=\w*[^\W\d])\w{{1,100}}|{_ADDRESS}|@\w{{1,64}}|{_ELISION}|{_WORD}|{_EMOJI}"
    rf"|{_NUMBER}|{_CLITIC}|{_SIGN}){_BLANKS}"
)
_LONGEST_WORD: Final = 64
_AFTER_WORD: Final = frozenset(".,;:!?")
_IS_GROUP: Final = re.compile(r"\d{3}(?!\d)")
"""Three digits, which a number before them and one blank would make its own."""
_IS_EMOJI: Final = re.compile(_EMOJI)
_IS_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_NOT_COMPARED: Final = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_INVISIBLE: Final = str.maketrans("", "", "\u00ad\u200b\u200c\u2060\ufeff")
_SAME_LETTER: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
    | {chr(point): chr(ord("a") + (point - 0x1F170)) for point in range(0x1F170, 0x1F18A)}
    | {chr(point): chr(ord("a") + (point - 0x1F150)) for point in range(0x1F150, 0x1F16A)}
)
# Cyrillic and Greek letters that pass for Latin ones. They are folded only in a word that has
# Latin letters too: a word in one script is taken at its word.
_LOOK_ALIKES: Final = str.maketrans(
    "абвгԁеһіјклмнорԛсѕтуѵԝхзьαβγεηικνορτυχωϲϳ",
    "abbrdehijkamhopqcstyvwx3babyenikvoptuxwcj",
)
_PLAIN_SIGNS: Final = {
    "\u2019": "'", "\u02bc": "'", "\u2018": "'", "\u00b4": "'", "\u2032": "'", "\uff07": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2010": "-", "\u2011": "-",
    "\u2026": "...", "\uff03": "#", "\u00a1": "!", "\u00bf": "?",
}  # fmt: skip
_STRAIGHT: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))


def fold(word: str) -> str:
    """One word as it is compared: NFKC, casefolded, no accents, look-alike letters made Latin."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKC", word.translate(_INVISIBLE)).casefold()
    apart = unicodedata.normalize("NFD", word)
    word = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")
    word = word.translate(_SAME_LETTER).translate(_STRAIGHT)
    if not word.isascii() and any("a" <= sign <= "z" for sign in word):
        word = word.translate(_LOOK_ALIKES)
    return word


def split_hashtag(body: str) -> list[str]:
    """The words of a hashtag without its sign, told apart by case, digits and underscores.

    The parts keep their order and, with the underscores, add up to ``body``.
    """
    parts: list[str] = []
    start = 0
    for here in range(1, len(body)):
        before, sign = body[here - 1], body[here]
        following = body[here + 1] if here + 1 < len(body) else ""
        if (
            (before == "_") != (sign == "_")
            or before.isdigit() != sign.isdigit()
            or (sign.isupper() and (not before.isupper() or following.islower()))
        ):
            parts.append(body[start:here])
            start = here
    parts.append(body[start:])
    return parts


class Piece(NamedTuple):
    norm: str
    kind: TokenKind
    shape: Shape
    mark: int
    length: int
    advance: int  # to the next piece: the length with the blanks after it


def _shape(word: str) -> Shape:
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "title"
    if word[:1].isupper() and word[1:].islower():
        return "title"
    return "mixed"


def _number(body: str) -> str:
    body = unicodedata.normalize("NFKC", body).replace(" ", "")
    if _IS_THOUSANDS.fullmatch(body):
        return body.replace(",", "").replace(".", "")
    return body.replace(",", ".")


def _piece(norm: str, length: int, advance: int, kind: TokenKind, shape: Shape = "none") -> Piece:
    return Piece(norm, kind, shape, mark_of(norm, kind, shape), length, advance)


def _describe(piece: str) -> Piece:
    body = piece if piece[0] == "\n" else piece.rstrip()
    advance = len(piece)
    first = body[0] if body else ""
    if not first or first == "\n":
        return _piece("\n" if "\n" in piece else " ", max(len(body), 1), advance, "punct")
    if len(body) > 1 and body[-1] in "-\u2010\u2011" and body[-2] not in "-\u2010\u2011":
        body = body[:-1]
    length = len(body)
    if first == "@" and length > 1:
        return _piece(body.lower(), length, advance, "mention")
    if "." in body and any(sign.isalpha() for sign in body):
        return _piece(body.lower(), length, advance, "url")
    if not first.isalnum() and _IS_EMOJI.fullmatch(body):
        return _piece(_NOT_COMPARED.sub("", body), length, advance, "emoji")
    if first.isdecimal():
        kind: TokenKind = "emoji" if "\u20e3" in body else "number"
        return _piece(_number(body), length, advance, kind)
    norm = fold(body)
    if norm and (norm[0].isalpha() or (norm[0] == "'" and length > 1)):
        return _piece(norm, length, advance, "word", _shape(body))
    return _piece(_sign(body, norm), length, advance, "punct")


def _sign(body: str, norm: str) -> str:
    if len(body) > 1 and body[0] == ".":
        return "..."
    if len(body) > 1:
        plain = {_PLAIN_SIGNS.get(sign, sign) for sign in norm}
        # accents that stand on no letter fold to nothing
        return "?!" if len(plain) > 1 else min(plain, default=body)
    return _PLAIN_SIGNS.get(body, norm or body)


def _describe_chunk(chunk: str) -> tuple[Piece, ...]:
    body = chunk.rstrip()
    if body[-1:] in _AFTER_WORD and body == chunk:
        word = body[:-1]
        if word.isascii() and word.isalpha() and len(word) <= _LONGEST_WORD:
            size = len(word)
            return (
                _piece(word.lower(), size, size, "word", _shape(word)),
                _piece(body[-1], 1, 1, "punct"),
            )
    if body.isascii() and body.isalpha() and len(body) <= _LONGEST_WORD and "\n" not in chunk:
        return (_piece(body.lower(), len(body), len(chunk), "word", _shape(body)),)
    described: list[Piece] = []
    after_sign = False
    for piece in _PIECE.findall(chunk):
        if after_sign and piece[0].isalnum():
            described += _hashtag(piece)
        else:
            described.append(_describe(piece))
        after_sign = piece in {"#", "\uff03"}
    if described and _IS_GROUP.match(chunk):
        described[0] = described[0]._replace(mark=described[0].mark | GROUP)
    return tuple(described)


def _hashtag(piece: str) -> list[Piece]:
    body = piece.rstrip()
    described: list[Piece] = []
    for part in split_hashtag(body):
        if described and not part.strip("_"):
            described[-1] = described[-1]._replace(advance=described[-1].advance + len(part))
        else:
            described.append(_piece(fold(part), len(part), len(part), "hashtag", _shape(part)))
    blanks = len(piece) - len(body)
    described[-1] = described[-1]._replace(advance=described[-1].advance + blanks)
    return described


class Chunk(NamedTuple):
    norms: Sequence[str]
    marks: int
    pieces: Sequence[Piece]


class _Remembered(dict[str, Chunk]):
    """Descriptions of chunks, made at first sight; bounded, because the public writes the texts."""

    def __missing__(self, chunk: str) -> Chunk:
        pieces = _describe_chunk(chunk)
        marks = reduce(or_, [piece.mark for piece in pieces], 0)
        described = Chunk(tuple([piece.norm for piece in pieces]), marks, pieces)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = described
        return described


_KNOWN: Final = _Remembered()


def known_chunks(text: str, *, blanks: bool) -> list[Chunk]:
    """The chunks of a text; ``blanks`` where the blanks after each have to be told too."""
    return list(map(_KNOWN.__getitem__, _CHUNK.findall(text) if blanks else text.split()))
