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
    """Whole lines without their ends, the bytes they stand in, and the number of the first.

    A line longer than :data:`LONGEST_LINE` is a block of its own, empty and marked ``too_long``.
    """

    first: int
    data: bytes
    lines: list[bytes]
    too_long: bool = False


def blocks_of(source: BinaryFile | Iterable[bytes | str]) -> Iterator[Block]:
    """The lines of a source, in order; of a pipe or a followed file as soon as they are whole.

    A byte order mark at the very start is dropped. Text is taken as UTF-8.
    """
    # a file opened for text can be read too, but only its lines are known to be whole characters
    if isinstance(source, list | tuple):
        return _from_file(io.BytesIO(b"\n".join(map(_line, source))))
    if isinstance(source, io.TextIOBase) or not isinstance(source, BinaryFile):
        return _from_lines(source)
    return _from_file(source)


def _from_lines(source: Iterable[bytes | str]) -> Iterator[Block]:
    for number, given in enumerate(source, 1):
        line = _line(given)
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) > LONGEST_LINE:
            yield Block(number, b"", [], too_long=True)
        else:
            yield Block(number, line, [line])


def _line(given: bytes | str) -> bytes:
    # half a surrogate pair becomes bytes that are not UTF-8, and is then reported as such
    line = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    return line.removesuffix(b"\n")


def _from_file(source: BinaryFile) -> Iterator[Block]:
    # read1 hands over what a pipe has now, where read would wait until the buffer is full
    read = getattr(source, "read1", source.read)
    number, started, held, pieces = 1, False, 0, list[bytes]()
    dropping = False
    while chunk := read(_READ):
        end = chunk.rfind(b"\n") + 1
        if end:
            data = b"".join((*pieces, chunk[:end]))
            if not started:
                data, started = data.removeprefix(_BOM), True
            if dropping or held + chunk.find(b"\n") > LONGEST_LINE:
                yield Block(number, b"", [], too_long=True)
                number += 1
                data = data[data.find(b"\n") + 1 :]
                dropping = False
            if data:
                lines = data[:-1].split(b"\n")
                yield Block(number, data, lines)
                number += len(lines)
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
        yield Block(number, b"", [], too_long=True)
    elif data:
        yield Block(number, data, [data])
