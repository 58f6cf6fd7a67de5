"""Exceptions: what a person decided may go out, with a reason and an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import attrs

from crisisrules.lint.findings import fingerprint, verdict_of
from crisisrules.model.calendar import Allowance, CalendarItem
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import ItemVerdict

_UNUSED: Final = {
    "en": "the allowance of `{rule}` ({reason}) was not needed; take it out",
    "fr": "la dérogation à `{rule}` ({reason}) n'a pas servi ; retirez-la",
}
_EXPIRED: Final = {
    "en": "the allowance of `{rule}` ({reason}) ended at {until}; decide again",
    "fr": "la dérogation à `{rule}` ({reason}) a pris fin le {until} ; décidez à nouveau",
}
_BECAUSE: Final = {
    "en": "an exception that nobody looks at becomes the rule",
    "fr": "une exception que personne ne revoit devient la règle",
}
_ALLOWED: Final = {"en": "allowed: {reason}", "fr": "autorisée : {reason}"}


@attrs.frozen(kw_only=True)
class Allowed:
    """Items after their allowances, and what is to be said of the allowances themselves."""

    items: tuple[ItemVerdict, ...]
    findings: tuple[Finding, ...]


def allow(
    items: Sequence[ItemVerdict],
    allowances: tuple[Allowance, ...],
    as_of: datetime | None,
) -> Allowed:
    """Take out the findings that somebody allowed; report allowances that are unused or over.

    An allowance with an end holds for what goes out before it.
    """
    used: set[int] = set()
    expired: set[int] = set()
    kept: list[ItemVerdict] = []
    for verdict in items:
        left: list[Finding] = []
        reasons: list[str] = []
        for finding in verdict.findings:
            reason = None
            for number, allowance in enumerate(allowances):
                if not _meant(allowance, verdict.item, finding):
                    continue
                if _over(allowance, verdict.item, as_of):
                    expired.add(number)
                    continue
                used.add(number)
                reason = allowance.reason
            if reason is None:
                left.append(finding)
            else:
                reasons.append(reason)
        if reasons:
            found = tuple(left)
            reason_by = {
                language: said.format(reason=reasons[0]) for language, said in _ALLOWED.items()
            }
            after = verdict_of(found)
            verdict = attrs.evolve(
                verdict,
                findings=found,
                verdict=after,
                reason=reason_by if after == "keep" else found[0].message,
            )
        kept.append(verdict)
    findings = [
        _finding(allowance, number in expired)
        for number, allowance in enumerate(allowances)
        if number not in used
    ]
    return Allowed(items=tuple(kept), findings=tuple(findings))


def _meant(allowance: Allowance, item: CalendarItem, finding: Finding) -> bool:
    text = allowance.text
    return (
        allowance.rule == finding.rule
        and allowance.item in (None, item.item)
        and allowance.row in (None, item.row)
        and allowance.page in (None, item.page, item.account)
        and (text is None or text.casefold() in (item.text or "").casefold())
    )


def _over(allowance: Allowance, item: CalendarItem, as_of: datetime | None) -> bool:
    at = item.publish_at or as_of
    return at is not None and at >= allowance.until


def _finding(allowance: Allowance, expired: bool) -> Finding:
    said = _EXPIRED if expired else _UNUSED
    until, rule = allowance.until.isoformat(), allowance.rule
    return Finding(
        place=allowance.place,
        rule="allowance-expired" if expired else "allowance-unused",
        severity="warning" if expired else "info",
        subject=("item", allowance.item or str(allowance.row or "*")),
        action="review-item",
        message={
            language: text.format(rule=rule, reason=allowance.reason, until=until)
            for language, text in said.items()
        },
        because=_BECAUSE,
        row=allowance.row,
        fingerprint=fingerprint("allowance", rule, allowance.reason),
    )
