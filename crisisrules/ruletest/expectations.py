"""What a step expects of a rule, and how it patches what the steps before it expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import attrs

from crisisrules.model.errors import Place, unknown_word
from crisisrules.model.vocabulary import ACTIONS, RULE_SEVERITIES
from crisisrules.playbook.reading import Faults, Fields, describe, read_choice, read_text
from crisisrules.playbook.rule import SUBJECTS
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode

LIVE: Final = ("open", "overdue", "pending")
SILENT: Final = "silent"
STATES: Final = (*LIVE, "resolved", "cancelled", "replaced", SILENT)
SELECTORS: Final = ("subject", "page", "incident")

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
    faults: Faults,
) -> tuple[Expectation, ...]:
    """The expectations from this step on.

    Args:
        node: the ``then``: ``silent``, a mapping, or a list of mappings that name their subjects.
        standing: what the steps before expected; what the node does not say again still holds.
        about: the kinds of subject that the rule speaks about; none: any kind.
        moment: the instant of a moment's text; raises ValueError.
        faults: where faults go.
    """
    if isinstance(node, ScalarNode):
        if node.value != SILENT:
            faults.expected(node, "`silent`, a mapping or a list of mappings")
        return ()
    listed = isinstance(node, ListNode)
    for item in node.items if isinstance(node, ListNode) else (node,):
        said = _expectation(item, about, moment, faults)
        if listed and said.subject is None and said.page is None:
            message = "in a list each expectation names its `subject`, such as `{post: p1}`"
            faults.add(item.place, "missing-key", message)
            continue
        standing = _merge(said, standing, faults)
    return standing


def _merge(
    said: Expectation, standing: tuple[Expectation, ...], faults: Faults
) -> tuple[Expectation, ...]:
    same = [old for old in standing if _may_be_same(said, old)]
    if len(same) > 1:
        message = (
            "several subjects are expected; say which one with `subject`, such as `{post: p1}`"
        )
        faults.add(said.place, "which-subject", message)
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
    node: Node, about: tuple[str, ...], moment: Callable[[str], datetime], faults: Faults
) -> Expectation:
    fields = Fields.of(node, faults, "an expectation, `{status: open}`,")
    values: dict[str, Expected] = {}
    words = {
        "status": ("a status", STATES),
        "severity": ("a severity", RULE_SEVERITIES),
        "action": ("an action", ACTIONS),
    }
    for name, (what, allowed) in words.items():
        word = fields.take(name)
        if word is not None:
            values[name] = read_choice(word, allowed, what, faults, "unknown-value")
    due = fields.take("due_at")
    if due is not None:
        values["due_at"] = _due(due, moment, faults)
    settled = fields.take("settled_by")
    if settled is not None:
        values["settled_by"] = _settled_by(settled, faults)
    subject, page, incident = (fields.take(name) for name in SELECTORS)
    fields.close("an expectation")
    return Expectation(
        subject=_subject(subject, about, faults) if subject else None,
        page=read_text(page, faults) if page else None,
        incident=read_text(incident, faults) if incident else None,
        values=values,
        place=node.place,
    )


def _due(node: Node, moment: Callable[[str], datetime], faults: Faults) -> datetime | None:
    if isinstance(node, ScalarNode) and node.value is None:
        return None
    try:
        return moment(read_text(node, faults))
    except ValueError as error:
        faults.add(node.place, "moment", str(error))
        return None


def _subject(node: Node, about: tuple[str, ...], faults: Faults) -> tuple[str, str] | None:
    pair = _pair(node, faults)
    allowed = about or SUBJECTS
    if pair is not None and pair[0] not in allowed:
        what = f"what the rule is about ({', '.join(about)})" if about else "a subject"
        faults.add(node.place, "unknown-subject", unknown_word(what, pair[0], allowed))
        return None
    return pair


def _settled_by(node: Node, faults: Faults) -> str:
    if isinstance(node, MapNode):
        return " ".join(_pair(node, faults) or ())
    return read_text(node, faults)


def _pair(node: Node, faults: Faults) -> tuple[str, str] | None:
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        message = f"one pair such as `{{post: p1}}` is needed here, not {describe(node)}"
        faults.add(node.place, "wrong-type", message)
        return None
    entry = node.entries[0]
    return entry.key, read_text(entry.value, faults)
