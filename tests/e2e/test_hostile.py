"""What hostile commenters, incident tools and calendars write reaches every output harmless.

Escapes of terminals, mass mentions, markup, links, orders of reading, formulas, a megabyte: in the texts and
ids of a stream, in titles of incidents, in cells of a calendar and in a draft.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import attrs
import openpyxl
import pytest
from markdown_it import MarkdownIt

from crisisrules.cli import main

ATTACKS = (
    "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f", "\u202e001\u202c\u2066x\u2069\u200b\ufeff",
    "@channel @everyone <!channel> <@U1>", "[your bank](https://bank.example)",
    "![x](http://a.example/x.png) https://bank.example www.bank.example",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt; ]]>",
    "::error file=a::owned\n::set-output name=x::y %0A::stop", "| a | b |\n|---|---|\n# h\n- [ ] x `c` **b**",
    "=HYPERLINK(\"https://bank.example\")", "{brand} {0} %s ${HOME} $(id) `id`",
)  # fmt: skip
HOSTILE = " ".join(ATTACKS)
ALONE = ("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069")
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def stream() -> Sequence[Mapping[str, object]]:
    """An evening in which every text and every id is hostile."""
    page, post = f"page {HOSTILE}", f"post {HOSTILE}"
    texts = [*ATTACKS, HOSTILE, "no water! " + "x" * 1_000_000, "is the water poisoned? " + HOSTILE]
    return [
        {"type": "page.described", "at": at(0), "page": page, "platform": "facebook", "timezone": "UTC",
         "title": HOSTILE},
        {"type": "post.published", "at": at(1), "page": page, "post": post, "text": f"Win! {HOSTILE}",
         "kind": "contest"},
        {"type": "incident.opened", "at": at(10), "incident": f"i {HOSTILE}", "kind": "outage",
         "severity": "critical", "title": f"=no water {HOSTILE}", "keywords": ["water"]},
        *(
            {"type": "comment.received", "at": at(20 + number), "page": page, "post": post,
             "comment": f"{number} {HOSTILE}", "author": HOSTILE, "text": text}
            for number, text in enumerate(texts)
        ),
        {"type": "comment.received", "at": at(40), "page": page, "post": post, "comment": f"s {HOSTILE}",
         "class": "safety", "text": HOSTILE},
        {"type": "comment.removed", "at": at(41), "page": page, "post": post, "comment": f"s {HOSTILE}",
         "removed_by": "brand", "policy": HOSTILE},
        {"type": "reply.published", "at": at(45), "page": page, "post": post, "text": HOSTILE},
        {"type": "record", "at": at(50), "name": f"r {HOSTILE}", "data": {HOSTILE: HOSTILE}},
        {"type": "shift.planned", "at": at(55), "role": HOSTILE, "person": HOSTILE, "note": HOSTILE},
        {"type": "incident.resolved", "at": at(300), "incident": f"i {HOSTILE}"},
    ]  # fmt: skip


@attrs.frozen
class Ground:
    """Files of the test, and the way to the command line."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str | Path, codes: tuple[int, ...] = (0, 1)) -> str:
        """What a command prints, on both channels, checked for what no terminal should get."""
        code = main([str(argument) for argument in arguments])
        printed = self.capture.readouterr()
        assert code in codes, printed.err[:2000]
        moves_nothing(printed.out)
        moves_nothing(printed.err)
        assert len(printed.out) < 3_000_000
        return printed.out

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def ground(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ground:
    lines = "".join(json.dumps(event) + "\n" for event in stream())
    (tmp_path / "stream.jsonl").write_text(lines, encoding="utf-8")
    incident = {
        "type": "incident.opened", "at": at(0), "incident": "i1", "kind": "outage",
        "severity": "critical", "title": f"=cmd {HOSTILE}", "keywords": ["water"],
    }  # fmt: skip
    (tmp_path / "incident.jsonl").write_text(json.dumps(incident) + "\n", encoding="utf-8")
    return Ground(tmp_path, capsys)


def moves_nothing(text: str) -> None:
    """No control but the end of a line, no half of a pair, and nothing that turns the reading round."""
    found = {char for char in text if unicodedata.category(char) in ("Cc", "Cs")} - {"\n"}
    assert not found, found
    assert not set(ALONE) & set(text)


def marks_up_nothing(text: str) -> None:
    """Nothing of the attacks is markup once Markdown is rendered, or a mention in what is left."""
    html = str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    assert not re.search(r"<(script|img|a|input|b|del)\b", html), html[:2000]
    assert html.count("<h1>") == 1
    plain = re.sub(r"<[^>]*>", "", html)
    for trap in ("@channel", "@everyone", "://bank", "www.bank"):
        assert trap not in plain


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "markdown"])
def test_a_replay(ground: Ground, format_: str, language: str) -> None:
    path = ground.folder / "stream.jsonl"
    out = ground.run("replay", path, "--format", format_, "--lang", language)
    if format_ == "markdown":
        marks_up_nothing(out)
    elif format_ == "json":
        found = json.loads(out)["recommendations"]
        assert any(HOSTILE in str(one["page"]) for one in found)
        assert any("=no water" in one["message"] for one in found)
    elif format_ == "jsonl":
        assert all(json.loads(line) for line in out.splitlines())
    else:
        assert "=no water" in out


