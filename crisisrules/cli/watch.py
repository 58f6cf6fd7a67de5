"""``crisisrules watch``: follow a stream live, keep a journal, tell people once."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from crisisrules.adapters.platforms.accounts import read_accounts
from crisisrules.adapters.platforms.adapter import Accounts
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.cli.files import STDIN, name_of, opened
from crisisrules.cli.options import engine_option, language_option, playbook_option
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

_BEAT = 5.0
"""Seconds between two looks at the outbox and at the playbook's file."""


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
            keeper = Keeper(
                journal,
                read_playbook(playbook),
                engine=engine,
                routes=[route.name for route in asked.routes],
            )
            outlet = _Lines(language)
            loop = Loop(keeper, _now, outlet, on_failure=_say)
            if asked.polls:
                # time passes once each source was asked
                loop.live = False
            elif listen is not None or follow:
                loop.live = True
            asyncio.run(_work(loop, asked, outlet))
            keeper.save()
        except KeyboardInterrupt:
            return 0
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


@contextmanager
def _live_extra(option: str) -> Iterator[None]:
    """Turn a failed import into an error that names the extra to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        message = (
            f"needs the library `{error.name}`, which is not installed; install it with"
            " `pip install 'crisisrules[live]'`"
        )
        raise UsageError(Problem(Place(option), "missing-library", message)) from None


def _polls(given: tuple[str, ...], declared: Mapping[str, Accounts]) -> tuple[ToPoll, ...]:
    if not given:
        return ()
    # the HTTP client is needed by those alone who poll
    with _live_extra("--poll"):
        from crisisrules.live.polled_sources import sources_to_poll

    return sources_to_poll(given, declared)


def _now() -> datetime:
    return datetime.now(UTC)


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


async def _work(loop: Loop, asked: _Asked, outlet: _Lines) -> None:
    notifying = _Notifying(loop, asked.routes)
    async with AsyncExitStack() as stack:
        sources: list[Awaitable[None]] = []
        farings = await _begin_polls(loop, asked, sources, stack)
        if asked.listen is not None:
            await _begin_listening(loop, asked, farings, notifying, stack)
            sources.append(asyncio.Event().wait())  # type: ignore[arg-type]  # it never ends
        beating = asyncio.create_task(_beat(loop, notifying, asked, farings, outlet))
        stack.callback(beating.cancel)
        if asked.source is not None:
            sources.append(_reading(loop, asked, asked.source, stack))
        await loop.run(*sources)
        await notifying.deliver()


def _reading(loop: Loop, asked: _Asked, source: str, stack: AsyncExitStack) -> Awaitable[None]:
    if asked.follow:
        return from_growing_file(loop, Path(source), lenient=asked.lenient, on_problem=_warn)
    return from_file(
        loop,
        stack.enter_context(opened(source)),
        name_of(source),
        again=source != STDIN,
        lenient=asked.lenient,
        # the faults of a file are told together at its end, those of a pipe at once
        on_problem=_warn if source == STDIN else _warn_only,
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
        source = polled(one, http, loop, _now, os.environ)
        faring = Faring(source.name, source.place, _now, _warn, _now())
        farings.append(faring)
        sources.append(keep_asking(source, faring))
    sources.append(begin(loop, farings))
    return farings


async def _begin_listening(
    loop: Loop,
    asked: _Asked,
    farings: Sequence[Faring],
    notifying: _Notifying,
    stack: AsyncExitStack,
) -> None:
    with _live_extra("--listen"):
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


class _Notifying:
    """Delivers what waits in the outbox, where anybody is to be told."""

    def __init__(self, loop: Loop, routes: tuple[Route, ...]) -> None:
        self._loop = loop
        self._routes = routes
        self.on_failure: Callable[[int], None] = _ignore
        self._one = asyncio.Lock()
        self._send = None
        if routes:
            with _live_extra("--notify"):
                from crisisrules.live.destinations import Destinations

            self._send = Destinations(routes).deliver

    async def deliver(self) -> None:
        """Tell what is due; one delivery at a time, or a notice would go out twice."""
        async with self._one:
            try:
                await asyncio.to_thread(self._deliver)
            except CrisisRulesError as error:
                # what could not be noted as told is told again
                _say(error)

    def _deliver(self) -> None:
        if self._send is None:
            return
        from crisisrules.live.notify import Notifier

        notifier = Notifier(
            journal=self._loop.keeper.journal,
            routes=self._routes,
            send=self._send,
            on_failure=self.on_failure,
        )
        notifier.deliver(_now())


def _ignore(_: int) -> None:
    """Nobody counts."""


async def _beat(
    loop: Loop,
    notifying: _Notifying,
    asked: _Asked,
    farings: Sequence[Faring],
    outlet: _Lines,
) -> None:
    """Deliver what waits, notice a changed playbook, and draw the view."""
    changed = _changed_at(asked.playbook)
    if asked.view:
        from crisisrules.cli.live_view import LiveView

        outlet.silent = True
        screen = LiveView(loop, asked.language, farings)
    try:
        while True:
            await notifying.deliver()
            if _changed_at(asked.playbook) != changed:
                changed = _changed_at(asked.playbook)
                async with loop.busy:
                    await asyncio.to_thread(_reload, loop, asked.playbook)
            for _ in range(int(_BEAT)):
                if asked.view:
                    async with loop.busy:
                        screen.draw()
                await asyncio.sleep(1.0)
    finally:
        if asked.view:
            screen.close()


def _changed_at(path: Path | None) -> float | None:
    try:
        return None if path is None else path.stat().st_mtime
    except OSError:
        return None


def _reload(loop: Loop, playbook: Path | None) -> None:
    """Take over a changed playbook and say what it changes; one with faults leaves the old in place."""
    try:
        difference = loop.keeper.change_playbook(read_playbook(playbook), _now())
    except CrisisRulesError as error:
        click.echo(f"the changed playbook was not taken over:\n{error}", err=True)
        return
    for sign, told in (("+", difference.added), ("-", difference.dropped)):
        for one in told:
            click.echo(f"{sign} {one.rule} {one.subject[0]} {one.subject[1]}", err=True)
    click.echo("the changed playbook is in force", err=True)


def _say(error: CrisisRulesError) -> None:
    click.echo(str(error), err=True)


def _warn(problem: Problem) -> None:
    click.echo(str(problem), err=True)


def _warn_only(problem: Problem) -> None:
    if problem.warning:
        _warn(problem)
