"""Bad input through the installed command: exit 2, the place, the nearest match, never a traceback."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TIMELINE = ROOT / "examples" / "orange-2012" / "timeline.jsonl"
COMMAND = Path(sysconfig.get_path("scripts")) / "crisisrules"
AT = '"at":"2026-01-01T10:00:00Z"'
CLOCK = f'{{"type":"clock",{AT}}}\n'
DEEP = 200_000


def refused(folder: Path, *arguments: str | Path) -> list[str]:
    """What a command says of its bad input, line by line."""
    done = subprocess.run(
        [COMMAND, *arguments], cwd=folder, capture_output=True, timeout=60, check=False
    )
    said = done.stderr.decode()
    assert done.returncode == 2, (done.stdout, said)
    assert done.stdout == b""
    assert "Traceback" not in said
    # one line a fault, short enough to read: a hostile file is not printed back
    lines = said.splitlines()
    assert lines
    assert all(len(line) < 400 for line in lines)
    return lines


STREAMS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "bad: error nothing-read:"),
    "blank lines": ("\n\n \n", "bad: error nothing-read:"),
    "truncated": (CLOCK + '{"type":"clock","at":"2026-01-01T1', "bad:2:22: error not-json:"),
    "not UTF-8": (CLOCK.encode() + b'{"type":"clock\xff"}\n', "bad:2:15: error not-utf8:"),
    "not an object": (CLOCK + '["clock"]\n', "bad:2:1: error not-an-object:"),
    "nested": (CLOCK + "[" * DEEP + "\n", "bad:2:65: error not-json: nested deeper than"),
    "nested in a field": (
        f'{{"type":"record",{AT},"name":"n","of":' + '{"a":' * DEEP + "\n",
        "bad:1:",
    ),
    "unknown type": (
        f'{{"type":"comment.recieved",{AT}}}\n',
        "`comment.recieved` is not an event type; did you mean `comment.received`?",
    ),
    "unknown field": (
        f'{{"type":"post.published",{AT},"page":"p","post":"x","txt":"t"}}\n',
        "did you mean `text`?",
    ),
    "wrong type": (
        f'{{"type":"post.published",{AT},"page":"p","post":7}}\n',
        "error wrong-type: `post` must be a text",
    ),
    "missing field": (f'{{"type":"post.published",{AT},"page":"p"}}\n', "`post`"),
    "missing time": ('{"type":"clock"}\n', "`at`"),
    "negative count": (
        f'{{"type":"post.counted",{AT},"page":"p","post":"x","comments":-1}}\n',
        "error out-of-range: `comments` is `-1`, which is negative",
    ),
    "not a number": (
        f'{{"type":"post.counted",{AT},"page":"p","post":"x","comments":NaN}}\n',
        "bad:1:",
    ),
    "unknown word": (
        f'{{"type":"incident.opened",{AT},"incident":"i","kind":"outtage","severity":"major"}}\n',
        "did you mean `outage`?",
    ),
    "time without offset": (
        '{"type":"clock","at":"2026-01-01T10:00:00"}\n',
        "bad:1:22: error not-an-instant: `at`: `2026-01-01T10:00:00` has no offset",
    ),
    "no such day": ('{"type":"clock","at":"2026-02-30T10:00:00Z"}\n', "bad:1:22: error"),
    "time going back": (
        CLOCK + CLOCK.replace("T10", "T09"),
        "bad:2: error goes-back: `at` goes back",
    ),
    "duplicate key": (
        f'{{"type":"clock",{AT},"type":"clock"}}\n',
        "bad:1:",
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_replay_refuses_a_stream(tmp_path: Path, name: str) -> None:
    content, expected = STREAMS[name]
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "bad").write_bytes(data)

    assert expected in refused(tmp_path, "replay", "bad")[0]


def test_all_faults_of_a_stream_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text(
        '{"type":"clok","at":"2026-01-01T10:00:00Z"}\n'
        + CLOCK
        + '{"type":"clock","at":"2026-01-01T10:00:00"}\nnot json\n',
        encoding="utf-8",
    )
    lines = refused(tmp_path, "replay", "bad")

    assert [line.split(":")[1] for line in lines[:3]] == ["1", "3", "4"]
    assert lines[-1] == "3 errors, nothing was evaluated"


def bomb(levels: int = 12) -> str:
    first = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
    rest = (
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 8)}]\n" for level in range(1, levels)
    )
    return first + "".join(rest)


PLAYBOOKS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "bad.yaml:1:1: error empty:"),
    "not UTF-8": (b"extends: \xff\n", "bad.yaml:1:10: error encoding: the byte 0xff"),
    "not a mapping": ("- base\n", "bad.yaml:1:1: error"),
    "extends itself": ("extends: bad.yaml\n", "bad.yaml:1:10: error extends-cycle:"),
    "extends itself by a detour": ("extends: ./rules/../bad.yaml\n", "bad.yaml:1:10: error"),
    "extends what is not there": ("extends: bse\n", "bad.yaml:1:10: error missing-file: `bse`"),
    "alias bomb": (bomb(), "bad.yaml:1:5: error anchor: `&a0`"),
    "tag that would run code": (
        'extends: base\nparameters: !!python/object/apply:os.system ["touch ran"]\n',
        "bad.yaml:2:13: error tag: `!!python/object/apply:os.system`",
    ),
    "second document": (
        "extends: base\n---\nextends: base\n",
        "bad.yaml:2:1: error second-document",
    ),
    "nested": ("extends: " + "[" * DEEP, "bad.yaml:1:49: error too-deep:"),
    "nested by lines": (
        "".join(f"{' ' * level}a:\n" for level in range(2_000)),
        "bad.yaml:",
    ),
    "duplicate key": (
        "extends: base\nextends: base\n",
        "bad.yaml:2:1: error duplicate-key: `extends` is given twice",
    ),
    "unknown key": ("extends: base\nparamaters: {}\n", "did you mean `parameters`?"),
    "unknown parameter": (
        "extends: base\nparameters: {split_afer: 300}\n",
        "2:14: error unknown-parameter: `split_afer` is not a parameter; did you mean `split_after`?",
    ),
    "value out of range": (
        "extends: base\nparameters: {split_after: 3}\n",
        "bad.yaml:2:27: error out-of-range: `split_after`",
    ),
    "wrong type": (
        "extends: base\nparameters: {split_after: many}\n",
        "bad.yaml:2:27: error wrong-type: `split_after`",
    ),
    "unknown rule": (
        "extends: base\ndisable: [{rule: oversized-tread, reason: r, until: 2099-01-01}]\n",
        "did you mean `oversized-thread`?",
    ),
}

COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "replay": ("replay", TIMELINE),
    "check": ("check", "calendar.csv", "--tz", "Europe/Paris"),
    "draft": ("draft", "draft.txt"),
    "explain": ("explain", "oversized-thread"),
    "test": ("test",),
    "rules list": ("rules", "list"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which every command would find what it needs."""
    (tmp_path / "calendar.csv").write_text(
        "date,platform,text\n2026-03-01 10:00,facebook,Bonjour\n", encoding="utf-8"
    )
    (tmp_path / "draft.txt").write_text("The network is down in Lyon.\n", encoding="utf-8")
    (tmp_path / "mine.test.yaml").write_text("rule: oversized-thread\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_refused(folder: Path, name: str) -> None:
    content, expected = PLAYBOOKS[name]
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "bad.yaml").write_bytes(data)

    said = refused(folder, *COMMANDS["replay"], "--playbook", "bad.yaml")
    assert expected in said[0]
    assert not (folder / "ran").exists()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["unknown parameter", "alias bomb", "extends itself"])
