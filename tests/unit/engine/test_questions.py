"""Questions put side by side: whatever their order, within bounds, and from any place of a stream."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules import Session, load_playbook
from crisisrules.adapters.streams.events import parse_event
from crisisrules.engine.questions import MOST_QUESTIONS, alike
from crisisrules.model.recommendation import Change

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RULE = "same-question-unanswered"
WORDS = st.sampled_from(["quand", "revient", "rembourse", "combien", "agence", "pourquoi"])
ASKED = st.lists(
    st.frozensets(WORDS, max_size=4).map(lambda each: tuple(sorted(each))), max_size=30
)
PLAYBOOK = load_playbook()


def declared(*, keywords: tuple[str, ...] = ()) -> Session:
    session = Session(PLAYBOOK)
    for fields in (
        {"type": "page.described", "page": "p", "platform": "facebook"},
        {"type": "incident.opened", "incident": "i", "kind": "outage", "severity": "major",
         "title": "panne", "keywords": list(keywords)},
        {"type": "post.published", "page": "p", "post": "p0", "kind": "corporate", "incident": "i"},
    ):  # fmt: skip
        session.feed(parse_event({"at": START.isoformat(), **fields}))
    return session


def ask(session: Session, texts: Iterable[str], *, after: int = 0) -> list[Change]:
    """What the rule says while these questions come in, a millisecond apart."""
    changes: list[Change] = []
    for number, text in enumerate(texts, after + 1):
        at = START + timedelta(minutes=1, milliseconds=number)
        fields = {"type": "comment.received", "page": "p", "post": "p0", "class": "question"}
        event = {**fields, "at": at.isoformat(), "comment": f"c{number}", "text": text}
        changes += session.feed(parse_event(event))
    return [change for change in changes if change.recommendation.rule == RULE]


@given(ASKED.flatmap(lambda asked: st.tuples(st.just(asked), st.permutations(asked))))
def test_the_order_of_questions_decides_nothing(
    orders: tuple[list[tuple[str, ...]], list[tuple[str, ...]]],
) -> None:
    asked, mixed = orders
    number, words = alike(mixed)
    assert (number, words) == alike(asked)
    assert words == () or number == sum(set(words) <= set(each) for each in asked)


def test_words_are_shown_as_most_people_write_them() -> None:
    asked = [("debite", "pourquoi"), ("débité", "pourquoi"), ("débité", "pourquoi")]
    assert alike(asked) == (3, ("débité", "pourquoi"))


def test_the_recommendation_says_how_many_and_which_words() -> None:
    texts = ["Quand est-ce que ça revient ?", "Ça revient quand ??"] * 4
    (opened,) = ask(declared(), texts)
    said = opened.recommendation.message
    assert said["en"].startswith("8 questions on p ask the same (shared words: quand, revient): ")
    assert "(mots communs : quand, revient)" in said["fr"]


def test_a_flood_keeps_a_bounded_number_of_questions() -> None:
    session = declared()
    ask(session, (unlike(number) for number in range(2_000)))
    (brand,) = session.brands
    asked = session.brand_session(brand).state.pages["p"].views["i"].asked
    assert asked is not None
    assert MOST_QUESTIONS <= len(asked) <= 2 * MOST_QUESTIONS


def unlike(number: int) -> str:
    """A question that has no word in common with another."""
    name = "".join(chr(97 + number // 26**place % 26) for place in range(3))
    return f"{name}aa {name}bb"


@pytest.mark.parametrize("at", [1, 7, 8, 9, 200, 256, 257, 300, 384, 385, 386, 500])
def test_cutting_a_flood_anywhere_changes_nothing(at: int) -> None:
    # first all ask one thing, then so many others that the first are forgotten within the hour
    texts = ["quand ça revient"] * 200 + [unlike(number) for number in range(400)]
    told = [str(change) for change in ask(declared(), texts)]
    assert len(told) == 2  # it opens, and closes when no eight of the newest ask the same

    first = declared()
    half = ask(first, texts[:at])
    rest = ask(Session.load(PLAYBOOK, first.dump()), texts[at:], after=at)
    assert [str(change) for change in (*half, *rest)] == told
