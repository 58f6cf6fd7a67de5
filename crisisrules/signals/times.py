"""Times that a text names, as instants: "at 6pm", "d'ici une heure", "demain matin", "lundi 9h".

Numbers and a few words are looked at, nothing else; each look is bounded, so the time is linear in
the length of the text. What a time is *of* (a promise, a start, opening hours) is for the reader of
the sentence to say; here are only its form, its instant and the word before it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

import attrs

from crisisrules.signals.text import Prepared
from crisisrules.signals.times_find import time_atoms
from crisisrules.signals.times_join import Atom
from crisisrules.signals.times_words import Relation

__all__ = ["TimeKind", "TimeMention", "find_times"]

TimeKind = Literal["instant", "recurrence", "duration", "interval", "day_part", "day"]
Precision = Literal["minute", "hour", "day_part", "day"]

_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class TimeMention:
    """A time that a text names; ``original[start:end] == text``.

    Kinds: ``instant`` (a clock time, or so long from now), ``recurrence`` (every so often),
    ``duration`` (a length tied to no moment), ``interval`` (from … to …), ``day_part`` and ``day``.
    ``at`` is the instant in the zone of the text: for a part of a day and a day its last moment,
    for an interval its start. It is None when the publication time is not known or nothing can be
    said. ``clock`` is the time of day as written, ``20:00``, or "".
    """

    kind: TimeKind
    start: int
    end: int
    text: str
    relation: Relation = ""
    at: datetime | None = None
    until: datetime | None = None
    length: timedelta | None = None
    precision: Precision = "minute"
    clock: str = ""


def find_times(
    prepared: Prepared, *, published_at: datetime | None = None, zone: tzinfo | None = None
) -> tuple[TimeMention, ...]:
    """The times that a text names, in order.

    Args:
        prepared: the text.
        published_at: when it is or would be published, with an offset; without it no mention has
            an ``at``.
        zone: where its readers live; without it the offset of ``published_at``.
    """
    atoms = time_atoms(prepared)
    if not atoms:
        return ()
    now = None
    if published_at is not None:
        now = published_at.astimezone(zone or published_at.tzinfo)
    return tuple(_resolved(atom, prepared.original, now) for atom in atoms)


def _resolved(atom: Atom, original: str, now: datetime | None) -> TimeMention:
    kind: TimeKind
    precision: Precision = "minute"
    at = until = None
    clock = ""
    past = atom.relation in ("since", "ago")
    if atom.length is not None:
        kind, at = _resolved_length(atom, atom.length, now)
    elif atom.clock is not None:
        clock = f"{atom.clock // 60 % 24:02d}:{atom.clock % 60:02d}"
        kind = "instant" if atom.until is None else "interval"
        precision = "minute" if atom.clock % 60 else "hour"
        if now is not None:
            at = _clock_instant(atom, now, past=past).astimezone(now.tzinfo)
            if atom.until is not None:
                until = at + timedelta(minutes=(atom.until - atom.clock) % 1440)
    elif atom.part is not None:
        kind = precision = "day_part"
        if now is not None:
            day = _day_of(atom, now, past=past)
            at = _wall(day or _midnight(now), atom.part[1] * 60)
            # in the evening, "in the morning" is tomorrow's
            if day is None and not past and at.timestamp() < now.timestamp():
                at = _wall(_plus_days(_midnight(now), 1), atom.part[1] * 60)
    else:
        kind = precision = "day"
        found = None if now is None else _day_of(atom, now, past=past)
        at = None if found is None else _wall(found, 1440)
    return TimeMention(
        kind=kind,
        start=atom.start,
        end=atom.end,
        text=original[atom.start : atom.end],
        relation=atom.relation,
        at=at,
        until=until,
        length=atom.length,
        precision=precision,
        clock=clock,
    )


def _resolved_length(
    atom: Atom, length: timedelta, now: datetime | None
) -> tuple[TimeKind, datetime | None]:
    if atom.relation == "every":
        return "recurrence", None
    if atom.relation not in ("in", "by", "ago", "since"):
        return "duration", None
    at = None
    if now is not None:
        sign = -1 if atom.relation in ("ago", "since") else 1
        at = (now.astimezone(UTC) + sign * length).astimezone(now.tzinfo)
    return "duration" if atom.relation == "since" else "instant", at


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _wall(day: datetime, minutes: int) -> datetime:
    """The instant of a wall clock; in the hour that summer time skips, the hour after it."""
    naive = day.replace(tzinfo=None) + timedelta(minutes=minutes)
    return naive.replace(tzinfo=day.tzinfo).astimezone(UTC).astimezone(day.tzinfo)


def _day_of(atom: Atom, now: datetime, *, past: bool) -> datetime | None:
    today = _midnight(now)
    if atom.date is not None:
        year, month, day = atom.date
        for candidate in (year,) if year else (now.year, now.year + (-1 if past else 1)):
            try:
                found = today.replace(year=candidate, month=month, day=day)
            except ValueError:
                return None
            # half a year back is still "this 12 July"; further back is the next one
            if year or abs(found - today) <= 183 * _DAY:
                return found
        return found
    if atom.weekday is not None:
        ahead = (atom.weekday - today.weekday()) % 7
        if past and ahead:
            ahead -= 7
        return _plus_days(today, ahead)
    if atom.day is not None:
        return _plus_days(today, atom.day)
    return None


def _plus_days(day: datetime, count: int) -> datetime:
    return (day.replace(tzinfo=None) + timedelta(days=count)).replace(tzinfo=day.tzinfo)


def _clock_instant(atom: Atom, now: datetime, *, past: bool) -> datetime:
    clock = atom.clock or 0
    if atom.zone is not None:
        now = now.astimezone(atom.zone)
    day = _day_of(atom, now, past=past)
    if day is not None:
        found = _wall(day, clock)
        if atom.weekday is not None and found.timestamp() < now.timestamp() and not past:
            return _wall(_plus_days(day, 7), clock)
        return found
    today = _midnight(now)
    # instants, because two wall clocks of one zone compare without their offsets
    moment = now.replace(second=0, microsecond=0).timestamp()
    found = _again(_wall(today, clock), moment)
    if past:
        return (
            found if found.timestamp() <= now.timestamp() else _wall(_plus_days(today, -1), clock)
        )
    if found.timestamp() >= moment:
        return found
    if atom.twelve_hours:
        evening = _wall(today, clock + 720)
        if evening.timestamp() >= moment:
            return evening
    return _wall(_plus_days(today, 1), clock)


def _again(found: datetime, moment: float) -> datetime:
    """The second of two equal wall clocks, when the first is gone as summer time ends."""
    later = found.replace(fold=1)
    if found.timestamp() < moment and later.utcoffset() != found.utcoffset():
        return later.astimezone(UTC).astimezone(found.tzinfo)
    return found
