"""Markdown of generated pages: texts that stay texts, nested lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from crisisrules.playbook.sentences import Line

_ACTIVE: Final = re.compile(r"([\\*_<>\[\]|])")
_LINK: Final = re.compile(r"https?://[^\s<>()\"'`|\\]+")


def text(words: str) -> str:
    """A text on one line in which nothing but ``code`` between backticks is markup."""
    line = " ".join(words.split())
    parts = line.split("`")
    if len(parts) % 2 == 0:  # a backtick without its second
        return _ACTIVE.sub(r"\\\1", line.replace("`", "'"))
    return "`".join(
        part if index % 2 else _ACTIVE.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def link(title: str, url: str | None) -> str:
    """A title that links to an address, or the title alone when the address is no plain web address."""
    if url is None or not _LINK.fullmatch(url):
        return text(title)
    return f"[{text(title)}]({url})"


def nested(lines: Iterable[Line]) -> list[str]:
    """A nested bullet list."""
    return [f"{'  ' * line.depth}- {text(line.text)}" for line in lines]


def bullets(items: Iterable[str]) -> list[str]:
    """A bullet list of lines that are Markdown already."""
    return [f"- {item}" for item in items]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table whose cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def anchor(heading: str) -> str:
    """The address of a heading in its page, as the usual Markdown readers make it."""
    kept = "".join(char for char in heading.lower() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")


def document(blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines with an empty line between them; empty blocks are left out."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
