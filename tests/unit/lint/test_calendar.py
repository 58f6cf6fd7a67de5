"""The order of a calendar's items, and whose incidents they are, change no verdict."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.lint.calendar import CalendarCheck, lint_calendar
from crisisrules.lint.survey import Survey
from crisisrules.model.calendar import Calendar, CalendarItem
from crisisrules.model.events import Event, IncidentOpened, IncidentResolved, IncidentUpdated
from crisisrules.playbook.playbook import Playbook

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SALE = "Deux semaines offertes, profitez-en vite !"


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def item(number: int, at: datetime | None) -> CalendarItem:
    return CalendarItem(
        item=f"t{number}", row=number, line=number + 1, page="facebook", publish_at=at, text=SALE
    )


def calendar(items: list[CalendarItem]) -> Calendar:
    return Calendar(source="plan.csv", format="csv", items=tuple(items), rows=len(items))


EVENTS: list[Event] = [
    IncidentOpened(at=hours(2), incident="a", kind="outage", severity="minor"),
    IncidentUpdated(at=hours(4), incident="a", severity="critical"),
    IncidentResolved(at=hours(6), incident="a"),
    IncidentOpened(at=hours(8), incident="b", kind="safety", severity="major"),
]


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(None)


def test_each_item_is_asked_in_the_state_of_its_moment(playbook: Playbook) -> None:
    items = [item(n, hours(n)) for n in range(10)]
    report = lint_calendar(calendar(items), EVENTS, playbook)
    verdicts = [one.verdict for one in report.items]
    # a minor incident freezes nothing, and after a critical one a person decides
    assert verdicts == ["keep"] * 4 + ["hold"] * 2 + ["review"] * 2 + ["hold"] * 2


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(10)))
def test_the_order_of_the_rows_changes_nothing(order: list[int]) -> None:
    playbook = read_playbook(None)
    items = [item(n, hours(n)) for n in range(9)] + [item(9, None)]
    expected = {
        one.item.item: (one.verdict, one.reason)
        for one in lint_calendar(calendar(items), EVENTS, playbook).items
    }
    shuffled = lint_calendar(calendar([items[n] for n in order]), EVENTS, playbook)
    assert {one.item.item: (one.verdict, one.reason) for one in shuffled.items} == expected


def test_many_events_before_rows_in_any_order(playbook: Playbook) -> None:
    flapping: list[Event] = []
    for n in range(400):
        severity = "critical" if n % 2 else "minor"
        flapping.append(IncidentUpdated(at=hours(3 + n), incident="a", severity=severity))
    items = [item(n, hours(3.5 + n)) for n in (399, 0, 200, 1, 398, 7)]
    report = lint_calendar(calendar(items), [EVENTS[0], *flapping], playbook)
    assert [one.verdict for one in report.items] == ["hold", "keep", "keep", "hold", "keep", "hold"]


def test_incidents_that_name_their_brand_count_too(playbook: Playbook) -> None:
    opened = attrs.evolve(EVENTS[3], brand="acme")
    report = lint_calendar(calendar([item(1, hours(9))]), [opened], playbook)
    assert [one.verdict for one in report.items] == ["hold"]


def test_no_item_is_kept_once_it_was_asked(playbook: Playbook) -> None:
    items = [item(n, hours(9)) for n in range(20)]
    check = CalendarCheck(calendar([]), Survey.of(items), EVENTS, playbook)
    del items
    alive = []
    for n in range(20):
        asked = item(n, hours(9))
        alive.append(weakref.ref(asked))
        assert check.verdict(asked).verdict == "hold"
        del asked
    gc.collect()
    assert [one for one in alive if one() is not None] == []
