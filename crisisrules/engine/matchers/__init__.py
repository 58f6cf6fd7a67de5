"""From a row of facts to the conditions that hold: two implementations that agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import attrs

from crisisrules.engine.tables import Bound
from crisisrules.engine.values import Row
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

Matches: TypeAlias = tuple[Sequence[int], Sequence[int]]
"""Indexes of the conditions that hold and of those that cannot be told; the others do not hold."""


@attrs.frozen(kw_only=True)
class Matcher:
    """Decides the conditions of one table on rows of it.

    ``close`` frees what is held outside Python; the matcher is not used afterwards.
    """

    match: Callable[[Row], Matches]
    close: Callable[[], None]


ENGINES: Final = ("compiled", "durable")


def build_matcher(engine: str, conditions: Sequence[Bound], columns: int) -> Matcher:
    """The matcher of the named engine for conditions over rows of so many columns.

    Raises:
        UsageError: no such engine, or this interpreter cannot import it.
    """
    if engine == "compiled":
        from crisisrules.engine.matchers.compiled import compiled_matcher

        return compiled_matcher(conditions, columns)
    if engine == "durable":
        from crisisrules.engine.matchers.durable import durable_matcher

        return durable_matcher(conditions)
    raise UsageError(
        Problem(Place("--engine"), "unknown-engine", unknown_word("an engine", engine, ENGINES))
    )