FORMATS = ("text", "full", "json", "jsonl", "markdown", "sarif", "github", "gitlab", "junit")


def checked(out: str, format_: str) -> None:
    """That a report is of its format, and nothing of the attacks is of it."""
    if format_ in ("json", "sarif", "gitlab"):
        json.loads(out)
    if format_ == "jsonl":
        assert all(json.loads(line) for line in out.splitlines())
    if format_ == "sarif":
        (run,) = json.loads(out)["runs"]
        for one in run["results"]:
            assert not re.search(r"(?<!\\)\[[^\]]*[^\\]\]\(", one["message"]["text"])
    if format_ == "markdown":
        marks_up_nothing(out)
    if format_ == "github":
        lines = out.splitlines()
        assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines)
    if format_ == "junit":
        root = Xml.fromstring(out)  # noqa: S314 - written by us
        known = {"testsuites", "testsuite", "testcase", "failure", "system-out", "error", "skipped"}
        assert {node.tag for node in root.iter()} <= known


CELL = HOSTILE.replace("\x00", "")
"""A file with a NUL is refused as damaged."""

ROWS = (
    ("date", "page", "text"),
    (at(120), f"shop {CELL}", f"Win a voucher! {CELL}"),
    (at(180), "=1+1", "=HYPERLINK(\"https://bank.example\") -30 % on everything"),
    (at(200), "shop", "+cmd|' /C calc'!A0 Sale! " + "x" * 50_000),
)  # fmt: skip


def calendar(folder: Path) -> Path:
    path = folder / "calendar.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


@pytest.mark.parametrize("format_", FORMATS)
def test_a_calendar(ground: Ground, format_: str) -> None:
    path = calendar(ground.folder)
    out = ground.run(
        "check", path, "--incidents", ground.folder / "incident.jsonl", "--tz", "UTC",
        "--as-of", at(60), "--format", format_,
    )  # fmt: skip
    assert "promotion-during-incident" in out
    checked(out, format_)


def test_a_calendar_that_is_written_back(ground: Ground) -> None:
    path, fixed = calendar(ground.folder), ground.folder / "fixed.csv"
    ground.run(
        "check", path, "--incidents", ground.folder / "incident.jsonl", "--tz", "UTC",
        "--as-of", at(60), "--fix", "--output", fixed,
    )  # fmt: skip
    with fixed.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [tuple(row[:3]) for row in rows] == [*ROWS]
    new = [cell for row in rows for cell in row[3:]]
    assert any("=cmd" in cell for cell in new)
    for cell in new:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        moves_nothing(cell)


def test_a_workbook_that_is_written_back(ground: Ground) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ROWS[0], (at(120), "shop", "Win a voucher! [x](https://bank.example)"), ROWS[2]):
        sheet.append([f" {cell}" if cell.startswith("=") else cell for cell in row])
    path, fixed = ground.folder / "calendar.xlsx", ground.folder / "fixed.xlsx"
    book.save(path)
    ground.run(
        "check", path, "--incidents", ground.folder / "incident.jsonl", "--tz", "UTC",
        "--as-of", at(60), "--fix", "--output", fixed,
    )  # fmt: skip
    again = openpyxl.load_workbook(fixed).active
    assert again is not None
    new = [cell for row in again.iter_rows(min_col=4) for cell in row if cell.value is not None]
    assert any("=cmd" in str(cell.value) for cell in new)
    for cell in new:
        assert cell.data_type != "f"
        moves_nothing(str(cell.value))


