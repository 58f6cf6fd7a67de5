"""``crisisrules check``: a calendar held against incidents, item by item, and written back where asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs
import click

from crisisrules.adapters.atomic import write_atomically
from crisisrules.adapters.calendars import CalendarFile, write_calendar
from crisisrules.adapters.calendars.allowances import allowances_of, read_allowances
from crisisrules.adapters.calendars.baseline import baseline_text, read_baseline
from crisisrules.adapters.incidents.reading import read_incidents
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.wording import said, zone_of
from crisisrules.cli.findings import FORMATS, exit_code, write_report
from crisisrules.cli.options import (
    Instant,
    color_option,
    engine_option,
    fail_on_option,
    format_option,
    language_option,
    playbook_option,
    write,
)
from crisisrules.lint.calendar import CalendarCheck
from crisisrules.lint.survey import Survey
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict
from crisisrules.model.errors import Place, Problem, UsageError
from crisisrules.model.reports import CheckReport

_FILE: Final = click.Path(path_type=Path)


@click.command()
@click.argument("calendar", metavar="CALENDAR", type=_FILE)
@click.option(
    "--incidents",
    type=_FILE,
    metavar="FILE",
    help="Incidents: events, YAML, or what Statuspage, Alertmanager, PagerDuty or incident.io give.",
)
@click.option(
    "--tz", "zone", metavar="ZONE", help="The zone of times that have none: Europe/Paris."
)
@click.option("--as-of", type=Instant(), help="Leave out what was not known at this instant.")
@click.option(
    "--calendar-format", metavar="NAME", help="The calendar's format; recognised without it."
)
@click.option(
    "--allow", type=_FILE, metavar="FILE", help="Exceptions, each with a reason and an end."
)
@click.option("--baseline", type=_FILE, metavar="FILE", help="Findings that were accepted before.")
@click.option("--write-baseline", type=_FILE, metavar="FILE", help="Accept what is found now.")
@click.option("--fix", is_flag=True, help="Write the calendar back with the held items marked.")
@click.option(
    "--output", type=_FILE, metavar="FILE", help="Where --fix writes; CALENDAR.checked without it."
)
@click.option("--in-place", is_flag=True, help="Let --fix write over the calendar itself.")
@playbook_option
@engine_option
@language_option
@format_option(FORMATS)
@fail_on_option
@color_option
def check(
    calendar: Path,
    incidents: Path | None,
    zone: str | None,
    as_of: datetime | None,
    calendar_format: str | None,
    allow: Path | None,
    baseline: Path | None,
    write_baseline: Path | None,
    fix: bool,
    output: Path | None,
    in_place: bool,
    playbook: Path | None,
    engine: str,
    language: str,
    format_: str,
    fail_on: str,
    color: str,
) -> int:
    """Say of each scheduled item whether to keep it, hold it or have a person look at it, and why.

    CALENDAR is a CSV, TSV, XLSX, iCalendar or JSON file as planning tools export it. Without incidents it is
    checked for what holds in calm.
    """
    target = _target(calendar, fix=fix, output=output, in_place=in_place)
    loaded = read_playbook(playbook)
    file = CalendarFile(calendar, timezone=zone, format=calendar_format, as_of=as_of)
    kept = format_ != "jsonl" or target is not None or write_baseline is not None
    items = tuple(file.items()) if kept else None
    survey = Survey.of(file.items() if items is None else items)
    read = file.calendar(items or ())
    where = zone_of(read.timezone)
    allowances = [*allowances_of(attrs.evolve(read, items=survey.excepted))]
    if allow is not None:
        allowances += read_allowances(allow, timezone=read.timezone)
    asked = CalendarCheck(
        read,
        survey,
        read_incidents(incidents, zone=where) if incidents is not None else (),
        loaded,
        as_of=as_of,
        allowances=allowances,
        baseline=read_baseline(baseline) if baseline is not None else (),
        engine=engine,
    )
    if items is None:
        return _one_by_one(asked, file.items(), language, fail_on)
    report = asked.report(items)
    if write_baseline is not None:
        write_atomically(write_baseline, baseline_text(report.findings).encode())
    if target is not None:
        _fix(read, report, calendar, target, language)
    code = exit_code(report.findings, fail_on)
    write_report(report, format_, language, color, loaded, code)
    return code


def _one_by_one(
    asked: CalendarCheck, items: Iterable[CalendarItem], language: str, fail_on: str
) -> int:
    """Each item as a line as soon as it was asked, so that a calendar of any size is checked."""
    from crisisrules.adapters.reports.checks import finding_line, item_line

    code = 0
    for item in items:
        verdict = asked.verdict(item)
        write(item_line(verdict, language))
        code |= exit_code(verdict.findings, fail_on)
    missing = asked.missing()
    for finding in missing:
        write(finding_line(finding, language))
    return code | exit_code(missing, fail_on)


def _target(calendar: Path, *, fix: bool, output: Path | None, in_place: bool) -> Path | None:
    """Where the calendar is written back to; never over itself unless that is asked for."""
    if not fix:
        for given, option in ((output, "--output"), (in_place, "--in-place")):
            if given:
                raise UsageError(Problem(Place(option), "usage", f"`{option}` needs `--fix`"))
        return None
    if in_place and output is not None:
        raise UsageError(
            Problem(Place("--output"), "usage", "give `--output` or `--in-place`, not both")
        )
    if in_place:
        return calendar
    target = output or calendar.with_name(f"{calendar.stem}.checked{calendar.suffix}")
    if target.resolve() == calendar.resolve():
        message = "this is the calendar itself; write over it with `--in-place`"
        raise UsageError(Problem(Place("--output"), "usage", message))
    return target


def _fix(read: Calendar, report: CheckReport, calendar: Path, target: Path, language: str) -> None:
    verdicts = {
        # a reason quotes titles of incidents, and goes into a file that people open
        one.item.item: Verdict(one.verdict, for_terminal(said(one.reason, language)))
        for one in report.items
    }
    write_atomically(target, write_calendar(read, verdicts, calendar))
    held = sum(one.verdict == "hold" for one in report.items)
    click.echo(f"{for_terminal(str(target))}: written with {held} items held", err=True)
