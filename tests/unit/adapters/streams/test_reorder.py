"""Late events are put in order within the lateness allowed, and named beyond it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.streams.events import event_to_json
from crisisrules.adapters.streams.reading import read_events
from crisisrules.adapters.streams.reorder import reorder
from crisisrules.model.errors import InputError
from crisisrules.model.events import Clock, Event

START = datetime(2026, 3, 3, 8, tzinfo=UTC)


def clocks(seconds: list[int]) -> list[Event]:
    return [
        Clock(at=START + timedelta(seconds=second), id=str(number))
        for number, second in enumerate(seconds)
    ]


@given(st.lists(st.integers(0, 60), max_size=30))
def test_within_the_lateness_the_stream_leaves_sorted_and_stable(seconds: list[int]) -> None:
    events = clocks(seconds)
    newest, lateness = 0, 0
    for second in seconds:
        newest = max(newest, second)
        lateness = max(lateness, newest - second)
    assert list(reorder(events, timedelta(seconds=lateness))) == sorted(events, key=lambda e: e.at)
    if lateness:
        with pytest.raises(InputError, match="goes back"):
            list(reorder(events, timedelta(seconds=lateness) - timedelta(microseconds=1)))


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(0, 60))
def test_applied_late_nothing_is_lost_and_each_late_one_is_marked(
    seconds: list[int], lateness: int
) -> None:
    late: list[Event] = []
    events = clocks(seconds)
    found = list(reorder(events, timedelta(seconds=lateness), late="apply", on_late=late.append))
    assert sorted(found, key=lambda e: int(e.id or "")) == events
    in_time = [event for event in found if event not in late]
    assert in_time == sorted(in_time, key=lambda event: event.at)


def test_without_lateness_each_event_leaves_at_once() -> None:
    pulled: list[Event] = []

    def source() -> Iterator[Event]:
        for event in clocks([0, 1, 1, 2]):
            pulled.append(event)
            yield event

    stream = reorder(source(), timedelta(0))
    for count, _ in enumerate(stream, 1):
        assert len(pulled) == count


def test_going_back_names_the_line() -> None:
    lines = "\n".join(
        f'{{"type":"clock","at":"{event_to_json(event)["at"]}"}}' for event in clocks([5, 6, 1])
    )
    reader = read_events(io.BytesIO(lines.encode()), "f.jsonl")
    with pytest.raises(InputError) as caught:
        list(reorder(reader, timedelta(seconds=3)))
    assert str(caught.value) == (
        "f.jsonl:3: error too-late: `at` goes back: clock at `2026-03-03T08:00:01+00:00` comes after"
        " `2026-03-03T08:00:06+00:00`; 3s of lateness is allowed"
    )


def test_negative_lateness_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        reorder([], timedelta(seconds=-1))
