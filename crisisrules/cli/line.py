"""``crisisrules line``: how to speak on a platform, in a kind of incident."""

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
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.model.vocabulary import INCIDENT_KINDS
from crisisrules.playbook.explained import Part
from crisisrules.playbook.guidance_lines import guidance_parts, guidance_title
from crisisrules.playbook.playbook import Playbook


@click.command("line")
@click.argument("platform", required=False, metavar="[PLATFORM]")
@click.option(
    "--kind", type=Word("a kind of incident", INCIDENT_KINDS), help="In such an incident."
)
@playbook_option
@language_option
@format_option(("text", "json"))
@color_option
def command(
    platform: str | None,
    kind: str | None,
    playbook: Path | None,
    language: str,
    format_: str,
    color: str,
) -> None:
    """Say how to speak on PLATFORM: tone, what to do, what never, whom to answer, what to write.

    Without PLATFORM and --kind, list the platforms and the kinds of incident that are written about.
    """
    loaded = read_playbook(playbook)
    if platform is None and kind is None:
        write(_list(loaded, language, format_))
        return
    line = None
    if platform is not None:
        line = loaded.lines.get(platform)
        if line is None:
            message = unknown_word("a platform with a crisis line", platform, loaded.lines)
            raise UsageError(Problem(Place("PLATFORM"), "unknown-word", message))
    scenario = None
    if kind is not None:
        scenario = loaded.scenarios.get(kind) or loaded.scenarios.get("other")
        if scenario is None:
            message = f"no scenario is written for `{kind}`"
            raise UsageError(Problem(Place("--kind"), "unknown-word", message))
    title = guidance_title(scenario, line, language)
    parts = guidance_parts(scenario, line, language)
    if format_ == "json":
        found: plain.Object = {
            "schema": plain.SCHEMA,
            "platform": platform,
            "kind": scenario.kind if scenario else None,
            "title": title,
            "parts": [{"label": part.label, "lines": list(part.lines)} for part in parts],
        }
        write(plain.document(found))
        return
    lines: list[Line] = [[("head", for_terminal(title))]]
    column = max(width(part.label) for part in parts) + 4
    for part in parts:
        lines += _part(part, column)
    write(written(lines, painter(color)))


def _part(part: Part, column: int) -> list[Line]:
    found: list[Line] = []
    room = max(30, columns() - column - 2)
    bullet = "- " if len(part.lines) > 1 else ""
    for number, text in enumerate(part.lines):
        for index, piece in enumerate(wrapped(for_terminal(text), room)):
            label = part.label if not number and not index else ""
            lead = bullet if not index else " " * len(bullet)
            found.append([("dim", "  " + padded(label, column - 2)), ("", lead + piece)])
    return found


def _list(playbook: Playbook, language: str, format_: str) -> str:
    lines = {name: line.title for name, line in playbook.lines.items()}
    scenarios = {name: scenario.title for name, scenario in playbook.scenarios.items()}
    if format_ == "json":
        found: plain.Object = {
            "schema": plain.SCHEMA,
            "platforms": {name: title.get(language, name) for name, title in lines.items()},
            "kinds": {name: title.get(language, name) for name, title in scenarios.items()},
        }
        return plain.document(found)
    words = {
        "en": ("platforms with a crisis line", "kinds of incident with a scenario (--kind)"),
        "fr": (
            "plateformes avec une ligne de crise",
            "natures d'incident avec un scénario (--kind)",
        ),
    }[language]
    text = []
    for heading, titles in zip(words, (lines, scenarios), strict=True):
        text.append(heading)
        space = max((len(name) for name in titles), default=0) + 2
        text += [f"  {name:<{space}}{title.get(language, name)}" for name, title in titles.items()]
    return "".join(f"{for_terminal(line)}\n" for line in text)
