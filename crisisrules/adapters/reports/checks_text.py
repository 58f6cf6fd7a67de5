"""Findings of a calendar or a draft for people: a line each, or in full with the excerpt and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from crisisrules.adapters.reports.checked import (
    VERDICTS,
    Checked,
    item_place,
    item_time,
    whole_findings,
)
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.layout import Line, Piece, beside, width
from crisisrules.adapters.reports.phrases import kind_words, phrase
from crisisrules.adapters.reports.wording import counted, number, quoted, said, zone_of
from crisisrules.model.calendar import ALLOWANCE_FINDINGS
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import Finding, SourceRef
from crisisrules.model.reports import CheckReport, ItemVerdict

WIDTH: Final = 110

_STYLES: Final = {"critical": "stop", "warning": "late", "info": "do"}
_INDENT: Final = "    "
_BEFORE_CARET: Final = 40


def check_lines(
    report: Checked, language: str, *, full: bool = False, verdict: str = ""
) -> list[Line]:
    """A line for each finding, ``place: severity rule: message``; in full, with all that is known.

    ``verdict`` is what the caller makes of it, and stands last.
    """
    lines: list[Line] = []
    if isinstance(report, CheckReport):
        lines += _notes(report)
        for one in report.items:
            lines += _item(report, one, language, full=full)
        findings = whole_findings(report)
    else:
        findings = report.findings
    own = language if isinstance(report, CheckReport) else report.language or language
    for finding in findings:
        lines += _finding(finding, finding.place, "", language, full=full, write_in=own)
    if lines:
        lines.append([])
    lines.append([("", _summary(report, language)), ("dim", f"   {verdict}" if verdict else "")])
    return lines


def _notes(report: CheckReport) -> Iterator[Line]:
    for note in report.notes:
        if note.warning:
            place = for_terminal(str(note.place or Place(report.source)))
            yield [
                ("", f"{place}: "),
                ("late", "warning"),
                ("", f" {note.name}: {for_terminal(note.message)}"),
            ]


def _item(report: CheckReport, one: ItemVerdict, language: str, *, full: bool) -> Iterator[Line]:
    place = item_place(report, one)
    about = _about(report, one, language)
    spoken = f"{phrase(one.verdict, language)} {about}"
    for finding in one.findings:
        where = finding.place if finding.place.line else place
        yield from _finding(finding, where, spoken, language, full=full, write_in=language)
    if not one.findings and (full or one.verdict != "keep"):
        reason = for_terminal(said(one.reason, language))
        style = "done" if one.verdict == "keep" else "late"
        yield [
            ("", f"{for_terminal(str(place))}: "),
            (style, phrase(one.verdict, language)),
            ("", f" {kind_words(one.kind or 'unknown', language)}: {about}"),
            ("dim", f": {reason}" if reason else ""),
        ]


def _about(report: CheckReport, one: ItemVerdict, language: str) -> str:
    """Which item: its text, page and time."""
    item = one.item
    time = item_time(item, zone_of(report.timezone), language) or phrase("no-date", language)
    where = [item.page or "", time]
    text = quoted(item.text or item.title or item.item, language, longest=60)
    return for_terminal(f"{text} ({', '.join(word for word in where if word)})")


def _finding(
    finding: Finding, place: Place, about: str, language: str, *, full: bool, write_in: str
) -> Iterator[Line]:
    message = for_terminal(said(finding.message, language))
    mark = f" ({phrase('preview', language)})" if finding.preview else ""
    yield [
        ("", f"{for_terminal(str(place))}: "),
        (_STYLES.get(finding.severity, ""), finding.severity),
        ("rule", f" {finding.rule}{mark}"),
        ("", f": {about}: {message}" if about else f": {message}"),
    ]
    if full:
        yield from _excerpt(finding)
        yield from _advice(finding, language, write_in)


def _advice(finding: Finding, language: str, write_in: str) -> Iterator[Line]:
    rows: list[tuple[str, str]] = []
    if finding.write:
        rows.append(("write-instead", quoted(said(finding.write, write_in), write_in, longest=400)))
    rows.append(("because", said(finding.because, language)))
    sources = "; ".join(_source(source) for source in finding.sources)
    rows.append(("source", sources))
    if finding.rule not in ALLOWANCE_FINDINGS:
        # what is said of the calendar's own allowances is no rule that could be explained
        rows.append(("explain", finding.rule))
    for name, words in rows:
        if words:
            lead: list[Piece] = [("", _INDENT), ("dim", phrase(name, language) + " ")]
            yield from beside(lead, ("", for_terminal(words)), ("", ""), WIDTH)


def _source(source: SourceRef) -> str:
    # addresses are in the other formats and in `explain`; here they would drown the advice
    return ", ".join(part for part in (source.title, source.where) if part)


def _excerpt(finding: Finding) -> Iterator[Line]:
    """The line the finding is on, with a mark under the words where they are known."""
    text, column, end = finding.excerpt, finding.place.column, finding.end
    if not text:
        return
    if column is None or end is None or end.column is None or column > len(text):
        yield [("", _INDENT), ("quote", for_terminal(" ".join(text.split())[:WIDTH]))]
        return
    start = column - 1
    stop = end.column - 1 if end.line in (None, finding.place.line) else len(text)
    stop = max(start + 1, min(stop, len(text)))
    cut = max(0, start - _BEFORE_CARET) if width(text) > WIDTH else 0
    head = ("…" if cut else "") + for_terminal(text[cut:start])
    marked = for_terminal(text[start : min(stop, start + WIDTH)])
    room = max(0, WIDTH - width(head) - width(marked))
    tail = for_terminal(text[stop : stop + room]) + ("…" if len(text) > stop + room else "")
    yield [("", _INDENT + head), ("quote", marked), ("", tail)]
    yield [("", _INDENT + " " * width(head)), ("late", "^" * width(marked))]


def _summary(report: Checked, language: str) -> str:
    findings = counted(
        len(report.findings), phrase("finding", language), phrase("findings", language), language
    )
    if not isinstance(report, CheckReport):
        return findings if report.findings else phrase("no-findings", language)
    verdicts = Counter(one.verdict for one in report.items)
    posts = counted(
        len(report.items), phrase("post", language), phrase("posts", language), language
    )
    parts = [
        f"{number(verdicts[name], language)} {phrase(name, language)}"
        for name in VERDICTS
        if verdicts[name]
    ]
    read = "; ".join(for_terminal(note.message) for note in report.notes if not note.warning)
    return (f"{posts}: {', '.join(parts)}; {findings}" if parts else f"{posts}; {findings}") + (
        f".   {read}" if read else ""
    )
