"""The schemas of editors accept what the loader accepts, and mark what people typically mistype."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from strategies import rules

from crisisrules.adapters.playbooks import GUIDANCE, base_folder
from crisisrules.model.events import EVENT_TYPES
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.dump import rule_data
from crisisrules.playbook.fields import field_rows
from crisisrules.playbook.rule import Rule
from crisisrules.playbook.schema import (
    line_schema,
    playbook_schema,
    rule_schema,
    rule_test_schema,
    scenario_schema,
)
from crisisrules.playbook.yamltext import parse_yaml, plain

STATUSES = ("open", "overdue", "pending", "resolved", "cancelled", "replaced")
RULE = Draft202012Validator(rule_schema())
PLAYBOOK = Draft202012Validator(playbook_schema())
SCENARIO = Draft202012Validator(scenario_schema())
LINE = Draft202012Validator(line_schema())
RULE_TEST = Draft202012Validator(rule_test_schema(EVENT_TYPES, STATUSES))

NO_RULES = ("lexicons", *GUIDANCE)
FILES = sorted(path for path in base_folder().glob("*/*.yaml") if path.parent.name not in NO_RULES)

GOOD = """\
id: status-missing
title: {en: No post of its own, fr: Pas de publication dédiée}
severity: critical
about: page
when:
  incident.severity: [major, critical]
  any:
    - page.silence: {at_least: 30m}
    - page.comments: {at_least: 2 * $many, in_last: 30m}
expect: {post.kind: incident_status}
within: {warning: 30m, critical: $status_within}
of: incident.aware_at
recommend: {action: publish-status, say: {en: publish, fr: publiez}}
because: {en: People wait., fr: On attend.}
sources: [{title: A guide, url: "https://example.org/guide"}]
"""

MISTAKES = {
    "key": ("because:", "becuse:"),
    "fact": ("incident.severity:", "incident.severty:"),
    "fact of another subject": ("page.silence: {at_least: 30m}", "reply.has_news: true"),
    "value": ("[major, critical]", "[majr]"),
    "operator": ("at_least: 30m", "atleast: 30m"),
    "operator of another type": ("page.silence: {at_least: 30m}", "page.silence: {mentions: 30m}"),
    "unit": ("at_least: 30m", "at_least: 30"),
    "window": ("page.silence: {at_least: 30m}", "page.silence: {at_least: 30m, in_last: 1h}"),
    "severity": ("severity: critical", "severity: high"),
    "action": ("publish-status", "post-status"),
    "subject": ("about: page", "about: site"),
    "language": (", fr: publiez", ""),
    "no form": ("within: {warning: 30m, critical: $status_within}\n", ""),
    "instant": ("incident.aware_at", "incident.age"),
    "address": ("https://example.org", "example.org"),
    "id": ("id: status-missing", "id: Status missing"),
}


def _faults(validator: Draft202012Validator, text: str) -> list[str]:
    document = plain(parse_yaml(text, "f.yaml"))
    return [
        f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(document)
    ]


@pytest.mark.parametrize("schema", [RULE, PLAYBOOK, RULE_TEST, SCENARIO, LINE])
def test_a_schema_is_one(schema: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(schema.schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_file_fits(path: Path) -> None:
    validator = RULE_TEST if path.name.endswith(".test.yaml") else RULE
    assert _faults(validator, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path", sorted(base_folder().glob("scenarios/*.yaml")), ids=lambda p: p.stem
)
def test_every_scenario_fits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _faults(SCENARIO, text) == []
    assert _faults(SCENARIO, text.replace("mistakes:", "errors:"))
    assert _faults(SCENARIO, text.replace("answer: moderate", "answer: delete"))


@pytest.mark.parametrize("path", sorted(base_folder().glob("lines/*.yaml")), ids=lambda p: p.stem)
def test_every_line_fits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _faults(LINE, text) == []
    assert _faults(LINE, text.replace("tone:", "tune:"))


def test_the_base_playbook_fits() -> None:
    assert _faults(PLAYBOOK, (base_folder() / "playbook.yaml").read_text(encoding="utf-8")) == []


@given(rules())
@settings(max_examples=40)
def test_every_rule_that_loads_fits(rule: Rule) -> None:
    assert [error.message for error in RULE.iter_errors(rule_data(rule))] == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_typical_mistake_is_marked(mistake: str) -> None:
    old, new = MISTAKES[mistake]
    assert GOOD.count(old) == 1
    assert _faults(RULE, GOOD) == []
    assert _faults(RULE, GOOD.replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        "disable: [{rule: a}]",
        "lines: [facebok]",
        "parameters: {x: {kind: {outtage: 5m}}}",
        "parameters: {x: {type: duration, default: 5m}}",
        "governence: {}",
        "governance: {approval_chains: {holding: [{within: 5m}]}}",
    ],
)
def test_a_mistake_of_a_brand_is_marked(text: str) -> None:
    assert _faults(PLAYBOOK, text)


def test_a_brand_in_a_few_lines_fits() -> None:
    text = (
        "extends: base\nparameters: {a: 45m, b: {base: 3, kind: {outage: {times: 2}}}}\n"
        "disable: [{rule: a, reason: done, until: 2026-03-02}]\nlines: [x]\n"
    )
    assert _faults(PLAYBOOK, text) == []


def test_each_fact_has_a_row_and_says_who_may_ask_it() -> None:
    rows = {row.path: row for row in field_rows("fr")}
    assert set(rows) == set(FACTS)
    assert all(row.subjects and row.operators for row in rows.values())
    assert rows["post.age"].subjects == ("post", "comment", "event")
    assert rows["page.comments"].operators[-1] == "in_last"
    assert rows["incident.age"].unit == "duration (90m, 2h30m)"
    assert rows["page.next_update_at"].absent == "aucune heure promise"
    assert {row.path.split(".")[0] for row in field_rows(subject="incident")} == {
        "incident",
        "brand",
        "playbook",
    }
