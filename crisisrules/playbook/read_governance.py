"""Governance of a playbook file: roles, approval chains, regimes, and what was prepared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import attrs

from crisisrules.model.errors import Place, unknown_word
from crisisrules.model.vocabulary import INCIDENT_KINDS, PLATFORMS
from crisisrules.playbook.playbook import ApprovalStep, Governance
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    read_duration,
    read_items,
    read_moment,
    read_names,
    read_text,
    read_texts,
)
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode

PREPARED: Final = ("lines", "scenarios", "reply_criteria")
"""Keys of a playbook file beside ``governance`` that say what was written down."""


def read_governance(file: Fields, base: Governance, zone: str | None, faults: Faults) -> Governance:
    """What a file says of governance, laid over what stands already."""
    node = file.take("governance")
    if node is None:
        return base
    fields = Fields.of(node, faults, "governance")
    roles = tuple(dict.fromkeys((*base.roles, *_read_roles(fields.take("roles"), faults))))

    def role(key: str, before: str | None) -> str | None:
        given = fields.take(key)
        return _role(given, roles, faults) if given else before

    def names(key: str, what: str, before: tuple[str, ...]) -> tuple[str, ...]:
        given = fields.take(key)
        return read_names(given, faults, what) if given else before

    def moment(key: str, before: datetime | None) -> datetime | None:
        given = fields.take(key)
        return read_moment(given, faults, zone) if given else before

    page = fields.take("canonical_page")
    chains = _read_chains(fields.take("approval_chains"), roles, faults)
    governance = attrs.evolve(
        base,
        roles=roles,
        owner=role("owner", base.owner),
        freeze_owner=role("freeze_owner", base.freeze_owner),
        freeze_deputy=role("freeze_deputy", base.freeze_deputy),
        community_roles=names("community_roles", "role", base.community_roles),
        regimes=names("regimes", "regime", base.regimes),
        templates=names("templates", "template", base.templates),
        approval_chains={**base.approval_chains, **chains},
        last_exercise_at=moment("last_exercise_at", base.last_exercise_at),
        contacts_checked_at=moment("contacts_checked_at", base.contacts_checked_at),
        canonical_page=read_text(page, faults) if page else base.canonical_page,
        places={**base.places, "governance": file.key_place("governance"), **_places(fields)},
    )
    fields.close("`governance`")
    return governance


def read_prepared(fields: Fields, base: Governance, faults: Faults) -> Governance:
    """The crisis lines, scenarios and criteria that a file says are written; a list given replaces."""
    lines, scenarios, criteria = (fields.take(key) for key in PREPARED)
    base = attrs.evolve(base, places={**base.places, **_places(fields, PREPARED)})
    if lines:
        names = read_names(lines, faults, "platform", PLATFORMS)
        base = attrs.evolve(base, lines=names)
    if scenarios:
        names = read_names(scenarios, faults, "kind of incident", INCIDENT_KINDS)
        base = attrs.evolve(base, scenarios=names)
    if criteria:
        names = read_names(criteria, faults, "platform", ("all", *PLATFORMS))
        base = attrs.evolve(base, reply_criteria=names)
    return base


def _places(fields: Fields, keys: Iterable[str] | None = None) -> dict[str, Place]:
    """Where each key of a mapping stands, and each name of a list as ``key.name``."""
    places: dict[str, Place] = {}
    for key in fields.entries if keys is None else keys:
        entry = fields.entries.get(key)
        if entry is None:
            continue
        places[key] = entry.key_place
        items = entry.value.items if isinstance(entry.value, ListNode) else ()
        for item in items:
            if isinstance(item, ScalarNode):
                places[f"{key}.{item.raw}"] = item.place
        if isinstance(entry.value, MapNode):
            places |= {f"{key}.{one.key}": one.key_place for one in entry.value.entries}
    return places


def _read_roles(node: Node | None, faults: Faults) -> tuple[str, ...]:
    if node is None:
        return ()
    if not isinstance(node, MapNode):
        faults.expected(node, "roles, `name: what it does`,")
        return ()
    for entry in node.entries:
        if isinstance(entry.value, MapNode):
            read_texts(entry.value, faults)
        else:
            read_text(entry.value, faults)
    return tuple(entry.key for entry in node.entries)


def _role(node: Node | None, roles: tuple[str, ...], faults: Faults) -> str | None:
    """A role, one of those written where any are."""
    if node is None:
        return None
    role = read_text(node, faults)
    if roles and role and role not in roles:
        faults.add(node.place, "unknown-role", unknown_word("one of the `roles`", role, roles))
    return role


def _read_chains(
    node: Node | None, roles: tuple[str, ...], faults: Faults
) -> dict[str, tuple[ApprovalStep, ...]]:
    if node is None:
        return {}
    if not isinstance(node, MapNode):
        faults.expected(node, "approval chains, `holding: [{role: …, within: 5m}]`,")
        return {}
    chains = {}
    for entry in node.entries:
        steps = []
        for item in read_items(entry.value, faults, "steps"):
            fields = Fields.of(item, faults, "a step, `{role: …, deputy: …, within: 5m}`,")
            within = fields.take("within")
            steps.append(
                ApprovalStep(
                    role=_role(fields.need("role"), roles, faults) or "",
                    deputy=_role(fields.take("deputy"), roles, faults),
                    within=read_duration(within, faults, "`within`") if within else None,
                    place=item.place,
                )
            )
            fields.close("a step of an approval chain")
        chains[entry.key] = tuple(steps)
    return chains
