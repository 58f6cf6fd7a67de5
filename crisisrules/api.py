"""The public face: what a program needs to ask a playbook."""

from __future__ import annotations

from pathlib import Path

from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.adapters.streams.reading import read_event_file
from crisisrules.playbook.playbook import Playbook

__all__ = ["event_to_json", "load_playbook", "parse_event", "read_event_file", "read_incidents"]


def load_playbook(path: str | Path | None = None) -> Playbook:
    """The base playbook, or a brand's own from a file (which may say ``extends: base``).

    Raises:
        PlaybookError: with every problem of every file, each with line and column.
    """
    return read_playbook(Path(path) if path is not None else None)
