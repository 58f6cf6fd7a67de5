"""What `watch` does beside its events: tell people, take over a changed playbook, draw the live view."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import attrs
import click

from crisisrules.adapters.playbooks import playbook_sources, read_playbook
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.live.duty import Duties, duties
from crisisrules.live.loop import Loop
from crisisrules.live.routes import Route
from crisisrules.live.store import Journal
from crisisrules.model.errors import CrisisRulesError, Place, Problem, UsageError

if TYPE_CHECKING:
    from crisisrules.live.notify import Sender

BEAT: Final = 5
"""Seconds between two looks at the outbox and at the playbook's files."""

_Look: TypeAlias = tuple[tuple[int, int] | None, ...]


class Screen(Protocol):
    """A live view."""

    def draw(self) -> None:
        """Show how things stand."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def say(error: CrisisRulesError) -> None:
    """Print every problem of an error."""
    for problem in error.problems:
        warn(problem)


def warn(problem: Problem) -> None:
    """Print a problem."""
    complain(str(problem))


def complain(line: str) -> None:
    """Print a line on standard error; what it quotes may be from the public."""
    # by its name, since the live view puts another in its place, to print above itself
    click.echo(for_terminal(line), file=sys.stderr)


@contextmanager
def live_extra(option: str) -> Iterator[None]:
    """Turn a failed import into an error that names the extra to install.

    Raises:
        UsageError: a library is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        message = (
            f"needs the library `{error.name}`, which is not installed; install it with"
            " `pip install 'crisisrules[live]'`"
        )
        raise UsageError(Problem(Place(option), "missing-library", message)) from None


class Notifying:
    """Delivers what waits in the outbox, where anybody is to be told."""

    def __init__(self, loop: Loop, routes: tuple[Route, ...]) -> None:
        self._loop = loop
        self._routes = routes
        self.on_failure: Callable[[int], None] = lambda _: None
        self._one = asyncio.Lock()
        self._send: Sender | None = None
        if routes:
            with live_extra("--notify"):
                from crisisrules.live.destinations import Destinations

            self._send = Destinations(routes).deliver

    async def deliver(self) -> None:
        """Tell what is due; one delivery at a time, or a notice would go out twice."""
        async with self._one:
            async with self._loop.busy:
                shifts = duties(self._loop.keeper.session)
            try:
                await asyncio.to_thread(self._deliver, shifts)
            except CrisisRulesError as error:
                # what could not be noted as told is told again
                say(error)

    def _deliver(self, shifts: Duties) -> None:
        if self._send is None:
            return
        from crisisrules.live.notify import Notifier

        notifier = Notifier(
            journal=self._loop.keeper.journal,
            routes=self._routes,
            send=self._send,
            on_failure=self.on_failure,
            duties=shifts,
        )
        notifier.deliver(now())


async def beat(
    loop: Loop,
    notifying: Notifying,
    playbook: Path | None,
    files: PlaybookFiles,
    screen: Screen | None,
) -> None:
    """Deliver what waits, notice a changed playbook, and draw the view, for ever.

    Args:
        loop: whose session changes with the playbook.
        notifying: delivers.
        playbook: a brand's own file.
        files: its files as they were before it was read.
        screen: the live view.
    """
    try:
        while True:
            await notifying.deliver()
            if files.changed():
                # looked at first: what changes while it is read is noticed the next time
                files = PlaybookFiles.of(playbook)
                async with loop.busy:
                    await asyncio.to_thread(_reload, loop, playbook)
            for _ in range(BEAT):
                if screen is not None:
                    async with loop.busy:
                        screen.draw()
                await asyncio.sleep(1.0)
    finally:
        if screen is not None:
            screen.close()


@attrs.frozen
class PlaybookFiles:
    """A brand's own files of a playbook, and their folders, as they were when looked at."""

    paths: tuple[Path, ...]
    looked: _Look

    @classmethod
    def of(cls, playbook: Path | None) -> PlaybookFiles:
        """The files that a playbook is read from; none for the base playbook."""
        if playbook is None:
            return cls((), ())
        paths = {playbook}
        try:
            for source in playbook_sources(playbook):
                if source.own:
                    paths |= {Path(source.name), Path(source.name).parent}
        except CrisisRulesError:
            # told when it is read; what can be seen of it is watched
            pass
        ordered = tuple(sorted(paths))
        return cls(ordered, _look(ordered))

    def changed(self) -> bool:
        """Whether any was written, added or removed since."""
        return _look(self.paths) != self.looked


def _look(paths: tuple[Path, ...]) -> _Look:
    return tuple(map(_stamp, paths))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _reload(loop: Loop, playbook: Path | None) -> None:
    """Take over a changed playbook and say what it changes; one with faults leaves the old in place."""
    try:
        difference = loop.keeper.change_playbook(read_playbook(playbook), now())
    except CrisisRulesError as error:
        complain("the changed playbook was not taken over:")
        say(error)
        return
    if loop.keeper.journal.pruned():
        warn_of_anew(loop.keeper.journal)
    for sign, told in (("+", difference.added), ("-", difference.dropped)):
        for one in told:
            complain(f"{sign} {one.rule} {one.subject[0]} {one.subject[1]}")
    complain("the changed playbook is in force")


def warn_of_anew(journal: Journal) -> None:
    """Say that the playbook is another one than before, and what it cannot know of the past."""
    message = "the playbook changed: all events are evaluated anew"
    if gone := journal.pruned():
        message += (
            f"; {gone:,} comments and counts were pruned: their number is known, but not what they said"
            " nor when they came"
        )
    warn(Problem(Place(journal.path), "evaluated-anew", message, warning=True))
