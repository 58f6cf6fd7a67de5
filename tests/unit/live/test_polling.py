"""Polled sources against servers of our own on loopback: nothing lost, nothing twice, nothing silent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from yarl import URL

from crisisrules import load_playbook, parse_event
from crisisrules.adapters.platforms.adapter import Account
from crisisrules.live import jetstream, mastodon_polls
from crisisrules.live.asking import Asker, address
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.loop import Loop
from crisisrules.live.polled_sources import ToPoll, polled, sources_to_poll
from crisisrules.live.polling import Faring, Polled, PollError, backoff, begin, keep_asking
from crisisrules.model.errors import Problem, UsageError
from crisisrules.model.events import JsonValue
from crisisrules.playbook.playbook import Playbook

NOW = datetime(2026, 3, 3, 8, 10, tzinfo=UTC)
OURS = "7"
Json: TypeAlias = dict[str, JsonValue]


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


@attrs.define
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def status(
    name: int,
    minutes: float,
    *,
    author: str = OURS,
    answers: int | None = None,
    **fields: JsonValue,
) -> Json:
    """A message of so many minutes before the clock's start."""
    return {
        "id": str(name),
        "created_at": (NOW - timedelta(minutes=minutes)).isoformat(),
        "edited_at": None,
        "in_reply_to_id": None if answers is None else str(answers),
        "in_reply_to_account_id": None,
        "visibility": "public",
        "content": f"<p>message {name}</p>",
        "spoiler_text": "",
        "reblog": None,
        "favourites_count": 0,
        "reblogs_count": 0,
        "account": {"id": author},
        **fields,
    }


