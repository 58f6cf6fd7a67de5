"""CSV and TSV: the rows of a delimited file, one after the other, however large the file is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.reading import MAX_TEXT
from crisisrules.adapters.calendars.rows import Row
from crisisrules.model.errors import InputError

_MAX_LINE = 4 * MAX_TEXT


class _Lines:
    """The physical lines of a file, of bounded length, and those the current row took."""

    def __init__(self, stream: io.TextIOBase, head: Head) -> None:
        self._stream = stream
        self._head = head
        self.number = 0
        self.taken: list[str] = []
        self.ended = False
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_MAX_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size >= _MAX_LINE:
            raise _too_long(self._head, self.number - len(self.taken))
        self.taken.append(line)
        return line

    def start(self) -> int:
        """Forget the lines taken so far; the line on which the next row starts."""
        self.taken.clear()
        self._size = 0
        return self.number + 1


def _too_long(head: Head, line: int) -> InputError:
    return fault(
        head.source,
        "cell-too-long",
        f"a cell that starts here is longer than {MAX_TEXT:,} characters;"
        " perhaps a quotation mark that opens it is never closed",
        line,
    )


def rows_of(head: Head, stream: BinaryIO) -> Iterator[Row]:
    """Every row of a delimited file that is not blank, read from ``stream`` from its start.

    Raises:
        InputError: bytes that do not fit the encoding, a cell that is too long or never closed.
    """
    # newline="" leaves line breaks inside cells as they are, and a lone CR ends a line as it did on old Macs
    text = io.TextIOWrapper(stream, encoding=head.encoding, newline="")
    lines = _Lines(text, head)
    start = lines.start()
    reader = csv.reader(lines, delimiter=head.delimiter)
    try:
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "limit" in str(error):
                    raise _too_long(head, start) from None
                raise fault(
                    head.source, "bad-row", "the row cannot be split into cells", start
                ) from None
            raw = "".join(lines.taken)
            if lines.ended:
                # a row that is whole is handed out before the end of the file is looked at
                raise fault(
                    head.source,
                    "quote-not-closed",
                    "a quotation mark opens a cell in this row and nothing closes it",
                    start,
                )
            if start == 1:
                raw = raw.removeprefix("\ufeff")
                if cells:
                    cells[0] = cells[0].removeprefix("\ufeff")
            if not (start == 1 and head.announced is not None) and any(map(str.strip, cells)):
                yield Row(cells=cells, line=start, raw=raw)
            start = lines.start()
    except UnicodeDecodeError:
        raise fault(
            head.source,
            "unknown-encoding",
            f"the bytes do not fit {head.encoding}, as which the file begins; save it as UTF-8",
            start,
        ) from None
    finally:
        text.detach()


def cell_starts(raw: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a row stands in its raw text: offsets of start and end, quotes included."""
    body = raw.rstrip("\r\n")
    result: list[tuple[int, int]] = []
    if '"' not in body:
        start = 0
        for part in body.split(delimiter):
            result.append((start, start + len(part)))
            start += len(part) + len(delimiter)
        return result
    start, position, size = 0, 0, len(body)
    while True:
        if position == start and position < size and body[position] == '"':
            position = _after_quotes(body, position)
        end = body.find(delimiter, position)
        if end < 0:
            result.append((start, size))
            return result
        result.append((start, end))
        start = position = end + len(delimiter)


def _after_quotes(text: str, position: int) -> int:
    """The offset behind the quotation mark that closes the one at ``position``."""
    position += 1
    while True:
        end = text.find('"', position)
        if end < 0:
            return len(text)
        if text[end + 1 : end + 2] != '"':
            return end + 1
        position = end + 2


def text_place(row: Row, delimiter: str, index: int) -> tuple[int, int | None]:
    """The physical line and the column (both from 1) where the cell at ``index`` begins."""
    index = index if row.stands_in is None else row.stands_in
    if not row.raw:
        # of a workbook: the number of the column
        return row.line, None if row.sheet is None else index + 1
    starts = cell_starts(row.raw, delimiter)
    if index >= len(starts):
        return row.line, None
    before = row.raw[: starts[index][0]]
    line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
    breaks = before.count("\n") + before.count("\r") - before.count("\r\n")
    quoted = row.raw[starts[index][0] : starts[index][0] + 1] == '"'
    return row.line + breaks, len(before) - line_start + 1 + int(quoted)
