"""Which cells of a table change when rows are held, whatever the file the table stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from crisisrules.adapters.calendars import words
from crisisrules.adapters.calendars.columns import header_key
from crisisrules.adapters.calendars.moments import HELD
from crisisrules.adapters.calendars.plan import Plan
from crisisrules.adapters.calendars.rows import Row

_STATUS = {"en": "Status", "fr": "Statut"}
_REASON = {"en": "Hold reason", "fr": "Motif de suspension"}
_ON_HOLD = {"en": "on hold", "fr": "suspendu"}
_REASON_KEYS = frozenset(header_key(name) for name in _REASON.values())
_FRENCH = frozenset(
    {"texte", "heure", "reseau", "statut", "lien", "visuel", "contenu", "jour", "legende", "etat"}
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet reads as a formula, on one line."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


@attrs.frozen(kw_only=True)
class Marking:
    """How the held rows of one table are marked.

    Attributes:
        header: the cells that the header gains, by column from 0.
        status: the column of the state, or None.
        reason: the column of the reason, or None where the tool takes no further column.
        word: what the state says of a held row.
    """

    plan: Plan
    header: Mapping[int, str]
    status: int | None
    reason: int | None
    word: str

    def changes(self, row: Row, reason: str) -> dict[int, str]:
        """The new cells of a held row by column from 0; empty when it is marked already."""
        if row.stands_in is not None:
            marked = row.as_written.strip().startswith(HELD)
            return {} if marked else {row.stands_in: f"{HELD} {row.as_written.strip()}"}
        new = self._state(row)
        if self.reason is not None:
            new[self.reason] = plain_cell(reason)
        return {index: text for index, text in new.items() if text != _cell(row, index)}

    def _state(self, row: Row) -> dict[int, str]:
        hold = self.plan.layout.hold
        if hold == "status" and self.status is not None:
            meaning = words.status(_cell(row, self.status))
            held = meaning is not None and meaning[0] in ("held", "cancelled")
            return {} if held else {self.status: self.word}
        if hold == "draft" and (draft := self.plan.index("draft")) is not None:
            return {} if words.flag(_cell(row, draft)) else {draft: self.word}
        return self._date(row)

    def _date(self, row: Row) -> dict[int, str]:
        dated = [
            index for index in map(self.plan.index, ("when", "date", "year")) if index is not None
        ]
        index = next((index for index in dated if _cell(row, index)), None)
        if index is None:
            # an empty date is a place in the queue of a tool that refuses what is no date
            queued = dated and self.plan.layout.hold != "undate"
            return {dated[0]: HELD} if queued else {}
        was = _cell(row, index)
        if was.startswith(HELD):
            return {}
        if self.plan.layout.hold == "undate":
            return {index: ""}
        if self.plan.layout.hold == "refuse-undated":
            tags = self.plan.index("tags")
            if tags is None:
                return {index: HELD}
            told = ",".join(part for part in (_cell(row, tags), f"held from {was}") if part)
            return {index: HELD, tags: told}
        return {index: f"{HELD} {was}"}


def _cell(row: Row, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _width(cells: Sequence[str]) -> int:
    """Cells up to the last that is filled."""
    return max((index + 1 for index, cell in enumerate(cells) if cell.strip()), default=0)


def marking_of(plan: Plan, rows: Sequence[Row]) -> Marking:
    """How to mark rows of a table; a word for a held row that stands in its state column is kept."""
    keys = [header_key(name) for name in plan.header]
    language = "fr" if _FRENCH & set(keys) else "en"
    if plan.layout.hold == "draft":
        index = plan.index("draft")
        cells = [] if index is None else [_cell(row, index) for row in rows]
        word = next((cell for cell in cells if cell and words.flag(cell)), None)
        lower = any(cell in ("false", "true") for cell in cells)
        return Marking(
            plan=plan,
            header={},
            status=None,
            reason=None,
            word=word or ("true" if lower else "TRUE"),
        )
    if plan.layout.hold != "status" or not plan.header:
        return Marking(plan=plan, header={}, status=None, reason=None, word=HELD)
    header: dict[int, str] = {}
    # a row may be longer than the header, and no cell of it is to be overwritten
    width = max(map(_width, (plan.header, *(row.cells for row in rows))))
    status = plan.index("status")
    if status is None:
        status = width
        header[status] = _STATUS[language]
        width += 1
    reason = next((index for index, key in enumerate(keys) if key in _REASON_KEYS), None)
    if reason is None:
        reason = width
        header[reason] = _REASON[language]
    found = (
        cell
        for row in rows
        if (cell := _cell(row, status)) and words.status(cell) == ("held", None)
    )
    return Marking(
        plan=plan, header=header, status=status, reason=reason, word=next(found, _ON_HOLD[language])
    )
