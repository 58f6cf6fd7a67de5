"""Conditions as generated Python functions.

Two are generated for a table. In the first, for rows of which everything is known, a condition is one
plain expression. In the second, for all others, it is two: whether it certainly holds and whether it
possibly does. The test of a missing fact is possible and not certain, a count known from below is held
against a limit by its least value or by infinity, and ``not`` swaps the two. What is possible and not
certain is unknown: this is Kleene's logic without a third value.

The text of a function is made only of column numbers, numbers, operators of a closed list and the names
of constants that are passed in beside it: no word of a playbook reaches the compiler.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from crisisrules.engine.matchers import Matcher, Matches
from crisisrules.engine.tables import (
    Atom,
    Bound,
    BoundAll,
    BoundAny,
    BoundNot,
    atoms_of,
    compare,
    evaluate,
    mentions,
)
from crisisrules.engine.values import AtLeast, Row, Unsure

_SYMBOLS: Final = {
    "is": "==",
    "is_not": "!=",
    "in": "in",
    "not_in": "not in",
    "at_least": ">=",
    "more_than": ">",
    "at_most": "<=",
    "less_than": "<",
}
_SURE_AND_POSSIBLE: Final = {
    "at_least": ("low", "high"),
    "more_than": ("low", "high"),
    "at_most": ("high", "low"),
    "less_than": ("high", "low"),
}
"""By which end of a count known from below a test surely holds, and by which it possibly does."""

_Match: TypeAlias = Callable[[Row], Matches]
_Constants: TypeAlias = dict[str, object]


def compiled_matcher(conditions: Sequence[Bound], columns: int) -> Matcher:
    """The default matcher, for rows of so many columns."""
    asked = tuple(conditions)
    partly: _Match | None = None

    def with_gaps(row: Row) -> Matches:
        nonlocal partly
        if partly is None:
            # not every table meets such a row, and a short run should not pay for it
            partly = _for_gaps(asked, columns)
        return partly(row)

    return Matcher(match=_for_known(asked, columns, with_gaps), close=lambda: None)


def _for_known(conditions: Sequence[Bound], columns: int, otherwise: _Match) -> _Match:
    """Plain expressions; ``otherwise`` has the rows in which something is missing or unsure."""
    constants: _Constants = {}
    lines = [
        f"if {_expression(condition, constants)}: true.append({index})"
        for index, condition in enumerate(conditions)
    ]
    missing = " or ".join(f"x{column} is None" for column in _used(conditions))
    start = [f"if {missing}: return otherwise(row)"] if missing else []
    return _generate(
        [*start, "true = []", *lines, "return true, NONE"], columns, constants, otherwise
    )


def _for_gaps(conditions: Sequence[Bound], columns: int) -> _Match:
    """Two expressions each; tests that neither can decide are left to plain evaluation."""
    constants: _Constants = {"AtLeast": AtLeast, "INFINITY": math.inf}
    lines: list[str] = []
    for column in sorted({atom.column for atom in _atoms(conditions) if _is_ordered(atom)}):
        lines += [
            f"low{column} = high{column} = x{column}",
            f"if type(x{column}) is AtLeast: low{column}, high{column} = x{column}.low, INFINITY",
        ]
    lines += ["true = []", "unknown = []"]
    for index, condition in enumerate(conditions):
        surely, possibly = _expressions(condition, constants)
        lines.append(f"if {possibly}: (true if {surely} else unknown).append({index})")

    def one_by_one(row: Row) -> Matches:
        truths = [evaluate(condition, row) for condition in conditions]
        return (
            [index for index, truth in enumerate(truths) if truth],
            [index for index, truth in enumerate(truths) if truth is None],
        )

    return _generate([*lines, "return true, unknown"], columns, constants, one_by_one)


def _generate(lines: list[str], columns: int, constants: _Constants, otherwise: _Match) -> _Match:
    row = "".join(f"x{column}, " for column in range(columns))
    body = [f"{row}= row" if row else "", *lines]
    text = "\n ".join(["def match(row):", "try:", *(f" {line}" for line in body), "except Unsure:"])
    namespace = {"Unsure": Unsure, "otherwise": otherwise, "NONE": (), **constants}
    exec(compile(f"{text}\n  return otherwise(row)", "<conditions>", "exec"), namespace)  # noqa: S102 - see the module's docstring
    function: _Match = namespace["match"]  # type: ignore[assignment]  # just defined
    return function


def _atoms(conditions: Sequence[Bound]) -> list[Atom]:
    return [atom for condition in conditions for atom in atoms_of(condition)]


def _used(conditions: Sequence[Bound]) -> list[int]:
    atoms = _atoms(conditions)
    against = {atom.against for atom in atoms if atom.against is not None}
    return sorted({atom.column for atom in atoms} | against)


def _is_ordered(atom: Atom) -> bool:
    return atom.operator in _SURE_AND_POSSIBLE


def _expression(bound: Bound, constants: _Constants) -> str:
    match bound:
        case Atom():
            return _test(bound, f"x{bound.column}", constants)
        case BoundAll(of):
            return _joined("and", [_expression(part, constants) for part in of])
        case BoundAny(of):
            return _joined("or", [_expression(part, constants) for part in of])
        case BoundNot(of):
            return f"(not {_expression(of, constants)})"


def _expressions(bound: Bound, constants: _Constants) -> tuple[str, str]:
    """Whether a condition surely holds, and whether it possibly does."""
    match bound:
        case Atom(column, operator, _, against):
            names = [f"x{column}"] + ([] if against is None else [f"x{against}"])
            ends = _SURE_AND_POSSIBLE.get(operator, ("x", "x"))
            surely, possibly = (_test(bound, f"{end}{column}", constants) for end in ends)
            return (
                _joined("and", [*(f"{name} is not None" for name in names), surely]),
                _joined("or", [*(f"{name} is None" for name in names), possibly]),
            )
        case BoundAll(of) | BoundAny(of):
            word = "and" if isinstance(bound, BoundAll) else "or"
            pairs = [_expressions(part, constants) for part in of]
            return (
                _joined(word, [surely for surely, _ in pairs]),
                _joined(word, [possibly for _, possibly in pairs]),
            )
        case BoundNot(of):
            surely, possibly = _expressions(of, constants)
            return f"(not {possibly})", f"(not {surely})"


def _joined(word: str, parts: list[str]) -> str:
    return f"({f' {word} '.join(parts)})" if parts else str(word == "and")


def _test(atom: Atom, left: str, constants: _Constants) -> str:
    right = f"x{atom.against}" if atom.against is not None else _constant(atom.value, constants)
    if atom.operator in _SYMBOLS:
        return f"{left} {_SYMBOLS[atom.operator]} {right}"
    if atom.operator == "mentions":
        return f"mentions({left}, {right})"
    return f"compare({left}, {atom.operator!r}, {right})"


def _constant(value: object, constants: _Constants) -> str:
    constants.update(compare=compare, mentions=mentions)
    if type(value) in (int, bool) or (type(value) is float and math.isfinite(value)):
        return repr(value)
    name = f"c{len(constants)}"
    constants[name] = value
    return name
