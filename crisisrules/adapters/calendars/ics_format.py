"""iCalendar (RFC 5545): events as items, series followed inside a bounded window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

import attrs

from crisisrules.adapters.calendars import words, zones
from crisisrules.adapters.calendars.extras import calendar_extra
from crisisrules.adapters.calendars.head import Head
from crisisrules.adapters.calendars.ics_blocks import FOLD, Block, event_blocks
from crisisrules.adapters.calendars.ics_marks import VERDICT, mark_events
from crisisrules.adapters.calendars.moments import Moment
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.schedules import NEVER, Instant, Schedule
from crisisrules.adapters.html_text import looks_like_html, plain
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict

with calendar_extra("iCalendar"):
    import icalendar

    from crisisrules.adapters.calendars.ics_series import faults_of_rule, instances

MAX_BYTES = 32 * 1024 * 1024
_INDEX = "X-CRISISRULES-INDEX"
_BEFORE, _AFTER = timedelta(days=31), timedelta(days=366)
_PREFIX = re.compile(r"\s*\[([^\[\]]{1,60})\]\s*")


@attrs.frozen(kw_only=True)
class _Event:
    """One event and where it stands."""

    event: icalendar.Component
    index: int
    line: int


def items(head: Head, reading: Reading) -> Iterator[CalendarItem]:
    """The events in the order of the file, the instances of a series one after the other."""
    data = head.read(MAX_BYTES)
    text = _decoded(FOLD.sub(b"", data))
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except Exception:  # noqa: BLE001 - the library raises whatever a broken file leads it to
        reading.fault(
            "broken-icalendar", "the file breaks off or holds a line that is no iCalendar line"
        )
        return
    zone = _zone_of(calendars, reading)
    blocks = event_blocks(data)
    known = _latest(_placed(events, blocks), reading)
    schedule = Schedule(reading=reading)
    for group in known.values():
        for one in _followed(group, reading):
            yield from _items(one, schedule, zone)


def marked(head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
    """The file with held events set to TENTATIVE; a held instance becomes an event of its own."""
    data = head.read(MAX_BYTES)
    return mark_events(data, event_blocks(data), calendar, verdicts)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _placed(events: list[icalendar.Component], blocks: list[Block]) -> list[_Event]:
    matched = len(events) == len(blocks)
    return [
        _Event(event=event, index=index, line=blocks[index].line if matched else 1)
        for index, event in enumerate(events)
    ]


def _value(event: icalendar.Component, name: str) -> str:
    """A property as text; of one that stands there twice the first."""
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else str(value)


def _when(event: icalendar.Component, name: str) -> date | datetime | None:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    try:
        found = value.dt if value is not None else None
    except Exception:  # noqa: BLE001 - a date that cannot be read raises when it is looked at
        return None
    return found if isinstance(found, date) else None


def _latest(events: list[_Event], reading: Reading) -> dict[str, list[_Event]]:
    """The events by UID: of each instance the version with the highest SEQUENCE, then DTSTAMP."""
    versions: dict[tuple[str, str], _Event] = {}
    for one in events:
        event = one.event
        if _when(event, "DTSTART") is None:
            told = event.get("DTSTART") is not None
            reading.fault(
                "impossible-date" if told else "no-start",
                "the event's DTSTART is not a date that exists"
                if told
                else "the event has no DTSTART, so nobody knows when it goes out",
                one.line,
            )
            continue
        uid = _value(event, "UID") or f"line-{one.line}"
        key = (uid, str(_when(event, "RECURRENCE-ID") or ""))
        other = versions.get(key)
        if other is None or _version(event) >= _version(other.event):
            if other is not None:
                reading.note(
                    "older-version",
                    f"`{uid[:60]}` stands here twice; the later version counts",
                    one.line,
                )
            versions[key] = one
    groups: dict[str, list[_Event]] = {}
    for (uid, _), one in versions.items():
        groups.setdefault(uid, []).append(one)
    return groups


def _version(event: icalendar.Component) -> tuple[int, str]:
    sequence = _value(event, "SEQUENCE")
    return (
        int(sequence) if sequence.isascii() and sequence.isdigit() else 0,
        str(_when(event, "DTSTAMP")),
    )


def _followed(group: list[_Event], reading: Reading) -> list[_Event]:
    """The events of one UID as single events; those of a series inside the window."""
    series = [one for one in group if one.event.get("RRULE") or one.event.get("RDATE")]
    if not series:
        return group
    for one in series:
        rules = one.event.get("RRULE")
        for rule in rules if isinstance(rules, list) else [rules]:
            reason = None if rule is None else _reason_against(rule)
            if reason is not None:
                reading.fault("series-not-followed", reason, one.line)
                return []
    line = series[0].line
    start, stop = _window(series[0], reading)
    for one in group:
        one.event[_INDEX] = icalendar.vText(str(one.index))
    try:
        found, cut = instances([one.event for one in group], start, stop)
    except Exception:  # noqa: BLE001 - the library raises whatever a broken series leads it to
        reading.fault("broken-series", "the dates of this series cannot be worked out", line)
        return []
    if cut:
        reading.note(
            "series-cut",
            f"only the first {len(found)} posts of this series are read",
            line,
            warning=True,
        )
    reading.note_once(
        "series-followed",
        f"series are followed from {start:%Y-%m-%d} to {stop:%Y-%m-%d}",
        line,
    )
    lines = {one.index: one.line for one in group}
    result: list[_Event] = []
    for event in found:
        index = int(_value(event, _INDEX) or series[0].index)
        result.append(_Event(event=event, index=index, line=lines.get(index, line)))
    return result


def _reason_against(rule: object) -> str | None:
    # what the library could not read it keeps as an object that raises when it is used
    if not isinstance(rule, icalendar.vRecur):
        return "the rule of this series cannot be read"
    return faults_of_rule(rule)


def _window(series: _Event, reading: Reading) -> tuple[datetime, datetime]:
    if reading.as_of is not None:
        at = reading.as_of.astimezone(UTC)
        return at - _BEFORE, at + _AFTER
    first = _when(series.event, "DTSTART") or date(1990, 1, 1)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    return at, at + _AFTER


def _zone_of(calendars: list[icalendar.Calendar], reading: Reading) -> tzinfo | None:
    """The zone for times without one: the user's, else the one the file is shown in."""
    if reading.zone is not None:
        return reading.zone
    for calendar in calendars:
        name = str(calendar.get("X-WR-TIMEZONE") or "")
        if name:
            try:
                zone = zones.zone_by_name(name)
            except ValueError as error:
                reading.note("unknown-zone", str(error), 1, warning=True)
                continue
            reading.note(
                "zone-of-file", f"times without a zone are read in the file's own, {zone}", 1
            )
            return zone
    return None


