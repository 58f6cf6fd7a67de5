"""Who is told what and when: once, in time, and without a stranger's text doing anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest

from crisisrules import Session, load_playbook, parse_event
from crisisrules.live.destinations import Destinations
from crisisrules.live.duty import Duties, Duty, duties
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.notify import MOST_ATTEMPTS, Notifier, harmless, message, wait
from crisisrules.live.routes import Quiet, Route
from crisisrules.live.store import Line, Mark, Outgoing
from crisisrules.model.durations import HOUR, MINUTE, SECOND, to_micros
from crisisrules.model.errors import UsageError

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
TEAM = Route(name="team", to="json://localhost")
Sent: TypeAlias = list[tuple[str, str, list[str]]]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "crisis.db")) as opened:
        yield opened


@attrs.define
class Desk:
    """A notifier with a destination that notes what it takes."""

    journal: SqliteJournal
    routes: tuple[Route, ...] = (TEAM,)
    taken: bool = True
    broken: bool = False
    sent: Sent = attrs.Factory(list)
    failed: int = 0
    tried: int = 0
    duties: Duties = attrs.Factory(dict)

    def send(
        self, route: Route, title: str, body: str, notices: Sequence[Mapping[str, object]]
    ) -> bool:
        self.tried += 1
        if self.broken:
            raise TimeoutError
        if self.taken:
            self.sent.append((route.name, title + body, [str(one["key"]) for one in notices]))
        return self.taken

    def fail(self, number: int) -> None:
        self.failed += number

    def deliver(self, minutes: float) -> int:
        notifier = Notifier(
            journal=self.journal,
            routes=self.routes,
            send=self.send,
            on_failure=self.fail,
            duties=self.duties,
        )
        return notifier.deliver(START + timedelta(minutes=minutes))

    def keys(self, route: str = "team") -> list[list[str]]:
        return [keys for name, _, keys in self.sent if name == route]


def notice(key: str, minutes: float = 0, **fields: object) -> Outgoing:
    change = {
        "id": f"id-{key}", "rule": "some-rule", "severity": "warning", "change": "opened",
        "action": "publish-status", "brand": "town", "page": "p1",
        "said": {"en": {"title": "t", "message": f"do {key}"}, "fr": {"message": f"faire {key}"}},
        **fields,
    }  # fmt: skip
    at = to_micros(START + timedelta(minutes=minutes))
    return Outgoing(key, at, json.dumps(change).encode())


def put(journal: SqliteJournal, *notices: Outgoing, routes: Sequence[str] = ("team",)) -> None:
    told = [attrs.evolve(one, route=route) for one in notices for route in routes]
    journal.write(after=journal.last(), told=told)


def mark(journal: SqliteJournal, key: str, kind: str, minutes: float, until: float = 0) -> None:
    at = to_micros(START + timedelta(minutes=minutes))
    end = to_micros(START + timedelta(minutes=until)) if until else None
    journal.write(
        [Line(b"{}")],
        after=journal.last(),
        mark=Mark(f"id-{key}", kind, "Ana", "why", end, at),
    )


def test_one_minute_gives_one_message_and_each_notice_goes_once(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    put(journal, notice("a", 0.1), notice("b", 0.9), notice("c", 1.1))
    assert desk.deliver(2) == 3
    assert desk.keys() == [["a", "b"], ["c"]]
    # the same keys again, as after a crash
    put(journal, notice("a", 0.1), notice("c", 1.1))
    assert desk.deliver(3) == 0
    assert len(desk.sent) == 2


def test_each_route_is_told_once_by_what_it_wants(journal: SqliteJournal) -> None:
    other = Route(
        name="other", to="json://x", language="fr", least="critical", actions=("hold-item",)
    )
    desk = Desk(journal, (TEAM, other))
    put(
        journal,
        notice("a"),
        notice("b", severity="critical"),
        notice("c", severity="critical", action="hold-item"),
        notice("d", severity="critical", action="hold-item", change="cancelled"),
        routes=("team", "other"),
    )
    desk.deliver(1)
    desk.deliver(2)
    assert desk.keys() == [["a", "b", "c"]]
    assert desk.keys("other") == [["c"]]
    assert "faire c" in desk.sent[1][1]


def test_pages_choose_and_what_is_of_no_page_reaches_all(journal: SqliteJournal) -> None:
    desk = Desk(journal, (attrs.evolve(TEAM, pages=("p2",)),))
    put(journal, notice("a"), notice("b", page="p2"), notice("c", page=None))
    desk.deliver(1)
    assert desk.keys() == [["b", "c"]]


@pytest.mark.parametrize(("minutes", "quiet"), [(-1, False), (0, True), (839, True), (840, False)])
def test_quiet_hours_over_midnight_and_zones(minutes: int, quiet: bool) -> None:
    hours = Quiet(
        start=START.time().replace(hour=21), end=START.time().replace(hour=11), zone="Asia/Tokyo"
    )
    # 21:00 in Tokyo is 12:00 in UTC
    assert hours.covers(START + timedelta(hours=4, minutes=minutes)) is quiet
    assert hours.length == 14 * HOUR


def test_quiet_hours_hold_back_all_but_critical_and_lose_nothing(journal: SqliteJournal) -> None:
    quiet = Quiet(start=START.time(), end=START.time().replace(hour=22), zone="UTC")
    desk = Desk(journal, (attrs.evolve(TEAM, quiet=quiet),))
    put(journal, notice("a", 1), notice("b", 1, severity="critical"))
    desk.deliver(2)
    assert desk.keys() == [["b"]]
    desk.deliver(14 * 60)
    assert desk.keys() == [["b"], ["a"]]


def test_what_is_snoozed_waits_until_then_even_for_a_day(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    put(journal, notice("a", 1))
    mark(journal, "a", "snoozed", 1, until=24 * 60)
    assert desk.deliver(2) == desk.deliver(24 * 60 - 1) == 0
    assert desk.deliver(24 * 60) == 1


def test_what_is_done_is_not_told_until_it_opens_again(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    put(journal, notice("a", 1))
    mark(journal, "a", "done", 2)
    assert desk.deliver(3) == 0
    put(journal, notice("again", 5, id="id-a"), notice("settled", 5, id="id-a", change="resolved"))
    desk.deliver(6)
    assert desk.keys() == [["again", "settled"]]


def test_what_became_true_long_ago_is_told_if_it_still_stands(journal: SqliteJournal) -> None:
    """As after a night without a watch: one message with how things stand, not all that happened."""
    desk = Desk(journal)
    put(
        journal,
        notice("opened", 0, id="late"),
        notice("overdue", 60, id="late", change="overdue"),
        notice("other", 90),
        notice("settled", 100, id="done"),
        notice("end", 110, id="done", change="resolved"),
        notice("new", 900, id="new"),
    )
    desk.deliver(15 * 60 + 1)
    assert desk.keys() == [["overdue", "other"], ["new"]]
    assert journal.count()["passed"] == 3
    desk.deliver(15 * 60 + 2)
    assert len(desk.sent) == 2


def test_a_machine_is_told_all_however_old(journal: SqliteJournal) -> None:
    machine = Route(name="machine", to="https://hooks.example/crisis")
    desk = Desk(journal, (machine,))
    put(
        journal,
        notice("a", 0, id="x"),
        notice("b", 1, id="x", change="overdue"),
        notice("c", 2, id="x", change="cancelled"),
        routes=("machine",),
    )
    desk.deliver(48 * 60)
    assert sorted(key for keys in desk.keys("machine") for key in keys) == ["a", "b", "c"]


def test_people_hear_of_cancellations_if_they_ask(journal: SqliteJournal) -> None:
    asked = attrs.evolve(TEAM, kinds=("cancelled", "replaced"))
    desk = Desk(journal, (asked,))
    put(journal, notice("a", 0), notice("b", 1, change="cancelled"))
    desk.deliver(2)
    assert desk.keys() == [["b"]]
    assert "no longer" in desk.sent[0][1]


LEAD, DESK = (
    Route(name="lead", to="json://a", role="lead"),
    Route(name="desk", to="json://b", role="desk", pages=("p1",)),
)


def shift(role: str, start: float, end: float, *pages: str, person: str | None = None) -> Duty:
    first, last = (to_micros(START + timedelta(minutes=one)) for one in (start, end))
    return Duty(role, person, pages or None, first, last)


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        # nobody is on duty: better all than none
        ([], {"lead", "desk"}),
        ([shift("lead", 0, 60)], {"lead"}),
        ([shift("lead", 0, 60), shift("desk", 0, 60)], {"lead", "desk"}),
        ([shift("lead", 0, 60, "p2"), shift("desk", 0, 60, "p1")], {"desk"}),
        # at the end of a shift it is over, and one that begins has begun
        ([shift("lead", 0, 10), shift("desk", 10, 60)], {"desk"}),
        # whoever is on duty is reached by no route
        ([shift("design", 0, 60)], {"lead", "desk"}),
    ],
)
def test_whoever_is_on_duty_is_told(
    journal: SqliteJournal, shifts: list[Duty], told: set[str]
) -> None:
    desk = Desk(journal, (LEAD, DESK), duties={"town": shifts})
    put(journal, notice("a", 9), routes=("lead", "desk"))
    desk.deliver(10)
    desk.deliver(11)
    assert {name for name, _, _ in desk.sent} == told


def test_a_person_is_told_in_their_shift_only(journal: SqliteJournal) -> None:
    ana, bo = (Route(name=name, to="json://a", person=name) for name in ("ana", "bo"))
    shifts = [shift("desk", 0, 60, person="ana"), shift("desk", 60, 120, person="bo")]
    desk = Desk(journal, (ana, bo), duties={"town": shifts})
    put(journal, notice("a", 9), routes=("ana", "bo"))
    desk.deliver(10)
    put(journal, notice("b", 70), routes=("ana", "bo"))
    desk.deliver(71)
    assert [(name, keys) for name, _, keys in desk.sent] == [("ana", ["a"]), ("bo", ["b"])]


def test_shifts_are_those_of_the_session() -> None:
    session = Session(attrs.evolve(load_playbook(), lexicons={}))
    given = {
        "type": "shift.planned", "at": START.isoformat(), "role": "lead", "person": "Ana",
        "pages": ["p1"], "from": START.isoformat(), "to": (START + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    session.feed(parse_event(given))
    assert duties(session) == {"default": (shift("lead", 0, 60, "p1", person="Ana"),)}


DEPUTY = Route(name="deputy", to="json://x", escalate_after=10 * MINUTE)


def test_the_deputy_hears_what_is_overdue_and_nobody_took(journal: SqliteJournal) -> None:
    desk = Desk(journal, (DEPUTY,))
    put(
        journal,
        notice("opened", 0),
        notice("late", 0, change="overdue"),
        notice("seen", 0, change="overdue"),
        routes=("deputy",),
    )
    mark(journal, "seen", "acknowledged", 1)
    assert desk.deliver(9) == 0
    assert desk.deliver(10) == 1
    assert desk.keys("deputy") == [["late"]]


@pytest.mark.parametrize("end", ["resolved", "cancelled", "replaced"])
def test_the_deputy_does_not_hear_what_was_settled_meanwhile(
    journal: SqliteJournal, end: str
) -> None:
    desk = Desk(journal, (DEPUTY,))
    put(journal, notice("late", 0, change="overdue"), routes=("deputy",))
    desk.deliver(5)
    put(journal, notice("end", 6, id="id-late", change=end), routes=("deputy",))
    desk.deliver(7)
    desk.deliver(20)
    assert desk.sent == []


def test_what_is_not_taken_is_tried_again_ever_later_and_then_listed(
    journal: SqliteJournal,
) -> None:
    desk = Desk(journal, taken=False)
    put(journal, notice("a", 0))
    minute = 0.0
    while journal.count().get("waiting"):
        desk.deliver(minute)
        minute += 1 / 60
    assert desk.tried == desk.failed == MOST_ATTEMPTS
    assert [one.key for one in journal.dead()] == ["a"]
    assert 60 <= minute <= 240


def test_waits_grow_to_a_quarter_of_an_hour() -> None:
    assert wait(1) < wait(4) < wait(8)
    assert wait(1) <= 11 * SECOND
    assert wait(60) <= 920 * SECOND


def test_a_destination_that_raises_loses_nothing(journal: SqliteJournal) -> None:
    desk = Desk(journal, broken=True)
    put(journal, notice("a", 0))
    assert desk.deliver(1) == 0
    desk.broken = False
    assert desk.deliver(5) == 1
    assert desk.keys() == [["a"]]


HOSTILE = {
    "mention": "@channel @everyone _@here_ x@here",
    "slack": "<!channel> <@U024BE7LH> <https://bank.example|your bank> <#C024BE7LR>",
    "markdown": "[your bank](https://bank.example) ![x](http://a.example/x.png)",
    "address": "go to https://bank.example or www.bank.example",
    "terminal": "\x1b]8;;http://a.example\x07click\x1b[2J\x9b31m\r\n\x00",
    "bidi": "pay \u202e001\u202c \u2066x\u2069",
    "markup": "<script>alert(1)</script> <at>all</at>",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_reaches_people_harmless(text: str) -> None:
    said = {"en": {"message": text}}
    change = {"severity": "critical", "change": "opened", "rule": "r", "page": text, "said": said}
    title, body = message([change], "en")
    for shown in (title, body.partition("] ")[2]):
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)
        for active in (
            "@c",
            "@e",
            "@h",
            "@U",
            "<!",
            "<@",
            "<#",
            "<h",
            "<s",
            "<a",
            "</",
            "](",
            "://",
        ):
            assert active not in shown
        assert "www." not in shown


def test_a_harmless_text_stays_as_it_is() -> None:
    text = "publiez un statut dédié à « panne » sur orange-fr avant 16:30 (3 < 4, 50 %) 👩‍🚒"
    assert harmless(text) == text


def test_a_long_text_is_cut_and_the_gravest_stands_first() -> None:
    changes = [
        {
            "severity": "info",
            "change": "opened",
            "rule": "r",
            "said": {"en": {"message": "x" * 900}},
        }
        for _ in range(20)
    ]
    grave = {"severity": "critical", "change": "overdue", "rule": "grave", "said": {}}
    title, body = message([*changes, grave], "en")
    assert len(body) <= 1500
    assert body.startswith("LATE [critical]")
    assert title.endswith("21")


@pytest.mark.filterwarnings("ignore:.*imghdr:DeprecationWarning")  # of a library of the library
def test_an_unknown_address_is_refused_without_showing_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UsageError) as caught:
        Destinations([Route(name="team", to="slak://secret-token/x")])
    assert "slak" in str(caught.value)
    assert "secret-token" not in str(caught.value) + "".join(capfd.readouterr())
