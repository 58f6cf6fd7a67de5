"""`crisisrules line`: how to speak on a platform, in a kind of incident."""

from __future__ import annotations

import json

import pytest

from crisisrules.cli import main


def test_without_arguments_it_lists_what_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["line", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "facebook" in out
    assert "Un service est en panne" in out


def test_a_platform_in_an_incident_gets_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["line", "x", "--kind", "outage", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["platform"], found["kind"]) == ("x", "outage")
    labels = [part["label"] for part in found["parts"]]
    assert labels[:4] == ["tone", "do", "never", "comments"]


def test_text_is_wrapped_under_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["line", "email", "--color", "never"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "E-mail"
    assert lines[1].startswith("  tone     personal and complete")
    assert max(map(len, lines)) <= 200


def test_a_mistyped_platform_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["line", "facebok"]) == 2
    assert "did you mean `facebook`?" in capsys.readouterr().err
