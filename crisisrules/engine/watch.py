"""What may change the answers about a subject although nothing happens to it: time, and plain comments.

Most of what a rule asks changes by events alone. When that already decides a condition, no clock and no
counter matters to it; so the tests to wait for are those of the conditions that the rest of the row
leaves open, and most subjects wait for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import attrs

from crisisrules.engine.facts_brand import CHANGES
from crisisrules.engine.facts_page import RATES
from crisisrules.engine.matchers import build_matcher
from crisisrules.engine.scene import Scene
from crisisrules.engine.tables import Atom, Column, Table, atoms_of
from crisisrules.engine.values import Row
from crisisrules.playbook.catalogue import FACTS

COUNTED: Final = frozenset(
    {
        "page.comments",
        "page.comments_since_word",
        "page.factual_errors",
        "page.incident_comments",
        "page.signal_comments",
        "page.signal_authors",
        "page.questions_alike",
        "page.unanswered_questions",
        "page.comments_over_baseline",
        "page.load",
        "post.comments",
        "post.incident_comments",
    }
)
"""Facts that a comment alone can change: a row is asked again when one may reach a threshold."""

SORTED: Final = frozenset(
    {
        "page.factual_errors",
        "page.signal_comments",
        "page.signal_authors",
        "page.questions_alike",
        "page.unanswered_questions",
    }
)
"""Counts of comments whose text or class was read: others do not move them."""
PARTLY_SORTED: Final = frozenset(
    {
        "page.comments_since_word",
        "page.incident_comments",
        "page.load",
        "post.incident_comments",
    }
)
"""Counts of which a lower bound is known while some cannot be sorted: more of those do not move it."""

_LATER: Final = {
    ("grows", "at_least"): 0,
    ("grows", "less_than"): 0,
    ("grows", "more_than"): 1,
    ("grows", "at_most"): 1,
    ("shrinks", "at_least"): 1,
    ("shrinks", "less_than"): 1,
    ("shrinks", "more_than"): 0,
    ("shrinks", "at_most"): 0,
}
"""Microseconds between an instant of equality and the instant from which the test reads otherwise."""

_MOST_WATCHES: Final = 256
"""Watches that are kept of one table; more are made anew."""


@attrs.frozen(kw_only=True)
class Moving:
    """A duration that time itself moves, held against a threshold."""

    column: int
    atom: Atom
    grows: bool
    later: int


@attrs.frozen(kw_only=True)
class Limit:
    """A count held against a threshold: when comments may change the answer."""

    column: int
    atom: Atom
    fact: str


@attrs.frozen(kw_only=True)
class Watch:
    """What to wait for: durations, counts in a window, other facts that change by the clock, and counts."""

    moving: tuple[Moving, ...]
    timed: tuple[tuple[Atom, Column], ...]
    changes: tuple[Callable[[Scene], int | None], ...]
    page_limits: tuple[Limit, ...]
    post_limits: tuple[Limit, ...]


class Watches:
    """The watch of each row of a table; ``clocks`` are columns that count whatever the conditions say."""

    def __init__(self, table: Table, clocks: Iterable[Column]) -> None:
        self._columns = tuple(table.columns)
        self._atoms = [tuple(atoms_of(condition)) for condition in table.conditions]
        self._clocks = tuple(clocks)
        self._stirring = [index for index, column in enumerate(self._columns) if stirs(column)]
        self._match = build_matcher("compiled", table.conditions, len(self._columns)).match
        self._known: dict[tuple[int, ...], Watch] = {}

    def of(self, row: Row) -> Watch:
        """What may change the answers of this row."""
        still = list(row)
        for column in self._stirring:
            still[column] = None
        undecided = tuple(self._match(still)[1])
        found = self._known.get(undecided)
        if found is None:
            if len(self._known) >= _MOST_WATCHES:
                self._known.clear()
            found = self._known[undecided] = self._watch(undecided)
        return found

    def _watch(self, conditions: Sequence[int]) -> Watch:
        columns = self._columns
        atoms = dict.fromkeys(atom for index in conditions for atom in self._atoms[index])
        facts = {columns[atom.column].fact for atom in atoms} | {one.fact for one in self._clocks}
        limits = [
            Limit(column=atom.column, atom=atom, fact=columns[atom.column].fact)
            for atom in atoms
            if columns[atom.column].fact in COUNTED
        ]
        moving = [_moving(atom, columns[atom.column]) for atom in atoms]
        return Watch(
            moving=tuple(one for one in moving if one is not None),
            timed=tuple(
                (atom, columns[atom.column])
                for atom in atoms
                if columns[atom.column].in_last is not None or columns[atom.column].fact in RATES
            ),
            changes=tuple(
                dict.fromkeys(CHANGES[fact] for fact in sorted(facts) if fact in CHANGES)
            ),
            page_limits=tuple(limit for limit in limits if limit.fact.startswith("page.")),
            post_limits=tuple(limit for limit in limits if limit.fact.startswith("post.")),
        )


def _moving(atom: Atom, column: Column) -> Moving | None:
    motion = FACTS[column.fact].motion if column.in_last is None else None
    later = _LATER.get((motion or "", atom.operator))
    if later is None:
        return None
    return Moving(column=atom.column, atom=atom, grows=motion == "grows", later=later)


def stirs(column: Column) -> bool:
    """Whether time or a plain comment alone may change what a column reads as."""
    return not column.is_parameter and (
        column.in_last is not None
        or FACTS[column.fact].motion is not None
        or column.fact in CHANGES
        or column.fact in COUNTED
    )
