"""A rule speaks of what is planned and of what is out already in different words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.engine.session import Session
from crisisrules.lint.decide import decide
from crisisrules.model.events import IncidentOpened, ItemScheduled, PageDescribed, PostPublished
from crisisrules.playbook.playbook import Playbook

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RULE = "promotion-during-incident"
OUT = {"en": "take it down", "fr": "retirez-le"}


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    base = read_playbook(None)
    rules = tuple(
        attrs.evolve(rule, advice=attrs.evolve(rule.advice, once_out=OUT))
        if rule.id == RULE
        else rule
        for rule in base.rules
    )
    return attrs.evolve(base, rules=rules)


@pytest.fixture
def session(playbook: Playbook) -> Session:
    found = Session(playbook)
    found.feed(PageDescribed(at=START, page="p", platform="facebook"))
    found.feed(IncidentOpened(at=START, incident="i", kind="outage", severity="critical"))
    return found


def test_what_is_out_is_told_apart_from_what_is_planned(session: Session) -> None:
    at = START + timedelta(minutes=1)
    session.feed(ItemScheduled(at=at, page="p", item="t", kind="contest", text="Win!"))
    session.feed(PostPublished(at=at, page="p", post="q", kind="contest", text="Win!"))
    said = {
        one.subject[0]: one.message["en"] for one in session.recommendations() if one.rule == RULE
    }
    assert said["post"] == "take it down"
    assert said["item"].startswith("hold this back")


def test_a_post_that_is_asked_about_is_not_out_yet(session: Session) -> None:
    post = PostPublished(
        at=START + timedelta(minutes=1), page="p", post="q", kind="contest", text="Win!"
    )
    (found,) = [one for one in decide(session, post).findings if one.rule == RULE]
    assert found.message["en"].startswith("hold this back")
