"""Mastodon: streaming events, and polls of statuses, of a context and of notifications.

Ids are local to one server, so one adapter reads one server. Counts are what that server knows; at the
moment of an ``update`` they are zero and mean nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.html_text import plain
from crisisrules.adapters.platforms.adapter import (
    COMMENT_EDIT,
    Account,
    Accounts,
    Gathering,
    Reading,
    delivery_id,
    stamp,
    thread_event,
)
from crisisrules.adapters.platforms.payload import (
    count_at,
    instant_at,
    list_at,
    text_at,
    value_at,
    word_at,
)
from crisisrules.adapters.platforms.threads import Message, Role, Threads
from crisisrules.model.events import (
    CommentRemoved,
    PostCounted,
    PostEdited,
    PostPublished,
    PostRemoved,
)
from crisisrules.model.pictures import Media

PRIVATE: Final = frozenset({"private", "direct"})


def read_server_sent(lines: str) -> list[dict[str, str]]:
    """The messages of a piece of a server-sent event stream, as payloads for :class:`Mastodon`.

    A piece ends with an empty line; heartbeats are passed over.
    """
    found: list[dict[str, str]] = []
    message: dict[str, list[str]] = {}
    for line in [*lines.splitlines(), ""]:
        if not line:
            if "event" in message:
                data = "\n".join(message.get("data", []))
                found.append({"event": message["event"][-1], "payload": data})
            message = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            message.setdefault(name, []).append(value.removeprefix(" "))
    return found


@attrs.frozen
class Mastodon:
    """Whatever a server sends: a frame of the stream, or the answer to a poll.

    ``accounts`` must name our accounts: the stream is full of others.
    """

    accounts: Accounts
    threads: Threads = attrs.field(factory=Threads)

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Posts, comments and replies of our threads; see :class:`StreamAdapter`."""
        found = Gathering()
        if isinstance(payload, list):
            for one in sorted(payload, key=_order):
                self._any(found, one, received_at)
        else:
            self._any(found, payload, received_at)
        return found.reading()

    def _any(self, found: Gathering, payload: object, received_at: datetime) -> None:
        event = text_at(payload, "event")
        if event is not None:
            self._streamed(found, event, value_at(payload, "payload"), received_at)
        elif isinstance(payload, Mapping) and "descendants" in payload:
            for status in [*list_at(payload, "ancestors"), *list_at(payload, "descendants")]:
                self._status(found, status, received_at, polled_at=None)
        elif value_at(payload, "account", "id") is not None and value_at(payload, "type") is None:
            self._status(found, payload, received_at, polled_at=received_at)
        elif value_at(payload, "type") is not None:
            self._notification(found, payload, received_at)
        else:
            found.ignore("error answer" if value_at(payload, "error") else "not a status")

    def _streamed(
        self, found: Gathering, event: str, payload: object, received_at: datetime
    ) -> None:
        if event == "delete":
            self._deleted(found, text_at({"id": payload}, "id"), received_at)
            return
        if isinstance(payload, str):
            try:
                # the payload of a frame is JSON in a text
                payload = json.loads(payload)
            except (ValueError, RecursionError):
                payload = None
        if event == "update":
            self._status(found, payload, received_at, polled_at=None)
        elif event == "status.update":
            self._edited(found, payload, received_at)
        elif event == "notification":
            self._notification(found, payload, received_at)
        else:
            found.ignore(f"event {word_at({'event': event}, 'event')}")

    def _notification(self, found: Gathering, payload: object, received_at: datetime) -> None:
        kind = word_at(payload, "type")
        if kind in ("mention", "status") and value_at(payload, "status") is not None:
            self._status(found, value_at(payload, "status"), received_at, polled_at=None)
        else:
            found.ignore(f"notification {kind}")

    def _status(
        self,
        found: Gathering,
        status: object,
        received_at: datetime,
        *,
        polled_at: datetime | None,
    ) -> None:
        name = text_at(status, "id")
        if name is None:
            found.ignore("status without id")
        elif value_at(status, "reblog") is not None:
            found.ignore("reblog")
        elif word_at(status, "visibility") in PRIVATE:
            found.ignore("private message")
        else:
            account = self.accounts.get(text_at(status, "account", "id") or "")
            if account is not None and text_at(status, "in_reply_to_id") is None:
                self._post(found, account, name, status, received_at, polled_at)
            else:
                self._reply(found, account, name, status, received_at)

    def _post(
        self,
        found: Gathering,
        account: Account,
        name: str,
        status: object,
        received_at: datetime,
        polled_at: datetime | None,
    ) -> None:
        page, brand = account.page, account.brand
        self.threads.remember(name, Message("post", page, name, brand))
        found.add(
            PostPublished(
                at=instant_at(status, "created_at") or received_at,
                brand=brand,
                id=delivery_id("mastodon", "status", name),
                page=page,
                post=name,
                text=_text(status),
                language=text_at(status, "language"),
                media=_media(status),
            )
        )
        edited_at = instant_at(status, "edited_at")
        if edited_at is not None:
            found.add(_edit(account, name, status, edited_at))
        counts = (
            count_at(status, "replies_count"),
            count_at(status, "favourites_count"),
            count_at(status, "reblogs_count"),
        )
        if polled_at is not None and any(count is not None for count in counts):
            comments, reactions, shares = counts
            found.add(
                PostCounted(
                    at=polled_at,
                    brand=brand,
                    page=page,
                    post=name,
                    comments=comments,
                    reactions=reactions,
                    shares=shares,
                )
            )

    def _reply(
        self,
        found: Gathering,
        account: Account | None,
        name: str,
        status: object,
        received_at: datetime,
    ) -> None:
        parent = text_at(status, "in_reply_to_id")
        known = self.threads.find(parent)
        if known is None:
            asked = self.accounts.get(text_at(status, "in_reply_to_account_id") or "")
            if asked is None or parent is None:
                found.ignore("not in our threads")
                return
            # the message that is answered is ours and was not seen: it is taken for the post
            known = Message("post", asked.page, parent, asked.brand)
            self.threads.remember(parent, known)
        role: Role = "comment" if account is None else "reply"
        self.threads.remember(name, attrs.evolve(known, role=role))
        found.add(
            thread_event(
                Account(known.page, known.brand),
                own=account is not None,
                at=instant_at(status, "created_at") or received_at,
                delivery=delivery_id("mastodon", "status", name),
                post=known.post,
                message=name,
                parent=parent,
                author=text_at(status, "account", "id"),
                text=_text(status),
            )
        )

    def _edited(self, found: Gathering, status: object, received_at: datetime) -> None:
        name = text_at(status, "id")
        account = self.accounts.get(text_at(status, "account", "id") or "")
        if name is None or account is None or text_at(status, "in_reply_to_id") is not None:
            found.ignore(COMMENT_EDIT if account is None else "reply edit")
        else:
            at = instant_at(status, "edited_at") or received_at
            found.add(_edit(account, name, status, at))

    def _deleted(self, found: Gathering, name: str | None, received_at: datetime) -> None:
        known = self.threads.find(name)
        if name is None or known is None:
            found.ignore("deletion of what was not seen")
        elif known.role == "post":
            found.add(
                PostRemoved(
                    at=received_at,
                    brand=known.brand,
                    id=delivery_id("mastodon", "delete", name),
                    page=known.page,
                    post=name,
                )
            )
        elif known.role == "comment":
            found.add(
                CommentRemoved(
                    at=received_at,
                    brand=known.brand,
                    id=delivery_id("mastodon", "delete", name),
                    page=known.page,
                    post=known.post,
                    comment=name,
                    # an account cannot delete what others wrote
                    removed_by="author",
                )
            )
        else:
            found.ignore("deletion of a reply")


def _edit(account: Account, name: str, status: object, at: datetime) -> PostEdited:
    return PostEdited(
        at=at,
        brand=account.brand,
        id=delivery_id("mastodon", "edit", name, stamp(at)),
        page=account.page,
        post=name,
        text=_text(status),
    )


def _text(status: object) -> str | None:
    content = text_at(status, "content")
    warning = text_at(status, "spoiler_text")
    parts = [warning, plain(content) if content else None]
    return "\n".join(part for part in parts if part) or None


def _media(status: object) -> tuple[Media, ...] | None:
    media = tuple(
        Media(kind=text_at(one, "type"), alt=text_at(one, "description"))
        for one in list_at(status, "media_attachments")
    )
    return media or None


def _order(payload: object) -> tuple[bool, float]:
    # polls list the newest first; a thread is understood from its start
    at = instant_at(payload, "created_at")
    return (at is None, at.timestamp() if at is not None else 0)
