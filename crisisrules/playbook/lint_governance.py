"""What is wrong with who does what: actions that nobody owns, chains that are too slow, no deputies.

Only a brand's own playbook is looked at: the base playbook has no people in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import attrs

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
    """The problems of a brand's governance, each a warning where the mistake is written.

    What is missing is reported where it would stand: at the list or at ``governance``, else at the
    start of the brand's file.
    """
    if not playbook.governance.declared:
        return
    off = {entry.rule for entry in playbook.disabled}
    rules = [rule for rule in playbook.rules if rule.id not in off]
    places = _Places(playbook.governance.places, playbook.source)
    for place, name, message in (
        *_owners(playbook.governance, rules, places),
        *_platforms(playbook, rules, platforms, places),
        *_chains(playbook, rules, places),
        *_deputies(playbook.governance, places),
        *_regimes(playbook.governance, rules, places),
    ):
        yield Problem(place, name, message, warning=True)


@attrs.frozen
class _Places:
    """Where the keys of a brand's governance are written, and the file for those that are not."""

    written: Mapping[str, Place]
    file: str

    def of(self, *keys: str) -> Place:
        """The first of the keys that is written, else ``governance``, else the start of the file."""
        found = (self.written[key] for key in (*keys, "governance") if key in self.written)
        return next(found, Place(self.file, 1, 1))


def _owners(
    governance: Governance, rules: list[Rule], places: _Places
) -> Iterator[tuple[Place, str, str]]:
    asked = {rule.advice.action: rule.id for rule in reversed(rules)}
    community = set(governance.community_roles) & set(governance.roles)
    for actions, owned, key, advice in (
        (
            _SPEAKING,
            governance.owner,
            "owner",
            "name the `owner` of external messages in `governance`",
        ),
        (
            _FREEZING,
            governance.freeze_owner,
            "freeze_owner",
            "name a `freeze_owner` in `governance`",
        ),
        (_ANSWERING, community, "roles", "write one of the `community_roles` down in `roles`"),
        (
            ("request-approval",),
            governance.approval_chains,
            "approval_chains",
            "write the `approval_chains` down in `governance`",
        ),
    ):
        first = next((action for action in actions if action in asked), None)
        if first is not None and not owned:
            rule = asked[first]
            yield (
                places.of(key),
                "action-without-owner",
                f"nobody owns `{first}`, which `{rule}` asks for; {advice}",
            )


def _platforms(
    playbook: Playbook, rules: list[Rule], platforms: Collection[str], places: _Places
) -> Iterator[tuple[Place, str, str]]:
    governance = playbook.governance
    in_use: dict[str, Place | None] = dict.fromkeys(platforms)
    in_use |= {s.key: s.place for s in playbook.settings if s.layer == "platform" and s.key}
    own = [rule for rule in rules if rule.id in playbook.own_rules]
    for test in (t for rule in own for c in conditions_of(rule).values() for t in leaves(c)):
        if test.fact == "page.platform" and isinstance(test.value, str):
            in_use[test.value] = test.place
    for platform in governance.lines:
        if platform not in playbook.lines:
            message = (
                f"`{platform}` is in `lines` and no line is written; write `lines/{platform}.yaml`"
            )
            place = places.of(f"lines.{platform}", "lines")
            yield place, "platform-without-line", f"{message} beside your rules"
    for kind in governance.scenarios:
        if kind not in playbook.scenarios:
            message = (
                f"`{kind}` is in `scenarios` and none is written; write `scenarios/{kind}.yaml`"
            )
            place = places.of(f"scenarios.{kind}", "scenarios")
            yield place, "scenario-not-written", f"{message} beside your rules"
    criteria = governance.reply_criteria
    for platform, used_at in in_use.items():
        if platform not in governance.lines:
            message = f"`{platform}` is in use and has no crisis line; add it to `lines`"
            yield used_at or places.of("lines"), "platform-without-line", message
        elif "all" not in criteria and platform not in criteria:
            message = f"it is not written whether to answer on `{platform}`; see `reply_criteria`"
            place = places.of("reply_criteria", f"lines.{platform}")
            yield place, "platform-without-line", message


def _chains(
    playbook: Playbook, rules: list[Rule], places: _Places
) -> Iterator[tuple[Place, str, str]]:
    for chain, steps in playbook.governance.approval_chains.items():
        endless = next((step for step in steps if step.within is None), None)
        if endless is not None:
            message = f"a step of the chain `{chain}` has no time limit; write `within`"
            yield endless.place, "slow-approval", message
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
            yield places.of(f"approval_chains.{chain}"), "slow-approval", message


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


def _deputies(governance: Governance, places: _Places) -> Iterator[tuple[Place, str, str]]:
    if governance.freeze_owner is not None:
        deputy = governance.freeze_deputy
        if deputy is None:
            message = "the `freeze_owner` has no deputy; name a `freeze_deputy`"
            yield places.of("freeze_owner"), "deputy-missing", message
        elif deputy == governance.freeze_owner:
            yield (
                places.of("freeze_deputy"),
                "deputy-missing",
                f"the `freeze_deputy` is the owner, `{deputy}`; name another role",
            )
    for chain, steps in governance.approval_chains.items():
        for step in steps:
            yield from _step_deputy(chain, step)


def _step_deputy(chain: str, step: ApprovalStep) -> Iterator[tuple[Place, str, str]]:
    if step.deputy is None:
        message = f"the step of `{step.role}` in the chain `{chain}` has no deputy"
        yield step.place, "deputy-missing", f"{message} for nights and weekends"
    elif step.deputy == step.role:
        message = f"the deputy of `{step.role}` in the chain `{chain}` is the same role"
        yield step.place, "deputy-missing", message


def _regimes(
    governance: Governance, rules: list[Rule], places: _Places
) -> Iterator[tuple[Place, str, str]]:
    known = {regime for rule in rules for regime in rule.regimes}
    for regime in governance.regimes:
        if regime not in known:
            yield (
                places.of(f"regimes.{regime}"),
                "regime",
                unknown_word(
                    "a regime of any rule in force", regime, known, limit=12 if known else -1
                ),
            )
    if governance.regimes and governance.owner is None:
        names = ", ".join(f"`{name}`" for name in governance.regimes)
        yield (
            places.of("regimes"),
            "regime",
            f"nobody answers for {names}; name the `owner` in `governance`",
        )
