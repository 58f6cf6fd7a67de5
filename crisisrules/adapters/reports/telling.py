"""From the events of a stream to what is worth telling a person, in order and without the crowd.

Single comments are not told: they add up until the next thing that is. Words of the public are carried as
they were; whoever prints them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final, cast

import attrs

from crisisrules.adapters.reports.phrases import kind_words, phrase
from crisisrules.adapters.reports.platform_names import platform_name
from crisisrules.adapters.reports.sentences import Said, sentence_of
from crisisrules.adapters.reports.wording import LANGUAGES, counted, number, zone_of
from crisisrules.model.days import moment
from crisisrules.model.events import (
    CommentEvent,
    Event,
    IncidentOpened,
    IncidentUpdated,
    PageDescribed,
    PageObserved,
    PostCounted,
    PostPublished,
)
from crisisrules.model.reports import Telling

_CROWD_FOR: Final = timedelta(minutes=30)
_GREW: Final = 1.5
_SILENT: Final = ("clock", "page.observed", "page.described")


@attrs.define
class _Crowd:
    """Comments on one page since the last thing told."""

    since: datetime
    until: datetime
    page: str
    brand: str | None
    comments: int = 0


@attrs.define
class Teller:
    """Listens to a stream and keeps what is worth telling; the rest it counts."""

    events: int = 0
    pages: dict[str, PageDescribed] = attrs.field(factory=dict)
    incidents: dict[str, IncidentOpened] = attrs.field(factory=dict)
    _severities: dict[str, str] = attrs.field(factory=dict)
    _kept: list[Event | _Crowd] = attrs.field(factory=list)
    _crowds: dict[str, _Crowd] = attrs.field(factory=dict)
    _posts: set[str] = attrs.field(factory=set)
    _told_counts: dict[str, int] = attrs.field(factory=dict)
    _published: dict[tuple[str | None, str, str], datetime] = attrs.field(factory=dict)
    """When a post came out that a later picture showed, by brand, page and post."""

    def hear(self, event: Event) -> None:
        """Note one event; they come in order."""
        self.events += 1
        kind = event.type
        if kind == "comment.received" and cast("CommentEvent", event).class_ != "safety":
            self._crowd(cast("CommentEvent", event))
            return
        if kind == "page.described":
            described = cast("PageDescribed", event)
            self.pages[described.page] = described
        elif kind == "incident.opened":
            opened = cast("IncidentOpened", event)
            self.incidents[opened.incident] = opened
            self._severities[opened.incident] = opened.severity
        elif kind == "incident.updated":
            updated = cast("IncidentUpdated", event)
            if updated.severity is not None:
                self._severities[updated.incident] = updated.severity
        elif kind == "page.observed":
            for seen in self._seen(cast("PageObserved", event)):
                self._keep(seen)
        if kind not in _SILENT:
            self._keep(event)

    @property
    def timezone(self) -> str | None:
        """The zone of the first page that names one."""
        return next((page.timezone for page in self.pages.values() if page.timezone), None)

    def headline(self) -> dict[str, str]:
        """Whom and what it is about, by language."""
        return {language: self._headline(language) for language in LANGUAGES}

    def tellings(self, timezone: str | None) -> tuple[Telling, ...]:
        """What happened, in order; times inside the sentences are those of the zone."""
        self._disperse()
        zone = zone_of(timezone)
        found = []
        for kept in self._kept:
            if isinstance(kept, _Crowd):
                found.append(_crowd_telling(kept))
                continue
            said = {
                language: self._dated(kept, sentence_of(kept, language, zone), language, zone)
                for language in LANGUAGES
            }
            found.append(_telling(kept, said))
        return tuple(found)

    def _dated(self, event: Event, said: Said, language: str, zone: tzinfo | None) -> Said:
        """A post that a picture showed after it came out says when it did."""
        published = None
        if event.type == "post.published":
            posted = cast("PostPublished", event)
            published = self._published.get((posted.brand, posted.page, posted.post))
        if published is None:
            return said
        when = (
            f"{phrase('published', language)} {moment(published, zone, language, beside=event.at)}"
        )
        return said._replace(after=f"{said.after}, {when}" if said.after else when)

    def _headline(self, language: str) -> str:
        pages = [
            (page.title or page.page)
            + f" {phrase('on', language)} {platform_name(page.platform, language)}"
            + (
                f", {number(page.audience, language)} {phrase('fans', language)}"
                if page.audience
                else ""
            )
            for page in self.pages.values()
        ]
        incidents = [
            f"{phrase('about-the', language)} {one.title or kind_words(one.kind, language)}"
            f" ({kind_words(self._severities[one.incident], language)})"
            for one in self.incidents.values()
        ]
        return ("\u00a0; " if language == "fr" else "; ").join([*pages[:3], *incidents[:3]])

    def _keep(self, event: Event) -> None:
        if event.type == "post.counted" and not self._grew(cast("PostCounted", event)):
            return
        if event.type == "post.published":
            self._posts.add(cast("PostPublished", event).post)
        self._disperse()
        self._kept.append(event)

    def _seen(self, picture: PageObserved) -> Iterator[Event]:
        """What is new in a picture of a page: posts, and totals."""
        page, at, brand = picture.page, picture.at, picture.brand
        for post in picture.posts:
            if post.post not in self._posts:
                if post.published_at is not None and post.published_at < at:
                    self._published[brand, page, post.post] = post.published_at
                yield PostPublished(
                    at=at, brand=brand, page=page, post=post.post, text=post.text, kind=post.kind
                )
            yield PostCounted(
                at=at,
                brand=brand,
                page=page,
                post=post.post,
                comments=post.comments,
                incident_comments=post.incident_comments,
            )

    def _crowd(self, event: CommentEvent) -> None:
        crowd = self._crowds.get(event.page)
        if crowd is not None and event.at - crowd.since > _CROWD_FOR:
            self._kept.append(self._crowds.pop(event.page))
            crowd = None
        if crowd is None:
            crowd = self._crowds[event.page] = _Crowd(event.at, event.at, event.page, event.brand)
        crowd.comments += 1
        crowd.until = event.at

    def _disperse(self) -> None:
        crowds = sorted(self._crowds.values(), key=lambda crowd: crowd.until)
        self._kept.extend(crowds)
        self._crowds.clear()

    def _grew(self, event: PostCounted) -> bool:
        """Whether a count is news: the first one, or half as many again as when it was last told."""
        counts = [event.incident_comments or 0, event.comments or 0]
        told = self._told_counts.get(event.post, 0)
        if max(counts) < max(1, told * _GREW):
            return False
        self._told_counts[event.post] = max(counts)
        return True


def _crowd_telling(crowd: _Crowd) -> Telling:
    words = {
        language: counted(
            crowd.comments, phrase("comment", language), phrase("comments", language), language
        )
        + f" {phrase('from-public', language)}"
        for language in LANGUAGES
    }
    return Telling(at=crowd.until, kind="comment", words=words, page=crowd.page, brand=crowd.brand)


def _telling(event: Event, said: dict[str, Said]) -> Telling:
    any_language = said[LANGUAGES[0]]
    return Telling(
        at=event.at,
        kind=event.type.partition(".")[0],
        words={language: one.before for language, one in said.items()},
        quote=any_language.quote,
        tail={language: one.after for language, one in said.items() if one.after},
        brand=event.brand,
        page=getattr(event, "page", None),
    )
