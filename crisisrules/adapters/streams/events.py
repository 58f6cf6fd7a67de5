"""One event from a mapping, strictly, and back: the meaning of a JSON line.

:func:`parse_event` reports every fault of an object at once. The fast reader of
:mod:`crisisrules.adapters.streams.reading` accepts exactly what this module accepts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Final, TypeAlias
from zoneinfo import available_timezones

import attrs
import msgspec

from crisisrules.adapters.streams.json_text import DEEPEST, Path
from crisisrules.adapters.streams.shapes import (
    LARGEST_COUNT,
    PICTURES,
    TYPE_NAMES,
    Amount,
    Anything,
    Count,
    Flag,
    Instant,
    InstantsByName,
    ListOf,
    ObjectOf,
    Shape,
    Text,
    Words,
    Zone,
    fields_by_name,
    fields_of,
)
from crisisrules.model.durations import parse_instant
from crisisrules.model.errors import InputError, Place, Problem, unknown_word
from crisisrules.model.events import EVENT_TYPES, Event, JsonValue, Record


@attrs.frozen
class Fault:
    """One fault inside an object: the path of the value (or of its key), a short name, the message."""

    path: Path
    name: str
    message: str
    at_key: bool = False


Report: TypeAlias = Callable[[Fault], None]

LENIENT: Final = frozenset({"unknown-type", "unknown-field"})
"""Faults that a lenient reader passes over."""

_MISSING: Final = object()


def parse_event(mapping: Mapping[str, object], place: Place | None = None) -> Event:
    """The event that a mapping describes, as one JSON line does.

    Instants are ISO 8601 with an offset (or aware datetimes), lists may be tuples, and None is the same
    as leaving an optional field out. Every further key of a ``record`` becomes part of its ``data``.

    Args:
        mapping: the object.
        place: where it was read, for the messages; without it they say ``event``.

    Raises:
        InputError: with every fault: unknown type or field, missing field, wrong type, negative count,
            a word that is not in its closed list, an instant without offset.
    """
    faults: list[Fault] = []
    event = check_event(mapping, faults.append)
    if event is None or faults:
        where = place or Place("event")
        raise InputError(Problem(where, fault.name, fault.message) for fault in faults)
    return event


def check_event(value: object, report: Report) -> Event | None:
    """The event, or None when there is nothing to build it from; faults go to ``report``.

    A fault named in :data:`LENIENT` does not keep the event from being built; of an unknown type there is
    nothing to build.
    """
    if not isinstance(value, Mapping):
        report(Fault((), "not-an-object", f"an event is an object, not {described(value)}"))
        return None
    name = value.get("type", _MISSING)
    if not isinstance(name, str):
        message = (
            "`type` is missing; an event says what it is"
            if name is _MISSING
            else f"`type` must be a text, not {described(name)}"
        )
        report(Fault(() if name is _MISSING else ("type",), "unknown-type", message))
        return None
    cls = EVENT_TYPES.get(name)
    if cls is None:
        report(
            Fault(
                ("type",),
                "unknown-type",
                unknown_word("an event type", printable(name), TYPE_NAMES),
            )
        )
        return None
    event = _object(value, cls, (), report, name)
    return event if isinstance(event, Event) else None


def event_to_json(event: Event) -> dict[str, JsonValue]:
    """The object of an event's JSON line; fields that are None are left out.

    The inverse of :func:`parse_event`. Takes what the fast reader yields as well.
    """
    cls = EVENT_TYPES[event.type]
    out: dict[str, JsonValue] = {"type": event.type}
    if isinstance(event, Record):
        out.update(event.data)
        out["type"] = event.type
    out.update(_fields_to_json(event, cls))
    return out


def _fields_to_json(source: object, cls: type) -> dict[str, JsonValue]:
    return {
        field.name: _to_json(value)
        for field in fields_of(cls)
        if (value := getattr(source, field.attribute)) is not None and value != field.default
    }


def _to_json(value: object) -> JsonValue:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_to_json(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): _to_json(entry) for key, entry in value.items()}
    return _fields_to_json(value, PICTURES[type(value).__name__])


def _object(
    value: Mapping[str, object], cls: type, path: Path, report: Report, name: str
) -> object | None:
    known = fields_by_name(cls)
    arguments: dict[str, object] = {}
    further: dict[str, JsonValue] = {}
    sound = True

    def keep(fault: Fault) -> None:
        nonlocal sound
        sound = sound and fault.name in LENIENT
        report(fault)

    for key, entry in value.items():
        field = known.get(key)
        if field is not None:
            inner = (*path, key)
            if entry is None and not field.required and field.default is None:
                continue
            arguments[field.attribute] = _read(entry, field.shape, inner, keep)
        elif cls is Record and key != "type":
            further[str(key)] = _anything(entry, (*path, key), keep)
        elif path or key != "type":
            message = unknown_word(f"a field of `{name}`", printable(str(key)), known)
            keep(Fault((*path, key), "unknown-field", message, at_key=True))
    for field in known.values():
        if field.required and field.attribute not in arguments:
            keep(Fault(path, "missing-field", f"`{field.name}` is missing; `{name}` needs it"))
    if not sound:
        return None
    if cls is Record:
        arguments["data"] = further
    return cls(**arguments)  # type: ignore[no-any-return]  # the classes differ, the table does not


def _read(value: object, shape: Shape, path: Path, report: Report) -> object:
    match shape:
        case Text(filled=filled):
            return _text(value, path, report, filled=filled)
        case Words(what=what, options=options):
            return _word(value, what, options, path, report)
        case Flag():
            return _typed(value, bool, "true or false", path, report)
        case Count():
            return _count(value, path, report)
        case Amount():
            return _amount(value, path, report)
        case Instant():
            return check_instant(value, path, report)
        case ListOf(shape=inner):
            if not isinstance(value, list | tuple):
                return _wrong(value, "a list", path, report)
            return tuple(
                _read(entry, inner, (*path, index), report) for index, entry in enumerate(value)
            )
        case ObjectOf(cls=cls):
            if not isinstance(value, Mapping):
                return _wrong(value, "an object", path, report)
            return _object(value, cls, path, report, dotted(path))
        case Zone():
            return _zone(value, path, report)
        case InstantsByName():
            if not isinstance(value, Mapping):
                return _wrong(value, "an object of instants", path, report)
            return {
                str(key): check_instant(entry, (*path, key), report) for key, entry in value.items()
            }
        case Anything():
            return _anything(value, path, report)


def _wrong(value: object, expected: str, path: Path, report: Report) -> object:
    report(
        Fault(path, "wrong-type", f"`{dotted(path)}` must be {expected}, not {described(value)}")
    )
    return None


def _typed(value: object, cls: type, expected: str, path: Path, report: Report) -> object:
    return value if isinstance(value, cls) else _wrong(value, expected, path, report)


def _text(value: object, path: Path, report: Report, *, filled: bool) -> object:
    if isinstance(value, str) and filled and not value:
        report(Fault(path, "empty-text", f"`{dotted(path)}` is empty; it must name something"))
        return None
    return _typed(value, str, "a text", path, report)


def _word(
    value: object, what: str, options: Iterable[str], path: Path, report: Report
) -> object | None:
    if not isinstance(value, str):
        return _wrong(value, "a text", path, report)
    if value not in options:
        message = f"`{dotted(path)}`: {unknown_word(what, printable(value), options, limit=20)}"
        report(Fault(path, "unknown-word", message))
        return None
    return value


def _zone(value: object, path: Path, report: Report) -> object | None:
    if isinstance(value, str) and value not in _zone_names():
        message = (
            f"`{dotted(path)}`: {unknown_word('a time zone', printable(value), _zone_names())}"
        )
        report(Fault(path, "unknown-word", message))
        return None
    return _typed(value, str, "a text", path, report)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _count(value: object, path: Path, report: Report) -> object | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong(value, "a whole number", path, report)
    if not 0 <= value <= LARGEST_COUNT:
        seen = f"`{value}`" if value.bit_length() < 128 else "a number of more than 38 digits"
        fault = "negative" if value < 0 else "too large"
        message = f"`{dotted(path)}` is {seen}, which is {fault}; a count is between 0 and 2^63 - 1"
        report(Fault(path, "out-of-range", message))
        return None
    return value


def _amount(value: object, path: Path, report: Report) -> object | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(value, "a number", path, report)
    try:
        amount = float(value)
    except OverflowError:
        amount = math.inf
    if not 0 <= amount < math.inf:
        message = f"`{dotted(path)}` is `{amount:g}`; it must be a finite number of at least 0"
        report(Fault(path, "out-of-range", message))
        return None
    return amount


def check_instant(value: object, path: Path, report: Report) -> datetime | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            message = f"`{dotted(path)}` has no offset; give an aware datetime"
            report(Fault(path, "not-an-instant", message))
            return None
        return value
    if not isinstance(value, str):
        _wrong(value, "a text with a date, a time and an offset", path, report)
        return None
    try:
        found = read_instant(value)
    except ValueError as error:
        message = f"`{dotted(path)}`: {printable(str(error), 160)}"
        report(Fault(path, "not-an-instant", message))
        return None
    return found


def read_instant(text: str) -> datetime:
    """An instant, rounded to the microsecond the way the fast reader does.

    Raises:
        ValueError: not an instant, no offset, or in the first or last year that dates can have, where
            a change of zone would leave the calendar.
    """
    try:
        found: datetime = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        found = parse_instant(text)
    if found.tzinfo is None:
        found = parse_instant(text)
    if found.year in (1, 9999):
        msg = f"`{text[:60]}` is not a time that anything can happen at"
        raise ValueError(msg)
    return found


def _anything(value: object, path: Path, report: Report) -> JsonValue:
    if len(path) > DEEPEST:
        report(Fault(path, "wrong-type", f"`{path[0]}` is nested deeper than {DEEPEST} levels"))
        return None
    if isinstance(value, list | tuple):
        return [_anything(entry, (*path, index), report) for index, entry in enumerate(value)]
    if isinstance(value, Mapping):
        return {
            str(key): _anything(entry, (*path, str(key)), report) for key, entry in value.items()
        }
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    _wrong(value, "a JSON value", path, report)
    return None


def printable(text: str, longest: int = 60) -> str:
    """``text`` cut, with what a terminal would obey or hide written as an escape."""
    cut = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}" for character in cut
    )


def described(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int):
        return f"the number `{value}`" if value.bit_length() < 128 else "a number"
    if isinstance(value, float):
        return f"the number `{value:g}`"
    if isinstance(value, str):
        return f'the text "{printable(value, 40)}"'
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else f"a `{type(value).__name__}`"


def dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{printable(str(part))}"
    return text.removeprefix(".")