def test_every_command_says_the_same_of_a_playbook(folder: Path, command: str, name: str) -> None:
    content, expected = PLAYBOOKS[name]
    assert isinstance(content, str)
    (folder / "bad.yaml").write_text(content, encoding="utf-8")

    assert expected in refused(folder, *COMMANDS[command], "--playbook", "bad.yaml")[0]


@pytest.mark.parametrize("value", ["many", "-4", "[3]", "2.5"])
def test_a_wrong_value_is_one_fault(folder: Path, value: str) -> None:
    (folder / "bad.yaml").write_text(
        f"extends: base\nparameters: {{split_after: {value}}}\n", encoding="utf-8"
    )

    assert len(refused(folder, *COMMANDS["replay"], "--playbook", "bad.yaml")) == 1


def test_playbooks_that_extend_each_other(folder: Path) -> None:
    (folder / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (folder / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")

    said = refused(folder, *COMMANDS["replay"], "--playbook", "a.yaml")
    assert "error extends-cycle:" in said[0]


def test_all_faults_of_a_playbook_are_told_at_once(folder: Path) -> None:
    (folder / "bad.yaml").write_text(
        "extends: base\nparameters: {split_afer: 300}\nparamaters: {}\n"
        "disable: [{rule: oversized-tread}]\n",
        encoding="utf-8",
    )
    said = refused(folder, *COMMANDS["replay"], "--playbook", "bad.yaml")

    assert [line.split()[2] for line in said[:-1]] == [
        "unknown-parameter:",
        "unknown-key:",
        "missing-key:",
        "unknown-rule:",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("replay", "none.jsonl"), "none.jsonl: error missing-file:"),
        (("check", "none.csv"), "none.csv: error"),
        (("draft", "none.txt"), "none.txt: error missing-file:"),
        (("signals", "none.jsonl"), "none.jsonl: error missing-file:"),
        (("test", "none.test.yaml"), "none.test.yaml: error missing-file:"),
        (("replay", "."), "error"),
        (("check", "."), "error"),
        (("draft", "."), "error"),
        (("signals", "."), "error"),
        (("rpelay", TIMELINE), "did you mean `replay`?"),
        (("replay",), "is missing"),
        (("replay", TIMELINE, "--pge", "p"), "did you mean `--page`?"),
        (("replay", TIMELINE, "--engine", "durabel"), "did you mean `durable`?"),
        (("replay", TIMELINE, "--page", "orange-f"), "did you mean `orange-fr`?"),
        (("replay", TIMELINE, "--until", "2012-07-06T18:00"), "has no offset"),
        (("replay", TIMELINE, "--fail-on", "crticial"), "did you mean `critical`?"),
        (("replay", TIMELINE, "--format", "jsn"), "did you mean `json`?"),
        (("explain", "oversized-tread"), "did you mean `oversized-thread`?"),
        (("rules", "show", "oversized-tread"), "did you mean `oversized-thread`?"),
        (("check", "calendar.csv", "--tz", "Europe/Pari"), "did you mean `Europe/Paris`?"),
        (("draft", "draft.txt", "--incident", "x"), "`--incident` needs `--incidents`"),
    ],
)
def test_a_command_line_is_refused(
    folder: Path, arguments: tuple[str | Path, ...], expected: str
) -> None:
    assert expected in refused(folder, *arguments)[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "bad: error nothing-read:"),
        (b"[1]\n", "bad:1: error not-an-object:"),
        (b'{"text": "a"\n', "bad:1:"),
        (b'{"text": "\xff"}\n', "bad:1: error not-utf8:"),
        (b"[" * DEEP, "nested deeper than"),
        (b'{"text": "a"}\n{"txt": "b"}\n', "bad:2: error"),
        (b'{"text": 7}\n', "bad:1: error"),
    ],
)
def test_signals_refuses_texts(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "bad").write_bytes(content)

    assert expected in refused(tmp_path, "signals", "bad")[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "bad.txt: error nothing-read:"), (b"a \xff b", "bad.txt:1: error not-utf8:")],
)
def test_draft_refuses_a_text(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "bad.txt").write_bytes(content)

    assert expected in refused(tmp_path, "draft", "bad.txt")[0]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"date,text\n2026-13-45,Bonjour\n"])
