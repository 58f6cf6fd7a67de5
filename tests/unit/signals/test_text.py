"""Texts are cut into tokens that lie where they say, however the cutting was sped up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.signals.marks import mark_of
from crisisrules.signals.text import prepare

BLANKS = st.text(alphabet=" \t\u00a0\u202f\r\x0b\x85", min_size=1, max_size=3)
WORDS = st.one_of(
    st.sampled_from(
        ["12", "000", "1234", "500,", "7", "L'été", "we're", "#AbCd", "a-b", "…", "?!"]
    ),
    st.text(min_size=1, max_size=6).map(lambda text: "".join(text.split()) or "x"),
)


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("12 000 foyers", ("12000", "foyers")),
        ("12  000 foyers", ("12", "000", "foyers")),
        ("en 12 minutes", ("en", "12", "minutes")),
        ("le 0 800 12 34 56", ("le", "0800", "12", "34", "56")),
        ("a\nb", ("a", "\n", "b")),
        ("  L'été ", ("l'", "ete")),
        ("#PanneOrange!", ("#", "panne", "orange", "!")),
        ("", ()),
    ],
)
def test_tokens(text: str, norms: tuple[str, ...]) -> None:
    assert tuple(prepare(text).norms) == norms


@given(st.lists(st.tuples(WORDS, BLANKS), max_size=12))
def test_blanks_between_tokens_do_not_change_them(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + blank for word, blank in parts)
    prepared = prepare(text)
    # a line's end in front makes the blanks count: the way that texts of several lines go
    slow = prepare(f"x\n{text}")
    assert prepared.norms == slow.norms[2:]
    assert prepared.each == slow.each[2:]
    assert [start + 2 for start in prepared.starts] == list(slow.starts[2:])
    assert [end + 2 for end in prepared.ends] == list(slow.ends[2:])


@given(st.text())
def test_tokens_lie_in_order_where_they_say(text: str) -> None:
    prepared = prepare(text)
    tokens = prepared.tokens
    assert all(token.text == text[token.start : token.end] != "" for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))


@given(st.text())
def test_marks_of_a_text_are_those_of_its_tokens(text: str) -> None:
    prepared = prepare(text)
    for norm, kind, shape, mark in zip(
        prepared.norms, prepared.kinds, prepared.shapes, prepared.each, strict=True
    ):
        assert mark & mark_of(norm, kind, shape) == mark_of(norm, kind, shape)
        assert prepared.marks & mark == mark
