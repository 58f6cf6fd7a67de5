"""What README shows is what the commands print, and its commands are the only two there are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_shows_what_replay_prints() -> None:
    shown = re.search(r"```\n(Orange France.*?)\n```", README, re.DOTALL)
    assert shown is not None
    done = subprocess.run(
        [sys.executable, "-m", "crisisrules", "replay", "examples/orange-2012/timeline.jsonl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for piece in shown.group(1).split("\n…\n"):
        assert piece in done.stdout


def test_has_one_command_to_run_and_one_to_test() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)

    assert len(commands) == 2
    assert "crisisrules replay" in commands[0]
    assert commands[1].endswith("pytest")
    assert all("\n" not in command for command in commands)
