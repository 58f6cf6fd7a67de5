"""Bytes to lines: in blocks from a binary file, one by one from anything else that yields lines."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, runtime_checkable

import attrs

LONGEST_LINE: Final = 8 * 1024 * 1024
"""Bytes in one line; a longer one is a file that is something else."""

_READ: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"


@runtime_checkable
class BinaryFile(Protocol):
    """What is needed of a file opened for bytes."""

    def read(self, size: int, /) -> bytes | None:
        """At most ``size`` bytes; none at the end."""
        ...


@attrs.frozen
class Block:
    """Whole lines, each with its end.

    A line longer than :data:`LONGEST_LINE` is a block of its own, empty and marked ``too_long``.
    """

    data: bytes
    too_long: bool = False

    @property
    def lines(self) -> list[bytes]:
        """The lines without their ends."""
        return [b""] if self.too_long else self.data[:-1].split(b"\n")


_TOO_LONG: Final = Block(b"", too_long=True)


def blocks_of(source: BinaryFile | Iterable[bytes | str]) -> Iterator[Block]:
    """The lines of a source, in order; of a pipe or a followed file as soon as they are whole.

    A byte order mark at the very start is dropped, a missing end of the last line added. Text is taken
    as UTF-8.
    """
    if isinstance(source, list | tuple):
        return _from_file(io.BytesIO(b"".join(map(_line, source))))
    # a file opened for text can be read too, but only its lines are known to be whole characters
    if isinstance(source, io.TextIOBase) or not isinstance(source, BinaryFile):
        return _from_lines(source)
    return _from_file(source)


def _from_lines(source: Iterable[bytes | str]) -> Iterator[Block]:
    for number, given in enumerate(source):
        line = _line(given) if number else _line(given).removeprefix(_BOM)
        yield _TOO_LONG if len(line) > LONGEST_LINE else Block(line)


def _line(given: bytes | str) -> bytes:
    # half a surrogate pair becomes bytes that are not UTF-8, and is then reported as such
    line = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    return line if line.endswith(b"\n") else line + b"\n"


def _from_file(source: BinaryFile) -> Iterator[Block]:
    # read1 hands over what a pipe has now, where read would wait until the buffer is full
    read = getattr(source, "read1", source.read)
    started, dropping, held, pieces = False, False, 0, list[bytes]()
    while chunk := read(_READ):
        end = chunk.rfind(b"\n") + 1
        if end:
            data = b"".join((*pieces, chunk[:end]))
            if not started:
                data, started = data.removeprefix(_BOM), True
            if dropping or held + chunk.find(b"\n") > LONGEST_LINE:
                yield _TOO_LONG
                data = data[data.find(b"\n") + 1 :]
                dropping = False
            if data:
                yield Block(data)
            pieces, held = [chunk[end:]], len(chunk) - end
        elif not dropping:
            pieces.append(chunk)
            held += len(chunk)
            if held > LONGEST_LINE:
                pieces, dropping = [], True
    data = b"".join(pieces)
    if not started:
        data = data.removeprefix(_BOM)
    if dropping:
        yield _TOO_LONG
    elif data:
        yield Block(data + b"\n")
