"""News is told from a variant by facts: reworded is no news, one changed number is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.signals.novelty import facts_of, novel
from crisisrules.signals.statement import StatementReader
from crisisrules.signals.text import prepare

DATA = Path(__file__).parent / "data"


def test_labelled_pairs(statements: StatementReader) -> None:
    rows = [
        json.loads(line)
        for line in (DATA / "novelty.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    right = [
        novel(statements, row["text"], row["previous"], row["lang"]).is_new == row["new_info"]
        for row in rows
    ]
    assert sum(right) / len(right) >= 0.9


@pytest.mark.parametrize(
    ("before", "after", "fact"),
    [
        ("300 homes are off.", "200 homes are off.", "n:200"),
        ("Next update at 4pm.", "Next update at 5pm.", "t:17:00"),
        ("Updates every hour.", "Updates every 30 minutes.", "t:every:1800"),
        ("Power is out in Hove.", "Power is out in Hove and Worthing.", "w:worth"),
        ("Trains are delayed.", "Trains are cancelled.", "w:cance"),
        ("Calls are failing.", "Calls and emails are failing.", "w:email"),
        ("We are looking for the cause.", "A burst pipe is the cause.", "f:cause_known"),
        ("Power is out.", "Power is back on.", "f:resolution"),
        ("We are sorry.", "We are sorry. You will get a refund.", "f:compensation"),
    ],
)
def test_names_the_fact_that_is_new(
    statements: StatementReader, before: str, after: str, fact: str
) -> None:
    found = novel(statements, after, [before], "en")
    assert found.is_new
    assert fact in found.facts


def test_numbers_are_compared_as_numbers(statements: StatementReader) -> None:
    assert not novel(statements, "3200 foyers", ["3 200 foyers"], "fr").is_new
    assert not novel(statements, "4,000 homes", ["4000 homes"], "en").is_new


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_was_said_is_no_news(statements: StatementReader, one: str, other: str) -> None:
    assert not novel(statements, one, [other, one], "en").is_new
    both = facts_of(statements, prepare(one, "fr")) | facts_of(statements, prepare(other, "fr"))
    assert facts_of(statements, prepare(one, "fr")) <= both


def test_facts_stay_few_and_short(statements: StatementReader) -> None:
    facts = facts_of(statements, prepare("zx" * 40 + " " + "word9 " * 5_000, "en"))
    assert len(facts) < 10
    assert all(len(fact) < 40 for fact in facts)
