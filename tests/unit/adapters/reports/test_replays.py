"""A replay as a story, as Markdown and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import pytest

from crisisrules.adapters.reports.layout import written
from crisisrules.adapters.reports.replays import replay_json, replay_jsonl, replay_markdown
from crisisrules.adapters.reports.timeline import timeline
from crisisrules.model.recommendation import Recommendation
from crisisrules.model.reports import Replay

At = Callable[..., datetime]


def story(replay: Replay, language: str = "en", columns: int = 110) -> str:
    return written(timeline(replay, language, columns=columns))


def test_tells_the_evening_in_order(replay: Replay) -> None:
    lines = [line.split() for line in story(replay).splitlines()]
    starts = [" ".join(line[:4]) for line in lines if line and line[0][:2].isdigit()]
    assert starts == [
        "15:30 do by 16:30",
        "16:30 LATE critical acme-fr:",
        "17:30 acme-fr: post p1",
        "22:14 done acme-fr: The",
        "2 recommendations: 1 late,",
    ]


def test_says_how_late_and_by_what_it_was_settled(replay: Replay) -> None:
    assert "The incident has no post of its own: 5 h 44 late, by post p2" in story(
        replay, columns=140
    )


def test_what_was_late_the_moment_it_was_asked_is_told_once(replay: Replay) -> None:
    opened, overdue = replay.changes[:2]
    at_once = attrs.evolve(overdue, at=opened.at)
    worse = attrs.evolve(at_once, kind="escalated")
    lines = story(attrs.evolve(replay, changes=(opened, at_once, worse))).splitlines()
    words = [line.split()[:3] for line in lines if "dedicated-status-missing" in line]
    assert words == [["15:30", "LATE", "critical"]]


def test_what_never_asked_anything_is_not_told_as_over(replay: Replay) -> None:
    waiting = attrs.evolve(replay.changes[0], kind="pending")
    gone = attrs.evolve(waiting, kind="cancelled")
    text = story(attrs.evolve(replay, changes=(waiting, gone)))
    assert "dedicated-status-missing" not in text.split("To do now")[0]


def test_a_figure_that_nobody_could_count_is_not_called_late(replay: Replay) -> None:
    thread = attrs.evolve(
        replay.measures[1], name="largest-thread", title={"en": "largest thread"}, unit="count"
    )
    (line,) = [
        line
        for line in story(attrs.evolve(replay, measures=(thread,))).splitlines()
        if "largest thread" in line
    ]
    assert "not known" in line
    assert "never" not in line


def test_many_rules_of_one_action_are_wrapped_under_it(replay: Replay) -> None:
    one = replay.agenda[0].recommendations[0]
    many = tuple(attrs.evolve(one, rule=f"some-rather-long-rule-{number}") for number in range(9))
    action = attrs.evolve(replay.agenda[0], recommendations=many)
    lines = story(attrs.evolve(replay, agenda=(action,)), columns=100).splitlines()
    assert max(map(len, lines)) <= 100
    assert sum("some-rather-long-rule" in line for line in lines) > 1


def test_gives_the_reason_once(replay: Replay) -> None:
    again = attrs.evolve(replay.changes[1], at=replay.changes[1].at + timedelta(hours=1))
    text = story(attrs.evolve(replay, changes=(*replay.changes[:2], again)))
    assert text.count("LATE") == 2
    assert text.count("because it looks unhandled") == 1


def test_speaks_french(replay: Replay) -> None:
    text = story(replay, "fr", columns=140)
    for words in (
        "ven. 6 juillet 2012",
        "d'ici 16:30",
        "RETARD critique",
        "«\u00a0Here are the winners\u00a0» (jeu-concours)",
        "5 h 44 de retard",
        "2 sur 14",
        "lun. 9 juillet 09:00",
    ):
        assert words in text


def test_times_are_those_of_the_zone(replay: Replay) -> None:
    assert "13:30" in story(attrs.evolve(replay, timezone="UTC"))


def test_a_new_day_has_its_heading(replay: Replay, clock: At) -> None:
    late = attrs.evolve(replay.tellings[0], at=clock(0, 30, day=7))
    assert "Sat 7 July\n00:30" in story(attrs.evolve(replay, tellings=(late,)))


def test_measures_show_what_was_too_long(replay: Replay) -> None:
    lines = story(replay).splitlines()
    (late,) = [line for line in lines if "3 h 28" in line]
    assert late.split() == [
        "acme-fr:",
        "first",
        "word",
        "3",
        "h",
        "28",
        "playbook",
        "1",
        "h",
        "█" * 16,
    ]
    assert any("acme-be: first word" in line and "never" in line for line in lines)


@pytest.mark.parametrize("columns", [72, 90, 110])
def test_lines_keep_to_the_width(replay: Replay, columns: int) -> None:
    longest = attrs.evolve(
        replay.changes[0].recommendation, message={"en": "say publicly what you know " * 9}
    )
    change = attrs.evolve(replay.changes[0], recommendation=longest)
    text = story(attrs.evolve(replay, changes=(change,)), columns=columns)
    assert max(map(len, text.splitlines())) <= columns


def test_a_preview_is_marked(replay: Replay) -> None:
    preview = attrs.evolve(replay.changes[0].recommendation, preview=True)
    change = attrs.evolve(replay.changes[0], recommendation=preview)
    assert "dedicated-status-missing (preview)" in story(attrs.evolve(replay, changes=(change,)))


def test_an_empty_replay_says_so() -> None:
    empty = Replay(until=None, recommendations=(), agenda=(), changes=())
    text = story(empty)
    assert "nothing to tell" in text
    assert "nothing is asked now" in text
    assert "0 recommendations" in text


def poisoned(replay: Replay, text: str) -> Replay:
    """The replay with the text wherever somebody else's words can come in."""
    both = {"en": text, "fr": text}
    one: Recommendation = attrs.evolve(
        replay.recommendations[1],
        message=both,
        title=both,
        because=both,
        settled_by=text,
        page=text,
        subject=("post", text),
    )
    return attrs.evolve(
        replay,
        recommendations=(one,),
        agenda=(attrs.evolve(replay.agenda[0], message=both, page=text, recommendations=(one,)),),
        changes=tuple(attrs.evolve(change, recommendation=one) for change in replay.changes),
        tellings=(attrs.evolve(replay.tellings[0], quote=text, words=both, tail=both, page=text),),
        measures=(attrs.evolve(replay.measures[0], title=both, page=text),),
        headline=both,
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_words_move_nothing(replay: Replay, hostile: str, language: str) -> None:
    for text in (
        story(poisoned(replay, hostile), language),
        replay_markdown(poisoned(replay, hostile), language),
        replay_json(poisoned(replay, hostile), language),
        "".join(replay_jsonl(poisoned(replay, hostile), language)),
    ):
        kinds = {unicodedata.category(char) for char in text if char != "\n"}
        assert not kinds & {"Cc", "Cs"}
        assert "\u202e" not in text


def test_markdown_tells_the_same(replay: Replay) -> None:
    text = replay_markdown(replay, "en")
    assert "| Fri 6 July 16:30 | **LATE** The incident has no post of its own | critical |" in text
    assert "- **critical**, now: withdraw it (`promotion-during-incident`)" in text


def test_json_keeps_its_contract(replay: Replay) -> None:
    document = json.loads(replay_json(replay, "fr"))
    assert document["schema"] == 1
    assert document["until"] == "2012-07-09T09:00:00+02:00"
    first, second = document["recommendations"]
    assert {
        key: first[key] for key in ("rule", "status", "subject", "message", "due_at", "overdue_at")
    } == {
        "rule": "dedicated-status-missing",
        "status": "resolved",
        "subject": {"page": "acme-fr"},
        "message": "publiez un statut",
        "due_at": "2012-07-06T16:30:00+02:00",
        "overdue_at": "2012-07-06T16:30:00+02:00",
    }
    assert second["due_at"] is None
    assert second["closed_at"] is None
    assert first["evidence"][0]["holds"] is False
    (action,) = document["agenda"]
    assert action["recommendations"] == [second["id"]]


def test_metrics_name_the_worst_page(replay: Replay) -> None:
    metrics = json.loads(replay_json(replay, "en"))["metrics"]
    assert metrics["first-word"]["value"] is None
    assert metrics["first-word"]["page"] == "acme-be"
    assert metrics["first-word"]["unit"] == "seconds"
    assert [each["value"] for each in metrics["first-word"]["each"]] == [12480, None]
    assert (metrics["news"]["value"], metrics["news"]["of"]) == (2, 14)


def test_json_lines_are_changes(replay: Replay) -> None:
    lines = [json.loads(line) for line in replay_jsonl(replay, "en")]
    assert [(line["at"][11:16], line["change"]) for line in lines] == [
        ("15:30", "opened"),
        ("16:30", "overdue"),
        ("17:30", "opened"),
        ("22:14", "resolved"),
    ]
    assert lines[1]["recommendation"]["status"] == "overdue"
