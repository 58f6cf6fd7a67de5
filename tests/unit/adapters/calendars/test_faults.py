"""What cannot be read: each fault is told with its place and what to do, and never as a traceback."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.model.errors import InputError, UsageError

DATA = Path(__file__).parent / "data"
AS_OF = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)


def faults(
    folder: Path,
    content: str | bytes,
    *,
    name: str = "plan.csv",
    tz: str | None = "Europe/Paris",
    as_of: datetime | None = AS_OF,
) -> list[str]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read_calendar(path, timezone=tz, as_of=as_of)
    return [str(problem).removeprefix(str(folder) + "/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "plan.csv: error empty: the file is empty"),
        ("\ufeff \n\n", "plan.csv: error empty: the file is empty"),
        (b"%PDF-1.7 ...", "plan.csv: error not-a-calendar: this is a PDF"),
        (b"\x1f\x8b\x08\x00", "plan.csv: error not-a-calendar: this is a gzip archive"),
        (b"Date,Text\n2026-03-03,a\x00b\n", "plan.csv:2: error nul-byte"),
        (b"Date,Text\n2026-03-03 09:00,a\x81b\xff\n", "plan.csv: error unknown-encoding"),
        ("Date,Text\n", "plan.csv: error no-items: no post was read"),
        (
            ";lundi;mardi;mercredi;jeudi;vendredi\nFB;Bonjour;;;;Bravo\n",
            "plan.csv:1: error grid-without-dates: days of the week stand across without their dates",
        ),
        (
            "Team;2 mars 2026;3 mars 2026\nMarie;Bureau;Congés\n",
            "plan.csv:1: error grid-unclear: days stand across, but neither a network nor an hour",
        ),
        ("Alpha,Beta\n1,2\n", "plan.csv:1: error unknown-columns: no row names the columns"),
        (
            "Date,Text\n31/04/2026 09:00,a\n",
            "plan.csv:2: error impossible-date: `31/04/2026 09:00`",
        ),
        ("Date,Text\n2026-02-29,a\n", "plan.csv:2: error impossible-date: `2026-02-29`"),
        (
            "Date,Text\n0026-02-20,a\n",
            "plan.csv:2: error impossible-date: `0026-02-20` is in the year",
        ),
        ("Date,Text\nsoonish,a\n", "plan.csv:2: error unreadable-date: `soonish` is not a date"),
        ("Date,Time,Text\n2026-03-03,25:00,a\n", "plan.csv:2: error unreadable-hour: `25:00`"),
        (
            "Date,Text\n13/04/2026,a\n04/13/2026,b\n",
            "plan.csv:3: error date-order: `04/13/2026` puts the month first, but `13/04/2026` on line 2",
        ),
        ('Date,Text\n2026-03-03,"a\nb\n', "plan.csv:2: error quote-not-closed"),
        (
            "Date,Time zone,Text\n2026-03-03,Europe/Pari,a\n",
            "plan.csv:2: error unknown-zone: `Europe/Pari` is not a time zone; did you mean `Europe",
        ),
    ],
)
def test_names_the_fault_and_its_line(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert faults(tmp_path, content)[0].startswith(expected)


def test_says_which_columns_it_saw_and_what_it_needs(tmp_path: Path) -> None:
    found = faults(tmp_path, "Reach,Clicks,Likes\n1,2,3\n")[0]

    assert "seen: `Reach`, `Clicks`, `Likes`" in found
    assert "`Posting Time`" in found


def test_a_table_without_zone_asks_for_one_once(tmp_path: Path) -> None:
    text = "Date,Text\n2026-03-03 09:00,a\n2026-03-04 09:00,b\n"

    message = (
        "plan.csv:2: error zone-needed: `2026-03-03 09:00` has no time zone, and this format carries"
        " none; name it with `--tz`, such as `--tz Europe/Paris`"
    )
    assert faults(tmp_path, text, tz=None) == [message]


def test_offsets_need_no_zone(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Date,Text\n2026-03-03T09:00:00+01:00,a\n", encoding="utf-8")

    assert read_calendar(path).items[0].publish_at == datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "advice"),
    [
        ("Europe/Pari", "did you mean `Europe/Paris`?"),
        ("Paris", "did you mean `Europe/Paris`?"),
        ("Nowhere/At_all", "write a name such as `Europe/Paris`"),
    ],
)
def test_a_wrong_zone_names_the_nearest(tmp_path: Path, zone: str, advice: str) -> None:
    found = faults(tmp_path, "Date,Text\n2026-03-03,a\n", tz=zone)

    assert len(found) == 1
    assert found[0].startswith(f"plan.csv: error unknown-zone: `{zone}` is not a time zone")
    assert advice in found[0]


def test_a_year_that_nothing_gives_asks_for_the_day_of_looking(tmp_path: Path) -> None:
    found = faults(tmp_path, "Date,Text\n3 mars,a\n4 mars,b\n", as_of=None)

    assert len(found) == 1
    assert found[0].startswith("plan.csv:2: error year-missing: `3 mars` has no year")


def test_tells_every_fault_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = faults(tmp_path, "Date,Time,Text\n2026-02-30,9h,a\n2026-03-03,61h,b\nfoo,,c\n")

    assert [line.split(": ")[0] for line in found] == ["plan.csv:2", "plan.csv:3", "plan.csv:4"]


def test_a_cell_of_many_megabytes_is_refused_with_its_line(tmp_path: Path) -> None:
    for quote in ('"', ""):
        content = f"Date,Text\n2026-03-03,a\n2026-03-04,{quote}".encode() + b"x" * 5_000_000

        assert faults(tmp_path, content)[0].startswith(
            "plan.csv:3: error cell-too-long: a cell that starts here is longer than 131,072 characters"
        )


def test_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    found = faults(tmp_path, "Date,Text\n" + "2026-02-30,a\n" * 500)

    assert len(found) == 51
    assert found[-1].endswith("and 450 more faults like these")


def test_an_unknown_format_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Date,Text\n2026-03-03,a\n", encoding="utf-8")
    with pytest.raises(UsageError, match="`hootsuit-csv` is not a calendar format; did you mean"):
        read_calendar(path, format="hootsuit-csv")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[{", "plan.json:1: error not-json"),
        ('[{"date": "2026-03-03",\n "text": }]', "plan.json:2: error not-json: `}]`"),
        ("[" * 100_000, "plan.json:1: error json-too-deep"),
        ("[1, 2]", "plan.json:1: error not-a-post"),
        ('[{"a": 1}]', "plan.json: error unknown-columns: no row names the columns"),
        (
            '{"errors": [{"message": "dueAt text"}], "dueAt": 1, "text": 2}',
            "plan.json:1: error no-list",
        ),
        (
            '[{"date_gmt": "2026-02-30T08:00:00", "title": {}, "content": {}}]',
            "plan.json:1: error imp",
        ),
    ],
)
def test_json_that_is_no_calendar(tmp_path: Path, content: str, expected: str) -> None:
    assert faults(tmp_path, content, name="plan.json")[0].startswith(expected)


def event(*lines: str) -> str:
    body = "\r\n".join(("UID:1", "SUMMARY:x", *lines))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20261303T090000"], "plan.ics:3: error impossible-date"),
        (["DESCRIPTION:y"], "plan.ics:3: error no-start"),
        (["DTSTART;TZID=Mars/Olympus:20260303T090000"], "plan.ics:3: error unknown-zone"),
        (
            ["DTSTART:20260303T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"],
            "plan.ics:3: error series-not-followed: a series needs an interval of at least 1",
        ),
        (
            ["DTSTART:20260303T090000Z", "RRULE:FREQ=SECONDLY"],
            "plan.ics:3: error series-not-followed: a series with `FREQ=SECONDLY`",
        ),
        (
            ["DTSTART:20260303T090000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5,6"],
            "plan.ics:3: error series-not-followed: a series of 30 posts a day",
        ),
        (
            ["DTSTART:20260303T090000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"],
            "plan.ics:3: error series-not-followed: the rule of this series names no day",
        ),
        (["DTSTART:20260303T090000Z", "RRULE:FREQ=DAILY;BYDAY=XX"], "plan.ics:3: error series-not"),
    ],
)
def test_events_that_cannot_be_placed(tmp_path: Path, lines: list[str], expected: str) -> None:
    assert faults(tmp_path, event(*lines), name="plan.ics")[0].startswith(expected)


def test_a_calendar_that_breaks_off(tmp_path: Path) -> None:
    found = faults(tmp_path, "BEGIN:VCALENDAR\r\nEND:VEVENT\r\nno colon", name="plan.ics")

    assert found[0].startswith("plan.ics: error broken-icalendar")


def test_a_line_that_is_none_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_text(event("DTSTART:20260303T090000Z", "no colon here"), newline="")
    calendar = read_calendar(path, timezone="Europe/Paris", as_of=AS_OF)

    assert [note.name for note in calendar.notes] == ["ignored-line"]


def test_a_series_without_end_is_followed_inside_a_window(tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_text(event("DTSTART:20200101T090000Z", "RRULE:FREQ=DAILY"), newline="")
    calendar = read_calendar(path, timezone="Europe/Paris", as_of=AS_OF)

    instants = [item.publish_at for item in calendar.items if item.publish_at]
    assert len(instants) == 31 + 366
    assert instants[0] == datetime(2026, 1, 20, 9, tzinfo=UTC)


def workbook() -> bytes:
    return (DATA / "sheets.xlsx").read_bytes()


def repacked(**parts: bytes) -> bytes:
    """The workbook with some of its parts exchanged; the names with `__` for `/`."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            key = name.rsplit(".", 1)[0].replace("/", "__")
            new.writestr(name, parts.get(key, old.read(name)), compress_type=zipfile.ZIP_DEFLATED)
    return result.getvalue()


