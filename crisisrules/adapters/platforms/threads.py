"""What earlier payloads said, as far as later ones need it, bounded and a plain value when written out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, cast

import attrs

from crisisrules.model.events import CommentReceived, CommentRemoved, Event

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


@attrs.define
class Repeats:
    """Passes each delivery once, and never a comment that is already gone.

    Webhooks are delivered at least once and in any order, and a poll sees the same comments each time.
    """

    most: int = MOST_REMEMBERED
    seen: OrderedDict[str, None] = attrs.field(factory=OrderedDict)

    def fresh(self, events: Iterable[Event]) -> list[Event]:
        """The events that are new, in their order."""
        return [event for event in events if self._is_new(event)]

    def _is_new(self, event: Event) -> bool:
        if event.id is not None and not self._note(f"delivery\n{event.brand}\n{event.id}"):
            return False
        # by its type: what the fast reader yields is no instance of the class
        if event.type == CommentReceived.type:
            return _gone(cast("CommentReceived", event)) not in self.seen
        if event.type == CommentRemoved.type:
            self._note(_gone(cast("CommentRemoved", event)))
        return True

    def _note(self, key: str) -> bool:
        if key in self.seen:
            self.seen.move_to_end(key)
            return False
        self.seen[key] = None
        if len(self.seen) > self.most:
            self.seen.popitem(last=False)
        return True


def _gone(event: CommentReceived | CommentRemoved) -> str:
    return f"gone\n{event.brand}\n{event.page}\n{event.comment}"
