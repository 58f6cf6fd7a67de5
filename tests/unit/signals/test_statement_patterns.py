"""Sequences of classes are found as they are written, and nowhere else."""

from __future__ import annotations

import json

import pytest
import yaml

from crisisrules.model.errors import PlaybookError
from crisisrules.signals.statement import StatementReader, load_statement_reader
from crisisrules.signals.statement_source import expand
from crisisrules.signals.text import prepare

WORDS = """
language: xx
conjugations: {r: {base: "-", done: ed}}
classes:
  a: alpha
  b: beta, big|small beta box?
  c: gamm/r
  never: nope
  ing: "*ing"
"""


def forms(text: str) -> str:
    return json.dumps(expand("xx/statement", yaml.load(text, Loader=yaml.BaseLoader)))  # noqa: S506


def reader(pattern: str) -> StatementReader:
    shared = forms(f"patterns:\n  found:\n    - {pattern}\n")
    return load_statement_reader(
        {"xx/statement_forms": forms(WORDS), "any/statement_forms": shared}
    )


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a b", "alpha beta", "alpha beta"),
        ("a b", "alpha x beta", None),
        ("a ..1 b", "alpha x beta", "alpha x beta"),
        ("a ..1 b", "alpha x x beta", None),
        ("a ..3 b", "alpha x x x beta", "alpha x x x beta"),
        ("a ..3 b", "alpha x x x x beta", None),
        ("a .. b", "alpha x x x x x x x beta", "alpha x x x x x x x beta"),
        ("a .. b", "alpha x x x x x x x x beta", None),
        ("a ..15 b", "alpha" + " x" * 15 + " beta", "alpha" + " x" * 15 + " beta"),
        ("a ..15 b", "alpha" + " x" * 16 + " beta", None),
        ("a .. b", "alpha. beta", None),
        ("a .. b", "beta alpha", None),
        ("a ..3-never b", "alpha x nope beta", None),
        ("a ..3-never b", "nope alpha x beta", "alpha x beta"),
        ("a|c b", "gammed beta", "gammed beta"),
        ("c.done", "gamm then gammed", "gammed"),
        ("c.base", "gammed", None),
        ("b", "a small beta box here", "small beta box"),
        ("b", "a small beta, and", "small beta"),
        ("a / +b", "alpha. beta", None),
        ("a / ++b", "alpha. beta", "alpha"),
        ("a / !b", "alpha, beta", None),
        ("a / !~b", "alpha, beta", "alpha"),
        ("a / !!b", "alpha. beta", None),
        ("^ a", "Well, alpha", None),
        ("^ a", "Well. Alpha", "Alpha"),
        ("^ a b", "Alpha beta", "Alpha beta"),
        ("a|b~c.done|b", "beta alpha", "alpha"),
        ("ing", "we are sing walking", "walking"),
        ("^ ..1 a", "Well alpha", "alpha"),
        ("a number", "alpha 12", "alpha 12"),
    ],
)
def test_matches(pattern: str, text: str, expected: str | None) -> None:
    spans = reader(pattern).read(prepare(text, "xx")).spans
    assert [span.text for span in spans if span.name == "found"] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a ..4 b", "no gap is written `..4`"),
        ("/ +a", "must be classes"),
        ("a / b", "must be classes, then conditions"),
    ],
)
def test_says_what_is_wrong_with_a_pattern(pattern: str, message: str) -> None:
    with pytest.raises(PlaybookError, match=message):
        reader(f"{pattern!r}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "must map names"),
        ("language: xx\nclasses: {a: [b]}", "class `a` must be a text"),
        ("language: xx\nclasses: {a: mend/q}", "no conjugation is called `q`"),
        ("language: xx\nlongest_sentence: many", "must be a number"),
        ("language: xx\npatterns: {f: a b}", "must be a list"),
    ],
)
def test_says_what_is_wrong_with_a_lexicon(text: str, message: str) -> None:
    with pytest.raises(PlaybookError, match=message):
        forms(text)


def test_says_that_forms_must_be_generated() -> None:
    with pytest.raises(PlaybookError, match="generate them"):
        load_statement_reader({"xx/statement_forms": WORDS})
