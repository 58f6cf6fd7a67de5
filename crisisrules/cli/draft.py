"""``crisisrules draft``: a statement checked before it goes out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

import click

from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.wording import said
from crisisrules.cli.files import name_of, read_text
from crisisrules.cli.findings import FORMATS, exit_code, write_report
from crisisrules.cli.options import (
    Instant,
    Word,
    Zone,
    color_option,
    fail_on_option,
    format_option,
    language_option,
    playbook_option,
    write,
)
from crisisrules.lint.draft import lint_draft
from crisisrules.lint.incidents import in_order
from crisisrules.model.errors import InputError, Place, Problem, UsageError
from crisisrules.model.events import Event, IncidentOpened
from crisisrules.model.vocabulary import INCIDENT_KINDS
from crisisrules.playbook.guidance import SLOTS, STATEMENTS
from crisisrules.playbook.playbook import Playbook

# a writer wants to see the words and what to write instead, not a line for a log
_FORMATS: Final = ("full", *(name for name in FORMATS if name != "full"))


@click.command()
@click.argument("file", metavar="FILE|-", required=False)
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
@click.option(
    "--template",
    type=Word("a statement", STATEMENTS),
    help="Print such a statement to fill in, instead of checking FILE.",
)
@click.option(
    "--kind",
    type=Word("a kind of incident", INCIDENT_KINDS),
    help="For such an incident; else that of --incidents, else an outage.",
)
@playbook_option
@language_option
@format_option(_FORMATS)
@fail_on_option
@color_option
def draft(
    file: str | None,
    incidents: Path | None,
    incident_id: str | None,
    page: str | None,
    at: datetime | None,
    zone: tzinfo | None,
    template: str | None,
    kind: str | None,
    playbook: Path | None,
    language: str,
    format_: str,
    fail_on: str,
    color: str,
) -> int:
    """Say what a statement lacks or should not say, where, and what to write instead.

    FILE is the text as it would be published. --template prints one to begin with.
    """
    if incident_id is not None and incidents is None:
        raise UsageError(Problem(Place("--incident"), "usage", "`--incident` needs `--incidents`"))
    events = read_incidents(incidents, zone=zone) if incidents is not None else None
    if template is not None:
        wanted = kind or _kind(events or (), incident_id) or "outage"
        write(_template(read_playbook(playbook), template, wanted, language))
        return 0
    if file is None:
        raise UsageError(Problem(Place("crisisrules draft"), "usage", "`FILE|-` is missing"))
    text = read_text(file).replace("\r\n", "\n")
    if not text.strip():
        raise InputError(Problem(Place(name_of(file)), "nothing-read", "the draft is empty"))
    loaded = read_playbook(playbook)
    report = lint_draft(
        text,
        events,
        loaded,
        incident_id=incident_id,
        page=page,
        at=at,
        source=name_of(file),
    )
    code = exit_code(report.findings, fail_on)
    write_report(report, format_, language, color, loaded, code)
    return code


def _kind(events: Iterable[Event], incident_id: str | None) -> str | None:
    """The kind of the incident that is meant: the one named, else the last."""
    kinds = [
        event.kind
        for event in in_order(events)
        if isinstance(event, IncidentOpened) and incident_id in (None, event.incident)
    ]
    return kinds[-1] if kinds else None


def _template(playbook: Playbook, template: str, kind: str, language: str) -> str:
    """A statement with what to put into each slot between brackets."""
    scenario = playbook.scenarios.get(kind) or playbook.scenarios.get("other")
    texts = scenario.statements.get(template) if scenario is not None else None
    if texts is None:
        message = f"no statement `{template}` is written for `{kind}`"
        raise UsageError(Problem(Place("--template"), "no-statement", message))
    text = said(texts, language)
    for slot, meaning in SLOTS.items():
        text = text.replace("{" + slot + "}", f"[{said(meaning, language)}]")
    return for_terminal(text) + "\n"
