"""``crisisrules draft``: a statement checked before it goes out."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import click

from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.cli.files import name_of, read_text
from crisisrules.cli.findings import FORMATS, exit_code, write_report
from crisisrules.cli.options import (
    Instant,
    Zone,
    color_option,
    fail_on_option,
    format_option,
    language_option,
    playbook_option,
)
from crisisrules.lint.draft import lint_draft
from crisisrules.model.errors import InputError, Place, Problem, UsageError

# a writer wants to see the words and what to write instead, not a line for a log
_FORMATS: Final = ("full", *(name for name in FORMATS if name != "full"))


@click.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--incidents",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Incidents: events, YAML, or what Statuspage, Alertmanager, PagerDuty or incident.io give.",
)
@click.option(
    "--incident",
    "incident_id",
    metavar="ID",
    help="Which of them it is about; the last without it.",
)
@click.option("--page", metavar="PAGE", help="The page or platform it is written for.")
@click.option(
    "--at", type=Instant(), help="When it would go out; the last event's time without it."
)
@click.option(
    "--tz", "zone", type=Zone(), metavar="ZONE", help="The zone of incident times that have none."
)
@playbook_option
@language_option
@format_option(_FORMATS)
@fail_on_option
@color_option
def draft(
    file: str,
    incidents: Path | None,
    incident_id: str | None,
    page: str | None,
    at: datetime | None,
    zone: tzinfo | None,
    playbook: Path | None,
    language: str,
    format_: str,
    fail_on: str,
    color: str,
) -> int:
    """Say what a statement lacks or should not say, where, and what to write instead.

    FILE is the text as it would be published.
    """
    if incident_id is not None and incidents is None:
        raise UsageError(Problem(Place("--incident"), "usage", "`--incident` needs `--incidents`"))
    text = read_text(file).replace("\r\n", "\n")
    if not text.strip():
        raise InputError(Problem(Place(name_of(file)), "nothing-read", "the draft is empty"))
    loaded = read_playbook(playbook)
    report = lint_draft(
        text,
        read_incidents(incidents, zone=zone) if incidents is not None else None,
        loaded,
        incident_id=incident_id,
        page=page,
        at=at,
        source=name_of(file),
    )
    code = exit_code(report.findings, fail_on)
    write_report(report, format_, language, color, loaded, code)
    return code
