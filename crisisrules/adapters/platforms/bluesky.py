"""Bluesky: messages of Jetstream, of both its versions.

The stream is the whole network: ``accounts`` must name ours, by their DIDs. A deletion names no more
than the message, so what it belonged to is remembered.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import (
    COMMENT_EDIT,
    Account,
    Accounts,
    Gathering,
    Reading,
    delivery_id,
    thread_event,
)
from crisisrules.adapters.platforms.payload import instant_at, list_at, text_at, value_at, word_at
from crisisrules.adapters.platforms.threads import Message, Role, Threads
from crisisrules.model.events import CommentRemoved, PostEdited, PostPublished, PostRemoved
from crisisrules.model.pictures import Media

_POSTS: Final = "app.bsky.feed.post"


@attrs.frozen
class BlueskyJetstream:
    """Messages of ``/subscribe`` and of ``network.bsky.jetstream.subscribeEvents``."""

    accounts: Accounts
    threads: Threads = attrs.field(factory=Threads)

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Our posts, the comments under them and our replies; see :class:`StreamAdapter`."""
        found = Gathering()
        message = value_at(payload, "payload") or payload
        kind = word_at(message, "kind") or (text_at(message, "$type") or "").rpartition("#")[2]
        # in the second version what was committed stands in the message itself
        commit = value_at(message, "commit") or message
        if kind != "commit":
            found.ignore(f"message {kind or 'without kind'}")
        elif text_at(commit, "collection") != _POSTS:
            found.ignore(f"collection {text_at(commit, 'collection')}")
        else:
            at = instant_at(message, "time_us") or instant_at(message, "time") or received_at
            self._commit(found, text_at(message, "did"), commit, at)
        return found.reading()

    def _commit(self, found: Gathering, did: str | None, commit: object, at: datetime) -> None:
        key = text_at(commit, "rkey")
        if did is None or key is None:
            found.ignore("message without id")
            return
        uri = f"at://{did}/{_POSTS}/{key}"
        name = delivery_id("bluesky", uri, text_at(commit, "rev"))
        operation = word_at(commit, "operation")
        record = value_at(commit, "record")
        account = self.accounts.get(did)
        if operation == "create":
            if value_at(record, "reply") is not None:
                self._reply(found, account, did, uri, name, record, at)
            elif account is not None:
                self._post(found, account, uri, name, record, at)
            else:
                found.ignore("not in our threads")
        elif operation == "update" and account is not None and not value_at(record, "reply"):
            text = text_at(record, "text")
            found.add(
                PostEdited(
                    at=at, brand=account.brand, id=name, page=account.page, post=uri, text=text
                )
            )
        elif operation == "delete":
            self._deleted(found, uri, name, at)
        elif operation == "update":
            known = self.threads.find(uri)
            role = "message of others" if known is None else known.role
            found.ignore(COMMENT_EDIT if role == "comment" else f"{role} edit")
        else:
            found.ignore(f"operation {operation}")

    def _post(
        self, found: Gathering, account: Account, uri: str, name: str, record: object, at: datetime
    ) -> None:
        self.threads.remember(uri, Message("post", account.page, uri, account.brand))
        languages = list_at(record, "langs")
        link = text_at(record, "embed", "external", "uri")
        media = tuple(
            Media(kind="image", alt=text_at(image, "alt"))
            for image in list_at(record, "embed", "images")
        )
        found.add(
            PostPublished(
                at=at,
                brand=account.brand,
                id=name,
                page=account.page,
                post=uri,
                text=text_at(record, "text"),
                language=text_at({"language": languages[0]}, "language") if languages else None,
                links=None if link is None else (link,),
                media=media or None,
            )
        )

    def _reply(
        self,
        found: Gathering,
        author: Account | None,
        did: str,
        uri: str,
        name: str,
        record: object,
        at: datetime,
    ) -> None:
        root = text_at(record, "reply", "root", "uri")
        owner = self.accounts.get(_owner(root))
        if root is None or owner is None:
            found.ignore("not in our threads")
            return
        own = author is not None and author == owner
        role: Role = "reply" if own else "comment"
        self.threads.remember(uri, Message(role, owner.page, root, owner.brand))
        found.add(
            thread_event(
                owner,
                own=own,
                at=at,
                delivery=name,
                post=root,
                message=uri,
                parent=text_at(record, "reply", "parent", "uri"),
                author=did,
                text=text_at(record, "text"),
            )
        )

    def _deleted(self, found: Gathering, uri: str, name: str, at: datetime) -> None:
        known = self.threads.find(uri)
        if known is None:
            found.ignore("deletion of what was not seen")
        elif known.role == "post":
            found.add(PostRemoved(at=at, brand=known.brand, id=name, page=known.page, post=uri))
        elif known.role == "comment":
            found.add(
                CommentRemoved(
                    at=at,
                    brand=known.brand,
                    id=name,
                    page=known.page,
                    post=known.post,
                    comment=uri,
                    # records are in the repository of who wrote them, and only they delete there
                    removed_by="author",
                )
            )
        else:
            found.ignore("deletion of a reply")


def _owner(uri: str | None) -> str:
    return (uri or "").removeprefix("at://").partition("/")[0]
