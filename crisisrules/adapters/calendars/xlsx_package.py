"""An XLSX file as a package of XML parts: what is safe to open, and where things stand in a sheet.

The library that reads the cells says nothing of merged and hidden rows when it streams, and rewrites the
whole file when it saves. Here a sheet is scanned once by expat, which gives the offset of every cell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from posixpath import join, normpath
from xml.parsers import expat

import attrs

from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.model.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
MAX_XML = 64 * 1024 * 1024
"""Bytes of XML after unpacking; a sheet of 50,000 posts has about 30 million."""
MAX_RATIO = 250
_MAX_PARTS = 5000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@attrs.frozen(kw_only=True)
class CellSpan:
    """A cell's bytes in its sheet, and its style."""

    start: int
    end: int
    style: str | None


@attrs.define(kw_only=True)
class RowSpan:
    """A row's bytes in its sheet: its start tag, and where its end tag begins.

    ``end`` is None when the row closes itself.
    """

    start: int
    inner: int
    end: int | None = None
    cells: dict[int, CellSpan] = attrs.field(factory=dict)


@attrs.define(kw_only=True)
class SheetMap:
    """What a scan of one sheet tells: merged ranges (columns and rows from 1), hidden and wanted rows."""

    merged: list[tuple[int, int, int, int]] = attrs.field(factory=list)
    hidden_rows: set[int] = attrs.field(factory=set)
    rows: dict[int, RowSpan] = attrs.field(factory=dict)
    dimension: tuple[int, int] | None = None
    prefix: str = ""


def open_package(head: Head) -> zipfile.ZipFile:
    """The package of a workbook.

    Raises:
        InputError: encrypted, an old or other kind of file, broken, or larger unpacked than is sane.
    """
    data = head.read(MAX_BYTES)
    if head.is_ole:
        raise _of_ole(head, data)
    try:
        package = zipfile.ZipFile(BytesIO(data))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _broken(head, "its archive cannot be opened") from None
    if any(part.flag_bits & 1 for part in parts):
        raise fault(
            head.source, "encrypted", "the workbook is encrypted; save it without a password"
        )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise fault(head.source, "not-a-workbook", _other_kind(names))
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    size = sum(part.file_size for part in xml)
    bomb = any(
        part.file_size > MAX_RATIO * max(part.compress_size, 1) and part.file_size > 1024 * 1024
        for part in parts
    )
    if bomb or size > MAX_XML or len(parts) > _MAX_PARTS:
        raise fault(
            head.source,
            "too-large-unpacked",
            f"unpacked, the workbook has {size:,} bytes in {len(parts):,} parts; at most {MAX_XML:,}"
            f" bytes, packed at most {MAX_RATIO} to one, are read; save the sheet as CSV",
        )
    return package


def _of_ole(head: Head, data: bytes) -> InputError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return fault(
            head.source, "encrypted", "the workbook is encrypted; save it without a password"
        )
    return fault(head.source, "old-workbook", "this is an old Office file; save it as XLSX or CSV")


def _other_kind(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "this is a Word document; allowed: CSV, TSV, XLSX, iCalendar and JSON"
    if "content.xml" in names:
        return "this is an OpenDocument file; save it as XLSX or CSV"
    if "xl/workbook.bin" in names:
        return "this is a binary workbook (XLSB); save it as XLSX or CSV"
    return "this is an archive without a workbook in it; unpack it first"


def _broken(head: Head, why: str) -> InputError:
    return fault(head.source, "broken-workbook", f"the workbook is broken: {why}; save it anew")


def read_part(head: Head, package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one part.

    Raises:
        InputError: the part is missing or damaged.
    """
    try:
        return package.read(name)
    except Exception:  # noqa: BLE001 - zlib, zipfile and struct each raise their own for damaged bytes
        raise _broken(head, f"`{name}` is missing or damaged") from None


def sheet_parts(head: Head, package: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """The part of each sheet by its name, and whether the sheet is shown."""
    targets: dict[str, str] = {}
    sheets: dict[str, tuple[str, bool]] = {}

    def relationship(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            targets[attributes.get("Id", "")] = path

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            found = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            shown = attributes.get("state", "visible") == "visible"
            sheets[attributes.get("name", "")] = (targets.get(found, ""), shown)

    for part, see in (("xl/_rels/workbook.xml.rels", relationship), ("xl/workbook.xml", sheet)):
        parser = _parser(head, part)

        def start(name: str, attributes: dict[str, str], see: object = see) -> None:
            if callable(see):
                see(_local(name), attributes)

        parser.StartElementHandler = start
        _parse(head, parser, read_part(head, package, part), part)
    return sheets


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parser(head: Head, part: str) -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        # entities are how a small XML file becomes a large one, and no workbook needs them
        raise _broken(head, f"`{part}` declares entities")

    parser.StartDoctypeDeclHandler = doctype
    return parser


def _parse(head: Head, parser: expat.XMLParserType, data: bytes, part: str) -> None:
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise _broken(head, f"`{part}` is no XML") from None


def scan_sheet(head: Head, data: bytes, part: str, wanted: frozenset[int]) -> SheetMap:
    """Scan one sheet for merged ranges and hidden rows, and for the cells of the wanted rows."""
    found = SheetMap()
    parser = _parser(head, part)
    row, column = 0, 0
    opened: RowSpan | None = None
    cell: tuple[int, int, str | None] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, opened, cell
        tag = _local(name)
        if tag == "row":
            found.prefix = name[: -len("row")]
            number = attributes.get("r", "")
            row = int(number) if number.isdigit() and len(number) < 8 else row + 1
            column = 0
            if attributes.get("hidden") in ("1", "true"):
                found.hidden_rows.add(row)
            if row in wanted:
                at = parser.CurrentByteIndex
                inner = data.index(b">", at) + 1
                opened = found.rows[row] = RowSpan(start=at, inner=inner)
        elif tag == "c" and opened is not None:
            place = _REFERENCE.fullmatch(attributes.get("r", ""))
            column = _column_number(place[1]) if place else column + 1
            cell = (column, parser.CurrentByteIndex, attributes.get("s"))
        elif tag == "mergeCell":
            span = _range(attributes.get("ref", ""))
            if span is not None:
                found.merged.append(span)
        elif tag == "dimension":
            at = parser.CurrentByteIndex
            found.dimension = (at, data.index(b">", at) + 1)

    def end(name: str) -> None:
        nonlocal opened, cell
        tag = _local(name)
        if opened is None:
            return
        at = parser.CurrentByteIndex
        if tag == "c" and cell is not None:
            index, begin, style = cell
            opened.cells[index] = CellSpan(start=begin, end=data.index(b">", at) + 1, style=style)
            cell = None
        elif tag == "row":
            if data[opened.inner - 2 : opened.inner] != b"/>":
                opened.end = at
            opened = None

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    _parse(head, parser, data, part)
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _range(reference: str) -> tuple[int, int, int, int] | None:
    ends = [_REFERENCE.fullmatch(part) for part in reference.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    first, last = ends[0], ends[1]
    return _column_number(first[1]), int(first[2]), _column_number(last[1]), int(last[2])
