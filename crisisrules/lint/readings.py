"""Reading a text once for the pages that it goes to at the same time."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final, TypeAlias

import attrs

from crisisrules.signals import CommentReading, Reading, Role, Signals, Topic

_KEPT: Final = 64
"""Readings that are kept: the pages of a row come one after the other, and so do the rows of an hour."""

_Asked: TypeAlias = tuple[str, Role, str | None, Topic | None, datetime | None, tzinfo | None]


@attrs.define
class ReadOnce:
    """Signals that remember their last readings; see :class:`crisisrules.signals.Signals`."""

    signals: Signals
    _kept: dict[_Asked, Reading] = attrs.field(factory=dict)

    def read(
        self,
        text: str,
        *,
        role: Role = "brand",
        language: str | None = None,
        topic: Topic | None = None,
        published_at: datetime | None = None,
        zone: tzinfo | None = None,
    ) -> Reading:
        """All signals of one text."""
        asked = (text, role, language, topic, published_at, zone)
        found = self._kept.get(asked)
        if found is None:
            found = self.signals.read(
                text,
                role=role,
                language=language,
                topic=topic,
                published_at=published_at,
                zone=zone,
            )
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[asked] = found
        return found

    def read_comment(self, text: str, topic: Topic | None = None) -> CommentReading:
        """What rules need of a comment, which no calendar has."""
        return self.signals.read_comment(text, topic)

    def facts_of(self, text: str, *, language: str | None = None) -> frozenset[str]:
        """What a message states."""
        return self.signals.facts_of(text, language=language)
