"""A calendar of scheduled content as it was read from a file, with the places it was read from."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.model.errors import Place

ALLOWANCE_FINDINGS: Final = ("allowance-unused", "allowance-expired")
"""What findings about the allowances of a calendar are called, where others name their rule."""

EVERYWHERE: Final = "all"
"""The page of what goes to every network, where it is not known which these are."""


@attrs.frozen(kw_only=True)
class CalendarItem:
    """One post planned on one page; a row that names three networks becomes three items.

    Attributes:
        item: stable identity: the id the file gives, else a hash of source, page, instant and text.
        row: data row counted from 1 (for tables), or position in the list (for JSON and iCalendar).
        line: physical line of the file where the row starts, counted from 1.
        column: column of the text in that line where it is known, counted from 1.
        page: the network or account, in the file's words normalised (``facebook``, ``x``, ``linkedin``).
        publish_at: the instant it goes out; None for a draft, a queue slot or "to be planned".
        text: what will be published, exactly as written (HTML sources reduced to text).
        kind: given by the file (rare), else None: signals decide.
        surface: ``organic``, ``story``, ``ad``, ``email``, ``reply``, … where the file says so.
        state: ``scheduled``, ``draft``, ``held``, ``cancelled`` or ``published``.
        ends_at: when what the item is ends, where the file gives it: a maintenance, not a post.
        all_day: the file gives the day but no hour; ``publish_at`` is then the start of that day.
        sheet: the sheet of a workbook the row stands in.
        cleared_by: who cleared the item for the incident, where the file has such a column.
        allow: the text of an allowance column, unparsed.
        fields: the cells whose header means nothing to us, by that header as written.
    """

    item: str
    row: int
    line: int
    column: int | None = None
    page: str | None = None
    account: str | None = None
    publish_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool = False
    sheet: str | None = None
    text: str | None = None
    kind: str | None = None
    surface: str | None = None
    state: str = "scheduled"
    approved: bool | None = None
    language: str | None = None
    links: tuple[str, ...] = ()
    media_alts: tuple[str | None, ...] = ()
    thread: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owner: str | None = None
    cleared_by: str | None = None
    allow: str | None = None
    title: str | None = None
    fields: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class ReadingNote:
    """What the reader guessed or found odd: encoding, delimiter, date order, a time that exists twice."""

    name: str
    message: str
    place: Place | None = None
    warning: bool = False


@attrs.frozen(kw_only=True)
class Calendar:
    """All items of one file, and what had to be guessed to read it."""

    source: str
    format: str
    items: tuple[CalendarItem, ...]
    rows: int
    timezone: str | None = None
    notes: tuple[ReadingNote, ...] = ()


@attrs.frozen
class Verdict:
    """What was decided about one item: ``keep``, ``hold`` or ``review``, and in one line why."""

    verdict: str
    reason: str = ""


@attrs.frozen(kw_only=True)
class Allowance:
    """An exception that somebody granted: one rule keeps silent about some items, for a reason, until an end.

    An item is meant when all of what is given fits: its identity, its row, its page, and ``text``, which
    stands somewhere in its text whatever the case. At least one of them is given.

    Attributes:
        rule: id of the rule that keeps silent.
        until: the instant from which the rule speaks again.
        place: where the allowance is written.
    """

    rule: str
    reason: str
    until: datetime
    place: Place
    item: str | None = None
    row: int | None = None
    page: str | None = None
    text: str | None = None
