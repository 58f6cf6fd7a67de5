"""YAML text to nodes that know where they are written, in a strict subset of YAML.

A playbook is written by people who are no programmers, so whatever YAML would read differently from
how it looks is an error with a place: words such as ``yes`` or ``on``, a key given twice, a value
left empty, a hashtag that starts a comment. Anchors, tags, directives and second documents do not
exist here, so a file from a stranger is no larger in memory than it looks.

A plain (unquoted) scalar is ``true`` or ``false``, ``null`` or ``~``, a decimal number, else text:
``10:30``, ``2026-03-02``, ``010``, ``1_000``, ``0x1F``, ``1e3`` and ``.inf`` are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs
import yaml

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.playbook.yamlfaults import (
    MOST_PROBLEMS,
    UNSEEN,
    clean_text,
    excerpt,
    syntax_problem,
    unseen_problem,
)
from crisisrules.playbook.yamlparsers import (
    BLOCKS,
    FAST_PARSER,
    QUOTED,
    Mark,
    PythonParser,
    parsers_agree,
)
from crisisrules.playbook.yamlscalars import key_fault, understand

MOST_LEVELS = 40

_HASHTAG = re.compile(r" +(#[^\s#!]\S*)")
_COMMENT = re.compile(r"\s*#")


@attrs.frozen(kw_only=True)
class ScalarNode:
    """One value, ``raw`` as it was written (without quotes) and ``value`` as it was understood."""

    value: str | int | float | bool | None
    raw: str
    quoted: bool
    place: Place


@attrs.frozen
class ListNode:
    """A list of values."""

    items: tuple[Node, ...]
    place: Place


@attrs.frozen
class Entry:
    """One key of a mapping and its value."""

    key: str
    key_place: Place
    value: Node


@attrs.frozen
class MapNode:
    """A mapping, its entries in the order of the text, no key twice."""

    entries: tuple[Entry, ...]
    place: Place


Node = ScalarNode | ListNode | MapNode


def parse_yaml(text: str, source: str) -> Node:
    """Read one document of strict YAML.

    Args:
        text: The document, at most 1,000,000 characters, at most 40 levels deep.
        source: What to call the text in places, usually the file's path.

    Raises:
        PlaybookError: With every problem that one pass can find. A fault of syntax ends the pass.
    """
    clean, problems = clean_text(text, source)
    if clean is None:
        raise PlaybookError(problems)
    if FAST_PARSER is not None and not problems:
        try:
            return _Reading(clean, source, problems).root(FAST_PARSER)
        except yaml.YAMLError:
            pass  # read again below, where problems are found and worded
    return _Reading(clean, source, problems).root(PythonParser)


def plain(node: Node) -> object:
    """The node as a plain Python value: dict, list, str, int, float, bool or None."""
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {entry.key: plain(entry.value) for entry in node.entries}


def get(node: MapNode, key: str) -> Node | None:
    """The value of a key, or None when the mapping has no such key."""
    return next((entry.value for entry in node.entries if entry.key == key), None)


def _is_empty(event: yaml.ScalarEvent) -> bool:
    if event.value or event.style in QUOTED:
        return False
    return event.anchor is None and event.tag is None


class _SlowlyError(yaml.YAMLError):
    """The parser in Python must have its say."""


class _Reading:
    """One pass over the events of a text."""

    def __init__(self, text: str, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.fast = False
        self.lines = text.split("\n")
        self.problems = list(problems)
        self.events: Iterator[yaml.Event] = iter(())
        self.text = text
        # The brackets that are open, for the fault that says they were never closed
        self.brackets: list[Place] = []
        self.may_disagree = False
        self.has_comments = "#" in text

    def root(self, parser: type[yaml.SafeLoader | yaml.CSafeLoader]) -> Node:
        self.events = yaml.parse(self.text, Loader=parser)
        self.fast = parser is not PythonParser
        self.may_disagree = self.fast and any(sign in self.text for sign in "?|>")
        node = None
        try:
            self.directives()
            node = self.document()
        except yaml.YAMLError as error:
            if self.fast:
                raise
            self.syntax(error)
        if self.problems or node is None:
            raise self.failed()
        return node

    def failed(self) -> PlaybookError:
        """All problems in the order of the text; those of the whole file come last."""
        end = len(self.lines) + 1
        return PlaybookError(
            sorted(self.problems, key=lambda p: (p.place.line or end, p.place.column or 0))
        )

    def syntax(self, error: yaml.YAMLError) -> None:
        opened = self.brackets[-1] if self.brackets else None
        fault = syntax_problem(error, self.lines, self.source, opened)
        # In `say: {name} goes on`, that `name` has no value is but the shadow of the fault
        self.problems = [
            problem
            for problem in self.problems
            if problem.name != "empty-value" or problem.place.line != fault.place.line
        ]
        self.problems.append(fault)

    def directives(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if line.startswith("%"):
                message = f"`{excerpt(line)}` is a directive; a playbook has none, remove the line"
                self.report(Place(self.source, number, 1), "directive", message)
                raise self.failed()
            if line.strip() and not line.lstrip().startswith("#"):
                return

    def document(self) -> Node | None:
        node = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    message = "a second document starts here; a file holds one, remove the `---`"
                    self.report(self.place(event), "second-document", message)
                    raise self.failed()
                first = next(self.events)
                if isinstance(first, yaml.ScalarEvent) and _is_empty(first):
                    break
                node = self.node(first, 1)
        if node is None:
            self.report(Place(self.source, 1, 1), "empty", "nothing is written here")
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        place = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place)
        if isinstance(event, yaml.AliasEvent):
            message = (
                f"`*{event.anchor}` refers to an anchor; a playbook has none: "
                "write the value again, or quote the text"
            )
            self.report(place, "alias", message)
            return ScalarNode(value=None, raw="", quoted=False, place=place)
        self.decorations(event, place)
        if depth > MOST_LEVELS:
            self.report(place, "too-deep", f"more than {MOST_LEVELS} levels inside each other")
            raise self.failed()
        bracket = isinstance(event, yaml.CollectionStartEvent) and event.flow_style
        if bracket:
            self.brackets.append(place)
        is_map = isinstance(event, yaml.MappingStartEvent)
        made = self.mapping(place, depth) if is_map else self.sequence(place, depth)
        if bracket:
            self.brackets.pop()
        return made

    def sequence(self, place: Place, depth: int) -> ListNode:
        items = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if isinstance(event, yaml.ScalarEvent) and _is_empty(event):
                self.empty_value(event, self.place(event), "this list item")
                continue
            items.append(self.node(event, depth + 1))
        return ListNode(tuple(items), place)

    def mapping(self, place: Place, depth: int) -> MapNode:
        entries: dict[str, Entry] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_place = self.place(event)
            key = self.key(event, key_place, depth)
            value_event = next(self.events)
            if isinstance(value_event, yaml.ScalarEvent) and _is_empty(value_event):
                if key is not None:
                    self.empty_value(value_event, key_place, f"`{excerpt(key)}`", key)
                continue
            value = self.node(value_event, depth + 1)
            if key is None:
                continue
            if key in entries:
                line = entries[key].key_place.line
                message = f"`{excerpt(key)}` is given twice, first on line {line}; keep one"
                self.report(key_place, "duplicate-key", message)
                continue
            entries[key] = Entry(key, key_place, value)
        return MapNode(tuple(entries.values()), place)

    def key(self, event: yaml.Event, place: Place, depth: int) -> str | None:
        """The key, or None when it has a problem that makes its text no use."""
        if not isinstance(event, yaml.ScalarEvent):
            message = "a key is one word or text; a list, a mapping or an alias cannot be a key"
            self.report(place, "complex-key", message)
            self.node(event, depth + 1)
            return None
        self.scalar_faults(event, place)
        raw = event.value
        if event.style in BLOCKS:
            self.report(place, "complex-key", "a key is written on one line, without `|` or `>`")
            return None
        if event.style in QUOTED:
            return raw
        if fault := key_fault(raw):
            self.report(place, *fault)
            if fault[0] in ("merge-key", "empty-key"):
                return None
        return raw

    def scalar(self, event: yaml.ScalarEvent, place: Place) -> ScalarNode:
        self.scalar_faults(event, place)
        raw = event.value
        if event.style in QUOTED:
            return ScalarNode(value=raw, raw=raw, quoted=True, place=place)
        self.lost_text(event, place)
        value, fault = understand(raw)
        if fault:
            self.report(place, *fault)
        return ScalarNode(value=value, raw=raw, quoted=False, place=place)

    def scalar_faults(self, event: yaml.ScalarEvent, place: Place) -> None:
        self.decorations(event, place)
        if self.may_disagree:
            written = self.rest(event.start_mark)
            if not parsers_agree(event, written, in_brackets=bool(self.brackets)):
                raise _SlowlyError
        if event.style in QUOTED and (found := UNSEEN.search(event.value)):
            # An escape such as "\0" can write what the text itself may not hold
            self.report_problem(unseen_problem(found.group(), place))

    def lost_text(self, event: yaml.ScalarEvent, place: Place) -> None:
        """What follows an unquoted text and would silently not be what it looks."""
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return
        if self.has_comments and (found := _HASHTAG.match(self.rest(end))):
            # `say: about #outage` loses its hashtag to a comment, which no writer means
            message = (
                f"`{excerpt(found.group(1))}` would be dropped as a comment; "
                "quote the whole text, or write a space after `#`"
            )
            at = Place(self.source, end.line + 1, end.column + found.start(1) + 1)
            self.report(at, "hash-in-text", message)
        for number in range(start.line + 1, end.line + 1):
            line = self.lines[number] if number < len(self.lines) else ""
            if line.lstrip().startswith("- "):
                message = (
                    f"the `- ` list goes on from the text of line {place.line}; leave the line "
                    "above a list empty after its colon, or put the whole text in quotes"
                )
                at = Place(self.source, number + 1, len(line) - len(line.lstrip()) + 1)
                self.report(at, "list-in-text", message)
                return

    def empty_value(self, event: yaml.ScalarEvent, place: Place, what: str, key: str = "") -> None:
        if _COMMENT.match(self.rest(event.start_mark)):
            advice = "what follows `#` is a comment; quote the text if `#` belongs to it"
        elif self.brackets and ":" in key:
            advice = "put a space after the colon"
        elif self.brackets and " " in key:
            advice = "a comma ends a text between brackets: put the whole text in quotes"
        elif self.brackets and key:
            advice = "write one, or put quotes around it all if `{` is the start of a text"
        else:
            advice = "write one, or `null` if there is none"
        self.report(place, "empty-value", f"{what} has no value; {advice}")

    def decorations(self, event: yaml.Event, place: Place) -> None:
        """Anchors and tags, which any node may carry."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            message = f"`&{anchor}` is an anchor; a playbook has none: quote it if it is text"
            self.report(place, "anchor", message)
        if tag is not None:
            shown = excerpt(tag.replace("tag:yaml.org,2002:", "!!"))
            message = f"`{shown}` is a tag; a playbook has none: quote it if it is text"
            self.report(place, "tag", message)

    def rest(self, mark: Mark | None) -> str:
        """What follows a mark on its line."""
        if mark is None or mark.line >= len(self.lines):
            return ""
        return self.lines[mark.line][mark.column :]

    def report(self, place: Place, name: str, message: str) -> None:
        self.report_problem(Problem(place, name, message))

    def report_problem(self, problem: Problem) -> None:
        if self.fast:
            raise _SlowlyError
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            message = f"reading stopped after {MOST_PROBLEMS} problems"
            self.problems.append(Problem(Place(self.source), "too-many-problems", message))
            raise self.failed()

    def place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return (
            Place(self.source, mark.line + 1, mark.column + 1)
            if mark is not None
            else Place(self.source)
        )
