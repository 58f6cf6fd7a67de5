"""``crisisrules journal`` and ``ack``: what a journal holds, and what people did about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports.escaping import for_json, for_terminal
from crisisrules.cli.beating import warn
from crisisrules.cli.options import Duration, Instant, language_option, playbook_option, write
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.routes import STALE
from crisisrules.live.store import Mark
from crisisrules.model.durations import from_micros, to_micros
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.model.recommendation import Recommendation

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
@click.argument("recommendation", required=False)
@state_option
@click.option("--by", metavar="PERSON", help="Who says so.")
@click.option("--snooze", "until", type=Instant(), help="Be silent about it until then.")
@click.option("--reason", help="Why; needed to snooze.")
@click.option("--done", is_flag=True, help="What it asks for was done.")
@playbook_option
@language_option
def ack(
    recommendation: str | None,
    state: Path,
    by: str | None,
    until: datetime | None,
    reason: str | None,
    done: bool,
    playbook: Path | None,
    language: str,
) -> int:
    """Say that somebody saw a recommendation, did what it asks, or wants to hear of it later.

    RECOMMENDATION is its id, or its rule where only one of that rule is open. Without it, list what is
    open, with its id and what was said about it.
    """
    if until is not None and not reason:
        message = "give `--reason`: whoever looks later wants to know why it was silent"
        raise UsageError(Problem(Place("--snooze"), "no-reason", message))
    if recommendation is None and (by or until or done or reason):
        message = "say which recommendation; `crisisrules ack` by itself lists them"
        raise UsageError(Problem(Place("RECOMMENDATION"), "no-recommendation", message))
    store = SqliteJournal(state)
    try:
        # notices are the business of the process that watches
        keeper = Keeper(store, read_playbook(playbook), routes=())
        if keeper.anew:
            message = "was kept with another playbook; give the same `--playbook` as to `watch`"
            warn(Problem(Place(store.path), "another-playbook", message, warning=True))
        told = keeper.session.recommendations()
        if recommendation is None:
            _list_open(told, store.marks(), language)
            return 0
        name = _which(recommendation, told)
        kind = "done" if done else "snoozed" if until is not None else "acknowledged"
        keeper.mark(name, kind, datetime.now(UTC), by=by, reason=reason, until=until)
        click.echo(for_terminal(f"{kind}: {name}"))
    finally:
        store.close()
    return 0


def _which(given: str, told: Sequence[Recommendation]) -> str:
    """The id that is meant."""
    ids = [one.id for one in told]
    if given in ids:
        return given
    of_rule = [one.id for one in told if one.rule == given]
    if len(of_rule) == 1:
        return of_rule[0]
    if of_rule:
        message = f"{len(of_rule)} of `{given}` are open; say which: {', '.join(sorted(of_rule))}"
    else:
        message = unknown_word("an open recommendation", given, ids)
    raise UsageError(Problem(Place("RECOMMENDATION"), "unknown-recommendation", message))


def _list_open(told: Sequence[Recommendation], marks: Mapping[str, Mark], language: str) -> None:
    """What is open, the most urgent first, each with what was said about it."""
    order = sorted(told, key=lambda one: (one.due_at is None, one.due_at or one.opened_at, one.id))
    for one in order:
        due = "" if one.due_at is None else f" {one.due_at.isoformat(timespec='minutes')}"
        click.echo(for_terminal(f"{one.id}  {one.severity}{due}"))
        click.echo(for_terminal(f"    {one.message.get(language, one.action)}"))
        mark = marks.get(one.id)
        if mark is not None:
            parts = (
                mark.kind,
                f"by {mark.by}" if mark.by else "",
                f"until {from_micros(mark.until).isoformat(timespec='minutes')}"
                if mark.until
                else "",
                f"({mark.reason})" if mark.reason else "",
            )
            click.echo(for_terminal("    " + " ".join(part for part in parts if part)))
    if not order:
        click.echo("nothing is open")
