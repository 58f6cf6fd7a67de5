"""What polled pictures of a page imply: new posts, grown counters, comments, posts that vanished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from crisisrules import Session, load_playbook, parse_event
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.playbook.playbook import Playbook

DAY = "2026-03-02"
PAGE = {
    "type": "page.described",
    "at": f"{DAY}T07:00:00+01:00",
    "page": "rail",
    "platform": "facebook",
}
OPENED = {
    "type": "incident.opened",
    "at": f"{DAY}T08:00:00+01:00",
    "incident": "i1",
    "kind": "outage",
    "severity": "critical",
    "title": "trains stopped",
}


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook()


def at(clock: str) -> str:
    return f"{DAY}T{clock}:00+01:00"


def seen(clock: str, *posts: Mapping[str, object]) -> dict[str, object]:
    return {"type": "page.observed", "at": at(clock), "page": "rail", "posts": list(posts)}


def fed(playbook: Playbook, events: Iterable[Mapping[str, object]]) -> tuple[Session, list[Change]]:
    session = Session(playbook)
    changes = [change for event in events for change in session.feed(parse_event(event))]
    return session, changes


def of(rule: str, session: Session) -> list[Recommendation]:
    return [one for one in session.recommendations() if one.rule == rule]


CONTEST = {"post": "p1", "kind": "contest", "text": "Win two tickets"}
STATUS = {
    "post": "p2",
    "kind": "incident_status",
    "incident": "i1",
    "text": "Our trains are stopped",
}


def test_a_post_that_came_out_before_the_incident_does_not_offend(playbook: Playbook) -> None:
    old = CONTEST | {"published_at": at("07:30")}

    session, _ = fed(playbook, [PAGE, OPENED, seen("09:00", old)])

    assert of("promotion-during-incident", session) == []


@pytest.mark.parametrize("when", [{"published_at": at("08:30")}, {}])
def test_a_post_of_the_incident_s_time_does(playbook: Playbook, when: dict[str, object]) -> None:
    session, _ = fed(playbook, [PAGE, OPENED, seen("09:00", CONTEST | when)])

    (found,) = of("promotion-during-incident", session)
    assert found.subject == ("post", "p1")


def test_the_first_word_is_dated_by_the_post_not_by_the_poll(playbook: Playbook) -> None:
    session, _ = fed(
        playbook, [PAGE, OPENED, seen("09:00", STATUS | {"published_at": at("08:12")})]
    )

    measured = {one.name: one.value for one in session.measures()}
    assert measured["first-word"] == measured["first-status"] == 12 * 60 * 1_000_000


def test_a_date_in_the_future_counts_as_the_moment_of_the_picture(playbook: Playbook) -> None:
    session, _ = fed(
        playbook, [PAGE, OPENED, seen("09:00", STATUS | {"published_at": at("11:00")})]
    )

    assert {one.name: one.value for one in session.measures()}["first-word"] == 3_600_000_000


def test_a_status_seen_in_a_picture_settles_what_asked_for_it(playbook: Playbook) -> None:
    before = fed(playbook, [PAGE, OPENED, seen("08:10")])[0]
    after, changes = fed(playbook, [PAGE, OPENED, seen("08:10"), seen("08:20", STATUS)])

    assert of("first-mention-overdue", before)
    assert not of("first-mention-overdue", after)
    assert any(
        c.kind == "resolved" and c.recommendation.rule == "first-mention-overdue" for c in changes
    )


def test_a_comment_pictured_twice_counts_once(playbook: Playbook) -> None:
    danger = {"comment": "c1", "text": "my father has chest pains and cannot call an ambulance"}
    post = STATUS | {"thread": [danger]}

    session, changes = fed(playbook, [PAGE, OPENED, seen("08:10", post), seen("08:20", post)])

    opened = [
        c
        for c in changes
        if c.recommendation.rule == "safety-comment-escalate" and c.kind == "opened"
    ]
    assert len(opened) == 1
    assert of("safety-comment-escalate", session)


def test_a_vanished_post_takes_its_finding_with_it(playbook: Playbook) -> None:
    older = {"post": "p0", "kind": "service_info", "published_at": at("07:10")}
    contest = CONTEST | {"published_at": at("08:30")}

    session, _ = fed(playbook, [PAGE, OPENED, seen("09:00", older, contest), seen("09:10", older)])

    assert of("promotion-during-incident", session) == []


def test_an_empty_picture_removes_nothing(playbook: Playbook) -> None:
    """A platform that answers with no posts has failed, which is no reason to take back a finding."""
    contest = CONTEST | {"published_at": at("08:30")}

    session, _ = fed(playbook, [PAGE, OPENED, seen("09:00", contest), seen("09:10")])

    assert of("promotion-during-incident", session)


def test_a_changed_text_is_an_edit_and_no_new_word(playbook: Playbook) -> None:
    first = STATUS | {"published_at": at("08:12")}
    again = first | {"text": "Our trains are stopped, next update at 10 am"}

    session, _ = fed(playbook, [PAGE, OPENED, seen("09:00", first), seen("09:10", again)])

    assert {one.name: one.of for one in session.measures()}["news"] == 1
