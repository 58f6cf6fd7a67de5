"""The keeper and its journal: what was accepted stays, and a start finds the same evaluation again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from crisisrules import Session, load_playbook, parse_event
from crisisrules.live import keeper as keeper_module
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.store import JournalError
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change
from crisisrules.playbook.playbook import Playbook

START = datetime.fromisoformat("2026-03-02T08:00:00+01:00")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    # without lexicons: each start is quick
    return attrs.evolve(load_playbook(), lexicons={})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crisis.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(path)
    yield opened
    opened.close()


def event(type_: str, minute: float, **fields: object) -> Event:
    at = (START + timedelta(minutes=minute)).isoformat()
    return parse_event({"type": type_, "at": at, **fields})


def comment(minute: float, number: int, **fields: object) -> Event:
    return event("comment.received", minute, page="town", post="p1", comment=f"c{number}", **fields)


def outage() -> list[Event]:
    return [
        event("page.described", 0, page="town", platform="facebook"),
        event("incident.opened", 1, incident="i1", kind="outage", severity="major", title="water"),
    ]


def texts(journal: SqliteJournal) -> list[dict[str, object]]:
    return [json.loads(line) for _, line in journal.lines()]


def told(journal: SqliteJournal, route: str = "") -> list[str]:
    return [one.key for one in journal.waiting(route, 1 << 60, 100_000)]


def kinds(changes: list[Change]) -> list[tuple[str, str, datetime]]:
    return [(change.kind, change.recommendation.id, change.at) for change in changes]


def test_a_repeated_source_id_changes_nothing(journal: SqliteJournal, playbook: Playbook) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    first = keeper.accept([comment(2, 1, id="d1"), comment(2, 1, id="d1"), comment(3, 2, id="d2")])
    kept, state = texts(journal), keeper.session.dump()

    again = keeper.accept([comment(9, 1, id="d1"), comment(9, 2, id="d2")])

    assert (first.new, first.repeated) == (2, 1)
    assert (again.new, again.repeated, again.changes) == (0, 2, ())
    assert texts(journal) == kept
    assert keeper.session.dump() == state


def test_an_id_repeats_only_within_its_brand_and_type(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    accepted = keeper.accept(
        [
            comment(0, 1, id="d1", brand="a"),
            comment(0, 1, id="d1", brand="b"),
            event("comment.removed", 1, page="town", post="p1", comment="c1", id="d1", brand="a"),
        ]
    )
    assert (accepted.new, accepted.repeated) == (3, 0)


def test_a_comment_does_not_come_back_after_its_removal(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    """Deliveries come in any order, some after a start."""
    gone = event("comment.removed", 1, page="town", post="p1", comment="c1", id="r1")
    assert Keeper(journal, playbook).accept([gone, comment(2, 1, id="d1")]).repeated == 1
    with closing(SqliteJournal(path)) as again:
        keeper = Keeper(again, playbook)
        removed_twice = attrs.evolve(gone, id="r2")
        elsewhere = event("comment.received", 2, page="other", post="p1", comment="c1", id="d3")
        accepted = keeper.accept([comment(3, 1), removed_twice, comment(3, 2, id="d2"), elsewhere])
    assert (accepted.new, accepted.repeated) == (3, 1)


def test_a_cursor_is_written_with_its_events_or_not_at_all(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept([comment(1, 1)], {"a": "1", "b": "x"})
    keeper.accept([], {"a": "2"})
    journal._db.execute("PRAGMA query_only = 1")
    with pytest.raises(JournalError):
        keeper.accept([comment(2, 2)], {"a": "3"})
    assert (journal.cursor("a"), journal.cursor("b"), journal.cursor("c")) == ("2", "x", None)
    assert len(texts(journal)) == 1


def test_a_late_event_is_applied_now_and_marked(journal: SqliteJournal, playbook: Playbook) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    keeper.pass_time(START + timedelta(minutes=10))

    accepted = keeper.accept([comment(4, 1), comment(12, 2)])

    assert accepted.late == 1
    at = [datetime.fromisoformat(str(text["at"])) for text in texts(journal)[2:]]
    assert at == [START + timedelta(minutes=10), START + timedelta(minutes=12)]
    assert journal.count()["late"] == 1


def test_an_incident_that_is_told_late_was_known_when_it_says(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    page, opened = outage()
    keeper.accept([page])
    keeper.pass_time(START + timedelta(minutes=30))
    keeper.accept([opened])
    assert texts(journal)[1]["aware_at"] == opened.at.isoformat()
    due = {one.rule: one.due_at for one in keeper.session.recommendations()}
    assert due["first-mention-overdue"] == opened.at + timedelta(minutes=15)


def test_the_replay_of_an_export_equals_the_live_run(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    live: list[Change] = []
    live += keeper.accept(outage()).changes
    live += keeper.pass_time(START + timedelta(minutes=20))
    live += keeper.accept([comment(18, number, author=f"a{number}") for number in range(5)]).changes
    live += keeper.mark("some-rule", "acknowledged", START + timedelta(minutes=25), by="Ana")
    live += keeper.pass_time(START + timedelta(minutes=70))
    live += keeper.accept(
        [event("post.published", 71, page="town", post="p2", kind="incident_status", incident="i1")]
    ).changes
    live += keeper.accept([event("incident.resolved", 200, incident="i1")]).changes

    session = Session(playbook)
    replayed: list[Change] = []
    for _, line in journal.lines():
        replayed += session.feed(parse_event(json.loads(line)))

    assert len(live) > 5
    assert kinds(live) == kinds(replayed)


@pytest.mark.parametrize("every", [1, 3, 5000])
def test_a_start_goes_on_where_the_last_run_ended(
    path: Path, playbook: Playbook, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "CHECKPOINT_EVERY", every)
    events = [
        *outage(),
        *(comment(2 + number / 4, number) for number in range(60)),
        event("post.published", 90, page="town", post="p2", kind="incident_status", incident="i1"),
    ]
    once = SqliteJournal(path.with_name("once.db"))
    keeper = Keeper(once, playbook)
    for one in events:
        keeper.accept([one])
    expected = keeper.session.dump(), told(once)
    once.close()

    for one in events:
        journal = SqliteJournal(path)
        keeper = Keeper(journal, playbook)
        keeper.accept([one])
        found = keeper.session.dump(), told(journal)
        journal.close()

    assert found == expected


def test_authors_are_kept_hashed_with_a_key_of_the_journal(
    journal: SqliteJournal, path: Path, playbook: Playbook
) -> None:
    given = [comment(0, 1, author="Jo Lind"), comment(1, 2, author="Jo Lind")]
    Keeper(journal, playbook).accept(given)
    with closing(SqliteJournal(path.with_name("other.db"))) as other:
        Keeper(other, playbook).accept(given)
        elsewhere = texts(other)[0]["author"]
    with closing(SqliteJournal(path.with_name("plain.db"))) as plain:
        Keeper(plain, playbook, hash_authors=False).accept(given)
        assert texts(plain)[0]["author"] == "Jo Lind"

    here = [text["author"] for text in texts(journal)]
    assert here[0] == here[1] != elsewhere
    assert b"Lind" not in path.read_bytes() + path.with_name("crisis.db-wal").read_bytes()


def test_the_id_of_a_delivery_names_no_author(
    journal: SqliteJournal, path: Path, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    given = comment(0, 1, author="555", id="facebook:comment:1555_555:555:add:1772524800")
    keeper.accept([given])
    kept = texts(journal)[0]
    assert kept["id"] == f"facebook:comment:1555_555:{kept['author']}:add:1772524800"
    # and it is known all the same
    assert keeper.accept([given]).repeated == 1
    did = comment(1, 2, author="did:plc:jo", id="bluesky:at://did:plc:jo/app.bsky.feed.post/3k:r1")
    keeper.accept([did])
    assert "did:plc:jo" not in str(texts(journal)[1])


def test_a_mark_is_an_event_and_what_changed_meanwhile_is_told(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    before = told(journal)
    until = START + timedelta(hours=9)

    changes = keeper.mark(
        "rule", "snoozed", START + timedelta(hours=8), by="Ana", reason="asleep", until=until
    )

    last = texts(journal)[-1]
    assert (last["type"], last["name"]) == ("record", "recommendation.snoozed")
    assert journal.marks()["rule"].reason == "asleep"
    assert "overdue" in {change.kind for change in changes}
    assert len(told(journal)) > len(before)


def test_a_mark_of_another_process_keeps_the_journal_in_order(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    with closing(SqliteJournal(path)) as other:
        Keeper(other, playbook, routes=()).mark(
            "rule", "acknowledged", START + timedelta(minutes=30)
        )

    accepted = keeper.accept([comment(20, 1)])  # older than the acknowledgement

    assert (accepted.new, accepted.late) == (1, 1)
    instants = [datetime.fromisoformat(str(text["at"])) for text in texts(journal)]
    assert instants == sorted(instants)
    state = keeper.session.dump()
    assert Keeper(journal, playbook).session.dump() == state


def test_another_playbook_says_what_it_adds_and_drops(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    keeper.pass_time(START + timedelta(minutes=5))
    open_now = {one.rule for one in keeper.session.recommendations()}
    gone = min(open_now)
    fewer = attrs.evolve(playbook, rules=tuple(rule for rule in playbook.rules if rule.id != gone))
    waiting = told(journal)

    less = keeper.change_playbook(fewer, START + timedelta(minutes=6))
    assert {one.rule for one in less.dropped} == {gone}
    assert less.added == ()
    assert told(journal) == waiting

    more = keeper.change_playbook(playbook, START + timedelta(minutes=7))
    assert {one.rule for one in more.added} == {gone}
    assert len(told(journal)) == len(waiting) + len(more.added)
    # the next start with the same playbook tells nothing again
    Keeper(journal, playbook)
    assert len(told(journal)) == len(waiting) + len(more.added)


def test_each_route_is_told_of_its_own(journal: SqliteJournal, playbook: Playbook) -> None:
    Keeper(journal, playbook, routes=("team", "deputy")).accept(outage())
    assert told(journal, "team") == told(journal, "deputy") != []
    assert told(journal) == []


def test_what_is_pruned_is_still_evaluated_and_numbers_go_on(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept([*outage(), comment(2, 0, id="d0"), comment(2, 1, id="d1")])
    keeper.save()

    assert journal.prune(1_000, 0) == journal.pruned() == 1
    keeper.accept([comment(3, 2, id="d2")])

    again = Keeper(journal, playbook)
    assert totals(again) == totals(keeper) == {"p1": 3}
    assert again.session.recommendations() == keeper.session.recommendations() != ()
    assert again.accept([comment(4, 1, id="d1")]).repeated == 1
    # another playbook begins anew, and still knows of the incident
    again.change_playbook(another(playbook), START + timedelta(minutes=5))
    assert again.session.recommendations()


def another(playbook: Playbook) -> Playbook:
    """A playbook of another digest."""
    return attrs.evolve(playbook, texts=("other",))


def totals(keeper: Keeper) -> dict[str, int]:
    return {
        name: thread.comments
        for brand in keeper.session.brands
        for page in keeper.session.brand_session(brand).state.pages.values()
        for name, thread in page.threads.items()
    }


def test_another_playbook_knows_how_many_comments_were_pruned(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    other = another(playbook)
    counted = {"page": "town", "post": "p2", "shares": 3}
    keeper.accept(
        [
            *outage(),
            *(comment(2 + n / 10, n) for n in range(7)),
            event("comment.removed", 3, page="town", post="p1", comment="c2"),
            event("post.counted", 4, comments=40, reactions=5, **counted),
            event("comment.received", 5, page="town", post="p2", comment="x"),
            event("clock", 6),
        ]
    )
    keeper.save()
    before = totals(keeper)
    assert before == {"p1": 7, "p2": 41}
    for _ in range(2):
        journal.prune(1_000, 0)
        assert [text["type"] for text in texts(journal)][2:] == ["post.counted", "post.counted"]
        assert totals(Keeper(journal, other)) == before
    last = texts(journal)[-1]
    assert (last["comments"], last["reactions"], last["shares"]) == (41, 5, 3)
    # a keeper of another playbook can go on, although the newest event is gone
    assert Keeper(journal, other).accept([event("clock", 7)]).new == 1
    # what comes later adds to it, and is thinned out with it
    keeper.accept([comment(8, 20), comment(9, 21)])
    keeper.save()
    assert journal.prune(1_000, 0) == 3
    assert totals(Keeper(journal, other)) == {"p1": 9, "p2": 41}


def test_a_start_says_when_the_playbook_is_another_one(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    assert not keeper.anew
    keeper.accept(outage())
    keeper.save()
    assert not Keeper(journal, playbook).anew
    assert Keeper(journal, another(playbook)).anew


def test_a_checkpoint_is_written_although_somebody_acknowledged_meanwhile(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    with closing(SqliteJournal(path)) as other:
        Keeper(other, playbook, routes=()).mark("r", "done", START + timedelta(minutes=2))
    keeper.save()
    saved = journal.checkpoint()
    assert saved is not None
    assert saved.seq == journal.last() == 3


def test_events_that_no_checkpoint_covers_are_not_pruned(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    Keeper(journal, playbook).accept([*outage(), comment(2, 1)])
    assert journal.prune(1_000, 0) == 0
    assert len(texts(journal)) == 3


def test_a_batch_that_cannot_be_written_was_not_accepted(
    path: Path, journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    state, kept = keeper.session.dump(), texts(journal)
    journal._db.execute("PRAGMA busy_timeout = 50")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(JournalError) as caught:
        keeper.accept([comment(2, 1, id="d1")])

    assert caught.value.problems[0].name == "journal-locked"
    assert keeper.session.dump() == state
    assert texts(journal) == kept
    holder.execute("ROLLBACK")
    holder.close()
    assert keeper.accept([comment(2, 1, id="d1")]).new == 1


def test_a_full_disk_loses_nothing_and_ends(journal: SqliteJournal, playbook: Playbook) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    state, kept = keeper.session.dump(), texts(journal)
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JournalError) as caught:
        keeper.accept([comment(2, number, text="x" * 900) for number in range(300)])

    assert caught.value.problems[0].name == "disk-full"
    assert keeper.session.dump() == state
    assert texts(journal) == kept
    journal._db.execute("PRAGMA max_page_count = 1000000")
    assert keeper.accept([comment(2, 1)]).new == 1


def test_a_file_that_cannot_be_written(journal: SqliteJournal, playbook: Playbook) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    journal._db.execute("PRAGMA query_only = 1")

    with pytest.raises(JournalError) as caught:
        keeper.accept([comment(2, 1)])

    assert caught.value.problems[0].name == "journal-read-only"
    assert len(texts(journal)) == 2


def problem_of(path: Path) -> str:
    with pytest.raises(JournalError) as caught:
        SqliteJournal(path)
    problem = caught.value.problems[0]
    assert problem.place.source == str(path)
    return problem.name


def test_files_that_are_no_journal_are_left_as_they_are(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be looked at as one\n" * 40)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE meta (a)")
    database.close()
    before = text.read_bytes(), other.read_bytes()

    assert problem_of(text) == "journal-damaged"
    assert problem_of(other) == "no-journal"
    assert problem_of(tmp_path) == "journal-unopened"
    assert problem_of(tmp_path / "missing" / "crisis.db") == "journal-unopened"
    assert (text.read_bytes(), other.read_bytes()) == before


def test_a_newer_journal_is_left_as_it_is(path: Path, playbook: Playbook) -> None:
    with closing(SqliteJournal(path)) as journal:
        journal._db.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    before = path.read_bytes()
    assert problem_of(path) == "other-version"
    assert path.read_bytes() == before


def test_a_journal_of_the_first_version_is_brought_up(path: Path, playbook: Playbook) -> None:
    with closing(SqliteJournal(path)) as journal:
        Keeper(journal, playbook).accept([*outage(), comment(2, 1, id="d1")])
        journal._db.execute("DROP TABLE cursors")
        journal._db.execute("UPDATE meta SET value = '1' WHERE name = 'schema'")
        key, before = journal.key, texts(journal)
    # whoever only reads leaves it as it is
    with closing(SqliteJournal(path, read_only=True)) as journal:
        assert texts(journal) == before
        assert journal._db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone() == (
            "1",
        )
    with closing(SqliteJournal(path)) as journal:
        keeper = Keeper(journal, playbook)
        assert (journal.key, texts(journal)) == (key, before)
        assert keeper.accept([comment(3, 1, id="d1")], {"a": "1"}).repeated == 1
        assert journal.cursor("a") == "1"
        assert journal._db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone() == (
            "2",
        )


def test_a_damaged_journal_is_named_and_not_written(path: Path, playbook: Playbook) -> None:
    with closing(SqliteJournal(path)) as journal:
        Keeper(journal, playbook).accept([*outage(), *(comment(2, n) for n in range(400))])
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))

    assert problem_of(path) == "journal-damaged"
    assert path.read_bytes() == bytes(data)


def test_a_clock_that_goes_back_lets_no_time_pass(
    journal: SqliteJournal, playbook: Playbook
) -> None:
    keeper = Keeper(journal, playbook)
    keeper.accept(outage())
    keeper.pass_time(START + timedelta(minutes=30))
    state = keeper.session.dump()

    assert keeper.pass_time(START) == ()
    assert keeper.session.dump() == state
