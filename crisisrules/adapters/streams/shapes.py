"""What each field of an event may hold, read once from the classes of the model.

The strict reader, the fast reader and the writer all follow this one table, so that a field added to a
class of :mod:`crisisrules.model.events` is known to the three of them at once.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from crisisrules.model import vocabulary
from crisisrules.model.events import EVENT_TYPES, IncidentOpened, IncidentUpdated, Record
from crisisrules.model.pictures import Baseline, Media, ObservedComment, ObservedPost

LARGEST_COUNT: Final = 2**63 - 1
"""Nobody has more comments; a larger number is a fault of the producer."""


@attrs.frozen
class Text:
    """A text; ``filled`` when the empty text names nothing."""

    filled: bool = False


@attrs.frozen
class Words:
    """One word of a closed list; ``what`` completes "is not ..."."""

    what: str
    options: tuple[str, ...]


@attrs.frozen
class Flag:
    """True or false."""


@attrs.frozen
class Count:
    """A whole number of at least zero."""


@attrs.frozen
class Amount:
    """A finite number of at least zero."""


@attrs.frozen
class Instant:
    """A date and time with an offset."""


@attrs.frozen
class Zone:
    """The name of a time zone."""


@attrs.frozen
class InstantsByName:
    """An object whose values are instants."""


@attrs.frozen
class Anything:
    """Any JSON value, for the free fields of a record."""


@attrs.frozen
class ListOf:
    """A list whose entries all have one shape."""

    shape: Shape


@attrs.frozen
class ObjectOf:
    """An object that becomes a value of ``cls``."""

    cls: type


Shape: TypeAlias = (
    Text
    | Words
    | Flag
    | Count
    | Amount
    | Instant
    | Zone
    | InstantsByName
    | Anything
    | ListOf
    | ObjectOf
)


@attrs.frozen(kw_only=True)
class Field:
    """One field: its name in JSON, its attribute, what it may hold, and what absence means."""

    name: str
    attribute: str
    shape: Shape
    required: bool
    default: object


_WORDS: Final[dict[str, Words]] = {
    "severity": Words("a severity", vocabulary.SEVERITIES),
    "phase": Words("a phase", vocabulary.PHASES),
    "class": Words("a class of comment", vocabulary.COMMENT_CLASSES),
    "platform": Words("a platform", vocabulary.PLATFORMS),
    "surface": Words("a surface", vocabulary.SURFACES),
    "decision": Words("a decision", vocabulary.DECISIONS),
}
_INCIDENT_KIND: Final = Words("a kind of incident", vocabulary.INCIDENT_KINDS)
_POST_KIND: Final = Words("a kind of post", vocabulary.POST_KINDS)

_SHAPES: Final[dict[str, Shape]] = {
    "str": Text(),
    "bool": Flag(),
    "int": Count(),
    "float": Amount(),
    "datetime": Instant(),
    "Mapping[str, datetime]": InstantsByName(),
    "Mapping[str, JsonValue]": Anything(),
    "tuple[str, ...]": ListOf(Text(filled=True)),
    "tuple[Media, ...]": ListOf(ObjectOf(Media)),
    "tuple[ObservedPost, ...]": ListOf(ObjectOf(ObservedPost)),
    "tuple[ObservedComment, ...]": ListOf(ObjectOf(ObservedComment)),
    "Baseline": ObjectOf(Baseline),
}


@cache
def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a class of the model, in its own order; a record's free fields are not among them."""
    return tuple(
        _field(cls, attribute)
        for attribute in attrs.fields(cls)
        if not (cls is Record and attribute.name == "data")
    )


@cache
def fields_by_name(cls: type) -> MappingProxyType[str, Field]:
    """The same fields by their name in JSON."""
    return MappingProxyType({field.name: field for field in fields_of(cls)})


def _field(cls: type, attribute: attrs.Attribute[object]) -> Field:
    name = attribute.name.rstrip("_")
    required = attribute.default is attrs.NOTHING
    shape = _closed(cls, name) or _SHAPES[str(attribute.type).removesuffix(" | None")]
    if required and shape == Text():
        shape = Text(filled=True)
    return Field(
        name=name,
        attribute=attribute.name,
        shape=shape,
        required=required,
        default=None if required else attribute.default,
    )


def _closed(cls: type, name: str) -> Words | Zone | None:
    if name == "timezone":
        return Zone()
    if name != "kind":
        return _WORDS.get(name)
    if cls is Media:
        return None
    return _INCIDENT_KIND if cls in (IncidentOpened, IncidentUpdated) else _POST_KIND


TYPE_NAMES: Final = tuple(EVENT_TYPES)
PICTURES: Final[dict[str, type]] = {
    cls.__name__: cls for cls in (Baseline, Media, ObservedComment, ObservedPost)
}
"""The classes that stand inside an event, by their name."""
