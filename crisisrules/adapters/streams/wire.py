"""Events as :mod:`msgspec` structs, for reading many lines fast.

The structs are made from the classes of the model and have their attribute names and their ``type``, so
that whoever takes an event by ``event.type`` and its attributes cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Annotated, Final, Literal, Optional, Union, cast

import msgspec

from crisisrules.adapters.streams.shapes import (
    LARGEST_COUNT,
    Amount,
    Anything,
    Count,
    Field,
    Flag,
    Instant,
    InstantsByName,
    ListOf,
    ObjectOf,
    Shape,
    Text,
    Words,
    Zone,
    fields_of,
)
from crisisrules.model.events import EVENT_TYPES, Event, PageDescribed, Record

_AWARE: Final = Annotated[datetime, msgspec.Meta(tz=True)]
_COUNT: Final = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_COUNT)]
_AMOUNT: Final = Annotated[float, msgspec.Meta(ge=0)]
_STRICT: Final = (Record, PageDescribed)
"""Rare types with fields that no struct can check: free ones, and the names of time zones."""
_FILLED: Final = Annotated[str, msgspec.Meta(min_length=1)]


@cache
def event_decoder(*, keep_all: bool = False) -> msgspec.json.Decoder[Event]:
    """A decoder of JSON lines to their events, for every type but ``record`` and ``page.described``.

    It raises :class:`msgspec.MsgspecError`, :class:`UnicodeDecodeError` or :class:`RecursionError` for
    all that is not plain; the strict reader then says what is wrong, if anything is. It neither sees a
    repeated key nor where a line ends: see :func:`lines_encoder`.

    With ``keep_all``, what was left out is not None or the default but :data:`msgspec.UNSET`, so that the
    encoder writes everything that was given; such events are for counting only.
    """
    classes: list[type] = [cls for cls in EVENT_TYPES.values() if cls not in _STRICT]
    structs = tuple(_struct(cls, keep_all=keep_all) for cls in classes)
    decoder = msgspec.json.Decoder(Union[structs])  # noqa: UP007  # the union is a value here
    # a struct has what an event has, though it is not an instance of its class
    return cast("msgspec.json.Decoder[Event]", decoder)


def lines_encoder() -> Callable[[list[Event]], bytes]:
    """A function from decoded events to JSON lines that name only what was given."""
    return cast("Callable[[list[Event]], bytes]", msgspec.json.Encoder().encode_lines)


@cache
def _struct(cls: type, *, keep_all: bool) -> type[msgspec.Struct]:
    tag = getattr(cls, "type", None)
    return msgspec.defstruct(
        cls.__name__,
        [_entry(field, keep_all=keep_all) for field in fields_of(cls)],
        namespace={} if tag is None else {"type": tag},
        module=__name__,
        tag_field=None if tag is None else "type",
        tag=tag,
        rename={field.attribute: field.name for field in fields_of(cls)},
        frozen=True,
        kw_only=True,
        # none of them can be part of a cycle: they are frozen and hold texts, numbers and each other
        gc=False,
        omit_defaults=True,
        forbid_unknown_fields=True,
    )


def _entry(field: Field, *, keep_all: bool) -> tuple[str, object] | tuple[str, object, object]:
    wire = _type(field.shape, keep_all=keep_all)
    if field.required:
        return field.attribute, wire
    if field.default is None:
        wire = Optional[wire]  # noqa: UP045  # the type is a value here
    if keep_all:
        return field.attribute, Union[wire, msgspec.UnsetType], msgspec.UNSET  # noqa: UP007
    return field.attribute, wire, field.default


def _type(shape: Shape, *, keep_all: bool) -> object:
    match shape:
        case Text(filled=filled):
            return _FILLED if filled else str
        case Words(options=options):
            return Literal[options]
        case Flag():
            return bool
        case Count():
            return _COUNT
        case Amount():
            return _AMOUNT
        case Instant():
            return _AWARE
        case InstantsByName():
            return dict[str, _AWARE]  # type: ignore[valid-type]  # the type is a value here
        case ListOf(shape=inner):
            return tuple[_type(inner, keep_all=keep_all), ...]  # type: ignore[misc]  # the type is a value here
        case ObjectOf(cls=cls):
            return _struct(cls, keep_all=keep_all)
        case Anything() | Zone():
            msg = "a field that only the strict reader can check has no struct"
            raise TypeError(msg)
