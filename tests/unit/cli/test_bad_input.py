"""Whatever is wrong with what a user gives: exit code 2, the place, and what would be right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crisisrules.cli import main

OPENED = (
    '{"type": "incident.opened", "at": "2026-03-02T08:00:00+01:00", "incident": "i", "kind": "outage",'
    ' "severity": "major"}'
)
COUNTED = (
    '{"type": "post.counted", "at": "2026-03-02T09:00:00+01:00", "page": "p", "post": "a",'
    ' "comments": %s}'
)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What the command says on standard error, when it refuses as it should."""
    assert main([str(argument) for argument in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "error internal" not in said.err
    return said.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "t.jsonl: error nothing-read: "),
        (b"\n \n", "t.jsonl: error nothing-read: "),
        (b'{"type": "clock", "at": ', "t.jsonl:1:"),
        (b'{"type": "clock"}\n\xff\xfe', "t.jsonl:2:"),
        (b"[1, 2]", "t.jsonl:1:"),
        (b"[" * 200_000, "t.jsonl:1:"),
        (b'{"a":' * 200_000, "t.jsonl:1:"),
        (
            OPENED.replace("incident.opened", "incident.opend").encode(),
            "did you mean `incident.opened`?",
        ),
        (OPENED.replace('"kind"', '"kinds"').encode(), "did you mean `kind`?"),
        (OPENED.replace('"outage"', "7").encode(), "t.jsonl:1:"),
        (OPENED.replace('"outage"', '"outtage"').encode(), "did you mean `outage`?"),
        ((COUNTED % "-1").encode(), "t.jsonl:1:"),
        (OPENED.replace("+01:00", "").encode(), "has no offset"),
        ((COUNTED % "1").encode() + b"\n" + OPENED.encode(), "t.jsonl:2: error goes-back: "),
        (OPENED.replace('"kind"', '"incident": "j", "kind"').encode(), "t.jsonl:1:"),
    ],
)
def test_streams(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: bytes,
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.jsonl").write_bytes(text)
    assert expected in refused(capsys, "replay", "t.jsonl")


def test_all_faults_of_a_stream_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = tmp_path / "t.jsonl"
    stream.write_text("\n".join([COUNTED % -1, OPENED, COUNTED % '"x"']), encoding="utf-8")
    lines = refused(capsys, "replay", stream).splitlines()
    assert [line.removeprefix(str(stream)).split(":")[1] for line in lines[:2]] == ["1", "3"]
    assert lines[2] == "2 errors, nothing was evaluated"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: mine\nextends: base\nparameters: {updte_cadence: 30m}\n", "unknown-parameter"),
        ("name: mine\nextends: base\nname: other\n", "p.yaml:3:1: error duplicate-key"),
        ("name: !!python/object/apply:os.system [id]\n", "p.yaml:1:"),
        ("a: &a [1, 1]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b]\n", "p.yaml:1:"),
        ("name: mine\nextends: p.yaml\n", "extends itself"),
        ("", "p.yaml"),
        ("[" * 10_000, "p.yaml:1:"),
    ],
)
def test_playbooks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(text, encoding="utf-8")
    Path("t.jsonl").write_text(OPENED, encoding="utf-8")
    assert expected in refused(capsys, "replay", "t.jsonl", "--playbook", "p.yaml")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rply"], "did you mean `replay`?"),
        (["replay"], "`TIMELINE.jsonl|-` is missing"),
        (
            ["replay", "nowhere.jsonl"],
            "nowhere.jsonl: error missing-file: no such file or directory",
        ),
        (["replay", "."], "error "),
        (["replay", "t", "--untl", "x"], "did you mean `--until`?"),
        (["replay", "t", "--until", "2026-03-02T08:00"], "--until: error instant: "),
        (["replay", "t", "--lateness", "5"], "--lateness: error duration: `5` has no unit"),
        (["replay", "t", "--format", "jsn"], "did you mean `json`?"),
        (["replay", "t", "--lang", "de"], "allowed: `en`, `fr`"),
        (["replay", "t", "--fail-on", "critcal"], "did you mean `critical`?"),
        (["replay", "t", "--engine", "durble"], "did you mean `durable`?"),
        (["explain", "dedicated-status-mising"], "did you mean `dedicated-status-missing`?"),
        (["rules", "show", "nothing-like-it"], "`nothing-like-it` is not a rule"),
        (["rules", "fields", "--about", "posts"], "did you mean `post`?"),
        (["signals", "nowhere.jsonl"], "nowhere.jsonl: error missing-file"),
    ],
)
def test_arguments(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t").write_text(OPENED, encoding="utf-8")
    assert expected in refused(capsys, *arguments)


def test_a_page_that_the_stream_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = tmp_path / "t.jsonl"
    stream.write_text(COUNTED % 1, encoding="utf-8")
    assert "--page: error unknown-page: `q` is not a page" in refused(
        capsys, "replay", stream, "--page", "q"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{}", ":1: error missing-field: `text` is missing"),
        ('{"text": 5}', ":1: error missing-field: `text` is not a text"),
        ('{"text": "a", "role": "custmer"}', "did you mean `customer`?"),
        (
            '{"text": "a", "previous": "b"}',
            ":1: error wrong-type: `previous` is not a list of texts",
        ),
        ('{"text": "a"', ":1:"),
        ("", "error nothing-read: no texts were read"),
    ],
)
def test_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, expected: str
) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text(line, encoding="utf-8")
    assert expected in refused(capsys, "signals", texts)


def test_nothing_asked_is_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "replay" in capsys.readouterr().out


def test_a_fault_of_ours_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("crisisrules.cli.replay.Session", lambda *_, **__: 1 / 0)
    stream = tmp_path / "t.jsonl"
    stream.write_text(OPENED, encoding="utf-8")
    assert main(["replay", str(stream)]) == 2
    assert "this is a fault of crisisrules" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    """As in ``crisisrules rules fields | head -1``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "crisisrules", "rules", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_commands_print_json_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["rules", "list", "--format", "json"],
        ["rules", "show", "dedicated-status-missing", "--format", "json"],
        ["rules", "fields", "--format", "json"],
        ["explain", "dedicated-status-missing", "--format", "json"],
    ):
        assert main(arguments) == 0
        assert json.loads(capsys.readouterr().out)["schema"] == 1
