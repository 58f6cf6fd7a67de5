"""The beginning of a file: what readers look at to say whether the file is theirs."""

from __future__ import annotations

import codecs
import csv
import io
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from crisisrules.adapters.calendars import columns
from crisisrules.model.errors import InputError, Place, Problem

HEAD_BYTES = 64 * 1024
HEADER_ROWS = 20
_CHUNK = 64 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)


class Head:
    """The first bytes of a file and what they tell; everything is worked out when first asked for."""

    def __init__(self, source: str, stem: str, content: Path | bytes) -> None:
        self.source = source
        self.stem = stem
        self._content = content
        with self.open() as stream:
            self.data = stream.read(HEAD_BYTES)
        self.size = len(content) if isinstance(content, bytes) else content.stat().st_size

    @classmethod
    def of(cls, content: Path | bytes, source: str | None = None) -> Head:
        """The head of a file, or of its bytes together with the name of their source.

        Raises:
            InputError: the file cannot be opened, is empty, or is of a kind that holds no calendar.
        """
        named = source or ("<bytes>" if isinstance(content, bytes) else str(content))
        try:
            head = cls(named, Path(named).stem, content)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it cannot be opened"
            raise fault(named, "unreadable", f"the file cannot be read: {reason.lower()}") from None
        if not head.data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
            raise fault(
                named, "empty", "the file is empty; a calendar has at least a header and a row"
            )
        for magic, what in _FOREIGN:
            if head.data.startswith(magic):
                raise fault(
                    named,
                    "not-a-calendar",
                    f"this is {what}; allowed: CSV, TSV, XLSX, iCalendar, JSON and JSON lines",
                )
        return head

    def open(self) -> BinaryIO:
        """The whole content from its start."""
        if isinstance(self._content, bytes):
            return io.BytesIO(self._content)
        return self._content.open("rb")

    def read(self, limit: int) -> bytes:
        """The whole content.

        Raises:
            InputError: it is larger than ``limit`` bytes.
        """
        if self.size > limit:
            raise fault(
                self.source,
                "too-large",
                f"the file has {self.size:,} bytes; files of this format are read up to {limit:,}",
            )
        with self.open() as stream:
            return stream.read()

    def decoded(self, limit: int) -> str:
        """The whole content as text, without a byte order mark.

        Raises:
            InputError: it is larger than ``limit`` bytes, or its bytes fit no encoding.
        """
        try:
            return self.read(limit).decode(self.encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise fault(
                self.source, "unknown-encoding", f"the bytes do not fit {error.encoding}"
            ) from None

    @cached_property
    def is_zip(self) -> bool:
        """A zip archive, as every XLSX is."""
        return self.data.startswith(b"PK\x03\x04")

    @cached_property
    def is_ole(self) -> bool:
        """An OLE container: an old Excel file, or an encrypted new one."""
        return self.data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    @cached_property
    def binary(self) -> bool:
        """A container, not text."""
        return self.is_zip or self.is_ole

    @cached_property
    def encoding(self) -> str:
        """The encoding of the whole file: a BOM, else strict UTF-8, else Windows' cp1252.

        Raises:
            InputError: NUL bytes in what is no UTF-16, or bytes that fit no encoding.
        """
        for bom, name in _BOMS:
            if self.data.startswith(bom):
                return name
        if b"\x00" in self.data:
            return self._wide_encoding()
        decoder = codecs.getincrementaldecoder("utf-8")()
        windows = codecs.getincrementaldecoder("cp1252")()
        is_utf8, is_windows, lines = True, True, 1
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                if b"\x00" in chunk:
                    at = lines + chunk[: chunk.index(b"\x00")].count(b"\n")
                    raise self._nul(at)
                if is_utf8:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        is_utf8 = False
                if is_windows:
                    try:
                        windows.decode(chunk)
                    except UnicodeDecodeError:
                        is_windows = False
                lines += chunk.count(b"\n")
        if is_utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                is_utf8 = False
        if is_utf8:
            return "utf-8"
        if is_windows:
            return "cp1252"
        raise fault(
            self.source,
            "unknown-encoding",
            "the bytes are neither UTF-8, UTF-16 nor Windows cp1252; save the file as UTF-8",
        )

    def _wide_encoding(self) -> str:
        even, odd = self.data[0::2].count(0), self.data[1::2].count(0)
        half = max(len(self.data) // 2, 1)
        if odd > 0.4 * half and even < 0.05 * half:
            return "utf-16-le"
        if even > 0.4 * half and odd < 0.05 * half:
            return "utf-16-be"
        raise self._nul(1 + self.data[: self.data.index(b"\x00")].count(b"\n"))

    def _nul(self, line: int) -> InputError:
        return fault(
            self.source,
            "nul-byte",
            "a NUL byte stands in the text; the file is damaged or is no text, save it anew as UTF-8",
            line,
        )

    @cached_property
    def text(self) -> str:
        """The beginning of the file as text."""
        if self.binary:
            return ""
        name = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        return decoder.decode(self.data).removeprefix("\ufeff")

    @cached_property
    def start(self) -> str:
        """The first thousand characters without the white space in front."""
        return self.text.lstrip()[:1000]

    @cached_property
    def is_json(self) -> bool:
        """The text begins as a JSON document does."""
        return self.start[:1] in ("{", "[")

    @cached_property
    def announced(self) -> str | None:
        """The delimiter a first line ``sep=;`` announces."""
        first = self.text[:20].splitlines()[0] if self.text else ""
        bare = first.strip().strip('"')
        if bare[:4].casefold() == "sep=" and len(bare) <= 5:
            # `sep=` and a TAB loses the TAB when stripped
            return bare[4:] or "\t"
        return None

    @cached_property
    def delimiter(self) -> str:
        """The delimiter: announced, else the one under which the first rows make the best table."""
        if self.announced is not None:
            return self.announced
        return max(_DELIMITERS, key=self._fit)

    def _fit(self, delimiter: str) -> tuple[int, int, int]:
        rows = [row for row in self._parse(delimiter) if any(row)]
        known = max((columns.score(row) for row in rows), default=0)
        widths = [len(row) for row in rows]
        common = max(set(widths), key=widths.count) if widths else 1
        return (known, widths.count(common) if common > 1 else 0, common)

    def _parse(self, delimiter: str) -> list[list[str]]:
        text = self.text
        if self.size > len(self.data):
            # the last line is cut in the middle
            text = text[: text.rfind("\n") + 1] or text
        rows: list[list[str]] = []
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for row in reader:
                rows.append(row)
                if len(rows) > HEADER_ROWS:
                    break
        except csv.Error:
            # said with its place when the file is read
            pass
        return rows

    @cached_property
    def rows(self) -> list[list[str]]:
        """The first rows of a delimited file, without the ``sep=`` line."""
        if self.binary:
            return []
        rows = self._parse(self.delimiter)
        return rows[1:] if self.announced is not None else rows

    @cached_property
    def header(self) -> list[str]:
        """The row most like a header among the first; empty when none is."""
        return max(self.rows[:HEADER_ROWS], key=columns.score, default=[])


def fault(source: str, name: str, message: str, line: int | None = None) -> InputError:
    """An error of one fault."""
    return InputError(Problem(Place(source, line), name, message))
