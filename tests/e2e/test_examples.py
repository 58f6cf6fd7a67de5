"""The examples do what their pages say."""

from __future__ import annotations

import http.client
import json
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crisisrules.adapters.platforms.accounts import read_accounts
from crisisrules.cli import main
from crisisrules.cli.watch import watch
from crisisrules.live.routes import read_routes

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


def test_orange_spoke_critically_late_even_if_it_knew_only_at_half_past_five(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    known, assumed = "2012-07-06T17:30:00+02:00", "2012-07-06T15:30:00+02:00"
    text = (ORANGE / "timeline.jsonl").read_text(encoding="utf-8")
    assert text.count(f'"aware_at": "{assumed}"') == 1
    timeline = tmp_path / "timeline.jsonl"
    timeline.write_text(text.replace(f'"aware_at": "{assumed}"', f'"aware_at": "{known}"'), "utf-8")
    found = document(capsys, "replay", timeline)["recommendations"]
    first = next(one for one in found if one["rule"] == "first-mention-overdue")
    assert first["severity"] == "critical"
    assert instant(first["overdue_at"]) >= instant(known)


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


CALENDAR = EXAMPLES / "calendar"
CHECK = (
    "check",
    CALENDAR / "planning-juillet.csv",
    "--incidents",
    CALENDAR / "incident.yaml",
    "--tz",
    "Europe/Paris",
)


def test_the_calendar_gets_the_verdicts_of_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    page = (CALENDAR / "README.md").read_text(encoding="utf-8")
    said = {
        int(number): verdict
        for number, verdict in re.findall(
            r"^\| (\d+) \|[^|]*\| (keep|hold|review)", page, re.MULTILINE
        )
    }
    found = {one["row"]: one["verdict"] for one in document(capsys, *CHECK)["items"]}
    assert found == said


def test_fixing_the_calendar_marks_what_is_held_and_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    output = tmp_path / "planning.csv"
    output_of(capsys, *CHECK, "--fix", "--output", output)
    before = Path(CHECK[1]).read_bytes().decode("cp1252").split("\r\n")
    after = output.read_bytes().decode("cp1252").split("\r\n")
    changed = {
        first for first, second in zip(before, after, strict=True) if not second.startswith(first)
    }
    assert len(changed) == 5
    assert all("suspendu" in line for line in after if 'gagnants";' in line or "-30 %" in line)
    assert before[0] == after[0]


def test_the_publisher_sends_the_status_and_keeps_the_sale() -> None:
    run = subprocess.run(
        [sys.executable, EXAMPLES / "decide" / "publisher.py"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert [line for line in run.stdout.splitlines() if not line.startswith(" ")] == [
        "sale: hold",
        "status: publish",
        "interview: review",
        "sent: status",
    ]
    assert "would settle first-mention-overdue" in run.stdout


@pytest.fixture
def hook() -> Iterator[str]:
    """The address of a running hook."""
    server = runpy.run_path(str(EXAMPLES / "decide" / "hook.py"))["server"](0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def posted(address: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request("POST", path, body)
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else {}
    finally:
        connection.close()


def test_the_hook_holds_what_its_page_sends(hook: str) -> None:
    page = (EXAMPLES / "decide" / "README.md").read_text(encoding="utf-8")
    incident, post = re.findall(r"curl -d '(.*)' localhost:8035/(\w+)", page)
    assert posted(hook, f"/{post[1]}", post[0].encode())[1]["verdict"] == "publish"
    assert posted(hook, f"/{incident[1]}", incident[0].encode()) == (204, {})
    status, answer = posted(hook, f"/{post[1]}", post[0].encode())
    assert (status, answer["verdict"]) == (200, "hold")
    assert "promotion-during-incident" in [one["rule"] for one in answer["findings"]]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/decide", b"{", 400),
        ("/decide", b"[" * 100_000, 400),
        ("/decide", b'{"type": "post.publshed", "at": "2026-03-02T16:00:00+01:00"}', 422),
        ("/decide", b'{"type": "clock", "at": "2026-03-02T16:00:00+01:00"}', 400),
        ("/other", b'{"type": "clock", "at": "2026-03-02T16:00:00+01:00"}', 404),
    ],
)
def test_the_hook_refuses_what_it_cannot_read(
    hook: str, path: str, body: bytes, status: int
) -> None:
    assert posted(hook, path, body)[0] == status


@pytest.mark.parametrize("length", ["1000001", "-1", "many", ""])
def test_the_hook_reads_no_body_of_a_size_that_it_cannot_take(hook: str, length: str) -> None:
    connection = http.client.HTTPConnection(hook, timeout=30)
    connection.putrequest("POST", "/decide")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_tsb_ran_its_failure_in_single_answers_and_recovered_too_early(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rules = replayed(capsys, "tsb-2018", "--page", "tsb-twitter")
    status = rules["dedicated-status-missing"][0]
    assert instant(status["closed_at"]) == instant("2018-04-24T11:00:00+01:00")
    assert rules["incident-in-unrelated-thread"][0]["subject"] == {"post": "maintenance"}
    notice = rules["resolution-notice-incomplete"][0]
    assert instant(notice["opened_at"]) == instant("2018-04-25T03:40:00+01:00")
    apology = rules["apology-missing-or-conditional"][0]
    assert instant(apology["opened_at"]) == instant("2018-04-25T03:40:00+01:00")
    unconfirmed = rules["resolution-unconfirmed"][0]
    assert instant(unconfirmed["opened_at"]) == instant("2018-04-25T04:10:00+01:00")
    assert instant(unconfirmed["closed_at"]) == instant("2018-04-25T12:00:00+01:00")
    # what was given was told with its terms
    assert "redress-followup-due" not in rules


def test_kfc_spoke_late_and_joked_and_then_apologised(capsys: pytest.CaptureFixture[str]) -> None:
    rules = replayed(capsys, "kfc-2018")
    first = rules["first-mention-overdue"][0]
    assert instant(first["closed_at"]) == instant("2018-02-17T12:27:49+00:00")
    assert instant(rules["draft-empathy"][0]["opened_at"]) == instant("2018-02-17T12:27:49+00:00")
    assert "draft-next-update-time" in rules
    assert "apology-missing-or-conditional" not in rules
    # the list of restaurants was new, and "nine in ten are open" is no end that others deny
    assert {one["page"] for one in rules["dedicated-status-missing"]} == {"kfc-uki"}
    assert "social-global-divergence" not in rules


@pytest.mark.parametrize("case", ["orange-2012", "tsb-2018", "kfc-2018"])
def test_every_statement_of_a_case_is_told_in_its_page(case: str) -> None:
    page = (EXAMPLES / case / "README.md").read_text(encoding="utf-8")
    for line in (EXAMPLES / case / "timeline.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["type"] in ("post.published", "incident.opened"):
            assert f"{event['at'][11:16]}" in page, event


LIVE = EXAMPLES / "live"


def test_the_bot_sees_the_agenda_change_as_its_page_tells() -> None:
    run = subprocess.run(
        [sys.executable, LIVE / "bot.py"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    agendas: dict[str, str] = {}
    for line in run.stdout.splitlines():
        if line[:1].isdigit():
            at = line[:5]
        agendas[at] = agendas.get(at, "") + line
    assert min(agendas) == "18:30"
    assert "publish a status" in agendas["18:30"]
    assert "LATE" in agendas["18:45"]
    assert "incident-in-unrelated-thread" in agendas["18:45"]
    assert "same-question-unanswered" in agendas["19:00"]
    assert "silence-while-thread-grows" in agendas["19:00"]
    after = next(agendas[at] for at in sorted(agendas) if at >= "19:20")
    assert "publish a status" not in after
    assert "promised-update-missed" in after


def commands_of_the_service() -> list[list[str]]:
    unit = (LIVE / "crisisrules.service").read_text(encoding="utf-8")
    image = (LIVE / "Containerfile").read_text(encoding="utf-8")
    return [
        *(line.split() for line in re.findall("^ExecStart=(.*)$", unit, re.MULTILINE)),
        *map(json.loads, re.findall("^ENTRYPOINT (.*)$", image, re.MULTILINE)),
    ]


def test_unit_and_image_start_what_the_command_line_knows() -> None:
    commands = commands_of_the_service()
    assert len(commands) == 2
    for program, *arguments in commands:
        assert program.endswith("/bin/crisisrules")
        # parsing stops before anything is opened
        context = watch.make_context("watch", arguments[1:])
        assert arguments[0] == "watch"
        assert context.params["listen"].endswith(":8035")
        assert context.params["state"].name == "crisis.db"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = (LIVE / "crisisrules.service").read_text(encoding="utf-8")
    there = unit.replace("/opt/crisisrules/bin/crisisrules", sys.executable)
    assert there != unit
    path = tmp_path / "crisisrules.service"
    path.write_text(there, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "crisisrules" in line]
    assert complaints == []


def test_the_image_is_made_of_what_is_there() -> None:
    image = (LIVE / "Containerfile").read_text(encoding="utf-8")
    root = EXAMPLES.parent
    given = [
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", image, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    assert {"pyproject.toml", "crisisrules", "rules", "README.md", "LICENSE"} <= set(given)
    assert all((root / name).exists() for name in given)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.search(r"\"\.\[(.*)\]\"", image)
    assert extras is not None
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    # what the build reads of the project is copied
    assert {project["readme"], *project["license-files"]} <= set(given)


def test_the_accounts_of_the_service_are_read() -> None:
    found = read_accounts(LIVE / "accounts.yaml")
    assert {"mastodon", "bluesky", "facebook"} <= set(found)


def test_the_routes_of_the_service_are_read() -> None:
    addresses = {
        "CRISIS_TEAM": "json://team.example",
        "CRISIS_DEPUTY": "json://deputy.example",
        "CRISIS_LEAD": "json://lead.example",
    }
    team, deputy, lead = read_routes(LIVE / "routes.yaml", addresses)
    assert (team.to, deputy.to, lead.to) == tuple(addresses.values())
    assert lead.is_of_shifts
    assert team.quiet is not None
    assert deputy.escalate_after is not None


def commands_of_pages() -> list[tuple[str, str]]:
    """Every command that a page tells to run, but for those that would run for ever."""
    found: list[tuple[str, str]] = []
    for page in sorted(EXAMPLES.glob("*/README.md")):
        for block in re.findall(
            r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        ):
            lines = block.replace("\\\n", " ").splitlines()
            found += ((page.parent.name, line) for line in lines if line.startswith("crisisrules "))
    return [(page, line) for page, line in found if " watch " not in line]


@pytest.mark.parametrize(("page", "command"), commands_of_pages())
def test_a_command_of_a_page_runs_as_it_stands(
    page: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # from a copy of the folder, for what it writes
    shutil.copytree(EXAMPLES / page, tmp_path / "examples" / page)
    monkeypatch.chdir(tmp_path)
    if "--state crisis.db" in command:
        # what a watch left behind
        Path("old.jsonl").write_text(
            '{"type": "incident.opened", "at": "2020-01-01T08:00:00Z", "incident": "i1",'
            ' "kind": "outage", "severity": "critical"}\n',
            encoding="utf-8",
        )
        assert output_of(capsys, "watch", "old.jsonl", "--state", "crisis.db", "--no-view")
    printed = output_of(capsys, *shlex.split(command)[1:])
    wanted = re.search(r"--output (\S+)", command)
    assert printed if wanted is None else Path(wanted[1]).stat().st_size > 0