def archive(name: str, content: bytes = b"x") -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as packed:
        packed.writestr(name, content)
    return result.getvalue()


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><worksheet xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            workbook()[:2000],
            "plan.xlsx: error broken-workbook: the workbook is broken: its archive",
        ),
        (b"PK\x03\x04" + b"\x00" * 40, "plan.xlsx: error broken-workbook"),
        (repacked(xl__worksheets__sheet1=b"<worksheet"), "plan.xlsx: error broken-workbook"),
        (repacked(xl__worksheets__sheet1=ENTITY), "plan.xlsx: error broken-workbook"),
        (
            repacked(xl__worksheets__sheet1=b" " * 30_000_000),
            "plan.xlsx: error too-large-unpacked: unpacked, the workbook has 30,",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "plan.xlsx: error encrypted: the workbook is encrypted; save it without a password",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "plan.xlsx: error old-workbook"),
        (archive("word/document.xml"), "plan.xlsx: error not-a-workbook: this is a Word document"),
        (archive("content.xml"), "plan.xlsx: error not-a-workbook: this is an OpenDocument file"),
        (archive("plan.csv"), "plan.xlsx: error not-a-workbook: this is an archive"),
    ],
)
def test_workbooks_that_cannot_be_opened(tmp_path: Path, content: bytes, expected: str) -> None:
    assert faults(tmp_path, content, name="plan.xlsx")[0].startswith(expected)


