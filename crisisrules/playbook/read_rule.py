"""A rule file to a :class:`Rule`, every fault of it reported."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crisisrules.model.errors import Place
from crisisrules.model.vocabulary import ACTIONS, RULE_SEVERITIES
from crisisrules.playbook.conditions import ALWAYS, All, Condition
from crisisrules.playbook.contradictions import clash_in
from crisisrules.playbook.placeholders import check_texts
from crisisrules.playbook.read_conditions import ConditionReader
from crisisrules.playbook.read_forms import read_form
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    read_choice,
    read_flag,
    read_items,
    read_names,
    read_span,
    read_text,
    read_texts,
    read_version,
)
from crisisrules.playbook.rule import (
    IF_UNKNOWN,
    STATUSES,
    SUBJECTS,
    WHOSE,
    Absence,
    Advice,
    Escalation,
    Precedence,
    Rule,
    Scope,
    Source,
    State,
    clocks_of,
    conditions_of,
)
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TIMED: Final = ("expect", "within", "every", "clocks")
_ADDRESS: Final = re.compile(r"https?://\S+")


def read_rule(node: Node, family: str, file_name: str | None, faults: Faults) -> Rule:
    """The rule of one file.

    Args:
        node: The document.
        family: The folder it stands in.
        file_name: What the file is called without its ending, which is the id; None: no file.
        faults: Where faults go; when any was added, the rule is of no use.
    """
    before = len(faults.problems)
    fields = Fields.of(node, faults, "a rule")
    rule_id = _read_id(fields.need("id"), file_name, faults)
    severity = _read_severity(fields.need("severity"), faults)
    subjects = _read_subjects(fields.need("about"), faults)
    conditions = ConditionReader(subjects, faults)
    when_node, settled = fields.take("when"), fields.take("settled_by")
    when = conditions.read(when_node) if when_node else ALWAYS
    form = read_form(fields, subjects, severity, faults)
    duty = not isinstance(form, Absence | Precedence)
    whose = fields.take("whose")
    title, because, note = (fields.need("title"), fields.need("because"), fields.take("note"))
    if_unknown = fields.take("if_unknown")
    status = fields.take("status")
    recommend = fields.need("recommend")
    rule = Rule(
        id=rule_id,
        title=read_texts(title, faults),
        severity=severity,
        about=subjects,
        form=form,
        advice=_read_advice(recommend, faults),
        because=read_texts(because, faults),
        sources=read_sources(fields.need("sources"), faults),
        status=read_choice(status, STATUSES, "a status", faults, "unknown-value")
        if status
        else "stable",
        scope=_read_scope(fields, faults),
        when=when,
        settled_by=conditions.read(settled) if settled else None,
        escalate=_read_escalations(fields.take("escalate"), severity, conditions, faults),
        if_unknown=read_choice(
            if_unknown, IF_UNKNOWN, "a way to take what is unknown", faults, "unknown-value"
        ),
        whose=read_choice(whose, WHOSE, "whose incident", faults, "unknown-value")
        if whose
        else ("own" if duty else "any"),
        replaces=read_names(fields.take("replaces"), faults, "rule id"),
        replaced_by=_optional_text(fields.take("replaced_by"), faults),
        regimes=read_names(fields.take("regimes"), faults, "regime"),
        family=family,
        since=read_version(fields.take("since"), faults),
        note=read_texts(note, faults) if note else None,
        place=node.place,
    )
    fields.close("a rule")
    _check_fit(rule, fields, faults)
    # A form with a fault has no clocks, but its texts may speak of the deadline that was meant
    deadline = bool(clocks_of(rule)) or any(key in fields.entries for key in _TIMED)
    advice = recommend if isinstance(recommend, MapNode) else None
    spoken = {"title": title, "because": because, "note": note}
    spoken |= {entry.key: entry.value for entry in advice.entries} if advice else {}
    for text in (
        spoken.get(key) for key in ("title", "because", "note", "say", "once_out", "write")
    ):
        if isinstance(text, MapNode):
            # Read again without complaint: what is wrong with the texts themselves was said
            words = read_texts(text, Faults())
            places = {entry.key: entry.value.place for entry in text.entries}
            check_texts(words, places, subjects, faults, deadline=deadline)
    if len(faults.problems) == before:
        _check_possible(rule, fields, faults)
    return rule


def _read_id(node: Node | None, file_name: str | None, faults: Faults) -> str:
    rule_id = read_text(node, faults)
    if node is None or not rule_id:
        return rule_id
    if not _ID.fullmatch(rule_id):
        message = "an id has small letters, digits and hyphens, as in `status-missing`"
        faults.add(node.place, "bad-id", message)
    elif file_name is not None and rule_id != file_name:
        message = f"`{rule_id}` is not the name of the file; call one as the other: `{file_name}`"
        faults.add(node.place, "id-not-file-name", message)
    return rule_id


def _read_severity(node: Node | None, faults: Faults) -> str:
    severity = read_choice(node, RULE_SEVERITIES, "a severity", faults, "unknown-severity")
    written = isinstance(node, ScalarNode) and node.value == severity
    # With the highest as a stand-in, no rung of the ladder is blamed for standing above it
    return severity if written else RULE_SEVERITIES[-1]


def _read_subjects(node: Node | None, faults: Faults) -> tuple[str, ...]:
    """The subjects, or none after a fault: then no fact is called out of place."""
    before = len(faults.problems)
    if isinstance(node, ListNode):
        subjects = read_names(node, faults, "subject", SUBJECTS)
    else:
        subjects = (read_choice(node, SUBJECTS, "a subject", faults, "unknown-value"),)
    return subjects if node is not None and len(faults.problems) == before else ()


def _optional_text(node: Node | None, faults: Faults) -> str | None:
    return read_text(node, faults) if node else None


def _read_scope(fields: Fields, faults: Faults) -> Scope:
    during, after, until, always = (
        fields.take(key) for key in ("during", "after", "until", "always")
    )
    read_choice(during, ("incident",), "a time that a rule may hold during", faults, "scope")
    read_choice(after, ("resolution",), "a moment that a rule may hold after", faults, "scope")
    if read_flag(always, faults):
        for key in ("during", "after", "until"):
            if key in fields.entries:
                message = f"`{key}` says nothing beside `always`; keep one of the two"
                faults.add(fields.key_place(key), "scope", message)
        return Scope(always=True)
    if after and until is None:
        message = "`after` needs `until`: for how long, such as `48h`"
        faults.add(fields.key_place("after"), "scope", message)
    if until and after is None:
        message = "`until` belongs to `after: resolution`"
        faults.add(fields.key_place("until"), "scope", message)
    return Scope(
        during=during is not None or after is None,
        after_until=read_span(until, faults, "`until`") if until else None,
    )


def _read_advice(node: Node | None, faults: Faults) -> Advice:
    if node is None:
        return Advice(action=ACTIONS[0], say={})
    fields = Fields.of(node, faults, "advice, `{action: …, say: …}`,")
    once_out, write = fields.take("once_out"), fields.take("write")
    advice = Advice(
        action=read_choice(fields.need("action"), ACTIONS, "an action", faults, "unknown-action"),
        say=read_texts(fields.need("say"), faults),
        once_out=read_texts(once_out, faults) if once_out else None,
        write=read_texts(write, faults) if write else None,
    )
    fields.close("`recommend`")
    return advice


def read_sources(node: Node | None, faults: Faults) -> tuple[Source, ...]:
    """Who says so, one at least."""
    sources = []
    for item in read_items(node, faults, "sources", "name one at least"):
        fields = Fields.of(item, faults, "a source, `{title: …, url: …}`,")
        address = fields.take("url")
        url = _optional_text(address, faults)
        if address and url and not _ADDRESS.fullmatch(url):
            message = "an address starts with `https://` and has no spaces"
            faults.add(address.place, "address", message)
        sources.append(
            Source(
                title=read_text(fields.need("title"), faults),
                url=url,
                where=_optional_text(fields.take("where"), faults),
            )
        )
        fields.close("a source")
    return tuple(sources)


def _read_escalations(
    node: Node | None, highest: str, conditions: ConditionReader, faults: Faults
) -> tuple[Escalation, ...]:
    steps = []
    for item in read_items(node, faults, "escalations"):
        fields = Fields.of(item, faults, "an escalation, `{to: critical, after: 30m}`,")
        to = fields.need("to")
        severity = read_choice(to, RULE_SEVERITIES, "a severity", faults, "unknown-severity")
        if to and RULE_SEVERITIES.index(severity) > RULE_SEVERITIES.index(highest):
            message = (
                f"`{severity}` is above `{highest}`, the severity of the rule; "
                "write there the highest that it reaches"
            )
            faults.add(to.place, "ladder", message)
        after, when = fields.take("after"), fields.take("when")
        fields.close("an escalation")
        if fields.entries and after is None and when is None:
            message = "an escalation needs `after` (a time) or `when` (a condition)"
            faults.add(item.place, "missing-key", message)
        steps.append(
            Escalation(
                severity=severity,
                after=read_span(after, faults, "`after`") if after else None,
                when=conditions.read(when) if when else None,
            )
        )
    return tuple(steps)


def _check_fit(rule: Rule, fields: Fields, faults: Faults) -> None:
    """Keys that make no sense with the form or the status that the rule has."""
    if rule.settled_by is not None and not isinstance(rule.form, State | Absence | Precedence):
        message = "`settled_by` does not fit here: what `expect` asks settles the rule"
        faults.add(fields.key_place("settled_by"), "form", message)
    if rule.replaced_by is not None and rule.status != "deprecated":
        message = "`replaced_by` names the successor of a rule with `status: deprecated`"
        faults.add(fields.key_place("replaced_by"), "form", message)
    if rule.advice.once_out is not None and (len(rule.about) < 2 or "post" not in rule.about):
        message = (
            "`once_out` is for rules about posts and about what is not out yet; use `say` alone"
        )
        faults.add(fields.key_place("recommend"), "form", message)
    if rule.id and rule.id in rule.replaces:
        faults.add(fields.key_place("replaces"), "unknown-rule", "a rule cannot replace itself")


def _check_possible(rule: Rule, fields: Fields, faults: Faults) -> None:
    """Conditions that no facts can meet, alone or with the guard that stands beside them."""
    written: Mapping[str, Condition] = conditions_of(rule)
    if isinstance(rule.form, Absence) and clash_in(rule.when) is None:
        written = {**written, "forbid": All((rule.when, rule.form.forbid))}
    for key, condition in written.items():
        clash = clash_in(condition)
        if clash is not None:
            place: Place = clash.second.place or fields.key_place(key.partition("[")[0])
            faults.add(place, "never-holds", clash.message)
