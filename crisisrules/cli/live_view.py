"""The live view of ``watch``: the incident's clock, what to do now, the threads, the last events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.live.loop import Loop
from crisisrules.model.durations import from_micros

if TYPE_CHECKING:
    from crisisrules.live.polling import Faring

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
_SHOWN = 8


class LiveView:
    """A screen that is drawn anew every second; text of the public is shown without its controls."""

    def __init__(self, loop: Loop, language: str, polls: Sequence[Faring] = ()) -> None:
        self._loop = loop
        self._language = language
        self._polls = polls
        self._live = Live(console=Console(), auto_refresh=False)
        self._live.start()

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._live.stop()

    def draw(self) -> None:
        """Show how things stand."""
        self._live.update(Group(*self._parts(self._loop.clock())), refresh=True)

    def _parts(self, now: datetime) -> list[Text | Table]:
        session = self._loop.keeper.session
        parts: list[Text | Table] = [
            Text(
                f"{poll.source} has not answered for {_clock(poll.silence().total_seconds())}:"
                f" {for_terminal(poll.why)}",
                style="bold red",
            )
            for poll in self._polls
            if poll.failing_since is not None
        ]
        for brand in session.brands:
            for incident in session.brand_session(brand).state.incidents.values():
                if incident.is_open:
                    known = now - from_micros(incident.aware_at)
                    name = for_terminal(incident.title or incident.incident)
                    parts.append(
                        Text(
                            f"{name} ({incident.severity}), known for {_clock(known.total_seconds())}"
                        )
                    )
        agenda = Table(title=None, expand=True, show_edge=False)
        for head in ("", "by", "do", "rules"):
            agenda.add_column(head)
        for action in session.agenda()[:_SHOWN]:
            left = "now" if action.due_at is None else _clock((action.due_at - now).total_seconds())
            agenda.add_row(
                Text(action.severity, style=_STYLES[action.severity]),
                Text(left, style="bold red" if action.overdue else ""),
                Text(for_terminal(action.message.get(self._language, action.action))),
                Text(", ".join(sorted({one.rule for one in action.recommendations}))),
            )
        parts.append(agenda)
        threads = [
            (thread.comments, page.page, thread.post)
            for brand in session.brands
            for page in session.brand_session(brand).state.pages.values()
            for thread in page.threads.values()
            if thread.comments
        ]
        for comments, page_name, post in sorted(threads, reverse=True)[:3]:
            parts.append(
                Text(f"{comments:>7,} comments  {for_terminal(page_name)} / {for_terminal(post)}")
            )
        parts += [
            Text(f"{event.at:%H:%M:%S}  {event.type}", style="dim")
            for event in list(self._loop.last_events)[-4:]
        ]
        return parts


def _clock(seconds: float) -> str:
    sign, whole = ("-" if seconds < 0 else ""), abs(int(seconds))
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
