"""From open recommendations to the ordered list of what a person should do now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from crisisrules.model.recommendation import Action, Recommendation
from crisisrules.model.vocabulary import ACTIONS, COVERED_BY, RULE_SEVERITIES

_PUBLISHING: Final = frozenset(action for action in ACTIONS if action.startswith("publish-"))
_FOR_PAGES: Final = _PUBLISHING | {
    "stop-replying",
    "reply-collectively",
    "hold-item",
    "review-item",
    "clear-item",
    "add-channel",
    "staff-shift",
}
"""Actions that one act on the page does for all subjects there; the others are one a subject."""


Retell: TypeAlias = Callable[[Recommendation, datetime], Mapping[str, str]]
"""The sentence of an open recommendation with another deadline in it."""


def agenda_of(
    recommendations: Iterable[Recommendation], retell: Retell, *, page: str | None = None
) -> tuple[Action, ...]:
    """The distinct actions of open recommendations, most pressing first.

    Recommendations that ask for the same act on the same page become one action, and an act that does
    what another asks as well takes that one in. What another rule replaces and rules in preview ask
    for nothing. An act that is asked for twice is due at the earlier time, and ``retell`` says so.
    """
    groups: dict[tuple[str, str, str, str], list[Recommendation]] = {}
    for told in recommendations:
        if told.status not in ("open", "overdue") or told.preview:
            continue
        if page is not None and told.page not in (None, page):
            continue
        subject = "" if told.action in _FOR_PAGES else f"{told.subject[0]}:{told.subject[1]}"
        key = (told.brand, told.page or "", told.action, subject)
        groups.setdefault(key, []).append(told)
    for key in sorted(groups, key=lambda key: ACTIONS.index(key[2]), reverse=True):
        brand, where, action, _ = key
        covering = next(
            (
                other
                for better in COVERED_BY.get(action, ())
                for other in groups
                if other[0] == brand and other[2] == better and where in ("", other[1])
            ),
            None,
        )
        if covering is not None and covering != key:
            groups[covering] += groups.pop(key)
    actions = [_action(key, told, retell) for key, told in groups.items()]
    return tuple(sorted(actions, key=_order))


def _action(key: tuple[str, str, str, str], told: list[Recommendation], retell: Retell) -> Action:
    brand, page, action, _ = key
    # the sentence is that of a recommendation that asks for this very act, the gravest and earliest
    own = [one for one in told if one.action == action] or told
    first = min(own, key=_pressing)
    due_at = min((one.due_at for one in told if one.due_at is not None), default=None)
    sooner = due_at is not None and first.due_at is not None and due_at < first.due_at
    return Action(
        action=action,
        severity=max((one.severity for one in told), key=RULE_SEVERITIES.index),
        brand=brand,
        page=page or None,
        subject=first.subject,
        due_at=due_at,
        overdue=any(one.status == "overdue" for one in told),
        message=retell(first, due_at) if sooner and due_at is not None else first.message,
        recommendations=tuple(sorted(told, key=_pressing)),
    )


def _pressing(told: Recommendation) -> tuple[int, float, str]:
    due = float("inf") if told.due_at is None else told.due_at.timestamp()
    return -RULE_SEVERITIES.index(told.severity), due, told.id


def _order(action: Action) -> tuple[int, bool, int, float, str, str]:
    due = float("inf") if action.due_at is None else action.due_at.timestamp()
    return (
        -RULE_SEVERITIES.index(action.severity),
        not action.overdue,
        ACTIONS.index(action.action),
        due,
        action.brand,
        action.page or "",
    )
