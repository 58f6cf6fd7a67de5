"""Which columns a subject's row has, and conditions bound to them."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

import attrs

from crisisrules.engine.values import ABSENT, Row, Truth, Unsure, Value
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import All, AnyOf, Condition, Not, ParameterRef, Scalar, Test


@attrs.frozen
class Column:
    """One place in a row: a fact, a fact counted over the last so long, or a parameter's value."""

    fact: str
    in_last: int | ParameterRef | None = None
    factor: float | None = None

    @property
    def is_parameter(self) -> bool:
        """Whether the column holds a parameter (``fact`` is then its name)."""
        return self.factor is not None


@attrs.frozen
class Atom:
    """A test bound to a column. ``against`` is the column to compare with, or None for ``value``."""

    column: int
    operator: str
    value: Scalar | tuple[Scalar, ...] | None
    against: int | None = None


@attrs.frozen
class BoundAll:
    """Every one of them."""

    of: tuple[Bound, ...]


@attrs.frozen
class BoundAny:
    """At least one of them."""

    of: tuple[Bound, ...]


@attrs.frozen
class BoundNot:
    """Not that one."""

    of: Bound


Bound: TypeAlias = Atom | BoundAll | BoundAny | BoundNot


def atoms_of(bound: Bound) -> Sequence[Atom]:
    """Every test of a bound condition."""
    match bound:
        case Atom():
            return (bound,)
        case BoundAll(of) | BoundAny(of):
            return [atom for part in of for atom in atoms_of(part)]
        case BoundNot(of):
            return atoms_of(of)


@attrs.define
class Table:
    """The columns of one kind of subject and the conditions asked of its rows."""

    columns: list[Column] = attrs.field(factory=list)
    conditions: list[Bound] = attrs.field(factory=list)
    _index: dict[Column, int] = attrs.field(factory=dict)

    def column(self, column: Column) -> int:
        """The index of a column, added when it is new."""
        found = self._index.get(column)
        if found is None:
            found = self._index[column] = len(self.columns)
            self.columns.append(column)
        return found

    def add(self, condition: Condition) -> int:
        """Bind a condition to the columns; its index is how matchers name it."""
        self.conditions.append(self.bind(condition))
        return len(self.conditions) - 1

    def bind(self, condition: Condition) -> Bound:
        """The condition with facts replaced by column indexes."""
        match condition:
            case Test():
                return self._bind_test(condition)
            case All(of):
                return BoundAll(tuple(self.bind(part) for part in of))
            case AnyOf(of):
                return BoundAny(tuple(self.bind(part) for part in of))
            case Not(of):
                return BoundNot(self.bind(of))

    def _bind_test(self, test: Test) -> Atom:
        column = self.column(Column(test.fact, test.in_last))
        operator, value = test.operator, test.value
        if isinstance(value, ParameterRef):
            against = self.column(Column(value.name, factor=value.factor))
            return Atom(column, operator, None, against)
        if isinstance(value, tuple) and operator in ("is", "is_not"):
            operator = {"is": "in", "is_not": "not_in"}[operator]
        return Atom(column, operator, value)


def fold(text: str) -> str:
    """A text for comparison: compatibility forms, case and accents removed."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def mentions(value: Value, words: Scalar | tuple[Scalar, ...] | None) -> bool:
    """Whether a set has one of the members, or a text has one of the words, whole."""
    wanted = words if isinstance(words, tuple) else (words,)
    if isinstance(value, frozenset):
        return not value.isdisjoint(wanted)
    if isinstance(value, tuple):
        return any(word in value for word in wanted)
    if not isinstance(value, str):
        return False
    text = _words_of(value)
    return any(_words_of(str(word)) in text for word in wanted)


@functools.lru_cache(maxsize=256)
def _words_of(text: str) -> str:
    """The words of a text for comparison, each between spaces; several rules look for theirs in one text."""
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return f" {' '.join(words)} "


def holds(atom: Atom, row: Row) -> Truth:
    """The truth of one test on a row."""
    value = row[atom.column]
    if value is None:
        return None
    wanted: Value | tuple[Scalar, ...] = atom.value if atom.against is None else row[atom.against]
    if wanted is None:
        return None
    try:
        return compare(value, atom.operator, wanted)
    except Unsure:
        return None


def compare(value: Value, operator: str, wanted: object) -> bool:
    """One operator on two known values.

    Raises:
        Unsure: the value is a lower bound and cannot decide.
    """
    match operator:
        case "is":
            return bool(value == wanted)
        case "is_not":
            return bool(value != wanted)
        case "in":
            return value in wanted  # type: ignore[operator]  # the loader allows only lists here
        case "not_in":
            return value not in wanted  # type: ignore[operator]  # as above
        case "at_least":
            return bool(value >= wanted)  # type: ignore[operator]  # types were checked at load
        case "more_than":
            return bool(value > wanted)  # type: ignore[operator]  # as above
        case "at_most":
            return bool(value <= wanted)  # type: ignore[operator]  # as above
        case "less_than":
            return bool(value < wanted)  # type: ignore[operator]  # as above
        case "mentions":
            return mentions(value, wanted)  # type: ignore[arg-type]  # as above
        case "present":
            there = value is not ABSENT and value not in ((), "")
            return there is bool(wanted)
        case _:
            msg = f"unknown operator {operator}"
            raise ValueError(msg)


def evaluate(bound: Bound, row: Row) -> Truth:
    """Kleene evaluation of a bound condition: the meaning that every matcher must agree with."""
    match bound:
        case Atom():
            return holds(bound, row)
        case BoundAll(of):
            result: Truth = True
            for part in of:
                truth = evaluate(part, row)
                if truth is False:
                    return False
                if truth is None:
                    result = None
            return result
        case BoundAny(of):
            result = False
            for part in of:
                truth = evaluate(part, row)
                if truth is True:
                    return True
                if truth is None:
                    result = None
            return result
        case BoundNot(of):
            truth = evaluate(of, row)
            return None if truth is None else not truth


def motion_of(column: Column) -> str | None:
    """Whether the column's value changes as time passes: ``grows``, ``shrinks``, ``window`` or None."""
    if column.is_parameter:
        return None
    if column.in_last is not None:
        return "window"
    return FACTS[column.fact].motion
