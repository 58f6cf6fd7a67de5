"""People are told: what waits in the outbox goes to its routes, at least once each, grouped by the minute.

A notice is settled only when its destination took it; one that fails is tried again after ever longer
waits, and given up after :data:`MOST_ATTEMPTS` tries, when it is listed as dead. What a person snoozed
waits, and what nobody acknowledged goes on to the deputy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

import attrs

from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.live.duty import Duties
from crisisrules.live.routes import CLOSING, STALE, Route
from crisisrules.live.store import Journal, Mark, Outgoing
from crisisrules.live.waiting import seconds_until
from crisisrules.model.durations import MINUTE, SECOND, to_micros
from crisisrules.model.vocabulary import RULE_SEVERITIES

MOST_ATTEMPTS: Final = 12
"""Tries before a notice is given up; with the waits below, about two hours."""

_MOST_WAITING: Final = 20_000
"""Notices of a route that are looked at in one go; those that must wait stay among them."""

LONGEST_TEXT: Final = 1_500
"""Characters of one message; chat tools cut longer ones themselves, at places of their choice."""

LONGEST_WAIT: Final = 900.0
"""Seconds between two tries of a notice."""

_MEANING: Final = re.compile(r"@(?=\w)|<(?=\S)|\](?=[(\[:])|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
"""What chat tools take for a mention, markup, a link's text, or an address."""

_HEADS: Final = {
    "en": {
        "opened": "do", "reminded": "soon", "overdue": "LATE", "escalated": "WORSE",
        "moved": "moved", "resolved": "done", "returned": "again", "cancelled": "no longer",
        "replaced": "replaced",
    },
    "fr": {
        "opened": "à faire", "reminded": "bientôt", "overdue": "EN RETARD", "escalated": "AGGRAVÉ",
        "moved": "déplacé", "resolved": "fait", "returned": "à nouveau", "cancelled": "plus demandé",
        "replaced": "remplacé",
    },
}  # fmt: skip


class Sender(Protocol):
    """Delivers one message to one address; False or an exception is a failure."""

    def __call__(
        self, route: Route, title: str, body: str, notices: Sequence[Mapping[str, object]]
    ) -> bool:
        """Deliver."""
        ...


@attrs.define(kw_only=True)
class Notifier:
    """Tells routes what waits in the outbox."""

    journal: Journal
    routes: tuple[Route, ...]
    send: Sender
    on_failure: Callable[[int], None] = lambda _: None
    duties: Duties = MappingProxyType({})

    def deliver(self, now: datetime) -> int:
        """Tell what is to be told by now; how many notices were taken by their destinations."""
        at = to_micros(now)
        marks = self.journal.marks()
        told = 0
        for route in self.routes:
            waiting = [
                (notice, json.loads(notice.change))
                for notice in self.journal.waiting(route.name, at, _MOST_WAITING)
            ]
            closed = {
                str(change.get("id")): notice.at
                for notice, change in waiting
                if change.get("change") in CLOSING
            }
            newest = {str(change.get("id")): notice.at for notice, change in waiting}
            ready: list[tuple[Outgoing, Mapping[str, object]]] = []
            for notice, change in waiting:
                verdict = self._ready(route, notice, change, marks, now)
                if verdict is not None and _is_past(route, notice, change, marks, newest, at):
                    verdict = None
                if route.escalate_after and notice.at <= closed.get(str(change.get("id")), -1):
                    # it is settled: nothing is left for the deputy
                    verdict = None
                if verdict is None:
                    self.journal.settle(route.name, [notice.key], "passed")
                elif verdict:
                    ready.append((notice, change))
            told += self._tell(route, ready, at)
        return told

    def _ready(
        self,
        route: Route,
        notice: Outgoing,
        change: Mapping[str, object],
        marks: Mapping[str, Mark],
        now: datetime,
    ) -> bool | None:
        """Whether a notice goes out now (True), later (False) or never (None)."""
        if not route.wants(change) or self._is_for_others(route, change, to_micros(now)):
            return None
        at = to_micros(now)
        mark = marks.get(str(change.get("id")))
        critical = change.get("severity") == "critical"
        if mark is not None and change.get("change") != "resolved":
            if mark.kind == "done" and mark.at >= notice.at:
                return None
            if mark.kind == "snoozed" and (mark.until is None or at < mark.until):
                return False
        if route.escalate_after is not None:
            if change.get("change") != "overdue":
                return None
            if mark is not None and mark.kind in ("acknowledged", "done"):
                return None
            if at < notice.at + route.escalate_after:
                return False
        return critical or route.quiet is None or not route.quiet.covers(now)

    def _is_for_others(self, route: Route, change: Mapping[str, object], at: int) -> bool:
        """Whether somebody else is on duty, whom another route reaches; nobody at all is no reason."""
        if not route.is_of_shifts:
            return False
        shifts = self.duties.get(str(change.get("brand")), ())
        on = [duty for duty in shifts if duty.covers(change.get("page"), at)]
        if any(route.is_of(duty) for duty in on):
            return False
        return any(
            other.is_of_shifts and other.escalate_after is None and other.wants(change)
            for other in self.routes
            for duty in on
            if other.is_of(duty)
        )

    def _tell(
        self, route: Route, ready: list[tuple[Outgoing, Mapping[str, object]]], at: int
    ) -> int:
        groups: dict[int, list[tuple[Outgoing, Mapping[str, object]]]] = {}
        for notice, change in ready:
            # what was missed in the meantime is one message, too
            minute = max(notice.at, at - STALE) // MINUTE
            groups.setdefault(minute, []).append((notice, change))
        told = 0
        for _, group in sorted(groups.items()):
            keys = [notice.key for notice, _ in group]
            changes = [{**change, "key": notice.key} for notice, change in group]
            title, body = message(changes, route.language)
            try:
                taken = self.send(route, title, body, changes)
            except Exception:  # noqa: BLE001 - whatever a destination's library raises is a failure
                taken = False
            if taken:
                self.journal.settle(route.name, keys, "sent")
                told += len(keys)
                continue
            self.on_failure(len(keys))
            attempts = 1 + max(notice.attempts for notice, _ in group)
            state = "dead" if attempts >= MOST_ATTEMPTS else "waiting"
            self.journal.settle(route.name, keys, state, at + wait(attempts), "not taken")
        return told


