"""The evening of 6 July 2012 through the installed command: each rule speaks at its minute."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crisisrules import Session, load_playbook, read_event_file

ROOT = Path(__file__).resolve().parent.parent.parent
TIMELINE = ROOT / "examples" / "orange-2012" / "timeline.jsonl"
GOLDEN = ROOT / "tests" / "golden"
COMMAND = Path(sysconfig.get_path("scripts")) / "crisisrules"
DAY = "2012-07-06T"
NEXT_DAY = "2012-07-07T"
MOST_ACTIONS = 5

Recommendation = Mapping[str, Any]


def at(minute: str, day: str = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}{minute}:00+02:00")


def told(*options: str, timeline: Path = TIMELINE) -> dict[str, Any]:
    """What `replay --format json` prints."""
    done = subprocess.run(
        [COMMAND, "replay", timeline, "--format", "json", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def instant(recommendation: Recommendation, name: str) -> datetime | None:
    written = recommendation[name]
    return None if written is None else datetime.fromisoformat(written)


@pytest.fixture(scope="module")
def evening() -> list[Recommendation]:
    recommendations: list[Recommendation] = told()["recommendations"]
    return recommendations


def episodes(evening: list[Recommendation], rule: str, **subject: str) -> list[Recommendation]:
    return [
        one for one in evening if one["rule"] == rule and (not subject or one["subject"] == subject)
    ]


def test_names_the_promotion_when_it_is_published(evening: list[Recommendation]) -> None:
    (one,) = episodes(evening, "promotion-during-incident")

    assert one["subject"] == {"post": "concours"}
    assert one["severity"] == "critical"
    assert instant(one, "opened_at") == at("17:30")


def test_names_answers_about_the_game(evening: list[Recommendation]) -> None:
    (one,) = episodes(evening, "off-topic-replies-during-incident")

    assert instant(one, "opened_at") == at("17:45")
    assert instant(one, "closed_at") == at("18:58")


def test_first_mention_is_due_in_time_to_act_and_settled_by_the_first_word(
    evening: list[Recommendation],
) -> None:
    (one,) = episodes(evening, "first-mention-overdue")

    assert instant(one, "opened_at") == at("15:30")
    assert instant(one, "due_at") == at("15:45")
    assert instant(one, "overdue_at") == at("15:45")
    assert instant(one, "closed_at") == at("18:58")
    assert one["severity"] == "critical"
    assert one["status"] == "resolved"


def test_status_of_its_own_is_late_by_hours(evening: list[Recommendation]) -> None:
    """The word under the contest at 18:58 settles nothing here."""
    (one,) = episodes(evening, "dedicated-status-missing")

    assert instant(one, "opened_at") == at("15:30")
    assert instant(one, "overdue_at") == at("16:30")
    assert instant(one, "closed_at") == at("22:14")


@pytest.mark.parametrize(
    ("rule", "after", "before"),
    [
        ("silence-while-thread-grows", at("18:30"), at("18:58")),
        ("incident-in-unrelated-thread", at("18:30"), at("19:00")),
        ("selective-individual-replies", at("18:58"), at("22:14")),
        ("repeat-without-new-information", at("19:00"), at("22:14")),
        ("reply-load-exceeded", at("18:58"), at("22:14")),
        ("oversized-thread", at("18:58"), at("22:14")),
        ("draft-next-update-time", at("22:14"), at("22:15")),
        ("draft-empathy", at("22:14"), at("22:15")),
        ("redress-followup-due", at("01:23", NEXT_DAY), at("01:24", NEXT_DAY)),
        ("resolution-notice-incomplete", at("01:23", NEXT_DAY), at("01:24", NEXT_DAY)),
        ("post-resolution-silence", at("03:20", NEXT_DAY), at("00:00", "2012-07-09T")),
    ],
)
def test_opens_first_between(
    evening: list[Recommendation], rule: str, after: datetime, before: datetime
) -> None:
    opened = instant(episodes(evening, rule)[0], "opened_at")

    assert opened is not None
    assert after <= opened < before


def test_the_second_status_is_late(evening: list[Recommendation]) -> None:
    first = episodes(evening, "update-cadence-overdue")[0]
    overdue = instant(first, "overdue_at")

    assert instant(first, "opened_at") == at("22:14")
    assert overdue is not None
    assert at("22:14") < overdue < at("00:43", NEXT_DAY)
    assert instant(first, "closed_at") == at("00:43", NEXT_DAY)


def test_a_status_without_news_does_not_tell_the_recovery(evening: list[Recommendation]) -> None:
    """Voice was back at 00:30; the 00:43 status does not say so, the 01:23 one does."""
    (one,) = episodes(evening, "stale-status-after-recovery")

    assert instant(one, "opened_at") == at("00:30", NEXT_DAY)
    assert instant(one, "overdue_at") == at("00:45", NEXT_DAY)
    assert instant(one, "closed_at") == at("01:23", NEXT_DAY)


def test_the_thread_of_the_status_is_too_large_too(evening: list[Recommendation]) -> None:
    (one,) = episodes(evening, "oversized-thread", post="statut-22h14")
    opened = instant(one, "opened_at")

    assert opened is not None
    assert at("22:14") < opened < at("00:43", NEXT_DAY)


def test_every_recommendation_says_why_and_on_what(evening: list[Recommendation]) -> None:
    for one in evening:
        assert one["message"], one["rule"]
        assert one["because"], one["rule"]
        assert one["sources"], one["rule"]
        assert one["evidence"], one["rule"]
        assert "{" not in one["message"], one["rule"]


def test_told_from_when_the_staff_surely_knew(tmp_path: Path) -> None:
    """Nothing says when the brand became aware: from 17:30 on, the first word is still late."""
    later = tmp_path / "later.jsonl"
    text = TIMELINE.read_text(encoding="utf-8")
    aware = '"aware_at": "2012-07-06T15:30:00+02:00"'
    assert aware in text
    later.write_text(text.replace(aware, aware.replace("15:30", "17:30")), encoding="utf-8")
    recommendations = told(timeline=later)["recommendations"]

    (mention,) = episodes(recommendations, "first-mention-overdue")
    (status,) = episodes(recommendations, "dedicated-status-missing")
    assert instant(mention, "due_at") == at("17:45")
    assert mention["severity"] == "critical"
    assert instant(mention, "closed_at") == at("18:58")
    assert instant(status, "overdue_at") == at("18:30")


def quarter_hours() -> Iterator[datetime]:
    start, end = at("15:30"), at("09:00", "2012-07-09T")
    for number in count():
        moment = start + timedelta(minutes=15 * number)
        if moment > end:
            return
        yield moment


def test_never_asks_for_more_than_a_handful_at_once() -> None:
    """Every minute of the night, then every quarter of an hour until Monday, and after each event."""
    session = Session(load_playbook())
    events = read_event_file(TIMELINE)
    minutes = {at("15:30") + timedelta(minutes=number) for number in range(12 * 60)}
    waiting = sorted({*minutes, *quarter_hours()})
    counts: dict[datetime, int] = {}
    for event in events:
        while waiting and waiting[0] < event.at:
            moment = waiting.pop(0)
            session.advance(moment)
            counts[moment] = len(session.agenda())
        session.feed(event)
        counts[event.at] = len(session.agenda())

    too_many = {str(moment): number for moment, number in counts.items() if number > MOST_ACTIONS}
    assert not too_many
    # a quiet agenda in the middle of the outage would be no merit
    assert all(number for moment, number in counts.items() if at("15:30") <= moment < at("22:14"))


@pytest.mark.parametrize("minute", ["15:40", "16:45", "18:55", "20:05", "22:13", "23:30"])
def test_stopped_at_a_minute_it_tells_what_was_known_then(
    evening: list[Recommendation], minute: str
) -> None:
    stopped = told("--until", at(minute).isoformat())
    opened = {
        (one["id"], one["opened_at"])
        for one in evening
        if one["opened_at"] is not None and datetime.fromisoformat(one["opened_at"]) <= at(minute)
    }

    assert {
        (one["id"], one["opened_at"]) for one in stopped["recommendations"] if one["opened_at"]
    } == opened
    assert 1 <= len(stopped["agenda"]) <= MOST_ACTIONS


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_evening_as_it_is_printed(language: str, update_golden: bool) -> None:
    golden = GOLDEN / f"orange-2012.{language}.txt"
    done = subprocess.run(
        [COMMAND, "replay", TIMELINE.relative_to(ROOT), "--lang", language],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    if update_golden:
        golden.write_bytes(done.stdout)

    assert done.stdout.decode() == golden.read_text(encoding="utf-8")
