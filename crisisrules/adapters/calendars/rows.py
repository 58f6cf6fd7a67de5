"""One row of a table, whatever file the table stands in."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen(kw_only=True)
class Row:
    """One row of a table.

    Attributes:
        line: the physical line it starts on (of a workbook: the row's number), counted from 1.
        raw: the text of the row as it stands in the file; empty where there is none.
        sheet: the sheet it stands in.
        struck: the columns, from 0, whose text is crossed out.
        stands_in: the column, from 0, of the one cell that the row was taken from in a grid, else None.
        as_written: what that cell holds.
    """

    cells: Sequence[str]
    line: int
    raw: str = ""
    sheet: str | None = None
    struck: frozenset[int] = frozenset()
    stands_in: int | None = None
    as_written: str = ""
