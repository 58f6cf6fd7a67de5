"""YouTube: answers of ``commentThreads.list`` and ``comments.list`` of the Data API.

A poll sees the same comments each time; their ids make them known. Deletions show as absence only, and
``replies`` is part of the replies, so neither is taken for a removal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import attrs

from crisisrules.adapters.html_text import plain
from crisisrules.adapters.platforms.adapter import (
    Accounts,
    Gathering,
    Reading,
    account_of,
    delivery_id,
    thread_event,
)
from crisisrules.adapters.platforms.payload import instant_at, list_at, text_at, value_at, word_at
from crisisrules.adapters.platforms.threads import Message, Role, Threads

_PUBLIC: Final = (None, "published")


@attrs.frozen
class YouTubeComments:
    """Answers that list comment threads, or the replies of one."""

    accounts: Accounts
    threads: Threads = attrs.field(factory=Threads)

    def read(self, payload: object, received_at: datetime) -> Reading:
        """Comments, and the channel's own replies; see :class:`StreamAdapter`."""
        found = Gathering()
        if not isinstance(payload, Mapping):
            found.ignore("not an answer")
        elif "error" in payload:
            found.ignore("error answer")
        for item in list_at(payload, "items"):
            if value_at(item, "snippet", "topLevelComment") is None:
                self._comment(found, item, item, received_at)
                continue
            self._comment(found, value_at(item, "snippet", "topLevelComment"), item, received_at)
            for reply in list_at(item, "replies", "comments"):
                self._comment(found, reply, item, received_at)
        return found.reading()

    def _comment(
        self, found: Gathering, comment: object, within: object, received_at: datetime
    ) -> None:
        name = text_at(comment, "id")
        snippet = value_at(comment, "snippet")
        parent = text_at(snippet, "parentId")
        if name is None:
            found.ignore("comment without id")
            return
        known = self.threads.find(parent)
        video = text_at(within, "snippet", "videoId") or (known.post if known else None)
        channel = text_at(within, "snippet", "channelId")
        account = account_of(self.accounts, channel)
        if account is None or video is None:
            found.ignore("unknown account" if account is None else "comment without video")
            return
        if word_at(snippet, "moderationStatus") not in _PUBLIC:
            found.ignore("comment not public")
            return
        author = text_at(snippet, "authorChannelId", "value")
        text = text_at(snippet, "textOriginal") or text_at(snippet, "textDisplay")
        if text is not None and value_at(snippet, "textOriginal") is None:
            text = plain(text) or None
        own = author is not None and author == channel
        role: Role = "reply" if own else "comment"
        self.threads.remember(name, Message(role, account.page, video, account.brand))
        found.add(
            thread_event(
                account,
                own=own,
                at=instant_at(snippet, "publishedAt") or received_at,
                delivery=delivery_id("youtube", "comment", name),
                post=video,
                message=name,
                parent=parent,
                author=author,
                text=text,
            )
        )
