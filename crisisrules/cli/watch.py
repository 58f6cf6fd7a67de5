"""``crisisrules watch``: follow a stream live, keep a journal, tell people once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from crisisrules.adapters.platforms.accounts import read_accounts
from crisisrules.adapters.platforms.adapter import Accounts
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.cli.beating import (
    Notifying,
    PlaybookFiles,
    Screen,
    beat,
    live_extra,
    now,
    say,
    warn,
    warn_of_anew,
)
from crisisrules.cli.files import STDIN, Readable, name_of, opened
from crisisrules.cli.options import engine_option, language_option, playbook_option
from crisisrules.live.describing import described
from crisisrules.live.journal import SqliteJournal
from crisisrules.live.keeper import Keeper
from crisisrules.live.loop import Loop
from crisisrules.live.routes import Route, read_routes, route_to
from crisisrules.live.secrets import expand
from crisisrules.live.sources import from_file, from_growing_file
from crisisrules.model.errors import CrisisRulesError, Place, Problem, UsageError
from crisisrules.model.recommendation import Change

if TYPE_CHECKING:
    from crisisrules.live.polled_sources import ToPoll
    from crisisrules.live.polling import Faring


@click.command()
@click.argument("source", metavar="[FILE|-]", required=False)
@click.option("--listen", metavar="HOST:PORT", help="Take webhooks and events over HTTP.")
@click.option(
    "--state", metavar="FILE.db", type=click.Path(path_type=Path), help="Keep the journal here."
)
@click.option(
    "--poll",
    "polls",
    metavar="SOURCE=URL",
    multiple=True,
    help="Ask `mastodon=https://…` or `jetstream=wss://…`.",
)
@click.option(
    "--accounts",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Which account of a platform is which page.",
)
@click.option("--follow", is_flag=True, help="Go on when the file ends, as it grows.")
@click.option(
    "--notify", metavar="URL", multiple=True, help="Tell this address; `env:NAME` reads it there."
)
@click.option("--routes", metavar="FILE", type=click.Path(path_type=Path), help="Who is told what.")
@click.option(
    "--keep-authors", is_flag=True, help="Keep in the journal who wrote, instead of hashing it."
)
@click.option("--lenient", is_flag=True, help="Pass over unknown types and fields with a warning.")
@click.option("--view/--no-view", default=None, help="A live view; by default on a terminal.")
@playbook_option
@engine_option
@language_option
def watch(
    source: str | None,
    listen: str | None,
    state: Path | None,
    polls: tuple[str, ...],
    accounts: Path | None,
    follow: bool,
    notify: tuple[str, ...],
    routes: Path | None,
    keep_authors: bool,
    lenient: bool,
    view: bool | None,
    playbook: Path | None,
    engine: str,
    language: str,
) -> int:
    """Follow a stream of events and say what to do, as it becomes true.

    Events come as JSON lines from a file, a file that grows (--follow), standard input (-), over HTTP
    (--listen), or are asked for (--poll). In a pipe each change is one JSON line. With --state nothing that
    was accepted is lost.
    """
    if source is None and listen is None and not polls:
        message = "give a file, `-` for standard input, `--listen HOST:PORT` or `--poll SOURCE=URL`"
        raise UsageError(Problem(Place("watch"), "no-source", message))
    declared = {} if accounts is None else read_accounts(accounts)
    asked = _Asked(
        source=source,
        listen=None if listen is None else _address(listen),
        polls=_polls(polls, declared),
        accounts=declared,
        follow=follow,
        lenient=lenient,
        routes=_routes(routes, notify, language),
        playbook=playbook,
        view=sys.stdout.isatty() if view is None else view,
        language=language,
    )
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal(state or Path(folder) / "journal.db")
        try:
            files = PlaybookFiles.of(playbook)
            keeper = Keeper(
                journal,
                read_playbook(playbook),
                engine=engine,
                hash_authors=not keep_authors,
                routes=[route.name for route in asked.routes],
            )
            if keeper.anew:
                warn_of_anew(journal)
            outlet = _Lines(language)
            loop = Loop(keeper, now, outlet)
            if polls or listen is not None or follow:
                loop.live = True
                # what only reads a file ends with the error
                loop.on_failure = say
            # a signal is how one ends it
            with suppress(KeyboardInterrupt, asyncio.CancelledError):
                asyncio.run(_work(loop, asked, files, outlet))
            keeper.save()
        finally:
            journal.close()
    return 0


@attrs.frozen(kw_only=True)
class _Asked:
    """What the command line asks for, read and checked."""

    source: str | None
    listen: tuple[str, int] | None
    polls: tuple[ToPoll, ...]
    accounts: Mapping[str, Accounts]
    follow: bool
    lenient: bool
    routes: tuple[Route, ...]
    playbook: Path | None
    view: bool
    language: str


def _polls(given: tuple[str, ...], declared: Mapping[str, Accounts]) -> tuple[ToPoll, ...]:
    if not given:
        return ()
    # the HTTP client is needed by those alone who poll
    with live_extra("--poll"):
        from crisisrules.live.polled_sources import sources_to_poll

    return sources_to_poll(given, declared)


def _routes(path: Path | None, notify: tuple[str, ...], language: str) -> tuple[Route, ...]:
    found = () if path is None else read_routes(path, os.environ)
    given = (
        route_to(expand(address, os.environ), number, language)
        for number, address in enumerate(notify, 1)
    )
    return (*found, *given)


class _Lines:
    """Changes as JSON lines on standard output, unless a view shows them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.silent = False

    def __call__(self, changes: Sequence[Change]) -> None:
        if self.silent:
            return
        for change in changes:
            click.echo(plain.line(plain.change(change, self._language)), nl=False)
        if changes:
            sys.stdout.flush()


