"""A subject waits only for tests that an answer hangs on, and never misses the instant at which one turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.engine.subjects import scene_of
from crisisrules.model.durations import to_micros
from crisisrules.model.events import (
    CommentReceived,
    Event,
    IncidentOpened,
    IncidentResolved,
    PageDescribed,
    PostPublished,
    ShiftStarted,
)
from crisisrules.playbook.playbook import Playbook

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


def opened() -> list[Event]:
    return [
        PageDescribed(at=START, page="p", platform="facebook", timezone="UTC"),
        PostPublished(at=START, page="p", post="offer", kind="promotional"),
        IncidentOpened(at=START, incident="i", kind="outage", severity="major"),
        PostPublished(at=START, page="p", post="status", kind="incident_status", incident="i"),
    ]


def test_a_post_that_is_not_about_the_incident_waits_for_less(playbook: Playbook) -> None:
    session = Session(playbook)
    for event in opened():
        session.feed(event)
    brand = session.brand_session()
    waiting = {}
    for key in brand.subjects():
        if key.kind == "post":
            table = brand.table_of(key)
            scene = scene_of(brand.state, brand.book, key, to_micros(START))
            assert table is not None
            assert scene is not None
            watch = table.watches.of(table.row(scene))
            waiting[key.id] = len(watch.moving) + len(watch.timed) + len(watch.post_limits)
    assert waiting["offer"] < waiting["status"]


def test_a_count_that_is_reached_after_its_duration_speaks_at_once(playbook: Playbook) -> None:
    """Silent for hours after the resolution: the twentieth comment since opens it, not the next deadline."""
    events = opened()
    over = START + timedelta(hours=1)
    events += [
        IncidentResolved(at=over, incident="i"),
        PostPublished(at=over, page="p", post="end", kind="resolution", incident="i"),
    ]
    late = over + timedelta(hours=20)
    events += [
        CommentReceived(at=late + timedelta(seconds=n), page="p", post="end", comment=f"c{n}")
        for n in range(40)
    ]
    session = Session(playbook)
    told = [
        change.at
        for change in session.feed_all(events)
        if change.recommendation.rule == "post-resolution-silence" and change.kind == "opened"
    ]
    assert told == [late + timedelta(seconds=19)]


def test_a_shift_without_an_end_wakes_nobody(playbook: Playbook) -> None:
    session = Session(playbook)
    session.feed(PageDescribed(at=START, page="p", platform="facebook", timezone="UTC"))
    session.feed(IncidentOpened(at=START, incident="i", kind="outage", severity="minor"))
    session.feed(ShiftStarted(at=START, role="community"))
    for _ in range(200):
        deadline = session.next_deadline()
        if deadline is None:
            break
        session.advance(deadline + timedelta(microseconds=1))
    else:
        pytest.fail("somebody wakes again and again")
