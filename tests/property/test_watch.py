"""Nobody is asked too late: asking every subject again, at any instant, tells nothing new."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import PARAMETERS, rules
from stream_strategies import streams

from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.durations import to_micros
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule


@pytest.fixture(scope="module")
def base() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


def asked_again(session: Session) -> list[Change]:
    """What everybody says who is asked now, beyond what was told."""
    assert session.now is not None
    at = to_micros(session.now)
    brand = session.brand_session()
    brand._ask_all(at - 1, at)
    return brand.changes


@settings(max_examples=60)
@given(events=streams(), minutes=st.integers(0, 3_000))
def test_the_base_playbook(base: Playbook, events: list[Event], minutes: int) -> None:
    session = Session(base)
    for _ in session.feed_all(events):
        pass
    assert asked_again(session) == []
    session.advance(events[-1].at + timedelta(minutes=minutes))
    assert asked_again(session) == []


@settings(max_examples=40)
@given(
    drawn=st.lists(rules(), min_size=1, max_size=6),
    events=streams(longest=12),
    minutes=st.integers(0, 3_000),
)
def test_any_playbook(base: Playbook, drawn: list[Rule], events: list[Event], minutes: int) -> None:
    named = {rule.id: attrs.evolve(rule, replaces=(), regimes=()) for rule in drawn}
    playbook = attrs.evolve(base, rules=tuple(named.values()), parameters=PARAMETERS, settings=())
    session = Session(playbook)
    for _ in session.feed_all(events):
        pass
    assert asked_again(session) == []
    session.advance(events[-1].at + timedelta(minutes=minutes))
    assert asked_again(session) == []
