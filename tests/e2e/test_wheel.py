"""The wheel installs into an empty environment and brings its rules."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that holds nothing but the built wheel and its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("crisisrules-*.whl")
    venv.create(folder / "env", with_pip=True)
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "pip", "install", "-q", wheel], check=True, capture_output=True)
    return scripts / "crisisrules"


def test_lists_the_base_rules(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed, "rules", "list"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert "dedicated-status-missing" in done.stdout
    assert "rules in base" in done.stdout


@pytest.mark.parametrize("language", ["en", "fr"])
def test_init_leads_to_a_first_finding_by_the_commands_that_it_prints(
    installed: Path, tmp_path: Path, language: str
) -> None:
    def run(command: str) -> subprocess.CompletedProcess[str]:
        _, *arguments = shlex.split(command)
        return subprocess.run(
            [installed, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    begun = run(
        "crisisrules init --name Acme --timezone Europe/Paris --platform facebook --platform x"
        f" --approver lead:press --hours 8-20 --regime gdpr --lang {language} --yes"
    )
    assert begun.returncode == 0, begun.stderr
    # the command of each step stands before what it is for, two spaces or more apart
    steps = [line.strip().split("  ")[0] for line in begun.stdout.splitlines() if "  cris" in line]
    done = {step.split()[1]: run(step) for step in steps}

    assert {name: each.returncode for name, each in done.items()} == {
        "check": 1,  # the first finding
        "line": 0,
        "lint-playbook": 0,
        "test": 0,
    }, [each.stderr for each in done.values()]
    assert "promotion-during-incident" in done["check"].stdout
    assert {each.stderr for each in done.values()} == {""}


def test_replays_the_evening_of_6_july_2012(installed: Path, tmp_path: Path) -> None:
    timeline = ROOT / "examples" / "orange-2012" / "timeline.jsonl"
    done = subprocess.run(
        [installed, "replay", timeline, "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert '"schema"' in done.stdout
