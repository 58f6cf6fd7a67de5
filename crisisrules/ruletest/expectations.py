"""What a step expects of a rule, and how it patches what the steps before it expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import attrs

from crisisrules.model.errors import Place, unknown_word
from crisisrules.model.vocabulary import ACTIONS, RULE_SEVERITIES
from crisisrules.playbook.rule import SUBJECTS
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, get
from crisisrules.ruletest.nodes import Problems, as_mapping, as_text, as_word, report

LIVE: Final = ("open", "overdue", "pending")
SILENT: Final = "silent"
STATES: Final = (*LIVE, "resolved", "cancelled", "replaced", SILENT)
SELECTORS: Final = ("subject", "page", "incident")
KEYS: Final = (*SELECTORS, "status", "severity", "due_at", "action", "settled_by")

Expected: TypeAlias = str | datetime | None


@attrs.frozen(kw_only=True)
class Expectation:
    """What is expected of one recommendation.

    Attributes:
        subject, page, incident: which one; None takes any, and there must be but one.
        values: what is expected by the name of a recommendation's field: status, severity, due_at (None:
            no deadline), action, settled_by. What is not named may be anything.
        place: the ``then`` that spoke last.
    """

    subject: tuple[str, str] | None = None
    page: str | None = None
    incident: str | None = None
    values: Mapping[str, Expected]
    place: Place = attrs.field(eq=False)

    @property
    def status(self) -> str | None:
        """The status expected, or None when any live one will do."""
        status = self.values.get("status")
        return status if isinstance(status, str) else None


def patch(
    node: Node,
    standing: tuple[Expectation, ...],
    *,
    about: tuple[str, ...],
    moment: Callable[[str], datetime],
    problems: Problems,
) -> tuple[Expectation, ...]:
    """The expectations from this step on.

    Args:
        node: the ``then``: ``silent``, a mapping, or a list of mappings that name their subjects.
        standing: what the steps before expected; what the node does not say again still holds.
        about: the kinds of subject that the rule speaks about.
        moment: the instant of a moment's text; raises ValueError.
        problems: where faults go.
    """
    if isinstance(node, ScalarNode):
        if node.value != SILENT:
            message = f"`then` is `silent`, a mapping or a list of mappings, not `{node.raw[:40]}`"
            report(problems, node.place, "unknown-word", message)
        return ()
    listed = isinstance(node, ListNode)
    for item in node.items if isinstance(node, ListNode) else (node,):
        said = _expectation(item, about, moment, problems)
        if said is None:
            continue
        if listed and said.subject is None and said.page is None:
            message = "in a list each expectation names its `subject`, such as `{post: p1}`"
            report(problems, item.place, "missing-key", message)
            continue
        standing = _merge(said, standing, problems)
    return standing


def _merge(
    said: Expectation, standing: tuple[Expectation, ...], problems: Problems
) -> tuple[Expectation, ...]:
    same = [old for old in standing if _may_be_same(said, old)]
    if len(same) > 1:
        message = (
            "several subjects are expected; say which one with `subject`, such as `{post: p1}`"
        )
        report(problems, said.place, "which-subject", message)
        return standing
    if not same:
        return (*standing, said)
    old = same[0]
    new = Expectation(
        subject=said.subject or old.subject,
        page=said.page or old.page,
        incident=said.incident or old.incident,
        values={**old.values, **said.values},
        place=said.place,
    )
    return tuple(new if each is old else each for each in standing)


def _may_be_same(said: Expectation, old: Expectation) -> bool:
    return all(
        getattr(said, name) is None
        or getattr(old, name) is None
        or getattr(said, name) == getattr(old, name)
        for name in SELECTORS
    )


def _expectation(
    node: Node, about: tuple[str, ...], moment: Callable[[str], datetime], problems: Problems
) -> Expectation | None:
    mapping = as_mapping(node, "an expectation", KEYS, problems)
    if mapping is None:
        return None
    values: dict[str, Expected] = {}
    words = {
        "status": ("a status", STATES),
        "severity": ("a severity", RULE_SEVERITIES),
        "action": ("an action", ACTIONS),
    }
    for name, (what, allowed) in words.items():
        word = as_word(get(mapping, name), f"`{name}`", what, allowed, problems)
        if word is not None:
            values[name] = word
    due = get(mapping, "due_at")
    if due is not None:
        values["due_at"] = _due(due, moment, problems)
    settled = _settled_by(get(mapping, "settled_by"), problems)
    if settled is not None:
        values["settled_by"] = settled
    return Expectation(
        subject=_subject(get(mapping, "subject"), about, problems),
        page=as_text(get(mapping, "page"), "`page`", problems),
        incident=as_text(get(mapping, "incident"), "`incident`", problems),
        values=values,
        place=mapping.place,
    )


def _due(node: Node, moment: Callable[[str], datetime], problems: Problems) -> datetime | None:
    if isinstance(node, ScalarNode) and node.value is None:
        return None
    text = as_text(node, "`due_at`", problems)
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        report(problems, node.place, "not-a-moment", f"`due_at`: {error}")
        return None


def _subject(
    node: Node | None, about: tuple[str, ...], problems: Problems
) -> tuple[str, str] | None:
    pair = _pair(node, "`subject`", problems)
    if pair is None or node is None:
        return None
    kind, name = pair
    if kind not in (about or SUBJECTS):
        what = f"what the rule is about ({', '.join(about)})" if about else "a subject"
        report(problems, node.place, "unknown-subject", unknown_word(what, kind, about or SUBJECTS))
        return None
    return kind, name


def _settled_by(node: Node | None, problems: Problems) -> str | None:
    if isinstance(node, MapNode):
        pair = _pair(node, "`settled_by`", problems)
        return " ".join(pair) if pair else None
    return as_text(node, "`settled_by`", problems)


def _pair(node: Node | None, what: str, problems: Problems) -> tuple[str, str] | None:
    if node is None:
        return None
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        message = f"{what} is one pair, such as `{{post: p1}}`"
        report(problems, node.place, "wrong-type", message)
        return None
    entry = node.entries[0]
    name = as_text(entry.value, f"`{entry.key}`", problems)
    return None if name is None else (entry.key, name)
