"""A large table is read row by row."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from crisisrules.adapters.calendars import iterate_calendar

ROWS = 6_000


def peak(path: Path) -> tuple[int, int]:
    """The most bytes held while all items of a file are looked at, and their number."""
    tracemalloc.start()
    count = sum(1 for _ in iterate_calendar(path, timezone="Europe/Paris"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most, count


def write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("Date;Heure;Réseau;Texte\n")
        for number in range(rows):
            stream.write(
                f"{1 + number % 28:02d}/03/2026;9h{number % 60:02d};FB;{number} {'mot ' * 100}\n"
            )


def test_memory_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    write(tmp_path / "small.csv", ROWS // 10)
    write(tmp_path / "large.csv", ROWS)
    peak(tmp_path / "small.csv")  # fills the caches of words and dates
    small, few = peak(tmp_path / "small.csv")
    large, many = peak(tmp_path / "large.csv")

    assert (few, many) == (ROWS // 10, ROWS)
    # the large file has 2 MB more of text; what remains of a row is its identity
    assert large - small < 200 * (ROWS - ROWS // 10)
