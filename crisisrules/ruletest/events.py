"""One event of a rule test: the fields of its JSON line, with moments where instants stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from crisisrules.model.errors import InputError, Place
from crisisrules.model.events import Event
from crisisrules.playbook.reading import Faults
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, get, plain

_INSTANTS: Final = frozenset({"at", "from", "to", "until"})
_OF_INSTANTS: Final = frozenset({"seen_by"})
_QUOTED: Final = re.compile(r"`([^`]+)`")


def holds_instant(key: str) -> bool:
    """Whether the field of an event with this name holds an instant."""
    return key in _INSTANTS or key.endswith("_at")


def read_event(
    node: Node,
    *,
    default_at: datetime | None,
    moment: Callable[[str], datetime],
    parse: Callable[[Mapping[str, object], Place], Event],
    faults: Faults,
) -> Event | None:
    """The event that a mapping describes, or None and a fault.

    Args:
        node: the mapping.
        default_at: the ``at`` of an event that gives none.
        moment: the instant of a moment's text; raises ValueError.
        parse: the event of plain fields; raises InputError.
        faults: where faults go.
    """
    if not isinstance(node, MapNode):
        faults.expected(node, "an event, `{type: …}`,")
        return None
    before = len(faults.problems)
    fields = _fields(node, moment, faults)
    if "at" not in fields and default_at is not None:
        fields["at"] = default_at
    if len(faults.problems) > before:
        return None
    try:
        return parse(fields, node.place)
    except InputError as error:
        for problem in error.problems:
            faults.add(_place_in(node, problem.message), problem.name, problem.message)
        return None


def _fields(
    mapping: MapNode, moment: Callable[[str], datetime], faults: Faults
) -> dict[str, object]:
    return {entry.key: _value(entry.key, entry.value, moment, faults) for entry in mapping.entries}


def _value(key: str, node: Node, moment: Callable[[str], datetime], faults: Faults) -> object:
    match node:
        case MapNode() if key in _OF_INSTANTS:
            return {
                entry.key: _instant(entry.key, entry.value, moment, faults)
                for entry in node.entries
            }
        case MapNode():
            return _fields(node, moment, faults)
        case ListNode(items=items):
            return [_value("", item, moment, faults) for item in items]
        case ScalarNode(value=str()) if holds_instant(key):
            return _instant(key, node, moment, faults)
        case _:
            return plain(node)


def _instant(key: str, node: Node, moment: Callable[[str], datetime], faults: Faults) -> object:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        return plain(node)
    try:
        return moment(node.value)
    except ValueError as error:
        faults.add(node.place, "moment", f"`{key}`: {error}")
        return None


def _place_in(mapping: MapNode, message: str) -> Place:
    """Where the field stands that a message names first; the mapping itself when it names none."""
    for name in _QUOTED.findall(message):
        node: Node | None = mapping
        for part in re.findall(r"[^.\[\]]+", name):
            if isinstance(node, MapNode):
                node = get(node, part)
            elif isinstance(node, ListNode) and part.isdigit() and int(part) < len(node.items):
                node = node.items[int(part)]
            else:
                node = None
            if node is None:
                break
        if node is not None and node is not mapping:
            return _key_place(mapping, name) or node.place
        written = get(mapping, "type")
        if isinstance(written, ScalarNode) and written.value == name and "event type" in message:
            return written.place
    return mapping.place


def _key_place(mapping: MapNode, name: str) -> Place | None:
    """The place of a key, which is what an unknown field is about."""
    entry = next((entry for entry in mapping.entries if entry.key == name), None)
    return entry.key_place if entry else None
