"""Every quirk has a file and, beside it, what must be read from it.

``pytest --update-golden`` writes the expectations anew; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from crisisrules.adapters.calendars import read_calendar
from crisisrules.model.calendar import Calendar, CalendarItem

DATA = Path(__file__).parent / "data"
FILES = sorted(
    path for path in DATA.iterdir() if path.suffix != ".expected" and not path.name.startswith(".")
)
AS_OF = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)
_NOT_GIVEN = {
    field.name: field.default
    for field in attrs.fields(CalendarItem)
    if field.default is not attrs.NOTHING
}


def told(item: CalendarItem) -> dict[str, object]:
    """What an item says, without what it leaves open."""
    values = {
        name: value
        for name, value in attrs.asdict(item, recurse=False).items()
        if name not in _NOT_GIVEN or value != _NOT_GIVEN[name]
    }
    for name in ("publish_at", "ends_at"):
        if isinstance(moment := values.get(name), datetime):
            values[name] = moment.isoformat()
    return values


def shown(calendar: Calendar) -> str:
    """A calendar as the text of an expectation."""
    return (
        json.dumps(
            {
                "format": calendar.format,
                "timezone": calendar.timezone,
                "rows": calendar.rows,
                "items": [told(item) for item in calendar.items],
                "notes": [
                    f"{note.place.line if note.place else None}: {note.name}: {note.message}"
                    for note in calendar.notes
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reads_what_the_file_means(path: Path, update_golden: bool) -> None:
    calendar = read_calendar(path, timezone="Europe/Paris", as_of=AS_OF)
    expected = path.with_name(path.name + ".expected")
    if update_golden:
        expected.write_text(shown(calendar), encoding="utf-8")

    assert shown(calendar) == expected.read_text(encoding="utf-8")
