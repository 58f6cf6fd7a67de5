"""What an adapter must know of earlier payloads, found again in the journal after a start."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from crisisrules.adapters.platforms.threads import MOST_REMEMBERED, Message, Role, Threads
from crisisrules.live.store import Journal
from crisisrules.model.events import CommentReceived, PostPublished, ReplyPublished

_ROLES: Final[dict[str, Role]] = {
    PostPublished.type: "post",
    CommentReceived.type: "comment",
    ReplyPublished.type: "reply",
}


class _Line(msgspec.Struct):
    """As much of an event as is needed."""

    type: str
    page: str | None = None
    post: str | None = None
    comment: str | None = None
    reply: str | None = None
    brand: str | None = None


def remember(threads: Threads, journal: Journal, pages: Collection[str] | None) -> None:
    """Fill ``threads`` with the newest messages of some pages (None: of all) that the journal has.

    Raises:
        JournalError: it cannot be read.
    """
    decoder = msgspec.json.Decoder(_Line)
    for _, text in journal.lines(max(0, journal.last() - MOST_REMEMBERED)):
        line = decoder.decode(text)
        role = _ROLES.get(line.type)
        if role is None or line.page is None or line.post is None:
            continue
        if pages is not None and line.page not in pages:
            continue
        name = {"post": line.post, "comment": line.comment, "reply": line.reply}[role]
        if name is not None:
            threads.remember(name, Message(role, line.page, line.post, line.brand))
