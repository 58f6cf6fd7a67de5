"""Findings as annotations of a GitHub workflow: commands on standard output, a line each."""

from __future__ import annotations

from typing import Final

from crisisrules.adapters.reports.checked import Checked, path_of
from crisisrules.adapters.reports.escaping import for_command_data, for_command_property
from crisisrules.adapters.reports.wording import said
from crisisrules.model.recommendation import Finding

_LEVELS: Final = {"critical": "error", "warning": "warning", "info": "notice"}


def check_github(report: Checked, language: str) -> str:
    """Workflow commands, worst first: only the first ten of each level are shown there."""
    ordered = sorted(report.findings, key=lambda finding: list(_LEVELS).index(finding.severity))
    return "".join(_annotation(finding, language) for finding in ordered)


def _annotation(finding: Finding, language: str) -> str:
    level = "notice" if finding.preview else _LEVELS[finding.severity]
    properties = {"file": path_of(finding.place.source), "line": finding.place.line or 1}
    if finding.place.column is not None:
        properties["col"] = finding.place.column
    if finding.end is not None and finding.end.line is not None:
        properties["endLine"] = finding.end.line
        if finding.end.column is not None and finding.end.line == finding.place.line:
            # there the end is the last column, here the one after it
            properties["endColumn"] = max(finding.end.column - 1, finding.place.column or 1)
    properties["title"] = finding.rule
    listed = ",".join(
        f"{name}={for_command_property(str(value))}" for name, value in properties.items()
    )
    message = said(finding.message, language)
    because = said(finding.because, language)
    return f"::{level} {listed}::{for_command_data(message + (chr(10) + because if because else ''))}\n"
