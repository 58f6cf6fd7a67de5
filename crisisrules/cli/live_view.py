"""The live view of ``watch``: the incident's clock, what to do now, the threads, the last events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.live.loop import Loop
from crisisrules.model.durations import from_micros
from crisisrules.model.events import Event

if TYPE_CHECKING:
    from crisisrules.live.polling import Faring

_STYLES: Final = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
_WORDS: Final = {
    "en": {
        "by": "by", "do": "do", "rules": "rules", "now": "now", "late": "late", "more": "more",
        "nothing": "nothing to do", "known": "known for", "comments": "comments",
        "silent": "has not answered for",
    },
    "fr": {
        "by": "avant", "do": "à faire", "rules": "règles", "now": "maintenant", "late": "retard",
        "more": "de plus", "nothing": "rien à faire", "known": "connu depuis",
        "comments": "commentaires", "silent": "ne répond plus depuis",
    },
}  # fmt: skip
_ACTIONS, _THREADS, _EVENTS = 8, 3, 4
"""How many are shown where there is room."""

_NARROW: Final = 80
"""Columns below which the rules behind an action are left out."""


class LiveView:
    """A screen that is drawn anew every second; text of the public is shown without its controls.

    Args:
        loop: what is shown.
        language: of what is to be done.
        polls: sources that are asked; one that fails is shown first.
        console: where to draw.
    """

    def __init__(
        self,
        loop: Loop,
        language: str,
        polls: Sequence[Faring] = (),
        console: Console | None = None,
    ) -> None:
        self._loop = loop
        self._language = language
        self._words = _WORDS[language]
        self._polls = polls
        self._console = console or Console()
        self._live = Live(console=self._console, auto_refresh=False)
        self._live.start()

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._live.stop()

    def draw(self) -> None:
        """Show how things stand."""
        self._live.update(self._picture(self._loop.clock()), refresh=True)

    def _picture(self, now: datetime) -> Group:
        """All of it where there is room, else each action on one line and fewer of everything."""
        above = [*self._failing(), *self._incidents(now)]
        below = [*self._threads(), *self._last_events()]
        whole = Group(*above, self._agenda(now, _ACTIONS, wrap=True), *below)
        height = self._console.height
        if len(self._console.render_lines(whole)) <= height:
            return whole
        above = above[: max(1, height // 3)]
        # two lines are the head of the agenda, and one may say how many more there are
        left = height - len(above) - 3
        rows = min(len(self._loop.keeper.session.agenda()), max(1, left * 2 // 3))
        below = below[: max(0, left - rows)]
        return Group(*above, self._agenda(now, rows, wrap=False), *below)

    def _failing(self) -> list[Text]:
        return [
            _line(
                f"{poll.source} {self._words['silent']} {_clock(poll.silence().total_seconds())}:"
                f" {poll.why}",
                "bold red",
            )
            for poll in self._polls
            if poll.failing_since is not None
        ]

    def _incidents(self, now: datetime) -> list[Text]:
        session = self._loop.keeper.session
        return [
            _line(
                f"{self._words['known']} "
                f"{_clock((now - from_micros(incident.aware_at)).total_seconds())}"
                f"  {incident.title or incident.incident} ({incident.severity})"
            )
            for brand in session.brands
            for incident in session.brand_session(brand).state.incidents.values()
            if incident.is_open
        ]

    def _agenda(self, now: datetime, most: int, *, wrap: bool) -> Table | Text:
        actions = self._loop.keeper.session.agenda()
        if not actions:
            return _line(self._words["nothing"], "green")
        narrow = self._console.width < _NARROW
        agenda = Table(expand=True, show_edge=False)
        agenda.add_column("", no_wrap=True)
        agenda.add_column(self._words["by"], no_wrap=True)
        agenda.add_column(self._words["do"], ratio=3, no_wrap=not wrap, overflow="ellipsis")
        if not narrow:
            agenda.add_column(self._words["rules"], ratio=1, no_wrap=not wrap, overflow="ellipsis")
        for action in actions[:most]:
            rules = ", ".join(sorted({one.rule for one in action.recommendations}))
            message = action.message.get(self._language, action.action)
            cells = [
                Text(action.severity, style=_STYLES[action.severity]),
                Text(self._left(action.due_at, now), "bold red" if action.overdue else ""),
                Text(for_terminal(message)),
                Text(rules),
            ]
            agenda.add_row(*cells[: 3 if narrow else 4])
        if len(actions) > most:
            agenda.add_row("", "", Text(f"+{len(actions) - most} {self._words['more']}", "dim"))
        return agenda

    def _left(self, due_at: datetime | None, now: datetime) -> str:
        if due_at is None:
            return self._words["now"]
        left = (due_at - now).total_seconds()
        return _clock(left) if left >= 0 else f"{self._words['late']} {_clock(-left)}"

    def _threads(self) -> list[Text]:
        session = self._loop.keeper.session
        threads = [
            (thread.comments, page.page, thread.post)
            for brand in session.brands
            for page in session.brand_session(brand).state.pages.values()
            for thread in page.threads.values()
            if thread.comments
        ]
        return [
            _line(f"{comments:>7,} {self._words['comments']}  {page} / {post}")
            for comments, page, post in sorted(threads, reverse=True)[:_THREADS]
        ]

    def _last_events(self) -> list[Text]:
        return [
            _line(f"{event.at.astimezone():%H:%M:%S}  {event.type}  {_subject(event)}", "dim")
            for event in list(self._loop.last_events)[-_EVENTS:]
        ]


def _subject(event: Event) -> str:
    """What an event is about; whatever the class, its first names are."""
    names = ("page", "post", "item", "incident", "name")
    return " / ".join(str(name) for key in names if (name := getattr(event, key, None)))


def _line(text: str, style: str = "") -> Text:
    """One line that is cut where the screen ends."""
    return Text(for_terminal(text), style, no_wrap=True, overflow="ellipsis")


def _clock(seconds: float) -> str:
    whole = abs(int(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
