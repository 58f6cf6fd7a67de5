"""The listener: what is signed and sound is durable before it is answered, and nothing else has an effect."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crisisrules import load_playbook
from crisisrules.adapters.platforms.adapter import Account, Accounts
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.listener import LARGEST_BODY, Listener
from crisisrules.live.loop import Loop
from crisisrules.live.metrics import Metrics
from crisisrules.playbook.playbook import Playbook

GOLDEN = Path(__file__).parents[2] / "golden" / "platforms"
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
    now: datetime = NOW
    accounts: Mapping[str, Accounts] = attrs.Factory(
        lambda: {"facebook": {"2048": Account(page="town-facebook", brand="town")}}
    )

    def visit(self, work: Work) -> list[dict[str, object]]:
        """Serve while the work is done; the events in the journal afterwards."""
        with closing(SqliteJournal(self.path)) as journal:
            journal._db.execute("PRAGMA busy_timeout = 50")
            asyncio.run(self._serve(journal, work))
            return [json.loads(line) for _, line in journal.lines()]

    async def _serve(self, journal: SqliteJournal, work: Work) -> None:
        loop = Loop(Keeper(journal, self.playbook), lambda: self.now, lambda _: None, live=False)
        listener = Listener(
            loop, Metrics(), self.environment, accounts=self.accounts, host=self.host
        )

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
        "deeper than any payload": b'{"object": "page", "entry": ' + b"[" * 80 + b"]" * 80 + b"}",
        "number": b"12",
        "text": b'"page"',
        "null": b"null",
        "not utf-8": b'{"object": "\xff\xfe"}',
        "endless number": b'{"entry": ' + b"9" * 100_000 + b"}",
    }[name]
    return 400, wrong, signed(wrong)


BAD = (
    "unsigned", "another secret", "another body", "half a signature", "strange signature", "too large",
    "truncated", "empty", "deep", "deep and closed", "deeper than any payload", "number", "text", "null",
    "not utf-8", "endless number",
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


def shaped(path: str) -> bytes:
    """The first documented payload of a source."""
    given = json.loads((GOLDEN / f"{path}.in.json").read_text(encoding="utf-8"))
    return json.dumps(given["payloads"][0]).encode()


def hex_signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_pagerduty_is_accepted_with_any_of_its_signatures(
    tmp_path: Path, playbook: Playbook
) -> None:
    vector = b'{"event":{"id":"01E"}}'
    published = "v1=9d924abedba7cb85cb7e4879f11ccbe6b884b3129b56ec2b36611c270f251fe7"
    real = shaped("pagerduty")
    old, new = hex_signature("retired", real), hex_signature("pd-secret", real)

    async def work(client: Client) -> None:
        for body, header, status in (
            (vector, published, 200),
            (vector, f"v1={'0' * 64},{published}", 200),
            (vector, published.replace("v1=", "v2="), 401),
            (real, f"v1={old},v1={new}", 200),
            (real, f"v1={old}", 401),
            (real, new, 401),
        ):
            headers = {"X-PagerDuty-Signature": header}
            answer = await client.post("/hooks/pagerduty", data=body, headers=headers)
            assert answer.status == status, header

    environment = {"CRISISRULES_PAGERDUTY_SECRET": "pd-secret"}
    events = House(tmp_path / "c.db", playbook, environment).visit(work)
    assert [event["type"] for event in events] == ["incident.opened"]


def test_incident_io_is_accepted_in_its_time(tmp_path: Path, playbook: Playbook) -> None:
    key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
    vector = b'{"event_type":"public_incident.incident_created_v2"}'
    published = "v1,0GRIaDt+irMLTK75KPUnnNsri3cdqfxI3jdgy+2MFc4="
    sent = 1767225600
    real = shaped("incident-io")

    def of(body: bytes, at: int) -> str:
        signed_ = f"msg_1.{at}.".encode() + body
        secret_ = base64.b64decode(key.removeprefix("whsec_"))
        digest = hmac.new(secret_, signed_, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()

    async def work(client: Client) -> None:
        for body, at, header, status in (
            (vector, sent, published, 200),
            (vector, sent, f"v1,AAAA {published}", 200),
            (vector, sent + 1, published, 401),
            (vector, sent - 301, of(vector, sent - 301), 401),
            (vector, sent + 301, of(vector, sent + 301), 401),
            # the signature holds, and then the incident lies ahead of this clock
            (real, sent - 300, f"{of(real, 0)} {of(real, sent - 300)}", 400),
            (real + b" ", sent, of(real, sent), 401),
        ):
            headers = {
                "webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": header,
            }  # fmt: skip
            answer = await client.post("/hooks/incident.io", data=body, headers=headers)
            assert answer.status == status, header

    environment = {"CRISISRULES_INCIDENT_IO_SECRET": key}
    now = datetime.fromtimestamp(sent, UTC)
    House(tmp_path / "c.db", playbook, environment, now=now).visit(work)


def test_incident_io_opens_an_incident(tmp_path: Path, playbook: Playbook) -> None:
    key = b"0123456789abcdef01234567"
    body = shaped("incident-io")
    at = int(NOW.timestamp())
    digest = hmac.new(key, f"m.{at}.".encode() + body, hashlib.sha256).digest()

    async def work(client: Client) -> None:
        headers = {
            "webhook-id": "m", "webhook-timestamp": str(at),
            "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        }  # fmt: skip
        answer = await client.post("/hooks/incident.io", data=body, headers=headers)
        assert answer.status == 200

    given = "whsec_" + base64.b64encode(key).decode()
    house = House(tmp_path / "c.db", playbook, {"CRISISRULES_INCIDENT_IO_SECRET": given})
    assert [event["type"] for event in house.visit(work)] == ["incident.opened"]


@pytest.mark.parametrize("source", ["statuspage", "alertmanager"])
def test_a_source_that_signs_nothing_bears_its_secret(
    tmp_path: Path, playbook: Playbook, source: str
) -> None:
    """As a bearer token, or in the address where a source can send no header."""
    body = shaped("statuspage-webhook" if source == "statuspage" else source)

    async def work(client: Client) -> None:
        for query, header, status in (
            ("", "", 401),
            ("?secret=", "", 401),
            ("?secret=wrong", "", 401),
            ("", "Bearer wrong", 401),
            ("", "Basic own-secret", 401),
            ("", "own-secret", 401),
            ("?secret=own-secret", "", 200),
            ("", "Bearer own-secret", 200),
            ("", "bearer word", 200),
        ):
            address = f"/hooks/{source}{query}"
            answer = await client.post(address, data=body, headers={"Authorization": header})
            assert answer.status == status, (query, header)
        # of one source, for one source
        answer = await client.post("/hooks/mastodon?secret=own-secret", data=b"{}")
        assert answer.status == 401
        answer = await client.post("/events?secret=own-secret", data=LINE)
        assert answer.status == 401

    secret_ = f"CRISISRULES_{source.upper()}_SECRET"
    environment = {secret_: "own-secret", "CRISISRULES_TOKEN": "word"}
    later = NOW + timedelta(days=1)
    events = House(tmp_path / "c.db", playbook, environment, now=later).visit(work)
    assert "incident.opened" in [event["type"] for event in events]
    assert len(events) == len({str(event) for event in events})


def test_a_secret_of_a_source_is_needed_on_loopback_too(tmp_path: Path, playbook: Playbook) -> None:
    async def work(client: Client) -> None:
        assert (await client.post("/hooks/statuspage", data=b"{}")).status == 401
        assert (await client.post("/hooks/mastodon", data=b"{}")).status == 200

    House(tmp_path / "c.db", playbook, {"CRISISRULES_STATUSPAGE_SECRET": "own-secret"}).visit(work)


def test_a_deletion_is_understood_from_what_came_before_even_after_a_start(
    tmp_path: Path, playbook: Playbook
) -> None:
    answer = {
        "id": "12", "created_at": "2026-03-03T08:00:00Z", "in_reply_to_id": "10",
        "in_reply_to_account_id": "7", "account": {"id": "22"}, "content": "?", "visibility": "public",
    }  # fmt: skip
    payloads: list[object] = [
        {"event": "update", "payload": json.dumps(answer)},
        {"event": "delete", "payload": "12"},
    ]
    path, kinds = tmp_path / "c.db", []
    for payload in payloads:

        async def work(client: Client, payload: object = payload) -> None:
            assert (await client.post("/hooks/mastodon", json=payload)).status == 200

        house = House(path, playbook, {}, accounts={"mastodon": {"7": Account("shop")}})
        kinds = [event["type"] for event in house.visit(work)]
    assert kinds == ["comment.received", "comment.removed"]


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