def _is_past(
    route: Route,
    notice: Outgoing,
    change: Mapping[str, object],
    marks: Mapping[str, Mark],
    newest: Mapping[str, int],
    at: int,
) -> bool:
    """Whether a notice became true long ago, as while nobody watched, and things stand otherwise now."""
    name = str(change.get("id"))
    if route.is_machine or notice.attempts or at - _due(route, notice, marks.get(name)) <= STALE:
        return False
    return change.get("change") in CLOSING or notice.at < newest[name]


def _due(route: Route, notice: Outgoing, mark: Mark | None) -> int:
    """When a notice was to go out at the earliest: what was made to wait is not stale for it."""
    due = notice.at + (route.escalate_after or 0) + (route.quiet.length if route.quiet else 0)
    if mark is not None and mark.kind == "snoozed" and mark.until is not None:
        return max(due, mark.until)
    return due


def wait(attempts: int) -> int:
    """Microseconds until the next try after so many."""
    return int(seconds_until(attempts, first=5.0, longest=LONGEST_WAIT) * SECOND)


def message(changes: Sequence[Mapping[str, object]], language: str) -> tuple[str, str]:
    """The title and body of one message about changes of one minute."""
    # the gravest first: what a destination cuts off is the end
    order = sorted(changes, key=lambda one: -RULE_SEVERITIES.index(str(one.get("severity"))))
    lines = [_line(change, language) for change in order]
    first = changes[0]
    brand, page = first.get("brand"), first.get("page")
    where = str(page or brand or "")
    title = harmless(f"{where}: {len(lines)}" if len(lines) > 1 else where)
    body = "\n".join(lines)
    if len(body) > LONGEST_TEXT:
        body = body[: LONGEST_TEXT - 1] + "…"
    return title, body


def _line(change: Mapping[str, object], language: str) -> str:
    said = change.get("said")
    texts = said.get(language, {}) if isinstance(said, Mapping) else {}
    kind = str(change.get("change"))
    heads = _HEADS.get(language, _HEADS["en"])
    text = texts.get("title" if kind in CLOSING else "message", change.get("rule", ""))
    head = heads.get(kind, kind)
    return harmless(f"{head} [{change.get('severity')}] {text} ({change.get('rule')})")


def harmless(text: str) -> str:
    """A text that no chat tool takes for a mention, a link or a command of its own."""
    shown = for_terminal(text)
    # a word joiner after the sign keeps the look and ends the meaning
    return _MEANING.sub(lambda found: found.group() + "\u2060", shown)
