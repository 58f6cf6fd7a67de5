"""What is wrong with a YAML text before and while it is parsed, in words for its writer.

The parser's own messages speak of tokens and block ends. Here each is turned into what the writer
sees, the place moved to where the fix belongs: an unclosed quote is reported where it opens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs
import yaml

from crisisrules.model.errors import Place, Problem
from crisisrules.playbook.yamlparsers import BadEscapeError

MOST_CHARACTERS = 1_000_000
MOST_PROBLEMS = 200

# Both parsers take U+0085, U+2028 and U+2029 for line breaks, which editors do not show as such
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_ODD_SPACE = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_INDENT = re.compile(f"^ *([{_ODD_SPACE}])", re.MULTILINE)
_COLON_ODD_SPACE = re.compile(f":[{_ODD_SPACE}]")
_CLOSING = "\"'])}"


def clean_text(text: str, source: str) -> tuple[str | None, list[Problem]]:
    """The text as a parser may see it, or None when no parser should, and what was wrong."""
    if len(text) > MOST_CHARACTERS:
        message = f"the file has {len(text):,} characters; allowed are {MOST_CHARACTERS:,}"
        return None, [Problem(Place(source), "too-large", message)]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    problems = list(_indents(text, source))
    usable = not problems
    for found in UNSEEN.finditer(text):
        problems.append(unseen_problem(found.group(), _at(text, found.start(), source)))
        if len(problems) >= MOST_PROBLEMS:
            return None, problems
    return UNSEEN.sub("\ufffd", text) if usable else None, problems


def unseen_problem(character: str, place: Place) -> Problem:
    """The problem of a character that cannot be seen, or that is half of one."""
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        message = f"U+{code:04X} is half a character; write the whole character itself"
        return Problem(place, "lone-surrogate", message)
    message = f"U+{code:04X} is an invisible character; remove it"
    return Problem(place, "control-character", message)


def excerpt(text: str, most: int = 40) -> str:
    """The start of a user's text, short enough for a message."""
    line = text.split("\n", 1)[0]
    return line if len(line) <= most else line[: most - 3] + "..."


def _indents(text: str, source: str) -> Iterator[Problem]:
    first = text.find("\t")
    if first >= 0:
        lines = sum("\t" in line for line in text.split("\n"))
        others = f" ({lines} lines of this file have one)" if lines > 1 else ""
        message = f"a tab; write spaces, or `\\t` between double quotes{others}"
        yield Problem(_at(text, first, source), "tab", message)
    found = _ODD_INDENT.search(text)
    if found:
        code = ord(found.group(1))
        message = f"the line is indented with U+{code:04X}, a special space; use ordinary spaces"
        yield Problem(_at(text, found.start(1), source), "odd-space", message)


def _at(text: str, index: int, source: str) -> Place:
    start = text.rfind("\n", 0, index) + 1
    return Place(source, text.count("\n", 0, start) + 1, index - start + 1)


@attrs.frozen(kw_only=True)
class _Fault:
    """What the parser reported: two marks as (line, column) from 0, and the lines of the text."""

    message: str
    start: tuple[int, int]
    at: tuple[int, int]
    lines: list[str]
    opened: Place | None

    def line(self, number: int) -> str:
        return self.lines[number] if number < len(self.lines) else ""

    def character(self, at: tuple[int, int]) -> str:
        return self.line(at[0])[at[1] : at[1] + 1]


_Said = tuple[tuple[int, int], str]


def syntax_problem(
    error: yaml.YAMLError, lines: list[str], source: str, opened: Place | None
) -> Problem:
    """The parser's error as a problem.

    Args:
        error: What the parser in Python raised.
        lines: The lines of the text, as the parser saw it.
        source: What to call the text.
        opened: Where the innermost bracket that is still open stands.
    """
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Problem(Place(source), "yaml", "the file cannot be read as YAML")
    start = getattr(error, "context_mark", None) or mark
    fault = _Fault(
        message=f"{getattr(error, 'context', None)} | {getattr(error, 'problem', None)}",
        start=(start.line, start.column),
        at=(mark.line, mark.column),
        lines=lines,
        opened=opened,
    )
    explain = next((say for words, say in _SAYINGS if words in fault.message), _anything)
    if isinstance(error, BadEscapeError):
        explain = _escape
    (line, column), message = explain(fault)
    return Problem(Place(source, line + 1, column + 1), "yaml", message)


def _anything(fault: _Fault) -> _Said:
    return fault.at, (
        "the text cannot be understood from here on; look for a missing quote, bracket or colon, "
        "or for wrong indentation"
    )


def _second_colon(fault: _Fault) -> _Said:
    number, column = fault.at
    line = fault.line(number)
    before = line[:column]
    if ": " in before:
        return fault.at, "a second `: ` on the line; put the text that holds it in quotes"
    above = next((n for n in range(number - 1, -1, -1) if _says_something(fault.line(n))), None)
    own = (number, len(line) - len(line.lstrip()))
    if above is None:
        return fault.at, "a `:` is not expected here; put the text in quotes if it belongs to it"
    upper = fault.line(above)
    if re.search(r": |:$", upper):
        return own, (
            f"the line is indented under line {above + 1}, which already has a value; align the "
            "two, or put the text in quotes if it goes on here"
        )
    return (above, len(upper) - len(upper.lstrip())), _no_colon(upper.strip())


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _no_colon(text: str) -> str:
    if _COLON_ODD_SPACE.search(text):
        return f"`{excerpt(text)}` has a special space after its colon; use an ordinary space"
    if text.startswith(("'", '"')):
        return f"`{excerpt(text)}` is no name with a colon; write both on one line: `name: value`"
    if ":" in text:
        return f"`{excerpt(text)}` needs a space after its colon"
    return (
        f"`{excerpt(text)}` has no colon; write `name: value`, and indent a text that goes on "
        "from the line above"
    )


