"""The words of JSON Schema that the schemas of playbook files are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

Schema: TypeAlias = Mapping[str, "Schema"] | list["Schema"] | str | int | float | bool | None
"""A part of a JSON Schema."""


def ref(name: str, description: str = "") -> Schema:
    """A definition of the same document."""
    reference = {"$ref": f"#/$defs/{name}"}
    return {**reference, "description": description} if description else reference


def described(schema: Schema, description: str) -> Schema:
    """The same, with what an editor shows beside it."""
    return {**schema, "description": description} if isinstance(schema, Mapping) else schema


def matching(pattern: str) -> Schema:
    """A text of this pattern."""
    return {"type": "string", "pattern": pattern}


def one_of(words: Iterable[str], description: str = "") -> Schema:
    """One of a closed list."""
    return described({"enum": list(words)}, description) if description else {"enum": list(words)}


def list_of(of: Schema) -> Schema:
    """A list of at least one."""
    return {"type": "array", "items": of, "minItems": 1}


def one_or_some(words: Iterable[str]) -> Schema:
    """One of a closed list, or a list of some, each once."""
    one = one_of(words)
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


def mapping(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> dict[str, Schema]:
    """A mapping with a closed list of keys."""
    needed: list[Schema] = list(required)
    made: dict[str, Schema] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**made, "required": needed} if needed else made


BUSINESS_DAYS: Final = {
    "calendar": described({"type": "string"}, "a country (`US`, `US-CA`) or a market (`XNYS`)"),
    "timezone": {"type": "string"},
    "closes": matching(r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
}
"""Whose business days a clock counts."""
