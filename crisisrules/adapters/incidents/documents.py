"""A whole file of JSON or YAML as plain values, with the place of every key and value."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from crisisrules.adapters.streams.json_text import JsonTextError, Path, read_json_text
from crisisrules.model.errors import InputError, Place, PlaybookError, Problem
from crisisrules.model.events import JsonValue
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, parse_yaml


@attrs.frozen
class Document:
    """What a file holds; ``place_of(path, at_key)`` says where, of the whole for an unknown path."""

    value: JsonValue
    place_of: Callable[[Path, bool], Place]


def read_json_document(text: str, source: str) -> Document:
    """A file that is one JSON value.

    Raises:
        InputError: it is not, or an object holds a key twice.
    """

    def place(offset: int) -> Place:
        line = text.count("\n", 0, offset) + 1
        return Place(source, line, offset - text.rfind("\n", 0, offset))

    try:
        read = read_json_text(text)
    except JsonTextError as error:
        raise InputError(Problem(place(error.offset), "not-json", error.message)) from None
    if read.repeated:
        raise InputError(_repeated(place(offset), path) for path, offset in read.repeated)

    def place_of(path: Path, at_key: bool) -> Place:
        places = read.keys if at_key else read.values
        return place(places.get(path, read.values[()]))

    return Document(read.value, place_of)


def read_yaml_document(text: str, source: str) -> Document:
    """A file that is one document of the strict YAML of playbooks; dates and times are texts.

    Raises:
        InputError: it is not.
    """
    try:
        root = parse_yaml(text, source)
    except PlaybookError as error:
        raise InputError(error.problems) from None
    keys: dict[Path, Place] = {}
    values: dict[Path, Place] = {}
    value = _walk(root, (), keys, values)

    def place_of(path: Path, at_key: bool) -> Place:
        places = keys if at_key else values
        return places.get(path, root.place)

    return Document(value, place_of)


def _walk(node: Node, path: Path, keys: dict[Path, Place], values: dict[Path, Place]) -> JsonValue:
    values[path] = node.place
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [
                _walk(item, (*path, index), keys, values) for index, item in enumerate(node.items)
            ]
        case MapNode():
            keys.update({(*path, entry.key): entry.key_place for entry in node.entries})
            return {
                entry.key: _walk(entry.value, (*path, entry.key), keys, values)
                for entry in node.entries
            }


def _repeated(place: Place, path: Path) -> Problem:
    return Problem(place, "duplicate-key", f"`{str(path[-1])[:60]}` is given twice")
