"""Where a rule that is followed blindly would do harm, and the case that shows that it does not.

Each harm names the cases of rule tests in which the false alarm stays away, or in which a person is asked
instead. That every case passes is tested with the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

import pytest

from crisisrules import Session, load_playbook
from crisisrules.adapters.playbooks import base_folder
from crisisrules.api import parse_event
from crisisrules.model.vocabulary import ACTIONS
from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest.cases import Case, RuleTest, read_rule_test
from crisisrules.ruletest.pages import fires
from crisisrules.signals import Signals, load_signals

SILENT = {
    "a raid, a campaign or one angry author looks like an outage": [
        ("outside-signal-first", "one angry author"),
        ("outside-signal-first", "a campaign about something else"),
        ("outside-signal-first", "as busy as ever"),
        (
            "silence-while-thread-grows",
            "a raid about something else is no thread about the incident",
        ),
    ],
    "a small incident is told to half a million people": [
        ("first-mention-overdue", "a minor incident lays no duty to speak"),
        ("dedicated-status-missing", "a minor incident lays no duty"),
    ],
    "a police matter is revealed early": [
        ("first-mention-overdue", "an embargo silences it"),
        ("dedicated-status-missing", "an embargo silences it"),
        ("silence-while-thread-grows", "an embargo silences it"),
    ],
    "safety, service or another country's posts are frozen": [
        ("promotion-during-incident", "service information is never frozen"),
        ("promotion-during-incident", "a page that the incident does not concern"),
        ("scheduled-content-not-frozen", "a service notice stays"),
    ],
    "what is said again on purpose counts as repetition": [
        (
            "repeat-without-new-information",
            "the same in another language, and safety advice, are said again on purpose",
        ),
    ],
    "splitting a thread buries criticism under copies": [
        ("oversized-thread", "two hours old and nothing new to say"),
    ],
    "a roster that nobody keeps accuses the staff": [
        ("shift-gap-during-incident", "no roster is known, so nothing is said of it"),
        ("roster-gap", "no roster is known"),
    ],
    "an uncleared fact is pushed to the pages": [
        ("information-parity-lag", "a fact that is not cleared is nobody's lag"),
        ("impact-change-unpublished", "a fact that is not cleared stays inside"),
    ],
    "an apology is pressed for against the law or for another's tragedy": [
        ("apology-missing-or-conditional", "the legal role waived it"),
        ("apology-missing-or-conditional", "somebody else's tragedy"),
    ],
    "feeling is asked for trivial faults": [
        ("draft-empathy", "a minor incident needs no feeling"),
    ],
    "an honest hedge is taken for speculation": [
        ("draft-unknowns-and-speculation", "the cause is not known, and it says so"),
        ("draft-unknowns-and-speculation", "a cause that was cleared"),
    ],
    "a repair time that the law asks for is taken out": [
        ("draft-eta-promise", "the law asks for a time"),
        ("draft-eta-promise", "an estimate is called one"),
    ],
    "French sentences, laws and medicines are called jargon": [
        ("draft-blame-jargon-help", "a French sentence may be as long as French is"),
        (
            "draft-blame-jargon-help",
            "the names of a medicine and of laws in a legal notice are no jargon",
        ),
    ],
    "correcting a rumour spreads it": [
        ("misinformation-uncorrected", "two people with a wrong idea"),
    ],
    "a service that flaps is announced as back": [
        ("stale-status-after-recovery", "it falls down again and nothing is owed"),
    ],
}
"""Harm by harm, the cases in which the rule is silent to the end or falls silent."""

ASKED = {
    "a new page without a normal rate is never free again": [
        (
            "premature-return-to-normal",
            "where the normal rate of a page is not known a person decides",
        ),
        ("outside-signal-first", "a page of which the normal rate is not known"),
    ],
    "limits on replies silence people in danger": [
        ("safety-comment-escalate", "no flood and no collective notice stand in its way"),
        ("safety-comment-escalate", "it needs no declared incident and survives the end of one"),
    ],
    "an embargo hides that rules are silent": [
        ("embargo-in-force", "it is told as long as it holds, and not a second longer"),
        ("first-mention-overdue", "an embargo ends, and the word is due"),
    ],
    "dissent is hidden as trolling": [
        ("deletion-of-criticism", "a complaint was hidden under a rule"),
        ("deletion-of-criticism", "a public body may not"),
    ],
    "an end is announced before it holds": [
        ("resolution-unconfirmed", "people still write that it is down"),
    ],
}
"""Harm by harm, the cases in which the rule speaks, because silence would be the harm."""


@cache
def playbook() -> Playbook:
    return load_playbook()


@cache
def signals() -> Signals:
    return load_signals(playbook().lexicons)


@cache
def rule_test(rule: str) -> RuleTest:
    (file,) = base_folder().rglob(f"{rule}.test.yaml")
    text = file.read_text(encoding="utf-8")
    return read_rule_test(text, file.name, playbook=playbook(), parse_event=parse_event)


def case_of(rule: str, name: str) -> Case:
    (case,) = (case for case in rule_test(rule).cases if case.name == name)
    return case


def entries(table: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [entry for cases in table.values() for entry in cases]


@pytest.mark.parametrize(("rule", "name"), entries(SILENT))
def test_the_false_alarm_stays_away(rule: str, name: str) -> None:
    case = case_of(rule, name)
    last = [step.expected for step in case.steps if step.expected is not None][-1]
    assert not fires(case) or all(one.status == "silent" for one in last)


@pytest.mark.parametrize(("rule", "name"), entries(ASKED))
def test_a_person_is_asked_where_silence_would_be_the_harm(rule: str, name: str) -> None:
    case = case_of(rule, name)
    assert fires(case)


def test_no_rule_publishes_answers_hides_or_deletes() -> None:
    # templates that release themselves, replies by a machine: an action is always a person's
    assert {rule.advice.action for rule in playbook().rules} <= set(ACTIONS)
    assert not {"publish", "delete", "hide", "declare-incident"} & set(ACTIONS)


@pytest.mark.parametrize("rule", [rule.id for rule in load_playbook().rules if rule.regimes])
def test_no_clock_of_the_law_runs_where_it_was_not_declared(rule: str) -> None:
    regimes = set(next(one.regimes for one in playbook().rules if one.id == rule))
    undeclared = [
        case for case in rule_test(rule).cases if not regimes & set(case.governance.regimes)
    ]
    assert undeclared
    assert not any(map(fires, undeclared))


START = datetime.fromisoformat("2026-03-02T08:00:00+01:00")


def told(*events: Mapping[str, object], hours: float = 12) -> Session:
    session = Session(playbook(), signals=signals())
    for event in events:
        session.feed(parse_event({"at": START.isoformat(), **event}))
    session.advance(START + timedelta(hours=hours))
    return session


PAGE = {"type": "page.described", "page": "bank", "platform": "facebook"}
OPENED = {
    "type": "incident.opened",
    "incident": "i1",
    "kind": "outage",
    "severity": "critical",
    "title": "cards down",
}


def test_gaps_in_a_roster_are_told_without_the_names_of_people() -> None:
    shift = {"type": "shift.planned", "role": "community", "person": "Zelda Quint"}
    session = told(
        PAGE,
        OPENED,
        {**shift, "from": "2026-03-02T08:00:00+01:00", "to": "2026-03-02T09:00:00+01:00"},
    )
    rules = {one.rule for one in session.recommendations()}
    assert rules >= {"shift-gap-during-incident", "roster-gap"}
    assert "Zelda" not in str(session.recommendations())
    assert "Zelda" not in str(session.agenda())


def test_a_silent_brand_gets_a_few_cards_and_no_storm() -> None:
    comments = {"type": "post.counted", "page": "bank", "post": "p0", "comments": 900}
    session = told(
        PAGE,
        OPENED,
        {
            "type": "post.published",
            "page": "bank",
            "post": "p0",
            "kind": "contest",
            "text": "Win a trip",
        },
        {**comments, "incident_comments": 900},
        {
            "type": "reply.published",
            "page": "bank",
            "post": "p0",
            "incident": "i1",
            "text": "We know",
        },
        hours=2,
    )
    live = session.recommendations()
    agenda = session.agenda()
    assert len(live) >= 4  # so much is wrong at once
    assert len(agenda) < len(live)
    # one card for all that asks for the same of the same page, and nothing is lost
    assert len({(one.action, one.page, one.subject) for one in agenda}) == len(agenda)
    carried = [each.rule for one in agenda for each in one.recommendations]
    assert sorted(carried) == sorted(one.rule for one in live)
