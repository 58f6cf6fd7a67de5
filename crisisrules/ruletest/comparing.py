"""What if: which recommendations a change of playbook adds, drops or moves over recorded timelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import attrs

from crisisrules.engine.session import Session
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place, PlaybookError, Problem, UsageError, unknown_word
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Recommendation
from crisisrules.playbook.parameters import Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.read_parameters import read_parameters
from crisisrules.playbook.reading import Faults
from crisisrules.playbook.yamltext import parse_yaml
from crisisrules.ruletest.pages import parameters_of
from crisisrules.signals import Signals, load_signals

MOVED_BY: Final = ("severity", "status", "opened_at", "due_at", "overdue_at", "closed_at")
"""Fields of a recommendation whose change is worth telling; the wording is not."""


@attrs.frozen(kw_only=True)
class Timeline:
    """A recorded stream: its name, its events in the order of time, and how far it is told.

    ``until`` None tells it to its last event.
    """

    name: str
    events: Sequence[Event]
    until: datetime | None = None

    @property
    def end(self) -> datetime | None:
        """The last instant; None when nothing happened."""
        if self.until is not None:
            return self.until
        return self.events[-1].at if self.events else None


@attrs.frozen(kw_only=True)
class Moved:
    """One recommendation under the old playbook and the new, and the fields that differ."""

    before: Recommendation
    after: Recommendation
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Comparison:
    """What a change of playbook does to one timeline."""

    timeline: str
    added: tuple[Recommendation, ...]
    dropped: tuple[Recommendation, ...]
    moved: tuple[Moved, ...]
    same: int


@attrs.frozen(kw_only=True)
class SweepRow:
    """What one value of a parameter does to one timeline: counts, and durations in microseconds.

    ``late`` of the ``fired`` recommendations were overdue. They were ``standing`` from their opening, and
    late from their deadline, until they were settled or the timeline ended; ``worst`` is the latest one.
    """

    value: str
    timeline: str
    fired: int
    standing: int
    late: int
    lateness: int
    worst: int


def told(
    playbook: Playbook,
    timeline: Timeline,
    *,
    engine: str = "compiled",
    signals: Signals | None = None,
) -> tuple[Recommendation, ...]:
    """Every recommendation of a timeline as it stood at the end, in the order in which they opened.

    Raises:
        InputError: the events are not in the order of time.
    """
    session = Session(playbook, engine=engine, signals=signals)
    last: dict[tuple[str, int], Recommendation] = {}
    changes = list(session.feed_all(timeline.events))
    if timeline.end is not None:
        changes += session.advance(timeline.end)
    for change in changes:
        one = change.recommendation
        last[one.id, one.episode] = one
    session.close()
    opened = [(one.opened_at, one) for one in last.values() if one.opened_at is not None]
    return tuple(one for _, one in sorted(opened, key=lambda pair: (pair[0], pair[1].id)))


def compare(
    old: Playbook, new: Playbook, timelines: Iterable[Timeline], *, engine: str = "compiled"
) -> Iterator[Comparison]:
    """Tell each timeline under both playbooks and hold one against the other.

    What opened at the same instant, or else was open at the same time longest, is the same matter and
    may have moved; how often its rule had spoken of it before decides nothing.
    """
    readers = [load_signals(each.lexicons) if each.lexicons else None for each in (old, new)]
    for timeline in timelines:
        before, after = (
            told(book, timeline, engine=engine, signals=read)
            for book, read in zip((old, new), readers, strict=True)
        )
        pairs = _paired(before, after, timeline)
        moved = [
            Moved(before=before[index], after=after[place], fields=fields)
            for index, place in sorted(pairs.items())
            if (fields := _fields(before[index], after[place]))
        ]
        found = set(pairs.values())
        yield Comparison(
            timeline=timeline.name,
            added=tuple(one for place, one in enumerate(after) if place not in found),
            dropped=tuple(one for index, one in enumerate(before) if index not in pairs),
            moved=tuple(moved),
            same=len(pairs) - len(moved),
        )


def sweep(
    playbook: Playbook,
    parameter: str,
    values: Sequence[str],
    timelines: Sequence[Timeline],
    *,
    engine: str = "compiled",
) -> Iterator[SweepRow]:
    """Tell timelines under several values of a parameter, which then hold in every context.

    Only the rules that use the parameter are in force. Factors of other layers go on scaling the value.

    Raises:
        UsageError: there is no such parameter, or a value is none that it may have.
    """
    settings = swept_settings(playbook, parameter, values)
    signals = load_signals(playbook.lexicons) if playbook.lexicons else None
    rules = tuple(rule for rule in playbook.rules if parameter in parameters_of(rule))
    others = tuple(
        each for each in playbook.settings if each.name != parameter or each.factor is not None
    )
    for value, setting in zip(values, settings, strict=True):
        changed = attrs.evolve(playbook, rules=rules, settings=(*others, setting))
        for timeline in timelines:
            found = told(changed, timeline, engine=engine, signals=signals)
            yield _row(value, timeline, found)


def swept_settings(
    playbook: Playbook, parameter: str, values: Sequence[str]
) -> tuple[Setting, ...]:
    """The values of a sweep as settings of the base layer.

    Raises:
        UsageError: there is no such parameter, or a value is none that it may have.
    """
    if parameter not in playbook.parameters:
        message = unknown_word("a parameter", parameter, playbook.parameters)
        raise UsageError(Problem(Place("--sweep"), "unknown-parameter", message))
    faults = Faults(parameters=dict(playbook.parameters))
    found: list[Setting] = []
    for value in values:
        try:
            node = parse_yaml(f"{parameter}: {value}", "--sweep")
        except PlaybookError as error:
            raise UsageError(error.problems) from None
        found += read_parameters(node, playbook.parameters, faults)[1]
    if faults.problems or len(found) != len(values):
        problems = [attrs.evolve(each, place=Place("--sweep")) for each in faults.problems]
        message = "give values such as `15m,30m,60m`"
        raise UsageError(problems or Problem(Place("--sweep"), "wrong-type", message))
    return tuple(found)


def _paired(
    before: Sequence[Recommendation], after: Sequence[Recommendation], timeline: Timeline
) -> dict[int, int]:
    """Which of the first speak of the same matter as which of the second, by their places."""
    others: dict[str, list[int]] = {}
    for place, each in enumerate(after):
        others.setdefault(each.id, []).append(place)
    close = sorted(
        (
            one.opened_at != after[place].opened_at,
            -_together(one, after[place], timeline),
            index,
            place,
        )
        for index, one in enumerate(before)
        for place in others.get(one.id, ())
    )
    pairs: dict[int, int] = {}
    given: set[int] = set()
    for apart, together, index, place in close:
        if index not in pairs and place not in given and (together or not apart):
            pairs[index] = place
            given.add(place)
    return pairs


def _together(one: Recommendation, other: Recommendation, timeline: Timeline) -> int:
    """Microseconds for which both were open."""
    end = timeline.end
    if one.opened_at is None or other.opened_at is None or end is None:
        return 0
    since = max(one.opened_at, other.opened_at)
    until = min(one.closed_at or end, other.closed_at or end)
    return max(0, to_micros(until) - to_micros(since))


def _fields(before: Recommendation, after: Recommendation) -> tuple[str, ...]:
    return tuple(name for name in MOVED_BY if getattr(before, name) != getattr(after, name))


def _row(value: str, timeline: Timeline, found: Sequence[Recommendation]) -> SweepRow:
    late = [_lasted(one.overdue_at, one, timeline) for one in found if one.overdue_at is not None]
    return SweepRow(
        value=value,
        timeline=timeline.name,
        fired=len(found),
        standing=sum(_lasted(one.opened_at, one, timeline) for one in found),
        late=len(late),
        lateness=sum(late),
        worst=max(late, default=0),
    )


def _lasted(since: datetime | None, one: Recommendation, timeline: Timeline) -> int:
    """Microseconds from an instant to the close of a recommendation, or to the end of the timeline."""
    until = one.closed_at or timeline.end
    if since is None or until is None:
        return 0
    return max(0, to_micros(until) - to_micros(since))
