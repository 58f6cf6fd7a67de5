"""The pytest plugin in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLAYBOOK = """\
name: ours
rules: [house]
"""
RULE = """\
id: page-without-line
title: {en: No line, fr: Pas de ligne}
severity: warning
about: page
when: {page.has_line: false}
recommend: {action: complete-playbook, say: {en: write one, fr: écrivez-en une}}
because: {en: People ask, fr: On la demande}
sources: [{title: us}]
"""
TEST = """\
rule: page-without-line
start: 2026-03-02T08:00:00+01:00
lines: [x]
given:
  - {at: +0m, type: page.described, page: p, platform: facebook}
  - {at: +0m, type: incident.opened, incident: i1, kind: outage, severity: major}
cases:
  - {name: none written, steps: [{at: +1m, then: {status: open}}]}
  - {name: one written, lines: [facebook], steps: [{at: +1m, then: EXPECTED}]}
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Named by hand, so that it does not matter whether the package is installed
    command = [sys.executable, "-m", "pytest", "-q", "-p", "crisisrules.ruletest.plugin"]
    root = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "PYTHONPATH": str(root),
    }
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\ncrisisrules_playbook = crisis.yaml\n")
    (tmp_path / "crisis.yaml").write_text(PLAYBOOK)
    (tmp_path / "house/page-without-line.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


def test_cases_are_tests_and_a_failure_shows_no_traceback(folder: Path) -> None:
    file = folder / "house/page-without-line.test.yaml"
    file.write_text(TEST.replace("EXPECTED", "{status: open}"))

    done = run(folder)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert "page-without-line.test.yaml:9:" in done.stdout
    assert "expected open, seen silent" in done.stdout
    assert "fails: page.has_line: seen yes, expected no" in done.stdout
    assert "Traceback" not in done.stdout

    file.write_text(TEST.replace("EXPECTED", "silent"))
    assert "2 passed" in run(folder, "house", "-k", "written").stdout


def test_a_file_that_is_no_rule_test_is_an_error_with_its_faults(folder: Path) -> None:
    (folder / "house/x.test.yaml").write_text("rule: page-without-lin\n")

    done = run(folder)

    assert done.returncode == 2
    assert "x.test.yaml:1:7: error unknown-rule" in done.stdout
    assert "did you mean `page-without-line`?" in done.stdout
    assert "Traceback" not in done.stdout
