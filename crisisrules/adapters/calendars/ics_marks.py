"""Marking held events in an iCalendar file; every other byte stays.

A held event becomes TENTATIVE, which calendars show and publishing tools do not send, with the reason as a
COMMENT. An instance of a series gets an event of its own in its place (RECURRENCE-ID), the series stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from crisisrules.adapters.calendars import zones
from crisisrules.adapters.calendars.ics_blocks import Block, Property
from crisisrules.adapters.calendars.json_marks import held_rows
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict

VERDICT = "X-CRISISRULES-VERDICT"
_REASON = "X-CRISISRULES-REASON"
_OWN = (VERDICT, _REASON)
_OF_SERIES = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE", "DTSTART", "DTEND", "RECURRENCE-ID"})
_FORM = "%Y%m%dT%H%M%S"


def mark_events(
    data: bytes, blocks: list[Block], calendar: Calendar, verdicts: Mapping[str, Verdict]
) -> bytes:
    """``data`` with the events of held items marked."""
    held = held_rows(calendar, verdicts)
    by_line = {block.line: block for block in blocks}
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    splices: list[tuple[int, int, bytes]] = []
    done: set[int] = set()
    for item in calendar.items:
        block = by_line.get(item.line)
        if item.row not in held or item.row in done or block is None:
            continue
        done.add(item.row)
        reason = held[item.row].reason
        if block.find("RRULE") or block.find("RDATE"):
            splices.append((block.end, block.end, _instance(data, block, item, reason, newline)))
        else:
            splices += _marked(data, block, reason, newline)
    pieces: list[bytes] = []
    position = 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        pieces += (data[position:start], new)
        position = end
    pieces.append(data[position:])
    return b"".join(pieces)


def _marked(data: bytes, block: Block, reason: str, newline: bytes) -> list[tuple[int, int, bytes]]:
    """The changes that hold a single event; none when it is held already for this reason."""
    wanted = {
        "STATUS": "TENTATIVE",
        VERDICT: "hold",
        _REASON: _escaped(reason),
    }
    splices: list[tuple[int, int, bytes]] = []
    added = b""
    for name, value in wanted.items():
        new = _folded(f"{name}:{value}", newline)
        present = block.find(name)
        if present is None:
            added += new
        elif data[present.start : present.end] != new:
            splices.append((present.start, present.end, new))
    if added:
        at = _end_of_block(data, block)
        splices.append((at, at, added))
    return splices


def _end_of_block(data: bytes, block: Block) -> int:
    """The offset where `END:VEVENT` begins."""
    return data.rindex(b"\n", block.start, block.end - 1 if block.end > block.start else None) + 1


def _instance(data: bytes, block: Block, item: CalendarItem, reason: str, newline: bytes) -> bytes:
    """An event that stands for one held instance of a series."""
    start = block.find("DTSTART")
    at = item.publish_at
    if start is None or at is None:
        return b""
    lines = [b"BEGIN:VEVENT" + newline]
    lines += [
        data[one.start : one.end]
        for one in block.properties
        if one.name not in _OF_SERIES and one.name not in ("STATUS", *_OWN)
    ]
    head, _, value = start.text.decode("utf-8", "replace").partition(":")
    written = _written(head, value, at)
    parameters = head[len("DTSTART") :]
    lines.append(_folded(f"DTSTART{parameters}:{written}", newline))
    lines.append(_folded(f"RECURRENCE-ID{parameters}:{written}", newline))
    end = _end(block.find("DTEND"), value, head, at)
    if end:
        lines.append(_folded(end, newline))
    lines += [
        _folded(f"{name}:{value}", newline)
        for name, value in (
            ("STATUS", "TENTATIVE"),
            (VERDICT, "hold"),
            (_REASON, _escaped(reason)),
        )
    ]
    lines.append(b"END:VEVENT" + newline)
    return b"".join(lines)


def _written(head: str, value: str, at: datetime) -> str:
    """An instant in the form in which its series writes them."""
    if "T" not in value.upper():
        return f"{at:%Y%m%d}"
    if value.strip().upper().endswith("Z"):
        return f"{at.astimezone(UTC):{_FORM}}Z"
    return f"{at.astimezone(_zone(head, at)):{_FORM}}"


def _zone(head: str, at: datetime) -> tzinfo:
    for parameter in head.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().upper() == "TZID":
            try:
                return zones.zone_by_name(value.strip('" '))
            except ValueError:
                break
    return at.tzinfo or UTC


def _end(end: Property | None, start_value: str, start_head: str, at: datetime) -> str:
    """DTEND of the instance: as long after its start as in the series."""
    if end is None:
        return ""
    head, _, value = end.text.decode("utf-8", "replace").partition(":")
    try:
        length = _naive(value) - _naive(start_value)
    except ValueError:
        return ""
    if not timedelta() <= length <= timedelta(days=366):
        return ""
    return f"{head}:{_written(start_head, start_value, at + length)}"


def _naive(value: str) -> datetime:
    bare = value.strip().upper().removesuffix("Z")
    form = _FORM if "T" in bare else "%Y%m%d"
    return datetime.strptime(bare, form).replace(tzinfo=UTC)


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str, newline: bytes) -> bytes:
    """A content line of at most 75 octets each, never cut inside a character."""
    pieces: list[bytes] = []
    current = b""
    for char in line:
        encoded = char.encode("utf-8", "replace")
        if len(current) + len(encoded) > 75:
            pieces.append(current)
            current = b" "
        current += encoded
    pieces.append(current)
    return newline.join(pieces) + newline
