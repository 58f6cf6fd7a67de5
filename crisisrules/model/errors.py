"""What can go wrong with what a user gives us, and how it is said.

::

    CrisisRulesError
    ├── PlaybookError    a playbook, rule or lexicon that cannot be used
    ├── InputError       a stream, calendar, draft or other input that cannot be read
    ├── RuleTestError    a rule test that is not a test
    └── UsageError       an option or argument that makes no sense here

Each carries every :class:`Problem` that was found, not the first. A message starts in lower case,
has no full stop, puts names in backticks and says what was seen, what is allowed and, where there is
one, the nearest match.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import attrs


@attrs.frozen
class Place:
    """Where something is written: a source name, a line and a column, both counted from 1."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.source]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


@attrs.frozen
class Problem:
    """One fault of an input: where, which kind (a short name such as ``unknown-fact``), and what."""

    place: Place
    name: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        level = "warning" if self.warning else "error"
        return f"{self.place}: {level} {self.name}: {self.message}"


class CrisisRulesError(Exception):
    """Base of all errors that a user's input can cause."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PlaybookError(CrisisRulesError):
    """A playbook, rule or lexicon cannot be used."""


class InputError(CrisisRulesError):
    """A stream, calendar, draft or another input cannot be read."""


class RuleTestError(CrisisRulesError):
    """A file of rule tests is not one."""


class UsageError(CrisisRulesError):
    """An option or an argument makes no sense here."""


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like ``word``, or None when nothing is near."""
    # capitals and hyphens for underscores are slips too; of two that fold alike the first wins
    options: dict[str, str] = {}
    for option in allowed:
        options.setdefault(_folded(option), option)
    # difflib is quadratic in the length of the word, and the word may be hostile
    found = get_close_matches(_folded(word[:80]), list(options), n=1, cutoff=0.6)
    return options[found[0]] if found else None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def unknown_word(what: str, word: str, allowed: Iterable[str], *, limit: int = 12) -> str:
    """The message for a name that is not one of the allowed: the nearest match, or all if few."""
    options = sorted(allowed)
    seen = word if len(word) <= 60 else word[:57] + "..."
    near = nearest(word, options)
    if near is not None:
        return f"`{seen}` is not {what}; did you mean `{near}`?"
    if len(options) <= limit:
        return f"`{seen}` is not {what}; allowed: {', '.join(f'`{option}`' for option in options)}"
    return f"`{seen}` is not {what}"
