"""From a row of facts to the conditions that hold: one protocol, two implementations that agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from crisisrules.engine.tables import Bound
from crisisrules.engine.values import Row
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word


class Matches(NamedTuple):
    """Indexes of the conditions that hold and of those that cannot be told; the others do not hold."""

    true: Sequence[int]
    unknown: Sequence[int]


class Matcher(Protocol):
    """Decides the conditions of one table on rows of it."""

    def match(self, row: Row) -> Matches:
        """Which conditions hold on the row."""
        ...

    def close(self) -> None:
        """Free what the matcher holds outside Python; it is not used afterwards."""
        ...


ENGINES: Final = ("compiled", "durable")


def build_matcher(engine: str, conditions: Sequence[Bound], columns: int) -> Matcher:
    """The matcher of the named engine for conditions over rows of so many columns.

    Raises:
        UsageError: no such engine, or this interpreter cannot import it.
    """
    if engine == "compiled":
        from crisisrules.engine.matchers.compiled import CompiledMatcher

        return CompiledMatcher(conditions, columns)
    if engine == "durable":
        from crisisrules.engine.matchers.durable import DurableMatcher

        return DurableMatcher(conditions, columns)
    raise UsageError(
        Problem(Place("--engine"), "unknown-engine", unknown_word("an engine", engine, ENGINES))
    )
