"""``crisisrules replay``: a stream told back, with what the playbook would have asked, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.telling import Teller
from crisisrules.adapters.streams.reading import EventReader, read_events
from crisisrules.adapters.streams.reorder import reorder
from crisisrules.cli.files import name_of, opened
from crisisrules.cli.options import (
    Duration,
    Instant,
    color_option,
    columns,
    engine_option,
    fail_on_option,
    fails,
    format_option,
    language_option,
    painter,
    playbook_option,
    write,
)
from crisisrules.engine.session import Session
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import InputError, Place, Problem, UsageError, unknown_word
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Change, Recommendation
from crisisrules.model.reports import Replay

FORMATS: Final = ("text", "json", "jsonl", "markdown")


@click.command()
@click.argument("timeline", metavar="TIMELINE.jsonl|-")
@click.option("--until", type=Instant(), help="Stop at this instant (ISO 8601 with offset).")
@click.option("--page", metavar="PAGE", help="Only what concerns this page.")
@click.option("--lenient", is_flag=True, help="Pass over unknown types and fields with a warning.")
@click.option(
    "--lateness", type=Duration(), default="0s", help="How far behind an event may come (5m)."
)
@playbook_option
@engine_option
@language_option
@format_option(FORMATS)
@fail_on_option
@color_option
def replay(
    timeline: str,
    until: datetime | None,
    page: str | None,
    lenient: bool,
    lateness: int,
    playbook: Path | None,
    engine: str,
    language: str,
    format_: str,
    fail_on: str,
    color: str,
) -> int:
    """Tell a stream of events back, with what the playbook would have asked, by when and why.

    TIMELINE.jsonl has one JSON event a line, in the order of their times.
    """
    session = Session(read_playbook(playbook), engine=engine)
    teller = Teller()
    with opened(timeline) as file:
        reader = read_events(file, name_of(timeline), lenient=lenient, on_problem=_warn)
        batches = _batches(reader, timedelta(microseconds=lateness))
        whole = format_ in ("text", "markdown")
        changes, last = _feed(session, reader, _until(batches, until), teller, crowds=whole)
    until = until or last
    if until is not None:
        changes += session.advance(until)
    told = _replay(session, teller, changes, until, page)
    session.close()
    failing = [
        one for one in told.recommendations if is_finding(one) and fails(one.severity, fail_on)
    ]
    _write(told, format_, language, color, f"exit {1 if failing else 0}")
    return 1 if failing else 0


def is_finding(one: Recommendation) -> bool:
    """Whether it counts against the brand: late, or a state of things that asks for something.

    A duty that was met in time, or may still be, is advice and no finding.
    """
    if one.preview or one.opened_at is None:
        return False
    return one.overdue_at is not None or one.due_at is None


def _batches(reader: EventReader, lateness: timedelta) -> Iterator[list[Event]]:
    """The events in lists; in the order of their times when some may come late."""
    if not lateness:
        yield from reader.batches()
        return
    for event in reorder(reader, lateness):
        yield [event]


def _until(batches: Iterable[list[Event]], until: datetime | None) -> Iterator[list[Event]]:
    """What happened up to an instant, itself included; the rest is read for its faults only."""
    for batch in batches:
        if until is None or batch[-1].at <= until:
            yield batch
        elif batch[0].at <= until:
            yield [event for event in batch if event.at <= until]


def _feed(
    session: Session,
    reader: EventReader,
    batches: Iterable[list[Event]],
    teller: Teller,
    *,
    crowds: bool,
) -> tuple[list[Change], datetime | None]:
    """Give everything to the session, and what is worth telling to the teller."""
    changes: list[Change] = []
    last: datetime | None = None
    for batch in batches:
        try:
            changes.extend(session.feed_all(batch))
        except InputError as error:
            raise _placed(error, reader, batch, last) from error
        for event in batch:
            if crowds or event.type != "comment.received":
                teller.hear(event)
        last = batch[-1].at
    return changes, last


def _placed(
    error: InputError, reader: EventReader, batch: list[Event], last: datetime | None
) -> InputError:
    """The error with the line of the event that goes back in time, if that is what it says."""
    for index, event in enumerate(batch):
        if last is not None and event.at < last:
            place = reader.place_of(index)
            return InputError(
                Problem(place, problem.name, problem.message) for problem in error.problems
            )
        last = event.at
    return error


def _replay(
    session: Session,
    teller: Teller,
    changes: list[Change],
    until: datetime | None,
    page: str | None,
) -> Replay:
    # the page knows better than the playbook, and what recommendations say is in its zone
    timezone = teller.timezone or session.playbook.timezone
    tellings, measures = teller.tellings(timezone), session.measures()
    if page is not None:
        pages = {*teller.pages, *(one.page for one in tellings if one.page)}
        if page not in pages:
            message = unknown_word("a page of this stream", page, pages)
            raise UsageError(Problem(Place("--page"), "unknown-page", message))
        changes = [one for one in changes if one.recommendation.page in (page, None)]
        tellings = tuple(one for one in tellings if one.page in (page, None))
        measures = tuple(one for one in measures if one.page == page)
    last = {
        (one.recommendation.id, one.recommendation.episode): one.recommendation for one in changes
    }
    # what was foreseen and did not come was never recommended
    said = [one for one in last.values() if one.opened_at is not None or one.status == "pending"]
    return Replay(
        until=until,
        recommendations=tuple(sorted(said, key=_order)),
        agenda=session.agenda(page=page),
        changes=tuple(changes),
        measures=measures,
        tellings=tellings,
        headline=teller.headline(),
        timezone=timezone,
        events=teller.events,
    )


def _order(one: Recommendation) -> tuple[int, str, int]:
    return (0 if one.opened_at is None else to_micros(one.opened_at), one.id, one.episode)


def _write(told: Replay, format_: str, language: str, color: str, verdict: str) -> None:
    if format_ == "text":
        from crisisrules.adapters.reports.layout import written
        from crisisrules.adapters.reports.timeline import timeline

        lines = timeline(told, language, columns=columns(), verdict=verdict)
        write(written(lines, painter(color)))
        return
    from crisisrules.adapters.reports.replays import replay_json, replay_jsonl, replay_markdown

    if format_ == "json":
        write(replay_json(told, language))
    elif format_ == "jsonl":
        for line in replay_jsonl(told, language):
            write(line)
    else:
        write(replay_markdown(told, language))


def _warn(problem: Problem) -> None:
    if problem.warning:
        click.echo(for_terminal(str(problem)), err=True)
