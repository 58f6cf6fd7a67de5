"""``crisisrules compare``: what a change of playbook, or of one parameter, would have changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs
import click

from crisisrules.adapters.playbooks import BASE
from crisisrules.adapters.reports.escaping import for_json, for_terminal
from crisisrules.adapters.streams.reading import read_events
from crisisrules.api import load_playbook
from crisisrules.cli.files import name_of, opened
from crisisrules.cli.options import Instant, engine_option, format_option, write
from crisisrules.model.durations import format_duration
from crisisrules.model.errors import Place, Problem, UsageError
from crisisrules.model.recommendation import Recommendation
from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest.comparing import Comparison, Moved, SweepRow, Timeline, compare, sweep

FORMATS: Final = ("text", "json")
_COLUMNS: Final = ("value", "timeline", "fired", "standing", "late", "lateness", "worst")


@click.command(name="compare")
@click.argument("files", nargs=-1, required=True, metavar="OLD NEW TIMELINE.jsonl …")
@click.option(
    "--sweep",
    "swept",
    metavar="PARAMETER=VALUE,…",
    help="Try values of one parameter; then the arguments are PLAYBOOK TIMELINE.jsonl …",
)
@click.option("--until", type=Instant(), help="Stop at this instant (ISO 8601 with offset).")
@engine_option
@format_option(FORMATS)
def compare_playbooks(
    files: tuple[str, ...], swept: str | None, until: datetime | None, engine: str, format_: str
) -> int:
    """Show which recommendations a change of playbook adds, drops or moves over recorded timelines.

    OLD and NEW are playbook files, or `base` for the base playbook. A recommendation that opens at
    another instant has moved when both were open at the same time, else it was dropped and added.

    The table of --sweep counts the rules that use the parameter: how often they fired, for how long that
    stood open in all, how many were late, by how much in all, and the latest.
    """
    books = 1 if swept else 2
    if len(files) <= books:
        needed = "a playbook and a timeline" if swept else "two playbooks and a timeline"
        message = f"{needed} are needed; `{BASE}` names the base playbook"
        raise UsageError(Problem(Place("compare"), "missing-argument", message))
    playbooks = [_playbook(name) for name in files[:books]]
    timelines = [_timeline(name, until) for name in files[books:]]
    if swept:
        parameter, values = _sweep_of(swept)
        rows = list(sweep(playbooks[0], parameter, values, timelines, engine=engine))
        write(_rows_json(parameter, rows) if format_ == "json" else _table(parameter, rows))
        return 0
    old, new = playbooks
    found = list(compare(old, new, timelines, engine=engine))
    zone = ZoneInfo(new.timezone) if new.timezone else None
    write(_json(found) if format_ == "json" else "".join(_lines(found, zone)))
    return 0


def _playbook(name: str) -> Playbook:
    return load_playbook(None if name == BASE else Path(name))


def _timeline(name: str, until: datetime | None) -> Timeline:
    with opened(name) as file:
        events = list(read_events(file, name_of(name)))
    if until is not None:
        events = [event for event in events if event.at <= until]
    return Timeline(name=name_of(name), events=events, until=until)


def _sweep_of(text: str) -> tuple[str, tuple[str, ...]]:
    parameter, _, values = text.partition("=")
    listed = tuple(value.strip() for value in values.split(",") if value.strip())
    if not parameter.strip() or not listed:
        message = "write a parameter and its values, such as `update_cadence=15m,30m,60m`"
        raise UsageError(Problem(Place("--sweep"), "wrong-type", message))
    return parameter.strip(), listed


def _lines(found: Sequence[Comparison], zone: tzinfo | None) -> Iterator[str]:
    for one in found:
        yield (
            f"{for_terminal(one.timeline)}: {len(one.added)} added, {len(one.dropped)} dropped, "
            f"{len(one.moved)} moved, {one.same} the same\n"
        )
        for sign, told in (("+", one.added), ("-", one.dropped)):
            yield from (f"  {sign} {_named(each, zone)}\n" for each in told)
        for moved in one.moved:
            yield f"  ~ {_named(moved.after, zone)}\n"
            yield from (f"      {line}\n" for line in _differences(moved, zone))


def _differences(moved: Moved, zone: tzinfo | None) -> Iterator[str]:
    for name in moved.fields:
        before, after = (_shown(getattr(each, name), zone) for each in (moved.before, moved.after))
        yield for_terminal(f"{name}: {before} -> {after}")


def _named(one: Recommendation, zone: tzinfo | None) -> str:
    kind, name = one.subject
    where = f" on {one.page}" if one.page and one.page != name else ""
    preview = " (preview)" if one.preview else ""
    opened_at = _shown(one.opened_at, zone)
    return for_terminal(f"{opened_at} {one.severity} {one.rule}{preview}: {kind} {name}{where}")


def _shown(value: object, zone: tzinfo | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone or value.tzinfo).isoformat(sep=" ", timespec="minutes")
    return "none" if value is None else str(value)


def _table(parameter: str, rows: Sequence[SweepRow]) -> str:
    cells = [
        (
            row.value,
            for_terminal(row.timeline),
            str(row.fired),
            format_duration(row.standing),
            str(row.late),
            format_duration(row.lateness),
            format_duration(row.worst),
        )
        for row in rows
    ]
    head = (parameter, *_COLUMNS[1:])
    widths = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in (head, *cells)
    )


def _rows_json(parameter: str, rows: Sequence[SweepRow]) -> str:
    document = {
        "schema": 1,
        "parameter": parameter,
        "rows": [
            {
                **attrs.asdict(row),
                "standing": format_duration(row.standing),
                "lateness": format_duration(row.lateness),
                "worst": format_duration(row.worst),
            }
            for row in rows
        ],
    }
    return for_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _json(found: Sequence[Comparison]) -> str:
    document = {
        "schema": 1,
        "timelines": [
            {
                "timeline": one.timeline,
                "same": one.same,
                "added": [_object(each) for each in one.added],
                "dropped": [_object(each) for each in one.dropped],
                "moved": [
                    {
                        "fields": list(each.fields),
                        "before": _object(each.before),
                        "after": _object(each.after),
                    }
                    for each in one.moved
                ],
            }
            for one in found
        ],
    }
    return for_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _object(one: Recommendation) -> dict[str, object]:
    kind, name = one.subject
    instants = ("opened_at", "due_at", "overdue_at", "closed_at")
    found = {key: getattr(one, key) for key in instants}
    return {
        "id": one.id,
        "episode": one.episode,
        "rule": one.rule,
        "severity": one.severity,
        "status": one.status,
        "preview": one.preview,
        "page": one.page,
        "incident": one.incident,
        "subject": {kind: name},
        **{key: None if at is None else at.isoformat() for key, at in found.items()},
    }
