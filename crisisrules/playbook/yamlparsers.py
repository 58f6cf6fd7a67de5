"""PyYAML's two parsers, which differ in speed, in their faults and in a few texts.

The one of libyaml is some ten times as fast and only ever says that a text is fine. The one in
Python is always there and decides in every other case, so that a text has the same problems at the
same places whether libyaml is installed or not.
"""

from __future__ import annotations

import re
from typing import Protocol

import yaml

try:
    from yaml import CSafeLoader as _CParser
except ImportError:  # PyYAML built without libyaml
    FAST_PARSER: type[yaml.SafeLoader | yaml.CSafeLoader] | None = None
else:
    FAST_PARSER = _CParser

BLOCKS = ("|", ">")
QUOTED = ("'", '"', *BLOCKS)
_BLOCK_HEADER = re.compile(r"[|>][-+1-9]{0,2}(?: .*)?")


class Mark(Protocol):
    """Where a parser was, counted from 0; each parser has a class of its own for it."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in characters."""


class BadEscapeError(yaml.scanner.ScannerError):
    """An escape in double quotes that stands for no character."""


class PythonParser(yaml.SafeLoader):
    """The parser in Python, with a place for the one fault of a text that it raises without."""

    def scan_flow_scalar(self, style: str) -> yaml.ScalarToken:
        """Read a text in quotes; numbers beyond Unicode are an error with a mark."""
        start = self.get_mark()
        try:
            return super().scan_flow_scalar(style)
        except (ValueError, OverflowError) as error:
            raise BadEscapeError(None, start, str(error), self.get_mark()) from error


def parsers_agree(event: yaml.ScalarEvent, written: str, *, in_brackets: bool) -> bool:
    """Whether the parser in Python takes a scalar, ``written`` so, that libyaml took."""
    if event.style in BLOCKS:
        return _BLOCK_HEADER.fullmatch(written) is not None
    return event.style in QUOTED or not (in_brackets and "?" in event.value)
