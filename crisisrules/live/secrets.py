"""Secrets of sources and destinations: from the environment or from files, never from arguments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crisisrules.model.errors import Place, Problem, UsageError

PREFIX: Final = "CRISISRULES_"


def secret(name: str, environment: Mapping[str, str]) -> str | None:
    """The secret of a name, such as ``facebook_secret``; None when none is given.

    It is the variable ``CRISISRULES_FACEBOOK_SECRET``, or the content of the file that
    ``CRISISRULES_FACEBOOK_SECRET_FILE`` names.

    Raises:
        UsageError: the file cannot be read, or both are given.
    """
    variable = PREFIX + name.upper().replace("-", "_").replace(".", "_")
    value, path = environment.get(variable), environment.get(f"{variable}_FILE")
    if value is not None and path is not None:
        message = f"`{variable}` and `{variable}_FILE` are both set; keep one"
        raise UsageError(Problem(Place("environment"), "two-secrets", message))
    if path is None:
        return value or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        message = f"the file that `{variable}_FILE` names cannot be read"
        raise UsageError(Problem(Place("environment"), "unreadable-secret", message)) from None


def expand(address: str, environment: Mapping[str, str]) -> str:
    """An address as it is, or the one that ``env:NAME`` or ``file:PATH`` stands for.

    Raises:
        UsageError: the variable is not set, or the file cannot be read.
    """
    kind, _, name = address.partition(":")
    if kind == "env":
        if name not in environment:
            message = f"the variable `{name}` is not set"
            raise UsageError(Problem(Place("environment"), "unset-variable", message))
        return environment[name]
    if kind == "file" and not name.startswith("//"):
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            message = f"`{name}` cannot be read"
            raise UsageError(Problem(Place("environment"), "unreadable-secret", message)) from None
    return address
