"""The wheel installs into an empty environment and brings its rules."""

from __future__ import annotations

import os
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
