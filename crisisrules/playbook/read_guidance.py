"""Scenario and line files to values, every fault of them reported."""

from __future__ import annotations

import re
from typing import Final

from crisisrules.model.errors import unknown_word
from crisisrules.model.vocabulary import COMMENT_CLASSES, INCIDENT_KINDS, PLATFORMS
from crisisrules.playbook.guidance import (
    ANSWERS,
    HOLDING,
    SLOTS,
    STATEMENTS,
    CrisisLine,
    Reply,
    Scenario,
)
from crisisrules.playbook.read_rule import read_sources
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    read_choice,
    read_items,
    read_texts,
)
from crisisrules.playbook.rule import Texts
from crisisrules.playbook.yamltext import MapNode, Node

_SLOT: Final = re.compile(r"\{([^{}]*)\}")


def read_scenario(node: Node, file_name: str | None, faults: Faults) -> Scenario:
    """The scenario of one file, which is called as the kind of incident."""
    fields = Fields.of(node, faults, "a scenario")
    kind = fields.need("kind")
    scenario = Scenario(
        kind=read_choice(kind, INCIDENT_KINDS, "a kind of incident", faults, "unknown-value"),
        title=read_texts(fields.need("title"), faults),
        behaviours=_read_list(fields.need("behaviours"), "behaviours", faults),
        mistakes=_read_list(fields.need("mistakes"), "mistakes", faults),
        replies=_read_replies(fields.need("replies"), faults),
        statements=_read_statements(fields.need("statements"), faults),
        sources=read_sources(fields.need("sources"), faults),
        place=node.place,
    )
    fields.close("a scenario")
    _check_name(kind, scenario.kind, file_name, faults)
    given = fields.take("replies")
    if isinstance(given, MapNode):
        missing = [name for name in COMMENT_CLASSES if name not in scenario.replies]
        if missing and len(given.entries) == len(scenario.replies):
            message = (
                f"it is not said how to answer `{missing[0]}`; each class of comment has a line"
            )
            faults.add(given.place, "missing-key", message)
    return scenario


def read_line(node: Node, file_name: str | None, faults: Faults) -> CrisisLine:
    """The crisis line of one file, which is called as the platform."""
    fields = Fields.of(node, faults, "a crisis line")
    platform = fields.need("platform")
    replies = fields.take("replies")
    line = CrisisLine(
        platform=read_choice(platform, PLATFORMS, "a platform", faults, "unknown-value"),
        title=read_texts(fields.need("title"), faults),
        tone=read_texts(fields.need("tone"), faults),
        behaviours=_read_list(fields.need("behaviours"), "behaviours", faults),
        mistakes=_read_list(fields.need("mistakes"), "mistakes", faults),
        sources=read_sources(fields.need("sources"), faults),
        replies=_read_replies(replies, faults),
        place=node.place,
    )
    fields.close("a crisis line")
    _check_name(platform, line.platform, file_name, faults)
    return line


def _check_name(node: Node | None, name: str, file_name: str | None, faults: Faults) -> None:
    if node is not None and file_name is not None and name != file_name:
        message = f"`{name}` is not the name of the file; call one as the other: `{file_name}`"
        faults.add(node.place, "id-not-file-name", message)


def _read_list(node: Node | None, what: str, faults: Faults) -> tuple[Texts, ...]:
    return tuple(read_texts(item, faults) for item in read_items(node, faults, what, "write one"))


def _read_replies(node: Node | None, faults: Faults) -> dict[str, Reply]:
    if node is None:
        return {}
    if not isinstance(node, MapNode):
        faults.expected(node, "answers by class of comment, `question: {answer: together}`,")
        return {}
    replies = {}
    for entry in node.entries:
        if entry.key not in COMMENT_CLASSES:
            message = unknown_word("a class of comment", entry.key, COMMENT_CLASSES)
            faults.add(entry.key_place, "unknown-value", message)
            continue
        fields = Fields.of(entry.value, faults, "an answer, `{answer: together, how: …}`,")
        how = fields.take("how")
        replies[entry.key] = Reply(
            answer=read_choice(
                fields.need("answer"), ANSWERS, "a way to answer", faults, "unknown-value"
            ),
            how=read_texts(how, faults) if how else None,
        )
        fields.close("an answer")
    return replies


def _read_statements(node: Node | None, faults: Faults) -> dict[str, Texts]:
    if node is None:
        return {}
    fields = Fields.of(node, faults, "statements, `holding: {en: …, fr: …}`,")
    statements: dict[str, Texts] = {}
    for name in STATEMENTS:
        given = fields.need(name) if name == HOLDING else fields.take(name)
        if given is None:
            continue
        statements[name] = read_texts(given, faults)
        if isinstance(given, MapNode):
            _check_slots(name, statements[name], given, faults)
    fields.close("`statements`")
    return statements


def _check_slots(name: str, texts: Texts, node: MapNode, faults: Faults) -> None:
    """Slots are known, the same in each language, and a first word gives the time of the next."""
    slots = {language: set(_SLOT.findall(text)) for language, text in texts.items()}
    everywhere = set().union(*slots.values())
    for entry in node.entries:
        mine = slots.get(entry.key, set())
        for slot in sorted(mine - set(SLOTS)):
            message = unknown_word("a slot", f"{{{slot}}}", [f"{{{one}}}" for one in SLOTS])
            faults.add(entry.value.place, "placeholder", message)
        for slot in sorted((everywhere & set(SLOTS)) - mine):
            message = f"`{{{slot}}}` stands in another language and is missing in `{entry.key}`"
            faults.add(entry.value.place, "placeholder", message)
    if name == HOLDING and texts and "next_update" not in everywhere:
        message = "a first word says when the next one comes; put `{next_update}` into it"
        faults.add(node.place, "placeholder", message)
