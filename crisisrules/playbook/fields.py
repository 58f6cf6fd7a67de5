"""The fact catalogue as rows for people: what may be asked of whom, in which unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.facts import FAMILIES, OPERATORS_OF, Fact, available


@attrs.frozen(kw_only=True)
class FieldRow:
    """One fact as ``rules fields`` shows it.

    Attributes:
        subjects: those whose rules may ask it; ``event`` is what an ``expect`` may.
        operators: what it may be held against, ``in_last`` among them where it is countable.
        values: the closed list of its values, empty when there is none.
        absent: what it means when there is nothing to read; None: then it is unknown.
    """

    path: str
    type: str
    unit: str | None
    values: tuple[str, ...]
    operators: tuple[str, ...]
    subjects: tuple[str, ...]
    meaning: str
    absent: str | None


def field_rows(
    language: str = "en", *, subject: str | None = None, facts: Iterable[Fact] | None = None
) -> Iterator[FieldRow]:
    """The rows of the catalogue in its order, of one subject's facts when one is named."""
    for fact in FACTS.values() if facts is None else facts:
        subjects = tuple(name for name in FAMILIES if available([fact], name))
        if subject is not None and subject not in subjects:
            continue
        yield FieldRow(
            path=fact.path,
            type=fact.type,
            unit=fact.unit,
            values=fact.values,
            operators=(*OPERATORS_OF[fact.type], *(("in_last",) if fact.countable else ())),
            subjects=subjects,
            meaning=fact.meaning.get(language, fact.meaning["en"]),
            absent=fact.absent.get(language, fact.absent["en"]) if fact.absent else None,
        )
