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

A pattern never reaches over the end of a sentence. Each becomes a small generated function when it
is first needed; only class numbers, which are ours, enter the generated text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.statement_lexicon import Names

__all__ = ["Boards", "Pattern", "compile_pattern"]

_DOUBLINGS: Final = {"..1": 1, "..3": 2, "..": 3, "..7": 3, "..15": 4}
_LOOK_BACK: Final = 2
_START: Final = "^"
_Reach = Literal["sentence", "clause", "text"]
_Classes = tuple[int, ...]


class Boards:
    """The boards of one text, and what is worked out of them once they are asked for."""

    __slots__ = ("_seen", "clauses", "columns", "open", "paths", "sentences", "starts")

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
        self.paths = paths_of(open_, open_)
        self._seen: dict[tuple[_Reach, _Classes], int] = {}

    def reached(self, reach: _Reach, classes: _Classes) -> int:
        """The tokens whose sentence or clause has any of the classes."""
        key = (reach, classes)
        found = self._seen.get(key)
        if found is None:
            board = found = 0
            for number in classes:
                board |= self.columns[number]
            for part in self.clauses if reach == "clause" else self.sentences:
                if part & board:
                    found |= part
            self._seen[key] = found
        return found


def paths_of(through: int, open_: int) -> tuple[int, int, int, int]:
    """Where a gap may lead in 1, 2, 4 and 8 tokens, each of them passing only ``through``."""
    one = (through << 1) & open_
    two = one & (one << 1)
    four = two & (two << 2)
    return one, two, four, four & (four << 4)


def without(found: int, before: int, open_: int) -> int:
    """``found`` but what stands up to three tokens after ``before``; a phrase goes as a whole."""
    near = (before << 1) & open_
    near |= (near << 1) & open_
    near |= (near << 1) & open_
    gone = found & near
    while more := (gone << 1) & found & ~gone:
        gone |= more
    return found & ~gone


class _Step(NamedTuple):
    classes: _Classes
    but_not: _Classes
    doublings: int
    passing_no: _Classes


class _Guard(NamedTuple):
    classes: _Classes
    wanted: bool
    reach: _Reach


def _board_of(step: _Step, columns: Sequence[int]) -> int:
    found = others = 0
    for number in step.classes:
        found |= columns[number]
    for number in step.but_not:
        others |= columns[number]
    return found & ~others


@attrs.define(eq=False)
class Pattern:
    """A pattern of ``feature``; ``number`` is that of its class, for which later patterns may ask."""

    feature: str
    number: int
    opening: int | None
    unless: _Classes
    steps: tuple[_Step, ...]
    guards: tuple[_Guard, ...]
    layers: Callable[[list[int], Boards], tuple[int, ...]] = attrs.field(init=False)
    """For each step the tokens that it was found at, the last step's being the ends of matches;
    empty when there is no match. Takes the columns of the boards, and the boards."""

    def __attrs_post_init__(self) -> None:
        def first_use(columns: list[int], boards: Boards) -> tuple[int, ...]:
            self.layers = _generated(self)
            return self.layers(columns, boards)

        self.layers = first_use

    def span(self, layers: tuple[int, ...], boards: Boards, end: int) -> tuple[int, int]:
        """First and last token of the match that ends at token ``end``."""
        first = end
        for layer in reversed(layers[:-1]):
            first = (layer & ((1 << first) - 1)).bit_length() - 1
        open_ = boards.open
        final, begun = (_board_of(self.steps[at], boards.columns) & open_ for at in (-1, 0))
        while final >> (end + 1) & 1:
            end += 1
        while first > 0 and begun >> (first - 1) & 1:
            first -= 1
        return first, end


