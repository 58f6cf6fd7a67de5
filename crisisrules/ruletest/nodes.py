"""Strict reading of the nodes of a rule test: each function reports what is wrong and goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crisisrules.model.errors import Place, Problem, unknown_word
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, get

Problems = list[Problem]


def report(problems: Problems, place: Place, name: str, message: str) -> None:
    """Note a fault."""
    problems.append(Problem(place, name, message))


def as_mapping(
    node: Node | None,
    what: str,
    keys: Collection[str],
    problems: Problems,
    *,
    required: Collection[str] = (),
) -> MapNode | None:
    """The node as a mapping with no key outside ``keys`` (empty: any) and all of ``required``."""
    if not isinstance(node, MapNode):
        if node is not None:
            message = f"{what} is a mapping of keys to values, not {_kind(node)}"
            report(problems, node.place, "wrong-type", message)
        return None
    for entry in node.entries:
        if keys and entry.key not in keys:
            message = unknown_word(f"a key of {what}", entry.key, keys)
            report(problems, entry.key_place, "unknown-key", message)
    for key in required:
        if get(node, key) is None:
            report(problems, node.place, "missing-key", f"{what} needs `{key}`")
    return node


def items_of(node: Node | None, what: str, problems: Problems) -> tuple[Node, ...]:
    """The items of a list; none, and a fault, when it is no list."""
    if node is None:
        return ()
    if isinstance(node, ListNode):
        return node.items
    report(problems, node.place, "wrong-type", f"{what} is a list, not {_kind(node)}")
    return ()


def as_text(node: Node | None, what: str, problems: Problems) -> str | None:
    """A text that is not empty."""
    if node is None:
        return None
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        report(problems, node.place, "wrong-type", f"{what} is a text, not {_kind(node)}")
        return None
    if not node.value.strip():
        report(problems, node.place, "empty-text", f"{what} is empty")
        return None
    return node.value


def as_word(
    node: Node | None, what: str, a: str, allowed: Collection[str], problems: Problems
) -> str | None:
    """A text that is one of a closed list; ``a`` completes "is not ..."."""
    text = as_text(node, what, problems)
    if text is None or node is None or text in allowed:
        return text
    report(problems, node.place, "unknown-word", f"{what}: {unknown_word(a, text, allowed)}")
    return None


def as_words(node: Node | None, what: str, problems: Problems) -> Iterator[tuple[str, Place]]:
    """The texts of a list with their places."""
    for item in items_of(node, what, problems):
        text = as_text(item, f"an item of {what}", problems)
        if text is not None:
            yield text, item.place


def _kind(node: Node) -> str:
    match node:
        case MapNode():
            return "a mapping"
        case ListNode():
            return "a list"
        case ScalarNode(value=None):
            return "`null`"
        case ScalarNode(value=bool()):
            return "true or false"
        case ScalarNode(value=int() | float()):
            return "a number"
        case _:
            return "a text"