@attrs.define
class Server:
    """A Mastodon server: its messages, what it was asked, and what it answers instead."""

    messages: list[Json] = attrs.field(factory=list)
    asked: list[str] = attrs.field(factory=list)
    tokens: set[str | None] = attrs.field(factory=set)
    instead: Callable[[web.Request], web.Response | None] = lambda _: None
    headers: dict[str, str] = attrs.field(factory=dict)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v1/{kind}/{id}", self.one)
        app.router.add_get("/api/v1/accounts/{id}/statuses", self.posts)
        app.router.add_get("/api/v1/statuses/{id}/context", self.context)
        app.middlewares.append(self.note)
        return app

    @web.middleware
    async def note(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        self.asked.append(request.path)
        self.tokens.add(request.headers.get("Authorization"))
        instead = self.instead(request)
        answer = await handler(request) if instead is None else instead
        answer.headers.update(self.headers)
        return answer

    def replies_to(self, name: object) -> list[Json]:
        found = [one for one in self.messages if one["in_reply_to_id"] == name]
        return found + [below for one in found for below in self.replies_to(one["id"])]

    async def one(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        if request.match_info["kind"] == "accounts":
            return web.json_response({"id": name, "followers_count": 4321}, status=200)
        known = any(one["id"] == name for one in self.messages)
        return web.json_response({"id": name}, status=200 if known else 404)

    async def posts(self, request: web.Request) -> web.Response:
        below = int(request.query.get("max_id", 10**9))
        found = sorted(
            (
                {
                    **one,
                    "replies_count": sum(m["in_reply_to_id"] == one["id"] for m in self.messages),
                }
                for one in self.messages
                if one["in_reply_to_id"] is None
                and one["account"] == {"id": request.match_info["id"]}
                and int(str(one["id"])) < below
            ),
            key=lambda one: -int(str(one["id"])),
        )
        return web.json_response(found[: int(request.query["limit"])])

    async def context(self, request: web.Request) -> web.Response:
        below = self.replies_to(request.match_info["id"])
        return web.json_response({"ancestors": [], "descendants": below})


@attrs.define
class Desk:
    """A server that runs, and a watch over it that can be ended and started again."""

    path: Path
    playbook: Playbook
    server: URL
    name: str
    accounts: dict[str, Account]
    clock: Clock = attrs.field(factory=Clock)
    environment: dict[str, str] = attrs.field(factory=dict)
    told: list[Problem] = attrs.field(factory=list)

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        with closing(SqliteJournal(self.path)) as journal:
            loop = Loop(Keeper(journal, self.playbook), self.clock, lambda _: None, live=False)
            async with ClientSession() as http:
                to_poll = ToPoll(self.name, self.server, self.accounts)
                source = polled(to_poll, http, loop, self.clock, self.environment)
                place = source.place
                faring = Faring(self.name, place, self.clock, self.told.append, self.clock())
                running = asyncio.create_task(loop.run(forever()))
                yield Watch(source, faring, loop, journal)
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    def names(self) -> list[str]:
        return [problem.name for problem in self.told]


@attrs.define
class Watch:
    source: Polled
    faring: Faring
    loop: Loop
    journal: SqliteJournal

    async def ask(self) -> float:
        return await self.source.ask(self.faring)

    def events(self) -> list[Json]:
        return [json.loads(line) for _, line in self.journal.lines()]

    def kinds(self) -> list[str]:
        return [str(event["type"]) for event in self.events()]


async def forever() -> None:
    await asyncio.Event().wait()


Work: TypeAlias = Callable[[Desk], Awaitable[None]]


@pytest.fixture
def mastodon(tmp_path: Path, playbook: Playbook) -> Callable[[Server, Work], Desk]:
    """Runs a Mastodon server while the work is done."""

    async def serve(server: Server, work: Work) -> Desk:
        async with TestServer(server.application()) as running:
            accounts = {OURS: Account("shop")}
            url = running.make_url("/")
            desk = Desk(tmp_path / "crisis.db", playbook, url, "mastodon", accounts)
            await work(desk)
            return desk

    return lambda server, work: asyncio.run(serve(server, work))


Mastodon: TypeAlias = Callable[[Server, Work], Desk]


def test_posts_threads_and_counts_become_events_once(mastodon: Mastodon) -> None:
    server = Server([status(10, 60), status(11, 50, author="22", answers=10)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            assert watch.kinds() == [
                "page.described", "post.published", "comment.received", "post.counted",
            ]  # fmt: skip
            before = watch.events()
            assert (before[0]["audience"], before[1]["page"], before[2]["post"]) == (
                4321,
                "shop",
                "10",
            )
            await watch.ask()
            assert watch.events() == before
            # an answer to the comment changes no count of the post
            server.messages += [status(12, 1, answers=11), status(13, 0.5, author="23", answers=12)]
            await watch.ask()
            assert watch.kinds()[4:] == ["reply.published", "comment.received"]
            server.messages += [status(14, 0.2)]
            server.messages[0]["edited_at"] = (NOW - timedelta(seconds=6)).isoformat()
            server.messages[0]["favourites_count"] = 9
            await watch.ask()
            assert sorted(watch.kinds()[6:]) == [
                "post.counted", "post.counted", "post.edited", "post.published",
            ]  # fmt: skip

    mastodon(server, work)


def test_a_restart_loses_and_repeats_nothing(mastodon: Mastodon) -> None:
    server = Server([status(10, 60), status(11, 50, author="22", answers=10)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            before = watch.events()
        async with desk.watch() as watch:
            await watch.ask()
            assert watch.events() == before
        server.messages += [
            *(status(100 + n, 30 - n / 10) for n in range(90)),
            *(status(200 + n, 20, author=f"a{n}", answers=10) for n in range(30)),
        ]
        desk.clock.now += timedelta(hours=2)
        async with desk.watch() as watch:
            await watch.ask()
            found = watch.events()[len(before) :]
            assert {str(e["post"]) for e in found if e["type"] == "post.published"} == {
                str(100 + n) for n in range(90)
            }
            assert desk.told == []

    mastodon(server, work)


def test_a_thread_under_a_post_that_is_still_watched_is_read_after_a_restart(
    mastodon: Mastodon,
) -> None:
    server = Server([status(10, 60), status(11, 50, author="22", answers=10)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
        # removed meanwhile, and answered
        server.messages.append(status(12, 40, author="23", answers=11))
        async with desk.watch() as watch:
            await watch.ask()
            assert watch.events()[-1] | {"author": None} == watch.events()[-1] | {
                "author": None, "type": "comment.received", "post": "10", "comment": "12",
            }  # fmt: skip
        server.messages = [status(9, 70), status(20, 5)]
        async with desk.watch() as watch:
            await watch.ask()
            gone = [event["post"] for event in watch.events() if event["type"] == "post.removed"]
            assert gone == ["10"]

    mastodon(server, work)


def test_history_is_no_event_and_nothing_lies_ahead_of_the_clock(mastodon: Mastodon) -> None:
    server = Server(
        [
            status(10, 60 * 24 * 3, replies_count=500),
            status(11, 60 * 24 * 2, author="22", answers=10),
            status(12, 30, author="22", answers=10),
            status(13, -600, author="23", answers=10),
            status(14, 5, visibility="private"),
        ]
    )

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            assert [e.get("comment") for e in watch.events()] == [None, "12", "13"]
            assert all(datetime.fromisoformat(str(e["at"])) <= NOW for e in watch.events())
        assert "/api/v1/statuses/14/context" not in server.asked

    mastodon(server, work)


def test_an_account_that_is_added_later_has_a_history_too(mastodon: Mastodon) -> None:
    server = Server([status(10, 60)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
        desk.clock.now += timedelta(days=30)
        server.messages += [
            status(20, -60 * 24 * 10, author="8"),
            status(21, -60 * 24 * 30 + 30, author="8"),
            status(22, -60 * 24 * 20),
        ]
        desk.accounts["8"] = Account("other")
        async with desk.watch() as watch:
            await watch.ask()
            posts = [e["post"] for e in watch.events() if e["type"] == "post.published"]
            # what we watched goes on from where it was, and the other begins a day ago
            assert posts == ["10", "22", "21"]

    mastodon(server, work)


def test_a_cursor_that_cannot_be_read_begins_anew_and_repeats_nothing(mastodon: Mastodon) -> None:
    server = Server([status(10, 60), status(11, 50, author="22", answers=10)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            before = [e for e in watch.events() if "id" in e]
            await watch.loop.submit([], {f"mastodon={desk.server}".rstrip("/"): "[]"})
        async with desk.watch() as watch:
            await watch.ask()
            assert [e for e in watch.events() if "id" in e] == before

    mastodon(server, work)


def test_more_posts_than_are_read_are_told_as_a_gap(
    mastodon: Mastodon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon_polls, "MOST_PAGES", 2)
    server = Server([status(100 + n, 200 - n) for n in range(120)])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            assert (watch.faring.gaps, desk.names()) == (1, ["poll-gap"])
            await watch.ask()
            assert watch.faring.gaps == 1

    mastodon(server, work)


def test_a_server_that_knows_no_pages_is_read_once(mastodon: Mastodon) -> None:
    same = [status(10 + n, 60 - n, replies_count=0) for n in range(3)]
    server = Server(
        instead=lambda request: web.json_response(same) if "statuses" in request.path else None
    )

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await watch.ask()
            assert watch.kinds().count("post.published") == 3
            assert desk.told == []

    mastodon(server, work)


def test_what_was_read_before_a_fault_is_kept(mastodon: Mastodon) -> None:
    server = Server([status(10, 60), status(11, 50, author="22", answers=10)])
    broken = [True]
    server.instead = lambda request: (
        web.Response(status=502) if broken[0] and "context" in request.path else None
    )

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            with pytest.raises(PollError, match="502"):
                await watch.ask()
            assert "post.published" in watch.kinds()
            broken[0] = False
            await watch.ask()
            assert watch.kinds().count("comment.received") == 1

    mastodon(server, work)


def answer(status_: int, **headers: str) -> Callable[[web.Request], web.Response | None]:
    return lambda _: web.Response(
        status=status_, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.mark.parametrize(
    ("instead", "message", "wait"),
    [
        (answer(401), "refuses the token", None),
        (answer(403), "refuses the token", None),
        (answer(404), "no account `7`", None),
        (answer(500), "answers with 500", None),
        (answer(503, Retry_After="77"), "answers with 503", 77),
        (answer(429, Retry_After="40"), "fewer requests", 40),
        (answer(429, X_RateLimit_Reset="2026-03-03T08:12:00.000Z", X_RateLimit_Remaining="0"),
         "fewer requests", 120),
        (answer(429, Retry_After="999999999"), "fewer requests", 900),
        (answer(302, Location="http://127.0.0.1:1/"), "another address", None),
        (lambda _: web.Response(text="<html>"), "no JSON", None),
        (lambda _: web.Response(text="[" * 100_000), "no JSON", None),
        (lambda r: web.json_response({"a": 1}) if "statuses" in r.path else None, "no list", None),
    ],
)  # fmt: skip
def test_a_server_that_refuses_is_told_in_plain_words(
    mastodon: Mastodon,
    instead: Callable[[web.Request], web.Response | None],
    message: str,
    wait: float | None,
) -> None:
    server = Server(instead=instead)

    async def work(desk: Desk) -> None:
        desk.environment = {"CRISISRULES_MASTODON_TOKEN": "secret-word"}
        async with desk.watch() as watch:
            with pytest.raises(PollError, match=message) as caught:
                await watch.ask()
            assert caught.value.wait == wait
            assert "secret-word" not in str(caught.value) + repr(watch.source)
        assert server.tokens == {"Bearer secret-word"}

    mastodon(server, work)


def test_a_rate_limit_that_is_nearly_used_up_is_left_to_others(mastodon: Mastodon) -> None:
    server = Server([status(10, 60)])
    server.headers = {
        "X-RateLimit-Remaining": "2",
        "X-RateLimit-Reset": (NOW + timedelta(minutes=3)).isoformat(),
    }

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            with pytest.raises(PollError, match="used up") as caught:
                await watch.ask()
            assert caught.value.wait == 180
            asked = len(server.asked)
            with pytest.raises(PollError):
                await watch.ask()
            assert len(server.asked) == asked
            server.headers = {}
            desk.clock.now += timedelta(minutes=3)
            await watch.ask()
            assert "post.published" in watch.kinds()

    mastodon(server, work)


def test_an_answer_without_end_is_cut(mastodon: Mastodon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisisrules.live.asking.LONGEST_ANSWER", 1_000_000)
    server = Server(instead=lambda _: web.Response(body=b" " * 1_100_000))

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            with pytest.raises(PollError, match="larger than"):
                await watch.ask()

    mastodon(server, work)


def test_a_failing_source_is_a_state_that_is_told_once_and_ends(mastodon: Mastodon) -> None:
    server = Server([status(10, 60)])
    left = [3]

    def instead(_: web.Request) -> web.Response | None:
        left[0] -= 1
        return web.Response(status=503, headers={"Retry-After": "0"}) if left[0] >= 0 else None

    server.instead = instead

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            asking = asyncio.create_task(keep_asking(watch.source, watch.faring))
            await watch.faring.begun.wait()
            assert watch.faring.why
            while watch.faring.answered_at is None:
                await asyncio.sleep(0.01)
            asking.cancel()
            assert (watch.faring.failures, watch.faring.why) == (3, "")
            assert desk.names() == ["poll-failing", "poll-works"]

    mastodon(server, work)


def test_nobody_listening_is_a_state_too(tmp_path: Path, playbook: Playbook) -> None:
    async def work() -> None:
        desk = Desk(
            tmp_path / "c.db", playbook, URL("http://127.0.0.1:9"), "mastodon", {OURS: Account("p")}
        )
        async with desk.watch() as watch:
            with pytest.raises(PollError, match="no connection"):
                await watch.ask()
        desk = attrs.evolve(desk, server=URL("ws://127.0.0.1:9/subscribe"), name="jetstream")
        async with desk.watch() as watch:
            with pytest.raises(PollError, match="no connection"):
                await watch.ask()

    asyncio.run(work())


def test_waits_grow_and_differ() -> None:
    assert 1 <= backoff(1) <= 7
    assert 240 <= backoff(30) <= 245
    assert len({backoff(3) for _ in range(9)}) > 1


def test_time_passes_once_every_source_was_asked(tmp_path: Path, playbook: Playbook) -> None:
    async def work() -> None:
        with closing(SqliteJournal(tmp_path / "c.db")) as journal:
            loop = Loop(Keeper(journal, playbook), lambda: NOW, lambda _: None, live=True)
            farings = [Faring(n, n, lambda: NOW, lambda _: None, NOW) for n in ("a", "b")]
            beginning = asyncio.create_task(begin(loop, farings))
            clock = parse_event({"type": "clock", "at": (NOW - timedelta(hours=1)).isoformat()})
            running = asyncio.create_task(loop.run(forever()))
            farings[0].answered()
            await loop.submit([clock])
            assert loop.keeper.session.now == clock.at
            farings[1].failed("no")
            await beginning
            await loop.submit([clock])
            while loop.keeper.session.now != NOW:
                await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(work())


DID, THEIRS = "did:plc:town", "did:plc:jo"


def commit(us: int, did: str, key: str, text: str | None, reply: str | None = None) -> Json:
    """A message of the first wire; without a text it is a deletion."""
    uri = f"at://{DID}/app.bsky.feed.post/{reply}"
    record: Json = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": "2030-01-01T00:00:00Z",
    }
    if reply is not None:
        record["reply"] = {"root": {"uri": uri}, "parent": {"uri": uri}}
    change: Json = {
        "rev": f"r{us}", "operation": "create" if text else "delete",
        "collection": "app.bsky.feed.post", "rkey": key,
    }  # fmt: skip
    if text:
        change["record"] = record
    return {"did": did, "time_us": us, "kind": "commit", "commit": change}


BEGIN = int((NOW - timedelta(minutes=5)).timestamp()) * 1_000_000


def second_wire(message: Json) -> Json:
    at = datetime.fromtimestamp(int(str(message["time_us"])) / 1e6, UTC)
    change = message["commit"]
    assert isinstance(change, dict)
    payload = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": 5, "did": message["did"],
        "time": at.isoformat(), **change,
    }  # fmt: skip
    return {"$type": "message", "payload": payload}


@attrs.define
class Stream:
    """A Jetstream: sends what was not sent before the cursor, and then ends or waits."""

    messages: list[Json]
    raw: list[str] = attrs.field(factory=list)
    queries: list[dict[str, str]] = attrs.field(factory=list)
    wait: bool = False

    async def subscribe(self, request: web.Request) -> web.WebSocketResponse:
        self.queries.append(dict(request.query))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        since = int(request.query.get("cursor", 0))
        second = "xrpc" in request.path
        for one in self.messages:
            if int(str(one["time_us"])) >= since:
                await socket.send_json(second_wire(one) if second else one)
        for text in self.raw:
            await socket.send_str(text)
        if self.wait:
            await socket.receive()
        await socket.close()
        return socket

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/subscribe", self.subscribe)
        app.router.add_get("/xrpc/network.bsky.jetstream.subscribeEvents", self.subscribe)
        return app


Jet: TypeAlias = Callable[[Stream, str, Work], Desk]
WIRES = ("/subscribe", "/xrpc/network.bsky.jetstream.subscribeEvents")


@pytest.fixture
def jet(tmp_path: Path, playbook: Playbook) -> Jet:
    """Runs a Jetstream while the work is done."""

    async def serve(stream: Stream, path: str, work: Work) -> Desk:
        async with TestServer(stream.application()) as running:
            url = running.make_url(path).with_scheme("ws")
            accounts = {DID: Account("town")}
            desk = Desk(tmp_path / "crisis.db", playbook, url, "jetstream", accounts)
            await work(desk)
            return desk

    return lambda stream, path, work: asyncio.run(serve(stream, path, work))


async def ended(watch: Watch) -> str:
    with pytest.raises(PollError) as caught:
        await watch.ask()
    return str(caught.value)


@pytest.mark.parametrize("wire", WIRES)
def test_the_stream_goes_on_where_it_broke(jet: Jet, wire: str) -> None:
    second = 1_000_000
    stream = Stream(
        [
            commit(BEGIN, DID, "p1", "A post"),
            commit(BEGIN + second, THEIRS, "c1", "A question?", "p1"),
            commit(BEGIN + 2 * second, THEIRS, "x", "Of others"),
        ]
    )

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            assert await ended(watch) == "the connection ended"
            assert watch.kinds() == ["post.published", "comment.received"]
            # who wrote it says when; the server knows
            assert str(watch.events()[0]["at"]).startswith("2026-03-03T08:05:00")
        stream.messages += [
            commit(BEGIN + 60 * second, THEIRS, "c1", None),
            commit(BEGIN + 61 * second, DID, "p2", "Another"),
        ]
        async with desk.watch() as watch:
            await ended(watch)
            # c1 is known from the journal, or its deletion would say nothing
            assert watch.kinds()[2:] == ["comment.removed", "post.published"]
        first, again = stream.queries
        assert "cursor" not in first
        assert int(again["cursor"]) == BEGIN + 2 * second - 5 * second
        asked = {"collections", "kinds"} if "xrpc" in wire else {"wantedCollections"}
        assert set(first) == asked
        assert desk.told == []

    jet(stream, wire, work)


def test_a_frame_of_error_and_a_gap_are_told(jet: Jet) -> None:
    info = {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"}
    stream = Stream(
        [],
        raw=[
            json.dumps({"$type": "message", "payload": info}),
            json.dumps({"$type": "error", "error": "ConsumerTooSlow", "message": "x"}),
        ],
    )

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            assert "ConsumerTooSlow" in await ended(watch)
        assert desk.names() == ["poll-gap"]

    jet(stream, WIRES[1], work)


def test_a_first_wire_that_starts_later_than_asked_is_told_as_a_gap(jet: Jet) -> None:
    stream = Stream([commit(BEGIN, DID, "p1", "A post")])

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            await ended(watch)
        desk.clock.now += timedelta(hours=37)
        async with desk.watch() as watch:
            await ended(watch)
        assert desk.names() == ["poll-gap"]

    jet(stream, WIRES[0], work)


def test_hostile_messages_end_nothing_and_change_nothing(jet: Jet) -> None:
    stream = Stream(
        [],
        raw=[
            "no json", "[" * 50_000, "null", "[]", '{"did": 5, "time_us": "soon", "kind": "commit"}',
            json.dumps(commit(BEGIN * 2, DID, "p9", "From a day that lies ahead")),
            json.dumps(commit(BEGIN, DID, "p1", "\x1b[31m\ud83d @everyone")),
        ],
    )  # fmt: skip

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            assert await ended(watch) == "the connection ended"
            assert watch.kinds() == ["post.published", "post.published"]
            assert all(datetime.fromisoformat(str(e["at"])) <= NOW for e in watch.events())
        stream.raw = ["x" * (jetstream.LARGEST_MESSAGE + 1)]
        async with desk.watch() as watch:
            assert await ended(watch) == "a message was too large"

    jet(stream, WIRES[0], work)


def test_a_stream_that_says_nothing_is_dead(jet: Jet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream, "QUIET", 0.1)

    async def work(desk: Desk) -> None:
        async with desk.watch() as watch:
            assert "nothing came" in await ended(watch)

    jet(Stream([], wait=True), WIRES[0], work)


def test_another_page_than_a_stream_is_told(jet: Jet) -> None:
    async def work(desk: Desk) -> None:
        desk = attrs.evolve(desk, server=desk.server.with_path("/nothing"))
        async with desk.watch() as watch:
            assert await ended(watch) == "the server answers with 404 instead of a stream"

    jet(Stream([]), WIRES[0], work)


ACCOUNTS = {"mastodon": {OURS: Account("shop")}, "bluesky": {DID: Account("town")}}


def test_options_name_sources_to_poll() -> None:
    given = ("mastodon=https://social.example", "jetstream=wss://jet.example/subscribe")
    first, second = sources_to_poll(given, ACCOUNTS)
    assert (first.name, first.server.host, set(first.accounts)) == (
        "mastodon", "social.example", {OURS},
    )  # fmt: skip
    assert (second.name, second.server.path, set(second.accounts)) == (
        "jetstream", "/subscribe", {DID},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["mastodn=https://a.example"], "did you mean `mastodon`"),
        (["mastodon"], "write `mastodon=https://HOST`"),
        (["mastodon=a.example"], "write the address as `https://HOST`"),
        (["mastodon=https://"], "write the address as `https://HOST`"),
        (["mastodon=https://a.example:99999"], "write the address as `https://HOST`"),
        (["jetstream=https://a.example"], "write the address as `wss://HOST`"),
        (["mastodon=http://a.example"], "this machine only"),
        (["jetstream=ws://10.0.0.1/subscribe"], "this machine only"),
        (["mastodon=https://me:secret-word@a.example"], "no user, password"),
        (["mastodon=https://a.example?token=secret-word"], "no user, password"),
        (["mastodon=https://a.example", "mastodon=https://b.example"], "given twice"),
    ],
)
def test_options_that_cannot_be_polled_are_refused(given: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        sources_to_poll(given, ACCOUNTS)
    assert "secret-word" not in str(caught.value)


def test_a_source_needs_accounts_that_can_be_asked_for() -> None:
    with pytest.raises(UsageError, match="--accounts"):
        sources_to_poll(["mastodon=https://a.example"], {"bluesky": ACCOUNTS["bluesky"]})
    with pytest.raises(UsageError, match="not the id"):
        sources_to_poll(["mastodon=https://a.example"], {"mastodon": {"@shop": Account("p")}})


def test_this_machine_may_be_asked_without_tls() -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:80"):
        assert address(f"http://{host}", "--poll", "https", "http").scheme == "http"
    for host in ("127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0"):  # noqa: S104
        with pytest.raises(UsageError):
            address(f"http://{host}", "--poll", "https", "http")


def test_a_token_is_not_shown() -> None:
    asker = Asker(None, URL("https://a.example"), Clock(), "secret-word")  # type: ignore[arg-type]  # nothing is asked
    assert "secret-word" not in repr(asker)
