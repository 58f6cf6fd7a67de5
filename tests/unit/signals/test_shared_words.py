"""The words of a question: what is kept of it, and that nothing else can be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.signals.shared_words import MOST_WORDS, key_of, question_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Quand est-ce que ça revient ?", ("quand", "revient")),
        (
            "Bonjour, savez-vous pourquoi mon forfait est débité ?",
            ("débité", "forfait", "pourquoi"),
        ),
        ("When will it be back? @brand https://example.org/when", ("back", "when")),
        ("how long until refunds???", ("how", "long", "refunds", "until")),
        ("¿Cuándo vuelve el servicio?", ("cuándo", "servicio", "vuelve")),
        ("?", ()),
        ("", ()),
    ],
)
def test_words_that_carry_the_question_are_kept(text: str, words: tuple[str, ...]) -> None:
    assert question_words(text) == words


def test_what_everybody_says_of_the_incident_says_nothing_of_a_question() -> None:
    text = "Quand revient le réseau à Lyon ?"
    assert question_words(text, ["Reseau", "panne", "Lyon"]) == ("quand", "revient")


def test_forms_and_accents_of_a_word_are_one() -> None:
    assert key_of("revient") == key_of("reviens") == key_of("REVIENT".casefold())
    assert key_of("débité") == key_of("debite")


def test_one_long_question_gives_no_more_words_than_another() -> None:
    many = " ".join(f"mot{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(5000))
    assert len(question_words(many)) == MOST_WORDS


@given(st.text(max_size=600))
def test_of_any_text_only_a_few_plain_words_are_kept(text: str) -> None:
    words = question_words(text)
    assert len(words) <= MOST_WORDS
    assert list(words) == sorted(set(words))
    assert all(word.isalpha() and len(word) <= 20 for word in words)
