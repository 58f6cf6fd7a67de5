"""One reading of one file: its zone, and the faults and notes gathered on the way.

Every reader gets a :class:`Reading` and tells it what it finds. Faults do not stop a reading; they are
all raised together when it ends, so that one run shows everything that is wrong with a file.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from hashlib import blake2b
from unicodedata import normalize

import attrs

from crisisrules.adapters.calendars import zones
from crisisrules.adapters.calendars.identities import Identities
from crisisrules.model.calendar import Calendar, CalendarItem, ReadingNote
from crisisrules.model.errors import InputError, Place, Problem

MAX_FAULTS = 50
MAX_NOTES = 200
MAX_TEXT = 131_072
"""Characters; the longest post any network takes is about half as long."""
_OTHERS = "more-notes"


@attrs.define(kw_only=True)
class Reading:
    """What is known of a file before and while it is read.

    Attributes:
        source: the file as the user named it.
        identity: the name that item identities are derived from.
        zone_name: the zone the user asked for.
        as_of: the moment the file is looked at; settles missing years and how far series are followed.
        date_order: ``day-first`` or ``month-first`` when the user says so.
        format: the name of the format, once it is known.
        rows: data rows read so far.
    """

    source: str
    identity: str = ""
    zone_name: str | None = None
    as_of: datetime | None = None
    date_order: str | None = None
    format: str = ""
    rows: int = 0
    zone: tzinfo | None = attrs.field(default=None, init=False)
    _faults: list[Problem] = attrs.field(factory=list, init=False)
    _fault_count: int = attrs.field(default=0, init=False)
    _notes: list[ReadingNote] = attrs.field(factory=list, init=False)
    _noted_once: dict[str, int] = attrs.field(factory=dict, init=False)
    _more_of: dict[str, int] = attrs.field(factory=dict, init=False)
    _identities: Identities = attrs.field(factory=Identities, init=False)

    def __attrs_post_init__(self) -> None:
        if self.zone_name is not None:
            try:
                self.zone = zones.zone_by_name(self.zone_name)
            except ValueError as error:
                self.fault("unknown-zone", str(error))

    def place(self, line: int | None = None, column: int | None = None) -> Place:
        """A place in this file."""
        return Place(self.source, line, column)

    def fault(
        self, name: str, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        """Something that makes the file unusable; the reading goes on to find the others."""
        self._fault_count += 1
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(Problem(self.place(line, column), name, message))

    def text(self, text: str, line: int, column: int | None = None) -> str:
        """The text of an item; one that is longer than any post can be is a fault."""
        if len(text) > MAX_TEXT:
            message = (
                f"a text that starts here is longer than {MAX_TEXT:,} characters, which no network takes;"
                " shorten it, or take it out"
            )
            self.fault("cell-too-long", message, line, column)
        return text

    def note(
        self,
        name: str,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        warning: bool = False,
    ) -> None:
        """Something guessed or odd that the user should know."""
        if len(self._notes) < MAX_NOTES:
            place = self.place(line, column)
            self._notes.append(
                ReadingNote(name=name, message=message, place=place, warning=warning)
            )
        else:
            self._more_of[name] = self._more_of.get(name, 0) + 1

    def note_once(
        self,
        name: str,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        warning: bool = False,
    ) -> None:
        """A note that is shown where it first holds, with the number of times it held."""
        if name in self._noted_once:
            self._noted_once[name] += 1
            return
        if len(self._noted_once) >= MAX_NOTES:
            # names hold words of the file, which are without end in a hostile one
            self._more_of[_OTHERS] = self._more_of.get(_OTHERS, 0) + 1
            return
        self._noted_once[name] = 1
        place = self.place(line, column)
        self._notes.append(ReadingNote(name=name, message=message, place=place, warning=warning))

    @property
    def hopeless(self) -> bool:
        """True once so many faults are known that looking for more helps nobody."""
        return self._fault_count >= 100 * MAX_FAULTS

    def identify(self, page: str | None, at: datetime | None, text: str | None) -> str:
        """The stable identity of an item: a hash of file, page, instant and text, never of its row."""
        words = " ".join(normalize("NFKC", text or "").casefold().split())
        instant = "" if at is None else str(at.timestamp())
        key = "\x1f".join((self.identity, page or "", instant, words))
        return self.unique(blake2b(key.encode("utf-8", "replace"), digest_size=6).hexdigest())

    def unique(self, identity: str) -> str:
        """``identity``, or ``identity-2`` and so on when the file uses it again."""
        count = self._identities.count(identity)
        return identity if count == 1 else f"{identity}-{count}"

    def raise_faults(self) -> None:
        """End of the reading.

        Raises:
            InputError: faults were found; at most :data:`MAX_FAULTS` of them and a count of the rest.
        """
        if not self._faults:
            return
        told = sorted(self._faults, key=lambda fault: fault.place.line or 0)
        rest = self._fault_count - len(told)
        if rest:
            told.append(Problem(self.place(), "more-faults", f"and {rest} more faults like these"))
        raise InputError(told)

    def notes(self) -> tuple[ReadingNote, ...]:
        """All notes of the reading, in the order they came up."""
        result: list[ReadingNote] = []
        for note in self._notes:
            times = self._noted_once.get(note.name, 1)
            if times > 1:
                note = attrs.evolve(note, message=f"{note.message} ({times} times in this file)")
            result.append(note)
        for name, count in self._more_of.items():
            result.append(
                ReadingNote(name=name, message=f"and {count} more of these", warning=True)
            )
        return tuple(result)

    def calendar(self, items: tuple[CalendarItem, ...]) -> Calendar:
        """What was read, as a calendar with the items that were kept."""
        return Calendar(
            source=self.source,
            format=self.format,
            items=items,
            rows=self.rows,
            timezone=None if self.zone is None else str(self.zone),
            notes=self.notes(),
        )
