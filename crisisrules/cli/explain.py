"""``crisisrules explain``: one rule in words, with the values that hold and where they were set."""

from __future__ import annotations

from pathlib import Path

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.layout import Line, padded, width, wrapped, written
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
from crisisrules.cli.rules import find_rule
from crisisrules.model.vocabulary import INCIDENT_KINDS, PHASES, PLATFORMS, SEVERITIES
from crisisrules.playbook.checks import CHECKS
from crisisrules.playbook.explained import explain_check, explain_rule, heading
from crisisrules.playbook.parameters import Context


@click.command()
@click.argument("rule_id", metavar="ID")
@click.option("--page", metavar="PAGE", help="With the values of this page.")
@click.option("--platform", type=Word("a platform", PLATFORMS), help="… of this platform.")
@click.option(
    "--kind", type=Word("a kind of incident", INCIDENT_KINDS), help="… in such an incident."
)
@click.option("--severity", type=Word("a severity", SEVERITIES), help="… in so severe an incident.")
@click.option("--phase", type=Word("a phase", PHASES), help="… in this phase.")
@playbook_option
@language_option
@format_option(("text", "json"))
@color_option
def explain(
    rule_id: str,
    page: str | None,
    platform: str | None,
    kind: str | None,
    severity: str | None,
    phase: str | None,
    playbook: Path | None,
    language: str,
    format_: str,
    color: str,
) -> None:
    """Say what a rule watches, what it asks, by when, where its numbers come from, and why.

    ID may also name what `lint-playbook` found, such as `shadowed-rule`.
    """
    loaded = read_playbook(playbook)
    if rule_id in CHECKS and loaded.rule(rule_id) is None:
        title, parts = rule_id, explain_check(rule_id, language)
    else:
        rule = find_rule(loaded, rule_id)
        context = Context(kind=kind, severity=severity, phase=phase, platform=platform, page=page)
        title, parts = heading(rule, language), explain_rule(rule, loaded, language, context)
    if format_ == "json":
        found: plain.Object = {
            "schema": plain.SCHEMA,
            "id": rule_id,
            "heading": title,
            "parts": [{"label": part.label, "lines": list(part.lines)} for part in parts],
        }
        write(plain.document(found))
        return
    column = max(width(part.label) for part in parts) + 4
    lines: list[Line] = [[("head", for_terminal(title))]]
    said = ""
    for part in parts:
        for text in part.lines:
            label, said = ("" if part.label == said else part.label), part.label
            lines += _wrapped(label, for_terminal(text), column)
    write(written(lines, painter(color)))


def _wrapped(label: str, text: str, column: int) -> list[Line]:
    indent = len(text) - len(text.lstrip(" "))
    room = max(30, columns() - column - indent)
    found: list[Line] = []
    for index, piece in enumerate(wrapped(text.lstrip(" "), room)):
        lead = ("dim", "  " + padded(label if not index else "", column - 2))
        found.append([lead, ("", " " * (indent + (2 if index else 0)) + piece)])
    return found
