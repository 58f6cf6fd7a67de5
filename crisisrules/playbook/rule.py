"""A rule as data: whom it watches, what it asks, by when, what to recommend, and on whose authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from crisisrules.model.errors import Place
from crisisrules.playbook.conditions import ALWAYS, Condition, ParameterRef

SUBJECTS: Final = ("page", "post", "item", "draft", "comment", "incident", "brand", "playbook")
STATUSES: Final = ("preview", "stable", "deprecated")
IF_UNKNOWN: Final = ("hold", "ignore", "report")
WHOSE: Final = ("own", "any")

Span: TypeAlias = int | ParameterRef
"""A duration in microseconds, or the parameter that holds it."""

Texts: TypeAlias = Mapping[str, str]
"""The same sentence by language: ``{"en": …, "fr": …}``."""


@attrs.frozen
class Rung:
    """From this long after the clock started, the recommendation is late with this severity."""

    severity: str
    after: Span


@attrs.frozen(kw_only=True)
class BusinessDays:
    """Whose business days a clock counts, instead of hours that pass.

    Attributes:
        calendar: a country (``US``), a part of one (``US-CA``) or a market (``XNYS``).
        timezone: where its days begin and end; None: where the playbook is.
        closes: minutes after midnight at which such a day ends; None: at the next midnight.
    """

    calendar: str
    timezone: str | None = None
    closes: int | None = None
    place: Place = attrs.field(default=Place("<rule>"), eq=False)


@attrs.frozen
class Clock:
    """Where time is counted from (an instant fact), and the rungs of the ladder, earliest first.

    With ``days`` the rungs are whole days and count business days.
    """

    of: str | None
    ladder: tuple[Rung, ...]
    days: BusinessDays | None = None


@attrs.frozen
class Reminder:
    """When to remind: a share of the time allowed, or a duration before the deadline."""

    share: float | None = None
    before: int | None = None


@attrs.frozen(kw_only=True)
class Absence:
    """``forbid``: a subject that matches, inside the scope, is a finding."""

    forbid: Condition


@attrs.frozen(kw_only=True)
class Response:
    """``expect`` within a time of an instant; of several clocks the earliest deadline holds."""

    expect: Condition
    clocks: tuple[Clock, ...]
    remind: tuple[Reminder, ...] = ()


@attrs.frozen(kw_only=True)
class Recurrence:
    """``expect`` again and again, at most ``every`` apart, counted from ``of`` or the first match."""

    expect: Condition
    every: Clock
    remind: tuple[Reminder, ...] = ()


@attrs.frozen(kw_only=True)
class State:
    """``when`` alone: open while it holds, once it held ``for_``, until it failed ``keep_for``."""

    for_: Span | None = None
    keep_for: Span | None = None


@attrs.frozen(kw_only=True)
class Precedence:
    """Nothing that matches ``before`` unless ``require`` held when it first did."""

    require: Condition
    before: Condition


Form: TypeAlias = Absence | Response | Recurrence | State | Precedence
FORM_NAMES: Final = {
    Absence: "absence",
    Response: "response",
    Recurrence: "recurrence",
    State: "state",
    Precedence: "precedence",
}


@attrs.frozen(kw_only=True)
class Scope:
    """When a rule is in force: during incidents, for a time after their resolution, or always."""

    during: bool = True
    after_until: Span | None = None
    always: bool = False


@attrs.frozen(kw_only=True)
class Escalation:
    """What raises the severity of an open recommendation: time open, or a further condition."""

    severity: str
    after: Span | None = None
    when: Condition | None = None


@attrs.frozen(kw_only=True)
class Advice:
    """What a person should do now, and how it is said; ``{fact}`` stands for what was observed."""

    action: str
    say: Texts
    once_out: Texts | None = None
    """What is said instead of a post that is out already."""
    write: Texts | None = None

    def said_of(self, subject: str) -> Texts:
        """The sentence about a subject of that kind."""
        return self.once_out if subject == "post" and self.once_out is not None else self.say


@attrs.frozen(kw_only=True)
class Source:
    """Who says so: a title, and a place in it or an address."""

    title: str
    url: str | None = None
    where: str | None = None


@attrs.frozen(kw_only=True)
class Rule:
    """One rule of a playbook.

    ``severity`` is the highest it can reach. ``when`` guards every form. ``settled_by`` closes an open
    recommendation of a state, absence or precedence for good. ``whose`` is ``own`` when the rule lays a
    duty on the brand that only its own incidents justify. ``replaces`` names rules that fall silent on
    the same page and incident while this one speaks.
    """

    id: str
    title: Texts
    severity: str
    about: tuple[str, ...]
    form: Form
    advice: Advice
    because: Texts
    sources: tuple[Source, ...]
    status: str = "stable"
    scope: Scope = attrs.field(factory=Scope)
    when: Condition = ALWAYS
    settled_by: Condition | None = None
    escalate: tuple[Escalation, ...] = ()
    if_unknown: str = "hold"
    whose: str = "own"
    replaces: tuple[str, ...] = ()
    replaced_by: str | None = None
    regimes: tuple[str, ...] = ()
    family: str = ""
    since: str | None = None
    note: Texts | None = None
    place: Place = attrs.field(default=Place("<rule>"), eq=False)


def conditions_of(rule: Rule) -> dict[str, Condition]:
    """Every condition of a rule by the key it is written under."""
    found: dict[str, Condition] = {"when": rule.when}
    match rule.form:
        case Absence(forbid=forbid):
            found["forbid"] = forbid
        case Response(expect=expect) | Recurrence(expect=expect):
            found["expect"] = expect
        case Precedence(require=require, before=before):
            found["require"] = require
            found["before"] = before
        case State():
            pass
    if rule.settled_by is not None:
        found["settled_by"] = rule.settled_by
    for number, step in enumerate(rule.escalate):
        if step.when is not None:
            found[f"escalate[{number}]"] = step.when
    return found


def clocks_of(rule: Rule) -> tuple[Clock, ...]:
    """The clocks of a response or a recurrence; none for the other forms."""
    match rule.form:
        case Response(clocks=clocks):
            return clocks
        case Recurrence(every=every):
            return (every,)
        case _:
            return ()
