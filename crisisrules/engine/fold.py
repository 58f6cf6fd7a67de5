"""The fold: one event applied to what is remembered of a brand.

Nothing in the fold asks a rule. Each of its functions notes what happened and returns what an
``expect`` may be waiting for, or None. They are in ``fold_incidents``, ``fold_posts``,
``fold_comments`` and ``fold_governance``; what they share is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from crisisrules.engine.listening import Listener
from crisisrules.engine.state import BrandState, IncidentState, PageState, Ring, View

MOST_THREADS: Final = 150
MOST_ITEMS: Final = 20_000
MOST_DRAFTS: Final = 500
MOST_COMMENTS: Final = 500
MOST_SHIFTS: Final = 2_000
MOST_MAINTENANCES: Final = 500
MOST_RECORDS: Final = 500
"""What a brand may make a session remember; the oldest go first."""


@attrs.define(kw_only=True)
class Fold:
    """What the functions of the fold share: the state, the reader of texts, and the wanted rings."""

    state: BrandState
    listener: Listener
    ring_sizes: Mapping[str, int]
    forgot_questions: bool = False

    def open_incidents(self) -> Iterator[IncidentState]:
        """Incidents that are neither over nor dismissed."""
        return (incident for incident in self.state.incidents.values() if incident.is_open)

    def lasting_incidents(self) -> list[IncidentState]:
        """Incidents that texts may still be about: open, or over."""
        return [i for i in self.state.incidents.values() if i.dismissed_at is None]

    def commented(self, page: str) -> list[IncidentState]:
        """Incidents that a comment on a page may be about: those open, else those that ended."""
        lasting = [i for i in self.lasting_incidents() if i.concerns(page)]
        return [i for i in lasting if i.is_open] or lasting

    def page(self, name: str) -> PageState:
        """The page of that name; a page that nobody described is known by its name alone."""
        found = self.state.pages.get(name)
        if found is None:
            found = self.state.pages[name] = PageState(page=name)
        return found

    def view(self, page: PageState, incident: str) -> View:
        """The incident as the page lived it."""
        found = page.views.get(incident)
        if found is None:
            found = page.views[incident] = View(incident=incident)
        return found

    def ring(self, rings: dict[str, Ring], fact: str) -> Ring | None:
        """The ring behind a countable fact, if some rule counts it over a time."""
        name = fact.partition(".")[2]
        found = rings.get(name)
        if found is None:
            size = self.ring_sizes.get(fact)
            if size is None:
                return None
            found = rings[name] = Ring(size=size)
        return found
