"""Findings of a calendar or a draft on standard output, in any of their formats, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crisisrules import __version__
from crisisrules.adapters.reports.checked import Checked
from crisisrules.cli.options import fails, painter, write
from crisisrules.model.recommendation import Finding
from crisisrules.playbook.playbook import Playbook

FORMATS: Final = ("text", "full", "json", "jsonl", "markdown", "sarif", "github", "gitlab", "junit")


def exit_code(findings: Iterable[Finding], fail_on: str) -> int:
    """1 when a finding that counts is at or above the severity; rules in preview never count."""
    return int(any(fails(one.severity, fail_on) for one in findings if not one.preview))


def write_report(
    report: Checked, format_: str, language: str, color: str, playbook: Playbook, code: int
) -> None:
    """Put a report on standard output."""
    if format_ in ("text", "full"):
        from crisisrules.adapters.reports.checks_text import check_lines
        from crisisrules.adapters.reports.layout import written

        lines = check_lines(report, language, full=format_ == "full", verdict=f"exit {code}")
        write(written(lines, painter(color)))
    elif format_ == "json":
        from crisisrules.adapters.reports.checks import check_json

        write(check_json(report, language))
    elif format_ == "jsonl":
        from crisisrules.adapters.reports.checks import check_jsonl

        for line in check_jsonl(report, language):
            write(line)
    elif format_ == "markdown":
        from crisisrules.adapters.reports.checks import check_markdown

        write(check_markdown(report, language))
    elif format_ == "sarif":
        from crisisrules.adapters.reports.sarif import check_sarif

        titles = {rule.id: rule.title for rule in playbook.rules}
        write(check_sarif(report, language, __version__, titles))
    elif format_ == "github":
        from crisisrules.adapters.reports.github import check_github

        write(check_github(report, language))
    elif format_ == "gitlab":
        from crisisrules.adapters.reports.gitlab import check_gitlab

        write(check_gitlab(report, language))
    else:
        from crisisrules.adapters.reports.junit import check_junit

        write(check_junit(report, language))
