"""Bluesky's Jetstream, listened to over a WebSocket: the posts of the whole network, of which ours are kept.

Both wires are understood: ``/subscribe`` and ``/xrpc/network.bsky.jetstream.subscribeEvents``. After a break
the stream is taken up a few seconds before where it broke, on whatever server, since times mean the same on
all of them; what comes twice is known by its id.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs
from aiohttp import (
    ClientError,
    ClientSession,
    ClientWebSocketResponse,
    ClientWSTimeout,
    WSCloseCode,
    WSMsgType,
    WSServerHandshakeError,
)
from yarl import URL

from crisisrules.adapters.platforms.bluesky import BlueskyJetstream
from crisisrules.adapters.platforms.payload import instant_at, text_at, value_at
from crisisrules.live.asking import said
from crisisrules.live.loop import Loop
from crisisrules.live.polling import Faring, PollError
from crisisrules.model.durations import to_micros
from crisisrules.model.events import Event

LARGEST_MESSAGE: Final = 1024 * 1024
"""Bytes; a post has some thousand."""

MOST_WAITING: Final = 10_000
"""Messages that are held while others are written; then the server has to wait."""

REWIND: Final = timedelta(seconds=5)
QUIET: Final = 120.0
"""Seconds without a message on a network that never rests: the connection is dead."""

KEPT_BACK: Final = timedelta(hours=36)
"""How far back servers can start; from an older cursor the first version starts there and does not say so."""

NOTED_EVERY: Final = 10.0
"""Seconds between two notes of how far the stream was read while nothing of it is ours."""

_POSTS: Final = "app.bsky.feed.post"


@attrs.define
class Jetstream:
    """Listens to one server.

    Args:
        http: an open client.
        server: the server's address.
        clock: the wall clock.
        adapter: keeps what is ours; knows the threads that the journal knows.
        loop: where events go.
    """

    http: ClientSession
    server: URL
    clock: Callable[[], datetime]
    adapter: BlueskyJetstream
    loop: Loop
    name: str = attrs.field(init=False)
    place: str = attrs.field(init=False)
    _noted_at: datetime | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.name, self.place = "jetstream", f"--poll jetstream={self.server.human_repr()}"

    async def ask(self, faring: Faring) -> float:
        """Listen until the connection ends."""
        since = _instant(self.loop.keeper.journal.cursor(self.name))
        if not self._second and since is not None and self.clock() - since > KEPT_BACK:
            faring.missed(f"nothing was heard since {since:%Y-%m-%d %H:%M} UTC; servers keep 36 h")
        try:
            socket = await self.http.ws_connect(
                self.server.with_query(self._parameters(since)),
                heartbeat=20.0,
                max_msg_size=LARGEST_MESSAGE,
                timeout=ClientWSTimeout(ws_close=5.0),
            )
        except WSServerHandshakeError as error:
            message = f"the server answers with {error.status} instead of a stream"
            raise PollError(message) from None
        except (ClientError, OSError, TimeoutError) as error:
            raise PollError(said(error)) from None
        waiting: asyncio.Queue[str | bytes | PollError] = asyncio.Queue(MOST_WAITING)
        reading = asyncio.create_task(self._read(socket, waiting))
        try:
            while True:
                await self._take(waiting, faring)
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
            await socket.close()

    @property
    def _second(self) -> bool:
        return self.server.name == "network.bsky.jetstream.subscribeEvents"

    def _parameters(self, since: datetime | None) -> dict[str, str]:
        asked = {"wantedCollections": _POSTS}
        if self._second:
            asked = {"collections": _POSTS, "kinds": "commit"}
        if since is not None:
            asked["cursor"] = str(to_micros(since - REWIND))
        return asked

    async def _read(
        self, socket: ClientWebSocketResponse, waiting: asyncio.Queue[str | bytes | PollError]
    ) -> None:
        """Put messages where they are taken in batches, and last why there are no more."""
        try:
            while True:
                message = await socket.receive(timeout=QUIET)
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                await waiting.put(message.data)
            too_large = socket.close_code == WSCloseCode.MESSAGE_TOO_BIG
            why = "a message was too large" if too_large else "the connection ended"
        except TimeoutError:
            why = f"nothing came for {QUIET:.0f} s"
        except (ClientError, OSError, RuntimeError) as error:
            why = said(error)
        await waiting.put(PollError(why))

    async def _take(self, waiting: asyncio.Queue[str | bytes | PollError], faring: Faring) -> None:
        """Have what waits accepted as one batch."""
        batch = [await waiting.get()]
        while not waiting.empty():
            batch.append(waiting.get_nowait())
        now = self.clock()
        events: list[Event] = []
        reached: datetime | None = None
        end: PollError | None = None
        for message in batch:
            if isinstance(message, PollError):
                end = message
                break
            payload = _decoded(message)
            if text_at(payload, "$type") == "error":
                name = text_at(payload, "error") or "an error"
                end = PollError(f"the server ended the stream: {name[:60]}")
                break
            inner = value_at(payload, "payload") or payload
            if (text_at(inner, "$type") or "").endswith("#info"):
                # the only one there is: the cursor was older than what the server keeps
                faring.missed("the server no longer has all that was missed; older posts are lost")
            at = instant_at(inner, "time_us") or instant_at(inner, "time")
            if at is not None:
                # a clock of another machine may be ahead, and no deadline may pass for that
                reached = min(at, now)
            events += (
                attrs.evolve(event, at=min(event.at, now))
                for event in self.adapter.read(payload, now).events
            )
        if reached is not None:
            await self._submit(events, reached, now)
            faring.answered()
        if end is not None:
            raise end

    async def _submit(self, events: list[Event], reached: datetime, now: datetime) -> None:
        noted = self._noted_at
        if events or noted is None or (now - noted).total_seconds() >= NOTED_EVERY:
            await self.loop.submit(events, {self.name: reached.astimezone(UTC).isoformat()})
            self._noted_at = now


def _decoded(message: str | bytes) -> object:
    try:
        found: object = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return found


def _instant(text: str | None) -> datetime | None:
    return instant_at({"at": text}, "at")
