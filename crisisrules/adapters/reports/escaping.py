"""Text from the public made harmless for where it goes: one function a destination, applied last and once.

A text may try to move the cursor of a terminal, to reverse the reading order, to mention a thousand people,
to become a link, an annotation or an XML element. Nothing is taken away silently: what cannot stand as it
is becomes visible.
"""

from __future__ import annotations

import re
from typing import Final

_HIDDEN: Final = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
"""What reverses, joins or separates without being seen. Joiners of scripts and of emoji are left alone."""

_UNPRINTABLE: Final = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff{_HIDDEN}]")
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>|~&#$]")
_AT_START: Final = re.compile(r"^(\d*)([-+=.)])")
_MENTION: Final = re.compile(r"@(?=\w)")
_ISSUE: Final = re.compile(r"(?<=\\#)(?=\d)")
_WEB: Final = re.compile(r"(?i)\b(www)(?=\.)")
_SEPARATOR: Final = "\u200b"
_APART: Final = f":{_SEPARATOR}/{_SEPARATOR}/"


def for_terminal(text: str) -> str:
    """One line without a character that moves, hides, colours or reverses anything.

    XML may hold what comes out, too.
    """
    return _UNPRINTABLE.sub(_visible, text)


def for_markdown(text: str) -> str:
    """One line of plain words: no markup, link, mention, issue or HTML comes out of it."""
    # blanks before a list mark would hide it here, and many of them make a block of code
    escaped = _MARKDOWN.sub(r"\\\g<0>", for_terminal(text).lstrip(" "))
    escaped = _AT_START.sub(r"\1\\\2", escaped)
    # hosts look for mentions, issues and addresses after the markup is gone, so a backslash does not
    # stop them; a separator that is not seen does
    escaped = _MENTION.sub("@" + _SEPARATOR, escaped)
    escaped = _ISSUE.sub(_SEPARATOR, escaped)
    escaped = _WEB.sub(r"\1" + _SEPARATOR, escaped)
    return escaped.replace("://", _APART)


def for_json(text: str) -> str:
    """A JSON document that a terminal may show: the same values, hidden characters written as escapes."""
    return _UNPRINTABLE.sub(lambda found: _json_escape(found.group()), text)


def for_command_data(text: str) -> str:
    """The message of a GitHub workflow command: what would end the line is encoded."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return for_terminal(escaped)


def for_command_property(text: str) -> str:
    """A property of a GitHub workflow command: what would end it is encoded too."""
    return for_command_data(text).replace(":", "%3A").replace(",", "%2C")


def _visible(found: re.Match[str]) -> str:
    char = found.group()
    return _NAMED.get(char) or _code(ord(char))


def _code(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _json_escape(char: str) -> str:
    # a line break here is between values: those inside texts are escaped already
    if char in "\n\t\r":
        return char
    point = ord(char)
    if point < 0x10000:
        return f"\\u{point:04x}"
    point -= 0x10000
    return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
