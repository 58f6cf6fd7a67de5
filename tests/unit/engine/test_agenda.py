"""An act that two rules ask for is due at the earlier time, in the column and in the sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.engine.session import Session
from crisisrules.model.events import IncidentOpened, PageDescribed

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def session() -> Session:
    found = Session(read_playbook(None))
    found.feed(PageDescribed(at=START, page="p", platform="facebook", timezone="UTC"))
    found.feed(
        IncidentOpened(at=START, incident="i", kind="outage", severity="critical", title="no water")
    )
    found.advance(START + timedelta(minutes=5))
    return found


def test_the_sentence_names_the_earlier_deadline() -> None:
    (action,) = [one for one in session().agenda() if one.action == "publish-status"]
    by_rule = {one.rule: one for one in action.recommendations}
    statement, status = by_rule["first-mention-overdue"], by_rule["dedicated-status-missing"]
    assert statement.due_at is not None
    assert status.due_at is not None
    assert statement.due_at < status.due_at
    assert action.due_at == statement.due_at
    for language, hour in (("en", "by 08:15"), ("fr", "avant 08:15")):
        assert hour in action.message[language]
        assert "09:00" not in action.message[language]
    # the recommendation itself keeps its own
    assert "by 09:00" in status.message["en"]


def test_a_restored_session_says_the_same() -> None:
    before = session()
    after = Session.load(before.playbook, before.dump())
    assert [one.message for one in after.agenda()] == [one.message for one in before.agenda()]
