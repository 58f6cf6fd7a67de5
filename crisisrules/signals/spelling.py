"""Spellings that a word is taken for when it was typed in haste."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = ["misspellings"]

_LEAST_SWAPPED: Final = 6
"""Letters a word needs before a swapped or doubled letter still makes the same word."""
_LEAST_MISSING: Final = 7
"""Letters a word needs before a missing one still does (not `stroke`, `stoke`)."""


def misspellings(word: str, *, least_missing: int = _LEAST_MISSING) -> Iterator[str]:
    """A long word with two letters swapped, one doubled or one missing; the first letter is kept."""
    size = len(word)
    if size < _LEAST_SWAPPED or not word.isalpha():
        return
    for at in range(1, size):
        if size >= least_missing:
            yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        if at + 1 < size:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
