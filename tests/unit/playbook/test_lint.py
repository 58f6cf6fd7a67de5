"""Mistakes in a playbook that loads: each is found, and a sound playbook has none."""

# ruff: noqa: E501 - messages stand whole, as they are printed

from __future__ import annotations

from datetime import UTC, datetime

import attrs
import pytest

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.playbook.lint import lint_playbook
from crisisrules.playbook.load import Source, build_playbook

PARAMETERS = """\
extends: base
parameters:
  soon: {type: duration, default: 15m, source: us, meaning: {en: early, fr: tôt}, kind: {outage: 10m}}
  late: {type: duration, default: 60m, source: us, meaning: {en: late, fr: tard}}
  many: {type: count, default: 40, source: us, meaning: {en: many, fr: beaucoup}}
"""
REST = """\
recommend: {{action: {action}, say: {{en: act, fr: agissez}}}}
because: {{en: People wait., fr: On attend.}}
sources: [{{title: A guide}}]
"""
LINE = """\
platform: facebook
title: {en: Facebook, fr: Facebook}
tone: {en: plain, fr: simple}
behaviours: [{en: pin it, fr: épingler}]
mistakes: [{en: wait, fr: attendre}]
sources: [{title: A guide}]
"""
STATUS = """\
severity: critical
about: page
when: {incident.severity: [major, critical]}
expect: {post.kind: incident_status}
within: {warning: $soon, critical: $late}
of: incident.aware_at
"""
CROWD = "severity: warning\nabout: page\nwhen: {page.comments: {at_least: $many}}\n"


def _rule(name: str, body: str, action: str = "publish-status") -> Source:
    text = f"id: {name}\ntitle: {{en: {name}, fr: {name}}}\n{body}{REST.format(action=action)}"
    return Source(name=f"mine/{name}.yaml", text=text, role="rule", family="mine", own=True)


def _lint(
    *rules: Source, own: str = "", platforms: tuple[str, ...] = (), now: datetime | None = None
) -> list[str]:
    playbook = build_playbook(
        [
            Source(name="p.yaml", text=PARAMETERS, role="playbook"),
            _rule("status", STATUS),
            _rule("crowd", CROWD, "publish-update"),
            Source(name="lines/facebook.yaml", text=LINE, role="line"),
            *rules,
            *([Source(name="own.yaml", text=own, role="playbook", own=True)] if own else []),
        ]
    )
    return [
        str(problem).replace("warning ", "")
        for problem in lint_playbook(playbook, platforms=platforms, now=now)
    ]


def test_a_sound_playbook_has_no_problem() -> None:
    assert _lint() == []


def test_the_base_playbook_has_no_rule_that_stands_in_anothers_way() -> None:
    names = {problem.name for problem in lint_playbook(read_playbook())}
    assert names <= {"unused-parameter"}


