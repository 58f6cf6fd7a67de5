"""Strict YAML: each typical mistake has its place and its advice, and the repaired text reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.model.errors import PlaybookError, Problem
from crisisrules.playbook import yamltext
from crisisrules.playbook.yamltext import MapNode, ScalarNode, get, parse_yaml, plain

DATA = Path(__file__).parent / "data" / "yaml"
BAD = sorted(DATA.glob("*.bad.yaml"))
GOOD = sorted(DATA.glob("*.good.yaml"))


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _problems(text: str) -> list[str]:
    with pytest.raises(PlaybookError) as caught:
        parse_yaml(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_a_mistake_is_named_at_its_place(path: Path) -> None:
    expected = path.with_name(path.name.replace(".bad.yaml", ".txt"))
    assert _problems(_read(path)) == expected.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_repaired_text_reads(path: Path) -> None:
    assert plain(parse_yaml(_read(path), path.name))


@pytest.mark.parametrize("path", [*BAD, *GOOD], ids=lambda path: path.name)
def test_both_parsers_say_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome() -> object:
        try:
            return parse_yaml(_read(path), "f.yaml")
        except PlaybookError as error:
            return error.problems

    with_libyaml = outcome()
    monkeypatch.setattr(yamltext, "FAST_PARSER", None)
    assert outcome() == with_libyaml


def test_every_mistake_has_its_repair() -> None:
    names = {path.name.removesuffix(".bad.yaml") for path in BAD}
    assert names == {path.name.removesuffix(".good.yaml") for path in GOOD}


def test_words_that_yaml_would_read_differently_stay_text() -> None:
    node = parse_yaml("a: 10:30\nb: 010\nc: 1_000\nd: 0x1F\ne: 1e3\nf: 2026-03-02", "f.yaml")
    assert plain(node) == {
        "a": "10:30",
        "b": "010",
        "c": "1_000",
        "d": "0x1F",
        "e": "1e3",
        "f": "2026-03-02",
    }


def test_a_value_knows_its_line_and_column() -> None:
    node = parse_yaml("a: 1\nb:\n  c: [x, yy]\n", "f.yaml")
    assert isinstance(node, MapNode)
    inner = get(node, "b")
    assert isinstance(inner, MapNode)
    listed = get(inner, "c")
    assert isinstance(listed, yamltext.ListNode)
    last = listed.items[1]
    assert isinstance(last, ScalarNode)
    assert str(last.place) == "f.yaml:3:10"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_two_hundred_thousand_levels_are_one_clear_problem(opening: str) -> None:
    (problem,) = _problems(opening * 200_000)
    assert "levels" in problem or "closed" in problem or "characters" in problem


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{k}: &{k} [{', '.join(['*' + p] * 9)}]" for p, k in zip("abcdefg", "bcdefgh", strict=True)
    ]
    problems = _problems("\n".join(lines))
    assert any("alias" in problem for problem in problems)


@given(st.text(alphabet=st.sampled_from("ab:-#[]{}'\"&*!%|>? \n\t\\,@`0:1~"), max_size=60))
def test_any_text_is_read_or_explained(text: str) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        parse_yaml(text, "f.yaml")
    except PlaybookError as error:
        problems = error.problems
    assert problems is None or problems
    for problem in problems or ():
        assert problem.message
        assert problem.place.source == "f.yaml"
