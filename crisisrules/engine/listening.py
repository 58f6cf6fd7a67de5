"""What a text of the stream says, as far as the engine needs it: given labels first, then signals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import attrs

from crisisrules.engine.state import IncidentState, PageState, Thread
from crisisrules.model.days import zone_named
from crisisrules.model.durations import from_micros, to_micros
from crisisrules.model.vocabulary import COMMERCIAL_KINDS, SERVICE_KINDS
from crisisrules.signals import CommentReading, Reading, Signals, Topic

LONGEST_TEXT: Final = 20_000
"""Characters of a text that are read; nobody publishes a longer post, and hostile ones stay cheap."""

_KEPT_TEXT: Final = 4_000


@attrs.define(kw_only=True)
class Heard:
    """What one text of the brand says; None where nobody can tell."""

    kind: str | None = None
    words: tuple[str, ...] = ()
    features: frozenset[str] | None = None
    about: dict[str, bool | None] = attrs.field(factory=dict)
    touches: dict[str, bool] = attrs.field(factory=dict)
    language: str | None = None
    next_update_at: int | None = None
    facts: frozenset[str] | None = None


class Listener:
    """Reads texts with the signals that were plugged in, or leaves them unread without any."""

    def __init__(self, signals: Signals | None, zone: str | None = None) -> None:
        self.signals = signals
        self.zone = zone

    def hear(
        self,
        text: str | None,
        incidents: Iterable[IncidentState],
        page: PageState | None,
        at: int,
        *,
        kind: str | None = None,
        incident: str | None = None,
        language: str | None = None,
        reply: bool = False,
        facts: bool = True,
    ) -> Heard:
        """One post, item, draft or reply: its kind, features, and which incidents it speaks about.

        ``facts`` are what later messages are held against for news; what is not out needs none.
        """
        known = list(incidents)
        heard = Heard(kind=kind, language=language)
        topical = [self._read(text, topic_of(each), language, page, at) for each in known]
        # what a text says does not depend on the incident that it is held against
        reading = topical[0] if topical else self._read(text, None, language, page, at)
        if reading is not None:
            heard.features = reading.features
            heard.language = language or reading.language
            heard.words = _words(reading)
            if kind is None and not reply:
                heard.kind = reading.kind
                if text is not None and len(text) > LONGEST_TEXT and heard.kind in SERVICE_KINDS:
                    # what begins as a notice may end as anything, and the end was not read
                    heard.kind = "unknown"
            if reading.next_update_at is not None:
                heard.next_update_at = to_micros(reading.next_update_at)
            if facts and self.signals is not None and text is not None:
                heard.facts = self.signals.facts_of(text[:LONGEST_TEXT], language=heard.language)
        for each, seen in zip(known, topical, strict=True):
            heard.touches[each.incident] = _touches(seen)
            heard.about[each.incident] = _about(
                each, heard.kind, incident, seen, alone=len(known) == 1, reply=reply
            )
        return heard

    def _read(
        self,
        text: str | None,
        topic: Topic | None,
        language: str | None,
        page: PageState | None,
        at: int,
    ) -> Reading | None:
        if text is None or self.signals is None:
            return None
        # "at 9" is said in the zone of the page, which is the playbook's where none is given
        name = (page.timezone if page is not None else None) or self.zone
        zone = zone_named(name) if name else None
        published: datetime = from_micros(at, zone) if zone else from_micros(at)
        return self.signals.read(
            text[:LONGEST_TEXT], language=language, topic=topic, published_at=published, zone=zone
        )

    def hear_comment(self, text: str, incident: IncidentState | None) -> CommentReading | None:
        """One comment of the public: its class, and whether it is about the incident."""
        if self.signals is None:
            return None
        topic = topic_of(incident) if incident is not None else None
        return self.signals.read_comment(text[:LONGEST_TEXT], topic)


def topic_of(incident: IncidentState) -> Topic:
    """What to look for in a text to see that it is about the incident."""
    return Topic(keywords=incident.keywords, kind=incident.kind, place=incident.place)


def _words(reading: Reading) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for span in reading.spans:
        if span.name.startswith("kind:") or span.name in ("keyword", "place"):
            seen.setdefault(" ".join(span.text.split())[:40])
    return tuple(seen)[:8]


def _touches(reading: Reading | None) -> bool:
    return reading is not None and any(span.name in ("keyword", "place") for span in reading.spans)


def _about(
    incident: IncidentState,
    kind: str | None,
    named: str | None,
    reading: Reading | None,
    *,
    alone: bool,
    reply: bool,
) -> bool | None:
    if named is not None:
        return named == incident.incident
    if kind in COMMERCIAL_KINDS:
        return False
    if kind in ("incident_status", "resolution") and alone and incident.is_open:
        return True
    if reading is None:
        return None
    speaks = reading.mentions_incident
    if incident.keywords or incident.place:
        touched = _touches(reading)
        if kind in SERVICE_KINDS or reply:
            return touched or (speaks and alone)
        return touched and speaks
    return speaks and alone


def remember(thread: Thread, heard: Heard, text: str | None) -> None:
    """Note in a thread, item or draft what its text says."""
    thread.text = None if text is None else text[:_KEPT_TEXT]
    thread.language = heard.language
    thread.kind = heard.kind
    thread.kind_words = heard.words
    thread.features = heard.features
    thread.about = heard.about
    thread.words = heard.touches or None
