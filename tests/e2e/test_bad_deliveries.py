"""Ten thousand wrong deliveries: each has its status, none an effect, all are counted."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import aiohttp

COMMAND = [sys.executable, "-m", "crisisrules"]
PATIENCE = 120.0
MANY: Final = 10_000
SENDERS: Final = 16
SECRET, TOKEN = "app-secret", "our-token"
LIMIT: Final = 1024 * 1024

Delivery: TypeAlias = tuple[str, bytes, dict[str, str]]
"""A path, a body and headers."""

GOOD: Final = json.dumps(
    {
        "object": "page",
        "entry": [
            {
                "id": "2048", "time": 1772524805,
                "changes": [
                    {
                        "field": "feed",
                        "value": {
                            "from": {"id": "555"}, "item": "comment", "verb": "add",
                            "post_id": "2048_9001", "comment_id": "9001_1", "parent_id": "2048_9001",
                            "created_time": 1772524800, "message": "Still no water?",
                        },
                    }
                ],
            }
        ],
    }
).encode()  # fmt: skip


def meta(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def pagerduty(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-PagerDuty-Signature": f"v1={digest}"}


def wrong_signature(chance: random.Random) -> Delivery:
    digest = chance.randbytes(32).hex()
    return chance.choice(
        [
            ("/hooks/facebook", GOOD, {}),
            ("/hooks/facebook", GOOD, meta(GOOD, "other")),
            ("/hooks/facebook", GOOD + b" ", meta(GOOD)),
            ("/hooks/instagram", GOOD, {"X-Hub-Signature-256": f"sha256={digest}"}),
            ("/hooks/facebook", GOOD, {"X-Hub-Signature-256": f"sha1={digest}"}),
            ("/hooks/pagerduty", GOOD, {"X-PagerDuty-Signature": f"v1={digest},v1={digest}"}),
            ("/hooks/pagerduty", GOOD, {"X-PagerDuty-Signature": f"v0={digest}"}),
            ("/hooks/incident.io", GOOD, {"webhook-id": "m", "webhook-signature": "v1,AAAA"}),
            ("/hooks/statuspage", GOOD, {"Authorization": f"Bearer {digest}"}),
            ("/hooks/alertmanager", GOOD, {"Authorization": TOKEN[:-1]}),
        ]
    )


def no_token(chance: random.Random) -> Delivery:
    line = b'{"type":"clock","at":"2026-03-03T08:00:00Z"}\n'
    given = chance.choice(
        [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic b3VyOnRva2Vu"}]
    )
    return "/events", line, given


def truncated(chance: random.Random) -> Delivery:
    body = GOOD[: chance.randrange(len(GOOD))]
    return "/hooks/facebook", body, meta(body)


def wrong_type(chance: random.Random) -> Delivery:
    body = chance.choice([b"1", b'"page"', b"null", b"true", b"1e999", b"\xff\xfe{", b"<xml/>"])
    return chance.choice(
        [("/hooks/facebook", body, meta(body)), ("/hooks/pagerduty", body, pagerduty(body))]
    )


def nested(chance: random.Random) -> Delivery:
    depth = chance.randrange(5_000, 100_000)
    body = chance.choice([b"[" * depth, b'{"a":' * depth, b"[" * depth + b"]" * depth])
    return chance.choice(
        [("/hooks/facebook", body, meta(body)), ("/hooks/pagerduty", body, pagerduty(body))]
    )


def bad_events(chance: random.Random) -> Delivery:
    body = chance.choice(
        [
            b'{"type":"clok","at":"2026-03-03T08:00:00Z"}',
            b'{"type":"clock","at":"yesterday"}',
            b'{"type":"clock","at":"9000-01-01T00:00:00Z"}',
            b"[" * 50_000,
            b'{"type":"clock","at":"2026-03-03T08:00:00Z"}\n{',
            b"\x00" * 100,
        ]
    )
    return "/events", body, {"Authorization": f"Bearer {TOKEN}"}


def unknown(chance: random.Random) -> Delivery:
    path = chance.choice(["/hooks/myspace", "/hooks/..%2fevents", "/hooks/%00", "/hooks/é"])
    return path, GOOD, {"Authorization": f"Bearer {TOKEN}"}


def elsewhere(chance: random.Random) -> Delivery:
    return chance.choice(["/", "/event", "/hooks/facebook/x", "/admin", "/metrics"]), GOOD, {}


KINDS: Final = {
    wrong_signature: ({401}, "bad-signature"),
    no_token: ({401}, "unauthorized"),
    truncated: ({400}, "bad-payload"),
    wrong_type: ({400}, "bad-payload"),
    nested: ({400}, "bad-payload"),
    bad_events: ({400}, "bad-events"),
    unknown: ({404}, "unknown-source"),
    elsewhere: ({404, 405}, "bad-request"),
}

LARGE: Final = 600
"""How many are too large: most only say so, some are, and some are small until they are unpacked."""


@contextmanager
def listening(state: Path) -> Iterator[tuple[str, int]]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "watch", "--listen", f"127.0.0.1:{port}", "--state", state],
        env={
            **os.environ,
            "CRISISRULES_FACEBOOK_SECRET": SECRET,
            "CRISISRULES_INSTAGRAM_SECRET": SECRET,
            "CRISISRULES_PAGERDUTY_SECRET": SECRET,
            "CRISISRULES_INCIDENT_IO_SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
            "CRISISRULES_TOKEN": TOKEN,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fetch(f"{address}/health")
                break
            except urllib.error.URLError:
                assert process.poll() is None, "it ended by itself"
                assert time.monotonic() < until
                time.sleep(0.1)
        yield address, process.pid
    finally:
        process.terminate()
        out, errors = process.communicate(timeout=PATIENCE)
        assert out == b""
        for secret in (SECRET, TOKEN):
            assert secret.encode() not in errors


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


def rejected(address: str) -> Counter[str]:
    page = fetch(f"{address}/metrics")
    found = re.findall(r'crisisrules_rejected_payloads_total\{reason="(.*)"\} (\S+)', page)
    return Counter({reason: int(float(number)) for reason, number in found})


async def send(address: str, deliveries: list[tuple[Delivery, set[int]]]) -> None:
    left = iter(deliveries)
    async with aiohttp.ClientSession() as session:

        async def sender() -> None:
            for (path, body, headers), expected in left:
                async with session.post(
                    f"{address}{path}", data=body, headers=headers, skip_auto_headers=["Expect"]
                ) as answer:
                    text = await answer.text()
                    assert answer.status in expected, (path, body[:80], answer.status, text)
                    assert SECRET not in text
                    assert TOKEN not in text

        await asyncio.gather(*(sender() for _ in range(SENDERS)))


async def send_large(address: str, number: int) -> None:
    """Bodies that are too large, as they say, as they are, and as they are when unpacked."""
    port = int(address.rpartition(":")[2])
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b" " * (64 * LIMIT)) + packer.flush()
    head = "POST /hooks/facebook HTTP/1.1\r\nHost: x\r\n"
    said = f"{head}Content-Length: {50 * LIMIT}\r\n\r\n".encode()
    packed = f"{head}Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb
    chunk = f"{LIMIT // 4:x}\r\n".encode() + b" " * (LIMIT // 4) + b"\r\n"
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 5
    for turn in range(number):
        kind = {0: packed, 1: chunked}.get(turn % 100, said)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(kind)
        try:
            line = await asyncio.wait_for(reader.readline(), PATIENCE)
            assert b" 413 " in line, line
        finally:
            writer.close()


def size_in_memory(process: int) -> int:
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s+(\d+) kB", text)
    assert peak is not None
    return int(peak[1]) * 1024


def test_ten_thousand_bad_deliveries_have_no_effect_and_are_counted(tmp_path: Path) -> None:
    chance = random.Random(20260303)
    kinds = chance.choices(list(KINDS), k=MANY - LARGE)
    deliveries = [(kind(chance), KINDS[kind][0]) for kind in kinds]
    expected = Counter(KINDS[kind][1] for kind in kinds) + Counter({"too-large": LARGE})
    state = tmp_path / "crisis.db"
    with listening(state) as (address, process):
        asyncio.run(send(address, deliveries))
        before = size_in_memory(process) if Path("/proc").is_dir() else 0
        asyncio.run(send_large(address, LARGE))
        assert +rejected(address) == expected
        assert json.loads(fetch(f"{address}/health")) == {"status": "ok", "events": 0, "polls": {}}
        if before:
            # nothing that was too large was ever held as a whole
            assert size_in_memory(process) - before < 48 * LIMIT
        # and it works as it did
        asyncio.run(send(address, [(("/hooks/facebook", GOOD, meta(GOOD)), {200})]))
    done = subprocess.run(
        [*COMMAND, "journal", "export", "--state", state], capture_output=True, check=True
    )
    assert [json.loads(line)["comment"] for line in done.stdout.splitlines()] == ["9001_1"]
