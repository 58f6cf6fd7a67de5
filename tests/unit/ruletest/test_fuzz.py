"""Whatever a rule test's text is, it is read or its faults are told; moments come back as they went."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.streams.events import parse_event
from crisisrules.model.durations import format_duration
from crisisrules.model.errors import CrisisRulesError
from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest.cases import read_rule_test
from crisisrules.ruletest.moments import moment_text, read_moment

START = datetime(2026, 3, 2, 8, tzinfo=timezone(timedelta(hours=1)))
PLAYBOOK = Playbook(name="test", rules=(), parameters={})
TEXT = """\
rule: x
start: 2026-03-02T08:00:00+01:00
moments: {declared: +0m, deadline: declared + 60m}
parameters: {a: 1}
governance: {owner: press, roles: {press: speaks}}
lines: [facebook]
with: [y]
given:
  - {at: declared, type: page.described, page: p, platform: facebook}
cases:
  - name: one
    given: [{at: -1h, type: clock}]
    steps:
      - at: declared
        events: [{type: information.released, incident: i1, information: n, seen_by: {press: +1m}}]
        then: [{subject: {page: p}, status: open, due_at: deadline}, {page: q, severity: info}]
      - {at: deadline - 1s, event: {type: clock}, then: {subject: {page: p}, settled_by: {post: p1}}}
      - {at: deadline, then: silent}
"""
PIECES = sorted({*TEXT.split(), ": ", "\n", "  ", "- ", "{", "}", "[", "]", "''", "null", "1", "é"})


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = TEXT
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.just("")) + text[end:]
    return text


@given(mutated() | st.text(max_size=60))
def test_however_a_text_is_broken_its_faults_are_told(text: str) -> None:
    # The rule is none of the playbook's, so there is always a fault to tell
    with pytest.raises(CrisisRulesError) as caught:
        read_rule_test(text, "t.test.yaml", playbook=PLAYBOOK, parse_event=parse_event)
    assert {problem.place.source for problem in caught.value.problems} == {"t.test.yaml"}


seconds = st.integers(0, 10**7).map(lambda count: count * 1_000_000)


@given(st.lists(st.tuples(st.booleans(), seconds), max_size=4), st.booleans())
def test_a_moment_is_its_name_and_the_durations_after_it(
    steps: list[tuple[bool, int]], named: bool
) -> None:
    names = {"deadline": START + timedelta(hours=1)}
    text = "deadline" if named or not steps else ""
    for plus, duration in steps:
        text += f" {'+' if plus else '-'} {format_duration(duration)}"
    total = sum(duration if plus else -duration for plus, duration in steps)

    at = read_moment(text, START, names)

    base = names["deadline"] if text.startswith("deadline") else START
    assert at == base + timedelta(microseconds=total)
    # What a failure shows can be written into the test
    shown = moment_text(at.astimezone(UTC), START).partition(" (")[0]
    assert read_moment(shown, START, {}) == at


@given(st.text(max_size=40))
def test_what_is_no_moment_is_a_value_error_and_nothing_else(text: str) -> None:
    with suppress(ValueError):
        assert read_moment(text, START, {"deadline": START}).tzinfo is not None
