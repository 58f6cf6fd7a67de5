"""Both matchers tell the same of any playbook and any stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import PARAMETERS, rules
from stream_strategies import streams

from crisisrules.api import load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule

pytest.importorskip(
    "durable.engine", reason="durable-rules cannot be imported here", exc_type=ImportError
)


@pytest.fixture(scope="module")
def base() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


def told(playbook: Playbook, events: list[Event], engine: str) -> Iterator[Change]:
    session = Session(playbook, engine=engine)
    try:
        for event in events:
            yield from session.feed(event)
        yield from session.advance(events[-1].at + timedelta(days=4))
    finally:
        session.close()


@settings(max_examples=15)
@given(events=streams(longest=15))
def test_the_base_playbook(base: Playbook, events: list[Event]) -> None:
    assert list(told(base, events, "durable")) == list(told(base, events, "compiled"))


@settings(max_examples=25)
@given(drawn=st.lists(rules(), min_size=1, max_size=6), events=streams(longest=12))
def test_any_playbook(base: Playbook, drawn: list[Rule], events: list[Event]) -> None:
    named = {rule.id: attrs.evolve(rule, replaces=(), regimes=()) for rule in drawn}
    playbook = attrs.evolve(base, rules=tuple(named.values()), parameters=PARAMETERS, settings=())

    assert list(told(playbook, events, "durable")) == list(told(playbook, events, "compiled"))
