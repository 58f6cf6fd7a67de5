"""What every source has in common: accounts of ours, what a payload gave, messages under a post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol, TypeAlias

import attrs

from crisisrules.model.events import CommentReceived, Event, ReplyPublished


@attrs.frozen
class Account:
    """One account of ours on a platform, and the page (and brand) that it is in events."""

    page: str
    brand: str | None = None


Accounts: TypeAlias = Mapping[str, Account]
"""Our accounts by the platform's id for them."""


COMMENT_EDIT: Final = "comment edit"
"""Why an edit of a comment is passed over, in every source.

No event stands for it: what was said when is what happened, and of most comments only counts are kept, from
which the words of before could not be taken back. A comment counts by what it first said.
"""


@attrs.frozen
class Reading:
    """The events that a payload gave, in the order of their times, and what was passed over, counted."""

    events: tuple[Event, ...] = ()
    ignored: Mapping[str, int] = attrs.field(factory=dict)


class StreamAdapter(Protocol):
    """Reads the payloads of one source."""

    def read(self, payload: object, received_at: datetime) -> Reading:
        """The events of one payload.

        Args:
            payload: decoded JSON, whatever it is; what is no fact for us is ignored and counted.
            received_at: when it came, for what the source gives no time of.
        """
        ...


AdapterFactory: TypeAlias = Callable[[Accounts], StreamAdapter]


@attrs.define
class Gathering:
    """What is being read from a payload."""

    events: list[Event] = attrs.field(factory=list)
    ignored: Counter[str] = attrs.field(factory=Counter)

    def add(self, event: Event) -> None:
        """Keep an event."""
        self.events.append(event)

    def ignore(self, reason: str) -> None:
        """Count something that is no fact for us."""
        self.ignored[reason] += 1

    def reading(self) -> Reading:
        """The events in the order of their times, those of one instant as they were found."""
        events = tuple(sorted(self.events, key=lambda event: event.at))
        return Reading(events, dict(sorted(self.ignored.items())))


def account_of(accounts: Accounts, account: str | None) -> Account | None:
    """The account with an id; where none are declared, any account is a page named by its id."""
    if account is None:
        return None
    return accounts.get(account) if accounts else Account(account)


def thread_event(
    account: Account,
    *,
    own: bool,
    at: datetime,
    delivery: str,
    post: str,
    message: str,
    parent: str | None,
    author: str | None,
    text: str | None,
) -> Event:
    """A message under a post: a reply when it is the page's own, else a comment.

    Args:
        account: whose post it is.
        own: the page wrote it.
        at: when it was written.
        delivery: its id, see :func:`delivery_id`.
        post: the post it stands under.
        message: the platform's id of the message.
        parent: the message that it answers; the post itself is the same as None.
        author: who wrote it, by the platform's id.
        text: what it says, None where the platform does not tell.
    """
    if own:
        return ReplyPublished(
            at=at,
            brand=account.brand,
            id=delivery,
            page=account.page,
            post=post,
            reply=message,
            comment=None if parent == post else parent,
            text=text,
        )
    return CommentReceived(
        at=at,
        brand=account.brand,
        id=delivery,
        page=account.page,
        post=post,
        comment=message,
        author=author,
        text=text,
    )


def delivery_id(*parts: object) -> str:
    """An id that a repeated delivery of the same thing has again."""
    return ":".join("" if part is None else str(part) for part in parts)


def stamp(instant: datetime) -> int:
    """Seconds since 1970, for ids."""
    return int(instant.timestamp())
