"""How facts about the brand and its playbook read, and the table of all readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from crisisrules.engine.facts_incident import INCIDENT_CHANGES, INCIDENT_READERS, Reader, given
from crisisrules.engine.facts_page import (
    IN_USE,
    PAGE_CHANGES,
    PAGE_READERS,
    cover_end,
    shift_change,
)
from crisisrules.engine.facts_post import POST_READERS, SUBJECT_READERS
from crisisrules.engine.questions import QUESTION_CHANGES, QUESTION_READERS
from crisisrules.engine.scene import Scene
from crisisrules.engine.values import ABSENT, Value
from crisisrules.model.durations import HOUR, to_micros
from crisisrules.model.vocabulary import INCIDENT_KINDS

ROSTER_AHEAD: Final = 48 * HOUR
"""How far ahead the roster must be without a hole."""


def _gap_in(scene: Scene) -> Value:
    if not scene.brand.shifts:
        return None
    end = cover_end(_whole(scene))
    if end is None:
        return 0
    left = end - scene.now
    return left if left < ROSTER_AHEAD else ABSENT


def _whole(scene: Scene) -> Scene:
    return Scene(brand=scene.brand, book=scene.book, now=scene.now)


def _gap_change(scene: Scene) -> int | None:
    instants = [instant for instant in (shift_change(scene),) if instant is not None]
    end = cover_end(_whole(scene))
    if end is not None and end - ROSTER_AHEAD + 1 > scene.now:
        instants.append(end - ROSTER_AHEAD + 1)
    return min(instants, default=None)


def _longest_shift(scene: Scene) -> Value:
    lengths = [shift.end - shift.start for shift in scene.brand.shifts if shift.end is not None]
    return max(lengths, default=ABSENT)


def _reachable(scene: Scene) -> Value:
    chains = scene.book.governance.approval_chains.values()
    if not chains or not scene.brand.shifts:
        return None
    on_duty = {
        shift.role
        for shift in scene.brand.shifts
        if shift.start <= scene.now + 1 and (shift.end is None or shift.end > scene.now)
    }
    return all(
        step.role in on_duty or (step.deputy is not None and step.deputy in on_duty)
        for chain in chains
        for step in chain
    )


def _lines_missing(scene: Scene) -> Value:
    lines = scene.book.governance.lines
    used = {
        page.platform
        for page in scene.brand.pages.values()
        if page.platform is not None
        and page.last_published_at is not None
        and scene.now - page.last_published_at <= IN_USE
    }
    return any(platform not in lines for platform in used)


def _in_use_change(scene: Scene) -> int | None:
    """When the next page falls out of use."""
    published = [page.last_published_at for page in scene.brand.pages.values()]
    ends = [at + IN_USE + 1 for at in published if at is not None]
    return min((end for end in ends if end > scene.now), default=None)


def _age(read: Callable[[Scene], datetime | None]) -> Reader:
    def reader(scene: Scene) -> Value:
        at = read(scene)
        return None if at is None else scene.now - to_micros(at)

    return reader


def _chain_time(name: str) -> Reader:
    def reader(scene: Scene) -> Value:
        chain = scene.book.governance.approval_chains.get(name)
        if not chain:
            return ABSENT
        times = [step.within for step in chain]
        if any(time is None for time in times):
            return None
        return sum(time for time in times if time is not None)

    return reader


BRAND_READERS: Final[dict[str, Reader]] = {
    "brand.open_incidents": lambda s: sum(1 for i in s.brand.incidents.values() if i.is_open),
    "brand.pages": lambda s: len(s.brand.pages),
    "brand.owners": lambda s: len(s.brand.owners) if s.brand.shifts or s.brand.owners else None,
    "brand.owner_is_technical": lambda s: any(s.brand.owners.values()),
    "brand.roster_gap_in": _gap_in,
    "brand.longest_shift": _longest_shift,
    "brand.handover_missing_at": lambda s: given(s.brand.handover_missing_at),
    "brand.approver_reachable": _reachable,
    "brand.records": lambda s: frozenset(s.brand.records),
    "brand.roster_known": lambda s: bool(s.brand.shifts),
    "playbook.declared": lambda s: s.book.governance.declared,
    "playbook.lines_missing": _lines_missing,
    "playbook.scenarios_missing": lambda s: any(
        kind not in s.book.governance.scenarios for kind in INCIDENT_KINDS if kind != "other"
    ),
    "playbook.exercise_age": _age(lambda s: s.book.governance.last_exercise_at),
    "playbook.contacts_age": _age(lambda s: s.book.governance.contacts_checked_at),
    "playbook.chain_time_holding": _chain_time("holding"),
    "playbook.chain_time_update": _chain_time("update"),
    "playbook.has_chain": lambda s: bool(s.book.governance.approval_chains),
    "playbook.regimes": lambda s: s.book.governance.regimes,
}

READERS: Final[dict[str, Reader]] = {
    **INCIDENT_READERS,
    **PAGE_READERS,
    **QUESTION_READERS,
    **POST_READERS,
    **SUBJECT_READERS,
    **BRAND_READERS,
}
"""How each fact of the catalogue is read; a test holds the two equal."""

CHANGES: Final[dict[str, Callable[[Scene], int | None]]] = {
    **INCIDENT_CHANGES,
    **PAGE_CHANGES,
    **QUESTION_CHANGES,
    "post.news_since": INCIDENT_CHANGES["incident.information_due_at"],
    "brand.approver_reachable": shift_change,
    "brand.roster_gap_in": _gap_change,
    "playbook.lines_missing": _in_use_change,
}
"""Facts that time changes other than by growing or shrinking, with the next instant they may."""
