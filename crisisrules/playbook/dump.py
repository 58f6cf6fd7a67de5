"""A rule back to the YAML that loads to an equal rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from crisisrules.model.durations import format_duration
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Condition,
    Not,
    Operand,
    ParameterRef,
    Scalar,
    Test,
)
from crisisrules.playbook.rule import (
    Absence,
    Clock,
    Precedence,
    Recurrence,
    Reminder,
    Response,
    Rule,
    Rung,
    Source,
    Span,
    State,
)
from crisisrules.playbook.yamlscalars import key_fault, understand

Data: TypeAlias = Mapping[str, "Data"] | list["Data"] | str | int | float | bool
"""What a document of YAML holds."""

_WIDTH: Final = 100
_PLAIN: Final = re.compile(r"[A-Za-z0-9À-ÿ$_][A-Za-z0-9À-ÿ $_.%*/'-]*")


def dump_rule(rule: Rule) -> str:
    """The text of a rule file, without the comments that it may have had."""
    return to_yaml(rule_data(rule))


def rule_data(rule: Rule) -> dict[str, Data]:
    """A rule as the mapping that a rule file holds; what has its default is left out."""
    data: dict[str, Data] = {
        "id": rule.id,
        "title": dict(rule.title),
        "severity": rule.severity,
        "about": rule.about[0] if len(rule.about) == 1 else list(rule.about),
    }
    if rule.status != "stable":
        data["status"] = rule.status
    if rule.regimes:
        data["regimes"] = list(rule.regimes)
    data |= _scope(rule)
    if rule.when != ALWAYS:
        data["when"] = condition_data(rule.when)
    data |= _form(rule)
    if rule.settled_by is not None:
        data["settled_by"] = condition_data(rule.settled_by)
    if rule.escalate:
        data["escalate"] = [
            {"to": step.severity}
            | ({"after": _span(step.after)} if step.after is not None else {})
            | ({"when": condition_data(step.when)} if step.when is not None else {})
            for step in rule.escalate
        ]
    if rule.if_unknown != "hold":
        data["if_unknown"] = rule.if_unknown
    duty = not isinstance(rule.form, Absence | Precedence)
    if rule.whose != ("own" if duty else "any"):
        data["whose"] = rule.whose
    if rule.replaces:
        data["replaces"] = list(rule.replaces)
    if rule.replaced_by is not None:
        data["replaced_by"] = rule.replaced_by
    advice: dict[str, Data] = {"action": rule.advice.action, "say": dict(rule.advice.say)}
    if rule.advice.once_out is not None:
        advice["once_out"] = dict(rule.advice.once_out)
    if rule.advice.write is not None:
        advice["write"] = dict(rule.advice.write)
    data |= {"recommend": advice, "because": dict(rule.because)}
    data["sources"] = [_source(source) for source in rule.sources]
    if rule.note is not None:
        data["note"] = dict(rule.note)
    if rule.since is not None:
        data["since"] = rule.since
    return data


def condition_data(condition: Condition) -> dict[str, Data]:
    """A condition as the mapping that is written for it."""
    match condition:
        case Test():
            return {condition.fact: _test(condition)}
        case AnyOf(of):
            return {"any": [condition_data(part) for part in of]}
        case Not(of):
            return {"not": condition_data(of)}
        case All(of):
            parts = [condition_data(part) for part in of]
            joined: dict[str, Data] = {}
            for part in parts:
                joined |= part
            # Side by side only when nothing is written over and the mapping reads back as it was
            alike = len(joined) == len(of) > 1 and not any(isinstance(one, All) for one in of)
            return joined if alike else {"all": list(parts)}


def _test(test: Test) -> Data:
    value = _operand(test, test.value)
    if test.in_last is not None:
        return {test.operator: value, "in_last": _span(test.in_last)}
    if test.operator == "in" or (test.operator == "is" and not isinstance(value, dict)):
        return value
    return {test.operator: value}


def _operand(test: Test, value: Operand) -> Data:
    if isinstance(value, ParameterRef):
        return str(value)
    if isinstance(value, tuple):
        return [_scalar(test, one) for one in value]
    return _scalar(test, value)


def _scalar(test: Test, value: Scalar) -> Data:
    lasts = FACTS[test.fact].type == "duration" and test.operator != "present"
    return format_duration(int(value)) if lasts else value


def _scope(rule: Rule) -> dict[str, Data]:
    scope = rule.scope
    if scope.always:
        return {"always": True}
    if scope.after_until is None:
        return {}
    during: dict[str, Data] = {"during": "incident"} if scope.during else {}
    return during | {"after": "resolution", "until": _span(scope.after_until)}


def _form(rule: Rule) -> dict[str, Data]:
    match rule.form:
        case Absence(forbid=forbid):
            return {"forbid": condition_data(forbid)}
        case Precedence(require=require, before=before):
            return {"require": condition_data(require), "before": condition_data(before)}
        case State(for_=for_, keep_for=keep_for):
            spans = {"for": for_, "keep_for": keep_for}
            return {key: _span(span) for key, span in spans.items() if span is not None}
        case Response(expect=expect, clocks=(clock,), remind=remind):
            timing = {
                "within": _ladder(clock, rule.severity),
                "of": clock.of or "",
                **_business(clock),
            }
            return {"expect": condition_data(expect), **timing, **_remind(remind)}
        case Response(expect=expect, clocks=clocks, remind=remind):
            several: list[Data] = [
                {
                    "of": clock.of or "",
                    "within": _ladder(clock, rule.severity),
                    **_business(clock),
                }
                for clock in clocks
            ]
            return {"expect": condition_data(expect), "clocks": several, **_remind(remind)}
        case Recurrence(expect=expect, every=every, remind=remind):
            of: dict[str, Data] = {"of": every.of} if every.of is not None else {}
            pace = {"every": _ladder(every, rule.severity)}
            return {"expect": condition_data(expect), **pace, **of, **_remind(remind)}


def _business(clock: Clock) -> dict[str, Data]:
    days = clock.days
    if days is None:
        return {}
    said: dict[str, Data] = {"calendar": days.calendar}
    if days.timezone is not None:
        said["timezone"] = days.timezone
    if days.closes is not None:
        said["closes"] = "{:02}:{:02}".format(*divmod(days.closes, 60))
    return {"business_days": said}


def _ladder(clock: Clock, severity: str) -> Data:
    match clock.ladder:
        case (Rung(severity=only, after=after),) if only == severity:
            return _span(after)
        case rungs:
            return {rung.severity: _span(rung.after) for rung in rungs}


def _remind(reminders: Iterable[Reminder]) -> dict[str, Data]:
    found: list[Data] = [
        f"{one.share * 100:.0f}%" if one.share is not None else format_duration(one.before or 0)
        for one in reminders
    ]
    return {"remind": found} if found else {}


def _source(source: Source) -> dict[str, Data]:
    data: dict[str, Data] = {"title": source.title}
    if source.url is not None:
        data["url"] = source.url
    if source.where is not None:
        data["where"] = source.where
    return data


def _span(span: Span) -> str:
    return format_duration(span) if isinstance(span, int) else str(span)


def to_yaml(data: Mapping[str, Data]) -> str:
    """A document of strict YAML: one key a line, short lists and mappings in brackets."""
    return "".join(_entries(data, 0))


def _entries(data: Mapping[str, Data], indent: int) -> Iterable[str]:
    for key, value in data.items():
        start = f"{' ' * indent}{_word(key)}:"
        yield from _value(start, value, indent)


def _value(start: str, value: Data, indent: int) -> Iterable[str]:
    line = f"{start} {_flow(value)}\n"
    if len(line) <= _WIDTH or not isinstance(value, Mapping | list) or not value:
        yield line
    elif isinstance(value, Mapping):
        yield f"{start}\n"
        yield from _entries(value, indent + 2)
    else:
        yield f"{start}\n"
        for item in value:
            yield f"{' ' * (indent + 2)}- {_flow(item)}\n"


def _flow(value: Data) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            text = f"{value:.12f}".rstrip("0")
            return f"{text}0" if text.endswith(".") else text
        case str():
            return _word(value)
        case list():
            return f"[{', '.join(_flow(item) for item in value)}]"
        case Mapping():
            return "{" + ", ".join(f"{_word(k)}: {_flow(v)}" for k, v in value.items()) + "}"


def _word(text: str) -> str:
    """A text as it is when nothing could be read into it, else in double quotes."""
    plain = _PLAIN.fullmatch(text) is not None and text == text.strip()
    if plain and understand(text) == (text, None) and key_fault(text) is None:
        return text
    # JSON's quotes are YAML's, except for what JSON may leave as it is and the reader refuses
    return "".join(
        char if " " <= char < "\x7f" or char.isprintable() else f"\\U{ord(char):08X}"
        for char in json.dumps(text, ensure_ascii=False)
    )
