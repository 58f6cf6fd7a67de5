"""How one rule moves with one subject: pending, open, overdue, resolved, cancelled.

Each form is one function from where a track stands and what holds now to where it stands next. Time is
``asked.now``: an instant at which a deadline lies has passed only once time moved beyond it.
"""

from __future__ import annotations

from typing import Final

from crisisrules.engine.asking import Asked, pass_deadlines, reminders_of, rungs_of
from crisisrules.engine.plan import PlannedRule
from crisisrules.engine.state import Track
from crisisrules.engine.subjects import LIVE
from crisisrules.engine.values import Truth
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.rule import Absence, Precedence, Recurrence, Response, State

MADE_BY_MESSAGES: Final = frozenset(
    {
        "page.promised_news_at",
        "page.next_update_at",
        "page.last_status_at",
        "post.next_update_at",
        "post.promised_redress_at",
        "incident.redress_promised_at",
    }
)
"""Clocks that a message itself starts: that message is not the answer to its own promise."""


def step(asked: Asked, planned: PlannedRule, track: Track | None) -> Track | None:
    """Move one rule's track; None when there is nothing to remember."""
    if not in_force(asked, planned):
        if track is None:
            return None
        if track.phase in (*LIVE, "pending"):
            close(asked, planned, track, "cancelled")
        return Track(rule=track.rule, episode=track.episode) if track.episode else None
    match planned.rule.form:
        case State() | Absence():
            return _state(asked, planned, track)
        case Response():
            return _response(asked, planned, track)
        case Recurrence():
            return _recurrence(asked, planned, track)
        case Precedence():
            return _precedence(asked, planned, track)


def in_force(asked: Asked, planned: PlannedRule) -> bool:
    """Whether a rule speaks about this subject at this instant at all."""
    rule, incident = planned.rule, asked.scene.incident
    if planned.disabled_until and not asked.wake_at(planned.disabled_until):
        return False
    if incident is not None and not incident.own and rule.whose == "own":
        return False
    if rule.scope.always:
        return True
    if incident is None or incident.dismissed_at is not None:
        return False
    after = False
    if rule.scope.after_until is not None and incident.resolved_at is not None:
        after = not asked.wake_at(incident.resolved_at + asked.scene.span(rule.scope.after_until))
    if not after and not (rule.scope.during and incident.is_open):
        return False
    thread = asked.scene.thread
    if asked.key.kind == "post" and isinstance(rule.form, Absence) and thread is not None:
        return incident.incident in thread.during or (
            after
            and incident.resolved_at is not None
            and thread.published_at >= incident.resolved_at
        )
    return True


def _speaks(asked: Asked, planned: PlannedRule) -> Truth:
    """Whether the rule's condition holds; an unknown one speaks where the rule says ``report``."""
    truth = asked.truth(planned.main)
    return True if truth is None and planned.speaks_unknown else truth


def _state(asked: Asked, planned: PlannedRule, track: Track | None) -> Track | None:
    form, speaks = planned.rule.form, _speaks(asked, planned)
    if track is None:
        if speaks is not True:
            return None
        track = Track(rule=planned.rule.id)
    settled = planned.settled is not None and asked.truth(planned.settled) is True
    if track.phase == "done":
        if speaks is False:
            track.phase = "idle"
        return track
    if track.phase == "idle":
        if speaks is not True:
            return track
        if settled:
            track.phase = "done"
            return track
        track.phase, track.since = "pending", asked.at
        wait = asked.scene.span(form.for_) if isinstance(form, State) and form.for_ else 0
        if wait and not asked.wake_at(asked.at + wait):
            asked.tell(asked, "pending", planned, track)
            return track
        open_(asked, planned, track)
    elif track.phase == "pending":
        ignored = speaks is None and planned.rule.if_unknown == "ignore"
        if speaks is False or ignored:
            close(asked, planned, track, "cancelled")
            return track
        wait = asked.scene.span(form.for_) if isinstance(form, State) and form.for_ else 0
        if not asked.wake_at((track.since or 0) + wait):
            return track
        open_(asked, planned, track)
    if track.phase in LIVE:
        if settled:
            close(asked, planned, track, "resolved", phase="done")
            return track
        if speaks is False and _kept(asked, planned, track):
            close(asked, planned, track, "resolved")
            return track
        if speaks is True:
            track.failing_since = None
            track.unknown = asked.truth(planned.main) is None
        _escalate(asked, planned, track)
        pass_deadlines(asked, planned, track, _publication(asked, planned))
    return track


def _kept(asked: Asked, planned: PlannedRule, track: Track) -> bool:
    """Whether a state failed for as long as it is kept."""
    form = planned.rule.form
    if not isinstance(form, State) or form.keep_for is None:
        return True
    if track.failing_since is None:
        track.failing_since = asked.at
    return asked.wake_at(track.failing_since + asked.scene.span(form.keep_for))


def _publication(asked: Asked, planned: PlannedRule) -> tuple[tuple[int, str], ...]:
    """What is planned must be held before it goes out."""
    item = asked.scene.item
    if asked.key.kind != "item" or item is None or item.publish_at is None:
        return ()
    return ((item.publish_at, planned.rule.severity),)


