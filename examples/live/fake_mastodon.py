"""A Mastodon server of one account for the examples: what it shows grows with the clock that it is given.

Only what the examples ask for is there, in the shape of https://docs.joinmastodon.org/entities/Status/.
Run by itself it listens on a port of this machine and shows an evening that began forty minutes ago.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
from aiohttp import web

ACCOUNT: Final = "109348218390155612"


@attrs.frozen
class Status:
    """A message: ours when it has no author, a post when it answers nothing."""

    name: str
    at: datetime
    text: str
    author: str = ACCOUNT
    answers: str | None = None


def evening(start: datetime) -> tuple[Status, ...]:
    """An evening of a shop whose card payments fail half an hour after ``start``."""

    def at(minutes: float) -> datetime:
        return start + timedelta(minutes=minutes)

    questions = (
        "My card payment fails, what is going on?",
        "Payment refused three times. Is your checkout down?",
        "I cannot pay by card, please answer!",
    )
    return (
        Status("114000000000000001", at(5), "Our spring colours are here. Which one is yours?"),
        *(
            Status(
                f"1140000000000001{number:02}",
                at(34 + number),
                questions[number % len(questions)],
                author=f"2{number:02}",
                answers="114000000000000001",
            )
            for number in range(30)
        ),
        Status(
            "114000000000000200",
            at(80),
            "Card payments have failed in our shop since 18:30. We are sorry: nothing is charged"
            " twice, and your basket is kept. We do not know the cause yet. Next update here at 20:00.",
        ),
    )


def server(statuses: Iterable[Status], clock: Callable[[], datetime]) -> web.Application:
    """The server, which shows each message from its time on."""
    everything = tuple(statuses)

    def shown(answers: str | None) -> list[dict[str, Any]]:
        return [
            _json(one, [other for other in everything if other.at <= clock()])
            for one in everything
            if one.answers == answers and one.at <= clock()
        ]

    async def account(request: web.Request) -> web.Response:
        if request.match_info["account"] != ACCOUNT:
            return web.json_response({"error": "Record not found"}, status=404)
        return web.json_response({"id": ACCOUNT, "display_name": "Shop", "followers_count": 5200})

    async def posts(request: web.Request) -> web.Response:
        newest_first = shown(None)[::-1] if request.match_info["account"] == ACCOUNT else []
        return web.json_response(newest_first)

    async def context(request: web.Request) -> web.Response:
        below = shown(request.match_info["status"])
        return web.json_response({"ancestors": [], "descendants": below})

    app = web.Application()
    app.router.add_get("/api/v1/accounts/{account}", account)
    app.router.add_get("/api/v1/accounts/{account}/statuses", posts)
    app.router.add_get("/api/v1/statuses/{status}/context", context)
    return app


def _json(status: Status, everything: Iterable[Status]) -> dict[str, Any]:
    asked = next((one.author for one in everything if one.name == status.answers), None)
    return {
        "id": status.name,
        "created_at": status.at.isoformat(),
        "edited_at": None,
        "in_reply_to_id": status.answers,
        "in_reply_to_account_id": asked,
        "visibility": "public",
        "spoiler_text": "",
        "language": "en",
        "content": f"<p>{status.text}</p>",
        "replies_count": sum(1 for one in everything if one.answers == status.name),
        "favourites_count": 0,
        "reblogs_count": 0,
        "reblog": None,
        "media_attachments": [],
        "account": {"id": status.author},
    }


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8036
    begun = datetime.now(UTC) - timedelta(minutes=40)
    web.run_app(server(evening(begun), lambda: datetime.now(UTC)), host="127.0.0.1", port=port)
