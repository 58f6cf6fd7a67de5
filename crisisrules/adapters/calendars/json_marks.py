"""Marking held posts in a JSON text without touching a character of anything else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import attrs

from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.jsonparts import Part, member
from crisisrules.model.calendar import Calendar, Verdict

REASON_KEY = "held_reason"
FORMER_KEY = "held_from"
"""Keeps what a mark without a state of its own had to take away."""

_INDENT = re.compile(r"\{(\r?\n[ \t]*)?")


@attrs.frozen(kw_only=True)
class Mark:
    """How a tool's entry is kept from going out.

    Attributes:
        key: the key that is set.
        held: its value then; None takes the date away, for tools without a state.
        inside: the key of the object that holds it, when it is not the entry itself.
    """

    key: str
    held: str | None
    inside: str | None = None


def held_rows(calendar: Calendar, verdicts: Mapping[str, Verdict]) -> dict[int, Verdict]:
    """The verdict by row of every row of which an item is held.

    A row that names three networks goes out or stays as one: one held item holds the row.
    """
    rows: dict[int, Verdict] = {}
    for item in calendar.items:
        verdict = verdicts.get(item.item)
        if verdict is not None and verdict.verdict == "hold" and item.state != "published":
            rows.setdefault(item.row, verdict)
    return rows


def mark_entries(
    head: Head,
    text: str,
    entries: Sequence[Part],
    mark: Mark,
    calendar: Calendar,
    verdicts: Mapping[str, Verdict],
) -> bytes:
    """``text`` as bytes of its own encoding, with the entries of held rows marked."""
    splices: list[tuple[int, int, str]] = []
    for row, verdict in held_rows(calendar, verdicts).items():
        entry = entries[row - 1]
        inner = None if mark.inside is None else member(text, entry.start, mark.inside)
        splices += _splices(text, inner or entry, mark, verdict.reason)
    pieces: list[str] = []
    position = 0
    for start, end, new in sorted(splices):
        pieces += (text[position:start], new)
        position = end
    if not pieces:
        with head.open() as stream:
            return stream.read()
    pieces.append(text[position:])
    mark_of_order = "\ufeff" if head.encoding == "utf-16" else ""
    return (mark_of_order + "".join(pieces)).encode(
        "utf-16-le"
        if mark_of_order and head.data.startswith(b"\xff\xfe")
        else "utf-16-be"
        if mark_of_order
        else head.encoding
    )


def _splices(text: str, entry: Part, mark: Mark, reason: str) -> list[tuple[int, int, str]]:
    held = json.dumps(mark.held)
    result: list[tuple[int, int, str]] = []
    added: dict[str, str] = {}
    current = member(text, entry.start, mark.key)
    if current is None:
        added[mark.key] = held
    elif current.value != mark.held:
        result.append((current.start, current.end, held))
        if mark.held is None:
            added[FORMER_KEY] = text[current.start : current.end]
    said = member(text, entry.start, REASON_KEY)
    if said is None:
        added[REASON_KEY] = json.dumps(reason, ensure_ascii=False)
    elif said.value != reason:
        result.append((said.start, said.end, json.dumps(reason, ensure_ascii=False)))
    if added:
        opening = _INDENT.match(text, entry.start)
        gap = (opening[1] if opening else None) or ""
        comma = "," + (gap or " ")
        new = comma.join(f'"{key}": {value}' for key, value in added.items())
        empty = not entry.value
        start = entry.start + 1
        result.append((start, start, gap + new + ("" if empty else "," if gap else ", ")))
    return result
