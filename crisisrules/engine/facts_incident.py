"""How facts about incidents read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from crisisrules.engine.scene import Scene
from crisisrules.engine.state import IncidentState, Information, PageState, View
from crisisrules.engine.values import ABSENT, Value

Reader = Callable[[Scene], Value]

SHORT_PLATFORMS: Final = frozenset({"x", "mastodon", "bluesky", "threads"})
SIDE_CHANNELS: Final = frozenset({"press", "support", "sms", "phone", "shop", "email"})
"""Channels of a brand that are no page the public reads."""


def given(value: Value) -> Value:
    """The value, or ABSENT when there is none."""
    return ABSENT if value is None else value


def since(now: int, instant: int | None) -> Value:
    """The time passed since an instant; ABSENT when there is none."""
    return ABSENT if instant is None else now - instant


def _of(read: Callable[[IncidentState], Value], calm: Value = ABSENT) -> Reader:
    return lambda scene: calm if scene.incident is None else read(scene.incident)


def _at(read: Callable[[IncidentState, Scene], Value], calm: Value = ABSENT) -> Reader:
    return lambda scene: calm if scene.incident is None else read(scene.incident, scene)


def _aged(read: Callable[[IncidentState], int | None]) -> Reader:
    return _at(lambda incident, scene: since(scene.now, read(incident)))


def pages_of(scene: Scene, incident: IncidentState) -> Iterator[PageState]:
    """The pages of the brand that the incident concerns."""
    return (page for page in scene.brand.pages.values() if incident.concerns(page.page))


def views_of(scene: Scene, incident: IncidentState) -> Iterator[tuple[PageState, View]]:
    """The incident as each concerned page lived it."""
    for page in pages_of(scene, incident):
        view = page.views.get(incident.incident)
        if view is not None:
            yield page, view


def _first(read: Callable[[View], int | None]) -> Reader:
    def reader(incident: IncidentState, scene: Scene) -> Value:
        found = [read(view) for _, view in views_of(scene, incident)]
        return min((instant for instant in found if instant is not None), default=ABSENT)

    return _at(reader)


def _any(read: Callable[[View], bool]) -> Reader:
    return _at(
        lambda incident, scene: any(read(view) for _, view in views_of(scene, incident)), False
    )


def _spoke(scene: Scene, incident: IncidentState) -> list[PageState]:
    return [p for p, view in views_of(scene, incident) if view.first_mention_at is not None]


def _only_disabled(incident: IncidentState, scene: Scene) -> Value:
    spoke = _spoke(scene, incident)
    if not spoke:
        return False
    platforms = [page.platform for page in spoke]
    if all(platform in incident.disabled_channels for platform in platforms if platform):
        return None if None in platforms else True
    return False


def _only_short(incident: IncidentState, scene: Scene) -> Value:
    spoke = _spoke(scene, incident)
    if not spoke:
        return False
    platforms = [page.platform for page in spoke]
    if all(platform in SHORT_PLATFORMS for platform in platforms if platform):
        return None if None in platforms else True
    return False


def waiting(incident: IncidentState, now: int) -> list[Information]:
    """Cleared facts that no page has published, oldest clearance first."""
    found = [
        fact
        for fact in incident.information.values()
        if fact.cleared_at is not None
        and fact.cleared_at <= now
        and fact.published_at is None
        and not fact.superseded
    ]
    return sorted(found, key=lambda fact: fact.cleared_at or 0)


def _information_due(incident: IncidentState, scene: Scene) -> Value:
    found = waiting(incident, scene.now)
    return given(found[0].cleared_at) if found else ABSENT


def _last_released(incident: IncidentState) -> int:
    return max(
        (fact.released_at for fact in incident.information.values()), default=incident.aware_at
    )


def _unseen(incident: IncidentState, scene: Scene) -> Value:
    community = scene.book.governance.community_roles
    unseen: list[int] = []
    for fact in incident.information.values():
        if fact.cleared_at is None or fact.superseded or not fact.seen_by:
            continue
        if any(role in fact.seen_by for role in community):
            continue
        unseen.append(max(min(fact.seen_by.values()), fact.cleared_at))
    return min(unseen, default=ABSENT)


def _divergent(incident: IncidentState, scene: Scene) -> Value:
    active = [(p, v) for p, v in views_of(scene, incident) if v.statuses and v.information]
    told = [(p, v) for p, v in views_of(scene, incident) if v.statuses]
    oldest: int | None = None
    for _, view in active:
        for name in view.information:
            fact = incident.information.get(name)
            if fact is None or fact.published_at is None or fact.superseded:
                continue
            lacking = any(name not in other.information for _, other in told)
            if lacking and (oldest is None or fact.published_at < oldest):
                oldest = fact.published_at
    return given(oldest)


def _contradictory(incident: IncidentState, scene: Scene) -> Value:
    states = {
        view.status_unresolved
        for _, view in views_of(scene, incident)
        if view.statuses and view.status_unresolved is not None
    }
    return len(states) > 1


def _owners(scene: Scene) -> Value:
    known = bool(scene.brand.shifts) or bool(scene.brand.owners)
    if not known and scene.book.governance.owner is None:
        return None
    return len(scene.brand.owners) == 1 or (
        not scene.brand.owners and scene.book.governance.owner is not None
    )


def _in_cell(incident: IncidentState, scene: Scene) -> Value:
    names = incident.records
    return any(f"cell.joined:{role}" in names for role in scene.book.governance.community_roles)


def _open_promise(incident: IncidentState, scene: Scene) -> Value:
    return any(
        view.redress_promised_at is not None and not view.redress_detailed
        for _, view in views_of(scene, incident)
    )


def has_record(incident: IncidentState, *names: str) -> bool:
    """Whether one of the records about the incident has one of these names."""
    return any(name in incident.records for name in names)


INCIDENT_READERS: Final[dict[str, Reader]] = {
    "incident.kind": _of(lambda i: i.kind),
    "incident.severity": _of(lambda i: i.severity),
    "incident.phase": _of(lambda i: i.phase or "investigating"),
    "incident.title": _of(lambda i: i.title),
    "incident.own": _of(lambda i: i.own),
    "incident.open": _of(lambda i: i.is_open, False),
    "incident.started_at": _of(lambda i: i.started_at),
    "incident.opened_at": _of(lambda i: i.opened_at),
    "incident.aware_at": _of(lambda i: i.aware_at),
    "incident.age": _at(lambda i, s: None if i.started_at is None else s.now - i.started_at),
    "incident.known_for": _aged(lambda i: i.aware_at),
    "incident.resolved": _of(lambda i: i.resolved_at is not None, False),
    "incident.resolved_at": _of(lambda i: given(i.resolved_at)),
    "incident.resolved_for": _aged(lambda i: i.resolved_at),
    "incident.recovered": _of(lambda i: i.fully_recovered_at is not None, False),
    "incident.partly_recovered": _of(
        lambda i: i.recovered_at is not None and i.fully_recovered_at is None, False
    ),
    "incident.recovered_at": _of(lambda i: given(i.recovered_at)),
    "incident.recovered_for": _aged(lambda i: i.recovered_at),
    "incident.fully_recovered_at": _of(lambda i: given(i.fully_recovered_at)),
    "incident.cause_confirmed": _of(lambda i: i.cause_confirmed, False),
    "incident.affected": _of(lambda i: i.affected),
    "incident.disabled_channels": _of(lambda i: i.disabled_channels, ()),
    "incident.only_on_disabled_channels": _at(_only_disabled, False),
    "incident.only_on_short_platforms": _at(_only_short, False),
    "incident.mentioned": _any(lambda view: view.first_mention_at is not None),
    "incident.first_mention_at": _first(lambda view: view.first_mention_at),
    "incident.has_status": _any(lambda view: view.statuses > 0),
    "incident.first_status_at": _first(lambda view: view.first_status_at),
    "incident.resolution_published": _any(lambda view: view.resolution_at is not None),
    "incident.resolution_at": _first(lambda view: view.resolution_at),
    "incident.explainer_published": _at(
        lambda i, s: (
            has_record(i, "explainer.published") or any(v.explainer for _, v in views_of(s, i))
        ),
        False,
    ),
    "incident.redress_promised_at": _first(lambda view: view.redress_promised_at),
    "incident.redress_detailed": _at(
        lambda i, s: (
            has_record(i, "redress.detailed") or any(v.redress_detailed for _, v in views_of(s, i))
        ),
        False,
    ),
    "incident.information_due_at": _at(_information_due),
    "incident.unpublished_information": _at(lambda i, s: len(waiting(i, s.now)), 0),
    "incident.information_for": _aged(_last_released),
    "incident.information_unseen_at": _at(_unseen),
    "incident.divergent_at": _at(_divergent),
    "incident.contradictory": _at(_contradictory, False),
    "incident.records": _of(lambda i: frozenset(i.records), frozenset()),
    "incident.embargo_ends_at": _of(lambda i: given(i.embargo_until)),
    "incident.embargo_named": _of(lambda i: i.embargo_named, False),
    "incident.embargoed": _at(
        lambda i, s: i.embargo_until is not None and s.now < i.embargo_until, False
    ),
    "incident.has_scenario": _at(lambda i, s: i.kind in s.book.governance.scenarios),
    "incident.has_owner": _at(lambda _, s: _owners(s)),
    "incident.cell_active_at": _of(lambda i: given(i.records.get("cell.activated"))),
    "incident.community_in_cell": _at(_in_cell, False),
    "incident.classified_at": _of(lambda i: given(i.records.get("incident.classified"))),
    "incident.risk_found_at": _of(lambda i: given(i.records.get("risk.found"))),
    "incident.material_at": _of(lambda i: given(i.records.get("materiality.determined"))),
    "incident.notified_at": _of(lambda i: given(i.records.get("authority.notified"))),
    "incident.intermediate_report_at": _of(lambda i: given(i.records.get("report.intermediate"))),
    "incident.review_scheduled": _of(
        lambda i: has_record(i, "review.scheduled", "review.held"), False
    ),
    "incident.pages_in_use": _at(lambda i, s: sum(1 for _ in pages_of(s, i)), 0),
    "incident.sign_off": _of(lambda i: has_record(i, "return.signed_off"), False),
    "incident.open_promise": _at(_open_promise, False),
}


def information_change(scene: Scene) -> int | None:
    """The next instant at which a fact that is cleared for later becomes cleared."""
    if scene.incident is None:
        return None
    later = [
        fact.cleared_at
        for fact in scene.incident.information.values()
        if fact.cleared_at is not None and fact.cleared_at > scene.now
    ]
    return min(later, default=None)


INCIDENT_CHANGES: Final[dict[str, Callable[[Scene], int | None]]] = {
    "incident.embargoed": lambda s: s.incident.embargo_until if s.incident else None,
    "incident.information_due_at": information_change,
    "incident.unpublished_information": information_change,
}
"""When facts change with time alone, other than by growing or shrinking."""
