"""The commands for those who write a playbook: `test` and `pages`."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from crisisrules.cli import main

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
"""
SILENT = "  - {name: one written, lines: [facebook], steps: [{at: +1m, then: silent}]}\n"
WRONG = SILENT.replace("silent}", "{status: open}}").replace("one written", "wrong <case>")


@pytest.fixture
def playbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "house").mkdir()
    (tmp_path / "crisis.yaml").write_text(PLAYBOOK)
    (tmp_path / "house/page-without-line.yaml").write_text(RULE, encoding="utf-8")
    (tmp_path / "house/page-without-line.test.yaml").write_text(TEST + SILENT)
    monkeypatch.chdir(tmp_path)
    return "crisis.yaml"


def append(text: str) -> None:
    with Path("house/page-without-line.test.yaml").open("a") as file:
        file.write(text)


def test_passing_rule_tests_exit_0(playbook: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--playbook", playbook, "--coverage", "--fail-under", "100"]) == 0
    assert capsys.readouterr().out == (
        "1 rule tests, 2 cases passed, 0 failed, 2 of 2 outcomes of conditions reached (100.0%)\n"
    )


def test_a_failing_case_exits_1_and_shows_what_decided(
    playbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    append(WRONG)
    assert main(["test", "house", "--playbook", playbook]) == 1
    out = capsys.readouterr().out
    assert "house/page-without-line.test.yaml:10:" in out
    assert "fails: page.has_line: seen yes, expected no" in out
    assert out.endswith("1 rule tests, 2 cases passed, 1 failed\n")


def test_low_coverage_exits_1_only_when_asked(
    playbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("house/page-without-line.test.yaml").write_text(TEST)
    assert main(["test", "--playbook", playbook, "--coverage"]) == 0
    assert main(["test", "--playbook", playbook, "--fail-under", "60"]) == 1
    assert "no case makes `when: page.has_line false` false" in capsys.readouterr().out


def test_json_and_junit_hold_the_same_cases(
    playbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    append(WRONG)
    assert main(["test", "--playbook", playbook, "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert main(["test", "--playbook", playbook, "--format", "junit"]) == 1
    root = Xml.fromstring(capsys.readouterr().out)  # noqa: S314 - written a line above

    assert report["schema"] == 1
    assert [case["passed"] for case in report["cases"]] == [True, True, False]
    assert report["cases"][2]["failures"][0]["differences"] == ["expected open, seen silent"]
    cases = root.findall(".//testcase")
    assert [case.get("name") for case in cases] == [case["case"] for case in report["cases"]]
    assert [case.find("failure") is not None for case in cases] == [False, False, True]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["test", "none"], "none: error missing-file"),
        (["test", "empty"], "empty: error no-tests"),
        (["test", "crisis.yaml"], "crisis.yaml:1:1: error"),
    ],
)
def test_what_cannot_be_run_exits_2(
    playbook: str, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    Path("empty").mkdir()
    assert main([*arguments, "--playbook", playbook]) == 2
    seen = capsys.readouterr()
    assert expected in seen.err + seen.out
    assert "Traceback" not in seen.err


def test_pages_are_written_once_and_then_current(
    playbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pages", "--playbook", playbook, "--check"]) == 1
    assert "house/page-without-line.md: missing" in capsys.readouterr().out
    assert not Path("house/page-without-line.md").exists()

    assert main(["pages", "--playbook", playbook]) == 0
    assert "- one written" in Path("house/page-without-line.md").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["pages", "--playbook", playbook, "--check"]) == 0
    assert capsys.readouterr().out == "8 pages, 0 not current\n"


def test_a_page_goes_with_its_rule_and_a_person_s_page_stays(
    playbook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["pages", "--playbook", playbook])
    page = Path("house/page-without-line.md")
    Path("house/gone.md").write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    Path("house/notes.md").write_text("ours")

    assert main(["pages", "--playbook", playbook]) == 0

    assert "house/gone.md: of no rule any more" in capsys.readouterr().out
    assert not Path("house/gone.md").exists()
    assert Path("house/notes.md").read_text() == "ours"


def test_pages_of_a_playbook_that_extends_base_have_the_cases_of_base_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("crisis.yaml").write_text("extends: base\n")
    assert main(["pages", "out", "--playbook", "crisis.yaml"]) == 0
    page = Path("out/response/first-mention-overdue.md").read_text(encoding="utf-8")
    assert "\n- " in page.split("## Fires on")[1].split("## ")[0]
