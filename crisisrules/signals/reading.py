"""What reading a text gives, and the protocol by which readers can be exchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Literal, Protocol

import attrs

from crisisrules.signals.text import Span
from crisisrules.signals.topic import Topic

__all__ = ["CommentReading", "Reading", "Role", "Signals", "reading_to_json"]

Role = Literal["brand", "customer"]


@attrs.frozen(kw_only=True)
class CommentReading:
    """The little that rules ask of each comment of a stream."""

    klass: str
    mentions_incident: bool
    urgent: bool


@attrs.frozen(kw_only=True)
class Reading:
    """The signals of one text.

    ``kind`` is a post kind or ``unknown`` (None for a customer); ``kind_scores`` are shares of one.
    ``features`` has the names of statement and customer features, ``mentions_incident`` among them.
    ``place_match`` is None when no place was declared; ``klass`` is the class of a customer comment.
    ``next_update_at`` and ``eta_at`` are the times promised for news and for the return of service.
    """

    text: str
    language: str | None
    role: Role
    kind: str | None
    kind_scores: Mapping[str, float]
    features: frozenset[str]
    spans: Sequence[Span]
    mentions_incident: bool
    place_match: bool | None
    klass: str | None
    next_update_at: datetime | None = None
    eta_at: datetime | None = None


class Signals(Protocol):
    """Reads texts; plug in another reader by the entry point group ``crisisrules.signals``."""

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
        ...

    def read_comment(self, text: str, topic: Topic | None = None) -> CommentReading:
        """The signals that rules need of a comment, at a fraction of the cost of `read`."""
        ...

    def facts_of(self, text: str, *, language: str | None = None) -> frozenset[str]:
        """What a message states, as short names that a rewording leaves the same; for novelty."""
        ...


def reading_to_json(identifier: str, reading: Reading) -> dict[str, object]:
    """The JSON object of the ``signals`` command for one text."""
    return {
        "id": identifier,
        "language": reading.language,
        "kind": reading.kind,
        "kind_scores": {kind: round(share, 4) for kind, share in reading.kind_scores.items()},
        "features": sorted(reading.features),
        "mentions_incident": reading.mentions_incident,
        "place_match": reading.place_match,
        "class": reading.klass,
        "spans": [
            {"name": span.name, "start": span.start, "end": span.end, "text": span.text}
            for span in reading.spans
        ],
    }
