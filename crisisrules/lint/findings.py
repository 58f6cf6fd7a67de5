"""From a rule that speaks against a text to a finding with a place."""

from __future__ import annotations

import hashlib
from typing import Final

from crisisrules.lint.asking import Spoken, evidence, sentence, severity, sources
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import Finding, Recommendation

HOLDING: Final = frozenset({"hold-item", "withdraw-post"})
LOOKING: Final = frozenset({"review-item", "review-post", "clear-item", "request-approval"})


def finding_of(
    spoken: Spoken,
    place: Place,
    *,
    end: Place | None = None,
    row: int | None = None,
    excerpt: str | None = None,
) -> Finding:
    """The finding of one rule at a place of a file."""
    rule, key = spoken.planned.rule, spoken.asked.key
    text = spoken.asked.scene.thread.text if spoken.asked.scene.thread else None
    return Finding(
        place=place,
        end=end,
        rule=rule.id,
        severity=severity(spoken),
        subject=(key.kind, key.id),
        action=rule.advice.action,
        message=sentence(spoken),
        because=rule.because,
        sources=sources(spoken),
        evidence=evidence(spoken),
        excerpt=excerpt,
        write=rule.advice.write,
        incident=key.incident or None,
        page=key.page or None,
        row=row,
        fingerprint=fingerprint(rule.id, key.page, text or key.id),
        unknown=spoken.unknown,
        preview=rule.status == "preview",
    )


def finding_of_page(source: str, told: Recommendation) -> Finding:
    """What a whole calendar lacks; it is not all that a brand says, so this is at most a warning."""
    return Finding(
        place=Place(source),
        rule=told.rule,
        severity="info" if told.severity == "info" else "warning",
        subject=told.subject,
        action=told.action,
        message=told.message,
        because=told.because,
        sources=told.sources,
        evidence=told.evidence,
        incident=told.incident,
        page=told.page,
        fingerprint=fingerprint(told.rule, "", told.incident or told.page or ""),
    )


def fingerprint(rule: str, page: str, text: str) -> str:
    """What names a finding in a baseline: rule, page and words, never row or time."""
    words = " ".join(text.split())
    return hashlib.sha256(
        "\0".join((rule, page, words)).encode("utf-8", "surrogatepass")
    ).hexdigest()[:16]


def verdict_of(findings: tuple[Finding, ...]) -> str:
    """``hold``, ``review`` or ``keep`` from what speaks against a text."""
    telling = [finding for finding in findings if not finding.preview]
    if any(f.action in HOLDING and not f.unknown for f in telling):
        return "hold"
    if any(f.severity == "critical" and not f.unknown and f.action not in LOOKING for f in telling):
        return "hold"
    if any(f.action in LOOKING or f.action in HOLDING or f.unknown for f in telling):
        return "review"
    return "keep"
