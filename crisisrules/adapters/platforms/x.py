"""X: answers of the v2 API that hold posts, and messages of the Activity API.

The names of fields changed in 2026 (tweet to post, retweet to repost); both are read. An edit makes a
new id, so a message is known by the first id of its history.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime

import attrs

from crisisrules.adapters.platforms.adapter import (
    Account,
    Accounts,
    Gathering,
    Reading,
    delivery_id,
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


@attrs.frozen
class XPosts:
    """Searches, mentions, timelines and look-ups, and activity messages.

    ``accounts`` must name ours, by their numeric ids. Ask for the fields ``created_at, author_id,
    conversation_id, in_reply_to_user_id, referenced_tweets, public_metrics, lang, note_tweet``.
    """

    accounts: Accounts
    threads: Threads = attrs.field(factory=Threads)

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Our posts with their counts, the comments under them and our replies."""
        found = Gathering()
        if not isinstance(payload, Mapping):
            found.ignore("not an answer")
        data = value_at(payload, "data")
        activity = word_at(data, "event_type")
        for _ in list_at(payload, "errors"):
            found.ignore("missing item")
        if activity is not None:
            self._activity(found, activity, value_at(data, "payload"), received_at)
            return found.reading()
        for group in ("tweets", "posts"):
            for seen in list_at(payload, "includes", group):
                self._remember_root(seen)
        items = data if isinstance(data, list) else [data] if isinstance(data, Mapping) else []
        # the newest come first; a thread is understood from its start
        for item in reversed(items):
            self._remember_root(item)
        for item in reversed(items):
            self._item(found, item, received_at)
        return found.reading()

    def _activity(
        self, found: Gathering, activity: str, payload: object, received_at: datetime
    ) -> None:
        if activity.endswith(".delete"):
            self._deleted(found, text_at(payload, "id"), received_at)
        elif text_at(payload, "text") is not None:
            self._remember_root(payload)
            self._item(found, payload, received_at)
        else:
            found.ignore(f"activity {activity}")

    def _remember_root(self, item: object) -> None:
        account = self.accounts.get(text_at(item, "author_id") or "")
        name = _first_id(item)
        if account is not None and name is not None and _is_root(item, name):
            self.threads.remember(name, Message("post", account.page, name, account.brand))

    def _item(self, found: Gathering, item: object, received_at: datetime) -> None:
        name = _first_id(item)
        account = self.accounts.get(text_at(item, "author_id") or "")
        if name is None:
            found.ignore("post without id")
        elif _referenced(item, "retweeted") or _referenced(item, "reposted"):
            found.ignore("repost")
        elif _is_root(item, name):
            if account is None:
                found.ignore("not in our threads")
            else:
                self._post(found, account, name, item, received_at)
        else:
            self._reply(found, account, name, item, received_at)

    def _post(
        self, found: Gathering, account: Account, name: str, item: object, received_at: datetime
    ) -> None:
        page, brand = account.page, account.brand
        at = instant_at(item, "created_at") or received_at
        text = _text(item)
        found.add(
            PostPublished(
                at=at,
                brand=brand,
                id=delivery_id("x", "post", name),
                page=page,
                post=name,
                text=text,
                language=text_at(item, "lang"),
            )
        )
        latest = text_at(item, "id")
        if latest != name:
            edit = delivery_id("x", "edit", latest)
            found.add(PostEdited(at=at, brand=brand, id=edit, page=page, post=name, text=text))
        metrics = value_at(item, "public_metrics")
        if metrics is not None:
            reposts = count_at(metrics, "retweet_count")
            found.add(
                PostCounted(
                    at=received_at,
                    brand=brand,
                    page=page,
                    post=name,
                    comments=count_at(metrics, "reply_count"),
                    reactions=count_at(metrics, "like_count"),
                    shares=count_at(metrics, "repost_count") if reposts is None else reposts,
                )
            )

    def _reply(
        self,
        found: Gathering,
        account: Account | None,
        name: str,
        item: object,
        received_at: datetime,
    ) -> None:
        parent = _referenced(item, "replied_to")
        root = text_at(item, "conversation_id")
        known = self.threads.find(root) or self.threads.find(parent)
        asked = self.accounts.get(text_at(item, "in_reply_to_user_id") or "")
        if known is None and asked is not None and parent is not None and parent == root:
            known = Message("post", asked.page, parent, asked.brand)
        if known is None:
            found.ignore("not in our threads")
            return
        own = account is not None and account.page == known.page
        role: Role = "reply" if own else "comment"
        self.threads.remember(name, attrs.evolve(known, role=role))
        found.add(
            thread_event(
                Account(known.page, known.brand),
                own=own,
                at=instant_at(item, "created_at") or received_at,
                delivery=delivery_id("x", "post", name),
                post=known.post,
                message=name,
                parent=parent,
                author=text_at(item, "author_id"),
                text=_text(item),
            )
        )

    def _deleted(self, found: Gathering, name: str | None, received_at: datetime) -> None:
        known = self.threads.find(name)
        if name is None or known is None or known.role == "reply":
            found.ignore(
                "deletion of what was not seen" if known is None else "deletion of a reply"
            )
            return
        brand, page, post = known.brand, known.page, known.post
        event_id = delivery_id("x", "delete", name)
        if known.role == "post":
            found.add(PostRemoved(at=received_at, brand=brand, id=event_id, page=page, post=post))
        else:
            found.add(
                CommentRemoved(
                    at=received_at,
                    brand=brand,
                    id=event_id,
                    page=page,
                    post=post,
                    comment=name,
                    # nobody deletes what others wrote
                    removed_by="author",
                )
            )


def _first_id(item: object) -> str | None:
    for names in ("edit_history_tweet_ids", "edit_history_post_ids"):
        for name in list_at(item, names):
            return text_at({"id": name}, "id")
    return text_at(item, "id")


def _is_root(item: object, name: str) -> bool:
    conversation = text_at(item, "conversation_id")
    if conversation is None:
        return _referenced(item, "replied_to") is None
    return conversation in (name, text_at(item, "id"))


def _referenced(item: object, kind: str) -> str | None:
    for names in ("referenced_tweets", "referenced_posts"):
        for one in list_at(item, names):
            if word_at(one, "type") == kind:
                return text_at(one, "id")
    return None


def _text(item: object) -> str | None:
    text = (
        text_at(item, "note_tweet", "text")
        or text_at(item, "note_post", "text")
        or text_at(item, "text")
    )
    return None if text is None else html.unescape(text)
