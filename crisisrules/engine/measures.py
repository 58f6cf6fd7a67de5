"""How fast and how well an incident was told: the figures that end a replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from crisisrules.engine.scene import Book, Values
from crisisrules.engine.state import BrandState, IncidentState, PageState, View
from crisisrules.model.reports import Measure
from crisisrules.playbook.conditions import ParameterRef, Test, leaves
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import State, clocks_of, conditions_of

_TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "first-word": {"en": "first word", "fr": "premier mot"},
    "first-status": {"en": "post of its own", "fr": "publication dédiée"},
    "longest-silence": {"en": "longest silence", "fr": "plus long silence"},
    "largest-thread": {"en": "largest thread", "fr": "plus gros fil"},
    "news": {"en": "messages with news", "fr": "messages avec du neuf"},
}

_TIMED_BY: Final = {
    "first-word": "first-mention-overdue",
    "first-status": "dedicated-status-missing",
}
_HELD_TO: Final = {
    "longest-silence": ("silence-while-thread-grows", "page.silence"),
    "largest-thread": ("oversized-thread", "post.incident_comments"),
}
"""Which rule of the playbook says what a figure should have been."""


def measures_of(state: BrandState, book: Book, now: int) -> Iterator[Measure]:
    """The figures of each incident on each page that it concerns and that lived it."""
    for incident in state.incidents.values():
        if incident.dismissed_at is not None or not incident.own:
            continue
        for page in state.pages.values():
            view = page.views.get(incident.incident)
            if view is not None and incident.concerns(page.page):
                yield from _page(state.brand, incident, page, view, book, now)


def _page(
    brand: str, incident: IncidentState, page: PageState, view: View, book: Book, now: int
) -> Iterator[Measure]:
    values = book.values(incident, page)
    begun = incident.aware_at if incident.started_at is None else incident.started_at

    def measure(name: str, unit: str, value: int | None, of: int | None = None) -> Measure:
        return Measure(
            name=name,
            title=_TITLES[name],
            unit=unit,
            value=value,
            of=of,
            limit=_limit(name, book.playbook, values),
            brand=brand,
            page=page.page,
            incident=incident.incident,
        )

    for name, instant in (
        ("first-word", view.first_mention_at),
        ("first-status", view.first_status_at),
    ):
        yield measure(name, "duration", None if instant is None else max(0, instant - begun))
    silence = view.longest_silence
    if incident.is_open:
        last = page.last_published_at or incident.aware_at
        silence = max(silence, now - max(last, incident.aware_at))
    yield measure("longest-silence", "duration", silence)
    tallies = [
        thread.tallies[incident.incident]
        for thread in page.threads.values()
        if thread.tallies and incident.incident in thread.tallies
    ]
    largest = max((tally.about for tally in tallies), default=0)
    # totals alone do not say how many were about it
    unknown = largest == 0 and any(tally.unsorted for tally in tallies)
    yield measure("largest-thread", "count", None if unknown else largest)
    news = view.messages - view.messages_without_news
    yield measure("news", "count", news, view.messages)


def _limit(name: str, playbook: Playbook, values: Values) -> int | None:
    timed = playbook.rule(_TIMED_BY.get(name, ""))
    if timed is not None:
        clocks = clocks_of(timed)
        return values.span(clocks[0].ladder[-1].after) if clocks else None
    rule_id, fact = _HELD_TO.get(name, ("", ""))
    rule = playbook.rule(rule_id)
    if rule is None or not isinstance(rule.form, State):
        return None
    for condition in conditions_of(rule).values():
        for test in leaves(condition):
            if test.fact == fact and test.operator in ("at_least", "more_than"):
                return _threshold(test, values)
    return None


def _threshold(test: Test, values: Values) -> int | None:
    value = test.value
    if isinstance(value, ParameterRef):
        return int(float(values.value(value.name)) * value.factor)
    return int(value) if isinstance(value, int | float) else None
