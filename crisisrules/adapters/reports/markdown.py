"""Pieces of Markdown; every cell is escaped by whoever knows whether it is a text or a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crisisrules.adapters.reports.escaping import for_terminal


def heading(level: int, text: str) -> str:
    """A heading; the text is Markdown."""
    return f"{'#' * level} {text}\n\n"


def code(name: str) -> str:
    """A name in a code span, whatever is in it; it stands in a table too."""
    clean = for_terminal(name).replace("`", "'").replace("|", "\\|")
    return f"`{clean}`" if clean else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown; nothing when there are no rows."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    if not lines:
        return ""
    rule = "|" + "---|" * len(head)
    return "\n".join(["| " + " | ".join(head) + " |", rule, *lines]) + "\n\n"
