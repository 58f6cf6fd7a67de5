"""A finding of a statement points at the words for which its rule speaks, not at what else it names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisisrules import lint_draft, load_playbook
from crisisrules.model.events import IncidentOpened
from crisisrules.playbook.playbook import Playbook

OPENED = IncidentOpened(
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    incident="i",
    kind="outage",
    severity="critical",
    title="online banking is down",
    keywords=("banking", "outage"),
)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook()


def pointed_at(playbook: Playbook, rule: str, text: str) -> str:
    """What a finding of the rule marks in the text; empty for the text as a whole."""
    (finding,) = [one for one in lint_draft(text, OPENED, playbook).findings if one.rule == rule]
    if finding.end is None:
        return ""
    assert finding.place.line == finding.end.line == 1
    return text[(finding.place.column or 1) - 1 : (finding.end.column or 1) - 1]


BLAMED = (
    "Online banking is down since 9 am. Our supplier is to blame. "
    "Our teams are on it and hope to be back ASAP."
)
TRADE = (
    "Online banking is down since 9 am because the SLO of our ATO layer broke. Our teams are on it."
)
BARE = "Online banking is down since 9 am and our teams are working on it."


def test_blame_is_marked_though_help_is_missing_too(playbook: Playbook) -> None:
    assert "to blame" in pointed_at(playbook, "draft-blame-jargon-help", BLAMED)


def test_a_word_of_the_trade_is_marked_itself(playbook: Playbook) -> None:
    assert pointed_at(playbook, "draft-blame-jargon-help", TRADE) in ("SLO", "ATO")


def test_what_is_missing_altogether_is_nowhere(playbook: Playbook) -> None:
    assert pointed_at(playbook, "draft-blame-jargon-help", BARE) == ""


def test_what_stands_in_place_of_what_is_missing_is_marked(playbook: Playbook) -> None:
    assert "hope to be back" in pointed_at(playbook, "draft-next-update-time", BLAMED)
