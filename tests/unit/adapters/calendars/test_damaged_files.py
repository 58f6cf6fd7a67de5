"""Damaged files are read or refused, and nothing else happens."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crisisrules.adapters.calendars import allowances_of, read_calendar, write_calendar
from crisisrules.model.calendar import Verdict
from crisisrules.model.errors import InputError

DATA = Path(__file__).parent / "data"
FILES = sorted(
    path for path in DATA.iterdir() if path.suffix != ".expected" and not path.name.startswith(".")
)
AS_OF = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)
PIECES = (
    *(
        b'"',
        b";",
        b",",
        b"\n",
        b"\r",
        b"\t",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"{",
        b"[",
        b"]",
        b"}",
    ),
    *(
        b"\\",
        b"9999999999999",
        b"-1",
        b"=",
        b"\xe9",
        b"31/02/2026",
        b"24:61",
        b"INTERVAL=0",
        b"null",
    ),
    *(
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"RRULE:FREQ=DAILY\r\n",
        b"NaN",
        b"1e999",
        b"<p",
        b"T25",
    ),
)

changes = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=5,
)


def damaged(content: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in edits:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


def inside(content: bytes, part: int, edits: list[tuple[float, int, bytes]]) -> bytes:
    """A workbook with one of its parts damaged, its archive whole."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        names = old.namelist()
        for name in names:
            data = old.read(name)
            new.writestr(name, damaged(data, edits) if name == names[part % len(names)] else data)
    return result.getvalue()


def exercise(name: str, content: bytes) -> None:
    """Read, and write what could be read; only an InputError may come out."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            calendar = read_calendar(path, timezone="Europe/Paris", as_of=AS_OF)
            allowances_of(calendar)
        except InputError:
            return
        verdicts = {item.item: Verdict("hold", "=x") for item in calendar.items}
        path.write_bytes(write_calendar(calendar, verdicts, content))
        assert write_calendar(calendar, {}, content) == content


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(FILES), edits=changes)
@example(DATA / "dates-open.csv", [(0.45, 5, b"00/00")])
@example(DATA / "series.ics", [(0.42, 0, b";INTERVAL=0")])
def test_damaged_files_are_read_or_refused(
    path: Path, edits: list[tuple[float, int, bytes]]
) -> None:
    exercise(path.name, damaged(path.read_bytes(), edits))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(part=st.integers(0, 20), edits=changes)
def test_damaged_parts_of_a_workbook_are_read_or_refused(
    part: int, edits: list[tuple[float, int, bytes]]
) -> None:
    exercise("sheets.xlsx", inside((DATA / "sheets.xlsx").read_bytes(), part, edits))
