"""Exceptions: what a person decided may go out, with a reason and an end."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.lint.findings import fingerprint, verdict_of
from crisisrules.model.calendar import ALLOWANCE_FINDINGS, Allowance, CalendarItem
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


class Exceptions:
    """The allowances of a calendar, and which of them its items needed.

    An allowance with an end holds for what goes out before it.
    """

    def __init__(self, allowances: tuple[Allowance, ...], as_of: datetime | None) -> None:
        self._allowances = allowances
        self._as_of = as_of
        self._used: set[int] = set()
        self._expired: set[int] = set()

    def apply(self, verdict: ItemVerdict) -> ItemVerdict:
        """An item without the findings that somebody allowed."""
        if not self._allowances:
            return verdict
        left: list[Finding] = []
        reasons: list[str] = []
        for finding in verdict.findings:
            reason = self._reason(verdict.item, finding)
            if reason is None:
                left.append(finding)
            else:
                reasons.append(reason)
        if not reasons:
            return verdict
        found = tuple(left)
        after = verdict_of(found)
        said = {language: text.format(reason=reasons[0]) for language, text in _ALLOWED.items()}
        return attrs.evolve(
            verdict,
            findings=found,
            verdict=after,
            reason=said if after == "keep" else found[0].message,
        )

    def _reason(self, item: CalendarItem, finding: Finding) -> str | None:
        reason = None
        for number, allowance in enumerate(self._allowances):
            if not _meant(allowance, item, finding):
                continue
            if _over(allowance, item, self._as_of):
                self._expired.add(number)
                continue
            self._used.add(number)
            reason = allowance.reason
        return reason

    def findings(self) -> tuple[Finding, ...]:
        """Once every item was asked: the allowances that are unused or over."""
        return tuple(
            _finding(allowance, number in self._expired)
            for number, allowance in enumerate(self._allowances)
            if number not in self._used
        )


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
        rule=ALLOWANCE_FINDINGS[expired],
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
