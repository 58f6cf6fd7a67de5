"""Times while their words are read, and which neighbours tell one time together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final

import attrs

from crisisrules.signals.times_words import Relation

__all__ = ["Atom", "joined"]

_TO: Final = frozenset(("to", "a", "and", "et", "till", "until", "jusqu'", "y", "-"))
_JOINTS: Final = frozenset(
    ("at", "a", "on", "le", "el", "de", "by", "vers", "avant", "before", "the", ",", "in")
)


@attrs.define
class Atom:
    """What is known of a time while its words are read; ``first``/``last`` are tokens."""

    first: int
    last: int
    start: int
    end: int
    clock: int | None = None  # minutes after midnight
    twelve_hours: bool = False  # may be morning or evening
    zone: tzinfo | None = None
    length: timedelta | None = None
    day: int | None = None  # days from today
    weekday: int | None = None
    date: tuple[int, int, int] | None = None  # year or 0, month, day
    part: tuple[int, int] | None = None
    until: int | None = None
    relation: Relation = ""
    more: bool = False


def joined(atoms: list[Atom], norms: Sequence[str]) -> list[Atom]:
    """Neighbours that tell one time together: `lundi` + `9h`, `0h` to `5h`, `tomorrow` + `morning`."""
    if len(atoms) < 2:
        return atoms
    out = [atoms[0]]
    for atom in atoms[1:]:
        last = out[-1]
        gap = norms[last.last + 1 : atom.first]
        if len(gap) <= 2 and _merge(last, atom, gap):
            continue
        out.append(atom)
    return out


def _merge(into: Atom, atom: Atom, gap: Sequence[str]) -> bool:
    days = into.day is not None or into.weekday is not None or into.date is not None
    its_day = atom.day is not None or atom.weekday is not None or atom.date is not None
    if into.clock is not None and atom.clock is not None:
        if into.until is None and gap and any(word in _TO for word in gap):
            into.until = atom.clock
            if into.twelve_hours and atom.clock >= 720 > (into.clock or 0):
                into.twelve_hours = False
        else:
            return False
    elif not all(word in _JOINTS for word in gap):
        return False
    elif atom.part is not None and not (into.length or into.part):
        if into.clock is not None:
            # "8 this evening" is in the evening
            if into.clock < 720 <= atom.part[0] * 60 and into.twelve_hours:
                into.clock += 720
            into.twelve_hours = False
            into.day = atom.day if into.day is None else into.day
        else:
            into.part = atom.part
    elif (days or into.part) and atom.clock is not None and into.clock is None:
        into.clock, into.until = atom.clock, atom.until
        into.twelve_hours, into.zone = atom.twelve_hours, atom.zone
        into.relation = atom.relation or into.relation
    elif (into.clock is not None and its_day and not days) or (
        into.weekday is not None and atom.date is not None
    ):
        into.day, into.weekday, into.date = atom.day, into.weekday or atom.weekday, atom.date
    else:
        return False
    into.last, into.end = atom.last, atom.end
    return True
