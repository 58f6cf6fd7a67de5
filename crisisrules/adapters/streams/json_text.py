"""JSON read with the place of every key and value, for saying exactly where a fault is.

The standard library's reader keeps no places, accepts ``NaN`` and repeated keys, and follows brackets
until the stack ends. This one is slower and only ever sees lines that the fast reader would not take.
"""

from __future__ import annotations

import json
import math
import re
from typing import Final, NoReturn

import attrs

from crisisrules.model.events import JsonValue

Path = tuple[str | int, ...]

DEEPEST: Final = 64
"""Brackets within brackets; events need five, a record of somebody's own a few more."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_NUMBER: Final = 400
_SCALARS: Final = json.JSONDecoder()


class JsonTextError(ValueError):
    """The text is not JSON; ``offset`` counts characters from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@attrs.frozen(kw_only=True)
class JsonText:
    """A JSON value with the offsets (characters from 0) of what is in it.

    Attributes:
        keys: where each key starts, by its path.
        values: where each value starts, by its path; the whole has the empty path.
        repeated: paths of keys that an object holds more than once, with the later offset.
        surrogates: paths of texts and keys that hold half of a surrogate pair; it reads as ``U+FFFD``.
    """

    value: JsonValue
    keys: dict[Path, int]
    values: dict[Path, int]
    repeated: list[tuple[Path, int]]
    surrogates: list[Path]


def read_json_text(text: str) -> JsonText:
    """The value that ``text`` holds, and where its parts are.

    Raises:
        JsonTextError: not JSON, nested too deep, or followed by more text.
    """
    scan = _Scan(text)
    value, end = scan.value(_skip(text, 0), ())
    end = _skip(text, end)
    if end != len(text):
        _fail(f"there is more after the end of the value: {_found(text, end)}", end)
    return JsonText(
        value=value,
        keys=scan.keys,
        values=scan.values,
        repeated=scan.repeated,
        surrogates=scan.surrogates,
    )


class _Scan:
    """One pass over a text; recursion is bounded by :data:`DEEPEST`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keys: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        self.repeated: list[tuple[Path, int]] = []
        self.surrogates: list[Path] = []

    def value(self, at: int, path: Path) -> tuple[JsonValue, int]:
        self.values[path] = at
        start = self.text[at : at + 1]
        if start in ("{", "["):
            if len(path) >= DEEPEST:
                _fail(f"nested deeper than {DEEPEST} levels", at)
            return self.object(at, path) if start == "{" else self.array(at, path)
        if start == '"':
            return self.string(at, path)
        if start == "-" or start.isdecimal():
            return _number(self.text, at)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, at):
                return value, at + len(word)
        return _fail(f"expected a value, found {_found(self.text, at)}", at)

    def string(self, at: int, path: Path) -> tuple[str, int]:
        try:
            value, end = _SCALARS.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            _fail(_string_fault(self.text, error), error.pos)
        if _LONE_SURROGATE.search(value):
            self.surrogates.append(path)
            value = _LONE_SURROGATE.sub("\ufffd", value)
        return value, end

    def object(self, at: int, path: Path) -> tuple[JsonValue, int]:
        found: dict[str, JsonValue] = {}
        at = _skip(self.text, at + 1)
        if self.text.startswith("}", at):
            return found, at + 1
        while True:
            if not self.text.startswith('"', at):
                _fail(f"expected a key in double quotes, found {_found(self.text, at)}", at)
            key, end = self.string(at, path)
            inner = (*path, key)
            if key in found:
                self.repeated.append((inner, at))
            else:
                self.keys[inner] = at
            end = _skip(self.text, end)
            if not self.text.startswith(":", end):
                _fail(f"expected `:` after a key, found {_found(self.text, end)}", end)
            value, end = self.value(_skip(self.text, end + 1), inner)
            found.setdefault(key, value)
            at, done = self.next(_skip(self.text, end), "}")
            if done:
                return found, at

    def array(self, at: int, path: Path) -> tuple[JsonValue, int]:
        found: list[JsonValue] = []
        at = _skip(self.text, at + 1)
        if self.text.startswith("]", at):
            return found, at + 1
        while True:
            value, end = self.value(at, (*path, len(found)))
            found.append(value)
            at, done = self.next(_skip(self.text, end), "]")
            if done:
                return found, at

    def next(self, at: int, close: str) -> tuple[int, bool]:
        if self.text.startswith(close, at):
            return at + 1, True
        if self.text.startswith(",", at):
            return _skip(self.text, at + 1), False
        return _fail(f"expected `,` or `{close}`, found {_found(self.text, at)}", at)


def _number(text: str, at: int) -> tuple[JsonValue, int]:
    match = _NUMBER.match(text, at)
    if match is None:
        _fail(f"expected a number, found {_found(text, at)}", at)
    written = match.group()
    digits = written.lstrip("-")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdecimal():
        _fail(f"`{written[:20]}` starts with a zero, which JSON does not allow", at)
    if len(written) > _LONGEST_NUMBER:
        _fail(f"a number of {len(written)} characters is too large", at)
    if written.lstrip("-").isdecimal():
        return int(written), match.end()
    value = float(written)
    if math.isinf(value):
        _fail(f"`{written[:20]}` is too large a number", at)
    return value, match.end()


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _found(text: str, at: int) -> str:
    if at >= len(text):
        return "the end of the line"
    for word in ("NaN", "Infinity", "-Infinity"):
        if text.startswith(word, at):
            return f"`{word}`, which is not JSON"
    character = text[at]
    return f"`{character}`" if character.isprintable() else f"`U+{ord(character):04X}`"


def _string_fault(text: str, error: json.JSONDecodeError) -> str:
    if error.msg.startswith("Unterminated"):
        return "a text is not closed by the end of the line"
    if error.msg.startswith("Invalid control"):
        return f"a control character in a text must be escaped, found {_found(text, error.pos)}"
    return "an escape in a text is not one of JSON's"


def _fail(message: str, offset: int) -> NoReturn:
    raise JsonTextError(message, offset) from None
