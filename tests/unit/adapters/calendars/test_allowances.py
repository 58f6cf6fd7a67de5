"""Allowances in a column and in a file, and the baseline of known findings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from crisisrules.adapters.calendars import (
    allowances_of,
    baseline_text,
    read_allowances,
    read_baseline,
    read_calendar,
)
from crisisrules.model.calendar import Allowance
from crisisrules.model.errors import InputError, Place
from crisisrules.model.recommendation import Finding


def inline(folder: Path, cell: str) -> tuple[Allowance, ...]:
    path = folder / "plan.csv"
    path.write_text(
        f'Date,Réseau,Texte,Dérogation\n2026-03-03 09:00,"FB, LI",Bonjour,"{cell}"\n',
        encoding="utf-8",
    )
    return allowances_of(read_calendar(path, timezone="Europe/Paris"))


@pytest.mark.parametrize(
    ("cell", "reason", "until"),
    [
        (
            "promotion-during-incident: agreed with the cell until 2026-03-31",
            "agreed with the cell",
            "2026-04-01T00:00:00+02:00",
        ),
        (
            "promotion-during-incident : accord de la cellule, jusqu'au 31/03/2026",
            "accord de la cellule",
            "2026-04-01T00:00:00+02:00",
        ),
        (
            "Promotion-During-Incident: accord (jusqu’au 28 mars 2026 18h)",
            "accord",
            "2026-03-28T18:00:00+01:00",
        ),
        (
            "promotion-during-incident: until further talks; ok until 2026-03-05T10:00:00Z",
            "until further talks; ok",
            "2026-03-05T10:00:00+00:00",
        ),
    ],
)
def test_reads_an_allowance_of_a_column(tmp_path: Path, cell: str, reason: str, until: str) -> None:
    (found,) = inline(tmp_path, cell)

    assert (found.rule, found.reason, found.row) == ("promotion-during-incident", reason, 1)
    assert found.until.isoformat() == until
    assert found.place.line == 2


def test_reads_several_allowances_of_one_cell(tmp_path: Path) -> None:
    found = inline(tmp_path, "rule-one: a until 2026-03-31; rule-two: b until 2026-04-01")

    assert [(one.rule, one.reason) for one in found] == [("rule-one", "a"), ("rule-two", "b")]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("ok", "allowance-without-rule"),
        ("agreed, promotion-during-incident: yes", "allowance-without-rule"),
        ("promotion-during-incident: until 2026-03-31", "allowance-without-reason"),
        ("promotion-during-incident: agreed", "allowance-without-end"),
        ("promotion-during-incident: agreed until the end", "allowance-end"),
        ("promotion-during-incident: agreed until 31 mars", "allowance-end"),
        ("promotion-during-incident: agreed until 03/04/2026", "allowance-end"),
        ("promotion-during-incident: agreed until 31/02/2026", "allowance-end"),
    ],
)
def test_an_allowance_needs_rule_reason_and_end(tmp_path: Path, cell: str, name: str) -> None:
    with pytest.raises(InputError) as caught:
        inline(tmp_path, cell)

    assert [problem.name for problem in caught.value.problems] == [name]
    assert caught.value.problems[0].place.line == 2


def filed(folder: Path, text: str, *, tz: str | None = "Europe/Paris") -> tuple[Allowance, ...]:
    path = folder / "allow.yaml"
    path.write_text(text, encoding="utf-8")
    return read_allowances(path, timezone=tz)


def test_reads_a_file(tmp_path: Path) -> None:
    first, second = filed(
        tmp_path,
        "allow:\n"
        "  - rule: promotion-during-incident\n"
        "    text: Portes ouvertes\n"
        "    page: facebook\n"
        "    reason: agreed with the cell\n"
        "    until: 2026-03-31\n"
        "  - {rule: unknown-kind, row: 7, reason: read by the lead, until: 2026-04-01T08:00:00Z}\n",
    )

    assert (first.text, first.page, first.item, first.row) == (
        "Portes ouvertes",
        "facebook",
        None,
        None,
    )
    assert first.until.isoformat() == "2026-04-01T00:00:00+02:00"
    assert (second.row, second.until) == (7, datetime(2026, 4, 1, 8, tzinfo=UTC))
    assert (first.place.line, second.place.line) == (2, 7)


def test_tells_all_that_is_wrong_in_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        filed(
            tmp_path,
            "allow:\n"
            "  - {rule: a-rule, reason: why, until: 2026-03-31}\n"
            "  - {rule: a-rule, reason: why, row: 1}\n"
            "  - {rule: a-rule, reason: why, row: one, until: 2026-03-31}\n"
            "  - {rule: a-rule, raeson: why, row: 1, until: 2026-03-31}\n"
            "  - nonsense\n",
        )

    assert [(problem.place.line, problem.name) for problem in caught.value.problems] == [
        (2, "allowance-for-nothing"),
        (3, "allowance-without-end"),
        (4, "allowance-row"),
        (5, "unknown-key"),
        (5, "allowance-without-reason"),
        (6, "allowance-value"),
    ]
    assert "did you mean `reason`?" in caught.value.problems[3].message


def test_a_day_needs_a_zone(tmp_path: Path) -> None:
    text = "allow:\n  - {rule: a-rule, reason: why, row: 1, until: 2026-03-31}\n"
    with pytest.raises(InputError, match="has no time zone"):
        filed(tmp_path, text, tz=None)


@pytest.mark.parametrize("text", ["allow: 3\n", "allows: []\n", "- 3\n", "[", "just words\n"])
def test_a_file_of_something_else_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        filed(tmp_path, text)


def finding(fingerprint: str, rule: str) -> Finding:
    return Finding(
        place=Place("plan.csv", 3),
        rule=rule,
        severity="critical",
        subject=("item", "i1"),
        action="hold-item",
        message={"en": "m", "fr": "m"},
        because={"en": "b", "fr": "b"},
        fingerprint=fingerprint,
    )


def test_a_baseline_is_read_back(tmp_path: Path) -> None:
    known = [
        finding("ff", "b-rule"),
        finding("aa", "b-rule"),
        finding("aa", "b-rule"),
        finding("00", "z"),
    ]
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(known), encoding="utf-8")

    assert read_baseline(path) == {"aa", "ff", "00"}
    assert baseline_text(known) == baseline_text(reversed(known))
    assert baseline_text([attrs.evolve(known[0], fingerprint="")]).count("fingerprint") == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[]", "not-a-baseline"),
        ('{"schema": 1}', "not-a-baseline"),
        ('{"schema": 2, "findings": []}', "baseline-schema"),
        ('{"schema": 1, "findings": [{"rule": "a"}]}', "not-a-baseline"),
        ('{"schema": 1, "findings": [', "not-json"),
    ],
)
def test_what_is_no_baseline_is_told(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_baseline(path)

    assert caught.value.problems[0].name == name
