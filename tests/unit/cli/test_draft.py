"""``crisisrules draft`` on a short statement."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from crisisrules.cli import main

STATEMENT = """\
Bonjour à tous,
une panne touche notre réseau et nos équipes sont mobilisées.
Nous vous tiendrons informés dès que possible.
"""
INCIDENT = """\
incident: i7
kind: outage
severity: critical
title: panne
at: 2026-03-02T15:30:00+01:00
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement and an incident in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("statement.txt").write_text(STATEMENT, encoding="utf-8")
    Path("incident.yaml").write_text(INCIDENT, encoding="utf-8")


def test_says_what_to_write_in_the_language_of_the_statement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["draft", "statement.txt", "--incidents", "incident.yaml"])
    said = capsys.readouterr().out
    assert "warning draft-next-update-time" in said
    # advice in the language asked for, words to copy in the statement's own
    assert "because" in said
    assert "write instead «\u00a0Prochain point" in said.replace("instead: ", "instead ")


def test_json_has_places_inside_the_statement(capsys: pytest.CaptureFixture[str]) -> None:
    main(["draft", "statement.txt", "--incidents", "incident.yaml", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert (document["language"], document["incident"]) == ("fr", "i7")
    lines = STATEMENT.split("\n")
    for finding in document["findings"]:
        assert finding["excerpt"] == lines[finding["line"] - 1]
        assert 1 <= finding["column"] <= len(finding["excerpt"])


def test_windows_line_ends_and_standard_input_change_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["draft", "statement.txt", "--incidents", "incident.yaml", "--format", "json"])
    expected = json.loads(capsys.readouterr().out)["findings"]
    data = STATEMENT.replace("\n", "\r\n").encode("utf-8-sig")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    main(["draft", "-", "--incidents", "incident.yaml", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["rule"], one["line"], one["column"]) for one in found] == [
        (one["rule"], one["line"], one["column"]) for one in expected
    ]


def test_exit_code_follows_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["draft", "statement.txt", "--incidents", "incident.yaml"]
    assert main([*arguments, "--fail-on", "warning"]) == 1
    assert main([*arguments, "--fail-on", "never"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("template", ["holding", "update", "resolution"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_prints_a_statement_to_fill_in(
    capsys: pytest.CaptureFixture[str], template: str, language: str
) -> None:
    assert main(["draft", "--template", template, "--kind", "recall", "--lang", language]) == 0
    text = capsys.readouterr().out
    assert "[" in text
    assert "{" not in text


def test_the_incident_says_which_statement_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    main(["draft", "--template", "holding", "--kind", "recall"])
    wanted = capsys.readouterr().out
    recall = INCIDENT.replace("outage", "recall")
    Path("incident.yaml").write_text(recall, encoding="utf-8")
    main(["draft", "--template", "holding", "--incidents", "incident.yaml"])
    assert capsys.readouterr().out == wanted
    main(["draft", "--template", "holding"])
    assert capsys.readouterr().out != wanted


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nowhere.txt"], "nowhere.txt: error missing-file"),
        (["statement.txt", "--incident", "i7"], "`--incident` needs `--incidents`"),
        (
            ["statement.txt", "--incidents", "incident.yaml", "--incident", "i8"],
            "`i8` is not an incident of the file; allowed: `i7`",
        ),
        ([], "`FILE|-` is missing"),
        (["--template", "holdin"], "did you mean `holding`?"),
        (["empty.txt"], "empty.txt: error nothing-read: the draft is empty"),
        (["latin.txt"], "is not UTF-8"),
    ],
)
def test_refuses_what_it_cannot_read(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    Path("empty.txt").write_text("\n", encoding="utf-8")
    Path("latin.txt").write_bytes("réseau".encode("latin-1"))
    assert main(["draft", *arguments]) == 2
    assert expected in capsys.readouterr().err
