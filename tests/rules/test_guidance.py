"""The shipped crisis lines and scenarios: all that are promised, whole, in both languages, with pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crisisrules import load_playbook
from crisisrules.adapters.playbooks import base_folder
from crisisrules.model.vocabulary import COMMENT_CLASSES
from crisisrules.playbook.guidance import (
    HOLDING,
    SLOTS,
    STATEMENTS,
    CrisisLine,
    Scenario,
    reply_to,
)
from crisisrules.playbook.rule import Texts

PLAYBOOK = load_playbook()
PLATFORMS = (
    "facebook", "instagram", "x", "linkedin", "tiktok", "youtube", "mastodon", "bluesky",
    "status_page", "email",
)  # fmt: skip
KINDS = (
    "outage", "data_breach", "recall", "safety", "reputational", "external_tragedy",
    "industrial_dispute", "leaked_exercise",
)  # fmt: skip


def texts_of(told: CrisisLine | Scenario) -> Iterator[Texts]:
    yield told.title
    yield from told.behaviours
    yield from told.mistakes
    yield from (reply.how for reply in told.replies.values() if reply.how is not None)
    if isinstance(told, Scenario):
        yield from told.statements.values()
    else:
        yield told.tone


def test_every_platform_and_kind_that_is_promised_is_there() -> None:
    assert set(PLATFORMS) <= set(PLAYBOOK.lines)
    assert set(KINDS) <= set(PLAYBOOK.scenarios)


@pytest.mark.parametrize("told", [*PLAYBOOK.lines.values(), *PLAYBOOK.scenarios.values()])
def test_each_says_what_to_do_and_what_not_to_do(told: CrisisLine | Scenario) -> None:
    assert len(told.behaviours) >= 3
    assert len(told.mistakes) >= 2
    assert told.sources


@pytest.mark.parametrize("told", [*PLAYBOOK.lines.values(), *PLAYBOOK.scenarios.values()])
def test_each_speaks_both_languages(told: CrisisLine | Scenario) -> None:
    for text in texts_of(told):
        assert text["en"].strip()
        assert text["fr"].strip()


@pytest.mark.parametrize("scenario", PLAYBOOK.scenarios.values(), ids=lambda one: one.kind)
@pytest.mark.parametrize("platform", sorted(PLAYBOOK.lines))
def test_for_each_class_of_comment_it_is_decided_whether_to_answer(
    platform: str, scenario: Scenario
) -> None:
    line = PLAYBOOK.lines[platform]
    decided = {name: reply_to(name, scenario, line) for name in COMMENT_CLASSES}
    assert [name for name, reply in decided.items() if reply is None] == []
    danger = decided["safety"]
    assert danger is not None
    assert danger.answer == "at-once"


@pytest.mark.parametrize("scenario", PLAYBOOK.scenarios.values(), ids=lambda one: one.kind)
def test_statements_leave_open_what_is_known_to_be_filled_in(scenario: Scenario) -> None:
    # nothing goes on in a drill, nor is somebody else's tragedy the brand's to report on
    short = scenario.kind in ("external_tragedy", "leaked_exercise")
    wanted = {HOLDING} if short else set(STATEMENTS)
    assert wanted <= set(scenario.statements) <= set(STATEMENTS)
    for text in scenario.statements.values():
        english, french = (set(re.findall(r"\{(\w+)\}", text[each])) for each in ("en", "fr"))
        assert english == french
        assert english <= set(SLOTS)


def test_each_has_its_page() -> None:
    folder = base_folder()
    pages = [f"lines/{name}.md" for name in PLAYBOOK.lines]
    pages += [f"scenarios/{kind}.md" for kind in PLAYBOOK.scenarios]
    assert [page for page in pages if not (folder / page).is_file()] == []
