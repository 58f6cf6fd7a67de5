"""`crisisrules watch` as people run it: a file, a journal that goes on, a file that grows, a listener."""

from __future__ import annotations

import json
import queue
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import attrs
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TIMELINE = EXAMPLES / "orange-2012/timeline.jsonl"
COMMAND = [sys.executable, "-m", "crisisrules"]
PATIENCE = 60.0
"""Seconds until a test gives up; none of them waits for it when all is well."""


def run(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def changes(out: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def heads(out: bytes) -> list[tuple[object, object]]:
    return [(one["at"], one["change"]) for one in changes(out)]


@attrs.define
class Running:
    """A command that runs on, and the lines it prints."""

    process: subprocess.Popen[bytes]
    lines: queue.Queue[bytes] = attrs.Factory(queue.Queue)
    complaints: queue.Queue[bytes] = attrs.Factory(queue.Queue)

    def read(self, stream: IO[bytes] | None, lines: queue.Queue[bytes]) -> None:
        assert stream is not None
        for line in stream:
            lines.put(line)

    def says(self, word: bytes) -> bytes:
        """The first line on standard error from here on with a word."""
        while word not in (line := self.complaints.get(timeout=PATIENCE)):
            pass
        return line

    def until(self, word: bytes) -> bytes:
        """The first line from here on with a word."""
        while word not in (line := self.lines.get(timeout=PATIENCE)):
            pass
        return line


@contextmanager
def running(*arguments: str | Path) -> Iterator[Running]:
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    found = Running(process)
    readers = [
        threading.Thread(target=found.read, args=(process.stdout, found.lines)),
        threading.Thread(target=found.read, args=(process.stderr, found.complaints)),
    ]
    for reader in readers:
        reader.start()
    try:
        yield found
    finally:
        process.terminate()
        process.wait(PATIENCE)
        for reader in readers:
            reader.join(PATIENCE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()


def test_a_file_gives_a_json_line_for_each_change() -> None:
    done = run("watch", TIMELINE)
    assert (done.returncode, done.stderr) == (0, b"")
    found = changes(done.stdout)
    assert {"opened", "overdue", "resolved"} <= {str(one["change"]) for one in found}
    assert [one["at"] for one in found] == sorted(str(one["at"]) for one in found)


def test_a_pipe_gives_the_same_as_the_file() -> None:
    assert heads(run("watch", "-", given=TIMELINE.read_bytes()).stdout) == heads(
        run("watch", TIMELINE).stdout
    )


def test_a_watch_goes_on_where_its_journal_ends(tmp_path: Path) -> None:
    lines = TIMELINE.read_bytes().splitlines(keepends=True)
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    said = b""
    for end in (10, 10, 25, len(lines)):
        stream.write_bytes(b"".join(lines[:end]))
        done = run("watch", stream, "--state", state)
        assert done.returncode == 0, done.stderr
        said += done.stdout

    assert heads(said) == heads(run("watch", TIMELINE).stdout)
    exported = run("journal", "export", "--state", state).stdout
    assert len(exported.splitlines()) == len(lines)
    replay = tmp_path / "export.jsonl"
    replay.write_bytes(exported)
    assert heads(run("watch", replay).stdout) == heads(said)


def opened(minutes_ago: float, incident: str) -> bytes:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    event = {
        "type": "incident.opened", "at": at.isoformat(), "incident": incident, "kind": "outage",
        "severity": "critical", "title": incident,
    }  # fmt: skip
    return json.dumps(event).encode() + b"\n"


def test_what_is_there_already_is_not_late(tmp_path: Path) -> None:
    """A start with the last hours of a file, or of a pipe, sees them as they happened."""
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    begun = datetime.now(UTC) - timedelta(minutes=50)
    comments = [
        {"type": "comment.received", "at": (begun + timedelta(seconds=n)).isoformat(), "page": "p",
         "post": "q", "comment": str(n)}
        for n in range(2_500)
    ]  # fmt: skip
    stream.write_text(
        "".join(json.dumps(one) + "\n" for one in (PAGE, *comments)), encoding="utf-8"
    )
    with running("watch", stream, "--follow", "--state", state) as watch:
        with stream.open("ab") as file:
            file.write(opened(0, "last"))
        watch.until(b'"last"')
    for given in (state, tmp_path / "file.db", tmp_path / "pipe.db"):
        if given.name == "file.db":
            assert run("watch", stream, "--state", given).returncode == 0
        elif given.name == "pipe.db":
            done = run("watch", "-", "--state", given, given=stream.read_bytes())
            assert done.returncode == 0
        events = run("journal", "export", "--state", given).stdout.splitlines()
        kept = [json.loads(line) for line in events]
        assert [e["at"] for e in kept if e["type"] == "comment.received"] == [
            e["at"] for e in comments
        ]


def test_who_wrote_is_kept_only_where_asked(tmp_path: Path) -> None:
    comment = {
        "type": "comment.received", "at": "2026-01-01T00:00:00Z", "page": "p", "post": "q",
        "comment": "c", "author": "Jo Lind",
    }  # fmt: skip
    for options, kept in (((), False), (("--keep-authors",), True)):
        state = tmp_path / f"{kept}.db"
        given = json.dumps(comment).encode()
        assert run("watch", "-", "--state", state, *options, given=given).returncode == 0
        exported = run("journal", "export", "--state", state).stdout
        assert (b"Jo Lind" in exported) is kept
        assert (b"Jo Lind" in state.read_bytes()) is kept


def test_a_file_is_followed_past_faulty_lines_and_rotation(tmp_path: Path) -> None:
    stream = tmp_path / "stream.jsonl"
    page = {"type": "page.described", "at": "2026-01-01T00:00:00Z", "page": "p", "platform": "x"}
    stream.write_bytes(json.dumps(page).encode() + b"\n")
    with running("watch", stream, "--follow", "--state", tmp_path / "crisis.db") as watch:
        with stream.open("ab") as file:
            whole = opened(1, "first")
            file.write(b"no event\n" + whole[:30])
            file.flush()
            file.write(whole[30:])
        watch.until(b'"first"')
        stream.rename(tmp_path / "stream.jsonl.1")
        stream.write_bytes(opened(0, "second"))
        watch.until(b'"second"')
    assert watch.process.returncode == 0
    exported = run("journal", "export", "--state", tmp_path / "crisis.db").stdout
    assert [json.loads(line)["type"] for line in exported.splitlines()] == [
        "page.described", "incident.opened", "incident.opened",
    ]  # fmt: skip


RULE = (
    "id: soon\ntitle: {{en: Soon, fr: Vite}}\nseverity: critical\nabout: page\n"
    "expect: {{post.kind: [incident_status]}}\nwithin: {within}\nof: incident.aware_at\n"
    "recommend: {{action: publish-status, say: {{en: write, fr: écrivez}}}}\n"
    "because: {{en: People ask, fr: On la demande}}\nsources: [{{title: us}}]\n"
)
PAGE = {"type": "page.described", "at": "2026-01-01T00:00:00Z", "page": "p", "platform": "x"}


def house(folder: Path, within: str) -> Path:
    """A playbook of one rule."""
    (folder / "house").mkdir(exist_ok=True)
    (folder / "house/soon.yaml").write_text(RULE.format(within=within), encoding="utf-8")
    playbook = folder / "crisis.yaml"
    playbook.write_text("name: ours\nrules: [house]\n")
    return playbook


def test_time_passes_without_events(tmp_path: Path) -> None:
    """A deadline that lies a moment ahead passes although nothing more is written."""
    playbook, stream = house(tmp_path, "2s"), tmp_path / "stream.jsonl"
    stream.write_bytes(json.dumps(PAGE).encode() + b"\n" + opened(0, "i1"))
    with running("watch", stream, "--follow", "--playbook", playbook) as watch:
        assert json.loads(watch.until(b'"overdue"'))["recommendation"]["rule"] == "soon"


def test_a_changed_rule_is_taken_over_and_a_faulty_one_is_not(tmp_path: Path) -> None:
    playbook, stream = house(tmp_path, "2h"), tmp_path / "stream.jsonl"
    stream.write_bytes(json.dumps(PAGE).encode() + b"\n" + opened(1, "i1"))
    state = tmp_path / "crisis.db"
    arguments = ("watch", stream, "--follow", "--playbook", playbook, "--state", state)
    with running(*arguments) as watch:
        watch.until(b'"opened"')
        rule = tmp_path / "house/soon.yaml"
        rule.write_text(rule.read_text(encoding="utf-8") + "sevrity: info\n", encoding="utf-8")
        watch.says(b"was not taken over")
        assert b"did you mean `severity`" in watch.says(b"soon.yaml")
        rule.write_text(RULE.format(within="2h").replace("soon", "later"), encoding="utf-8")
        rule.rename(tmp_path / "house/later.yaml")
        assert watch.says(b"+ ") == b"+ later page p\n"
        assert watch.says(b"- ") == b"- soon page p\n"
        watch.says(b"is in force")
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(PATIENCE) == 0
    # the checkpoint is of the changed playbook
    assert run("watch", stream, "--playbook", playbook, "--state", state).stderr == b""
    changed = run("watch", stream, "--playbook", house(tmp_path, "3h"), "--state", state)
    assert changed.returncode == 0
    assert b"warning evaluated-anew" in changed.stderr


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetch(address: str, data: bytes | None = None) -> bytes:
    for _ in range(int(PATIENCE / 0.1)):
        try:
            with urllib.request.urlopen(address, data=data, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
                return bytes(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"nobody listens on {address}")


def test_events_over_http_are_answered_when_durable(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "crisis.db"
    address = f"http://127.0.0.1:{port}"
    page = {"type": "page.described", "at": "2026-01-01T00:00:00Z", "page": "p", "platform": "x"}
    with running("watch", "--listen", f"127.0.0.1:{port}", "--state", state) as watch:
        assert json.loads(fetch(f"{address}/health"))["status"] == "ok"
        fetch(f"{address}/events", json.dumps(page).encode())
        fetch(f"{address}/events", opened(1, "i1"))
        watch.process.kill()
    assert len(run("journal", "export", "--state", state).stdout.splitlines()) == 2


@contextmanager
def mastodon() -> Iterator[str]:
    """The server of the example; its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "live/fake_mastodon.py", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_a_server_is_asked_and_after_a_kill_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    port, state = free_port(), tmp_path / "crisis.db"
    address = f"http://127.0.0.1:{port}"
    accounts = EXAMPLES / "live/accounts.yaml"
    with mastodon() as server:
        arguments = (
            "watch", "--poll", f"mastodon={server}", "--accounts", accounts, "--state", state,
            "--listen", f"127.0.0.1:{port}",
        )  # fmt: skip
        for start in range(3):
            with running(*arguments) as watch:
                fetch(f"{address}/health")
                until = time.monotonic() + PATIENCE
                metrics = b""
                while (
                    time.monotonic() < until and b'poll_failing{source="mastodon"} 0' not in metrics
                ):
                    metrics = fetch(f"{address}/metrics")
                    time.sleep(0.1)
                if start == 0:
                    fetch(f"{address}/events", opened(0, "payments"))
                    told = json.loads(watch.until(b'"payments"'))
                    assert told["recommendation"]["brand"] == "default"
                watch.process.kill()
            events = [
                json.loads(line)
                for line in run("journal", "export", "--state", state).stdout.splitlines()
            ]
            known = [event["id"] for event in events if "id" in event]
            assert len(known) == len(set(known))
            kinds = [event["type"] for event in events]
            # our three pages, and the one again with its audience
            assert (kinds.count("page.described"), kinds.count("post.published")) == (4, 1)
            assert kinds.count("comment.received") >= 6


def test_a_page_that_says_nothing_is_asked_for_a_status(tmp_path: Path) -> None:
    """Which accounts are ours is known before anything comes from them."""
    accounts, port = tmp_path / "accounts.yaml", free_port()
    accounts.write_text('accounts: {facebook: {"1024": silent}, pagerduty: {P1: {brand: b}}}\n')
    address = f"127.0.0.1:{port}"
    with running("watch", "--listen", address, "--accounts", accounts) as watch:
        fetch(f"http://{address}/health")
        fetch(f"http://{address}/events", opened(0, "i1"))
        told = json.loads(watch.until(b"dedicated-status-missing"))["recommendation"]
        assert told["page"] == "silent"


def test_a_source_that_does_not_answer_is_told_and_shown(tmp_path: Path) -> None:
    port = free_port()
    nobody = f"mastodon=http://127.0.0.1:{free_port()}"
    accounts = EXAMPLES / "live/accounts.yaml"
    with running(
        "watch", "--poll", nobody, "--accounts", accounts, "--listen", f"127.0.0.1:{port}"
    ) as watch:
        assert b"warning poll-failing: no connection" in watch.says(b"--poll")
        status = json.loads(fetch(f"http://127.0.0.1:{port}/health"))
        assert status["status"] == "ok"
        assert "no connection" in status["polls"]["mastodon"]
        metrics = fetch(f"http://127.0.0.1:{port}/metrics")
        assert b'crisisrules_poll_failing{source="mastodon"} 1' in metrics


def test_an_acknowledgement_is_recorded_and_a_wrong_name_is_not(tmp_path: Path) -> None:
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    page = {"type": "page.described", "at": "2026-01-01T00:00:00Z", "page": "p", "platform": "x"}
    stream.write_bytes(json.dumps(page).encode() + b"\n" + opened(1, "i1"))
    told = changes(run("watch", stream, "--state", state).stdout)
    recommendation = told[0]["recommendation"]
    assert isinstance(recommendation, dict)
    name = str(recommendation["id"])

    wrong = run("ack", name[:-1] + "#", "--state", state)
    assert wrong.returncode == 2
    assert b"did you mean" in wrong.stderr
    done = run("ack", name, "--state", state, "--by", "Ana")
    assert done.returncode == 0, done.stderr

    last = run("journal", "export", "--state", state).stdout.splitlines()[-1]
    assert json.loads(last)["name"] == "recommendation.acknowledged"
    listed = run("ack", "--state", state).stdout.decode()
    assert f"{name}  " in listed
    assert "    acknowledged by Ana\n" in listed
    # by its rule, as only one of it is open
    rule = str(recommendation["rule"])
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    snooze = ("--snooze", until, "--reason", "asleep", "--by", "Bo")
    assert run("ack", rule, "--state", state, *snooze).returncode == 0
    assert "    snoozed by Bo until " in run("ack", "--state", state).stdout.decode()
    for bad in (("--by", "Ana"), ("no-such-rule",), (rule, "--snooze", until)):
        assert run("ack", "--state", state, *bad).returncode == 2
    other = tmp_path / "crisis.yaml"
    other.write_text("extends: base\nname: ours\n")
    assert b"another-playbook" in run("ack", "--state", state, "--playbook", other).stderr
    # and the journal still opens and goes on
    assert run("watch", stream, "--state", state).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "give a file"),
        (("missing.jsonl",), "missing.jsonl"),
        (("missing.jsonl", "--follow"), "missing.jsonl"),
        (("--listen", "nowhere"), "is not an address"),
        (("-", "--notify", "slak://x"), "of no kind that is known"),
        (("-", "--state", "missing/crisis.db"), "missing/crisis.db"),
        (("-", "--routes", "missing.yaml"), "missing.yaml"),
        (("-", "--accounts", "missing.yaml"), "missing.yaml"),
        (("--poll", "mastodn=https://a.example"), "did you mean `mastodon`"),
        (("--poll", "mastodon=https://a.example"), "--accounts"),
    ],
)
def test_what_makes_no_sense_exits_2_with_a_message(arguments: tuple[str, ...], word: str) -> None:
    done = run("watch", *arguments)
    assert done.returncode == 2
    assert word in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@contextmanager
def receiving(refusals: list[int]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """An address that takes CloudEvents, after it refused some, and those that it took."""
    got: list[dict[str, object]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = refusals.pop() if refusals else 204
            if status == 204:
                got.append(json.loads(body))
            # whoever was killed meanwhile does not hear it
            with suppress(OSError):
                self.send_response(status)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_machines_are_told_once_as_cloud_events(tmp_path: Path) -> None:
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    stream.write_bytes(json.dumps(PAGE).encode() + b"\n" + opened(1, "i1"))
    with receiving([503]) as (address, got):
        with running("watch", stream, "--follow", "--state", state, "--notify", address):
            # refused at first, and tried again
            until = time.monotonic() + PATIENCE
            while not got and time.monotonic() < until:
                time.sleep(0.1)
        again = run("watch", stream, "--state", state, "--notify", address)
        assert again.returncode == 0, again.stderr
    assert {one["specversion"] for one in got} == {"1.0"}
    assert len(got) == len({one["id"] for one in got}) > 0


def test_a_fault_at_the_end_of_a_file_leaves_nobody_untold(tmp_path: Path) -> None:
    stream = tmp_path / "stream.jsonl"
    stream.write_bytes(json.dumps(PAGE).encode() + b"\n" + opened(1, "i1") + b"no event\n")
    with receiving([]) as (address, got):
        done = run("watch", stream, "--notify", address)
        assert done.returncode == 2
        assert b"stream.jsonl:3" in done.stderr
    assert got


def test_killed_again_and_again_machines_are_told_all_and_nothing_under_another_key(
    tmp_path: Path,
) -> None:
    with receiving([]) as (address, got):
        assert run("watch", TIMELINE, "--notify", address).returncode == 0
        whole = {one["id"]: one["type"] for one in got}
        got.clear()
        arguments = ("watch", TIMELINE, "--state", tmp_path / "crisis.db", "--notify", address)
        chance = random.Random(20120706)
        ends = 0
        while ends < 6:
            process = subprocess.Popen(
                [*COMMAND, *map(str, arguments)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # some while it starts, most while it writes and tells
            if ends % 2:
                number = len(got)
                until = time.monotonic() + 5
                while len(got) < number + 3 and process.poll() is None and time.monotonic() < until:
                    time.sleep(0.001)
            else:
                time.sleep(chance.uniform(0.2, 2.0))
            process.kill()
            process.wait(PATIENCE)
            ends += 1
        assert run(*arguments).returncode == 0
        assert {one["id"]: one["type"] for one in got} == whole
        assert len(whole) > 50


def test_a_disk_that_takes_no_more_is_told_and_loses_nothing_that_was_accepted(
    tmp_path: Path,
) -> None:
    resource = pytest.importorskip("resource")
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    begun = datetime.now(UTC) - timedelta(days=1)
    lines = [
        {"type": "comment.received", "at": (begun + timedelta(seconds=n)).isoformat(), "page": "p",
         "post": "q", "comment": str(n), "text": "x" * 200}
        for n in range(3_000)
    ]  # fmt: skip
    stream.write_text("".join(json.dumps(one) + "\n" for one in (PAGE, *lines)), encoding="utf-8")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    done = subprocess.run(
        [*COMMAND, "watch", str(stream), "--state", str(state)],
        preexec_fn=limit,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count(b"error disk-failing") == 1
    before = run("journal", "export", "--state", state).stdout.splitlines()
    assert 0 < len(before) < len(lines)
    assert run("watch", stream, "--state", state).returncode == 0
    after = run("journal", "export", "--state", state).stdout.splitlines()
    assert len(after) == len(lines) + 1
    assert after[: len(before)] == before


def test_an_interrupt_ends_a_watch_of_a_silent_pipe() -> None:
    process = subprocess.Popen(
        [*COMMAND, "watch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(PAGE).encode() + b"\n" + opened(1, "i1"))
    process.stdin.flush()
    # what a pipe says is told while it is still open
    assert b'"opened"' in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert process.communicate()[1] == b""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_watch_quietly_with_a_checkpoint(
    tmp_path: Path, ending: signal.Signals
) -> None:
    stream, state = tmp_path / "stream.jsonl", tmp_path / "crisis.db"
    stream.write_bytes(json.dumps(PAGE).encode() + b"\n" + opened(1, "i1"))
    with running("watch", stream, "--follow", "--state", state) as watch:
        watch.until(b'"i1"')
        watch.process.send_signal(ending)
        assert watch.process.wait(PATIENCE) == 0
    assert watch.complaints.empty()
    # what is old may be pruned once a checkpoint covers it
    with sqlite3.connect(state) as journal:
        assert journal.execute("SELECT seq FROM checkpoints").fetchall() == [(2,)]
    journal.close()
