"""Where a question is asked: the brand, the instant, and the nouns that a row of facts is about."""

from __future__ import annotations

import attrs

from crisisrules.engine.business_days import deadline
from crisisrules.engine.state import (
    BrandState,
    CommentState,
    DraftState,
    IncidentState,
    ItemState,
    PageState,
    Thread,
    View,
)
from crisisrules.model.days import moment, zone_named
from crisisrules.model.durations import from_micros
from crisisrules.playbook.conditions import ParameterRef, Scalar
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import BusinessDays


class Values:
    """What the parameters of a playbook are in one context."""

    def __init__(self, playbook: Playbook, context: Context) -> None:
        self._playbook = playbook
        self._context = context
        self._known: dict[str, Scalar] = {}

    def value(self, name: str) -> Scalar:
        """What a parameter is here."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._playbook.value(name, self._context)
        return found

    def span(self, span: int | ParameterRef) -> int:
        """Microseconds of a duration that may be a parameter."""
        if isinstance(span, int):
            return span
        return int(float(self.value(span.name)) * span.factor)


class Book:
    """A playbook with the values of its parameters remembered by context."""

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.governance = playbook.governance
        self._values: dict[tuple[str | None, ...], Values] = {}
        # pages without settings of their own share the values of their platform
        self._pages = {setting.key for setting in playbook.settings if setting.layer == "page"}

    def values(self, incident: IncidentState | None, page: PageState | None) -> Values:
        """What parameters are for an incident on a page."""
        kind = severity = phase = platform = name = None
        if incident is not None:
            kind, severity = incident.kind, incident.severity
            phase = incident.phase or "investigating"
        if page is not None:
            platform, name = page.platform, page.page if page.page in self._pages else None
        key = (kind, severity, phase, platform, name)
        found = self._values.get(key)
        if found is None:
            context = Context(
                kind=kind, severity=severity, phase=phase, platform=platform, page=name
            )
            found = self._values[key] = Values(self.playbook, context)
        return found


@attrs.define(kw_only=True)
class Seen:
    """Something that just happened and that an ``expect`` may be waiting for."""

    type: str
    at: int
    page: str | None = None
    thread: Thread | None = None
    under: str | None = None
    comment: str | None = None
    draft: str | None = None
    about: dict[str, bool | None] = attrs.field(factory=dict)
    incident: str | None = None
    has_news: bool | None = None
    features: frozenset[str] | None = None
    record: str | None = None
    role: str | None = None
    step: str | None = None
    decision: str | None = None
    handed_over: bool = False


@attrs.define(kw_only=True)
class Scene:
    """The nouns of one row; those that a subject does not have are None.

    ``now`` is the last instant that has fully passed: what flips at an instant is read as flipped only
    once time has moved beyond it.
    """

    brand: BrandState
    book: Book
    now: int
    incident: IncidentState | None = None
    page: PageState | None = None
    view: View | None = None
    thread: Thread | None = None
    item: ItemState | None = None
    draft: DraftState | None = None
    comment: CommentState | None = None
    seen: Seen | None = None
    _values: Values | None = None

    @property
    def values(self) -> Values:
        """What parameters are here."""
        if self._values is None:
            self._values = self.book.values(self.incident, self.page)
        return self._values

    def span(self, span: int | ParameterRef) -> int:
        """Microseconds of a duration here."""
        return span if isinstance(span, int) else self.values.span(span)

    def business(self, origin: int, span: int, days: BusinessDays) -> int:
        """When so many business days after an instant end."""
        return deadline(origin, span, days, self.book.playbook.timezone)

    def clock(self, instant: int, language: str = "en") -> str:
        """An instant as the people of the page read it; with its day when it is another one."""
        zone = zone_named(self.zone)
        beside = from_micros(max(self.now, 0), zone)
        return moment(from_micros(instant, zone), zone, language, beside)

    @property
    def zone(self) -> str:
        """The time zone of the page, of the playbook, or UTC."""
        page = self.page.timezone if self.page else None
        if page is None:
            for other in self.brand.pages.values():
                if other.timezone:
                    page = other.timezone
                    break
        return page or self.book.playbook.timezone or "UTC"
