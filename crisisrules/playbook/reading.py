"""From nodes of a text to plain values: each reader reports a fault and gives a stand-in.

Reading goes on after a fault, so that an author sees all of them at once; nothing that was read with
a fault is ever used, because the loader refuses the whole playbook.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from crisisrules.model.durations import parse_duration, parse_instant
from crisisrules.model.errors import Place, Problem, nearest, unknown_word
from crisisrules.playbook.conditions import ParameterRef
from crisisrules.playbook.parameters import Parameter
from crisisrules.playbook.rule import Span
from crisisrules.playbook.yamlfaults import excerpt
from crisisrules.playbook.yamltext import Entry, ListNode, MapNode, Node, ScalarNode

LANGUAGES: Final = ("en", "fr")
"""Every text of a playbook is given in these; others may stand beside them."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
_REFERENCE = re.compile(r"(?:([0-9]+(?:\.[0-9]+)?) *\* *)?\$([A-Za-z_][\w-]*)")
_MOST_LISTED: Final = 30
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def describe(node: Node) -> str:
    """What a node is, in words."""
    match node:
        case MapNode():
            return "a mapping"
        case ListNode():
            return "a list"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=bool()):
            return f"the boolean `{node.raw}`"
        case ScalarNode(value=int() | float()):
            return f"the number `{node.raw}`"
        case _:
            return f"the text `{excerpt(node.raw)}`"


@attrs.define
class Faults:
    """The problems found so far, and the parameters that a value may refer to.

    ``parameters`` is None when a fault kept them from being read: then no reference is doubted.
    """

    problems: list[Problem] = attrs.field(factory=list)
    parameters: dict[str, Parameter] | None = attrs.field(factory=dict)

    def add(self, place: Place, name: str, message: str) -> None:
        """Report one fault."""
        self.problems.append(Problem(place, name, message))

    def expected(self, node: Node, what: str) -> None:
        """Report that something else was needed here."""
        self.add(node.place, "wrong-type", f"{what} is needed here, not {describe(node)}")


@attrs.define
class Fields:
    """A mapping with a closed list of keys: what nobody took is unknown."""

    entries: dict[str, Entry]
    place: Place
    faults: Faults
    _known: list[str] = attrs.field(factory=list)
    _needed: list[str] = attrs.field(factory=list)
    _is_mapping: bool = True

    @classmethod
    def of(cls, node: Node, faults: Faults, what: str) -> Fields:
        """The fields of a node, none of them when it is no mapping."""
        if isinstance(node, MapNode):
            return cls({entry.key: entry for entry in node.entries}, node.place, faults)
        faults.expected(node, what)
        return cls({}, node.place, faults, is_mapping=False)

    def take(self, key: str) -> Node | None:
        """The value of a key that may be left out."""
        self._known.append(key)
        entry = self.entries.get(key)
        return entry.value if entry else None

    def need(self, key: str) -> Node | None:
        """The value of a key that must be there; :meth:`close` reports it when it is not."""
        self._needed.append(key)
        return self.take(key)

    def key_place(self, key: str) -> Place:
        """Where a key is written, or the mapping when it is not."""
        entry = self.entries.get(key)
        return entry.key_place if entry else self.place

    def close(self, what: str) -> None:
        """Report every key that was not taken, and those that are missing.

        ``what`` says of what they are keys. A missing key is not reported where it was misspelt.
        """
        unknown = [key for key in self.entries if key not in self._known]
        for key in unknown:
            message = unknown_word(f"a key of {what}", key, self._known, limit=15)
            self.faults.add(self.entries[key].key_place, "unknown-key", message)
        for key in self._needed:
            if key in self.entries or nearest(key, unknown):
                continue
            if self._is_mapping:  # else it was said already that one is needed
                self.faults.add(self.place, "missing-key", f"{what} needs `{key}`")


def read_text(node: Node | None, faults: Faults) -> str:
    """A text that is not empty."""
    if node is None:
        return ""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        hint = ""
        if isinstance(node, ScalarNode) and node.value is not None:
            hint = f'; quote it: "{excerpt(node.raw)}"'
        message = f"a text is needed here, not {describe(node)}{hint}"
        faults.add(node.place, "wrong-type", message)
        return ""
    if not node.value.strip():
        faults.add(node.place, "empty-text", "the text is empty; write one, or leave the key out")
    return node.value


def read_version(node: Node | None, faults: Faults) -> str | None:
    """A version such as ``0.1``, which reads as a number when it is not quoted."""
    if node is None:
        return None
    if isinstance(node, ScalarNode) and isinstance(node.value, int | float | str):
        return node.raw
    faults.expected(node, "a version such as `0.1`")
    return None


def read_texts(node: Node | None, faults: Faults) -> dict[str, str]:
    """The same text in each language, English and French at least."""
    if node is None:
        return {}
    if not isinstance(node, MapNode):
        faults.add(
            node.place,
            "missing-language",
            f"a text in each language is needed here, `{{en: …, fr: …}}`, not {describe(node)}",
        )
        return {}
    texts = {}
    for entry in node.entries:
        if not _LANGUAGE.fullmatch(entry.key):
            message = f"`{excerpt(entry.key)}` is not the code of a language such as `en` or `fr`"
            faults.add(entry.key_place, "unknown-language", message)
        texts[entry.key] = read_text(entry.value, faults)
    for language in LANGUAGES:
        if language not in texts:
            message = f"the text is missing in `{language}`; `en` and `fr` are both needed"
            faults.add(node.place, "missing-language", message)
    return texts


