"""``crisisrules rules``: which rules there are, one of them as YAML, the facts, and schemas for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.layout import Line, padded, width, wrapped, written
from crisisrules.adapters.reports.wording import said
from crisisrules.cli.options import (
    Word,
    color_option,
    columns,
    format_option,
    language_option,
    painter,
    playbook_option,
    write,
)
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.playbook.facts import FAMILIES
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import FORM_NAMES, Rule

SCHEMAS: Final = ("rule", "playbook", "test", "scenario", "line")
_STYLES: Final = {"critical": "stop", "warning": "late", "info": "do"}


@click.group(invoke_without_command=True)
@click.pass_context
def rules(context: click.Context) -> None:
    """List and show rules, facts and schemas; `list` when nothing else is named."""
    if context.invoked_subcommand is None:
        context.invoke(list_)


@rules.command("list")
@playbook_option
@language_option
@format_option(("text", "json"))
@color_option
def list_(
    playbook: Path | None = None, language: str = "en", format_: str = "text", color: str = "auto"
) -> None:
    """Every rule with its severity, form and title, and which are off and why."""
    loaded = read_playbook(playbook)
    if format_ == "json":
        found: plain.Object = {
            "schema": plain.SCHEMA,
            "playbook": loaded.name,
            "rules": [_object(rule, loaded, language) for rule in loaded.rules],
        }
        write(plain.document(found))
        return
    column = max((width(rule.id) for rule in loaded.rules), default=0) + 2
    lines: list[Line] = []
    family = ""
    for rule in loaded.rules:
        if rule.family != family:
            lines += [[]] if lines else []
            lines.append([("head", for_terminal(rule.family))])
            family = rule.family
        title = for_terminal(said(rule.title, language))
        off = _off(rule, loaded)
        marks = [
            word for word in ("" if rule.status == "stable" else rule.status, off or "") if word
        ]
        lines.append(
            [
                ("", "  "),
                ("rule", padded(rule.id, column)),
                (_STYLES[rule.severity], padded(rule.severity, 10)),
                ("dim", padded(FORM_NAMES[type(rule.form)], 12)),
                ("", title),
                ("dim", f" ({for_terminal(', '.join(marks))})" if marks else ""),
            ]
        )
    lines += [[], [("", f"{len(loaded.rules)} rules in {for_terminal(loaded.name)}")]]
    write(written(lines, painter(color)))


@rules.command()
@click.argument("rule_id", metavar="ID")
@playbook_option
@format_option(("yaml", "json"))
def show(rule_id: str, playbook: Path | None, format_: str) -> None:
    """One rule as it is loaded, in YAML or JSON."""
    from crisisrules.playbook.dump import dump_rule, rule_data

    loaded = read_playbook(playbook)
    rule = find_rule(loaded, rule_id)
    if format_ == "json":
        write(plain.document({"schema": plain.SCHEMA, "rule": rule_data(rule)}))
    else:
        write(f"# {for_terminal(str(rule.place))}\n{dump_rule(rule)}")


@rules.command()
@click.option(
    "--about", type=Word("a subject", tuple(FAMILIES)), help="Only what such rules may ask."
)
@language_option
@format_option(("text", "json"))
@color_option
def fields(about: str | None, language: str, format_: str, color: str) -> None:
    """Every fact a rule may ask: type, unit, subjects, and what its absence means."""
    from crisisrules.playbook.fields import field_rows

    rows = list(field_rows(language, subject=about))
    if format_ == "json":
        write(
            plain.document(
                {
                    "schema": plain.SCHEMA,
                    "fields": [
                        {
                            "path": row.path,
                            "type": row.type,
                            "unit": row.unit,
                            "values": list(row.values),
                            "operators": list(row.operators),
                            "subjects": list(row.subjects),
                            "meaning": row.meaning,
                            "absent": row.absent,
                        }
                        for row in rows
                    ],
                }
            )
        )
        return
    column = max((width(row.path) for row in rows), default=0) + 2
    room = max(30, columns() - column - 10)
    lines: list[Line] = []
    for row in rows:
        text = row.meaning + (f" (none: {row.absent})" if row.absent else "")
        if row.values:
            text += f" [{', '.join(row.values)}]"
        for index, part in enumerate(wrapped(text, room)):
            head = (("rule", padded(row.path, column)), ("dim", padded(row.type, 10)))
            blank = (("", " " * (column + 10)),)
            lines.append([*(blank if index else head), ("", part)])
    write(written(lines, painter(color)))


@rules.command()
@click.argument("what", type=Word("a schema", SCHEMAS), default="rule")
def schema(what: str) -> None:
    """The JSON Schema that editors check the files of a playbook with."""
    from crisisrules.playbook import schema as schemas

    if what == "rule":
        write(plain.document(schemas.rule_schema()))
    elif what == "playbook":
        write(plain.document(schemas.playbook_schema()))
    elif what == "scenario":
        write(plain.document(schemas.scenario_schema()))
    elif what == "line":
        write(plain.document(schemas.line_schema()))
    else:
        from crisisrules.model.events import EVENT_TYPES
        from crisisrules.ruletest.expectations import STATES

        write(plain.document(schemas.rule_test_schema(EVENT_TYPES, STATES)))


def find_rule(playbook: Playbook, rule_id: str) -> Rule:
    """The rule of this id.

    Raises:
        UsageError: the playbook has none; the nearest is named.
    """
    rule = playbook.rule(rule_id)
    if rule is None:
        message = unknown_word("a rule", rule_id, [one.id for one in playbook.rules])
        raise UsageError(Problem(Place("crisisrules"), "unknown-rule", message))
    return rule


def _off(rule: Rule, playbook: Playbook) -> str | None:
    for entry in playbook.disabled:
        if entry.rule == rule.id:
            until = f" until {entry.until.date().isoformat()}" if entry.until else ""
            return f"off{until}: {entry.reason}"
    return None


def _object(rule: Rule, playbook: Playbook, language: str) -> plain.Object:
    return {
        "id": rule.id,
        "family": rule.family,
        "title": said(rule.title, language),
        "severity": rule.severity,
        "status": rule.status,
        "form": FORM_NAMES[type(rule.form)],
        "about": list(rule.about),
        "action": rule.advice.action,
        "because": said(rule.because, language),
        "off": _off(rule, playbook),
        "place": str(rule.place),
    }
