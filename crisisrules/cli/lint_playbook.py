"""``crisisrules lint-playbook``: what is wrong with a playbook that loads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.cli.options import (
    Word,
    fails,
    format_option,
    language_option,
    write,
)
from crisisrules.engine.business_days import check_calendars
from crisisrules.model.errors import Problem
from crisisrules.model.vocabulary import PLATFORMS, RULE_SEVERITIES
from crisisrules.playbook.checks import CHECKS, page_of
from crisisrules.playbook.lint import lint_playbook

_SEVERITY = "warning"


@click.command("lint-playbook")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    type=Word("a platform", PLATFORMS),
    help="A platform that the brand uses; may be given again.",
)
@click.option(
    "--fail-on",
    type=Word("a severity", (*RULE_SEVERITIES, "never")),
    default=_SEVERITY,
    help="Least severity that gives exit code 1; every finding here is a warning.",
)
@language_option
@format_option(("text", "json"))
def command(
    file: Path | None, platforms: tuple[str, ...], fail_on: str, language: str, format_: str
) -> int:
    """Find rules that cannot speak, say nothing new or clash, and people who are missing.

    FILE is a playbook of your own; the base playbook without it. What keeps a playbook from loading
    is reported by every command.
    """
    loaded = read_playbook(file)
    for rule in loaded.rules:
        if rule.id in loaded.own_rules or set(rule.regimes) & set(loaded.governance.regimes):
            check_calendars(rule)
    problems = lint_playbook(loaded, platforms=platforms, now=datetime.now(UTC))
    if format_ == "json":
        write(plain.document(_document(problems, language)))
    else:
        write(_text(problems, len(loaded.rules), language))
    return 1 if problems and fails(_SEVERITY, fail_on) else 0


def _document(problems: tuple[Problem, ...], language: str) -> plain.Object:
    return {
        "schema": plain.SCHEMA,
        "problems": [
            {
                "name": problem.name,
                "severity": _SEVERITY,
                "source": problem.place.source,
                "line": problem.place.line,
                "column": problem.place.column,
                "message": problem.message,
                "meaning": CHECKS[problem.name].meaning[language],
                "page": page_of(problem.name),
            }
            for problem in problems
        ],
    }


def _text(problems: tuple[Problem, ...], rules: int, language: str) -> str:
    lines = [for_terminal(str(problem)) for problem in problems]
    names = sorted({problem.name for problem in problems})
    if names:
        meant = (f"{name}: {CHECKS[name].meaning[language]}; {page_of(name)}" for name in names)
        lines += ["", *meant, ""]
    word = {"en": ("rules", "problem"), "fr": ("règles", "problème")}[language]
    # French counts none and one alike
    many = len(problems) > 1 or (language == "en" and not problems)
    lines.append(f"{rules} {word[0]}, {len(problems)} {word[1]}{'s' if many else ''}")
    return "\n".join(lines) + "\n"
