"""A checked calendar or draft as JSON, JSON lines and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.checked import VERDICTS, Checked, item_time, whole_findings
from crisisrules.adapters.reports.escaping import for_markdown
from crisisrules.adapters.reports.markdown import code, heading, table
from crisisrules.adapters.reports.phrases import phrase
from crisisrules.adapters.reports.wording import quoted, said, zone_of
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import CheckReport, ItemVerdict
from crisisrules.model.vocabulary import RULE_SEVERITIES


def check_json(report: Checked, language: str) -> str:
    """Everything as one JSON document."""
    found: plain.Object = {"schema": plain.SCHEMA}
    if isinstance(report, CheckReport):
        found["items"] = [_item_object(one, language) for one in report.items]
    own = None if isinstance(report, CheckReport) else report.language
    found["findings"] = [plain.finding(one, language, own) for one in report.findings]
    found["summary"] = _summary_object(report)
    if isinstance(report, CheckReport):
        found |= {
            "source": report.source,
            "format": report.format,
            "timezone": report.timezone,
            "as_of": plain.instant(report.as_of),
            "notes": [
                {
                    "name": note.name,
                    "message": note.message,
                    "place": plain.place(note.place),
                    "warning": note.warning,
                }
                for note in report.notes
            ],
        }
    else:
        found |= {"source": report.source, "language": report.language, "incident": report.incident}
    return plain.document(found)


def check_jsonl(report: Checked, language: str) -> Iterator[str]:
    """Each item of a calendar, then each finding that is about none, as a JSON object on its own line."""
    if isinstance(report, CheckReport):
        yield from (item_line(one, language) for one in report.items)
        rest, own = whole_findings(report), None
    else:
        rest, own = report.findings, report.language
    yield from (finding_line(finding, language, own) for finding in rest)


def item_line(one: ItemVerdict, language: str) -> str:
    """One item of a calendar as a line of JSON."""
    return plain.line({"schema": plain.SCHEMA, "item": _item_object(one, language)})


def finding_line(finding: Finding, language: str, own: str | None = None) -> str:
    """One finding as a line of JSON; ``own`` is the language of the text that it is about."""
    return plain.line({"schema": plain.SCHEMA, "finding": plain.finding(finding, language, own)})


def _item_object(one: ItemVerdict, language: str) -> plain.Object:
    item = one.item
    return {
        "row": item.row,
        "line": item.line,
        "page": item.page,
        "publish_at": plain.instant(item.publish_at),
        "all_day": item.all_day,
        "kind": one.kind,
        "verdict": one.verdict,
        "findings": [plain.finding(finding, language) for finding in one.findings],
        "item": item.item,
        "sheet": item.sheet,
        "account": item.account,
        "surface": item.surface,
        "state": item.state,
        "text": item.text,
        "reason": said(one.reason, language),
        "words": list(one.words),
    }


def _summary_object(report: Checked) -> plain.Object:
    by_severity = Counter(finding.severity for finding in report.findings)
    found: plain.Object = {"findings": len(report.findings)}
    found |= {severity: by_severity[severity] for severity in RULE_SEVERITIES}
    if isinstance(report, CheckReport):
        verdicts = Counter(one.verdict for one in report.items)
        found |= {"items": len(report.items)} | {name: verdicts[name] for name in VERDICTS}
    return found


def check_markdown(report: Checked, language: str) -> str:
    """Tables of what to hold and to look at, and of the findings."""

    def say(name: str) -> str:
        return phrase(name, language)

    parts = [heading(1, for_markdown(report.source))]
    if isinstance(report, CheckReport):
        zone = zone_of(report.timezone)
        rows = [
            [
                str(one.item.row),
                for_markdown(item_time(one.item, zone, language) or say("no-date")),
                for_markdown(one.item.page or ""),
                f"**{say(one.verdict)}**",
                for_markdown(quoted(one.item.text or one.item.title or "", language)),
                for_markdown(said(one.reason, language)),
            ]
            for one in report.items
            if one.verdict != "keep"
        ]
        counts = Counter(one.verdict for one in report.items)
        parts.append(", ".join(f"{counts[name]} {say(name)}" for name in VERDICTS) + "\n\n")
        names = ("rows", "when", "page", "verdict", "text", "why")
        parts.append(table([say(name) for name in names], rows))
    findings = [
        [
            for_markdown(str(finding.place)),
            say(finding.severity),
            code(finding.rule),
            for_markdown(said(finding.message, language)),
        ]
        for finding in report.findings
    ]
    head = [say(name) for name in ("where", "severity", "rule", "message")]
    parts.append(table(head, findings) or say("no-findings") + "\n")
    return "".join(parts)
