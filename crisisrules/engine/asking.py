"""One subject asked at one instant, and the deadlines of what it is told."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from crisisrules.engine.plan import NEVER, PlannedRule, PlannedTable
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import Track
from crisisrules.engine.subjects import Key
from crisisrules.engine.values import Truth, Value
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.rule import Recurrence, Reminder, Response


@attrs.define(kw_only=True)
class Asked:
    """One subject asked at one instant: its row, what holds, and what to do with transitions.

    ``tell(kind, planned, track)`` notes a transition. ``answered(planned, of, strict)`` finds the instant
    of a message already out that an ``expect`` was waiting for since ``of``.
    """

    key: Key
    scene: Scene
    table: PlannedTable
    row: list[Value]
    true: frozenset[int]
    unknown: frozenset[int]
    at: int
    tell: Callable[[Asked, str, PlannedRule, Track], None]
    answered: Callable[[Asked, PlannedRule, int, bool], int | None]
    wake: int = NEVER

    @property
    def now(self) -> int:
        """The last instant that has fully passed."""
        return self.scene.now

    def truth(self, index: int) -> Truth:
        """Whether a condition of the table holds."""
        if index in self.true:
            return True
        return None if index in self.unknown else False

    def may_start(self, planned: PlannedRule) -> bool:
        """Whether a rule of which nothing is remembered may have something to say now."""
        return (
            planned.main in self.true
            or planned.remembers
            or (planned.speaks_unknown and planned.main in self.unknown)
        )

    def wake_at(self, instant: int) -> bool:
        """Whether an instant has passed; if not, the subject is asked again when it has."""
        if instant <= self.now:
            return True
        if instant < self.wake:
            self.wake = instant
        return False


def rungs_of(
    asked: Asked, planned: PlannedRule, track: Track | None
) -> tuple[tuple[tuple[int, str], ...], tuple[int, int] | None]:
    """The deadlines of all clocks, worst severities last, and the clock with the earliest one."""
    found: dict[str, int] = {}
    governing: tuple[int, int] | None = None
    earliest = NEVER
    for number, (column, clock) in enumerate(planned.clocks):
        start = None if column is None else asked.row[column]
        origin = start if isinstance(start, int) else None
        if isinstance(planned.rule.form, Recurrence) and track is not None:
            origin = track.anchor if origin is None else max(origin, track.anchor or origin)
        if origin is None:
            continue
        for rung in clock.ladder:
            span = asked.scene.span(rung.after)
            at = (
                origin + span
                if clock.days is None
                else asked.scene.business(origin, span, clock.days)
            )
            if at < found.get(rung.severity, NEVER):
                found[rung.severity] = at
            if at < earliest:
                earliest, governing = at, (number, origin)
    rungs: list[tuple[int, str]] = []
    rank = -1
    for at, severity in sorted(
        ((at, severity) for severity, at in found.items()),
        key=lambda rung: (rung[0], RULE_SEVERITIES.index(rung[1])),
    ):
        if RULE_SEVERITIES.index(severity) > rank:
            rungs.append((at, severity))
            rank = RULE_SEVERITIES.index(severity)
    return tuple(rungs), governing


def reminders_of(planned: PlannedRule, track: Track) -> tuple[int, ...]:
    form = planned.rule.form
    wanted: tuple[Reminder, ...] = form.remind if isinstance(form, Response | Recurrence) else ()
    if track.due_at is None or track.governing is None:
        return ()
    due = track.due_at
    start = track.governing[1] if track.governing[1] < due else track.opened_at
    instants = [
        due - reminder.before
        if reminder.before is not None
        else start + int((due - start) * (reminder.share or 0))
        for reminder in wanted
    ]
    return tuple(sorted(instant for instant in instants if instant < due))


def pass_deadlines(
    asked: Asked, planned: PlannedRule, track: Track, rungs: tuple[tuple[int, str], ...]
) -> None:
    """Pass reminders and deadlines; notice deadlines that moved."""
    if rungs != track.rungs:
        track.rungs = rungs
        behind = sum(1 for at, _ in rungs if at <= asked.now)
        due = rungs[0][0] if rungs else None
        moved, track.due_at = due != track.due_at, due
        if behind == 0 and track.phase == "overdue":
            track.phase, track.overdue_at, track.severity = "open", None, planned.first_severity
        track.passed = min(track.passed, behind)
        if moved:
            track.reminders = reminders_of(planned, track)
            track.reminded = sum(1 for at in track.reminders if at < asked.at)
            asked.tell(asked, "moved", planned, track)
    for at in track.reminders[track.reminded :]:
        if not asked.wake_at(at):
            break
        track.reminded += 1
        if track.phase == "open":
            asked.tell(asked, "reminded", planned, track)
    for at, severity in track.rungs[track.passed :]:
        if not asked.wake_at(at):
            break
        track.passed += 1
        raised = RULE_SEVERITIES.index(severity) > RULE_SEVERITIES.index(track.severity)
        if raised:
            track.severity = severity
        if track.phase == "open":
            track.phase, track.overdue_at = "overdue", asked.at
            asked.tell(asked, "overdue", planned, track)
        elif raised:
            asked.tell(asked, "escalated", planned, track)