RULES = {
    "never with these values": (
        _rule("r", "severity: info\nabout: page\nwhen: {page.comments: {at_least: $many, less_than: 40}}\n"),
        "mine/r.yaml:5:8: unreachable: `r` can never speak: `page.comments` cannot be `at_least 40` and `less_than 40` at once; this never holds",
    ),
    "an idle alternative": (
        _rule("r", "severity: info\nabout: page\nwhen: {page.comments: {at_least: 9}, any: [{page.has_status: true}, {page.comments: {less_than: 5}}]}\n"),
        "mine/r.yaml:5:70: unreachable: a part of `when` in `r` is idle: `page.comments` cannot be `at_least 9` and `less_than 5` at once; this never holds",
    ),
    "every value": (
        _rule("r", "severity: info\nabout: page\nwhen: {page.has_status: true, incident.severity: [minor, major, critical]}\n"),
        "mine/r.yaml:5:31: always-true: this part of `when` in `r` holds whatever is known; leave it out, or correct it",
    ),
    "either way": (
        _rule("r", "severity: info\nabout: page\nwhen: {any: [{page.has_status: true}, {page.has_status: false}]}\n"),
        "mine/r.yaml:5:15: always-true: this part of `when` in `r` holds whatever is known; leave it out, or correct it",
    ),
    "never below nothing": (
        _rule("r", "severity: info\nabout: page\nwhen: {page.has_status: true, page.comments: {at_least: 0}}\n"),
        "mine/r.yaml:5:31: always-true: this part of `when` in `r` holds whatever is known; leave it out, or correct it",
    ),
    "a narrower state": (
        _rule("r", "severity: info\nabout: page\nwhen: {page.comments: {at_least: 50}, page.has_status: true}\n", "publish-update"),
        "mine/r.yaml:1:1: shadowed-rule: `r` says nothing that is not said by `crowd`, at mine/crowd.yaml:1:1; keep one of the two",
    ),
    "the same state": (
        _rule("other-crowd", CROWD, "publish-update"),
        "mine/other-crowd.yaml:1:1: shadowed-rule: `other-crowd` says the same as `crowd`, at mine/crowd.yaml:1:1; keep one of the two",
    ),
    "a slower response": (
        _rule("r", STATUS.replace("{warning: $soon, critical: $late}", "3h").replace("[major, critical]", "critical")),
        "mine/r.yaml:1:1: shadowed-rule: `r` says nothing that is not said by `status`, at mine/status.yaml:1:1; keep one of the two",
    ),
    "too soon for another": (
        _rule("r", "severity: info\nabout: post\nforbid: {post.kind: incident_status, page.status_age: {less_than: 2h}}\n", "review-post"),
        "mine/r.yaml:5:38: contradictory-rules: `status` asks for a message within 15m and `r` flags one before 2h",
    ),
    "a factor that turns a ladder over": (
        _rule("r", STATUS.replace("$late", "2 * $soon").replace("warning: $soon", "warning: 25m").replace("incident_status", "resolution"), "publish-resolution"),
        "p.yaml:3:98: threshold-order: in `r` `critical` comes after 20m, no later than `warning` after 25m (an incident of kind `outage`)",
    ),
    "a language that others have": (
        Source(
            name="mine/r.yaml",
            text="id: r\ntitle: {en: r, fr: r, de: r}\nseverity: info\nabout: incident\nwhen: {incident.open: true}\n"
            + REST.format(action="hold-review"),
            role="rule",
            family="mine",
            own=True,
        ),
        "mine/crowd.yaml:1:1: missing-translation: `crowd` has no `title`, `because`, `say` in `de`, which other rules have",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", RULES)
def test_a_mistake_between_rules_is_found(mistake: str) -> None:
    rule, expected = RULES[mistake]
    assert expected in _lint(rule)


def test_a_language_that_only_the_brand_writes_is_said_once_beside_the_base_playbook() -> None:
    base = _rule("shipped", CROWD.replace("page.comments", "page.replies"), "staff-shift")
    german = _rule("ours", CROWD.replace("page.comments", "page.messages"), "staff-shift")
    text = german.text.replace("fr: ours}", "fr: ours, de: unser}")
    found = build_playbook(
        [
            Source(name="p.yaml", text=PARAMETERS, role="playbook"),
            *(attrs.evolve(base, name=f"rules/a/{n}.yaml", own=False, text=base.text.replace("shipped", n)) for n in ("one", "two")),
            attrs.evolve(german, text=text),
        ]
    )  # fmt: skip
    said = [str(one) for one in lint_playbook(found) if one.name == "missing-translation"]
    assert said == [
        "mine/ours.yaml:1:1: warning missing-translation: `ours` has no `because`, `say` in `de`, which other rules have",
        "mine/ours.yaml:1:1: warning missing-translation: `ours` speaks `de` and the 2 rules that it stands beside do not",
    ]


def test_a_rule_that_cannot_speak_is_not_also_shadowed() -> None:
    body = (
        "severity: warning\nabout: page\nwhen: {page.comments: {at_least: $many, less_than: 40}}\n"
    )
    assert [line.split(": ")[1] for line in _lint(_rule("r", body, "publish-update"))] == [
        "unreachable"
    ]


def test_one_that_replaces_the_other_does_not_shadow_it() -> None:
    body = "severity: info\nabout: page\nreplaces: [crowd]\nwhen: {page.comments: {at_least: 50}}\n"
    assert _lint(_rule("r", body, "publish-update")) == []


def test_opposite_actions_at_the_same_time_contradict() -> None:
    wide = "severity: info\nabout: page\nwhen: {page.comments: {at_least: 10}}\n"
    narrow = "severity: info\nabout: page\nwhen: {page.comments: {at_least: 50}}\n"
    found = _lint(_rule("answer", wide, "reply"), _rule("be-quiet", narrow, "stop-replying"))
    assert found == [
        "mine/answer.yaml:1:1: contradictory-rules: `answer` asks to reply where `be-quiet` asks to stop-replying; let one replace the other, or narrow one"
    ]


GOVERNED = """\
extends: base
governance:
  roles: {lead: leads, press: speaks, community: answers}
  owner: lead
  freeze_owner: lead
  freeze_deputy: press
  approval_chains: {holding: [{role: press, deputy: lead, within: 5m}]}
lines: [facebook]
reply_criteria: [facebook]
"""

BRANDS = {
    "nobody speaks": ("  owner: lead\n", "", "own.yaml:2:1: action-without-owner: nobody owns `publish-status`, which `status` asks for; name the `owner` of external messages in `governance`"),
    "nobody is away": ("  freeze_deputy: press\n", "", "own.yaml:5:3: deputy-missing: the `freeze_owner` has no deputy; name a `freeze_deputy`"),
    "own deputy": ("freeze_deputy: press", "freeze_deputy: lead", "own.yaml:6:3: deputy-missing: the `freeze_deputy` is the owner, `lead`; name another role"),
    "step without deputy": (", deputy: lead", "", "own.yaml:7:31: deputy-missing: the step of `press` in the chain `holding` has no deputy for nights and weekends"),
    "slow chain": ("within: 5m", "within: 70m", "own.yaml:7:21: slow-approval: the chain `holding` takes 1h10m and `status` allows 1h; shorten it, or approve in parallel"),
    "chain without end": (", within: 5m", "", "own.yaml:7:31: slow-approval: a step of the chain `holding` has no time limit; write `within`"),
    "regime": ("  owner: lead\n", "  owner: lead\n  regimes: [gdpr]\n", "own.yaml:5:13: regime: `gdpr` is not a regime of any rule in force"),
    "line not written": ("lines: [facebook]", "lines: [facebook, pinterest]", "own.yaml:8:19: platform-without-line: `pinterest` is in `lines` and no line is written; write `lines/pinterest.yaml` beside your rules"),
    "scenario not written": ("lines: [facebook]", "lines: [facebook]\nscenarios: [recall]", "own.yaml:9:13: scenario-not-written: `recall` is in `scenarios` and none is written; write `scenarios/recall.yaml` beside your rules"),
    "no criteria": ("reply_criteria: [facebook]\n", "", "own.yaml:8:9: platform-without-line: it is not written whether to answer on `facebook`; see `reply_criteria`"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BRANDS)
def test_a_mistake_of_governance_is_found(mistake: str) -> None:
    old, new, expected = BRANDS[mistake]
    assert _lint(own=GOVERNED, platforms=("facebook",)) == []
    assert GOVERNED.count(old) == 1
    assert expected in _lint(own=GOVERNED.replace(old, new), platforms=("facebook",))


def test_a_chain_may_take_its_time_before_an_hour_that_was_promised() -> None:
    promised = STATUS.replace("incident.aware_at", "page.next_update_at").replace("$late", "20m")
    own = GOVERNED.replace("within: 5m", "within: 30m")
    assert _lint(_rule("promise", promised), own=own, platforms=("facebook",)) == []


def test_a_platform_in_use_needs_a_line() -> None:
    assert _lint(own=GOVERNED, platforms=("facebook", "x")) == [
        "own.yaml:8:1: platform-without-line: `x` is in use and has no crisis line; add it to `lines`"
    ]


def test_what_a_file_without_governance_lacks_is_said_at_its_start() -> None:
    own = "extends: base\nname: ours\nparameters:\n  many: {platform: {x: 30}}\n"
    found = _lint(own=own)
    assert found[0].startswith("own.yaml:1:1: action-without-owner: ")
    # a platform is in use where its value is set, and that is where the line is missed
    assert found[1:] == [
        "own.yaml:4:24: platform-without-line: `x` is in use and has no crisis line; add it to `lines`"
    ]


def test_what_is_switched_off_has_an_end_that_has_not_passed() -> None:
    own = (
        f"{GOVERNED}disable:\n"
        "  - {rule: status, reason: done}\n  - {rule: crowd, reason: done, until: 2026-03-02}\n"
    )
    late = datetime(2026, 3, 3, tzinfo=UTC)
    assert _lint(own=own, now=late) == [
        "own.yaml:11:12: switched-off: `status` is switched off for good; give it an end with `until`",
        "own.yaml:12:12: switched-off: the end for `crowd`, 2026-03-02, has passed; it speaks again",
    ]
    assert len(_lint(own=own)) == 1


def test_a_parameter_that_nothing_refers_to_is_found() -> None:
    own = f"{GOVERNED}parameters: {{idle: {{type: count, default: 1, source: us, meaning: {{en: a, fr: a}}}}}}\n"
    assert _lint(own=own) == [
        "own.yaml:10:14: unused-parameter: no rule and no text refers to `$idle`; remove it, or use it"
    ]
