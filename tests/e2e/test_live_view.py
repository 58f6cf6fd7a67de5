"""The live view as a person sees it: `watch` in a terminal of its own, read back from the screen."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pyte
import pytest

fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

COMMAND = [sys.executable, "-m", "crisisrules"]
PATIENCE = 60.0
HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31m\u202e\r\n\x9b1A[bold]x[/bold] [link=http://a.example]y[/link]"
)
SHOWN = r"\x1b]0;owned\x07\x1b[2J\x1b[31m\u202e\r\n\x9b1A[bold]x[/bold]"
REVERSING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@attrs.define
class Terminal:
    """A terminal with a program in it."""

    handle: int
    process: subprocess.Popen[bytes]
    screen: pyte.Screen
    stream: pyte.ByteStream
    raw: bytearray = attrs.Factory(bytearray)

    def until(self, pattern: str) -> str:
        """The screen once it shows a pattern."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text()):
            assert time.monotonic() < end, f"no {pattern!r} on:\n{self.text()}"
            self.read()
        return self.text()

    def read(self) -> None:
        ready, _, _ = select.select([self.handle], [], [], 0.1)
        if ready:
            data = os.read(self.handle, 65536)
            self.raw += data
            self.stream.feed(data)

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)
        self.process.send_signal(signal.SIGWINCH)


@contextmanager
def terminal(*arguments: str | Path, lines: int = 30, columns: int = 110) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "TZ": "UTC"}
    environment.pop("COLUMNS", None)
    environment.pop("LINES", None)
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    screen = pyte.Screen(columns, lines)
    try:
        yield Terminal(ours, process, screen, pyte.ByteStream(screen))
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(ours)


def at(minutes_ago: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()


def write(path: Path, *events: Mapping[str, object]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


def comments(post: str, number: int, **fields: object) -> list[dict[str, object]]:
    return [
        {"type": "comment.received", "at": at(5 - n / 100), "page": "town", "post": post,
         "comment": f"{post}-{n}", **fields}
        for n in range(number)
    ]  # fmt: skip


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    path = tmp_path / "stream.jsonl"
    write(path, {"type": "page.described", "at": at(99), "page": "town", "platform": "facebook"})
    return path


def test_the_view_shows_clock_agenda_threads_and_events_and_follows(stream: Path) -> None:
    with terminal("watch", stream, "--follow") as seen:
        seen.until("(?s)nothing to do.*page.described  town")
        write(
            stream,
            {"type": "incident.opened", "at": at(9.5), "incident": "i1", "kind": "outage",
             "severity": "critical", "title": "no water", "keywords": ["water"]},
            *comments("p2", 5),
            *comments("p1", 1200),
        )  # fmt: skip
        text = seen.until(r"known for 0:09:[345]\d  no water \(critical\)")
        text = seen.until("1,200 comments  town / p1\\s*\n +5 comments  town / p2")
        assert re.search(
            r"critical │ 0:0\d:\d\d +│ say publicly|critical │ 0:0\d:\d\d +│ publish", text
        )
        assert re.search(r"\d\d:\d\d:\d\d  comment.received  town / p1", text)
        # a countdown counts, without an event
        first = countdown(text)
        seen.until(f"0:0{(first - 2) // 60}:{(first - 2) % 60:02d} +│")
        # what is done goes from the agenda
        write(
            stream,
            {"type": "incident.resolved", "at": at(0), "incident": "i1"},
        )
        seen.until("incident.resolved  i1")
        assert "known for" not in seen.text()


def countdown(text: str) -> int:
    found = re.search(r"│ 0:(\d\d):(\d\d) +│", text)
    assert found is not None, text
    return int(found[1]) * 60 + int(found[2])


def test_it_speaks_french(stream: Path) -> None:
    opened = {
        "type": "incident.opened", "at": at(40), "incident": "i1", "kind": "outage",
        "severity": "major", "title": "plus d'eau",
    }  # fmt: skip
    write(stream, opened)
    with terminal("watch", stream, "--follow", "--lang", "fr") as seen:
        text = seen.until(r"connu depuis 0:40:\d\d  plus d'eau")
        assert re.search(r"retard 0:\d\d:\d\d +│ publiez", text)


def test_a_hostile_text_moves_nothing_in_the_view(stream: Path) -> None:
    write(
        stream,
        {"type": "post.published", "at": at(60), "page": "town", "post": f"p{HOSTILE}", "text": HOSTILE},
        {"type": "incident.opened", "at": at(20), "incident": f"i{HOSTILE}", "kind": "outage",
         "severity": "critical", "title": f"water {HOSTILE}", "keywords": ["water"]},
        *comments(f"p{HOSTILE}", 60, text=f"water {HOSTILE}" * 20, author=HOSTILE),
        {"type": "comment.received", "at": at(0), "page": HOSTILE, "post": "\ud83d\udea8 @everyone",
         "comment": HOSTILE, "text": "x" * 1_000_000},
    )  # fmt: skip
    with terminal("watch", stream, "--follow", columns=160) as seen:
        text = seen.until("comment.received  .*@everyone")
        assert f"water {SHOWN}" in text
        assert f"60 comments  town / p{SHOWN}" in text
        assert "[bold]x[/bold]" in text
        raw = seen.raw.decode()
        # no title, no clearing, no 8-bit control, no colour and no order but the view's own
        assert "\x1b]" not in raw
        assert "\x1b[2J" not in raw
        assert "\x1b[31m" not in raw
        assert "\x9b" not in raw
        assert not REVERSING & set(raw)
        assert seen.screen.title == ""


def test_the_view_fits_whatever_the_terminal_is_made(stream: Path) -> None:
    for number in range(4):
        opened = {
            "type": "incident.opened", "at": at(20), "incident": f"i{number}", "kind": "outage",
            "severity": "critical", "title": f"outage {number} " + "of a long name " * 9,
        }  # fmt: skip
        write(stream, opened)
    write(stream, *comments("p1", 9))
    with terminal("watch", stream, "--follow", lines=40) as seen:
        assert "9 comments" in seen.until("known for .* outage 3")
        assert "dedicated-status" in seen.text()
        seen.resize(12, 50)
        text = seen.until("outage 0 of a long name .*…")
        assert "rules" not in seen.until("critical │ late 0")
        assert len([line for line in text.splitlines() if line.strip()]) <= 12
        seen.resize(5, 30)
        seen.until("critical")
        seen.resize(40, 110)
        seen.until("(?s)known for .* outage 3.*dedicated-status.*9 comments")
        seen.process.send_signal(signal.SIGINT)
        assert seen.process.wait(PATIENCE) == 0
        seen.read()
        assert not seen.screen.cursor.hidden
        assert b"Traceback" not in seen.raw


def test_a_faulty_line_is_told_above_the_view_without_its_escapes(stream: Path) -> None:
    with terminal("watch", stream, "--follow", columns=250) as seen:
        seen.until("nothing to do")
        write(stream, {"type": "clok\x1b]0;owned\x07", "at": at(0)})
        text = seen.until("unknown-type")
        assert r"`clok\u001b]0;owned\u0007`" in text
        assert seen.screen.title == ""
        seen.until("(?s)unknown-type.*nothing to do")
