"""Which identities a file has used, in a few bytes each: a calendar may have a million rows."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import Final

_FIRST_SIZE: Final = 1 << 10
_FULL: Final = 0.6


class Identities:
    """Counts how often each identity is used.

    The first uses are kept as a table of 8 bytes each, further ones by name; that two of a million
    identities have the same 8 bytes happens once in tens of millions of files, and costs a number more.
    """

    def __init__(self) -> None:
        self._table = array("Q", bytes(8 * _FIRST_SIZE))
        self._used = 0
        self._again: dict[str, int] = {}

    def count(self, identity: str) -> int:
        """Note a use; 1 for the first, 2 for the second and so on."""
        again = self._again.get(identity)
        if again is None:
            if self._add(_short(identity)):
                return 1
            again = 1
        self._again[identity] = again + 1
        return again + 1

    def _add(self, key: int) -> bool:
        """Whether a key was not there before."""
        mask = len(self._table) - 1
        place = key & mask
        while found := self._table[place]:
            if found == key:
                return False
            place = (place + 1) & mask
        self._table[place] = key
        self._used += 1
        if self._used > _FULL * len(self._table):
            self._grow()
        return True

    def _grow(self) -> None:
        keys = self._table
        self._table = array("Q", bytes(16 * len(keys)))
        self._used = 0
        for key in keys:
            if key:
                self._add(key)


def _short(identity: str) -> int:
    digest = blake2b(identity.encode("utf-8", "replace"), digest_size=8).digest()
    # zero stands for a free place
    return int.from_bytes(digest, "little") or 1