def test_a_workbook_without_a_calendar_names_each_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("Reach", "Costs"):
        sheet = book.create_sheet(title)
        sheet.append(["Alpha", "Beta"])
        sheet.append([1, 2])
    del book["Sheet"]
    buffer = io.BytesIO()
    book.save(buffer)

    found = faults(tmp_path, buffer.getvalue(), name="plan.xlsx")
    assert [line.split("sheet ")[1].split(":")[0] for line in found] == ["`Reach`", "`Costs`"]


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Date", "Text"])
    sheet.append(["2026-03-03 09:00", "a"])
    sheet["XFD1048576"] = "far"
    path = tmp_path / "plan.xlsx"
    book.save(path)

    items = read_calendar(path, timezone="Europe/Paris").items
    assert [item.text for item in items][:1] == ["a"]


def rows_as_xlsx(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "plan.json",
            '[\n{"date": "2026-03-03 09:00", "text": "' + "x" * 131_073 + '"}]',
            "plan.json:2: error cell-too-long: a text that starts here is longer than 131,072",
        ),
        (
            "plan.ics",
            event("DTSTART:20260303T090000Z", "DESCRIPTION:" + "x" * 131_073),
            "plan.ics:3: error cell-too-long",
        ),
        (
            "plan.xlsx",
            # a spreadsheet cuts a cell at 32,767 characters; other programs write longer ones
            rows_as_xlsx(("Date", "Texte"), ("2026-03-03", "x")),
            "plan.xlsx:2:2: error cell-too-long",
        ),
    ],
)
def test_a_text_longer_than_any_post_is_refused_in_every_format(
    tmp_path: Path, name: str, content: str | bytes, expected: str
) -> None:
    if isinstance(content, bytes):
        old, new = io.BytesIO(content), io.BytesIO()
        with zipfile.ZipFile(old) as package, zipfile.ZipFile(new, "w") as packed:
            for part in package.namelist():
                data = package.read(part)
                packed.writestr(part, data.replace(b"<t>x</t>", b"<t>" + b"x" * 131_073 + b"</t>"))
        content = new.getvalue()
    assert faults(tmp_path, content, name=name)[0].startswith(expected)


def test_a_long_sheet_that_is_no_calendar_says_so_from_its_first_rows(tmp_path: Path) -> None:
    content = rows_as_xlsx(*[("alpha", str(number)) for number in range(200)])
    assert faults(tmp_path, content, name="plan.xlsx")[0].startswith(
        "plan.xlsx:1: error unknown-columns"
    )


def test_a_grid_that_is_unclear_is_read_when_it_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Idée;2 mars 2026;3 mars 2026\nA;Bonjour;Bonsoir\n", encoding="utf-8")
    calendar = read_calendar(path, timezone="Europe/Paris", format="grid")
    assert [(item.text, item.page) for item in calendar.items] == [
        ("Bonjour", None),
        ("Bonsoir", None),
    ]
