"""Dates and hours as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.calendars.moments import Moment, joined, read_date, read_hour

MONTHS_FR = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS_FR = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]

NOTATIONS = {
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "iso with T": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}",
    "slashes, year first": lambda at: f"{at:%Y/%m/%d %H:%M}",
    "dots": lambda at: f"{at:%d.%m.%Y} {at.hour}h{at:%M}",
    "French": lambda at: f"{at.day} {MONTHS_FR[at.month - 1]} {at.year} à {at.hour} h {at:%M}",
    "French with its day": lambda at: (
        f"{DAYS_FR[at.weekday()].capitalize()} {at.day} {MONTHS_FR[at.month - 1]} {at.year}, {at:%H:%M}"
    ),
    "short French": lambda at: f"{at.day} {MONTHS_FR[at.month - 1][:4]}. {at.year} {at:%H:%M}",
    "English": lambda at: f"{MONTHS_EN[at.month - 1]} {at.day}, {at.year} {at:%I:%M %p}",
    "British": lambda at: f"{at.day} {MONTHS_EN[at.month - 1][:3]} {at.year} {at:%H:%M}",
    "compact": lambda at: f"{at:%Y%m%dT%H%M}",
    "serial": lambda at: repr((at - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1)),
}

moments = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
    max_value=datetime(2099, 12, 31),  # noqa: DTZ001
).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))


@pytest.mark.parametrize("notation", NOTATIONS)
@given(at=moments)
def test_every_notation_gives_the_same_moment(notation: str, at: datetime) -> None:
    read = read_date(NOTATIONS[notation](at))

    assert read is not None
    day, month = read.first, read.second
    assert (read.year, month, day, read.hour, read.minute) == (
        at.year,
        at.month,
        at.day,
        at.hour,
        at.minute,
    )


@given(at=moments, month_first=st.booleans())
def test_two_numbers_stay_open_until_the_file_decides(at: datetime, month_first: bool) -> None:
    read = read_date(f"{at:%m/%d/%Y}" if month_first else f"{at:%d/%m/%Y}")

    assert read is not None
    assert read.slashed
    assert {read.first, read.second} == {at.day, at.month}


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("9h", 9, 0),
        ("9h30", 9, 30),
        ("14\u00a0h\u202f30", 14, 30),
        ("09:30:15", 9, 30),
        ("9:30 PM", 21, 30),
        ("12 am", 0, 0),
        ("midi", 12, 0),
        ("0.375", 9, 0),
        ("18h-19h", 18, 0),
        ("vers 18h", 18, 0),
        ("24h", 24, 0),
    ],
)
def test_reads_hours(cell: str, hour: int, minute: int) -> None:
    read = read_hour(cell)

    assert read is not None
    assert (read.hour, read.minute) == (hour, minute)


@pytest.mark.parametrize("cell", ["25h", "13 pm", "9:75", "h", "tomorrow", "9h30 et demie ou pas"])
def test_what_is_no_hour_is_none(cell: str) -> None:
    assert read_hour(cell) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(cell: str) -> None:
    for read in (read_date(cell), read_hour(cell)):
        assert read is None or isinstance(read, Moment)


def test_an_open_hour_leaves_the_hour_of_the_date() -> None:
    date, hour = read_date("2026-03-03 09:00"), read_hour("TBD")
    assert date is not None
    assert hour is not None

    assert joined(date, hour) == date
