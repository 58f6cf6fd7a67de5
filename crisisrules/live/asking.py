"""Asking a server for JSON: bounded in time and size, within its rate limits, errors in plain words."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import attrs
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from aiohttp.client_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientPayloadError,
)
from yarl import URL

from crisisrules.adapters.platforms.payload import instant_at
from crisisrules.live.polling import PollError
from crisisrules.model.errors import Place, Problem, UsageError

LONGEST_ANSWER: Final = 32 * 1024 * 1024
"""Bytes of one answer; a thread of four thousand messages has some ten million."""

TIMEOUT: Final = ClientTimeout(total=60, sock_connect=15, sock_read=30)

LONGEST_WAIT: Final = 900.0
"""Seconds that a server can make us wait; limits are mostly of five or fifteen minutes."""

_FEW: Final = 3
"""Requests that are left for others that use the same limit."""


class NothingThereError(PollError):
    """The server knows nothing at that address."""


def address(text: str, place: str, secure: str, plain: str) -> URL:
    """An address that a source is asked at.

    Args:
        text: as it was given.
        place: the option that gave it.
        secure: the scheme with TLS.
        plain: the scheme without, for this machine only.

    Raises:
        UsageError: it is none, has a password in it, or would send everything unencrypted.
    """

    def refuse(message: str) -> UsageError:
        return UsageError(Problem(Place(place), "bad-address", message))

    try:
        url = URL(text)
        port = url.port
    except ValueError:
        url, port = URL(), None
    if url.scheme not in (secure, plain) or not url.host or port is None:
        message = f"write the address as `{secure}://HOST`"
        raise refuse(message)
    if url.user is not None or url.password is not None or url.query_string or url.fragment:
        message = "the address has no user, password or parameters; give a token by the environment"
        raise refuse(message)
    if url.scheme == plain and not _is_here(url.host):
        message = f"`{plain}` is for this machine only; write `{secure}://…`"
        raise refuse(message)
    return url


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@attrs.define
class Asker:
    """Asks one server, no faster than it allows.

    Args:
        http: an open client.
        server: the server's address.
        clock: the wall clock.
        token: sent as a bearer token, to this server only.
    """

    http: ClientSession
    server: URL
    clock: Callable[[], datetime]
    token: str | None = attrs.field(default=None, repr=False)
    _free_at: datetime | None = attrs.field(default=None, init=False)

    async def get(self, path: str, parameters: Mapping[str, str] | None = None) -> object:
        """The JSON at a path.

        Raises:
            NothingThereError: the server says that there is nothing.
            PollError: no answer, a refusal, or one that cannot be read.
        """
        if self._free_at is not None:
            left = (self._free_at - self.clock()).total_seconds()
            if left > 0:
                message = "the rate limit of the server is used up"
                raise PollError(message, min(left, LONGEST_WAIT))
            self._free_at = None
        headers = {"Accept": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            # where a redirect leads is nobody's business but the operator's: the token does not follow it
            async with self.http.get(
                self.server.joinpath(path.lstrip("/")),
                params=parameters or {},
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as answer:
                self._note_limit(answer)
                self._check(answer)
                return await _decoded(answer)
        except (ClientError, OSError, TimeoutError) as error:
            raise PollError(said(error)) from None

    def _note_limit(self, answer: ClientResponse) -> None:
        left = answer.headers.get("X-RateLimit-Remaining", "")
        reset = instant_at({"at": answer.headers.get("X-RateLimit-Reset")}, "at")
        if left.isdecimal() and int(left[:9]) < _FEW and reset is not None:
            self._free_at = reset

    def _check(self, answer: ClientResponse) -> None:
        status = answer.status
        if status == 200:
            return
        if status == 429:
            wait = _retry_after(answer)
            if wait is None and self._free_at is not None:
                wait = (self._free_at - self.clock()).total_seconds()
            message = "the server asks for fewer requests (429)"
            raise PollError(message, None if wait is None else min(max(wait, 1.0), LONGEST_WAIT))
        if status in (401, 403):
            what = "the token" if self.token is not None else "to answer without a token"
            message = f"the server refuses {what} ({status})"
            raise PollError(message)
        if status in (404, 410):
            message = f"there is nothing at `{answer.url.path}` ({status})"
            raise NothingThereError(message)
        if 300 <= status < 400:
            message = (
                f"the server points to another address ({status}); give that one, if it is right"
            )
            raise PollError(message)
        message = f"the server answers with {status}"
        raise PollError(message, _retry_after(answer))


def _retry_after(answer: ClientResponse) -> float | None:
    given = answer.headers.get("Retry-After", "")
    return min(float(given[:9]), LONGEST_WAIT) if given.isascii() and given.isdecimal() else None


async def _decoded(answer: ClientResponse) -> object:
    size = 0
    parts: list[bytes] = []
    async for part in answer.content.iter_chunked(65536):
        size += len(part)
        if size > LONGEST_ANSWER:
            message = f"the answer is larger than {LONGEST_ANSWER // 1024 // 1024} MB"
            raise PollError(message)
        parts.append(part)
    try:
        # off the loop: a large thread takes a while
        found: object = await asyncio.to_thread(json.loads, b"".join(parts))
    except (ValueError, RecursionError):
        message = "the answer is no JSON; is that the address of such a server?"
        raise PollError(message) from None
    return found


def said(error: Exception) -> str:
    """What an error of the network means."""
    if isinstance(error, ClientConnectorCertificateError | ssl.SSLError):
        return "the certificate of the server is not trusted"
    if isinstance(error, ClientConnectorDNSError):
        return "the name of the server is not known"
    if isinstance(error, ClientConnectorError):
        return f"no connection: {(error.strerror or 'refused').lower()}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ClientPayloadError):
        return "the answer broke off"
    return "the connection broke off"
