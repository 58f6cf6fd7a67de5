"""What the playbook says: a recommendation, how it changed, the actions open now, and findings in files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from crisisrules.model.errors import Place


@attrs.frozen(kw_only=True)
class Evidence:
    """One fact a recommendation rests on: what was observed, what was expected, and the words seen."""

    fact: str
    observed: str
    expected: str
    holds: bool | None = None
    words: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class SourceRef:
    """Who says so."""

    title: str
    url: str | None = None
    where: str | None = None


@attrs.frozen(kw_only=True)
class Recommendation:
    """One rule speaking about one subject in one incident.

    Attributes:
        id: of rule, brand, incident and subject; the wording is no part of it.
        episode: counts from 1 how often this id opened.
        severity: as it stands now, ``info``, ``warning`` or ``critical``.
        subject: one pair such as ``("post", "p1")``.
        status: ``pending``, ``open``, ``overdue``, ``resolved``, ``cancelled`` or ``replaced``.
        due_at: the earliest deadline; ``overdue_at`` when it passed unmet.
        message, because, title, resolved_by: the same sentence by language.
        settled_by: what settled it, such as ``post p2``; None while open or when it was cancelled.
        preview: the rule is in shadow mode and never decides an exit code.
    """

    id: str
    rule: str
    severity: str
    brand: str
    page: str | None
    incident: str | None
    subject: tuple[str, str]
    status: str
    action: str
    title: Mapping[str, str]
    message: Mapping[str, str]
    because: Mapping[str, str]
    resolved_by: Mapping[str, str]
    sources: tuple[SourceRef, ...]
    evidence: tuple[Evidence, ...]
    opened_at: datetime | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    closed_at: datetime | None = None
    settled_by: str | None = None
    episode: int = 1
    preview: bool = False


@attrs.frozen(kw_only=True)
class Change:
    """One transition of one recommendation, at the instant it became true.

    ``kind`` is ``pending``, ``opened``, ``reminded``, ``overdue``, ``escalated``, ``moved`` (its deadline),
    ``resolved``, ``cancelled``, ``replaced`` or ``returned`` (what replaced it fell silent).
    """

    at: datetime
    kind: str
    recommendation: Recommendation


@attrs.frozen(kw_only=True)
class Action:
    """What a person should do now, and every open recommendation that asks for it."""

    action: str
    severity: str
    brand: str
    page: str | None
    subject: tuple[str, str]
    due_at: datetime | None
    overdue: bool
    message: Mapping[str, str]
    recommendations: tuple[Recommendation, ...]


@attrs.frozen(kw_only=True)
class Finding:
    """A recommendation with a place in a file: of an item, a draft or a playbook."""

    place: Place
    end: Place | None = None
    rule: str
    severity: str
    subject: tuple[str, str]
    action: str
    message: Mapping[str, str]
    because: Mapping[str, str]
    sources: tuple[SourceRef, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    excerpt: str | None = None
    write: Mapping[str, str] | None = None
    incident: str | None = None
    page: str | None = None
    row: int | None = None
    fingerprint: str = ""
    unknown: bool = False
    preview: bool = False


@attrs.frozen(kw_only=True)
class Decision:
    """Whether a text may go out now: ``publish``, ``hold`` or ``review``, why, and what would settle it."""

    verdict: str
    findings: tuple[Finding, ...]
    would_resolve: tuple[Recommendation, ...]
