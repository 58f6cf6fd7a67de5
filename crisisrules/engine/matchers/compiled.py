"""Conditions as one generated Python function.

The text of the function is made only of column numbers, operators of a closed list and the names of
constants that are passed in beside it: no word of a playbook reaches the compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from crisisrules.engine.matchers import Matches
from crisisrules.engine.tables import Atom, Bound, BoundAll, BoundAny, BoundNot, compare, evaluate
from crisisrules.engine.values import Row, Unsure

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
_NONE: Final[tuple[int, ...]] = ()


class CompiledMatcher:
    """The default matcher: plain comparisons on known rows, Kleene evaluation on the others."""

    def __init__(self, conditions: Sequence[Bound], columns: int) -> None:
        self._conditions = tuple(conditions)
        self._known = _generate(self._conditions, columns)

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        if None not in row:
            try:
                return Matches(self._known(row), _NONE)
            except Unsure:
                pass
        true, unknown = [], []
        for index, condition in enumerate(self._conditions):
            truth = evaluate(condition, row)
            if truth:
                true.append(index)
            elif truth is None:
                unknown.append(index)
        return Matches(true, unknown)

    def close(self) -> None:
        """Nothing is held outside Python."""


def _generate(conditions: Sequence[Bound], columns: int) -> Callable[[Row], list[int]]:
    constants: dict[str, object] = {"compare": compare}
    used = sorted({column for condition in conditions for column in _columns(condition)})
    lines = ["def match(row):", "    true = []"]
    lines += [f"    x{column} = row[{column}]" for column in used if column < columns]
    for index, condition in enumerate(conditions):
        lines.append(f"    if {_expression(condition, constants)}: true.append({index})")
    lines.append("    return true")
    namespace = dict(constants)
    exec(compile("\n".join(lines), "<conditions>", "exec"), namespace)  # noqa: S102 - see the module's docstring
    function: Callable[[Row], list[int]] = namespace["match"]  # type: ignore[assignment]  # just defined
    return function


def _columns(bound: Bound) -> set[int]:
    match bound:
        case Atom(column, _, _, against):
            return {column} if against is None else {column, against}
        case BoundAll(of) | BoundAny(of):
            return set().union(*(_columns(part) for part in of))
        case BoundNot(of):
            return _columns(of)


def _expression(bound: Bound, constants: dict[str, object]) -> str:
    match bound:
        case Atom(column, operator, value, against):
            if against is not None:
                right = f"x{against}"
            else:
                right = f"c{len(constants)}"
                constants[right] = value
            if operator in _SYMBOLS:
                return f"x{column} {_SYMBOLS[operator]} {right}"
            return f"compare(x{column}, {operator!r}, {right})"
        case BoundAll(of):
            return "(" + (" and ".join(_expression(part, constants) for part in of) or "True") + ")"
        case BoundAny(of):
            return "(" + (" or ".join(_expression(part, constants) for part in of) or "False") + ")"
        case BoundNot(of):
            return f"(not {_expression(of, constants)})"
