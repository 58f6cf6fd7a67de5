"""A baseline: the findings a calendar had when the check was introduced, which are not told again.

The file is JSON, one finding a line, sorted, so that it can be kept beside the calendar and its
differences read: ``{"schema": 1, "findings": [{"fingerprint": "…", "rule": "…", "place": "…"}]}``.
Only the fingerprint counts; rule and place help the reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.jsonparts import parts_of, read_json
from crisisrules.model.recommendation import Finding

SCHEMA = 1


def baseline_text(findings: Iterable[Finding]) -> str:
    """The text of a baseline with these findings, each fingerprint once."""
    known = {
        finding.fingerprint: {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "place": str(finding.place),
        }
        for finding in findings
        if finding.fingerprint
    }
    ordered = sorted(known.values(), key=lambda entry: (entry["rule"], entry["fingerprint"]))
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in ordered)
    return f'{{"schema": {SCHEMA}, "findings": [\n{lines}\n]}}\n'


def read_baseline(path: str | Path) -> frozenset[str]:
    """The fingerprints of a baseline.

    Raises:
        InputError: the file cannot be read or is no baseline.
    """
    head = Head.of(Path(path))
    documents = parts_of(head, read_json(head))
    value = documents[0].value if len(documents) == 1 else None
    findings = value.get("findings") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(findings, list):
        raise fault(
            head.source, "not-a-baseline", "this is no baseline: the list `findings` is missing"
        )
    if value.get("schema") != SCHEMA:
        seen = json.dumps(value.get("schema"))[:20]
        raise fault(
            head.source, "baseline-schema", f"the baseline has schema `{seen}`; `{SCHEMA}` is read"
        )
    fingerprints: set[str] = set()
    for position, entry in enumerate(findings, start=1):
        found = entry.get("fingerprint") if isinstance(entry, dict) else None
        if not isinstance(found, str) or not found:
            raise fault(head.source, "not-a-baseline", f"finding {position} has no `fingerprint`")
        fingerprints.add(found)
    return frozenset(fingerprints)
