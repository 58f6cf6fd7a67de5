"""A deadline that moves: what is said names the new time, and not the one of the opening."""

from __future__ import annotations

from datetime import datetime, timedelta

from crisisrules import Session, load_playbook
from crisisrules.api import parse_event

START = datetime.fromisoformat("2026-03-02T08:00:00+01:00")


def test_the_words_follow_the_deadline() -> None:
    session = Session(load_playbook())
    told = []
    for minutes, fields in (
        (0, {"type": "page.described", "page": "p", "platform": "facebook"}),
        (0, {"type": "incident.opened", "incident": "i", "kind": "outage", "severity": "major"}),
        (5, {"type": "post.published", "page": "p", "post": "a", "kind": "incident_status",
             "incident": "i", "text": "Trains are stopped"}),
        (20, {"type": "incident.updated", "incident": "i", "phase": "identified"}),
    ):  # fmt: skip
        at = START + timedelta(minutes=minutes)
        told += session.feed(parse_event({"at": at.isoformat(), **fields}))
    cadence = [one for one in told if one.recommendation.rule == "update-cadence-overdue"]
    assert [(one.kind, "09:05" in one.recommendation.message["en"]) for one in cadence] == [
        ("opened", True),
        ("moved", False),
    ]
    assert "10:05" in cadence[-1].recommendation.message["en"]

    again = Session.load(load_playbook(), session.dump())
    assert [one.message for one in again.agenda()] == [one.message for one in session.agenda()]
