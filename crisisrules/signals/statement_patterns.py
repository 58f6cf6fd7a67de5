"""Patterns over the classes of a sentence, matched for all places at once.

A *board* is a whole number whose bit ``i`` says that token ``i`` is of a class. A pattern is a
sequence of classes, so a match is shifts and ands of boards: no backtracking, whatever the text.

    we|team ..3 be ..3-not work.doing / !if !~planned +service !!offer

- ``a|b``: a token of class ``a`` or ``b``; a phrase of the class counts at each of its tokens
- ``a|b~c|d``: such a token that is neither of class ``c`` nor of ``d``
- ``^`` first: the match begins a sentence; a gap after it is counted from its first token
- ``..``: up to 7 tokens between; ``..1``, ``..3``, ``..15``: up to so many; ``..3-not``: none of them `not`
- ``-x`` first: no ``x`` among the three tokens before the match
- after ``/``: ``+x`` the sentence has an ``x``, ``!x`` it has none; with ``~`` the clause, with
  another ``!`` (``!!x``) or ``+`` (``++x``) the whole text

A pattern never reaches over the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.statement_lexicon import Names

__all__ = ["Boards", "Pattern", "compile_pattern", "ends_of", "span_of"]

_DOUBLINGS: Final = {"..1": 1, "..3": 2, "..": 3, "..7": 3, "..15": 4}
_START: Final = "^"
_ANYWHERE: Final = -1
_Reach = Literal["sentence", "clause", "text"]


class _Step(NamedTuple):
    classes: tuple[int, ...]
    but_not: tuple[int, ...]
    doublings: int
    without: tuple[int, ...]


class _Guard(NamedTuple):
    classes: tuple[int, ...]
    wanted: bool
    reach: _Reach


class Pattern(NamedTuple):
    """A compiled pattern; ``number`` is that of its feature, which later patterns may ask for."""

    feature: str
    number: int
    opening: int
    unless: tuple[int, ...]
    steps: tuple[_Step, ...]
    guards: tuple[_Guard, ...]


class Boards:
    """The boards of one text, and what is worked out of them once they are asked for."""

    __slots__ = ("_seen", "clauses", "columns", "open", "sentences", "starts")

    def __init__(
        self,
        columns: list[int],
        starts: int,
        open_: int,
        sentences: Sequence[int],
        clauses: Sequence[int],
    ) -> None:
        self.columns = columns
        self.starts = starts
        self.open = open_
        self.sentences = sentences
        self.clauses = clauses
        self._seen: dict[tuple[_Reach, tuple[int, ...]], int] = {}

    def board(self, classes: tuple[int, ...]) -> int:
        """The tokens that are of any of the classes."""
        columns = self.columns
        found = 0
        for number in classes:
            found |= columns[number]
        return found

    def reached(self, reach: _Reach, classes: tuple[int, ...]) -> int:
        """The tokens whose sentence, clause or text has any of the classes."""
        key = (reach, classes)
        found = self._seen.get(key)
        if found is None:
            board = self.board(classes)
            found = 0
            if board and reach == "text":
                found = -1
            elif board:
                for part in self.clauses if reach == "clause" else self.sentences:
                    if part & board:
                        found |= part
            self._seen[key] = found
        return found


def _of(step: _Step, boards: Boards) -> int:
    found = boards.board(step.classes)
    return found & ~boards.board(step.but_not) if step.but_not else found


def _numbers(written: str, names: Names) -> tuple[int, ...]:
    return tuple(sorted({names[name] for name in written.split("|")}))


def _guard(word: str, names: Names) -> _Guard:
    sign, rest = word[0], word[1:]
    reach: _Reach = "sentence"
    if rest[:1] == sign:
        reach, rest = "text", rest[1:]
    elif rest[:1] == "~":
        reach, rest = "clause", rest[1:]
    return _Guard(_numbers(rest, names), sign == "+", reach)


def compile_pattern(feature: str, written: str, names: Names, place: str) -> Pattern:
    """A pattern ready to match; ``place`` is the text it stands in, for messages.

    Raises:
        PlaybookError: the pattern is not well formed.
    """
    sequence, _, conditions = written.partition("/")
    steps: list[_Step] = []
    doublings = 0
    without: tuple[int, ...] = ()
    unless: tuple[int, ...] = ()
    anchored, opening = False, _ANYWHERE
    for word in sequence.split():
        if word.startswith("-"):
            unless = _numbers(word[1:], names)
            continue
        if word.startswith(".."):
            gap, _, barred = word.partition("-")
            if gap not in _DOUBLINGS:
                allowed = ", ".join(f"`{each}`" for each in _DOUBLINGS)
                message = f"`{written}`: no gap is written `{gap}`; use {allowed}"
                raise PlaybookError(Problem(Place(place), "bad-pattern", message))
            doublings = _DOUBLINGS[gap]
            without = _numbers(barred, names) if barred else ()
            continue
        if word == _START:
            anchored = True
            continue
        if anchored and not steps:
            opening = doublings
        wanted, _, but_not = word.partition("~")
        steps.append(
            _Step(
                _numbers(wanted, names),
                _numbers(but_not, names) if but_not else (),
                doublings,
                without,
            )
        )
        doublings, without = 0, ()
    words = conditions.split()
    if not steps or any(len(word) < 2 or word[0] not in "+!" for word in words):
        message = f"`{written}` must be classes, then conditions with `+` or `!` after a `/`"
        raise PlaybookError(Problem(Place(place), "bad-pattern", message))
    guards = tuple(_guard(word, names) for word in words)
    return Pattern(feature, names[feature], opening, unless, tuple(steps), guards)


def ends_of(pattern: Pattern, boards: Boards) -> int:
    """The tokens at which a match ends, as a board."""
    found = _begin(pattern, boards)
    for step in pattern.steps[1:]:
        if not found:
            return 0
        found = _after(found, step, boards) & _of(step, boards)
    for classes, wanted, reach in pattern.guards:
        if not found:
            return 0
        reached = boards.reached(reach, classes)
        found &= reached if wanted else ~reached
    return found


def _begin(pattern: Pattern, boards: Boards) -> int:
    """The tokens at which a match may start."""
    found = _of(pattern.steps[0], boards)
    if found and pattern.opening != _ANYWHERE:
        found &= _spread(boards.starts, pattern.opening, boards.open)
    if found and pattern.unless:
        before = boards.board(pattern.unless)
        if before:
            open_ = boards.open
            near = (before << 1) & open_
            near |= (near << 1) & open_
            near |= (near << 1) & open_
            gone = found & near
            while more := (gone << 1) & found & ~gone:
                gone |= more  # a phrase goes as a whole
            found &= ~gone
    return found


def _after(found: int, step: _Step, boards: Boards) -> int:
    """The tokens that the next step may stand on."""
    open_ = boards.open
    path = open_ & ~boards.board(step.without) if step.without else open_
    return _spread((found << 1) & open_, step.doublings, open_, path)


def _spread(here: int, doublings: int, open_: int, path: int | None = None) -> int:
    """``here`` and the tokens up to ``2**doublings - 1`` further on that are reached by ``path``."""
    steps = ((open_ if path is None else path) << 1) & open_
    width = 1
    for _ in range(doublings):
        here |= steps & (here << width)
        steps &= steps << width
        width <<= 1
    return here


def span_of(pattern: Pattern, boards: Boards, end: int) -> tuple[int, int]:
    """First and last token of the match that ends at token ``end``."""
    found = _begin(pattern, boards)
    layers = [found]
    for step in pattern.steps[1:]:
        found = _after(found, step, boards) & _of(step, boards)
        layers.append(found)
    here = end
    for layer in reversed(layers[:-1]):
        here = (layer & ((1 << here) - 1)).bit_length() - 1
    final = _of(pattern.steps[-1], boards)
    while final >> (end + 1) & 1 and boards.open >> (end + 1) & 1:
        end += 1
    first = _of(pattern.steps[0], boards)
    while here > 0 and first >> (here - 1) & 1 and boards.open >> (here - 1) & 1:
        here -= 1
    return here, end