async def _work(loop: Loop, asked: _Asked, files: PlaybookFiles, outlet: _Lines) -> None:
    _end_on_signals()
    notifying = Notifying(loop, asked.routes)
    async with AsyncExitStack() as stack:
        sources: list[Awaitable[None]] = []
        farings = await _begin_polls(loop, asked, sources, stack)
        if asked.listen is not None:
            await _begin_listening(loop, asked, farings, notifying, stack)
            sources.append(asyncio.Event().wait())  # type: ignore[arg-type]  # it never ends
        screen = _screen(loop, asked, farings, outlet)
        if asked.source is None:
            sources.append(_describe(loop, asked.accounts))
        else:
            sources.append(_reading(loop, asked, asked.source, stack))
        beating = asyncio.create_task(beat(loop, notifying, asked.playbook, files, screen))
        running = asyncio.create_task(loop.run(*sources))
        try:
            # should telling people end, nothing may go on as if they were told
            await asyncio.wait({beating, running}, return_when=asyncio.FIRST_COMPLETED)
            if beating.done():
                beating.result()
            await running
        except CrisisRulesError:
            # what was accepted before a fault is told all the same
            await notifying.deliver()
            raise
        else:
            await notifying.deliver()
        finally:
            for task in (running, beating):
                task.cancel()
            await asyncio.gather(running, beating, return_exceptions=True)


def _end_on_signals() -> None:
    """Let an interrupt or a request to end stop the work, so that a checkpoint is written after it.

    Also where a shell that started this in the background made it deaf to interrupts.
    """
    task = asyncio.current_task()
    if task is None:
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        # not on every system, and only in the main thread
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _describe(loop: Loop, accounts: Mapping[str, Accounts]) -> None:
    """Tell of our pages, as of a day ago: what a first look at a server finds is not late then."""
    events = described(accounts, loop.keeper.session, now() - timedelta(days=1))
    if events:
        with loop.hold():
            await loop.submit(events)


def _screen(loop: Loop, asked: _Asked, farings: Sequence[Faring], outlet: _Lines) -> Screen | None:
    if not asked.view:
        return None
    from crisisrules.cli.live_view import LiveView

    outlet.silent = True
    return LiveView(loop, asked.language, farings)


def _reading(loop: Loop, asked: _Asked, source: str, stack: AsyncExitStack) -> Awaitable[None]:
    if asked.follow:
        return from_growing_file(loop, Path(source), lenient=asked.lenient, on_problem=warn)
    if source == STDIN:
        file: Readable = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
    else:
        file = stack.enter_context(opened(source))
    return from_file(
        loop,
        file,
        name_of(source),
        again=source != STDIN,
        lenient=asked.lenient,
        # the faults of a file are told together at its end, those of a pipe at once
        on_problem=warn if source == STDIN else _warn_only,
    )


async def _begin_polls(
    loop: Loop, asked: _Asked, sources: list[Awaitable[None]], stack: AsyncExitStack
) -> Sequence[Faring]:
    if not asked.polls:
        return ()
    from aiohttp import ClientSession

    from crisisrules.live.polled_sources import polled
    from crisisrules.live.polling import Faring, begin, keep_asking

    http = await stack.enter_async_context(ClientSession())
    farings: list[Faring] = []
    for one in asked.polls:
        source = polled(one, http, loop, now, os.environ)
        faring = Faring(source.name, source.place, now, warn, now())
        farings.append(faring)
        sources.append(keep_asking(source, faring))
    sources.append(begin(loop, farings))
    return farings


async def _begin_listening(
    loop: Loop,
    asked: _Asked,
    farings: Sequence[Faring],
    notifying: Notifying,
    stack: AsyncExitStack,
) -> None:
    with live_extra("--listen"):
        from crisisrules.live.listener import Listener, serve
        from crisisrules.live.metrics import Metrics

    if asked.listen is None:
        return
    host, port = asked.listen
    metrics = Metrics()
    metrics.show(farings)
    notifying.on_failure = metrics.failed
    listener = Listener(
        loop, metrics, os.environ, accounts=asked.accounts, polls=farings, host=host
    )
    runner = await serve(listener, host, port)
    stack.push_async_callback(runner.cleanup)


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        message = f"`{listen}` is not an address; write for example `127.0.0.1:8080`"
        raise UsageError(Problem(Place("--listen"), "bad-address", message))
    return host.strip("[]") or "127.0.0.1", int(port)


def _warn_only(problem: Problem) -> None:
    if problem.warning:
        warn(problem)
