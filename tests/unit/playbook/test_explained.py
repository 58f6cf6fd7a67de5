"""A rule explained: the values that hold for a page, and where each was set."""

from __future__ import annotations

import pytest

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.playbook.explained import explain_rule, heading, parameters_of, value_lines
from crisisrules.playbook.load import Source, build_playbook
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook

BASE = """\
parameters:
  status_within:
    type: duration
    default: 60m
    meaning: {en: time to a status, fr: délai du point}
    published: 5 to 60 minutes
    kind: {outage: 30m}
    phase: {monitoring: {times: 2}}
"""
OWN = """\
extends: base
parameters: {status_within: {base: 45m, page: {p: 10m}}}
disable: [{rule: status-missing, reason: told by phone, until: 2026-03-02}]
"""
RULE = """\
id: status-missing
title: {en: No post of its own, fr: Pas de publication dédiée}
severity: critical
about: page
when: {page.silence: {at_least: 2 * $status_within}}
expect: {post.kind: incident_status}
within: $status_within
of: incident.aware_at
recommend: {action: publish-status, say: {en: publish, fr: publiez}}
because: {en: People wait., fr: On attend.}
sources: [{title: A guide, where: page 3}]
"""


def _playbook(*more: Source) -> Playbook:
    return build_playbook(
        [
            Source(name="base.yaml", text=BASE, role="playbook"),
            Source(name="status-missing.yaml", text=RULE, role="rule", family="pace"),
            *more,
        ]
    )


def _own() -> Playbook:
    return _playbook(Source(name="crisis.yaml", text=OWN, role="playbook", own=True))


def test_each_layer_that_made_a_value_is_told_with_its_place() -> None:
    context = Context(kind="outage", page="p")
    assert value_lines("status_within", _own(), "en", context) == (
        "`status_within`: 10 min, time to a status",
        "  base 1 h, base.yaml line 2",
        "  base 45 min, crisis.yaml line 2",
        "  incident of kind outage 30 min, base.yaml line 7",
        "  page p 10 min, crisis.yaml line 2",
        "  otherwise: phase monitoring × 2",
        "  published: 5 to 60 minutes",
    )


def test_values_elsewhere_are_told_in_french_too() -> None:
    lines = value_lines("status_within", _playbook(), "fr")
    assert lines[0] == "`status_within` : 1 h, délai du point"
    assert lines[2] == "  ailleurs : incident de nature outage 30 min; phase monitoring × 2"


def test_a_rule_is_explained_part_by_part() -> None:
    playbook = _playbook()
    (rule,) = playbook.rules
    parts = {part.label: part.lines for part in explain_rule(rule, playbook)}
    assert list(parts) == [
        "watches",
        "when",
        "expects",
        "timing",
        "values",
        "do",
        "why",
        "sources",
        "allow",
    ]
    assert parts["watches"] == ("each page",)
    assert parts["sources"] == ("A guide, page 3",)
    assert heading(rule, "fr") == "Pas de publication dédiée (critique, stable)"


def test_a_rule_that_is_switched_off_says_why_and_until_when() -> None:
    playbook = _own()
    parts = {part.label: part.lines for part in explain_rule(playbook.rules[0], playbook, "fr")}
    assert parts["désactivée"] == ("told by phone, jusqu'au 2026-03-02 (crisis.yaml ligne 3)",)
    assert "autoriser" not in parts


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_rule_of_the_base_is_explained(language: str) -> None:
    playbook = read_playbook()
    for rule in playbook.rules:
        parts = explain_rule(rule, playbook, language)
        assert all(line.strip() for part in parts for line in part.lines)
        told = " ".join(line for part in parts for line in part.lines)
        assert all(f"`{name}`" in told for name in parameters_of(rule))