@pytest.mark.parametrize("name", ["calendar.ics", "calendar.json"])
def test_other_calendars_that_are_written_back(ground: Ground, name: str) -> None:
    when = f"{NOW + timedelta(hours=2):%Y%m%dT%H%M%SZ}"
    text = {
        "calendar.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTAMP:{when}\r\nDTSTART:{when}\r\nSUMMARY:Win a voucher! -30 % on everything\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        "calendar.json": json.dumps(
            [{"type": "item.scheduled", "at": at(0), "page": "shop", "item": "1",
              "publish_at": at(120), "text": "Win a voucher! -30 %", "kind": "promotional"}]
        ),
    }[name]  # fmt: skip
    path, fixed = ground.folder / name, ground.folder / f"fixed-{name}"
    path.write_bytes(text.encode())
    ground.run(
        "check", path, "--incidents", ground.folder / "incident.jsonl", "--tz", "UTC",
        "--as-of", at(60), "--fix", "--output", fixed,
    )  # fmt: skip
    written = fixed.read_bytes().decode()
    assert "=cmd" in written.replace("\r\n ", "")
    moves_nothing(written.replace("\r\n", "\n"))
    if name.endswith(".json"):
        json.loads(written)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_draft(ground: Ground, format_: str) -> None:
    path = ground.file("draft.txt", f"Everything is fine, no water. {HOSTILE}\n")
    out = ground.run(
        "draft", path, "--incidents", ground.folder / "incident.jsonl", "--at", at(60),
        "--format", format_,
    )  # fmt: skip
    checked(out, format_)


@pytest.mark.parametrize("explain", [False, True])
def test_signals(ground: Ground, explain: bool) -> None:
    texts = [HOSTILE, *ATTACKS, "water " * 200_000]
    path = ground.file("texts.jsonl", "".join(json.dumps({"text": t}) + "\n" for t in texts))
    ground.run("signals", path, "--keywords", "water", *(["--explain"] if explain else []))


def test_a_comparison(ground: Ground) -> None:
    playbook = ground.file(
        "crisis.yaml",
        "extends: base\nname: ours\n"
        "disable: [{rule: first-mention-overdue, reason: ours, until: 2099-01-01}]\n",
    )
    for format_ in ("text", "json"):
        path = ground.folder / "stream.jsonl"
        ground.run("compare", "base", playbook, path, "--format", format_, codes=(0, 1, 2))


def test_a_watch_in_a_pipe_and_its_journal(ground: Ground) -> None:
    path, state = ground.folder / "stream.jsonl", ground.folder / "crisis.db"
    out = ground.run("watch", path, "--state", state, "--no-view")
    changes = [json.loads(line) for line in out.splitlines()]
    assert len(changes) > 5
    exported = ground.run("journal", "export", "--state", state)
    lines = [json.loads(line) for line in exported.splitlines()]
    assert len(lines) == len(stream())
    assert lines[1]["text"] == stream()[1]["text"]
    to_file = ground.folder / "export.jsonl"
    ground.run("journal", "export", "--state", state, "--output", to_file)
    assert to_file.read_text(encoding="utf-8") == exported
    ground.run("journal", "list", "--state", state)
    ground.run("ack", f"x {HOSTILE}", "--state", state, codes=(2,))
    told = {change["recommendation"]["id"] for change in changes}
    open_now = [name for name in told if HOSTILE in name]
    assert open_now
    ground.run("ack", open_now[0], "--state", state, "--by", HOSTILE, codes=(0, 2))


@pytest.mark.parametrize(
    "line",
    [
        {"type": HOSTILE, "at": at(0)},
        {"type": "clock", "at": HOSTILE},
        {"type": "clock", "at": at(0), HOSTILE: 1},
        {"type": "post.published", "at": at(0), "page": "p", "post": "q", "kind": HOSTILE},
    ],
)
def test_what_is_wrong_with_a_line(ground: Ground, line: dict[str, object]) -> None:
    path = ground.file("bad.jsonl", json.dumps(line) + "\n")
    for command in ("replay", "watch"):
        ground.run(command, path, codes=(2,))
        ground.run(command, path, "--lenient", codes=(0, 1, 2))


def test_a_name_of_a_file(ground: Ground) -> None:
    name = HOSTILE.replace("/", "").replace("\x00", "")[:80]
    for command in ("replay", "watch", "check", "draft"):
        ground.run(command, ground.folder / name, codes=(2,))
