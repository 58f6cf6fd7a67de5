"""Held posts are marked in the calendar's own format, and nothing else changes."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import attrs
import openpyxl
import pytest

from crisisrules.adapters.calendars import read_calendar, write_calendar
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict

DATA = Path(__file__).parent / "data"
FILES = sorted(
    path for path in DATA.iterdir() if path.suffix != ".expected" and not path.name.startswith(".")
)
AS_OF = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)
REASON = '=promotion, "during" an incident; held'

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(path: Path) -> Calendar:
    return read_calendar(path, timezone="Europe/Paris", as_of=AS_OF)


def holding(calendar: Calendar, *rows: int) -> dict[str, Verdict]:
    return {item.item: Verdict("hold", REASON) for item in calendar.items if item.row in rows}


def fixed(folder: Path, path: Path, *rows: int) -> tuple[bytes, Calendar]:
    """The bytes with some rows held, and what is read from them."""
    new = write_calendar(read(path), holding(read(path), *rows), path)
    copy = folder / path.name
    copy.write_bytes(new)
    return new, read(copy)


def content(item: CalendarItem) -> CalendarItem:
    """An item without its place in the file and without the columns that a fix may add."""
    return attrs.evolve(item, line=0, column=None, fields=())


@every_file
def test_without_a_held_item_the_bytes_stay(path: Path) -> None:
    calendar = read(path)
    verdicts = {item.item: Verdict("review", "unknown") for item in calendar.items}

    assert write_calendar(calendar, verdicts, path.read_bytes()) == path.read_bytes()


@every_file
def test_only_the_held_row_differs(path: Path, tmp_path: Path) -> None:
    before = read(path)
    row = next((item.row for item in before.items if item.state == "scheduled"), None)
    if row is None:
        pytest.skip("nothing in it is scheduled")
    _, after = fixed(tmp_path, path, row)

    held = [item for item in after.items if item.row == row]
    assert held
    assert {item.state for item in held} <= {"held", "draft"}
    assert [content(item) for item in after.items if item.row != row] == [
        content(item) for item in before.items if item.row != row
    ]


@every_file
def test_what_is_held_keeps_its_words(path: Path, tmp_path: Path) -> None:
    before = read(path)
    rows = {item.row for item in before.items}
    _, after = fixed(tmp_path, path, *rows)

    assert [item.text for item in after.items] == [item.text for item in before.items]


@every_file
def test_fixing_twice_is_fixing_once(path: Path, tmp_path: Path) -> None:
    rows = {item.row for item in read(path).items}
    once, after = fixed(tmp_path, path, *rows)

    assert write_calendar(after, holding(after, *rows), once) == once


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in (".csv", ".tsv")], ids=lambda path: path.name
)
def test_other_lines_of_a_table_keep_their_bytes(path: Path) -> None:
    calendar = read(path)
    row = next((item.row for item in calendar.items if item.state == "scheduled"), None)
    if row is None:
        pytest.skip("nothing in it is scheduled")
    new = write_calendar(calendar, holding(calendar, row), path)
    encoding = "utf-16" if path.suffix == ".tsv" else "latin-1"
    old_rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))
    new_rows = list(csv.reader(io.StringIO(new.decode(encoding), newline="")))

    differing = [
        index
        for index, pair in enumerate(zip(old_rows, new_rows, strict=True))
        if pair[0] != pair[1]
    ]
    # the row itself, and the header where a column is added
    assert 1 <= len(differing) <= 2


def held_lines(name: str, *rows: int) -> list[str]:
    """The lines that a fix changes, as they are then."""
    path = DATA / name
    calendar = read(path)
    new = write_calendar(calendar, holding(calendar, *rows), path)
    encoding = "cp1252" if b"\xe9" in new[:60] else "utf-8"
    old_lines = path.read_bytes().decode(encoding).splitlines()
    return [line for line in new.decode(encoding).splitlines() if line not in old_lines]


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        (
            "status-words.csv",
            2,
            [
                "Date,Texte,État,Motif de suspension",
                # the team's own word for it
                '2026-03-03 09:00,b,Reporté,"\'=promotion, ""during"" an incident; held"',
            ],
        ),
        (
            "dates-day-first.csv",
            1,
            [
                "Date,Text,Status,Hold reason",
                '03/04/2026 09:00,one,on hold,"\'=promotion, ""during"" an incident; held"',
            ],
        ),
        ("sprout.csv", 1, ['HOLD 03/03/2026,09:00,"Nos équipes sont mobilisées. Point à 18 h."']),
        ("highlevel.csv", 1, [",Scheduled,https://example.org,,,"]),
        ("metricool.csv", 1, None),
        ("ayrshare.csv", 1, ['Hello,"twitter, facebook",,HOLD 2026-07-08T12:30:00Z']),
        ("postcron.csv", 1, ["Bonjour à tous,HOLD 2026,3,3,9,30,,https://example.org"]),
    ],
)
def test_marks_a_held_row_as_its_tool_does(name: str, row: int, expected: list[str] | None) -> None:
    lines = held_lines(name, row)

    if expected is None:
        assert [line.split(",")[3] for line in lines] == ["TRUE"]
    else:
        assert lines == expected


def test_publer_finds_no_date_in_a_held_row() -> None:
    (line,) = held_lines("publer.csv", 1)

    assert line.startswith('HOLD,"Point travaux, semaine 10",')
    assert '"travaux,ville,held from 2026-03-03 09:00"' in line
    assert held_lines("publer.csv", 4) == ["HOLD,No date,,,,,,,,,,"]


def test_a_row_longer_than_its_header_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Date,Text\n2026-03-03 09:00,a,note,\n", encoding="utf-8")
    new, _ = fixed(tmp_path, path, 1)

    assert new.decode().splitlines()[1].startswith("2026-03-03 09:00,a,note,on hold,")


def test_quotes_everything_where_the_row_does(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text('"Date";"Texte"\r\n"2026-03-03 09:00";"a"\r\n', encoding="utf-8", newline="")
    new = write_calendar(read(path), {read(path).items[0].item: Verdict("hold", "promotion")}, path)

    assert new.decode() == (
        '"Date";"Texte";"Statut";"Motif de suspension"\r\n'
        '"2026-03-03 09:00";"a";"suspendu";"promotion"\r\n'
    )


def test_a_reason_of_the_public_is_no_formula_and_one_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Date,Text\n2026-03-03 09:00,a\n", encoding="utf-8")
    for reason in ("=1+1", "+1", "-1", "@sum", "\t=1", "=1\n=2"):
        verdict = {read(path).items[0].item: Verdict("hold", reason)}
        cell = list(csv.reader(io.StringIO(write_calendar(read(path), verdict, path).decode())))[1][
            3
        ]

        assert cell.startswith("'")
        assert "\n" not in cell


def test_one_held_network_holds_its_row(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text('Date,Network,Text\n2026-03-03 09:00,"FB, LI",a\n', encoding="utf-8")
    calendar = read(path)
    verdicts = {calendar.items[1].item: Verdict("hold", "promotion")}
    (tmp_path / "new.csv").write_bytes(write_calendar(calendar, verdicts, path))

    assert [item.state for item in read(tmp_path / "new.csv").items] == ["held", "held"]


def test_what_is_out_already_is_not_marked(tmp_path: Path) -> None:
    path = DATA / "status-words.csv"
    calendar = read(path)
    published = next(item for item in calendar.items if item.state == "published")

    assert write_calendar(calendar, holding(calendar, published.row), path) == path.read_bytes()


def test_json_keeps_its_form_and_what_was_taken_away() -> None:
    path = DATA / "mastodon.json"
    calendar = read(path)
    new = write_calendar(calendar, holding(calendar, 1), path).decode()
    entry = json.loads(new)[0]

    assert entry["scheduled_at"] is None
    assert entry["held_from"] == "2026-03-03T08:00:00.000Z"
    assert entry["held_reason"] == REASON
    old_lines = path.read_text(encoding="utf-8").splitlines()
    added = [line for line in new.splitlines() if line not in old_lines]
    assert [line.split('"')[1] for line in added] == ["held_from", "held_reason", "scheduled_at"]


def test_a_held_instance_leaves_its_series(tmp_path: Path) -> None:
    new, after = fixed(tmp_path, DATA / "series.ics", 1)

    assert [item.state for item in after.items] == ["held", "scheduled", "scheduled"]
    assert b"RECURRENCE-ID;TZID=Europe/Paris:20260303T090000\r\n" in new
    assert b"DTEND;TZID=Europe/Paris:20260303T091500\r\n" in new
    assert all(len(line) <= 75 for line in new.split(b"\r\n"))


def test_a_workbook_keeps_every_other_part(tmp_path: Path) -> None:
    path = DATA / "sheets.xlsx"
    new, after = fixed(tmp_path, path, 1, 4)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(new)) as packed:
        changed = [name for name in before.namelist() if before.read(name) != packed.read(name)]

    assert changed == ["xl/worksheets/sheet1.xml"]
    assert [item.state for item in after.items if item.row in (1, 4)] == ["held", "held"]
    sheet = openpyxl.load_workbook(io.BytesIO(new))["Mars 2026"]
    assert [sheet["E4"].value, sheet["F3"].value, sheet["F4"].value] == [
        "suspendu",
        "Motif de suspension",
        f"'{REASON}",
    ]
    assert sheet["D7"].value == "=1+1"


def test_a_held_post_of_a_grid_is_marked_in_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        'Réseau;2 mars 2026;3 mars 2026\r\nFB;Bonjour;"9h : un\n14h : ""deux"""\r\nX;;trois\r\n',
        encoding="utf-8",
        newline="",
    )
    calendar = read_calendar(path, timezone="Europe/Paris")
    held = {item.item: Verdict("hold", "incident") for item in calendar.items if item.row in (3, 4)}
    written = write_calendar(calendar, held, path)

    assert written.decode() == (
        "Réseau;2 mars 2026;3 mars 2026\r\n"
        'FB;Bonjour;"HOLD 9h : un\n14h : ""deux"""\r\n'
        "X;;HOLD trois\r\n"
    )
    path.write_bytes(written)
    again = read_calendar(path, timezone="Europe/Paris")
    # two posts in one cell go out or stay together
    assert [item.state for item in again.items] == ["scheduled", "held", "held", "held"]
    assert [item.text for item in again.items] == [item.text for item in calendar.items]
    assert write_calendar(again, held, path) == written
