"""Times in texts: which are found, which are not, and to which instant they resolve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.signals.text import prepare
from crisisrules.signals.times import TimeMention, find_times

PARIS = ZoneInfo("Europe/Paris")
# a Monday
NOW = datetime(2026, 3, 2, 17, 10, tzinfo=PARIS)


def times(text: str, now: datetime = NOW) -> tuple[TimeMention, ...]:
    return find_times(prepare(text), published_at=now, zone=PARIS)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Prochain point à 20h", "2026-03-02T20:00"),
        ("prochain point à 20 h 30", "2026-03-02T20:30"),
        ("vers 18h", "2026-03-02T18:00"),
        ("vers 18 heures", "2026-03-02T18:00"),
        ("back at 6pm", "2026-03-02T18:00"),
        ("back at 6.30pm.", "2026-03-02T18:30"),
        ("by 18:30 CET", "2026-03-02T18:30"),
        ("by 18:30 GMT", "2026-03-02T19:30"),
        ("next update in 30 minutes", "2026-03-02T17:40"),
        ("dans 30 minutes", "2026-03-02T17:40"),
        ("d'ici une heure", "2026-03-02T18:10"),
        ("d’ici 2 heures", "2026-03-02T19:10"),
        ("d'ici 20h", "2026-03-02T20:00"),
        ("within the hour", "2026-03-02T18:10"),
        ("dans l'heure", "2026-03-02T18:10"),
        ("Half an hour more and you'll be back", "2026-03-02T17:40"),
        ("Encore une petite demi-heure", "2026-03-02T17:40"),
        ("comptez 45 minutes", "2026-03-02T17:55"),
        ("avant midi", "2026-03-03T12:00"),
        ("at noon", "2026-03-03T12:00"),
        ("at 6:30", "2026-03-02T18:30"),
        ("at 06:30", "2026-03-03T06:30"),
        ("d'ici demain midi", "2026-03-03T12:00"),
        ("by 9am tomorrow", "2026-03-03T09:00"),
        ("tomorrow at 9am", "2026-03-03T09:00"),
        ("lundi 9h", "2026-03-09T09:00"),
        ("le mardi 3 à 9 h", "2026-03-03T09:00"),
        ("Friday 6 March at 10am", "2026-03-06T10:00"),
        ("depuis 14h30", "2026-03-02T14:30"),
        ("since 11pm", "2026-03-01T23:00"),
        ("il y a 30 minutes", "2026-03-02T16:40"),
        ("30 minutes ago", "2026-03-02T16:40"),
        ("again at half past six", "2026-03-02T18:30"),
        ("by ten past nine tonight", "2026-03-02T21:10"),
        ("at a quarter to seven", "2026-03-02T18:45"),
        ("at twenty-five to eight", "2026-03-02T19:35"),
        ("at 20 past 6", "2026-03-02T18:20"),
        ("ten minutes to nine", "2026-03-02T20:50"),
        ("back at six.", "2026-03-02T18:00"),
        ("about six this evening", "2026-03-02T18:00"),
        ("by 7 tomorrow", "2026-03-03T07:00"),
        ("at 7 in the morning", "2026-03-03T07:00"),
        ("by eight o'clock", "2026-03-02T20:00"),
        ("à neuf heures et demie", "2026-03-02T21:30"),
        ("vers vingt heures trente", "2026-03-02T20:30"),
        ("à vingt et une heures", "2026-03-02T21:00"),
        ("vers six heures ce soir", "2026-03-02T18:00"),
        ("demain à huit heures", "2026-03-03T08:00"),
        ("9 h moins le quart", "2026-03-03T08:45"),
        ("à dix heures moins dix", "2026-03-02T21:50"),
        ("avant midi et quart", "2026-03-03T12:15"),
        ("a las seis y media", "2026-03-02T18:30"),
    ],
)
def test_instant(text: str, at: str) -> None:
    (found,) = times(text)
    assert found.kind == "instant"
    assert found.at is not None
    assert found.at.isoformat()[:16] == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("demain matin", "2026-03-03T12:00"),
        ("tomorrow morning", "2026-03-03T12:00"),
        ("ce soir", "2026-03-03T00:00"),
        ("this afternoon", "2026-03-02T18:00"),
        ("in the morning", "2026-03-03T12:00"),
        ("cet après-midi", "2026-03-02T18:00"),
    ],
)
def test_a_part_of_a_day_ends_with_its_last_moment(text: str, at: str) -> None:
    (found,) = times(text)
    assert found.kind == "day_part"
    assert found.at is not None
    assert found.at.isoformat()[:16] == at


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("every 30 minutes", timedelta(minutes=30)),
        ("toutes les 30 minutes", timedelta(minutes=30)),
        ("toutes les heures", timedelta(hours=1)),
        ("every half hour", timedelta(minutes=30)),
        ("toutes les demi-heures", timedelta(minutes=30)),
        ("tous les quarts d'heure", timedelta(minutes=15)),
        ("hourly updates", timedelta(hours=1)),
    ],
)
def test_recurrence(text: str, length: timedelta) -> None:
    (found,) = times(text)
    assert (found.kind, found.length) == ("recurrence", length)


@pytest.mark.parametrize(
    "text",
    [
        "Plus de 200 ingénieurs sont mobilisés",
        "9,99 € par mois, appelez le 01 23 45 67 89 ou le 3900",
        "support 24/7 on 0800 555 0199",
        "joignable 24h/24 et 7j/7",
        "every home is back",
        "refarming 1/2",
        "it may take a while, see you mars",
        "une équipe du Midi est sur place",
        "v2.30 at 16:9",
        "sold at six stations",
        "half the team was at two of our stores",
        "once again, all of you at once",
        "the five to ten people at number 10",
    ],
)
def test_no_time(text: str) -> None:
    assert times(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("de 8 h à 20 h", "interval"),
        ("8am to 10pm", "interval"),
        ("from 1am to 4am", "interval"),
        ("delayed by more than two hours", "duration"),
        ("30 minutes de retard", "duration"),
        ("prolongée de 48 h", "duration"),
        ("2h de batterie", "duration"),
        ("six heures de retard", "duration"),
        ("à trois heures de Paris", "duration"),
        ("le 12 juillet", "day"),
    ],
)
def test_what_is_no_instant_is_told_apart(text: str, kind: str) -> None:
    assert [found.kind for found in times(text)] == [kind]


def test_an_hour_that_summer_time_skips_is_the_hour_after_it() -> None:
    (found,) = times("à 2h30", datetime(2026, 3, 29, 0, 30, tzinfo=PARIS))
    assert found.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_the_first_that_is_still_to_come() -> None:
    before = datetime(2026, 10, 24, 23, 50, tzinfo=UTC)
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    # compared in UTC: Python holds a doubled wall clock equal to nothing in another zone
    instants = [
        found.at.astimezone(UTC)
        for now in (before, between)
        for found in times("à 2h30", now)
        if found.at is not None
    ]
    assert instants == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


def test_a_length_from_now_is_elapsed_time_over_a_change_of_the_clock() -> None:
    (found,) = times("dans 2 heures", datetime(2026, 3, 29, 1, 30, tzinfo=PARIS))
    assert found.at == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


def test_without_a_publication_time_the_form_is_told_and_no_instant() -> None:
    (found,) = find_times(prepare("Next update at 6pm"))
    assert (found.kind, found.clock, found.at) == ("instant", "18:00", None)


@given(
    st.text() | st.from_regex(r"([0-9]{1,2} ?(h|:|am|min|/)[0-9à ]{0,3}(demain|by|every)? ?){1,5}")
)
def test_spans_lie_inside_any_text(text: str) -> None:
    for found in times(text):
        assert text[found.start : found.end] == found.text
