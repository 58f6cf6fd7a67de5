"""What earlier payloads said, as far as later ones need it, bounded and a plain value when written out."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Literal, TypeAlias

import attrs

MOST_REMEMBERED: Final = 100_000

Role: TypeAlias = Literal["post", "comment", "reply"]


@attrs.frozen
class Message:
    """A message that was seen: what it was, and under which post of which page."""

    role: Role
    page: str
    post: str
    brand: str | None = None


@attrs.define
class Threads:
    """The messages that were seen last, by the platform's id.

    Deletions name a bare id on some platforms, and a reply names only the message before it: what they
    belong to is known from here, or not at all.
    """

    most: int = MOST_REMEMBERED
    messages: OrderedDict[str, Message] = attrs.field(factory=OrderedDict)

    def remember(self, name: str, message: Message) -> None:
        """Keep a message; the one that was used longest ago is forgotten."""
        self.messages[name] = message
        self.messages.move_to_end(name)
        if len(self.messages) > self.most:
            self.messages.popitem(last=False)

    def find(self, name: str | None) -> Message | None:
        """The message with an id, if it is still known."""
        if name is None or name not in self.messages:
            return None
        self.messages.move_to_end(name)
        return self.messages[name]
