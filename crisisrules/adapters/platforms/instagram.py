"""Instagram: comment webhooks, in the three envelopes in which they come.

Meta sends no time, no verb, no edits and no deletions of comments, and mentions without their text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.platforms.adapter import (
    Account,
    Accounts,
    Gathering,
    Reading,
    account_of,
    delivery_id,
    thread_event,
)
from crisisrules.adapters.platforms.payload import instant_at, list_at, text_at, value_at, word_at

_FIELDS: Final = frozenset({"comments", "live_comments"})


@attrs.frozen
class InstagramComments:
    """Deliveries of the comment webhooks, of apps with either login."""

    accounts: Accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Comments, and the account's own replies; see :class:`StreamAdapter`."""
        found = Gathering()
        for entry in list_at(payload, "entry"):
            owner = text_at(entry, "id")
            account = account_of(self.accounts, owner)
            if account is None:
                found.ignore("unknown account")
                continue
            at = instant_at(entry, "time") or received_at
            for _ in list_at(entry, "messaging"):
                found.ignore("private message")
            changes = list_at(entry, "changes")
            if value_at(entry, "field") is not None:
                changes.append(entry)
            for change in changes:
                if text_at(change, "field") in _FIELDS:
                    _comment(found, account, owner, value_at(change, "value"), at)
                else:
                    found.ignore(f"field {word_at(change, 'field') or 'unnamed'}")
        if not list_at(payload, "entry"):
            found.ignore("not an Instagram webhook")
        return found.reading()


def _comment(
    found: Gathering, account: Account, owner: str | None, value: object, at: datetime
) -> None:
    comment = text_at(value, "comment_id") or text_at(value, "id")
    post = text_at(value, "media", "id")
    if comment is None or post is None:
        found.ignore("comment without id")
        return
    author = text_at(value, "from", "id")
    found.add(
        thread_event(
            account,
            own=author is not None and author == owner,
            at=at,
            delivery=delivery_id("instagram", "comment", comment),
            post=post,
            message=comment,
            parent=text_at(value, "parent_id"),
            author=author,
            text=text_at(value, "text"),
        )
    )
