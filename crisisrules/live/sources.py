"""Where a loop takes its events from: a file, a file that grows, standard input."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from crisisrules.adapters.streams.lines import BinaryFile
from crisisrules.adapters.streams.reading import read_events
from crisisrules.live.loop import Loop
from crisisrules.model.errors import Problem

_PAUSE: Final = 0.25
"""Seconds between two looks at a file that grows."""


async def from_file(
    loop: Loop,
    file: BinaryFile,
    name: str,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> None:
    """Every event of a file or pipe, until it ends.

    Raises:
        InputError: lines that are no events; those before and after them were accepted.
    """
    reader = read_events(file, name, lenient=lenient, on_problem=on_problem, allow_empty=True)
    batches = reader.batches()
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        await loop.submit(batch)


async def from_growing_file(
    loop: Loop,
    path: Path,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> None:
    """Every whole line of a file as it is written, from its start and for ever.

    A file that is cut or replaced is read from its start again; source ids keep repeated lines out.

    Raises:
        InputError: lines that are no events.
    """
    with path.open("rb") as file:
        held = b""
        while True:
            chunk = await asyncio.to_thread(file.read)
            if not chunk:
                if path.stat().st_size < file.tell():
                    file.seek(0)
                    held = b""
                await asyncio.sleep(_PAUSE)
                continue
            held += chunk
            whole, newline, held = held.rpartition(b"\n")
            if newline:
                lines = read_events(
                    whole.split(b"\n"),
                    str(path),
                    lenient=lenient,
                    on_problem=on_problem,
                    allow_empty=True,
                )
                await loop.submit(list(lines))
