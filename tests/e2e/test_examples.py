"""The examples do what their pages say."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crisisrules.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ORANGE = EXAMPLES / "orange-2012"


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command prints; it must have evaluated something."""
    code = main([str(one) for one in arguments])
    printed = capsys.readouterr()
    assert code in (0, 1), printed.err
    return printed.out


def document(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    """The JSON that a command prints."""
    found: dict[str, Any] = json.loads(output_of(capsys, *arguments, "--format", "json"))
    return found


def instant(text: str) -> datetime:
    """An instant of a report, whatever its zone."""
    return datetime.fromisoformat(text)


def replayed(
    capsys: pytest.CaptureFixture[str], case: str, *options: str
) -> dict[str, list[dict[str, Any]]]:
    """The recommendations of a replay by rule, in the order in which they opened."""
    found: dict[str, list[dict[str, Any]]] = {}
    timeline = EXAMPLES / case / "timeline.jsonl"
    for one in document(capsys, "replay", timeline, *options)["recommendations"]:
        found.setdefault(one["rule"], []).append(one)
    return found


def test_orange_is_told_to_speak_hours_before_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    rules = replayed(capsys, "orange-2012")
    status = rules["dedicated-status-missing"][0]
    assert instant(status["due_at"]) == instant("2012-07-06T16:30:00+02:00")
    assert instant(status["closed_at"]) == instant("2012-07-06T22:14:00+02:00")
    assert rules["promotion-during-incident"][0]["subject"] == {"post": "concours"}
    first = rules["first-mention-overdue"][0]
    assert instant(first["closed_at"]) == instant("2012-07-06T18:58:00+02:00")
    assert "post-resolution-silence" in rules


@pytest.mark.parametrize(
    ("statement", "incidents", "at", "expected", "absent"),
    [
        (
            "22h14",
            "incident.yaml",
            "2012-07-06T22:14:00+02:00",
            {"draft-next-update-time", "draft-empathy", "draft-impact-and-action"},
            set(),
        ),
        (
            "01h23",
            "timeline.jsonl",
            "2012-07-07T01:23:00+02:00",
            {"resolution-notice-incomplete"},
            {"draft-empathy"},  # it apologises
        ),
    ],
)
def test_the_statements_of_orange_lack_what_their_page_says(
    capsys: pytest.CaptureFixture[str],
    statement: str,
    incidents: str,
    at: str,
    expected: set[str],
    absent: set[str],
) -> None:
    text = ORANGE / "statements" / f"{statement}.txt"
    found = document(capsys, "draft", text, "--incidents", ORANGE / incidents, "--at", at)
    rules = {one["rule"] for one in found["findings"]}
    assert expected <= rules
    assert not absent & rules