def _instant(one: _Event, schedule: Schedule, zone: tzinfo | None) -> Instant:
    when = _when(one.event, "DTSTART")
    if when is None:
        return NEVER
    cell = f"{when:%Y-%m-%d}"
    moment = Moment(year=when.year, first=when.day, second=when.month)
    if not isinstance(when, datetime):
        return schedule.instant(moment, cell=cell, line=one.line, zone=zone)
    if when.tzinfo is not None:
        at = when if schedule.reading.zone is None else when.astimezone(schedule.reading.zone)
        return Instant(at=at)
    parameters = getattr(one.event.get("DTSTART"), "params", {})
    named = str(parameters.get("TZID", ""))
    if named:
        try:
            zone = zones.zone_by_name(named)
        except ValueError as error:
            schedule.reading.fault("unknown-zone", str(error), one.line)
            return NEVER
    moment = attrs.evolve(moment, hour=when.hour, minute=when.minute, second_of_minute=when.second)
    return schedule.instant(moment, cell=f"{when:%Y-%m-%d %H:%M}", line=one.line, zone=zone)


def _items(one: _Event, schedule: Schedule, zone: tzinfo | None) -> Iterator[CalendarItem]:
    reading, event = schedule.reading, one.event
    reading.rows += 1
    if event.errors:
        message = f"`{event.errors[0][0] or event.errors[0][1]}` of this event cannot be read"
        reading.note("ignored-line", message[:200], one.line, warning=True)
    instant = _instant(one, schedule, zone)
    title, pages, tags = _title_pages_tags(event)
    text = _value(event, "DESCRIPTION")
    text = plain(text) if looks_like_html(text) else text.strip()
    state, approved = words.status(_value(event, "STATUS")) or (None, None)
    if _value(event, VERDICT) == "hold":
        state = "held"
    uid = _value(event, "UID")
    if uid and event.get("RECURRENCE-ID") is not None and instant.at is not None:
        uid = f"{uid}@{instant.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for page in pages:
        copy = reading.text(text or title, one.line)
        name = uid if len(pages) == 1 else f"{uid}:{page or ''}"
        yield CalendarItem(
            item=reading.unique(name) if uid else reading.identify(page, instant.at, copy),
            row=reading.rows,
            line=one.line,
            page=page,
            publish_at=instant.at,
            ends_at=_ends_at(event, instant),
            all_day=instant.all_day,
            text=copy or None,
            title=title or None,
            state=state or "scheduled",
            approved=approved,
            links=tuple(link for link in (_value(event, "URL"),) if link),
            tags=tags,
            owner=_value(event, "ORGANIZER").removeprefix("mailto:") or None,
        )


def _ends_at(event: icalendar.Component, instant: Instant) -> datetime | None:
    """When an event ends: as long after its beginning as DTEND or DURATION says."""
    begin, end = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    length = getattr(event.get("DURATION"), "dt", None)
    if isinstance(begin, date) and isinstance(end, date) and type(begin) is type(end):
        try:
            length = end - begin
        except TypeError:
            # one of the two has a zone and the other has none
            return None
    if instant.at is None or not isinstance(length, timedelta) or length <= timedelta():
        return None
    try:
        return instant.at + length
    except OverflowError:
        return None


def _title_pages_tags(
    event: icalendar.Component,
) -> tuple[str, tuple[str | None, ...], tuple[str, ...]]:
    """SUMMARY without its `[FB]`, the networks of that prefix or of CATEGORIES, the other categories."""
    title = _value(event, "SUMMARY").strip()
    pages: dict[str, None] = {}
    prefix = _PREFIX.match(title)
    if prefix is not None:
        named = words.networks(prefix[1])
        if all(words.network(page) is not None for page in named):
            pages.update(dict.fromkeys(named))
            title = title[prefix.end() :]
    tags: list[str] = []
    categories = event.get("CATEGORIES")
    for category in categories if isinstance(categories, list) else [categories]:
        for word in map(str, getattr(category, "cats", ())):
            page = words.network(word)
            if page is not None:
                pages.setdefault(page)
            else:
                tags.append(word)
    return title, tuple(pages) or (None,), tuple(tags)
