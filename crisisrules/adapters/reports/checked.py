"""What the reports of a calendar and of a draft have in common: cases with findings, in the file's order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import PureWindowsPath
from typing import Final, TypeAlias
from urllib.parse import quote

import attrs

from crisisrules.model.calendar import CalendarItem
from crisisrules.model.days import day, moment
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import CheckReport, DraftReport, ItemVerdict

Checked: TypeAlias = CheckReport | DraftReport

VERDICTS: Final = ("keep", "hold", "review")


@attrs.frozen
class Case:
    """One thing that was looked at: an item, the calendar as a whole, a draft."""

    name: str
    place: Place
    findings: tuple[Finding, ...]


def cases_of(report: Checked, language: str) -> tuple[Case, ...]:
    """What was looked at, each with its findings; a calendar as a whole only when it has any."""
    if isinstance(report, DraftReport):
        return (Case(report.source, Place(report.source), report.findings),)
    items = tuple(
        Case(item_name(one, language), item_place(report, one), one.findings)
        for one in report.items
    )
    rest = whole_findings(report)
    return (*items, Case(report.source, Place(report.source), rest)) if rest else items


def whole_findings(report: CheckReport) -> tuple[Finding, ...]:
    """The findings that are about no single item."""
    of_items = {id(finding) for one in report.items for finding in one.findings}
    told = [finding for one in report.items for finding in one.findings]
    return tuple(
        finding
        for finding in report.findings
        if id(finding) not in of_items and finding not in told
    )


def item_place(report: CheckReport, one: ItemVerdict) -> Place:
    """Where the item stands in its file."""
    return Place(report.source, one.item.line, one.item.column)


def item_time(item: CalendarItem, zone: tzinfo | None, language: str) -> str | None:
    """When an item goes out: the day and the hour, the day alone where the hour is not known."""
    if item.publish_at is None:
        return None
    if item.all_day:
        return day(item.publish_at, zone, language)
    return moment(item.publish_at, zone, language)


def item_name(one: ItemVerdict, language: str) -> str:
    """A name that tells items of one calendar apart: row, time and page."""
    item = one.item
    words = [f"row {item.row}"]
    time = item_time(item, None, language)
    words += [word for word in (time, item.sheet, item.page, item.account) if word]
    return " ".join(words)


def fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """One name for each finding that stays when rows move, and is never given twice."""
    seen: Counter[str] = Counter()
    for finding in findings:
        name = finding.fingerprint or _fingerprint(finding)
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def _fingerprint(finding: Finding) -> str:
    text = "\0".join((finding.rule, *finding.subject, " ".join((finding.excerpt or "").split())))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def path_of(source: str) -> str:
    """The path with forward slashes and without a leading ``./``."""
    path = PureWindowsPath(source).as_posix() if "\\" in source else source
    return path.removeprefix("./")


def uri_of(source: str) -> str:
    """The path as a URI reference: relative to the root of the repository where it is relative."""
    path = path_of(source)
    return ("file://" if path.startswith("/") else "") + quote(path.encode("utf-8", "replace"))
