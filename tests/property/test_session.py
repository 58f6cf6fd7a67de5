"""What must hold of a session whatever happens: pieces and whole, leaps and steps, cuts, order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stream_strategies import streams

from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change
from crisisrules.playbook.playbook import Playbook

T = TypeVar("T")
END = timedelta(days=4)


@pytest.fixture(scope="module", params=["labels alone", "with text signals"])
def playbook(request: pytest.FixtureRequest) -> Playbook:
    """The base playbook; without lexicons texts stay unread, and more of a row is unknown."""
    base = load_playbook()
    return base if "signals" in request.param else attrs.evolve(base, lexicons={})


def told(changes: Iterable[Change], shift: timedelta = timedelta(0)) -> list[tuple[object, ...]]:
    """A change as a plain value; messages name clock times, so they are left out where times shift."""
    return [
        (
            change.at - shift,
            change.kind,
            change.recommendation.id,
            change.recommendation.episode,
            change.recommendation.status,
            change.recommendation.severity,
            change.recommendation.due_at and change.recommendation.due_at - shift,
            change.recommendation.overdue_at and change.recommendation.overdue_at - shift,
            change.recommendation.settled_by,
        )
        for change in changes
    ]


def whole(playbook: Playbook, events: list[Event]) -> list[Change]:
    session = Session(playbook)
    changes = [change for event in events for change in session.feed(event)]
    changes += session.advance(events[-1].at + END)
    return changes


@settings(deadline=None, max_examples=25)
@given(events=streams())
def test_short_and_long_way_tell_the_same(playbook: Playbook, events: list[Event]) -> None:
    """Plain comments take a shorter way, with the same result; what is remembered is the same too."""
    short, long = Session(playbook), Session(playbook)
    changes = list(short.feed_all(events))
    expected = [change for event in events for change in long.feed(event)]
    assert short.dump() == long.dump()
    changes += short.advance(events[-1].at + END)
    expected += long.advance(events[-1].at + END)

    assert told(changes) == told(expected)


@settings(deadline=None, max_examples=25)
@given(events=streams(), seed=st.integers(0, 2**32))
def test_many_steps_tell_what_one_leap_tells(
    playbook: Playbook, events: list[Event], seed: int
) -> None:
    """Advancing time in pieces between events changes nothing."""
    chance = random.Random(seed)
    session = Session(playbook)
    changes: list[Change] = []
    for event in events:
        while session.now is not None and session.now < event.at and chance.random() < 0.6:
            gap = (event.at - session.now).total_seconds()
            changes += session.advance(session.now + timedelta(seconds=gap * chance.random()))
        changes += session.feed(event)
    end = events[-1].at + END
    while chance.random() < 0.9:
        wake = session.next_deadline()
        if wake is None or wake >= end:
            break
        changes += session.advance(wake + timedelta(microseconds=chance.choice((0, 1, 10**6))))
    if session.now is None or session.now < end:
        changes += session.advance(end)
    changes = [change for change in changes if change.at < end]

    assert told(changes) == told(change for change in whole(playbook, events) if change.at < end)


@settings(deadline=None, max_examples=25)
@given(events=streams(), cut=st.integers(0, 50))
def test_saved_and_restored_goes_on_as_before(
    playbook: Playbook, events: list[Event], cut: int
) -> None:
    """A state written as JSON anywhere and read again tells the same from there on."""
    cut = min(cut, len(events) - 1)
    session = Session(playbook)
    changes = [change for event in events[:cut] for change in session.feed(event)]
    session = Session.load(playbook, json.loads(json.dumps(session.dump())))
    changes += [change for event in events[cut:] for change in session.feed(event)]
    changes += session.advance(events[-1].at + END)

    assert told(changes) == told(whole(playbook, events))


def _moved(value: T, shift: timedelta) -> T:
    """The value with every instant in it moved."""
    if isinstance(value, datetime):
        return value + shift
    if isinstance(value, tuple):
        return tuple(_moved(part, shift) for part in value)  # type: ignore[return-value]  # as long, of the same kinds
    if not attrs.has(type(value)):
        return value
    fields = {field.alias or field.name: getattr(value, field.name) for field in _init(value)}
    return type(value)(**{name: _moved(part, shift) for name, part in fields.items()})


def _init(value: object) -> list[attrs.Attribute[object]]:
    return [field for field in attrs.fields(type(value)) if field.init]  # type: ignore[arg-type]  # an attrs class


@settings(deadline=None, max_examples=15)
@given(events=streams(), days=st.integers(-3000, 3000))
def test_shifted_times_shift_the_changes(
    playbook: Playbook, events: list[Event], days: int
) -> None:
    """Nothing depends on which day it is."""
    shift = timedelta(days=days)
    moved = [_moved(event, shift) for event in events]
    undated = attrs.evolve(
        playbook, governance=attrs.evolve(playbook.governance, last_exercise_at=None)
    )

    assert told(whole(undated, moved), shift) == told(whole(undated, events))


@settings(deadline=None, max_examples=15)
@given(events=streams(), seed=st.integers(0, 2**32))
def test_order_of_rules_does_not_show(playbook: Playbook, events: list[Event], seed: int) -> None:
    """A playbook is a set of rules."""
    rules = list(playbook.rules)
    random.Random(seed).shuffle(rules)

    assert told(whole(attrs.evolve(playbook, rules=tuple(rules)), events)) == told(
        whole(playbook, events)
    )


@settings(deadline=None, max_examples=15)
@given(first=streams(longest=20), second=streams(longest=20))
def test_brands_do_not_touch_each_other(
    playbook: Playbook, first: list[Event], second: list[Event]
) -> None:
    """Two brands in one stream tell what each tells alone."""
    streams_of = {
        name: [attrs.evolve(event, brand=name) for event in events]
        for name, events in (("b1", first), ("b2", second))
    }
    both = sorted(streams_of["b1"] + streams_of["b2"], key=lambda event: event.at)
    end = both[-1].at + END
    session = Session(playbook)
    changes = [change for event in both for change in session.feed(event)] + session.advance(end)
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    for name, events in streams_of.items():
        alone = Session(playbook)
        expected = [change for event in events for change in alone.feed(event)]
        expected += alone.advance(end)

        assert told(c for c in changes if c.recommendation.brand == name) == told(expected)
