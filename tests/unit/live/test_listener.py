"""The listener: what is signed and sound is durable before it is answered, and nothing else has an effect."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crisisrules import load_playbook
from crisisrules.adapters.platforms.adapter import Account
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.listener import LARGEST_BODY, Listener
from crisisrules.live.loop import Loop
from crisisrules.live.metrics import Metrics
from crisisrules.playbook.playbook import Playbook

NOW = datetime.fromisoformat("2026-03-03T08:10:00+00:00")
SECRET = "app-secret"  # noqa: S105 - of nobody
ENVIRONMENT = {"CRISISRULES_FACEBOOK_SECRET": SECRET}
Client: TypeAlias = TestClient[Request, Application]
Work: TypeAlias = Callable[[Client], Awaitable[None]]


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return attrs.evolve(load_playbook(), lexicons={})


@attrs.define
class House:
    """A listener with its journal, for one visit."""

    path: Path
    playbook: Playbook
    environment: Mapping[str, str] = attrs.Factory(lambda: ENVIRONMENT)
    host: str = "127.0.0.1"

    def visit(self, work: Work) -> list[dict[str, object]]:
        """Serve while the work is done; the events in the journal afterwards."""
        with closing(SqliteJournal(self.path)) as journal:
            journal._db.execute("PRAGMA busy_timeout = 50")
            asyncio.run(self._serve(journal, work))
            return [json.loads(line) for _, line in journal.lines()]

    async def _serve(self, journal: SqliteJournal, work: Work) -> None:
        loop = Loop(Keeper(journal, self.playbook), lambda: NOW, lambda _: None, live=False)
        accounts = {"facebook": {"2048": Account(page="town-facebook", brand="town")}}
        listener = Listener(loop, Metrics(), self.environment, accounts=accounts, host=self.host)

        async def forever() -> None:
            await asyncio.Event().wait()

        async with TestClient(TestServer(listener.application())) as client:
            running = asyncio.create_task(loop.run(forever()))
            await work(client)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def house(tmp_path: Path, playbook: Playbook) -> House:
    return House(tmp_path / "crisis.db", playbook)


def delivery(number: int = 1) -> bytes:
    value = {
        "from": {"id": "555", "name": "Jo L."}, "item": "comment", "verb": "add",
        "post_id": "2048_9001", "comment_id": f"9001_{number}", "parent_id": "2048_9001",
        "created_time": 1772524800 + number, "message": "Still no water?",
    }  # fmt: skip
    entry = {"id": "2048", "time": 1772524805, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


def test_a_signed_delivery_is_accepted_once(house: House) -> None:
    async def work(client: Client) -> None:
        for number in (1, 1, 2):
            body = delivery(number)
            answer = await client.post("/hooks/facebook", data=body, headers=signed(body))
            assert answer.status == 200

    events = house.visit(work)
    assert [event["comment"] for event in events] == ["9001_1", "9001_2"]
    assert {event["page"] for event in events} == {"town-facebook"}


def bad(name: str) -> tuple[int, bytes, dict[str, str]]:
    body = delivery()
    match name:
        case "unsigned":
            return 401, body, {}
        case "another secret":
            return 401, body, signed(body, "another")
        case "another body":
            return 401, body + b" ", signed(body)
        case "half a signature":
            return 401, body, {"X-Hub-Signature-256": signed(body)["X-Hub-Signature-256"][:-1]}
        case "strange signature":
            return 401, body, {"X-Hub-Signature-256": "sha256=é"}
        case "too large":
            large = b" " * (LARGEST_BODY + 1)
            return 413, large, signed(large)
    wrong = {
        "truncated": body[:-20],
        "empty": b"",
        "deep": b"[" * 200_000,
        "deep and closed": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        "number": b"12",
        "text": b'"page"',
        "null": b"null",
        "not utf-8": b'{"object": "\xff\xfe"}',
        "endless number": b'{"entry": ' + b"9" * 100_000 + b"}",
    }[name]
    return 400, wrong, signed(wrong)


BAD = (
    "unsigned", "another secret", "another body", "half a signature", "strange signature", "too large",
    "truncated", "empty", "deep", "deep and closed", "number", "text", "null", "not utf-8",
    "endless number",
)  # fmt: skip


def test_what_is_bad_is_refused_without_effect(house: House) -> None:
    async def work(client: Client) -> None:
        for name in BAD:
            status, body, headers = bad(name)
            answer = await client.post("/hooks/facebook", data=io.BytesIO(body), headers=headers)
            assert answer.status == status, name
            assert SECRET not in await answer.text()
        body = delivery()
        answer = await client.post("/hooks/facebook", data=body, headers=signed(body))
        assert answer.status == 200

    assert len(house.visit(work)) == 1


def test_a_large_body_without_a_length_is_refused(house: House) -> None:
    async def work(client: Client) -> None:
        async def parts() -> object:
            for _ in range(20):
                yield b" " * (LARGEST_BODY // 10)

        answer = await client.post("/events", data=parts())
        assert answer.status == 413

    assert house.visit(work) == []


def test_wrong_shapes_are_refused_or_counted_and_have_no_effect(house: House) -> None:
    shapes: list[object] = [
        {}, [], {"entry": 1}, {"object": "page", "entry": [{"changes": [None, 1, "x", []]}]},
        {"object": "page", "entry": [{"id": [], "time": {}, "changes": [{"field": "feed", "value": 1}]}]},
        {"object": "page", "entry": [{"id": "2048", "changes": [{"field": "feed", "value": {
            "item": "comment", "verb": "add", "created_time": "soon", "comment_id": {}}}]}]},
    ]  # fmt: skip

    async def work(client: Client) -> None:
        for shape in shapes:
            body = json.dumps(shape).encode()
            answer = await client.post("/hooks/facebook", data=body, headers=signed(body))
            assert answer.status in (200, 400), shape

    assert house.visit(work) == []


def test_without_a_secret_no_delivery_of_a_signing_source_is_accepted(
    tmp_path: Path, playbook: Playbook
) -> None:
    async def work(client: Client) -> None:
        for source in ("facebook", "instagram", "pagerduty", "incident.io"):
            body = delivery()
            answer = await client.post(f"/hooks/{source}", data=body, headers=signed(body, ""))
            assert answer.status == 401

    assert House(tmp_path / "c.db", playbook, {}).visit(work) == []


def test_the_handshake_is_answered_only_with_its_token(tmp_path: Path, playbook: Playbook) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "word", "hub.challenge": "1158201444"}

    async def work(client: Client) -> None:
        answer = await client.get("/hooks/facebook", params=query)
        assert (answer.status, await answer.text()) == (200, "1158201444")
        for other in ({"hub.verify_token": "wrod"}, {"hub.mode": "unsubscribe"}):
            assert (await client.get("/hooks/facebook", params={**query, **other})).status == 403
        assert (await client.get("/hooks/instagram", params=query)).status == 403

    environment = {"CRISISRULES_FACEBOOK_VERIFY_TOKEN": "word"}
    House(tmp_path / "c.db", playbook, environment).visit(work)


LINE = b'{"type":"clock","at":"2026-03-03T08:00:00Z"}\n'


def test_own_events_need_the_token_where_there_is_one(tmp_path: Path, playbook: Playbook) -> None:
    async def work(client: Client) -> None:
        for given, status in (
            ("", 401),
            ("Bearer wrong", 401),
            ("Bearer w\xf6rd", 401),
            ("Bearer word", 200),
        ):
            answer = await client.post("/events", data=LINE, headers={"Authorization": given})
            assert answer.status == status

    assert len(House(tmp_path / "c.db", playbook, {"CRISISRULES_TOKEN": "word"}).visit(work)) == 1


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("0.0.0.0", 401)])  # noqa: S104
def test_only_loopback_takes_own_events_without_a_token(
    tmp_path: Path, playbook: Playbook, host: str, status: int
) -> None:
    async def work(client: Client) -> None:
        for address, body in (("/events", LINE), ("/hooks/mastodon", b"{}")):
            assert (await client.post(address, data=body)).status == status

    House(tmp_path / "c.db", playbook, {}, host).visit(work)


def test_bad_own_events_are_refused_whole_with_the_place(house: House) -> None:
    async def work(client: Client) -> None:
        answer = await client.post("/events", data=LINE + b'{"type":"clok"}\n')
        assert answer.status == 400
        assert "body:2" in (await answer.json())["message"]
        assert (await client.post("/hooks/myspace", data=b"{}")).status == 404

    assert house.visit(work) == []


def test_the_metrics_page_can_be_read_and_shows_no_text(house: House) -> None:
    opened = {
        "type": "incident.opened", "at": "2026-03-03T08:00:00Z", "incident": "i1", "kind": "outage",
        "severity": "major", "title": "hidden-title", "pages": ["hidden-page"],
    }  # fmt: skip
    pages: list[str] = []

    async def work(client: Client) -> None:
        await client.post("/events", data=json.dumps(opened).encode())
        body = delivery()
        await client.post("/hooks/facebook", data=body)
        await client.post("/hooks/facebook", data=body, headers=signed(body))
        await client.post("/hooks/facebook", data=body, headers=signed(body))
        answer = await client.get("/metrics")
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        pages.append(await answer.text())

    house.visit(work)
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(pages[0])  # type: ignore[no-untyped-call]  # the library types it no further
        for sample in family.samples
    }
    assert found["crisisrules_accepted_events_total",] == 2
    assert found["crisisrules_repeated_events_total",] == 1
    assert found["crisisrules_rejected_payloads_total", "bad-signature"] == 1
    assert found["crisisrules_open_recommendations", "critical"] > 0
    assert found["crisisrules_lag_seconds",] > 0
    assert "hidden" not in pages[0]


def test_a_failing_journal_is_answered_with_503_and_shown(house: House) -> None:
    async def work(client: Client) -> None:
        assert (await client.get("/health")).status == 200
        holder = sqlite3.connect(house.path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        body = delivery()
        answer = await client.post("/hooks/facebook", data=body, headers=signed(body))
        assert (answer.status, (await answer.json())["error"]) == (503, "journal-locked")
        assert (await client.get("/health")).status == 503
        holder.execute("ROLLBACK")
        holder.close()
        answer = await client.post("/hooks/facebook", data=body, headers=signed(body))
        assert answer.status == 200
        assert (await client.get("/health")).status == 200

    assert len(house.visit(work)) == 1


def test_deliveries_that_come_together_are_each_answered(house: House) -> None:
    async def work(client: Client) -> None:
        async def post(number: int) -> int:
            body = delivery(number)
            async with client.post("/hooks/facebook", data=body, headers=signed(body)) as answer:
                return answer.status

        assert set(await asyncio.gather(*(post(number) for number in range(200)))) == {200}

    assert len(house.visit(work)) == 200


def test_an_event_ahead_of_the_clock_is_refused(house: House) -> None:
    """It would pass all deadlines up to then; a clock that is a little ahead does not matter."""

    async def work(client: Client) -> None:
        for at, status in (("2026-03-03T08:14:00Z", 200), ("2027-03-03T08:10:00Z", 400)):
            body = json.dumps({"type": "clock", "at": at}).encode()
            assert (await client.post("/events", data=LINE + body)).status == status

    assert len(house.visit(work)) == 2
