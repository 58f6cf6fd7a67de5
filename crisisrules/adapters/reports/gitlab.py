"""Findings as a GitLab code quality report."""

from __future__ import annotations

from typing import Final

from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.checked import Checked, fingerprints, path_of
from crisisrules.adapters.reports.wording import said

_LEVELS: Final = {"critical": "critical", "warning": "minor", "info": "info"}


def check_gitlab(report: Checked, language: str) -> str:
    """A GitLab code quality report; an empty list when there is nothing, which closes what was there."""
    return plain.document(
        [
            {
                "description": said(finding.message, language) or finding.rule,
                "check_name": finding.rule,
                "fingerprint": name,
                "severity": "info" if finding.preview else _LEVELS[finding.severity],
                "location": {
                    "path": path_of(finding.place.source),
                    "lines": {"begin": finding.place.line or 1},
                },
            }
            for finding, name in zip(report.findings, fingerprints(report.findings), strict=True)
        ]
    )