def _missing_colon(fault: _Fault) -> _Said:
    number, column = fault.start
    return fault.start, _no_colon(fault.line(number)[column:].strip())


def _unclosed_quote(fault: _Fault) -> _Said:
    quote = fault.character(fault.start)
    twice = "; an apostrophe between single quotes is written twice" if quote == "'" else ""
    return fault.start, f"the quote `{quote}` that opens here is never closed{twice}"


def _flow(fault: _Fault) -> _Said:
    opener, seen = fault.character(fault.start), fault.character(fault.at)
    closer = "]" if opener == "[" else "}"
    if seen in ("]", "}"):
        return fault.at, f"`{seen}` closes what `{opener}` opened; write `{closer}`"
    if fault.at[0] == fault.start[0] and seen:
        if seen == "?":
            return fault.at, "a `?` inside brackets; put the text that holds it in quotes"
        if seen == ":":
            return fault.at, "a second `:` here; a comma is missing before it, or quotes around it"
        return fault.at, f"a comma or `{closer}` is missing before `{excerpt(_rest(fault))}`"
    return fault.start, f"the `{opener}` that opens here is never closed, or a comma is missing"


def _rest(fault: _Fault) -> str:
    return fault.line(fault.at[0])[fault.at[1] :].strip()


def _no_node(fault: _Fault) -> _Said:
    seen = fault.character(fault.at)
    if fault.opened and fault.opened.line and fault.opened.column and not _rest(fault):
        opened = (fault.opened.line - 1, fault.opened.column - 1)
        return opened, f"the `{fault.character(opened)}` that opens here is never closed"
    if seen == ":":
        return fault.at, "a colon with no name before it"
    if fault.opened and seen == ",":
        return fault.at, "nothing stands before this comma; remove it, or write a value"
    if seen:
        return fault.at, f"a value is expected, not `{seen}`; put a text that holds it in quotes"
    return fault.at, "a value is missing here"


def _block(fault: _Fault) -> _Said:
    number, column = fault.at
    before, seen = fault.line(number)[:column].rstrip(), _rest(fault)
    if before and before[-1] in _CLOSING:
        return fault.at, (
            f"`{excerpt(seen)}` follows a closing `{before[-1]}`; put the whole text in quotes"
        )
    if before.strip(" -"):
        return fault.at, f"`{excerpt(seen)}` is not expected here; put the whole text in quotes"
    if seen.startswith(":"):
        return fault.at, "a colon with no name before it"
    here = seen.startswith("- ") or seen == "-"
    if "block collection" in fault.message and not here:
        return fault.at, (
            f"a `- ` list starts on line {fault.start[0] + 1}; indent this line if it belongs to "
            "one of its items"
        )
    if "block mapping" in fault.message and here and column == fault.start[1]:
        return fault.at, (
            f"a `- ` item stands among the names that start on line {fault.start[0] + 1}; put it "
            "under a name of its own, or indent it"
        )
    return fault.at, "the indentation fits no line above; align the line with those it belongs to"


def _bad_start(fault: _Fault) -> _Said:
    return fault.at, _cannot_start(fault.character(fault.at))


def _bad_mark(fault: _Fault) -> _Said:
    return fault.start, _cannot_start(fault.character(fault.start))


def _cannot_start(seen: str) -> str:
    shown = "a backtick" if seen == "`" else f"`{seen}`"
    return f"a text cannot start with {shown}; put it in quotes"


def _dash(fault: _Fault) -> _Said:
    return fault.at, (
        "a `- ` list starts on a line of its own, under its name; put it in quotes if it is text"
    )


def _block_text(fault: _Fault) -> _Said:
    seen = fault.character(fault.start)
    return fault.start, (
        f"only a line break may follow `{seen}`, which starts a text of several lines; "
        "put the text in quotes if it starts so"
    )


def _escape(fault: _Fault) -> _Said:
    number = fault.at[0]
    column = fault.line(number).rfind("\\", 0, fault.at[1])
    if column < 0:
        return _anything(fault)
    seen = fault.line(number)[column : column + 2]
    return (number, column), (
        f"`{seen}` does not stand for a character here; write `\\\\` for a backslash, "
        "or use single quotes"
    )


def _left_over(fault: _Fault) -> _Said:
    return fault.at, (
        "the line does not belong to what stands above; give it the indentation of the first "
        "line, or remove it"
    )


# In order: the first whose words are in the parser's context and problem speaks
_SAYINGS: tuple[tuple[str, Callable[[_Fault], _Said]], ...] = (
    ("mapping values are not allowed", _second_colon),
    ("could not find expected ':'", _missing_colon),
    ("found unexpected end of stream", _unclosed_quote),
    ("found unexpected document separator", _unclosed_quote),
    ("expected ',' or", _flow),
    ("expected the node content", _no_node),
    ("expected <block end>", _block),
    ("that cannot start any token", _bad_start),
    ("mapping keys are not allowed", _bad_start),
    ("sequence entries are not allowed", _dash),
    ("scanning an alias", _bad_mark),
    ("scanning an anchor", _bad_mark),
    ("scanning a tag", _bad_mark),
    ("parsing a tag", _bad_mark),
    ("undefined tag handle", _bad_mark),
    ("scanning a directive", _bad_mark),
    ("scanning a block scalar", _block_text),
    ("unknown escape character", _escape),
    ("expected escape sequence", _escape),
    ("expected '<document start>'", _left_over),
)
