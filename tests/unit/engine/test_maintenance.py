"""A planned maintenance outlives a restart, and ends with its plan."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import (
    ItemScheduled,
    MaintenanceCancelled,
    MaintenancePlanned,
    PageDescribed,
)

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RULE = "commercial-post-in-maintenance"


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def session() -> Session:
    found = Session(read_playbook(None))
    found.feed(PageDescribed(at=START, page="p", platform="facebook"))
    found.feed(
        MaintenancePlanned(at=START, maintenance="m", title="web shop", from_=hours(5), to=hours(7))
    )
    found.feed(ItemScheduled(at=hours(1), page="p", item="t", kind="contest", publish_at=hours(6)))
    return found


def open_rules(of: Session) -> list[str]:
    return [one.rule for one in of.recommendations() if one.rule == RULE]


def test_it_is_known_after_a_restart() -> None:
    before = session()
    after = Session.load(before.playbook, json.loads(json.dumps(before.dump())))
    assert open_rules(after) == [RULE]
    assert [one.message for one in after.recommendations()] == [
        one.message for one in before.recommendations()
    ]
    after.feed(MaintenanceCancelled(at=hours(2), maintenance="m"))
    assert open_rules(after) == []


def test_the_one_that_ends_last_is_named() -> None:
    found = session()
    found.feed(
        MaintenancePlanned(
            at=hours(1), maintenance="n", title="call centre", from_=hours(5.5), to=hours(9)
        )
    )
    found.feed(ItemScheduled(at=hours(2), page="p", item="u", kind="product", publish_at=hours(6)))
    said = [one.message["en"] for one in found.recommendations() if one.subject == ("item", "u")]
    assert len(said) == 1
    assert "“call centre”, which lasts until" in said[0]
