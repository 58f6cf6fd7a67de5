"""Scenarios and crisis lines: what ships is whole, and mistakes in one's own are named."""

# ruff: noqa: E501 - a table of mistakes reads best with one a line

from __future__ import annotations

import pytest

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.model.errors import PlaybookError
from crisisrules.model.vocabulary import COMMENT_CLASSES, INCIDENT_KINDS
from crisisrules.playbook.guidance import Reply, reply_to
from crisisrules.playbook.guidance_lines import guidance_parts, guidance_title
from crisisrules.playbook.load import Source, build_playbook
from crisisrules.playbook.playbook import Playbook

PLATFORMS = (
    "facebook",
    "instagram",
    "x",
    "linkedin",
    "tiktok",
    "youtube",
    "mastodon",
    "bluesky",
    "status_page",
    "email",
)

SCENARIO = """\
kind: outage
title: {en: Down, fr: En panne}
behaviours: [{en: say it, fr: le dire}]
mistakes: [{en: wait, fr: attendre}]
replies:
  question: {answer: together, how: {en: in the next status, fr: au prochain point}}
  complaint: {answer: together}
  factual_error: {answer: once}
  safety: {answer: at-once}
  abuse: {answer: moderate}
  spam: {answer: moderate}
  other: {answer: leave}
statements:
  holding: {en: "{what}. Next at {next_update}.", fr: "{what}. Suite à {next_update}."}
sources: [{title: A guide}]
"""
LINE = """\
platform: x
title: {en: X, fr: X}
tone: {en: short, fr: court}
behaviours: [{en: thread it, fr: en fil}]
mistakes: [{en: be alone there, fr: y être seul}]
replies:
  question: {answer: one-by-one}
sources: [{title: A guide}]
"""


def _build(scenario: str = SCENARIO, line: str = LINE, *, own: bool = False) -> Playbook:
    return build_playbook(
        [
            Source(name="scenarios/outage.yaml", text=scenario, role="scenario", own=own),
            Source(name="lines/x.yaml", text=line, role="line", own=own),
        ]
    )


def test_each_kind_of_incident_has_a_scenario() -> None:
    playbook = read_playbook()
    assert set(playbook.scenarios) == set(INCIDENT_KINDS)
    for scenario in playbook.scenarios.values():
        assert len(scenario.behaviours) >= 4
        assert len(scenario.mistakes) >= 3
        assert set(scenario.replies) == set(COMMENT_CLASSES)


def test_danger_to_people_is_answered_at_once_in_every_scenario_and_line() -> None:
    playbook = read_playbook()
    for scenario in playbook.scenarios.values():
        for line in (None, *playbook.lines.values()):
            reply = reply_to("safety", scenario, line)
            assert reply is not None
            assert reply.answer == "at-once"


def test_the_platforms_that_brands_use_have_a_line() -> None:
    assert set(PLATFORMS) <= set(read_playbook().lines)


def test_the_line_of_a_platform_wins_over_the_scenario() -> None:
    playbook = _build()
    scenario, line = playbook.scenarios["outage"], playbook.lines["x"]
    assert reply_to("question", scenario, line) == Reply(answer="one-by-one")
    assert reply_to("complaint", scenario, line) == Reply(answer="together")
    assert reply_to("complaint", None, line) is None


def test_what_a_brand_writes_itself_counts_as_its_own() -> None:
    assert _build().governance.lines == ()
    governance = _build(own=True).governance
    assert (governance.lines, governance.scenarios) == (("x",), ("outage",))


def test_both_are_told_together() -> None:
    playbook = _build()
    scenario, line = playbook.scenarios["outage"], playbook.lines["x"]
    assert guidance_title(scenario, line, "fr") == "X, En panne"
    parts = {part.label: part.lines for part in guidance_parts(scenario, line, "fr")}
    assert parts["à faire"] == ("le dire", "en fil")
    assert parts["commentaires"][0] == (
        "questions : répondre un par un tant que l'équipe suit, sinon collectivement"
    )
    assert parts["à remplir"] == (
        "{what} ce que les gens constatent",
        "{next_update} l'heure du prochain point",
    )
    assert parts["sources"] == ("A guide",)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_that_ships_can_be_told(language: str) -> None:
    playbook = read_playbook()
    for scenario in playbook.scenarios.values():
        for line in playbook.lines.values():
            parts = guidance_parts(scenario, line, language)
            assert all(line.strip() for part in parts for line in part.lines)


SCENARIO_MISTAKES = {
    "key": ("behaviours:", "behaviors:", ":3:1: error unknown-key: `behaviors` is not a key of a scenario; did you mean `behaviours`?"),
    "kind": ("kind: outage", "kind: outtage", ":1:7: error unknown-value: `outtage` is not a kind of incident; did you mean `outage`?"),
    "file": ("kind: outage", "kind: recall", ":1:7: error id-not-file-name: `recall` is not the name of the file; call one as the other: `outage`"),
    "class": ("  spam:", "  spm:", ":11:3: error unknown-value: `spm` is not a class of comment; did you mean `spam`?"),
    "class left out": ("  spam: {answer: moderate}\n", "", ":6:3: error missing-key: it is not said how to answer `spam`; each class of comment has a line"),
    "answer": ("answer: once", "answer: twice", ":8:27: error unknown-value: `twice` is not a way to answer; allowed: `at-once`, `leave`, `moderate`, `once`, `one-by-one`, `together`"),
    "slot": ('en: "{what}.', 'en: "{whta}.', ":14:17: error placeholder: `{whta}` is not a slot; did you mean `{what}`?"),
    "slot in one language": ("Suite à {next_update}", "Suite bientôt", ":14:55: error placeholder: `{next_update}` stands in another language and is missing in `fr`"),
    "language": (", fr: attendre", "", ":4:12: error missing-language: the text is missing in `fr`; `en` and `fr` are both needed"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", SCENARIO_MISTAKES)
def test_a_mistake_in_a_scenario_is_named_at_its_place(mistake: str) -> None:
    old, new, expected = SCENARIO_MISTAKES[mistake]
    assert SCENARIO.count(old) == 1
    with pytest.raises(PlaybookError) as caught:
        _build(SCENARIO.replace(old, new))
    assert f"scenarios/outage.yaml{expected}" in [str(one) for one in caught.value.problems]


def test_a_first_word_must_say_when_the_next_one_comes() -> None:
    text = SCENARIO.replace(" Next at {next_update}.", "").replace(" Suite à {next_update}.", "")
    with pytest.raises(PlaybookError, match=r"put `\{next_update\}` into it"):
        _build(text)


def test_a_mistake_in_a_line_is_named_at_its_place() -> None:
    with pytest.raises(PlaybookError) as caught:
        _build(
            line=LINE.replace("tone: {en: short, fr: court}\n", "tune: {en: short, fr: court}\n")
        )
    assert [str(one) for one in caught.value.problems] == [
        "lines/x.yaml:3:1: error unknown-key: `tune` is not a key of a crisis line; did you mean `tone`?"
    ]
