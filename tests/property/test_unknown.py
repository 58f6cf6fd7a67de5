"""What is left out of an event settles nothing and clears nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stream_strategies import streams

from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import Event
from crisisrules.playbook.playbook import Playbook

OPTIONAL = frozenset(
    {"kind", "text", "incident", "class_", "comments", "incident_comments", "pinned"}
)
"""Fields that a producer may leave out and that then are unknown."""


@pytest.fixture(scope="module", params=["labels alone", "with text signals"])
def playbook(request: pytest.FixtureRequest) -> Playbook:
    base = load_playbook()
    return base if "signals" in request.param else attrs.evolve(base, lexicons={})


def weakened(event: Event, left_out: frozenset[str]) -> Event:
    """The event without some of what it need not say."""
    if event.type.startswith(("incident.", "record", "shift.", "page.")):
        return event
    names = {field.name for field in attrs.fields(type(event))} & left_out
    nothing: dict[str, Any] = dict.fromkeys(names)
    return attrs.evolve(event, **nothing)


def still_open(session: Session) -> set[tuple[str, int]]:
    return {(one.id, one.episode) for one in session.recommendations()}


@settings(max_examples=25)
@given(
    events=streams(longest=25),
    cut=st.integers(0, 60),
    left_out=st.frozensets(st.sampled_from(sorted(OPTIONAL)), min_size=1),
)
def test_an_event_that_says_less_closes_no_more(
    playbook: Playbook, events: list[Event], cut: int, left_out: frozenset[str]
) -> None:
    cut = min(cut, len(events) - 1)
    session = Session(playbook)
    for event in events[:cut]:
        session.feed(event)
    session.advance(events[cut].at)
    before = still_open(session)
    state = json.loads(json.dumps(session.dump()))
    session.feed(events[cut])
    less = Session.load(playbook, state)
    less.feed(weakened(events[cut], left_out))

    assert before & still_open(session) <= still_open(less)


@settings(max_examples=15)
@given(events=streams(longest=25), hours=st.integers(0, 96))
def test_silence_settles_no_duty(playbook: Playbook, events: list[Event], hours: int) -> None:
    """A duty that is late stays so until something is done or its incident ends."""
    session = Session(playbook)
    for event in events:
        session.feed(event)
    late = {
        (one.id, one.episode)
        for one in session.recommendations()
        if one.overdue_at is not None and one.overdue_at <= events[-1].at
    }
    for change in session.advance(events[-1].at + timedelta(hours=hours)):
        one = change.recommendation
        if (one.id, one.episode) in late:
            assert change.kind != "resolved", one
