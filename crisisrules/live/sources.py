"""Where a loop takes its events from: a file, a file that grows, standard input.

A line of a file is known by its number and what it says, so that a file that is read again from its start
repeats nothing; what comes through a pipe is new unless its source gave it an id.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import attrs

from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.adapters.streams.lines import BinaryFile
from crisisrules.adapters.streams.reading import EventReader, read_events, unreadable
from crisisrules.live.loop import Loop
from crisisrules.model.errors import InputError, Problem
from crisisrules.model.events import Event

_Result = TypeVar("_Result")

_PAUSE: Final = 0.25
"""Seconds between two looks at a file that grows."""

_AT_ONCE: Final = 0.5
"""Seconds after which a pipe that says nothing has said all it had."""

_CHUNK: Final = 1024 * 1024


async def from_file(
    loop: Loop,
    file: BinaryFile,
    name: str,
    *,
    again: bool = False,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> None:
    """Every event of a file or pipe, until it ends.

    Args:
        loop: where they go.
        file: opened for bytes; a pipe without a buffer, whose lock would outlive this.
        name: what messages call it.
        again: the same lines may come once more after a restart, as those of a file do.
        lenient: as of :func:`read_events`.
        on_problem: as of :func:`read_events`.

    Raises:
        InputError: lines that are no events; those before and after them were accepted.
    """
    reader = read_events(file, name, lenient=lenient, on_problem=on_problem, allow_empty=True)
    batches = reader.batches()
    batch: Sequence[Event] | None = ()
    while batch is not None:
        with loop.hold():
            if batch:
                await loop.submit(_named(batch, reader, 0) if again else batch)
            reading = _apart(lambda: next(batches, None))
            # a file has all of it there, a pipe what comes at once
            await asyncio.wait({reading}, timeout=None if again else _AT_ONCE)
        batch = await reading


def _apart(call: Callable[[], _Result]) -> asyncio.Future[_Result]:
    """What a call gives, made in a thread that nobody waits for: a pipe may stay silent for ever."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_Result] = loop.create_future()

    def settle(result: Callable[[], None]) -> None:
        # the loop may have ended meanwhile
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if future.done() else result())

    def work() -> None:
        try:
            found = call()
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            problem = error
            settle(lambda: future.set_exception(problem))
        else:
            settle(lambda: future.set_result(found))

    threading.Thread(target=work, daemon=True).start()
    return future


async def from_growing_file(
    loop: Loop,
    path: Path,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> None:
    """Every whole line of a file as it is written, from its start and for ever.

    A file that is cut or replaced is read from its start again. A line that is no event is told and passed
    over: what comes after it is as urgent as ever.

    Raises:
        InputError: the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise InputError(unreadable(str(path), error)) from None
    held, read = b"", 0
    holding = ExitStack()
    # what stands in the file already is the past
    holding.enter_context(loop.hold())
    try:
        while True:
            chunk = await asyncio.to_thread(file.read, _CHUNK)
            if not chunk:
                holding.close()
                if _is_another(file, path):
                    file.close()
                    file, held, read = path.open("rb"), b"", 0
                await asyncio.sleep(_PAUSE)
                continue
            whole, newline, held = (held + chunk).rpartition(b"\n")
            if newline:
                await _submit_lines(loop, whole.split(b"\n"), path, read, lenient, on_problem)
                read += whole.count(b"\n") + 1
    finally:
        holding.close()
        file.close()


async def _submit_lines(
    loop: Loop,
    lines: Sequence[bytes],
    path: Path,
    before: int,
    lenient: bool,
    on_problem: Callable[[Problem], None] | None,
) -> None:
    def tell(problem: Problem) -> None:
        place = problem.place
        if on_problem is not None:
            line = None if place.line is None else place.line + before
            on_problem(attrs.evolve(problem, place=attrs.evolve(place, line=line)))

    reader = read_events(lines, str(path), lenient=lenient, on_problem=tell, allow_empty=True)
    try:
        for batch in reader.batches():
            await loop.submit(_named(batch, reader, before))
    except InputError:
        # each fault was told when it was met
        return


def _is_another(file: BinaryIO, path: Path) -> bool:
    """Whether the path now leads to another file, or to the same one cut short."""
    try:
        there = path.stat()
    except OSError:
        # between the two steps of a rotation there is none
        return False
    here = os.fstat(file.fileno())
    return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino) or (
        there.st_size < file.tell()
    )


def _named(events: Sequence[Event], reader: EventReader, before: int) -> list[Event]:
    """The events, those without an id with one of their line."""
    named: list[Event] = []
    for index, event in enumerate(events):
        if event.id is not None:
            named.append(event)
            continue
        written = event_to_json(event)
        line = (reader.place_of(index).line or 0) + before
        text = json.dumps(written, sort_keys=True).encode()
        digest = hashlib.blake2b(text, digest_size=6).hexdigest()
        named.append(parse_event({**written, "id": f"{line}-{digest}"}))
    return named