def test_check_refuses_a_calendar(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.csv").write_bytes(content)

    assert refused(tmp_path, "check", "bad.csv", "--tz", "UTC")[0].startswith("bad.csv")


@pytest.mark.parametrize("name", ["empty", "nested", "unknown type", "time without offset"])
@pytest.mark.parametrize("command", ["check", "draft"])
def test_incidents_are_refused(folder: Path, command: str, name: str) -> None:
    content, _ = STREAMS[name]
    assert isinstance(content, str)
    (folder / "bad.jsonl").write_text(content, encoding="utf-8")

    said = refused(folder, *COMMANDS[command], "--incidents", "bad.jsonl")
    assert said[0].startswith("bad.jsonl")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "bad.test.yaml:"),
        ("rule: oversized-tread\ncases: []\n", "oversized-tread"),
        ("rule: !!python/name:os.system\n", "error tag:"),
        (bomb(), "error anchor:"),
    ],
)
def test_rule_tests_are_refused(tmp_path: Path, content: str, expected: str) -> None:
    """The report of a test run names what could not be run, beside what failed."""
    (tmp_path / "bad.test.yaml").write_text(content, encoding="utf-8")
    done = subprocess.run(
        [COMMAND, "test", "bad.test.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert expected in done.stdout
    assert "Traceback" not in done.stderr


def test_what_the_public_wrote_is_not_sent_to_the_terminal(tmp_path: Path) -> None:
    """Escapes in a bad field come back as text."""
    (tmp_path / "bad").write_text(
        f'{{"type":"\\u001b]0;owned\\u0007\\u001b[31m",{AT}}}\n', encoding="utf-8"
    )
    said = "".join(refused(tmp_path, "replay", "bad"))

    assert "\x1b" not in said
    assert "\x07" not in said
