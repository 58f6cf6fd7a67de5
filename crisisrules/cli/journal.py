"""``crisisrules journal`` and ``ack``: what a journal holds, and what people did about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports.escaping import for_json, for_terminal
from crisisrules.cli.options import Duration, Instant, playbook_option, write
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.routes import STALE
from crisisrules.model.durations import to_micros
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

state_option = click.option(
    "--state",
    metavar="FILE.db",
    required=True,
    type=click.Path(path_type=Path),
    help="The journal.",
)


@click.group()
def journal() -> None:
    """List, export and prune the journal of `watch`."""


@journal.command("list")
@state_option
def list_(state: Path) -> int:
    """Count the events and notices, and show notices that were given up."""
    store = SqliteJournal(state, read_only=True)
    for name, number in sorted(store.count().items()):
        click.echo(f"{name:<10}{number:>10,}")
    for notice in store.dead():
        change = json.loads(notice.change)
        click.echo(
            for_terminal(f"dead  {notice.route}  {change.get('rule')}  {notice.error or ''}")
        )
    store.close()
    return 0


@journal.command()
@state_option
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Instead of the terminal."
)
def export(state: Path, output: Path | None) -> int:
    """Write every event as a JSON line; a replay of them equals the live run."""
    store = SqliteJournal(state, read_only=True)
    # the same values, and no character that a terminal would obey
    lines = (for_json(line.decode("utf-8")) + "\n" for _, line in store.lines())
    if output is None:
        for line in lines:
            write(line)
    else:
        with output.open("w", encoding="utf-8") as file:
            file.writelines(lines)
    store.close()
    return 0


@journal.command()
@state_option
@click.option("--older-than", type=Duration(), required=True, help="Such as `90d`.")
def prune(state: Path, older_than: int) -> int:
    """Reduce comments older than a duration to their number, and forget old notices.

    Only what a checkpoint covers: `watch` writes one now and then, and when it is interrupted.
    """
    store = SqliteJournal(state)
    limit = datetime.now(UTC) - timedelta(microseconds=older_than)
    through = 0
    for seq, line in store.lines():
        if datetime.fromisoformat(json.loads(line)["at"]) >= limit:
            break
        through = seq
    # what could still be told must be known to have been told
    gone = store.prune(through, min(to_micros(limit), to_micros(datetime.now(UTC)) - STALE))
    click.echo(f"{gone:,} events deleted")
    store.close()
    return 0


@click.command()
@click.argument("recommendation")
@state_option
@click.option("--by", metavar="PERSON", help="Who says so.")
@click.option("--snooze", "until", type=Instant(), help="Be silent about it until then.")
@click.option("--reason", help="Why; needed to snooze.")
@click.option("--done", is_flag=True, help="What it asks for was done.")
@playbook_option
def ack(
    recommendation: str,
    state: Path,
    by: str | None,
    until: datetime | None,
    reason: str | None,
    done: bool,
    playbook: Path | None,
) -> int:
    """Say that somebody saw a recommendation, did what it asks, or wants to hear of it later."""
    if until is not None and not reason:
        message = "give `--reason`: whoever looks later wants to know why it was silent"
        raise UsageError(Problem(Place("--snooze"), "no-reason", message))
    store = SqliteJournal(state)
    # notices are the business of the process that watches
    keeper = Keeper(store, read_playbook(playbook), routes=())
    known = [told.id for told in keeper.session.recommendations()]
    if recommendation not in known:
        message = unknown_word("an open recommendation", recommendation, known)
        raise UsageError(Problem(Place("RECOMMENDATION"), "unknown-recommendation", message))
    kind = "done" if done else "snoozed" if until is not None else "acknowledged"
    keeper.mark(recommendation, kind, datetime.now(UTC), by=by, reason=reason, until=until)
    click.echo(for_terminal(f"{kind}: {recommendation}"))
    store.close()
    return 0