def read_choice(
    node: Node | None, allowed: Collection[str], what: str, faults: Faults, name: str
) -> str:
    """One of a closed list; ``what`` completes "is not", ``name`` names the problem."""
    first = next(iter(allowed), "")
    if node is None:
        return first
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        faults.expected(node, what)
        return first
    if node.value not in allowed:
        faults.add(node.place, name, unknown_word(what, node.value, allowed, limit=_MOST_LISTED))
        return first
    return node.value


def read_flag(node: Node | None, faults: Faults, *, default: bool = False) -> bool:
    """``true`` or ``false``."""
    if node is None:
        return default
    if isinstance(node, ScalarNode) and isinstance(node.value, bool):
        return node.value
    faults.expected(node, "`true` or `false`")
    return default


def read_number(node: Node, faults: Faults, *, what: str = "a number") -> float:
    """A number, not a boolean."""
    if (
        isinstance(node, ScalarNode)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        return node.value
    faults.expected(node, what)
    return 0


def read_items(
    node: Node | None, faults: Faults, what: str, advice: str = "leave the key out"
) -> tuple[Node, ...]:
    """The items of a list that is not empty."""
    if node is None:
        return ()
    if not isinstance(node, ListNode):
        faults.expected(node, f"a list of {what}")
        return ()
    if not node.items:
        faults.add(node.place, "empty-list", f"the list of {what} is empty; {advice}")
    return node.items


def read_names(
    node: Node | None,
    faults: Faults,
    what: str,
    allowed: Collection[str] | None = None,
    name: str = "unknown-value",
) -> tuple[str, ...]:
    """A list of names, each once; ``allowed`` closes the list."""
    names: list[str] = []
    seen: set[str] = set()
    for item in read_items(node, faults, f"{what}s"):
        word = (
            read_text(item, faults)
            if allowed is None
            else read_choice(item, allowed, f"a {what}", faults, name)
        )
        names.append(word)
        # a word that was refused has another in its place, which nobody wrote
        written = isinstance(item, ScalarNode) and item.value == word
        if written and word in seen:
            faults.add(item.place, "given-twice", f"`{excerpt(word)}` stands twice in this list")
        seen.update([word] if written else ())
    return tuple(names)


def read_duration(node: Node, faults: Faults, what: str = "the value") -> int:
    """Microseconds of a duration such as ``90m``."""
    if not isinstance(node, ScalarNode) or isinstance(node.value, bool) or node.value is None:
        faults.expected(node, "a duration such as `90m`")
        return 0
    raw = node.raw.strip()
    if isinstance(node.value, int | float):
        message = f"{what} is a duration; `{excerpt(raw)}` has no unit, write `{excerpt(raw)}m`"
        faults.add(node.place, "unit", message)
        return 0
    try:
        return parse_duration(node.value)
    except ValueError as error:
        faults.add(node.place, "unit", str(error))
        return 0


def read_reference(node: Node, faults: Faults) -> ParameterRef | None:
    """``$name`` or ``2 * $name``, or None when the node is something else."""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or "$" not in node.value:
        return None
    match = _REFERENCE.fullmatch(node.value.strip())
    if match is None:
        message = (
            f"`{excerpt(node.raw)}` is no reference to a parameter; write `$name` or `2 * $name`"
        )
        faults.add(node.place, "unknown-parameter", message)
        return ParameterRef("")
    factor, name = match.groups()
    if faults.parameters is not None and name not in faults.parameters:
        known = [f"${known}" for known in faults.parameters]
        message = unknown_word("a parameter", f"${name}", known, limit=0)
        faults.add(node.place, "unknown-parameter", message)
        return ParameterRef("")
    return ParameterRef(name, float(factor) if factor else 1.0)


def parameter_type(reference: ParameterRef, faults: Faults) -> str | None:
    """The type of the parameter, or None when it is not known."""
    found = (faults.parameters or {}).get(reference.name)
    return found.type if found else None


def read_span(node: Node | None, faults: Faults, what: str = "the value") -> Span:
    """A duration, or a parameter that holds one."""
    if node is None:
        return 0
    reference = read_reference(node, faults)
    if reference is None:
        return read_duration(node, faults, what)
    kind = parameter_type(reference, faults)
    if kind not in (None, "duration"):
        message = f"a duration is needed here; the parameter `${reference.name}` is a {kind}"
        faults.add(node.place, "parameter-type", message)
    return reference


def span_now(span: Span, faults: Faults) -> int | None:
    """Microseconds of a span with every parameter at its default; None when that is not known."""
    if isinstance(span, int):
        return span
    found = (faults.parameters or {}).get(span.name)
    known = found is not None and found.type == "duration"
    return int(float(found.default) * span.factor) if found and known else None


def read_moment(node: Node | None, faults: Faults, zone: str | None) -> datetime | None:
    """An instant with an offset, or a day, which begins at midnight in the playbook's time zone."""
    if node is None:
        return None
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        faults.expected(node, "a date such as `2026-03-02`")
        return None
    try:
        if _DATE.fullmatch(node.value):
            return datetime.fromisoformat(node.value).replace(tzinfo=_zone(zone) or UTC)
        return parse_instant(node.value)
    except ValueError as error:
        message = str(error)
        if _DATE.fullmatch(node.value):
            message = f"`{node.value}` is not a day of the calendar"
        faults.add(node.place, "instant", message)
        return None


def read_timezone(node: Node | None, faults: Faults) -> str | None:
    """The name of a time zone such as ``Europe/Paris``."""
    if node is None:
        return None
    name = read_text(node, faults)
    if name and _zone(name) is None:
        message = f"`{excerpt(name)}` is not a time zone; write for example `Europe/Paris` or `UTC`"
        faults.add(node.place, "unknown-timezone", message)
    return name


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def listed(words: Iterable[str]) -> str:
    """Names in backticks, for a message."""
    return ", ".join(f"`{word}`" for word in words)
