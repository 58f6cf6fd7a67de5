"""A checked calendar or draft as SARIF 2.1.0, in the form that code scanning asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.checked import Checked, fingerprints, uri_of
from crisisrules.adapters.reports.wording import said
from crisisrules.model.recommendation import Finding

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS: Final = {"critical": "error", "warning": "warning", "info": "note"}


def check_sarif(
    report: Checked, language: str, version: str, titles: Mapping[str, Mapping[str, str]]
) -> str:
    """SARIF 2.1.0 as code scanning reads it. ``titles`` are those of the rules, by id."""
    rules = list(dict.fromkeys(finding.rule for finding in report.findings))
    first = {finding.rule: finding for finding in reversed(report.findings)}
    driver: plain.Object = {
        "name": "crisisrules",
        "semanticVersion": version,
        "rules": [_rule(first[rule], titles.get(rule, {}), language) for rule in rules],
    }
    results = [
        _result(finding, rules.index(finding.rule), name, language)
        for finding, name in zip(report.findings, fingerprints(report.findings), strict=True)
    ]
    run: plain.Object = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"crisisrules/{uri_of(report.source)}/"},
        "results": results,
    }
    return plain.document({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(finding: Finding, title: Mapping[str, str], language: str) -> plain.Object:
    words = finding.rule.replace("-", " ")
    sources = "; ".join(source.title for source in finding.sources)
    because = said(finding.because, language) or words
    return {
        "id": finding.rule,
        "name": "".join(word.capitalize() for word in finding.rule.split("-")),
        "shortDescription": {"text": said(title, language) or words},
        "fullDescription": {"text": because},
        "help": {"text": f"{because} ({sources})" if sources else because},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _result(finding: Finding, index: int, fingerprint: str, language: str) -> plain.Object:
    region: plain.Object = {"startLine": finding.place.line or 1}
    if finding.place.line is not None and finding.place.column is not None:
        region["startColumn"] = finding.place.column
    if finding.end is not None and finding.end.line is not None:
        region["endLine"] = finding.end.line
        if finding.end.column is not None:
            region["endColumn"] = finding.end.column
    location: plain.Object = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri_of(finding.place.source)},
            "region": region,
        }
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "note" if finding.preview else _LEVELS[finding.severity],
        "message": {"text": _plain(said(finding.message, language) or finding.rule)},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
        "properties": {"row": finding.row, "page": finding.page, "preview": finding.preview},
    }


def _plain(text: str) -> str:
    # in a message, brackets around words make a link
    return text.replace("[", "\\[").replace("]", "\\]")