def _response(asked: Asked, planned: PlannedRule, track: Track | None) -> Track | None:
    speaks = _speaks(asked, planned)
    live = track is not None and track.phase in LIVE
    if not live and speaks is not True:
        return track
    rungs, governing = rungs_of(asked, planned, None)
    if not live and (speaks is not True or governing is None):
        return track
    if track is None:
        track = Track(rule=planned.rule.id)
    if not live and governing is not None:
        number, origin = governing
        fact = planned.clocks[number][1].of
        strict = fact in MADE_BY_MESSAGES
        if track.phase == "done":
            settled = track.settled_at or 0
            if (
                governing == track.governing
                or origin < settled
                or (origin == settled and not strict)
            ):
                return track
        answer = asked.answered(asked, planned, origin, strict)
        track.governing = governing
        if answer is not None:
            track.phase, track.settled_at = "done", answer
            return track
        track.rungs = rungs
        open_(asked, planned, track)
    elif speaks is False or (speaks is True and governing is None):
        close(asked, planned, track, "cancelled")
        return track
    elif speaks is True:
        track.governing = governing
    _escalate(asked, planned, track)
    pass_deadlines(asked, planned, track, rungs or track.rungs)
    return track


def _recurrence(asked: Asked, planned: PlannedRule, track: Track | None) -> Track | None:
    speaks = _speaks(asked, planned)
    live = track is not None and track.phase in LIVE
    if track is None:
        track = Track(rule=planned.rule.id)
    column, clock = planned.clocks[0]
    start = None if column is None else asked.row[column]
    if not live and track.anchor is None:
        strict = clock.of in MADE_BY_MESSAGES
        track.anchor = asked.answered(
            asked, planned, start if isinstance(start, int) else 0, strict
        )
    rungs, governing = rungs_of(asked, planned, track)
    if not live:
        if speaks is not True or governing is None:
            return track if track.episode or track.anchor is not None else None
        track.rungs, track.governing = rungs, governing
        open_(asked, planned, track)
    elif speaks is False or (speaks is True and governing is None):
        close(asked, planned, track, "cancelled")
        return track
    _escalate(asked, planned, track)
    pass_deadlines(asked, planned, track, rungs or track.rungs)
    return track


def _precedence(asked: Asked, planned: PlannedRule, track: Track | None) -> Track | None:
    before = _speaks(asked, planned)
    held = asked.truth(planned.require if planned.require is not None else planned.main)
    if planned.settled is not None and asked.truth(planned.settled) is True:
        held = True
    if track is None:
        if before is not True or held is None:
            return None
        track = Track(rule=planned.rule.id)
    if track.phase == "idle" and before is True:
        if held is True:
            track.phase = "done"
        elif held is False:
            open_(asked, planned, track)
    if track.phase in LIVE:
        if held is True:
            close(asked, planned, track, "resolved", phase="done")
            return track
        _escalate(asked, planned, track)
        pass_deadlines(asked, planned, track, _publication(asked, planned))
    return track


def matched(asked: Asked, planned: PlannedRule, track: Track | None, by: str) -> Track | None:
    """What an ``expect`` was waiting for just came."""
    recurring = isinstance(planned.rule.form, Recurrence)
    if track is None:
        return Track(rule=planned.rule.id, anchor=asked.at) if recurring else None
    track.settled_by = by
    if track.phase in LIVE:
        close(asked, planned, track, "resolved", phase="idle" if recurring else "done")
    if recurring:
        track.anchor = asked.at
    return track


def open_(asked: Asked, planned: PlannedRule, track: Track) -> None:
    """Open a new episode."""
    track.phase = "open"
    track.episode += 1
    track.opened_at = asked.at
    track.severity = planned.first_severity
    track.unknown = asked.truth(planned.main) is None
    track.due_at = track.rungs[0][0] if track.rungs else None
    publication = _publication(asked, planned)
    if publication:
        track.rungs, track.due_at = publication, publication[0][0]
    track.passed, track.overdue_at, track.failing_since = 0, None, None
    track.settled_by = None
    track.reminders = reminders_of(planned, track)
    track.reminded = sum(1 for at in track.reminders if at < asked.at)
    _raise(asked, planned, track)
    asked.tell(asked, "opened", planned, track)


def close(
    asked: Asked, planned: PlannedRule, track: Track, kind: str, *, phase: str = "idle"
) -> None:
    """End the episode, as resolved or cancelled."""
    was_pending = track.phase == "pending"
    track.phase = phase
    track.settled_at = asked.at
    track.replaced_by = None
    if was_pending:
        track.episode += 1
        asked.tell(asked, kind, planned, track)
        track.episode -= 1
    else:
        asked.tell(asked, kind, planned, track)
    track.shown, track.rungs, track.reminders = None, (), ()
    track.since = track.failing_since = None


def _escalate(asked: Asked, planned: PlannedRule, track: Track) -> None:
    """Tell when the severity of an open recommendation rises; it never falls within an episode."""
    if _raise(asked, planned, track):
        asked.tell(asked, "escalated", planned, track)


def _raise(asked: Asked, planned: PlannedRule, track: Track) -> bool:
    before = track.severity
    for escalation, condition in zip(planned.rule.escalate, planned.escalate, strict=True):
        if RULE_SEVERITIES.index(escalation.severity) <= RULE_SEVERITIES.index(track.severity):
            continue
        if condition is not None and asked.truth(condition) is not True:
            continue
        if escalation.after is not None and not asked.wake_at(
            track.opened_at + asked.scene.span(escalation.after)
        ):
            continue
        track.severity = escalation.severity
    return track.severity != before
