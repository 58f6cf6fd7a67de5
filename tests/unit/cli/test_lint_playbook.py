"""`crisisrules lint-playbook`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crisisrules.cli import main

SOUND = "extends: base\ngovernance: {owner: lead, freeze_owner: lead, freeze_deputy: press}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "crisis.yaml"


def test_problems_are_told_with_what_they_mean(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{SOUND}disable: [{{rule: update-cadence-overdue, reason: quiet}}]\n")
    assert main(["lint-playbook", "crisis.yaml", "--platform", "x", "--lang", "fr"]) == 1
    out = capsys.readouterr().out
    assert "crisis.yaml:3:18: warning switched-off: `update-cadence-overdue` is" in out
    assert (
        "crisis.yaml:2:1: warning platform-without-line: `x` is in use and has no crisis line"
        in out
    )
    assert "switched-off: une règle est désactivée sans fin" in out
    assert out.count("; rules/checks/switched-off.md\n") == 1


def test_what_was_found_can_be_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "switched-off", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "Donnez-lui une fin avec `until`" in out
    assert "rules/checks/switched-off.md" in out


def test_scripts_get_json_and_may_look_at_the_problems_themselves(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(SOUND)
    arguments = ["lint-playbook", "crisis.yaml", "--platform", "x", "--format", "json"]
    assert main([*arguments, "--fail-on", "critical"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    named = [problem for problem in found["problems"] if problem["name"] == "platform-without-line"]
    assert [(one["source"], one["line"], one["column"]) for one in named] == [("crisis.yaml", 2, 1)]


def test_a_playbook_that_does_not_load_is_not_linted(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("extends: base\nlines: [facebok]\n")
    assert main(["lint-playbook", "crisis.yaml"]) == 2
    assert capsys.readouterr().err.startswith("crisis.yaml:2:9: error unknown-value: `facebok`")
