"""Files that commands read: by path or ``-`` for standard input, with a bar for the large ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import click

from crisisrules.model.errors import InputError, Place, Problem

STDIN: Final = "-"

_LARGE: Final = 4 * 1024 * 1024


class Readable(Protocol):
    """A file opened for bytes."""

    def read(self, size: int, /) -> bytes | None:
        """At most ``size`` bytes."""
        ...


def name_of(path: str) -> str:
    """What messages call the file."""
    return "<stdin>" if path == STDIN else path


@contextmanager
def opened(path: str) -> Iterator[Readable]:
    """The file for reading bytes; a large one shows how far it is read, on a terminal.

    Raises:
        InputError: it cannot be read.
    """
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below; only the opening may fail here
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    with file:
        size = Path(path).stat().st_size
        if size < _LARGE or not sys.stderr.isatty():
            yield file
            return
        with click.progressbar(length=size, label="reading", file=sys.stderr) as bar:
            yield _Watched(file, bar.update)


def read_text(path: str, name: str = "not-utf8") -> str:
    """The whole file as text.

    Raises:
        InputError: it cannot be read or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise InputError(Problem(Place(name_of(path), line), name, message)) from error


def unreadable(path: str, error: OSError | ValueError) -> InputError:
    """The error of a file that cannot be opened, in the words of the system."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    name = "missing-file" if isinstance(error, FileNotFoundError) else "unreadable-file"
    return InputError(Problem(Place(name_of(path)), name, reason[:1].lower() + reason[1:]))


class _Watched:
    """A file that says how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self._file = file
        self._progress = progress

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes."""
        data = self._file.read(size)
        self._progress(len(data))
        return data
