"""When a row may read differently without any event: by the clock, or by the number of comments."""

from __future__ import annotations

import math
from collections.abc import Iterable

from crisisrules.engine.facts_page import RATES, ring_of
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import NEVER
from crisisrules.engine.tables import Atom, Column
from crisisrules.engine.values import AtLeast, Row, Value
from crisisrules.engine.watch import PARTLY_SORTED, SORTED, Limit, Moving, Watch


def next_flip(watch: Watch, row: Row, scene: Scene) -> int:
    """The first instant after ``scene.now`` at which time alone may change a test of the row."""
    now, best = scene.now, NEVER
    for moving in watch.moving:
        at = now + _until_equal(moving, row)
        if now < at < best:
            best = at
    for atom, column in watch.timed:
        at = _flip(atom, column, row, scene)
        if now < at < best:
            best = at
    for change in watch.changes:
        instant = change(scene)
        if instant is not None and now < instant < best:
            best = instant
    return best


def _until_equal(moving: Moving, row: Row) -> int:
    """Microseconds until a duration that time moves passes what it is held against."""
    value, wanted = row[moving.column], _wanted(moving.atom, row)
    if wanted is None or not isinstance(value, (int, float)):
        return NEVER
    return math.ceil(wanted - value if moving.grows else value - wanted) + moving.later


def _flip(atom: Atom, column: Column, row: Row, scene: Scene) -> int:
    wanted = _wanted(atom, row)
    if wanted is None:
        return NEVER
    if column.in_last is not None:
        return _window_flip(atom, column, wanted, scene)
    # equality and its neighbours: whichever side the test reads
    rate = RATES[column.fact]
    flips = (rate(scene, wanted), rate(scene, wanted + 1e-9))
    return min((at for at in flips if at is not None and at > scene.now), default=NEVER)


def _window_flip(atom: Atom, column: Column, wanted: float, scene: Scene) -> int:
    """When so many have left the window that the count falls below the threshold."""
    if column.in_last is None:
        return NEVER
    span = scene.span(column.in_last)
    after = scene.now - span
    if column.fact == "page.signal_authors":
        authors = scene.page.signal_authors.values() if scene.page else ()
        oldest = min((at for at in authors if at > after), default=None)
        return NEVER if oldest is None else oldest + span
    ring, unsorted = ring_of(column.fact, scene)
    least = (
        math.ceil(wanted) if atom.operator in ("at_least", "less_than") else math.floor(wanted) + 1
    )
    numbers = [least, least - 1] if atom.operator in ("is", "is_not") else [least]
    instants = [
        instant
        for instant in (
            *(ring.latest(number) for number in numbers if ring is not None),
            unsorted.latest(1) if unsorted is not None else None,
        )
        if instant is not None and instant > after
    ]
    return min(instants) + span if instants else NEVER


def _wanted(atom: Atom, row: Row) -> float | None:
    value = atom.value if atom.against is None else row[atom.against]
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def comments_until(limits: Iterable[Limit], row: Row, scene: Scene) -> tuple[int, int]:
    """How many more comments, and unsorted ones, may come before one of these tests can read differently.

    Unsorted are those without text and class under a post that is about no incident.
    """
    best = plain = NEVER
    for limit in limits:
        left = _until(limit, row, scene)
        best = min(best, left)
        if limit.fact not in SORTED and not (
            limit.fact in PARTLY_SORTED and isinstance(row[limit.column], AtLeast)
        ):
            plain = min(plain, left)
    return best, plain


def _until(limit: Limit, row: Row, scene: Scene) -> int:
    wanted = _wanted(limit.atom, row)
    value: Value = row[limit.column]
    if isinstance(value, AtLeast):
        value = value.low
    if wanted is None or not isinstance(value, int | float):
        return NEVER
    operator = limit.atom.operator
    target = wanted if operator in ("at_least", "less_than") else math.floor(wanted) + 1
    if operator in ("is", "is_not"):
        target = wanted if value < wanted else math.floor(wanted) + 1
    if value >= target:
        return NEVER
    missing = target - value
    if limit.fact == "page.comments_over_baseline" and scene.page is not None:
        missing *= (scene.page.baseline_per_hour or 4.0) / 4
    return max(1, math.ceil(missing))
