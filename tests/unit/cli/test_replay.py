"""``crisisrules replay`` on a small evening of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crisisrules.cli import main

DAY = "2026-03-02T"
EVENTS: list[dict[str, str]] = [
    {
        "type": "page.described",
        "at": "08:00",
        "page": "acme",
        "platform": "facebook",
        "timezone": "Europe/Paris",
    },
    {"type": "page.described", "at": "08:00", "page": "acme-be", "platform": "facebook"},
    {
        "type": "incident.opened",
        "at": "09:00",
        "incident": "i",
        "kind": "outage",
        "severity": "critical",
        "title": "no network",
    },
    {
        "type": "post.published",
        "at": "10:30",
        "page": "acme",
        "post": "win",
        "kind": "contest",
        "text": "Here are \x1b[31m the winners",
    },
    {
        "type": "post.published",
        "at": "11:00",
        "page": "acme",
        "post": "status",
        "kind": "incident_status",
        "incident": "i",
        "text": "The network is down since 9. Next update at 11:30.",
        "next_update_at": f"{DAY}11:30:00+01:00",
    },
]
LINES = [json.dumps({**event, "at": f"{DAY}{event['at']}:00+01:00"}) for event in EVENTS]


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    path = tmp_path / "evening.jsonl"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def replayed(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict[str, Any]:
    main(["replay", str(path), "--format", "json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def of_rule(document: dict[str, Any], rule: str, page: str = "acme") -> dict[str, Any]:
    (one,) = [
        each
        for each in document["recommendations"]
        if each["rule"] == rule and each["page"] == page
    ]
    found: dict[str, Any] = one
    return found


def test_tells_when_each_duty_fell_due(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = replayed(capsys, evening)
    status = of_rule(document, "dedicated-status-missing")
    assert status["opened_at"] == "2026-03-02T08:00:00+00:00"
    assert status["overdue_at"] == "2026-03-02T09:00:00+00:00"
    assert status["closed_at"] == "2026-03-02T10:00:00+00:00"
    assert of_rule(document, "promotion-during-incident")["subject"] == {"post": "win"}
    assert document["until"] == "2026-03-02T11:00:00+01:00"


def test_stops_where_it_is_told_and_lets_time_pass(
    evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    early = replayed(capsys, evening, "--until", "2026-03-02T10:10:00+01:00")
    assert of_rule(early, "dedicated-status-missing")["status"] == "overdue"
    assert not [
        one for one in early["recommendations"] if one["rule"] == "promotion-during-incident"
    ]
    late = replayed(capsys, evening, "--until", "2026-03-02T12:00:00+01:00")
    assert late["until"] == "2026-03-02T12:00:00+01:00"
    assert of_rule(late, "promised-update-missed")["status"] == "overdue"


def test_one_page_alone(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = replayed(capsys, evening, "--page", "acme-be")
    assert {one["page"] for one in document["recommendations"]} <= {"acme-be", None}
    assert {one["page"] for one in document["agenda"]} <= {"acme-be", None}


def test_exit_code_follows_the_findings(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(evening)]) == 1
    assert main(["replay", str(evening), "--fail-on", "never"]) == 0
    # a duty that may still be met is advice, not a finding
    assert main(["replay", str(evening), "--until", "2026-03-02T09:05:00+01:00"]) == 0
    capsys.readouterr()


def test_pipes_and_files_give_the_same(evening: Path) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "crisisrules", "replay", name, "--format", "jsonl"],
            input=evening.read_bytes(),
            capture_output=True,
            check=False,
        ).stdout
        for name in ("-", str(evening))
    }
    assert len(outputs) == 1
    assert all(json.loads(line)["schema"] == 1 for line in outputs.pop().splitlines())


def test_late_events_are_put_in_order_when_asked(
    evening: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text("\n".join(LINES[index] for index in (0, 1, 3, 2, 4)), encoding="utf-8")
    assert main(["replay", str(mixed)]) == 2
    assert "mixed.jsonl:4" in capsys.readouterr().err
    wanted = replayed(capsys, evening)
    assert replayed(capsys, mixed, "--lateness", "2h") == wanted


def test_text_is_plain_in_a_pipe_and_coloured_on_demand(
    evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["replay", str(evening)])
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    assert "Here are \\x1b[31m the winners" in plain
    main(["replay", str(evening), "--color", "always"])
    coloured = capsys.readouterr().out
    assert "\x1b[31m" in coloured
    assert "Here are \\x1b[31m the winners" in coloured


def test_speaks_french(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["replay", str(evening), "--lang", "fr"])
    assert "lun. 2 mars 2026" in capsys.readouterr().out


def test_lenient_passes_over_what_it_does_not_know(
    evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with evening.open("a", encoding="utf-8") as file:
        file.write('{"type":"weather.changed","at":"2026-03-02T11:10:00+01:00"}\n')
    assert main(["replay", str(evening)]) == 2
    capsys.readouterr()
    assert main(["replay", str(evening), "--lenient"]) == 1
    assert "warning unknown-type" in capsys.readouterr().err


def test_both_engines_tell_the_same(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("durable.engine")
    assert replayed(capsys, evening, "--engine", "durable") == replayed(capsys, evening)
