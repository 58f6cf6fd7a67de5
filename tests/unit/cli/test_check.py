"""``crisisrules check`` on a small calendar of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crisisrules.cli import main

CALENDAR = """\
Date,Time,Network,Text
2026-03-02,18:00,Facebook,Two weeks free for every customer - order now and save 20 %!
2026-03-02,19:00,Facebook,Our shops close at 6 pm today
2026-03-02,20:00,Instagram,Good night everybody
"""
INCIDENT = """\
incident: i7
kind: outage
severity: critical
title: no network
at: 2026-03-02T15:30:00+01:00
"""
MAINTENANCE = """\
maintenance: m1
title: web shop
from: 2026-03-02T17:00:00
to: 2026-03-02T19:00:00
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A calendar and an incident in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(CALENDAR, encoding="utf-8")
    Path("incident.yaml").write_text(INCIDENT, encoding="utf-8")
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(
        ["check", "plan.csv", "--incidents", "incident.yaml", "--tz", "Europe/Paris", *options]
    )
    return code, capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(checked(capsys, "--format", "json", *options)[1])
    return found


def test_holds_the_sale_and_keeps_the_notice(capsys: pytest.CaptureFixture[str]) -> None:
    sale, notice, night = document(capsys)["items"]
    assert (sale["row"], sale["line"], sale["page"], sale["verdict"]) == (1, 2, "facebook", "hold")
    assert sale["publish_at"] == "2026-03-02T18:00:00+01:00"
    assert "promotion-during-incident" in [one["rule"] for one in sale["findings"]]
    assert notice["verdict"] == "keep"
    assert night["verdict"] != "keep"


def test_exit_code_follows_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys)[0] == 1
    assert checked(capsys, "--fail-on", "never")[0] == 0


def test_without_an_incident_it_is_calm(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "plan.csv", "--tz", "Europe/Paris", "--format", "json"]) == 0
    assert {one["verdict"] for one in json.loads(capsys.readouterr().out)["items"]} == {"keep"}


@pytest.mark.parametrize(
    "format_", ["text", "full", "jsonl", "markdown", "sarif", "github", "gitlab", "junit"]
)
def test_every_format_names_the_rule(capsys: pytest.CaptureFixture[str], format_: str) -> None:
    assert "promotion-during-incident" in checked(capsys, "--format", format_)[1]


def test_fix_writes_beside_the_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("plan.csv").read_bytes()
    checked(capsys, "--fix")
    assert Path("plan.csv").read_bytes() == before
    sale, notice = Path("plan.checked.csv").read_text(encoding="utf-8").splitlines()[1:3]
    assert sale != CALENDAR.splitlines()[1]
    assert notice.startswith(CALENDAR.splitlines()[2])


def test_fix_writes_over_the_calendar_only_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys, "--fix", "--output", "plan.csv")[0] == 2
    checked(capsys, "--fix", "--output", "other.csv")
    checked(capsys, "--fix", "--in-place")
    assert Path("plan.csv").read_bytes() == Path("other.csv").read_bytes()


def test_what_was_accepted_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, "--write-baseline", "accepted.json")["findings"]
    again = document(capsys, "--baseline", "accepted.json")
    assert again["findings"] == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--output", "x.csv"], "`--output` needs `--fix`"),
        (["--fix", "--in-place", "--output", "x.csv"], "give `--output` or `--in-place`, not both"),
        (["--incidents", "nowhere.yaml"], "nowhere.yaml: error "),
        (["--tz", "Europe/Pari"], "did you mean `Europe/Paris`?"),
    ],
)
def test_refuses_what_makes_no_sense(
    capsys: pytest.CaptureFixture[str], options: list[str], expected: str
) -> None:
    arguments = [
        "check",
        "plan.csv",
        "--incidents",
        "incident.yaml",
        "--tz",
        "Europe/Paris",
        *options,
    ]
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert expected in said.err


def test_a_planned_maintenance_is_no_incident(capsys: pytest.CaptureFixture[str]) -> None:
    Path("incident.yaml").write_text(MAINTENANCE, encoding="utf-8")
    sale, notice, night = document(capsys)["items"]
    assert [one["rule"] for one in sale["findings"]] == ["commercial-post-in-maintenance"]
    assert (sale["verdict"], notice["verdict"], night["verdict"]) == ("review", "keep", "keep")


def test_lines_say_what_the_document_says(capsys: pytest.CaptureFixture[str]) -> None:
    whole = document(capsys)
    code, printed = checked(capsys, "--format", "jsonl")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert code == 1
    assert [line["item"] for line in lines if "item" in line] == whole["items"]
    of_items = [finding for item in whole["items"] for finding in item["findings"]]
    rest = [line["finding"] for line in lines if "finding" in line]
    assert of_items + rest == whole["findings"]
    assert rest


def test_no_line_is_printed_of_a_calendar_with_a_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("plan.csv").write_text(CALENDAR + "2026-02-30,18:00,Facebook,Hello\n", encoding="utf-8")
    assert checked(capsys, "--format", "jsonl") == (2, "")


def test_an_answer_to_one_person_is_kept_unless_it_sells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("plan.csv").write_text(
        "Date,Time,Network,Type,Text\n"
        "2026-03-02,18:00,Facebook,Reply,@paul Thank you very much!\n"
        "2026-03-02,18:00,Facebook,Reply,@paul Save 20 % and order now!\n",
        encoding="utf-8",
    )
    thanks, sale = document(capsys)["items"]
    assert (thanks["verdict"], thanks["reason"]) == ("keep", "an answer to one person")
    assert sale["verdict"] == "hold"
