"""A playbook: rules, parameters, governance, and what was switched off with which reason."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from datetime import datetime

import attrs

from crisisrules.model.errors import Place
from crisisrules.playbook.conditions import ParameterRef, Scalar
from crisisrules.playbook.guidance import CrisisLine, Scenario
from crisisrules.playbook.parameters import Context, Parameter, Resolved, Setting, resolve
from crisisrules.playbook.rule import Rule


@attrs.frozen(kw_only=True)
class Disabled:
    """A rule switched off, by whom it concerns, with a reason and an end (None: no end was allowed)."""

    rule: str
    reason: str
    until: datetime | None = None
    place: Place = attrs.field(default=Place("<playbook>"), eq=False)


@attrs.frozen(kw_only=True)
class ApprovalStep:
    """One step of an approval chain: the role, its deputy, and how long it may take (microseconds)."""

    role: str
    deputy: str | None = None
    within: int | None = None
    place: Place = attrs.field(default=Place("<playbook>"), eq=False)


@attrs.frozen(kw_only=True)
class Governance:
    """Who speaks, who approves, on which pages, and what was prepared.

    Attributes:
        lines: platforms that have a written crisis line.
        scenarios: incident kinds with both behaviours and mistakes written down.
        reply_criteria: platforms (or ``all``) for which it is written whether and whom to answer.
        roles: role name to what it does.
        approval_chains: ``holding``, ``update``, ``resolution`` … to their steps.
        regimes: regulatory regimes the brand declares to apply to it; nothing else starts their clocks.
        templates: names of texts that were cleared beforehand; with none, any named template counts so.
        last_exercise_at, contacts_checked_at: when the plan was last rehearsed and contacts checked.
        owner: the role that owns external messages; ``freeze_owner`` the one that may freeze.
        canonical_page: the page that holds the current state and that others point to.
        places: where a key is written, and each name of a list as ``key.name``.
    """

    lines: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    reply_criteria: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    approval_chains: Mapping[str, tuple[ApprovalStep, ...]] = attrs.field(factory=dict)
    regimes: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    last_exercise_at: datetime | None = None
    contacts_checked_at: datetime | None = None
    owner: str | None = None
    freeze_owner: str | None = None
    freeze_deputy: str | None = None
    community_roles: tuple[str, ...] = ("community", "digital", "social")
    canonical_page: str | None = None
    declared: bool = False
    places: Mapping[str, Place] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Playbook:
    """Everything an evaluation needs, as one value; its digest names it.

    ``scenarios`` are by kind of incident and ``lines`` by platform: how to speak, for people. Which of
    them a brand has made its own is said in ``governance``. ``own_rules`` are those that the brand wrote.
    """

    name: str
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    settings: tuple[Setting, ...] = ()
    disabled: tuple[Disabled, ...] = ()
    governance: Governance = attrs.field(factory=Governance)
    scenarios: Mapping[str, Scenario] = attrs.field(factory=dict, repr=False)
    lines: Mapping[str, CrisisLine] = attrs.field(factory=dict, repr=False)
    lexicons: Mapping[str, str] = attrs.field(factory=dict, repr=False, eq=False)
    timezone: str | None = None
    source: str = "<playbook>"
    own_rules: frozenset[str] = frozenset()
    _texts: tuple[str, ...] = attrs.field(default=(), repr=False, eq=False, alias="texts")

    @functools.cached_property
    def digest(self) -> str:
        """A short fingerprint of the texts it was loaded from."""
        digest = hashlib.sha256()
        for text in self._texts:
            digest.update(text.encode("utf-8", "surrogatepass"))
            digest.update(b"\0")
        return digest.hexdigest()[:16]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id, or None."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        return None

    def value(self, name: str, context: Context) -> Scalar:
        """What a parameter is in a context."""
        return self.resolved(name, context).value

    def resolved(self, name: str, context: Context) -> Resolved:
        """What a parameter is in a context, with the layer and place that set it."""
        return resolve(self.parameters[name], self.settings, context)

    def span(self, span: int | ParameterRef, context: Context) -> int:
        """Microseconds of a duration that may be a parameter."""
        if isinstance(span, int):
            return span
        return int(float(self.value(span.name, context)) * span.factor)
