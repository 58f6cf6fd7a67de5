"""Exceptions from rules for single posts: in a column of the calendar, or in a file beside it.

In a column: `promotion-during-incident: agreed with the crisis cell until 2026-03-31`; several are divided by
a semicolon or a line break. In a file::

    allow:
      - rule: promotion-during-incident
        text: Portes ouvertes          # or item, row, page; all that is given must fit
        reason: agreed with the crisis cell
        until: 2026-03-31

Each needs a reason and an end, so that an exception does not outlive what it was made for.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import attrs

from crisisrules.adapters.calendars import zones
from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.moments import Moment, read_date
from crisisrules.model.calendar import Allowance, Calendar, CalendarItem
from crisisrules.model.errors import InputError, Place, PlaybookError, Problem, unknown_word
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, parse_yaml

_MAX_BYTES = 4 * 1024 * 1024
_ENTRY = re.compile(r"(?:^|[;\n])\s*([a-z][a-z0-9-]{2,80})\s*:", re.IGNORECASE)
_UNTIL = re.compile(
    r"[\s,(]*\b(?:until|till|jusqu['’]au|jusqu['’]à|jusqu['’]a)\s+(?:le\s+)?", re.IGNORECASE
)
_KEYS = ("rule", "reason", "until", "item", "row", "page", "text")
_MATCHERS = ("item", "row", "page", "text")


def allowances_of(calendar: Calendar) -> tuple[Allowance, ...]:
    """The allowances in a calendar's own column; a row of three networks has each once.

    Raises:
        InputError: entries without rule, reason or end, all of them.
    """
    problems: list[Problem] = []
    found: list[Allowance] = []
    seen: set[int] = set()
    for item in calendar.items:
        if item.allow and item.row not in seen:
            seen.add(item.row)
            found += _inline(item.allow, item, calendar, problems)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _inline(
    cell: str, item: CalendarItem, calendar: Calendar, problems: list[Problem]
) -> list[Allowance]:
    place = Place(calendar.source, item.line)
    entries = list(_ENTRY.finditer(cell))
    if not entries or cell[: entries[0].start()].strip(" ;\n"):
        message = (
            f"`{cell[:60]}` names no rule; write for example"
            " `promotion-during-incident: agreed with the crisis cell until 2026-03-31`"
        )
        problems.append(Problem(place, "allowance-without-rule", message))
        return []
    ends = [entry.start() for entry in entries[1:]] + [len(cell)]
    zone = None if item.publish_at is None else item.publish_at.tzinfo
    if calendar.timezone is not None:
        zone = zones.zone_by_name(calendar.timezone)
    found: list[Allowance] = []
    for entry, end in zip(entries, ends, strict=True):
        rule, words = entry[1], cell[entry.end() : end].strip(" ;\n")
        parts = list(_UNTIL.finditer(words))
        reason = words[: parts[-1].start()] if parts else words
        reason = reason.strip(" ,;()")
        until = words[parts[-1].end() :].rstrip(" .)") if parts else ""
        instant = _instant(rule, until, zone, place, problems)
        if not reason:
            problems.append(_without(rule, "reason", place))
        if instant is not None and reason:
            found.append(
                Allowance(
                    rule=rule.lower(), reason=reason, until=instant, place=place, row=item.row
                )
            )
    return found


def _without(rule: str, what: str, place: Place) -> Problem:
    advice = {
        "reason": "say why, so that the next reader can judge it",
        "end": "write for example `until 2026-03-31`",
    }[what]
    message = f"the allowance of `{rule[:60]}` has no {what}; {advice}"
    return Problem(place, f"allowance-without-{what}", message)


def _instant(
    rule: str, text: str, zone: tzinfo | None, place: Place, problems: list[Problem]
) -> datetime | None:
    """The instant an allowance ends: of a day its end."""
    if not text.strip():
        problems.append(_without(rule, "end", place))
        return None
    moment = read_date(text)
    local = None if moment is None else _end_of(moment)
    if moment is None or local is None:
        message = f"`{text[:60]}` is not a day that is certain; write for example `2026-03-31`"
        problems.append(Problem(place, "allowance-end", message))
        return None
    chosen = moment.offset or zone
    if chosen is None:
        message = (
            f"`{text[:60]}` has no time zone; write for example `2026-03-31T18:00:00+02:00`,"
            " or name the zone with `--tz`"
        )
        problems.append(Problem(place, "zone-needed", message))
        return None
    return zones.place_in(local, chosen).at


def _end_of(moment: Moment) -> datetime | None:
    """The local instant at which a moment is over; None when day and month may be either."""
    day, month = moment.first, moment.second
    if moment.year is None or moment.rough is not None:
        return None
    if moment.slashed and not moment.dotted and day != month:
        if day <= 12 and month <= 12:
            return None
        if month > 12:
            day, month = month, day
    try:
        local = datetime(moment.year, month, day, moment.hour or 0, moment.minute)  # noqa: DTZ001
        return local + timedelta(days=int(moment.hour is None))
    except (ValueError, OverflowError):
        return None


def read_allowances(path: str | Path, *, timezone: str | None = None) -> tuple[Allowance, ...]:
    """The allowances of a YAML file.

    Args:
        timezone: zone of ends that are given as a day or without an offset.

    Raises:
        InputError: the file cannot be read, and everything that is wrong in it.
    """
    head = Head.of(Path(path))
    try:
        root = parse_yaml(head.decoded(_MAX_BYTES), head.source)
    except PlaybookError as error:
        raise InputError(error.problems) from None
    problems: list[Problem] = []
    zone: tzinfo | None = None
    if timezone is not None:
        try:
            zone = zones.zone_by_name(timezone)
        except ValueError as error:
            problems.append(Problem(Place(head.source), "unknown-zone", str(error)))
    found = [_filed(entry, zone, problems) for entry in _entries(root, problems)]
    if problems:
        raise InputError(problems)
    return tuple(allowance for allowance in found if allowance is not None)


def _entries(root: Node, problems: list[Problem]) -> tuple[Node, ...]:
    if isinstance(root, ListNode):
        return root.items
    if isinstance(root, MapNode):
        for entry in root.entries:
            if entry.key != "allow":
                message = unknown_word("a key here", entry.key, ("allow",))
                problems.append(Problem(entry.key_place, "unknown-key", message))
            elif isinstance(entry.value, ListNode):
                return entry.value.items
    problems.append(
        Problem(
            root.place, "no-allowances", "a list of allowances is expected under the key `allow`"
        )
    )
    return ()


@attrs.frozen
class _Given:
    """The keys of one entry as text, and where each stands."""

    texts: dict[str, str]
    places: dict[str, Place]


def _given(node: MapNode, problems: list[Problem]) -> _Given:
    given = _Given({}, {})
    for entry in node.entries:
        if entry.key not in _KEYS:
            message = unknown_word("a key of an allowance", entry.key, _KEYS)
            problems.append(Problem(entry.key_place, "unknown-key", message))
        elif isinstance(entry.value, ScalarNode):
            given.texts[entry.key] = entry.value.raw.strip()
            given.places[entry.key] = entry.value.place
        else:
            message = f"`{entry.key}` takes one value"
            problems.append(Problem(entry.value.place, "allowance-value", message))
    return given


def _filed(node: Node, zone: tzinfo | None, problems: list[Problem]) -> Allowance | None:
    if not isinstance(node, MapNode):
        message = "an allowance is a mapping with `rule`, `reason`, `until` and what it is for"
        problems.append(Problem(node.place, "allowance-value", message))
        return None
    before = len(problems)
    given = _given(node, problems)
    texts = given.texts
    rule = texts.get("rule", "")
    if not rule:
        message = "the allowance names no rule; write for example `rule: promotion-during-incident`"
        problems.append(Problem(node.place, "allowance-without-rule", message))
    if not texts.get("reason"):
        problems.append(_without(rule, "reason", node.place))
    until = _instant(
        rule, texts.get("until", ""), zone, given.places.get("until", node.place), problems
    )
    if not any(texts.get(key) for key in _MATCHERS):
        names = ", ".join(f"`{key}`" for key in _MATCHERS)
        message = f"the allowance of `{rule}` says not for which item; give one of {names}"
        problems.append(Problem(node.place, "allowance-for-nothing", message))
    row = texts.get("row", "")
    if row and not (row.isascii() and row.isdigit() and 0 < len(row) < 9):
        message = f"`{row[:40]}` is not a row; data rows are counted from 1"
        problems.append(Problem(given.places["row"], "allowance-row", message))
    if len(problems) > before or until is None:
        return None
    return Allowance(
        rule=rule,
        reason=texts["reason"],
        until=until,
        place=node.place,
        item=texts.get("item") or None,
        row=int(row) if row else None,
        page=texts.get("page") or None,
        text=texts.get("text") or None,
    )
