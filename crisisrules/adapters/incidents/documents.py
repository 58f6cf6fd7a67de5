"""A whole file of JSON or YAML as plain values, with the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import attrs
import yaml

from crisisrules.adapters.streams.json_text import DEEPEST, JsonTextError, Path, read_json_text
from crisisrules.model.errors import InputError, Place, Problem
from crisisrules.model.events import JsonValue

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_PLAIN: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


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
    """A file that is one YAML document without anchors and tags.

    Words such as ``yes``, dates and times are texts here; ``true``, ``false``, ``null`` and numbers in
    the decimal system are what they look like.

    Raises:
        InputError: it is not, or a mapping holds a key twice.
    """
    try:
        loader = _Composer(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise InputError(_not_yaml(error, source)) from None
    if root is None:
        raise InputError(Problem(Place(source), "nothing-read", "the file is empty"))
    reading = _Reading(source)
    value = reading.value(root, ())
    if reading.problems:
        raise InputError(reading.problems)

    def place_of(path: Path, at_key: bool) -> Place:
        places = reading.keys if at_key else reading.values
        return places.get(path, reading.values[()])

    return Document(value, place_of)


class _Composer(yaml.SafeLoader):
    """Composes nodes and never constructs anything from them."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse what makes a small text large or alive, and nesting that ends the stack."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs say less
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            msg = "anchors and aliases (`&`, `*`) are not allowed here; put the text in quotes"
            raise _RefusedError(msg, event)
        if getattr(event, "tag", None) is not None:
            msg = "tags (`!`) are not allowed here; put the text in quotes"
            raise _RefusedError(msg, event)
        if self.depth >= DEEPEST:
            msg = f"nested deeper than {DEEPEST} levels"
            raise _RefusedError(msg, event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _RefusedError(yaml.YAMLError):
    """What YAML allows and we do not; its attributes are those of the parser's own errors."""

    def __init__(self, problem: str, event: yaml.Event) -> None:
        super().__init__(problem)
        self.problem = problem
        self.problem_mark = event.start_mark


@attrs.define
class _Reading:
    """One walk over the nodes of a document."""

    source: str
    keys: dict[Path, Place] = attrs.field(factory=dict)
    values: dict[Path, Place] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    def value(self, node: yaml.Node, path: Path) -> JsonValue:
        self.values[path] = self.place(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                message = "a key must be a text"
                self.problems.append(Problem(self.place(key), "wrong-type", message))
                continue
            inner = (*path, key.value)
            if key.value in found:
                self.problems.append(_repeated(self.place(key), inner))
                continue
            self.keys[inner] = self.place(key)
            found[key.value] = self.value(value, inner)
        return found

    def place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self.source, mark.line + 1, mark.column + 1)


def _scalar(node: yaml.Node) -> JsonValue:
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text.lower() in _PLAIN:
        return _PLAIN[text.lower()]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _repeated(place: Place, path: Path) -> Problem:
    return Problem(place, "repeated-key", f"`{str(path[-1])[:60]}` is given twice")


def _not_yaml(error: yaml.YAMLError, source: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        # a character that YAML does not allow; its place is an offset, and it has no line
        return Problem(Place(source), "not-yaml", "a control character is not allowed in YAML")
    message = getattr(error, "problem", None) or "this is neither JSON nor YAML"
    place = Place(source, mark.line + 1, mark.column + 1)
    return Problem(place, "not-yaml", " ".join(str(message).split()))
