"""From a track to the recommendation that people and programs see."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from crisisrules.engine.asking import Asked
from crisisrules.engine.evidence import clock_evidence, evidence_of, fill, nouns
from crisisrules.engine.plan import PlannedRule
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import Shown, Track
from crisisrules.engine.subjects import Key
from crisisrules.model.durations import from_micros, to_micros
from crisisrules.model.recommendation import Evidence, Recommendation

_STATUS: Final = {
    "pending": "pending",
    "resolved": "resolved",
    "cancelled": "cancelled",
    "replaced": "replaced",
}
MOST_EVIDENCE: Final = 12


def show(asked: Asked, planned: PlannedRule, track: Track) -> Shown:
    """What is said at the opening: the sentence in each language, and the tests it rests on."""
    rule, scene = planned.rule, asked.scene
    special = {**nouns(scene), "due_at": track.due_at, "overdue_by": None}
    message = {
        language: fill(template, language, scene, special)
        for language, template in rule.advice.said_of(asked.key.kind).items()
    }
    found: list[Evidence] = []
    for column, clock in planned.clocks:
        value = None if column is None else asked.row[column]
        shown = clock_evidence(clock.of, value if isinstance(value, int) else None, scene)
        if shown is not None:
            found.append(shown)
    truth = asked.truth(planned.main)
    bound = asked.table.table.conditions[planned.main]
    found += evidence_of(asked.table.table, bound, asked.row, scene, truth)
    distinct = list({(one.fact, one.expected): one for one in found}.values())
    return Shown(
        message=message,
        evidence=[
            (one.fact, one.observed, one.expected, one.holds, one.words)
            for one in distinct[:MOST_EVIDENCE]
        ],
    )


def retold(kind: str, scene: Scene, planned: PlannedRule, due_at: datetime) -> dict[str, str]:
    """The sentence of a rule as it would be said now, with another deadline in it."""
    special = {**nouns(scene), "due_at": to_micros(due_at), "overdue_by": None}
    return {
        language: fill(template, language, scene, special)
        for language, template in planned.rule.advice.said_of(kind).items()
    }


def identity(rule: str, brand: str, key: Key) -> str:
    """The id of a recommendation: of rule, brand, incident and subject, never of the wording."""
    subject = (
        f"{key.kind}:{key.page}/{key.id}"
        if key.page and key.page != key.id
        else f"{key.kind}:{key.id}"
    )
    return f"{rule}/{brand}/{key.incident or '-'}/{subject}"


def recommendation(
    key: Key, scene: Scene, planned: PlannedRule, track: Track, kind: str, at: int
) -> Recommendation:
    """The recommendation as it stands after a transition of ``kind`` at ``at``."""
    rule = planned.rule
    status = _STATUS.get(kind) or ("replaced" if track.replaced_by else track.phase)
    closed = kind in ("resolved", "cancelled")
    shown = track.shown or Shown(message=dict(rule.advice.said_of(key.kind)), evidence=[])
    return Recommendation(
        id=identity(rule.id, scene.brand.brand, key),
        rule=rule.id,
        severity=track.severity,
        brand=scene.brand.brand,
        page=key.page or None,
        incident=key.incident or None,
        subject=(key.kind, key.id),
        status=status,
        action=rule.advice.action,
        title=rule.title,
        message=shown.message,
        because=rule.because,
        resolved_by=planned.resolved_by,
        sources=planned.sources,
        evidence=tuple(
            Evidence(
                fact=fact, observed=observed, expected=expected, holds=holds, words=tuple(words)
            )
            for fact, observed, expected, holds, words in shown.evidence
        ),
        opened_at=None
        if kind == "pending" or track.opened_at == 0
        else from_micros(track.opened_at),
        due_at=None if track.due_at is None else from_micros(track.due_at),
        overdue_at=None if track.overdue_at is None else from_micros(track.overdue_at),
        closed_at=from_micros(at) if closed else None,
        settled_by=track.settled_by if kind == "resolved" else None,
        episode=max(1, track.episode),
        preview=rule.status == "preview",
    )
