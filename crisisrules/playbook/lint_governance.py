"""What is wrong with who does what: actions that nobody owns, chains that are too slow, no deputies.

Only a brand's own playbook is looked at: the base playbook has no people in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Place, Problem, unknown_word
from crisisrules.playbook.conditions import leaves
from crisisrules.playbook.playbook import ApprovalStep, Governance, Playbook
from crisisrules.playbook.rule import Rule, clocks_of, conditions_of
from crisisrules.playbook.settled import contexts

_SERVES: Final = {
    "holding": ("publish-statement", "publish-status"),
    "update": ("publish-update", "publish-follow-up"),
    "resolution": ("publish-resolution",),
}
"""Which actions wait for a text that goes through which approval chain."""

_ANNOUNCED: Final = ("page.next_update_at", "post.next_update_at")
"""Instants that are known beforehand: a text for them can be approved in time, however long it takes."""

_SPEAKING: Final = (
    "publish-statement",
    "publish-status",
    "publish-update",
    "publish-follow-up",
    "publish-resolution",
    "publish-correction",
    "publish-explainer",
    "publish-redress",
)
_FREEZING: Final = ("hold-item", "review-item", "clear-item")
_ANSWERING: Final = ("reply", "reply-collectively", "stop-replying", "moderate", "escalate-safety")


def governance_problems(playbook: Playbook, platforms: Collection[str]) -> Iterator[Problem]:
    """The problems of a brand's governance, each a warning at the playbook file."""
    if not playbook.governance.declared:
        return
    place = Place(playbook.source)
    off = {entry.rule for entry in playbook.disabled}
    rules = [rule for rule in playbook.rules if rule.id not in off]
    for name, message in (
        *_owners(playbook.governance, rules),
        *_platforms(playbook, rules, platforms),
        *_chains(playbook, rules),
        *_deputies(playbook.governance),
        *_regimes(playbook.governance, rules),
    ):
        yield Problem(place, name, message, warning=True)


def _owners(governance: Governance, rules: list[Rule]) -> Iterator[tuple[str, str]]:
    asked = {rule.advice.action: rule.id for rule in reversed(rules)}
    community = set(governance.community_roles) & set(governance.roles)
    for actions, owned, advice in (
        (_SPEAKING, governance.owner, "name the `owner` of external messages in `governance`"),
        (_FREEZING, governance.freeze_owner, "name a `freeze_owner` in `governance`"),
        (_ANSWERING, community, "write one of the `community_roles` down in `roles`"),
        (
            ("request-approval",),
            governance.approval_chains,
            "write the `approval_chains` down in `governance`",
        ),
    ):
        first = next((action for action in actions if action in asked), None)
        if first is not None and not owned:
            rule = asked[first]
            yield (
                "action-without-owner",
                f"nobody owns `{first}`, which `{rule}` asks for; {advice}",
            )


def _platforms(
    playbook: Playbook, rules: list[Rule], platforms: Collection[str]
) -> Iterator[tuple[str, str]]:
    governance = playbook.governance
    in_use = dict.fromkeys(platforms)
    in_use |= {s.key: None for s in playbook.settings if s.layer == "platform" and s.key}
    own = [rule for rule in rules if not rule.place.source.startswith("rules/")]
    for test in (t for rule in own for c in conditions_of(rule).values() for t in leaves(c)):
        if test.fact == "page.platform" and isinstance(test.value, str):
            in_use[test.value] = None
    for platform in governance.lines:
        if platform not in playbook.lines:
            message = (
                f"`{platform}` is in `lines` and no line is written; write `lines/{platform}.yaml`"
            )
            yield "platform-without-line", f"{message} beside your rules"
    for kind in governance.scenarios:
        if kind not in playbook.scenarios:
            message = (
                f"`{kind}` is in `scenarios` and none is written; write `scenarios/{kind}.yaml`"
            )
            yield "scenario-not-written", f"{message} beside your rules"
    criteria = governance.reply_criteria
    for platform in in_use:
        if platform not in governance.lines:
            message = f"`{platform}` is in use and has no crisis line; add it to `lines`"
            yield "platform-without-line", message
        elif "all" not in criteria and platform not in criteria:
            message = f"it is not written whether to answer on `{platform}`; see `reply_criteria`"
            yield "platform-without-line", message


def _chains(playbook: Playbook, rules: list[Rule]) -> Iterator[tuple[str, str]]:
    for chain, steps in playbook.governance.approval_chains.items():
        if not all(step.within is not None for step in steps):
            message = f"a step of the chain `{chain}` has no time limit; write `within`"
            yield "slow-approval", message
            continue
        total = sum(step.within or 0 for step in steps)
        tightest = _tightest(playbook, rules, _SERVES.get(chain, ()))
        if tightest is not None and total >= tightest[0]:
            limit, rule, said = tightest
            where = f" ({said})" if said else ""
            message = (
                f"the chain `{chain}` takes {format_duration(total)} and `{rule}` allows "
                f"{format_duration(limit)}{where}; shorten it, or approve in parallel"
            )
            yield "slow-approval", message


def _tightest(
    playbook: Playbook, rules: list[Rule], actions: tuple[str, ...]
) -> tuple[int, str, str] | None:
    """The shortest time to the deadline of a rule that asks for one of the actions."""
    limits = [
        (playbook.span(clock.ladder[-1].after, context), rule.id, said)
        for rule in rules
        if rule.advice.action in actions
        for clock in clocks_of(rule)
        if clock.of not in _ANNOUNCED
        for said, context in contexts(playbook)
    ]
    return min(limits, default=None)


def _deputies(governance: Governance) -> Iterator[tuple[str, str]]:
    if governance.freeze_owner is not None:
        deputy = governance.freeze_deputy
        if deputy is None:
            yield "deputy-missing", "the `freeze_owner` has no deputy; name a `freeze_deputy`"
        elif deputy == governance.freeze_owner:
            yield (
                "deputy-missing",
                f"the `freeze_deputy` is the owner, `{deputy}`; name another role",
            )
    for chain, steps in governance.approval_chains.items():
        for step in steps:
            yield from _step_deputy(chain, step)


def _step_deputy(chain: str, step: ApprovalStep) -> Iterator[tuple[str, str]]:
    if step.deputy is None:
        message = f"the step of `{step.role}` in the chain `{chain}` has no deputy"
        yield "deputy-missing", f"{message} for nights and weekends"
    elif step.deputy == step.role:
        message = f"the deputy of `{step.role}` in the chain `{chain}` is the same role"
        yield "deputy-missing", message


def _regimes(governance: Governance, rules: list[Rule]) -> Iterator[tuple[str, str]]:
    known = {regime for rule in rules for regime in rule.regimes}
    for regime in governance.regimes:
        if regime not in known:
            yield (
                "regime",
                unknown_word(
                    "a regime of any rule in force", regime, known, limit=12 if known else -1
                ),
            )
    if governance.regimes and governance.owner is None:
        names = ", ".join(f"`{name}`" for name in governance.regimes)
        yield "regime", f"nobody answers for {names}; name the `owner` in `governance`"
