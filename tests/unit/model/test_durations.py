"""Durations as people write them, and what is said when they are written otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.model.durations import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    WEEK,
    format_duration,
    parse_duration,
)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("45s", 45 * SECOND),
        ("90m", 90 * MINUTE),
        ("2h30m", 150 * MINUTE),
        ("14d", 14 * DAY),
        ("1w", WEEK),
        ("0m", 0),
        (" 1d2h3m4s ", DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND),
    ],
)
def test_durations_are_read(text: str, micros: int) -> None:
    assert parse_duration(text) == micros


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("30", "`30` has no unit, write `30m` for minutes"),
        ("30 min", "`30 min` is not a duration; write `30m`"),
        ("1h30", "`1h30` is not a duration; write `1h30m`"),
        ("1.5 hours", "`1.5 hours` is not a duration; write `1h30m`"),
        ("2 heures et 5 minutes", "`2 heures et 5 minutes` is not a duration; write `2h5m`"),
        ("30m2h", "`30m2h` is not a duration; write `2h30m`"),
        ("3 jours", "`3 jours` is not a duration; write `3d`"),
        (
            "1 month",
            "`1 month` is not a duration; write for example `45s`, `90m`, `2h30m` or `14d`",
        ),
        ("soon", "`soon` is not a duration; write for example `45s`, `90m`, `2h30m` or `14d`"),
        ("", "`` is not a duration; write for example `45s`, `90m`, `2h30m` or `14d`"),
    ],
)
def test_what_is_no_duration_is_answered_with_one(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_duration(text)
    assert str(caught.value) == advice


@given(st.integers(0, 10**9))
def test_a_written_duration_reads_back(seconds: int) -> None:
    assert parse_duration(format_duration(seconds * SECOND)) == seconds * SECOND


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert parse_duration(text) >= 0
    except ValueError as error:
        message = str(error)
    else:
        message = "`"
    assert message.startswith("`")
