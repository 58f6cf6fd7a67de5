"""Formats: ours, those of other packages, and that no library is loaded without need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar, write_calendar
from crisisrules.adapters.calendars.formats import formats
from crisisrules.model.calendar import Verdict
from crisisrules.model.errors import UsageError

PLUG_IN = """
from crisisrules.adapters.calendars import Reading
from crisisrules.model.calendar import CalendarItem


class Lines:
    name = "lines"
    names = ("lines",)

    def fit(self, head):
        return 50 if head.start.startswith("LINES") else 0

    def items(self, head, reading: Reading):
        for number, line in enumerate(head.decoded(1000).splitlines()[1:], start=2):
            reading.rows += 1
            yield CalendarItem(item=reading.unique(line), row=reading.rows, line=number, text=line)

    def marked(self, head, calendar, verdicts):
        held = {item.line for item in calendar.items if item.item in verdicts}
        lines = head.decoded(1000).splitlines()
        kept = [line for number, line in enumerate(lines, start=1) if number not in held]
        return "\\n".join(kept).encode()


broken = 3
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A package with an entry point, as an installer would leave it."""
    (folder / "calendar_of_lines.py").write_text(PLUG_IN, encoding="utf-8")
    info = folder / "calendar_of_lines-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: calendar-of-lines\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[crisisrules.calendars]\nlines = {value}\n")
    monkeypatch.syspath_prepend(str(folder))


def test_another_package_brings_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "calendar_of_lines:Lines")
    path = tmp_path / "plan.txt"
    path.write_text("LINES\nBonjour\nBonsoir\n", encoding="utf-8")
    calendar = read_calendar(path)

    assert (calendar.format, [item.text for item in calendar.items]) == (
        "lines",
        ["Bonjour", "Bonsoir"],
    )
    assert write_calendar(calendar, {"Bonsoir": Verdict("hold", "x")}, path) == b"LINES\nBonjour"


@pytest.mark.parametrize(
    "value", ["calendar_of_lines:broken", "calendar_of_lines:missing", "no_such:x"]
)
def test_a_broken_plug_in_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    install(tmp_path, monkeypatch, value)

    with pytest.raises(UsageError, match=f"`{value}` cannot be used"):
        formats()


def test_names_of_formats_are_unique() -> None:
    names = [name for one in formats() for name in one.names]

    assert len(names) == len(set(names))
    assert {"csv", "ics", "xlsx", "buffer-csv", "mastodon-json"} <= set(names)


def test_a_named_format_wins_over_what_the_file_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("03/04/2026 09:00,Bonjour\n", encoding="utf-8")

    assert read_calendar(path, timezone="UTC", format="hootsuite-csv").format == "hootsuite-csv"
    assert read_calendar(path, timezone="UTC").format == "hootsuite-csv"


SCRIPT = """
import sys
{blocked}
from crisisrules.adapters.calendars import read_calendar
from crisisrules.model.errors import InputError
try:
    read_calendar({path!r}, timezone="Europe/Paris")
except InputError as error:
    print(error)
print(sorted({{"icalendar", "openpyxl", "defusedxml"}} & set(sys.modules)))
"""


def run(path: Path, blocked: str = "") -> list[str]:
    script = SCRIPT.format(path=str(path), blocked=blocked)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_a_table_needs_no_library(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Date,Text\n2026-03-03 09:00,a\n", encoding="utf-8")

    assert run(path) == ["[]"]


@pytest.mark.parametrize(
    ("content", "library"), [(b"PK\x03\x04", "openpyxl"), (b"BEGIN:VCALENDAR\n", "icalendar")]
)
def test_a_missing_library_names_the_extra(tmp_path: Path, content: bytes, library: str) -> None:
    path = tmp_path / "plan"
    path.write_bytes(content)

    told = run(path, blocked=f"sys.modules[{library!r}] = None")[0]
    assert f"needs the library `{library}`, which is not installed" in told
    assert "pip install 'crisisrules[calendar]'" in told
