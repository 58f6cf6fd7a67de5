"""Events of every type with any fields, as Hypothesis strategies made from the table of fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from crisisrules.adapters.streams import shapes
from crisisrules.adapters.streams.shapes import fields_of
from crisisrules.model.events import EVENT_TYPES, Record

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [",", '","', "null", '":null', "\\u002c", "é\\", "}\n{", "\r\n"]
)
NAMES = TEXTS.filter(bool)
FIRST = datetime(2, 1, 3, tzinfo=UTC)
INSTANTS = st.builds(
    lambda micros, minutes: (FIRST + timedelta(microseconds=micros)).astimezone(
        timezone(timedelta(minutes=minutes))
    ),
    st.integers(0, (datetime(9998, 12, 30, tzinfo=UTC) - FIRST) // timedelta(microseconds=1))
    | st.integers(0, 9996 * 365 * 86_400).map(lambda seconds: seconds * 1_000_000),
    st.integers(-14 * 60, 14 * 60),
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def values(shape: shapes.Shape) -> st.SearchStrategy[object]:
    match shape:
        case shapes.Text(filled=filled):
            return NAMES if filled else TEXTS
        case shapes.Words(options=options):
            return st.sampled_from(options)
        case shapes.Flag():
            return st.booleans()
        case shapes.Count():
            return st.integers(0, shapes.LARGEST_COUNT)
        case shapes.Amount():
            return st.floats(0, allow_nan=False, allow_infinity=False)
        case shapes.Instant():
            return INSTANTS
        case shapes.Zone():
            return st.sampled_from(("Europe/Paris", "UTC", "Asia/Kathmandu"))
        case shapes.InstantsByName():
            return st.dictionaries(TEXTS, INSTANTS, max_size=2)
        case shapes.ListOf(shape=inner):
            return st.lists(values(inner), max_size=2).map(tuple)
        case shapes.ObjectOf(cls=cls):
            return objects(cls)
        case shapes.Anything():
            return JSON_VALUES


def objects(cls: type) -> st.SearchStrategy[object]:
    required = {f.attribute: values(f.shape) for f in fields_of(cls) if f.required}
    optional = {f.attribute: values(f.shape) for f in fields_of(cls) if not f.required}
    if cls is Record:
        free = TEXTS.filter(lambda key: key not in {"type", *required, *optional})
        optional["data"] = st.dictionaries(free, JSON_VALUES, max_size=3)
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: cls(**given))


EVENTS: st.SearchStrategy[Any] = st.one_of([objects(cls) for cls in EVENT_TYPES.values()])
