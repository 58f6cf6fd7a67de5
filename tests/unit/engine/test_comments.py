"""Comments that take the short way are seen by whoever looks, and never let a threshold pass unnoticed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from crisisrules.api import load_playbook
from crisisrules.engine import comments
from crisisrules.engine.session import Session
from crisisrules.engine.state import Ring
from crisisrules.model.events import (
    CommentReceived,
    Event,
    IncidentOpened,
    PageDescribed,
    PostCounted,
    PostPublished,
)
from crisisrules.playbook.playbook import Playbook

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
POSTS = ("a", "b", "c")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


def page(*, incident: bool) -> Iterator[Event]:
    """A page with three posts, one of which is about the incident."""
    yield PageDescribed(at=START, page="p", platform="facebook", timezone="UTC")
    if incident:
        yield IncidentOpened(at=START, incident="i", kind="outage", severity="major", own=True)
    for post in POSTS:
        kind = "incident_status" if post == "a" and incident else "product"
        yield PostPublished(at=START, page="p", post=post, kind=kind)


def burst(number: int, *, seed: int = 3, every: timedelta = timedelta(seconds=2)) -> list[Event]:
    """Plain comments under the three posts in no order."""
    draw = random.Random(seed)
    return [
        CommentReceived(
            at=START + timedelta(minutes=1) + every * index,
            page="p",
            post=draw.choice(POSTS),
            comment=f"c{index}",
        )
        for index in range(number)
    ]


def fed(playbook: Playbook, events: list[Event], *, short: bool) -> tuple[Session, list[str]]:
    session = Session(playbook)
    changes = (
        list(session.feed_all(events)) if short else [c for e in events for c in session.feed(e)]
    )
    return session, [f"{c.at} {c.kind} {c.recommendation.id}" for c in changes]


@pytest.mark.parametrize("incident", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_both_ways_remember_and_tell_the_same(
    playbook: Playbook, seed: int, incident: bool
) -> None:
    events = [*page(incident=incident), *burst(900, seed=seed)]
    short, told_short = fed(playbook, events, short=True)
    long, told_long = fed(playbook, events, short=False)

    assert told_short == told_long
    assert short.dump() == long.dump()


def test_a_reader_between_two_events_sees_every_comment(playbook: Playbook) -> None:
    session = Session(playbook)
    events = [*page(incident=True), *burst(40)]
    for _ in session.feed_all(events):
        pass
    assert session._sinks, "some comments took the short way"
    assert session.brand_session().state.pages["p"].comments == 40
    assert sum(t.comments for t in session.brand_session().state.pages["p"].threads.values()) == 40


def test_measures_count_comments_that_are_only_noted(playbook: Playbook) -> None:
    session = Session(playbook)
    for _ in session.feed_all([*page(incident=True), *burst(40)]):
        pass
    largest = next(m for m in session.measures() if m.name == "largest-thread")
    assert largest.value == session.brand_session().state.pages["p"].threads["a"].comments


def test_polled_totals_count_on_from_what_is_noted(playbook: Playbook) -> None:
    """Forty came one by one, so a total of fifty under one post is that many less what it had."""
    session = Session(playbook)
    counted = PostCounted(at=START + timedelta(hours=1), page="p", post="b", comments=50)
    for _ in session.feed_all([*page(incident=False), *burst(40), counted]):
        pass
    threads = session.brand_session().state.pages["p"].threads
    assert threads["b"].comments == 50


def test_more_threads_than_may_take_the_short_way(
    playbook: Playbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "MOST_SINKS", 2)
    events = [*page(incident=True), *burst(300)]
    short, told_short = fed(playbook, events, short=True)
    long, told_long = fed(playbook, events, short=False)
    assert len(short._sinks) <= 2
    assert told_short == told_long
    assert short.dump() == long.dump()


def test_a_ring_keeps_the_last_instants_in_order() -> None:
    ring = Ring(3)
    for at in (1, 2, 2, 5):
        ring.push(at)
    assert list(ring.instants) == [2, 2, 5]
    assert [ring.within(since) for since in (0, 1, 2, 4, 5)] == [3, 3, 1, 1, 0]
    assert [ring.oldest_after(since) for since in (0, 2, 5)] == [2, 5, None]
    assert [ring.latest(number) for number in (0, 1, 3, 4)] == [None, 5, 2, None]
    ring.push(9, times=10**9)
    assert list(ring.instants) == [9, 9, 9]
