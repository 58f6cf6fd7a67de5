"""A checked calendar or draft as JUnit XML: the file is the suite, each item a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from xml.etree import ElementTree as Xml

from crisisrules.adapters.reports.checked import Checked, cases_of, path_of
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.wording import said
from crisisrules.model.recommendation import Finding


def check_junit(report: Checked, language: str, at: datetime | None = None) -> str:
    """Each test with its findings as one failure; infos are its output, for they fail nothing."""
    cases = cases_of(report, language)
    failed = sum(any(map(_fails, case.findings)) for case in cases)
    counts = {
        "name": for_terminal(report.source),
        "tests": str(len(cases)),
        "failures": str(failed),
        "errors": "0",
        "skipped": "0",
        "time": "0",
    }
    root = Xml.Element("testsuites", {**counts, "name": "crisisrules"})
    stamp = {} if at is None else {"timestamp": at.isoformat(timespec="seconds")}
    suite = Xml.SubElement(root, "testsuite", {**counts, **stamp})
    for case in cases:
        attributes = {
            "name": for_terminal(case.name),
            "classname": for_terminal(
                path_of(report.source).removesuffix(PurePath(report.source).suffix)
            ),
            "file": for_terminal(path_of(report.source)),
            "time": "0",
        }
        if case.place.line is not None:
            attributes["line"] = str(case.place.line)
        test = Xml.SubElement(suite, "testcase", attributes)
        failing = [finding for finding in case.findings if _fails(finding)]
        if failing:
            texts = _sentences(failing, language)
            kind = ", ".join(dict.fromkeys(finding.rule for finding in failing))
            Xml.SubElement(test, "failure", message=texts[0], type=kind).text = "\n".join(texts)
        others = _sentences([finding for finding in case.findings if not _fails(finding)], language)
        if others:
            Xml.SubElement(test, "system-out").text = "\n".join(others)
    Xml.indent(root)
    document: str = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _fails(finding: Finding) -> bool:
    return finding.severity != "info" and not finding.preview


def _sentences(findings: Sequence[Finding], language: str) -> list[str]:
    return [
        for_terminal(
            f"{finding.place}: {finding.severity} {finding.rule}: {said(finding.message, language)}"
        )
        for finding in findings
    ]
