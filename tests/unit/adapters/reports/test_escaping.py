"""Text from the public reaches each destination harmless."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crisisrules.adapters.reports import escaping

anything = st.text(st.characters(codec=None, exclude_categories=[]))
REVERSING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def is_harmless(text: str) -> bool:
    """No control, no surrogate, nothing that reorders."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") or char in REVERSING for char in text)


@pytest.mark.parametrize(
    "escape",
    [
        escaping.for_terminal,
        escaping.for_markdown,
        escaping.for_command_data,
        escaping.for_command_property,
    ],
)
@given(text=anything)
def test_no_control_passes(escape: Callable[[str], str], text: str) -> None:
    assert is_harmless(escape(text))


@given(anything)
def test_plain_words_stay(text: str) -> None:
    words = "".join(char for char in text if char.isalnum() or char == " ")
    assert escaping.for_terminal(words) == words


def test_what_is_hidden_becomes_visible() -> None:
    assert escaping.for_terminal("a\x1b[31m\u202eb\n\t\x9b") == "a\\x1b[31m\\u202eb\\n\\t\\x9b"
    assert escaping.for_terminal("x\ud800\U000e0041") == "x\\ud800\\U000e0041"


def test_letters_of_all_scripts_and_emoji_stay() -> None:
    text = "Été à l'œuvre « 10 % » 漢字 نص עברית 👩‍🚒🏳️‍🌈 ½"
    assert escaping.for_terminal(text) == text


def rendered(text: str) -> str:
    """What a reader of Markdown sees and what it is made of, with tables and links found in plain text."""
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


@given(anything)
@example(" -")
@example("    code")
@example("   1) one")
def test_markdown_is_one_plain_paragraph(text: str) -> None:
    """However it starts, alone, in a list or in a cell, nothing but words comes out."""
    escaped = escaping.for_markdown(text)
    html = rendered(escaped).strip()
    body = html.removeprefix("<p>").removesuffix("</p>")
    assert "<" not in body
    row = rendered(f"| a | b |\n|---|---|\n| {escaped} | end |\n")
    assert row.count("<td>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "@channel",
        "hello@evil.example",
        "see #12",
        "https://evil.example",
        "www.evil.example",
        "<https://evil.example>",
        "[x](https://evil.example)",
    ],
)
def test_markdown_makes_no_mention_and_no_link(text: str) -> None:
    # hosts find these in the plain text that is left when the markup is gone
    seen = rendered(escaping.for_markdown(text))
    for trap in ("@channel", "@evil", "#12", "://", "www.evil", "href"):
        assert trap not in seen


@given(anything)
def test_json_says_the_same_and_hides_nothing(text: str) -> None:
    written = escaping.for_json(json.dumps({"a": text}, ensure_ascii=False, indent=1))
    # half of a pair beside its other half is, in JSON, the character that both are
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(written)["a"] == expected
    assert is_harmless(written.replace("\n", ""))


@given(anything)
def test_xml_can_be_read_back(text: str) -> None:
    node = Xml.Element("a", b=escaping.for_terminal(text))
    node.text = escaping.for_terminal(text)
    read = Xml.fromstring(Xml.tostring(node))  # noqa: S314 - written two lines above
    assert (read.text or "") == read.get("b") == escaping.for_terminal(text)


@given(anything)
def test_a_workflow_command_stays_one_line_and_one_command(text: str) -> None:
    line = f"::error file={escaping.for_command_property(text)}::{escaping.for_command_data(text)}"
    assert len(line.splitlines()) == 1
    properties = line.removeprefix("::error ").partition("::")[0]
    assert "," not in properties
    assert ":" not in properties
