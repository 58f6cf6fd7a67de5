"""A text made ready for reading: its tokens folded for comparison, placed by offsets into it.

A text is cut at blanks into *chunks* and a chunk into *pieces*: a token together with the blanks or
the joining hyphen after it (see `pieces`). Most texts are read for their words alone, so that chunks
are found without their blanks, and with them, which makes offsets running sums, only when a span is
asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from crisisrules.signals.marks import GROUP
from crisisrules.signals.pieces import Chunk, Shape, TokenKind, known_chunks

__all__ = ["LONGEST_READ", "Prepared", "Span", "Token", "prepare"]

LONGEST_READ: Final = 65_536
"""Code points that are read of one text; no platform takes longer posts. The rest is not seen."""


class Token(NamedTuple):
    """A word, number, sign or emoji of a text.

    ``original[start:end] == text``, in code points; ``norm`` is what to compare with:
    casefolded, without accents, look-alike letters folded, ``l'`` and ``'re`` apart from their word.
    """

    text: str
    norm: str
    start: int
    end: int
    kind: TokenKind


class Span(NamedTuple):
    """The words in which a signal was seen: ``original[start:end] == text``."""

    name: str
    start: int
    end: int
    text: str


class _Columns(NamedTuple):
    kinds: Sequence[TokenKind]
    shapes: Sequence[Shape]
    each: Sequence[int]


class Prepared:
    """A text made ready for reading, in columns of equal length (one entry a token).

    ``shapes`` tells how a word was capitalised; it is ``none`` for what is not a word or hashtag.
    ``each`` has the marks of each token, what it shows by its form (see `marks`), and ``marks`` those
    of all together. ``language`` is entered when it is found out; nothing else changes, but columns
    other than ``norms`` are worked out when they are first asked for.
    """

    __slots__ = ("_chunks", "_columns", "_places", "language", "marks", "norms", "original")

    def __init__(self, original: str, chunks: Sequence[Chunk], language: str | None) -> None:
        self.original = original
        self.language = language
        self._chunks = chunks
        self._columns: _Columns | None = None
        self._places: tuple[Sequence[int], Sequence[int]] | None = None
        norms: list[str] = []
        marks = 0
        for several, mark, _ in chunks:
            norms += several
            marks |= mark
        self.norms: Sequence[str] = norms
        self.marks = marks

    @property
    def kinds(self) -> Sequence[TokenKind]:
        """The kind of each token."""
        return (self._columns or self._fill()).kinds

    @property
    def shapes(self) -> Sequence[Shape]:
        """How each token was capitalised."""
        return (self._columns or self._fill()).shapes

    @property
    def each(self) -> Sequence[int]:
        """The marks of each token."""
        return (self._columns or self._fill()).each

    @property
    def starts(self) -> Sequence[int]:
        """Where each token starts in ``original``, in code points."""
        return (self._places or self._place())[0]

    @property
    def ends(self) -> Sequence[int]:
        """Where each token ends in ``original``, in code points."""
        return (self._places or self._place())[1]

    @property
    def opening(self) -> int:
        """The first token that is a word; -1 in a text without words."""
        if self._chunks and self._chunks[0].pieces[0].kind == "word":
            return 0
        return self.kinds.index("word") if "word" in self.kinds else -1

    def _fill(self) -> _Columns:
        pieces = [each for chunk in self._chunks for each in chunk.pieces]
        columns = _Columns((), (), ())
        if pieces:
            _, kinds, shapes, each, _, _ = zip(*pieces, strict=True)
            columns = _Columns(kinds, shapes, each)
        self._columns = columns
        return columns

    def _place(self) -> tuple[Sequence[int], Sequence[int]]:
        read = self.original[:LONGEST_READ]
        starts: list[int] = []
        ends: list[int] = []
        here = len(read) - len(read.lstrip())
        for chunk in known_chunks(read, blanks=True):
            for _, _, _, _, length, advance in chunk.pieces:
                starts.append(here)
                ends.append(here + length)
                here += advance
        self._places = starts, ends
        return self._places

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens, built anew at each call; the columns are the cheaper way to scan."""
        original = self.original
        return tuple(
            Token(original[start:end], norm, start, end, kind)
            for norm, start, end, kind in zip(
                self.norms, self.starts, self.ends, self.kinds, strict=True
            )
        )

    def span(self, name: str, first: int, last: int) -> Span:
        """The span from token ``first`` to token ``last``, both included."""
        start, end = self.starts[first], self.ends[last]
        return Span(name, start, end, self.original[start:end])


def prepare(text: str, language: str | None = None) -> Prepared:
    """Cut ``text`` into tokens, in time linear in its length.

    Only the first `LONGEST_READ` code points are read, and a run of letters is cut at 64 (a longer
    one is not a word), so hostile texts cost no more than long ones. ``language`` is passed on.
    """
    read = text if len(text) <= LONGEST_READ else text[:LONGEST_READ]
    # a line's end is a token, and so is `12 000`: the blanks count
    plain = "\n" not in read
    prepared = Prepared(text, known_chunks(read, blanks=not plain), language)
    if plain and prepared.marks & GROUP:
        prepared = Prepared(text, known_chunks(read, blanks=True), language)
    return prepared
