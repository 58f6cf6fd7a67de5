"""The listener: webhooks of platforms and incident tools, and events of one's own, over HTTP.

A delivery is answered with 200 once its events are durable. What is not signed as its source signs, is
too large, or cannot be read changes nothing and is answered with 401, 413 or 400.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from aiohttp import web

from crisisrules.adapters.platforms.accounts import accounts_of
from crisisrules.adapters.platforms.adapter import Accounts, StreamAdapter
from crisisrules.adapters.platforms.payload import is_too_deep
from crisisrules.adapters.platforms.signatures import (
    meta_challenge,
    meta_signature_holds,
    pagerduty_signature_holds,
    svix_signature_holds,
)
from crisisrules.adapters.platforms.sources import BUILT_IN, stream_adapter
from crisisrules.adapters.platforms.threads import Threads
from crisisrules.adapters.streams.reading import read_events
from crisisrules.live.loop import Loop
from crisisrules.live.metrics import Metrics
from crisisrules.live.polling import Faring
from crisisrules.live.remembering import remember
from crisisrules.live.secrets import secret
from crisisrules.live.store import JournalError
from crisisrules.model.errors import CrisisRulesError, Place, Problem, UsageError
from crisisrules.model.events import Event

LARGEST_BODY: Final = 1024 * 1024
"""Bytes of one delivery; platforms send a few kilobytes."""

FURTHEST_AHEAD: Final = timedelta(minutes=5)
"""How far a source's clock may be ahead of ours."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Listener:
    """An HTTP server that feeds a loop.

    Args:
        loop: where accepted events go.
        metrics: what the metrics endpoint shows.
        environment: where secrets come from: ``CRISISRULES_<SOURCE>_SECRET``,
            ``CRISISRULES_<SOURCE>_VERIFY_TOKEN`` for Meta's handshake, ``CRISISRULES_TOKEN`` for all else.
            A source that signs nothing bears its secret as a bearer token or as ``?secret=`` of its address.
        accounts: our accounts by source, by the platform's id for them.
        polls: how polled sources fare, for the health answer.
        host: the address it binds to; without a token only loopback may post unsigned events.
    """

    def __init__(
        self,
        loop: Loop,
        metrics: Metrics,
        environment: Mapping[str, str],
        *,
        accounts: Mapping[str, Accounts] = MappingProxyType({}),
        polls: Sequence[Faring] = (),
        host: str = "127.0.0.1",
    ) -> None:
        self._loop = loop
        self._metrics = metrics
        self._accounts = accounts
        self._adapters: dict[str, StreamAdapter] = {}
        self._polls = polls
        self._token = secret("token", environment)
        self._open = host in _LOOPBACK and self._token is None
        self._secrets = {name: secret(f"{name}_secret", environment) for name in BUILT_IN}
        self._verify = {name: secret(f"{name}_verify_token", environment) for name in BUILT_IN}

    def application(self) -> web.Application:
        """The application with its routes."""
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._count])
        app.router.add_post("/events", self._events)
        app.router.add_get("/hooks/{source}", self._handshake)
        app.router.add_post("/hooks/{source}", self._hook)
        app.router.add_get("/metrics", self._metrics_page)
        app.router.add_get("/health", self._health)
        return app

    @web.middleware
    async def _count(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Count what never came to be a delivery: another path or method, and faults of ours."""
        try:
            return await handler(request)
        except web.HTTPException:
            self._metrics.rejected("bad-request")
            raise
        except Exception:
            self._metrics.rejected("internal")
            raise

    async def _body(self, request: web.Request) -> bytes | None:
        """The bytes of a delivery; None when they are too many."""
        if request.content_length is not None and request.content_length > LARGEST_BODY:
            return None
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge:
            return None

    async def _events(self, request: web.Request) -> web.Response:
        """JSON lines of our own events."""
        if not (self._open or self._bears(self._token, request)):
            return self._reject(401, "unauthorized", "a bearer token is needed")
        body = await self._body(request)
        if body is None:
            return self._reject(413, "too-large", f"at most {LARGEST_BODY} bytes")
        try:
            events = list(read_events(body.splitlines(), "body"))
        except CrisisRulesError as error:
            return self._reject(400, "bad-events", str(error.problems[0]))
        return await self._accept(events)

    async def _handshake(self, request: web.Request) -> web.Response:
        """Meta asks whether the address is ours before it sends anything."""
        token = self._verify.get(request.match_info["source"])
        challenge = None if token is None else meta_challenge(request.query, token)
        if challenge is None:
            return self._reject(403, "bad-handshake", "the verify token does not fit")
        return web.Response(text=challenge)

    async def _hook(self, request: web.Request) -> web.Response:
        """One delivery of a source."""
        source = request.match_info["source"]
        body = await self._body(request)
        if body is None:
            return self._reject(413, "too-large", f"at most {LARGEST_BODY} bytes")
        if not self._signed(source, request, body):
            return self._reject(401, "bad-signature", "the delivery is not signed as it should be")
        try:
            adapter = self._adapter(source)
        except UsageError as error:
            return self._reject(404, "unknown-source", str(error.problems[0].message))
        except JournalError as error:
            return self._unwritten(error)
        try:
            payload = json.loads(body)
            if not isinstance(payload, dict | list):
                return self._reject(400, "bad-payload", "the payload is no JSON of this source")
            if is_too_deep(payload):
                return self._reject(400, "bad-payload", "the payload is nested too deeply")
            reading = adapter.read(payload, self._loop.clock())
        except (ValueError, RecursionError, CrisisRulesError):
            return self._reject(400, "bad-payload", "the payload is no JSON of this source")
        self._metrics.ignored(source, reading.ignored)
        return await self._accept(reading.events)

    def _adapter(self, source: str) -> StreamAdapter:
        """The adapter of a source, which remembers earlier deliveries and what the journal knows."""
        found = self._adapters.get(source)
        if found is None:
            accounts = accounts_of(self._accounts, source)
            found = stream_adapter(source, accounts)
            threads = getattr(found, "threads", None)
            if isinstance(threads, Threads):
                pages = {account.page for account in accounts.values()} or None
                remember(threads, self._loop.keeper.journal, pages)
            self._adapters[source] = found
        return found

    def _signed(self, source: str, request: web.Request, body: bytes) -> bool:
        """Whether a delivery bears its source's signature, or the token where a source has none."""
        key, headers = self._secrets.get(source), request.headers
        match source:
            case "facebook" | "instagram":
                return key is not None and meta_signature_holds(
                    key, body, headers.get("X-Hub-Signature-256")
                )
            case "pagerduty":
                return key is not None and pagerduty_signature_holds(
                    key, body, headers.get("X-PagerDuty-Signature")
                )
            case "incident.io":
                return key is not None and svix_signature_holds(
                    key,
                    body,
                    message=headers.get("webhook-id"),
                    timestamp=headers.get("webhook-timestamp"),
                    header=headers.get("webhook-signature"),
                    now=self._loop.clock(),
                )
            case _:
                return (
                    (self._open and key is None)
                    or self._bears(self._token, request)
                    # a status page sends what its address has, and no header of ours
                    or self._bears(key, request)
                    or _equal(key, request.query.get("secret"))
                )

    @staticmethod
    def _bears(token: str | None, request: web.Request) -> bool:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and _equal(token, given.strip())

    async def _accept(self, events: list[Event] | tuple[Event, ...]) -> web.Response:
        if not events:
            return web.json_response({"accepted": 0})
        if max(event.at for event in events) > self._loop.clock() + FURTHEST_AHEAD:
            # it would pass every deadline up to then, and make all that is true now late
            return self._reject(400, "bad-events", "`at` lies ahead of the clock")
        try:
            await self._loop.submit(events)
        except JournalError as error:
            return self._unwritten(error)
        except CrisisRulesError as error:
            return self._reject(400, "bad-events", str(error.problems[0]))
        return web.json_response({"accepted": len(events)})

    def _unwritten(self, error: JournalError) -> web.Response:
        """The journal failed: whoever sent it should send it again."""
        self._metrics.rejected("journal")
        return web.json_response(
            {"error": error.problems[0].name}, status=503, headers={"Retry-After": "5"}
        )

    def _reject(self, status: int, name: str, message: str) -> web.Response:
        self._metrics.rejected(name)
        return web.json_response({"error": name, "message": message}, status=status)

    async def _metrics_page(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp's signature
        async with self._loop.busy:
            text, kind = self._metrics.page(self._loop)
        return web.Response(body=text, headers={"Content-Type": kind})

    async def _health(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp's signature
        healthy = self._loop.failed == 0 or self._loop.recovered
        # a source that does not answer is no reason to start this program anew
        status = {
            "status": "ok" if healthy else "failing",
            "events": self._loop.accepted,
            "polls": {one.source: one.why or "ok" for one in self._polls},
        }
        return web.json_response(status, status=200 if healthy else 503)


def _equal(expected: str | None, given: str | None) -> bool:
    if not expected or given is None:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


async def serve(listener: Listener, host: str, port: int) -> web.AppRunner:
    """Start to listen.

    Raises:
        UsageError: the address cannot be bound to.
    """
    runner = web.AppRunner(listener.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        message = f"cannot listen on `{host}:{port}`: {str(error.strerror or error).lower()}"
        raise UsageError(Problem(Place("--listen"), "cannot-listen", message)) from None
    return runner
