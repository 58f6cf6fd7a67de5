"""Conditions from their nodes: facts, operators, values and windows, each checked against its type."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Final

import attrs

from crisisrules.model.errors import Place, nearest, unknown_word
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import (
    OPERATORS,
    All,
    AnyOf,
    Condition,
    Not,
    Operand,
    ParameterRef,
    Scalar,
    Test,
)
from crisisrules.playbook.facts import FAMILIES, OPERATORS_OF, Fact, available
from crisisrules.playbook.reading import (
    Faults,
    describe,
    listed,
    parameter_type,
    read_duration,
    read_reference,
    read_span,
)
from crisisrules.playbook.rule import Span
from crisisrules.playbook.yamlfaults import excerpt
from crisisrules.playbook.yamltext import Entry, ListNode, MapNode, Node, ScalarNode

JOINS: Final = ("any", "all", "not")
LIST_OPERATORS: Final = {"is": "in", "is_not": "not_in", "in": "in", "not_in": "not_in"}
"""What an operator is called once its value is a list."""

_COUNTED_BY: Final = {"duration": ("duration",), "count": ("count", "factor", "share")}
_ARTICLE: Final = {"enum": "an enum", "instant": "an instant"}
_SIGNS: Final = {
    ">=": "at_least",
    ">": "more_than",
    "<=": "at_most",
    "<": "less_than",
    "==": "is",
    "=": "is",
    "!=": "is_not",
    "above": "more_than",
    "below": "less_than",
    "contains": "mentions",
    "exists": "present",
}


_SIGNED: Final = re.compile(r"(>=|<=|==|!=|>|<|=)\s*([\w$.]+)")


@functools.cache
def facts_for(subjects: tuple[str, ...]) -> Mapping[str, Fact]:
    """The facts that a condition about each of the subjects may ask, by path; all, of no subject."""
    if not subjects:
        return FACTS
    shared = [available(FACTS.values(), subject) for subject in subjects]
    return {path: fact for path, fact in shared[0].items() if all(path in one for one in shared)}


def unavailable(path: str, subjects: tuple[str, ...]) -> str:
    """The message for a fact that does not exist, or that the subjects do not have."""
    known = facts_for(subjects)
    if path not in FACTS:
        # The nearest of those that would be accepted, else of all there are
        last = path.rpartition(".")[2]
        alike = [one for one in known if one.rpartition(".")[2] == last][:3]
        if alike and len(last) > 1:
            choice = " or ".join(f"`{one}`" for one in alike)
            return f"`{excerpt(path)}` is not a fact; did you mean {choice}?"
        pool = known if nearest(path, known) else FACTS
        return unknown_word("a fact", path, pool, limit=0)
    who = [s for s in FAMILIES if path in available(FACTS.values(), s)]
    lacking = [s for s in subjects if path not in available(FACTS.values(), s)]
    rules = [f"`{s}`" for s in who if s != "event"]
    about = f"a rule about {' or '.join(rules)}" if rules else "an `expect`"
    if lacking == ["event"]:
        return f"`{path}` is not known of the message or record just seen; {about} may ask it"
    return f"`{path}` is not known of {listed(lacking)}; {about} may ask it"


@attrs.frozen
class ConditionReader:
    """Reads the conditions of a rule about ``subjects``."""

    subjects: tuple[str, ...]
    faults: Faults

    def read(self, node: Node | None) -> Condition:
        """A condition: a mapping of which every entry must hold."""
        if node is None:
            return All(())
        if not isinstance(node, MapNode):
            self.faults.expected(node, "a condition, `fact: test`,")
            return All(())
        if not node.entries:
            message = "the condition is empty; leave the key out, or write `fact: test`"
            self.faults.add(node.place, "empty-condition", message)
        parts: list[Condition] = []
        for entry in node.entries:
            if entry.key in JOINS:
                parts.append(self._join(entry))
            else:
                parts.extend(self._tests(entry))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _join(self, entry: Entry) -> Condition:
        if entry.key == "not":
            return Not(self.read(entry.value))
        if not isinstance(entry.value, ListNode):
            what = f"a list of conditions under `{entry.key}`, `- fact: test`,"
            self.faults.expected(entry.value, what)
            return All(())
        if not entry.value.items:
            end = "never hold" if entry.key == "any" else "always hold"
            message = f"`{entry.key}` of nothing would {end}; write conditions, or leave it out"
            self.faults.add(entry.value.place, "empty-condition", message)
        parts = tuple(self.read(item) for item in entry.value.items)
        return AnyOf(parts) if entry.key == "any" else All(parts)

    def _tests(self, entry: Entry) -> list[Test]:
        fact = facts_for(self.subjects).get(entry.key)
        if fact is None and entry.key == "fact" and isinstance(entry.value, ScalarNode):
            message = f"the fact itself is the key; write `{excerpt(entry.value.raw)}: test`"
            self.faults.add(entry.key_place, "unknown-fact", message)
            return []
        if fact is None:
            name = "fact-not-here" if entry.key in FACTS else "unknown-fact"
            self.faults.add(entry.key_place, name, unavailable(entry.key, self.subjects))
            fact = FACTS.get(entry.key)
            if fact is None:
                return []
        match entry.value:
            case MapNode():
                return self._operators(fact, entry.value, entry.key_place)
            case ListNode():
                return [self._test(fact, "in", entry.value, entry.key_place)]
            case _:
                return [self._test(fact, "is", entry.value, entry.key_place)]

    def _operators(self, fact: Fact, node: MapNode, place: Place) -> list[Test]:
        window = None
        tests = []
        for entry in node.entries:
            if entry.key == "in_last":
                window = self._window(fact, entry)
            elif entry.key not in OPERATORS:
                message = unknown_word("an operator", entry.key, (*OPERATORS, "in_last"), limit=12)
                if entry.key in _SIGNS:
                    message = f"`{entry.key}` is not an operator; write `{_SIGNS[entry.key]}`"
                self.faults.add(entry.key_place, "unknown-operator", message)
            else:
                tests.append(self._test(fact, entry.key, entry.value, place, entry.key_place))
        if all(entry.key == "in_last" for entry in node.entries):
            message = f"`{fact.path}` is held against nothing; write for example `{_example(fact)}`"
            self.faults.add(node.place, "operator", message)
        return [attrs.evolve(test, in_last=window) for test in tests] if window else tests

    def _window(self, fact: Fact, entry: Entry) -> Span:
        if not fact.countable:
            message = f"`{fact.path}` cannot be counted `in_last`; it is {_kind(fact)}"
            if fact.type == "count":
                message = f"`{fact.path}` cannot be counted `in_last` a while; it has one value"
            self.faults.add(entry.key_place, "window", message)
        span = read_span(entry.value, self.faults, "`in_last`")
        if span == 0:
            message = "`in_last` counts over some time; write for example `30m`"
            if isinstance(entry.value, ScalarNode) and entry.value.raw.strip() in ("0m", "0s"):
                self.faults.add(entry.value.place, "window", message)
        return span

    def _test(
        self, fact: Fact, operator: str, node: Node, place: Place, said: Place | None = None
    ) -> Test:
        if isinstance(node, ListNode):
            operator = LIST_OPERATORS.get(operator, operator)
        elif operator in ("in", "not_in") and isinstance(node, ScalarNode):
            self.faults.expected(node, f"a list after `{operator}`")
        if operator not in OPERATORS_OF[fact.type]:
            written = "" if said is None else f"`{operator}` does not fit; "
            message = f"`{fact.path}` is {_kind(fact)}; {written}write `{_example(fact)}`"
            name = "operator"
            signed = _signed(node)
            if said is None and signed and fact.type == "duration":
                message = f"`{fact.path}` is a duration; write `{signed}`"
            elif fact.type == "duration" and said is None and isinstance(node, ScalarNode):
                message = f"`{fact.path}` is a duration; write `{{at_least: {node.raw}}}`"
                if isinstance(node.value, int | float):
                    name = "unit"
                    message = (
                        f"`{fact.path}` is a duration; `{node.raw}` has no unit, "
                        f"write `{{at_least: {node.raw}m}}`"
                    )
            self.faults.add(said or node.place, name, message)
            return Test(fact=fact.path, operator=operator, value="", place=place)
        value = self._operand(fact, operator, node)
        return Test(fact=fact.path, operator=operator, value=value, place=place)

    def _operand(self, fact: Fact, operator: str, node: Node) -> Operand:
        if isinstance(node, ListNode):
            if operator not in ("in", "not_in", "mentions"):
                self.faults.expected(node, f"one value after `{operator}`")
                return ()
            if not node.items:
                message = f"no value is in an empty list, so `{fact.path}` could never match"
                self.faults.add(node.place, "never-holds", message)
            return tuple(self._scalar(fact, operator, item) for item in node.items)
        reference = read_reference(node, self.faults)
        if reference is not None:
            return self._parameter(fact, reference, node)
        return self._scalar(fact, operator, node)

    def _parameter(self, fact: Fact, reference: ParameterRef, node: Node) -> ParameterRef:
        kind = parameter_type(reference, self.faults)
        if kind is not None and kind not in _COUNTED_BY.get(fact.type, ()):
            message = (
                f"`{fact.path}` is {_kind(fact)}; the parameter `${reference.name}` is a {kind}"
            )
            self.faults.add(node.place, "parameter-type", message)
        return reference

    def _scalar(self, fact: Fact, operator: str, node: Node) -> Scalar:
        if not isinstance(node, ScalarNode):
            self.faults.expected(node, "one value")
            return ""
        value = node.value
        if fact.type == "boolean" or operator == "present":
            if isinstance(value, bool):
                return value
            what = "`present`" if operator == "present" else f"`{fact.path}`"
            message = f"{what} is `true` or `false`, not {describe(node)}"
            self.faults.add(node.place, "wrong-type", message)
            return False
        if fact.type == "duration":
            return read_duration(node, self.faults, f"`{fact.path}`")
        if fact.type == "count":
            return self._number(fact, node)
        if not isinstance(value, str):
            hint = "" if fact.values else f'; quote it: "{excerpt(node.raw)}"'
            message = f"`{fact.path}` is {_kind(fact)}, not {describe(node)}{hint}"
            self.faults.add(node.place, "wrong-type", message)
            return ""
        if fact.values and value not in fact.values:
            message = unknown_word(f"a value of `{fact.path}`", value, fact.values)
            several = [word.strip() for word in value.split(",")]
            if len(several) > 1 and set(several) <= set(fact.values):
                message = f"`{excerpt(value)}` is one text; write a list, `[{', '.join(several)}]`"
            self.faults.add(node.place, "unknown-value", message)
        return value

    def _number(self, fact: Fact, node: ScalarNode) -> float:
        value = node.value
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole and not (fact.ratio and isinstance(value, float)):
            what = "a number" if fact.ratio else "a whole number"
            message = f"`{fact.path}` is {what}, not {describe(node)}"
            if signed := _signed(node):
                message = f"`{fact.path}` is {what}; write `{signed}`"
            self.faults.add(node.place, "wrong-type", message)
            return 0
        assert isinstance(value, int | float)  # noqa: S101 - the test above, for the type checker
        if value < 0:
            message = f"`{fact.path}` is never below 0, so `{node.raw}` says nothing"
            self.faults.add(node.place, "out-of-range", message)
        return value


def _signed(node: Node) -> str | None:
    """How ``>= 30m`` is written here, when that is what the text is."""
    match = _SIGNED.fullmatch(node.raw.strip()) if isinstance(node, ScalarNode) else None
    return f"{{{_SIGNS[match.group(1)]}: {match.group(2)}}}" if match else None


def _kind(fact: Fact) -> str:
    return _ARTICLE.get(fact.type, f"a {fact.type}")


def _example(fact: Fact) -> str:
    some = fact.values[0] if fact.values else "word"
    return {
        "boolean": "true",
        "enum": some,
        "text": "{is: word}",
        "set": f"{{mentions: {some}}}",
        "count": "{at_least: 10}",
        "duration": "{at_least: 30m}",
        "instant": "{present: true}",
    }[fact.type]
