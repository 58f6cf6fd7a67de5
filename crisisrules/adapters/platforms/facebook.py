"""Facebook pages: the ``feed`` field of the Page webhook, and polls of the Graph API for posts.

Written after Meta's reference of the Page webhook and of the Page feed. Meta sends no id with a
delivery, in no order and more than once, so ids are made of what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import (
    COMMENT_EDIT,
    Account,
    Accounts,
    Gathering,
    Reading,
    account_of,
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
from crisisrules.model.events import (
    CommentRemoved,
    PageObserved,
    PostEdited,
    PostPublished,
    PostRemoved,
)
from crisisrules.model.pictures import ObservedComment, ObservedPost

POST_ITEMS: Final = frozenset(
    {"post", "status", "photo", "video", "share", "link", "album", "note"}
)

_VERBS: Final = {"edited": "edit", "delete": "remove"}


@attrs.frozen
class FacebookWebhook:
    """Deliveries of the Page webhook."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Comments, the page's own posts and replies; see :class:`StreamAdapter`."""
        found = Gathering()
        for entry in list_at(payload, "entry"):
            account = account_of(self.accounts, text_at(entry, "id"))
            if account is None:
                found.ignore("unknown account")
                continue
            sent_at = instant_at(entry, "time") or received_at
            for _ in list_at(entry, "messaging"):
                found.ignore("private message")
            for _ in list_at(entry, "changed_fields"):
                found.ignore("change without its value")
            for change in list_at(entry, "changes"):
                if text_at(change, "field") == "feed":
                    value = value_at(change, "value")
                    _Change.of(found, account, text_at(entry, "id"), value, sent_at).read()
                else:
                    found.ignore(f"field {word_at(change, 'field') or 'unnamed'}")
        if not list_at(payload, "entry"):
            found.ignore("not a page webhook")
        return found.reading()


@attrs.frozen
class _Change:
    """One change of a feed."""

    found: Gathering
    account: Account
    value: object
    item: str | None
    verb: str | None
    post: str | None
    by_page: bool
    author: str | None
    at: datetime

    @classmethod
    def of(
        cls,
        found: Gathering,
        account: Account,
        page: str | None,
        value: object,
        sent_at: datetime,
    ) -> _Change:
        verb = word_at(value, "verb")
        author = text_at(value, "from", "id") or text_at(value, "sender_id")
        created_at = instant_at(value, "created_time")
        edited_at = instant_at(value, "edited_time") if verb in ("edit", "edited") else None
        return cls(
            found=found,
            account=account,
            value=value,
            item=word_at(value, "item"),
            verb=_VERBS.get(verb or "", verb),
            post=text_at(value, "post_id"),
            by_page=author is not None and author == page,
            author=author,
            at=edited_at or created_at or sent_at,
        )

    def read(self) -> None:
        """Keep the event, if it is one."""
        if self.item == "comment":
            comment = text_at(self.value, "comment_id")
            if self.post is None or comment is None:
                self.found.ignore("comment without id")
            else:
                self._comment(self.post, comment)
        elif self.item in POST_ITEMS:
            if self.post is None:
                self.found.ignore("post without id")
            else:
                self._post(self.post)
        else:
            self.found.ignore(self.item or "change without item")

    def _id(self, name: str) -> str:
        return delivery_id("facebook", self.item, name, self.author, self.verb, stamp(self.at))

    def _comment(self, post: str, comment: str) -> None:
        page, brand = self.account.page, self.account.brand
        if self.verb == "add":
            self.found.add(
                thread_event(
                    self.account,
                    own=self.by_page,
                    at=self.at,
                    delivery=self._id(comment),
                    post=post,
                    message=comment,
                    parent=text_at(self.value, "parent_id"),
                    author=self.author,
                    text=text_at(self.value, "message"),
                )
            )
        elif self.verb in ("remove", "hide"):
            # only those who run the page can hide; who deleted is not told
            self.found.add(
                CommentRemoved(
                    at=self.at,
                    brand=brand,
                    id=self._id(comment),
                    page=page,
                    post=post,
                    comment=comment,
                    removed_by="brand" if self.verb == "hide" else None,
                )
            )
        elif self.verb == "edit":
            self.found.ignore("reply edit" if self.by_page else COMMENT_EDIT)
        else:
            self.found.ignore(f"comment {self.verb or 'without verb'}")

    def _post(self, post: str) -> None:
        page, brand = self.account.page, self.account.brand
        text = text_at(self.value, "message")
        if self.author is not None and not self.by_page:
            self.found.ignore("post of a visitor")
        elif value_at(self.value, "published") in (0, False):
            self.found.ignore("unpublished post")
        elif self.verb == "add":
            link = text_at(self.value, "link")
            self.found.add(
                PostPublished(
                    at=self.at,
                    brand=brand,
                    id=self._id(post),
                    page=page,
                    post=post,
                    text=text,
                    links=None if link is None else (link,),
                )
            )
        elif self.verb == "edit":
            self.found.add(
                PostEdited(
                    at=self.at, brand=brand, id=self._id(post), page=page, post=post, text=text
                )
            )
        elif self.verb == "remove":
            self.found.add(
                PostRemoved(at=self.at, brand=brand, id=self._id(post), page=page, post=post)
            )
        else:
            self.found.ignore(f"post {self.verb or 'without verb'}")


@attrs.frozen
class FacebookPosts:
    """Answers of ``GET /{page}/posts``, as pictures of the page."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """One ``page.observed`` for each page in the answer; see :class:`StreamAdapter`."""
        found = Gathering()
        if not isinstance(payload, Mapping):
            found.ignore("not an answer")
        elif "error" in payload:
            found.ignore("error answer")
        pages: dict[Account, list[ObservedPost]] = {}
        for entry in list_at(payload, "data"):
            name = text_at(entry, "id")
            # the id of a post starts with the id of its page
            owner = text_at(entry, "from", "id") or (name.partition("_")[0] if name else None)
            account = account_of(self.accounts, owner)
            if name is None or "_" not in name:
                found.ignore("not a post")
            elif account is None:
                found.ignore("unknown account")
            else:
                pages.setdefault(account, []).append(_observed(name, owner, entry))
        for account, posts in pages.items():
            found.add(
                PageObserved(
                    at=received_at, brand=account.brand, page=account.page, posts=tuple(posts)
                )
            )
        return found.reading()


def _observed(name: str, owner: str | None, entry: object) -> ObservedPost:
    thread = tuple(
        ObservedComment(
            comment=comment,
            at=instant_at(one, "created_time"),
            author=text_at(one, "from", "id"),
            text=text_at(one, "message"),
            by_page=owner is not None and text_at(one, "from", "id") == owner,
            parent=text_at(one, "parent", "id"),
        )
        for one in list_at(entry, "comments", "data")
        if (comment := text_at(one, "id")) is not None
    )
    return ObservedPost(
        post=name,
        published_at=instant_at(entry, "created_time"),
        text=text_at(entry, "message"),
        comments=count_at(entry, "comments", "summary", "total_count"),
        reactions=count_at(entry, "reactions", "summary", "total_count"),
        # left out when there are none, but also when it was not asked for
        shares=count_at(entry, "shares", "count"),
        thread=thread or None,
    )
