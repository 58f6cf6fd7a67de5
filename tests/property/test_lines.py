"""A stream read from its lines is the stream itself, to a session."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import attrs
import pytest
from event_strategies import EVENTS
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from stream_strategies import START, streams

from crisisrules.adapters.streams.events import event_to_json
from crisisrules.adapters.streams.reading import read_events
from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import Event
from crisisrules.playbook.playbook import Playbook

LONGEST = 12


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook()


def lines(events: list[Event]) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(event_to_json(e)) + "\n" for e in events).encode())


def in_turn(events: list[Event], gaps: list[int]) -> list[Event]:
    """The events with times of one day, in order."""
    at, found = START, []
    for event, gap in zip(events, gaps, strict=False):
        at += timedelta(seconds=gap)
        found.append(attrs.evolve(event, at=at))
    return found


def outcome(playbook: Playbook, events: list[Event]) -> tuple[object, object, object]:
    session = Session(playbook)
    changes = list(session.feed_all(events))
    changes += session.advance(START + timedelta(days=30))
    return changes, session.measures(), session.dump()


@settings(max_examples=30)
@given(events=streams())
def test_lines_say_what_events_say(playbook: Playbook, events: list[Event]) -> None:
    assert outcome(playbook, list(read_events(lines(events), "lines"))) == outcome(playbook, events)


# a failure is told as it was found: making it smaller takes minutes
@settings(max_examples=30, phases=[Phase.generate])
@given(
    drawn=st.lists(EVENTS, min_size=1, max_size=LONGEST),
    gaps=st.lists(st.integers(0, 7200), min_size=LONGEST, max_size=LONGEST),
)
def test_any_stream_that_can_be_read_can_be_evaluated(
    playbook: Playbook, drawn: list[Event], gaps: list[int]
) -> None:
    events = in_turn(drawn, gaps)
    assert outcome(playbook, list(read_events(lines(events), "lines"))) == outcome(playbook, events)
