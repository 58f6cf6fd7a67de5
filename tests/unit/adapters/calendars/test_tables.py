"""Tables as people and tools really write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.model.calendar import Calendar
from crisisrules.model.errors import InputError

AS_OF = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)


def read(
    folder: Path, data: str | bytes, *, name: str = "plan.csv", tz: str | None = "Europe/Paris"
) -> Calendar:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_calendar(path, timezone=tz, as_of=AS_OF)


def faults(folder: Path, data: str | bytes, *, tz: str | None = "Europe/Paris") -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, data, tz=tz)
    return [str(problem).replace(str(folder) + "/", "") for problem in caught.value.problems]


def instants(calendar: Calendar) -> list[str]:
    return [
        "-" if item.publish_at is None else item.publish_at.isoformat() for item in calendar.items
    ]


def notes(calendar: Calendar) -> set[str]:
    return {note.name for note in calendar.notes}


def test_reads_a_french_export_as_excel_writes_it(tmp_path: Path) -> None:
    text = (
        "sep=;\r\nDate;Heure;Réseau;Format;Texte;Lien;Statut;Responsable\r\n"
        'mardi 3 mars 2026;9h30;FB, LinkedIn;Carrousel;"Nouveaux horaires :\r\nce qui change"'
        ";https://example.org/h;Validé;C. Martin\r\n"
        "jeu. 5 mars;midi;Insta;Story;À rédiger : coulisses;;À valider;\r\n"
    )
    calendar = read(tmp_path, text.encode("cp1252"))

    assert [(item.row, item.line, item.page) for item in calendar.items] == [
        (1, 3, "facebook"),
        (1, 3, "linkedin"),
        (2, 5, "instagram"),
    ]
    assert instants(calendar) == [
        "2026-03-03T09:30:00+01:00",
        "2026-03-03T09:30:00+01:00",
        "2026-03-05T12:00:00+01:00",
    ]
    first, _, third = calendar.items
    assert first.text == "Nouveaux horaires :\r\nce qui change"
    assert (first.approved, first.owner, first.links) == (
        True,
        "C. Martin",
        ("https://example.org/h",),
    )
    assert (third.state, third.approved, third.surface) == ("draft", False, "story")
    assert {"read-as", "year-guessed"} <= notes(calendar)


def test_a_table_without_zone_asks_for_one(tmp_path: Path) -> None:
    found = faults(tmp_path, "Date,Text\n2026-03-03 09:00,a\n2026-03-04 09:00,b\n", tz=None)

    message = (
        "plan.csv:2: error zone-needed: `2026-03-03 09:00` has no time zone, and this format carries"
        " none; name it with `--tz`, such as `--tz Europe/Paris`"
    )
    assert found == [message]
