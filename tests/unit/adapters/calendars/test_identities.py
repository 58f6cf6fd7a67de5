"""Identities are counted in few bytes, and none is given twice."""

from __future__ import annotations

from crisisrules.adapters.calendars.identities import Identities


def test_counts_every_use() -> None:
    seen = Identities()
    names = [f"item-{number}" for number in range(5_000)]
    assert {seen.count(name) for name in names} == {1}
    assert {seen.count(name) for name in names[::2]} == {2}
    assert {seen.count(name) for name in names[::2]} == {3}
    assert {seen.count(name) for name in names[1::2]} == {2}
    assert seen.count("") == 1
    assert seen.count("") == 2
