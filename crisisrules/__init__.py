"""A crisis-communication playbook as declarative rules: which post, why, by when, and what settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crisisrules.api import (
        CrisisRulesError,
        Session,
        decide,
        event_to_json,
        lint_calendar,
        lint_draft,
        load_playbook,
        parse_event,
        read_calendar,
        read_event_file,
        read_incidents,
        write_calendar,
    )

__version__ = "0.1.0"

__all__ = [
    "CrisisRulesError",
    "Session",
    "decide",
    "event_to_json",
    "lint_calendar",
    "lint_draft",
    "load_playbook",
    "parse_event",
    "read_calendar",
    "read_event_file",
    "read_incidents",
    "write_calendar",
]


def __getattr__(name: str) -> object:
    # a command that only lists rules starts without the engine, the readers and the linter
    if name in __all__:
        from crisisrules import api

        return getattr(api, name)
    msg = f"module `crisisrules` has no attribute `{name}`"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