def _numbers(written: str, names: Names) -> _Classes:
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
    passing_no: _Classes = ()
    unless: _Classes = ()
    anchored, opening = False, None
    for word in sequence.split():
        if word.startswith("-"):
            unless = _numbers(word[1:], names)
        elif word.startswith(".."):
            gap, _, barred = word.partition("-")
            if gap not in _DOUBLINGS:
                allowed = ", ".join(f"`{each}`" for each in _DOUBLINGS)
                message = f"`{written}`: no gap is written `{gap}`; use {allowed}"
                raise PlaybookError(Problem(Place(place), "bad-pattern", message))
            doublings = _DOUBLINGS[gap]
            passing_no = _numbers(barred, names) if barred else ()
        elif word == _START:
            anchored = True
        else:
            if anchored and not steps:
                opening = doublings
            wanted, _, but_not = word.partition("~")
            others = _numbers(but_not, names) if but_not else ()
            steps.append(_Step(_numbers(wanted, names), others, doublings, passing_no))
            doublings, passing_no = 0, ()
    words = conditions.split()
    if not steps or any(len(word) < 2 or word[0] not in "+!" for word in words):
        message = f"`{written}` must be classes, then conditions with `+` or `!` after a `/`"
        raise PlaybookError(Problem(Place(place), "bad-pattern", message))
    guards = tuple(_guard(word, names) for word in words)
    return Pattern(feature, names[feature], opening, unless, tuple(steps), guards)


def _board(classes: _Classes) -> str:
    return (
        "(" * (len(classes) > 1)
        + " | ".join(f"c[{number}]" for number in classes)
        + ")" * (len(classes) > 1)
    )


def _spread(name: str, doublings: int, paths: str) -> Iterator[str]:
    for exponent in range(doublings):
        yield f"{name} |= {paths}{exponent} & ({name} << {1 << exponent})"


def _lines(pattern: Pattern) -> Iterator[str]:
    """The body of the function that finds the layers of a pattern: what is cheap and rare first."""
    first = pattern.steps[0]
    for classes, wanted, reach in pattern.guards:
        if wanted:
            yield f"if not ({_board(classes)}): return ()"
        elif reach == "text":
            yield f"if {_board(classes)}: return ()"
    yield f"x0 = {_board(first.classes)}"
    if first.but_not:
        yield f"x0 &= ~({_board(first.but_not)})"
    yield "if not x0: return ()"
    for step in pattern.steps[1:]:
        yield f"if not ({_board(step.classes)}): return ()"
    if pattern.opening or any(step.doublings and not step.passing_no for step in pattern.steps):
        yield "p0, p1, p2, p3 = b.paths"
    if pattern.opening is not None:
        yield "s = b.starts"
        yield from _spread("s", pattern.opening, "p")
        yield "x0 &= s"
    if pattern.unless:
        yield f"u = {_board(pattern.unless)}"
        yield "if u: x0 = without(x0, u, b.open)"
    if len(pattern.steps) > 1:
        yield "o = b.open"
    for index, step in enumerate(pattern.steps[1:], 1):
        yield f"x{index} = (x{index - 1} << 1) & o"
        if step.doublings and step.passing_no:
            yield f"q0, q1, q2, q3 = paths_of(o & ~({_board(step.passing_no)}), o)"
            yield from _spread(f"x{index}", step.doublings, "q")
        else:
            yield from _spread(f"x{index}", step.doublings, "p")
        yield f"x{index} &= {_board(step.classes)}"
        if step.but_not:
            yield f"x{index} &= ~({_board(step.but_not)})"
        yield f"if not x{index}: return ()"
    last = f"x{len(pattern.steps) - 1}"
    for classes, wanted, reach in pattern.guards:
        if reach != "text":
            reached = f"b.reached({reach!r}, {classes!r})"
            yield (
                f"{last} &= {reached}" if wanted else f"if {_board(classes)}: {last} &= ~{reached}"
            )
    yield f"if not {last}: return ()"
    found = ", ".join(f"x{index}" for index in range(len(pattern.steps)))
    yield f"return ({found},)"


def _generated(pattern: Pattern) -> Callable[[list[int], Boards], tuple[int, ...]]:
    text = "def layers(c, b):\n" + "".join(f"    {line}\n" for line in _lines(pattern))
    scope: dict[str, Callable[..., object]] = {"paths_of": paths_of, "without": without}
    exec(compile(text, f"<pattern of {pattern.feature}>", "exec"), scope)  # noqa: S102 - see the module
    return scope["layers"]  # type: ignore[return-value]  # what the text above defines
