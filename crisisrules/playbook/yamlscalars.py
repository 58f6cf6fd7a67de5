"""What an unquoted word of a playbook stands for, and when it may not stand there unquoted."""

from __future__ import annotations

import re

from crisisrules.playbook.yamlfaults import excerpt

MOST_DIGITS = 18

# One look at each scalar: nearly all are text, and only what this matches can be something else
_SPECIAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|~|(?i:yes|no|[yn]|on|off|true|false|null)", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None}
_DOUBTFUL = {
    **dict.fromkeys(("yes", "y", "on", "true"), "true"),
    **dict.fromkeys(("no", "n", "off", "false"), "false"),
    "null": "null",
}

Fault = tuple[str, str]
"""The name of a problem and its message."""


def understand(raw: str) -> tuple[str | int | float | bool | None, Fault | None]:
    """The value of an unquoted scalar, and what is wrong with it."""
    if not _SPECIAL.fullmatch(raw):
        return raw, None
    if raw in _WORDS:
        return _WORDS[raw], None
    if meant := _DOUBTFUL.get(raw.lower()):
        message = f'`{raw}` may be a word or {meant}; write `{meant}`, or quote it: "{raw}"'
        return raw, ("doubtful-word", message)
    number = _NUMBER.fullmatch(raw)
    if number is None:
        return raw, None
    if len(raw.lstrip("-").replace(".", "")) > MOST_DIGITS:
        message = (
            f"`{excerpt(raw)}` has more than {MOST_DIGITS} digits; shorten it, "
            "or quote it if it is a name and not a number"
        )
        return raw, ("long-number", message)
    return float(raw) if number.group(1) else int(raw), None


def key_fault(raw: str) -> Fault | None:
    """Why an unquoted scalar cannot be a key, or None when it can."""
    if raw == "":
        return "empty-key", "a colon with no name before it"
    if raw == "<<":
        return "merge-key", "`<<` merges mappings; a playbook does not: write the keys out"
    if raw != raw.strip():
        return "odd-space", f"a special space beside the key `{excerpt(raw.strip())}`; remove it"
    if not _SPECIAL.fullmatch(raw):
        return None
    if _NUMBER.fullmatch(raw):
        message = f'the key `{excerpt(raw)}` reads as a number; quote it: "{excerpt(raw)}"'
        return "key-not-text", message
    if raw in _WORDS:
        message = f'the key `{raw}` reads as a value and not as a name; quote it: "{raw}"'
        return "key-not-text", message
    if meant := _DOUBTFUL.get(raw.lower()):
        message = f'the key `{raw}` may be read as `{meant}`; quote it: "{raw}"'
        return "doubtful-word", message
    return None
