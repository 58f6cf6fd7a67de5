"""Business days: which day ends a clock, at which hour, where, and what is said without calendars."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules import Session, load_playbook
from crisisrules.adapters.playbooks import base_folder
from crisisrules.cli import main
from crisisrules.engine import business_days
from crisisrules.engine.business_days import check_calendars, deadline
from crisisrules.engine.state import NEVER
from crisisrules.model.durations import DAY, HOUR, from_micros, to_micros
from crisisrules.model.errors import PlaybookError
from crisisrules.playbook.load import Source, build_playbook
from crisisrules.playbook.rule import BusinessDays, Rule

NEW_YORK = ZoneInfo("America/New_York")
SEC = BusinessDays(calendar="US", timezone="America/New_York", closes=17 * 60 + 30)
FRANCE = BusinessDays(calendar="FR", timezone="Europe/Paris")


def ends(start: str, number: int, days: BusinessDays = SEC, zone: str | None = None) -> str:
    at = to_micros(datetime.fromisoformat(start))
    where = ZoneInfo(days.timezone or zone or "UTC")
    return from_micros(deadline(at, number * DAY, days, zone), where).isoformat()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T09:00-05:00", "2026-03-06T17:30:00-05:00"),  # Monday to Friday
        ("2026-03-06T09:00-05:00", "2026-03-12T17:30:00-04:00"),  # over a weekend and a new hour
        ("2026-03-07T12:00-05:00", "2026-03-12T17:30:00-04:00"),  # a Saturday counts from Monday
        ("2026-03-08T23:59-04:00", "2026-03-12T17:30:00-04:00"),
        ("2026-07-02T09:00-04:00", "2026-07-09T17:30:00-04:00"),  # the 4th, observed on the 3rd
        ("2026-12-24T09:00-05:00", "2026-12-31T17:30:00-05:00"),
        ("2026-12-28T09:00-05:00", "2027-01-04T17:30:00-05:00"),  # over New Year
        ("2026-03-03T04:00+00:00", "2026-03-06T17:30:00-05:00"),  # still Monday in New York
        ("2026-03-03T05:00+00:00", "2026-03-09T17:30:00-04:00"),  # an hour later it is Tuesday
    ],
)
def test_four_business_days_of_the_united_states(start: str, end: str) -> None:
    assert ends(start, 4) == end


def test_other_countries_parts_and_markets_have_their_own_days() -> None:
    monday = "2026-07-13T09:00+02:00"
    assert ends(monday, 1, FRANCE) == "2026-07-16T00:00:00+02:00"  # the 14th is a feast in France
    assert ends(monday, 1, BusinessDays(calendar="DE")) == "2026-07-15T00:00:00+00:00"
    # Epiphany closes Bavaria on a Tuesday in 2026, and not Berlin
    monday = "2026-01-05T09:00+01:00"
    parts = [ends(monday, 1, BusinessDays(calendar=f"DE-{part}"))[:10] for part in ("BY", "BE")]
    assert parts == ["2026-01-08", "2026-01-07"]
    # Good Friday closes the exchange and no office of the federal government
    thursday = "2026-04-02T09:00-04:00"
    assert [ends(thursday, 1, BusinessDays(calendar=name))[:10] for name in ("XNYS", "US")] == [
        "2026-04-07",
        "2026-04-04",
    ]


def test_days_without_a_zone_of_their_own_are_those_of_the_playbook() -> None:
    late = "2026-03-02T23:30+00:00"
    days = BusinessDays(calendar="FR")
    assert ends(late, 1, days, "Europe/Paris") == "2026-03-05T00:00:00+01:00"  # there it is Tuesday
    assert ends(late, 1, days) == "2026-03-04T00:00:00+00:00"


MOMENTS = st.integers(978_307_200, 2_051_222_400).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(MOMENTS, st.integers(1, 30), st.sampled_from([SEC, FRANCE]))
def test_exactly_so_many_open_days_follow_the_day_of_the_start(
    start: datetime, number: int, days: BusinessDays
) -> None:
    zone = ZoneInfo(str(days.timezone))
    end = from_micros(deadline(to_micros(start), number * DAY, days, None), zone)
    last = (end - timedelta(microseconds=1)).date()
    calendar = holidays.country_holidays(days.calendar)
    first = start.astimezone(zone).date()
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(calendar.is_working_day(day) for day in between) == number
    assert calendar.is_working_day(last)
    assert last - first >= timedelta(days=number)  # never sooner than as many calendar days


@given(MOMENTS, MOMENTS, st.integers(1, 10))
def test_a_clock_that_starts_later_never_ends_sooner(
    one: datetime, other: datetime, number: int
) -> None:
    first, second = sorted((to_micros(one), to_micros(other)))
    assert deadline(first, number * DAY, SEC, None) <= deadline(second, number * DAY, SEC, None)


def test_a_part_of_a_day_counts_whole() -> None:
    at = to_micros(datetime(2026, 3, 2, 9, tzinfo=NEW_YORK))
    assert deadline(at, 3 * DAY + HOUR, SEC, None) == deadline(at, 4 * DAY, SEC, None)


RULE = """\
id: filing
title: {en: Filing, fr: Dépôt}
severity: critical
about: incident
regimes: [sec]
expect: {record.name: filing.sec_8k}
within: 4d
of: incident.aware_at
business_days: {calendar: US}
recommend: {action: file-notice, say: {en: file, fr: déposez}}
because: {en: The law, fr: La loi}
sources: [{title: us}]
"""


def rule(calendar: str = "US", text: str = RULE) -> Rule:
    source = Source(
        name="filing.yaml", text=text.replace("calendar: US", f"calendar: {calendar}"), role="rule"
    )
    return build_playbook([source]).rules[0]


@pytest.mark.parametrize(
    ("calendar", "message"),
    [
        ("XX", "filing.yaml:9:27: error unknown-calendar: `XX` is not a country or a market"),
        ("US-QQ", "`US-QQ` is not a country or a market with a calendar; did you mean `US-"),
        ("XNYX", "did you mean `XNYS`?"),
    ],
)
def test_a_calendar_that_nobody_keeps_is_explained(calendar: str, message: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        check_calendars(rule(calendar))
    assert message in str(caught.value)


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    business_days._calendar.cache_clear()
    monkeypatch.setitem(sys.modules, "holidays", None)
    yield
    business_days._calendar.cache_clear()


@pytest.mark.usefixtures("without_library")
def test_without_the_library_only_a_rule_in_force_asks_for_it() -> None:
    Session(load_playbook())
    declared = Source(
        name="p.yaml", text="governance: {regimes: [sec]}\n", role="playbook", own=True
    )
    with pytest.raises(PlaybookError) as caught:
        Session(build_playbook([declared, Source(name="filing.yaml", text=RULE, role="rule")]))
    assert str(caught.value) == (
        "filing.yaml:9:27: error missing-library: `filing` counts business days, which needs the "
        "library `holidays`; install it with `pip install 'crisisrules[regimes]'`"
    )


@pytest.mark.usefixtures("without_library")
def test_without_the_library_the_other_rules_are_tested_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = base_folder() / "regimes"
    tests = [str(folder / f"{name}.test.yaml") for name in ("sec-8k-105", "nis2-23-warning")]
    assert main(["test", *tests]) == 1
    out = capsys.readouterr().out
    assert "install it with `pip install 'crisisrules[regimes]'`" in out
    assert "2 rule tests" in out
    assert "nis2-23-warning" not in out  # it passes


@pytest.mark.usefixtures("without_library")
def test_the_linter_says_what_a_declared_regime_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "crisis.yaml"
    file.write_text("extends: base\ngovernance: {owner: lead, regimes: [sec]}\n")
    assert main(["lint-playbook", str(file)]) == 2
    assert "error missing-library: `sec-8k-105` counts business days" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("4d", "36h", "7:9: error business-days: `within` counts business days, so it is whole"),
        ("{calendar: US}", "US", "9:16: error wrong-type: whose days, `{calendar: US}`, is needed"),
        ("calendar: US", "calendar: France", "9:27: error unknown-calendar: `France` is no code"),
        ("US}", "US, closes: late}", '9:39: error time-of-day: `late` is no time of day such as'),
        ("US}", "US, timezone: Mars}", "9:41: error unknown-timezone: `Mars` is not a time zone"),
        ("of: incident.aware_at\n", "clocks: [{of: incident.aware_at, within: 4d}]\n",
         "9:1: error form: `business_days` belongs to `within`"),
        ("{calendar: US}", "{}", "9:16: error missing-key: `business_days` needs `calendar`"),
    ],
)  # fmt: skip
def test_a_mistake_in_business_days_is_explained(old: str, new: str, message: str) -> None:
    text = RULE.replace(old, new)
    if "clocks" in new:
        text = text.replace("within: 4d\n", "", 1)
        message = message.replace("9:1", "8:1")
    with pytest.raises(PlaybookError) as caught:
        rule(text=text)
    assert f"filing.yaml:{message}" in str(caught.value)


def test_the_first_day_is_a_date_of_the_calendar_and_not_of_the_machine() -> None:
    at = to_micros(datetime(2026, 3, 2, 3, tzinfo=UTC))  # Sunday evening in New York
    end = from_micros(deadline(at, DAY, SEC, None), NEW_YORK)
    assert end.date() == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "number"),
    [("2026-03-02T09:00:00+00:00", 99_999_999), ("9999-12-30T09:00:00+00:00", 4)],
)
def test_what_lies_beyond_all_calendars_never_falls_due(start: str, number: int) -> None:
    at = to_micros(datetime.fromisoformat(start))
    assert deadline(at, number * DAY, SEC, None) == NEVER
