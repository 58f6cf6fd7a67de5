"""`crisisrules init`: its files load, pass their own checks and find something on the first run."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.cli import main

GIVEN = ["--platform", "facebook", "--platform", "x", "--approver", "lead:press", "--yes"]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    language = getattr(request, "param", "en")
    monkeypatch.chdir(tmp_path)
    assert (
        main(["init", "--name", "Acme", "--timezone", "Europe/Paris", "--lang", language, *GIVEN])
        == 0
    )
    return tmp_path


@pytest.mark.parametrize("made", ["en", "fr"], indirect=True)
def test_the_playbook_loads_and_lacks_nothing(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    playbook = read_playbook(made / "crisis.yaml")
    assert playbook.governance.lines == ("facebook", "x")
    assert playbook.governance.owner == "lead"
    assert playbook.rule("comments-pile-up") is not None
    capsys.readouterr()
    assert main(["lint-playbook", "crisis.yaml"]) == 0
    assert "0 problems" in capsys.readouterr().out


@pytest.mark.parametrize("made", ["en", "fr"], indirect=True)
def test_the_rule_passes_its_own_test(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["test", "--playbook", "crisis.yaml", "house"])
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("made", ["en", "fr"], indirect=True)
def test_the_example_calendar_gives_a_first_finding(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    arguments = ["check", "calendar.csv", "--incidents", "incident.yaml", "--tz", "Europe/Paris"]
    assert main([*arguments, "--playbook", "crisis.yaml", "--format", "json"]) == 1
    verdicts = [item["verdict"] for item in json.loads(capsys.readouterr().out)["items"]]
    assert verdicts[0] == "hold"
    assert verdicts[2] == "keep"


def test_the_roster_is_a_week_of_events(made: Path) -> None:
    lines = (made / "roster.jsonl").read_text().splitlines()
    shifts = [json.loads(line) for line in lines]
    assert len(shifts) == 7
    assert all(shift["from"] < shift["to"] for shift in shifts)


def test_nothing_is_written_over_unasked(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (made / "crisis.yaml").write_text("extends: base\n")
    assert main(["init", *GIVEN]) == 2
    assert "crisis.yaml: error file-exists: " in capsys.readouterr().err
    assert (made / "crisis.yaml").read_text() == "extends: base\n"
    assert main(["init", "--force", *GIVEN]) == 0
    assert "lines: [facebook, x]" in (made / "crisis.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--platform", "facebok"], "--platform: error unknown-word: `facebok` is not a platform"),
        (["--regime", "gdrp"], "did you mean `gdpr`?"),
        (["--timezone", "Europe/Pari"], "--timezone: error unknown-timezone: "),
        (["--hours", "20-8"], "--hours: error hours: `20-8` is not a span of hours"),
        (["--approver", "The Boss"], "--approver: error bad-role: `The Boss`"),
    ],
)
def test_a_wrong_answer_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], fault: str
) -> None:
    assert main(["init", str(tmp_path / "new"), "--yes", *arguments]) == 2
    assert fault in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


class _Person(io.StringIO):
    """Somebody at a terminal who types these lines."""

    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["fr", "Acme", "Europe/Paris", "facebok", "facebook, x", "lead:press", "", "gdpr"]
    monkeypatch.setattr("sys.stdin", _Person("\n".join(lines) + "\n"))
    assert main(["init", str(tmp_path)]) == 0
    out = "".join(capsys.readouterr())
    assert "did you mean `facebook`?" in out
    playbook = read_playbook(tmp_path / "crisis.yaml")
    assert (playbook.name, playbook.timezone) == ("Acme", "Europe/Paris")
    assert playbook.governance.lines == ("facebook", "x")
    assert playbook.governance.regimes == ("gdpr",)
