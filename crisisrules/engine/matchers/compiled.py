"""Conditions as one generated Python function.

The text of the function is made only of column numbers, operators of a closed list and the names of
constants that are passed in beside it: no word of a playbook reaches the compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

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
_Known: TypeAlias = Callable[[Row], list[int]]

_NONE: Final[tuple[int, ...]] = ()


_MOST_MASKS: Final = 64
"""Sets of missing facts for which a function is kept; more are decided without one."""


class CompiledMatcher:
    """The default matcher: one generated function for what is known, Kleene evaluation for the rest.

    Which facts of a row are missing decides which conditions cannot be left to plain comparisons. Rows
    of one kind of subject mostly lack the same facts, so for each such set a function is generated once.
    """

    def __init__(self, conditions: Sequence[Bound], columns: int) -> None:
        self._conditions = tuple(conditions)
        self._columns = columns
        self._touched = [_columns(condition) for condition in self._conditions]
        self._known = _generate(dict(enumerate(self._conditions)), columns)
        self._masked: dict[tuple[int, ...], tuple[_Known, tuple[int, ...]]] = {}

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        try:
            if None not in row:
                return Matches(self._known(row), _NONE)
            known, open_ = self._for(tuple([i for i, value in enumerate(row) if value is None]))
            true = known(row)
        except Unsure:
            true, open_ = [], tuple(range(len(self._conditions)))
        unknown = []
        for index in open_:
            truth = evaluate(self._conditions[index], row)
            if truth:
                true.append(index)
            elif truth is None:
                unknown.append(index)
        true.sort()
        return Matches(true, unknown)

    def _for(self, missing: tuple[int, ...]) -> tuple[_Known, tuple[int, ...]]:
        """The function for rows that lack these facts, and the conditions it leaves open."""
        found = self._masked.get(missing)
        if found is None:
            lacking = set(missing)
            decided = {
                index: condition
                for index, condition in enumerate(self._conditions)
                if lacking.isdisjoint(self._touched[index])
            }
            rest = tuple(i for i in range(len(self._conditions)) if i not in decided)
            if len(self._masked) >= _MOST_MASKS:
                self._masked.clear()
            found = self._masked[missing] = (_generate(decided, self._columns), rest)
        return found

    def close(self) -> None:
        """Nothing is held outside Python."""


def _generate(conditions: Mapping[int, Bound], columns: int) -> _Known:
    constants: dict[str, object] = {"compare": compare}
    used = sorted({column for condition in conditions.values() for column in _columns(condition)})
    lines = ["def match(row):", "    true = []"]
    lines += [f"    x{column} = row[{column}]" for column in used if column < columns]
    for index, condition in conditions.items():
        lines.append(f"    if {_expression(condition, constants)}: true.append({index})")
    lines.append("    return true")
    namespace = dict(constants)
    exec(compile("\n".join(lines), "<conditions>", "exec"), namespace)  # noqa: S102 - see the module's docstring
    function: _Known = namespace["match"]  # type: ignore[assignment]  # just defined
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
