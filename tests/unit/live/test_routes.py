"""Files of routes: what they say, and every fault with its place."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from crisisrules.live.routes import Quiet, Route, read_routes
from crisisrules.live.secrets import expand, secret
from crisisrules.model.durations import MINUTE
from crisisrules.model.errors import CrisisRulesError, PlaybookError, UsageError

GOOD = """\
routes:
  - name: desk
    to: env:DESK
    actions: [hold-item, withdraw-post]
    least: warning
    pages: town
    language: fr
    kinds: [opened, overdue]
    role: community
    person: Ana
    quiet: {from: "22:00", to: "07:00", zone: Europe/Paris}
  - {to: "json://localhost", escalate_after: 15m}
"""


def read(folder: Path, text: str) -> tuple[Route, ...]:
    path = folder / "routes.yaml"
    path.write_text(text, encoding="utf-8")
    return read_routes(path, {"DESK": "slack://a/b/c"})


def test_a_file_of_routes(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (
        Route(
            name="desk",
            to="slack://a/b/c",
            actions=("hold-item", "withdraw-post"),
            least="warning",
            pages=("town",),
            language="fr",
            kinds=("opened", "overdue"),
            role="community",
            person="Ana",
            quiet=Quiet(start=time(22), end=time(7), zone="Europe/Paris"),
        ),
        Route(name="route-2", to="json://localhost", escalate_after=15 * MINUTE),
    )


def test_all_faults_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = """\
routes:
  - to: json://a
    action: [hold-item]
    least: grave
    actions: [hold-itme, hold-item, {a: b}]
    language: de
  - name: x
    escalate_after: 15
  - just words
  - {to: "json://b", quiet: {from: "22:00", until: "07:00"}}
  - {to: "json://b", quiet: {from: "22:00", to: "25:00", zone: Europe/Paris}}
  - {to: "json://b", quiet: {from: "22:00", to: "07:00", zone: Europe}}
  - {to: "json://b", kinds: [resolvd]}
  - {to: [a], name: z}
  - {to: "json://b", name: w}
more: 1
"""
    with pytest.raises(PlaybookError) as caught:
        read(tmp_path, text)
    found = {
        (problem.place.line, problem.place.column, problem.name)
        for problem in caught.value.problems
    }
    assert found >= {
        (3, 5, "unknown-key"), (4, 12, "bad-value"), (5, 15, "bad-value"), (5, 37, "bad-value"),
        (6, 15, "bad-value"), (7, 5, "missing-key"), (8, 21, "bad-value"), (9, 5, "wrong-type"),
        (10, 29, "bad-value"), (11, 29, "bad-value"), (12, 29, "bad-value"), (13, 30, "bad-value"),
        (14, 10, "bad-value"), (16, 1, "unknown-key"),
    }  # fmt: skip
    assert "did you mean `actions`?" in str(caught.value)
    assert "did you mean `hold-item`?" in str(caught.value)


def test_two_routes_of_one_name_would_share_what_they_are_told(tmp_path: Path) -> None:
    text = "routes:\n  - {to: 'json://a', name: x}\n  - {to: 'json://b', name: x}\n"
    with pytest.raises(PlaybookError, match="two routes are named `x`"):
        read(tmp_path, text)


@pytest.mark.parametrize("text", ["a: 1\n", "- a\n", "routes: x\n", "routes: [\n", "just words\n"])
def test_a_file_that_is_something_else(tmp_path: Path, text: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        read(tmp_path, text)
    assert caught.value.problems[0].place.source.endswith("routes.yaml")


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    assert secret("incident.io_secret", {"CRISISRULES_INCIDENT_IO_SECRET": "x"}) == "x"
    assert secret("token", {"CRISISRULES_TOKEN_FILE": str(file)}) == "s3cret"
    assert secret("token", {"CRISISRULES_TOKEN": ""}) is None
    assert expand(f"file:{file}", {}) == "s3cret"
    assert expand("slack://a/b", {}) == "slack://a/b"


@pytest.mark.parametrize(
    "environment",
    [
        {"CRISISRULES_TOKEN": "s3cret", "CRISISRULES_TOKEN_FILE": "/s3cret"},
        {"CRISISRULES_TOKEN_FILE": "/missing/s3cret"},
    ],
)
def test_a_secret_that_is_not_there_is_an_error_without_it(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        secret("token", environment)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("address", ["env:MISSING", "file:/missing/file"])
def test_an_address_that_is_not_there(address: str) -> None:
    with pytest.raises(CrisisRulesError):
        expand(address, {})
