"""What a recommendation says and rests on: sentences filled in, and the tests that decided."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from crisisrules.engine.facts_brand import READERS
from crisisrules.engine.scene import Scene
from crisisrules.engine.tables import (
    Atom,
    Bound,
    BoundAll,
    BoundAny,
    BoundNot,
    Table,
    evaluate,
    holds,
)
from crisisrules.engine.values import ABSENT, AtLeast, Row, Truth, Value
from crisisrules.model.durations import SECOND, format_duration
from crisisrules.model.recommendation import Evidence
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.conditions import ParameterRef
from crisisrules.playbook.facts import Fact

LANGUAGES: Final = ("en", "fr")
_HOLE: Final = re.compile(r"\{([^{}]+)\}")
_WORDS: Final = {
    "en": {True: "yes", False: "no", None: "not known", ABSENT: "none"},
    "fr": {True: "oui", False: "non", None: "inconnu", ABSENT: "aucun"},
}
_OPERATORS: Final = {
    "is": "",
    "is_not": "not ",
    "in": "one of ",
    "not_in": "none of ",
    "at_least": "at least ",
    "more_than": "more than ",
    "at_most": "at most ",
    "less_than": "less than ",
    "mentions": "with ",
    "present": "",
}


def spoken(value: object, fact: Fact | None, scene: Scene, language: str = "en") -> str:
    """A value as a person reads it: durations with units, instants as clock times of the page."""
    if value is None or value is ABSENT or isinstance(value, bool):
        return _WORDS[language if language in _WORDS else "en"][value]
    if isinstance(value, AtLeast):
        return f"{spoken(value.low, fact, scene, language)}+"
    if fact is not None and fact.type == "duration" and isinstance(value, int | float):
        # a row is read the microsecond before its event, and people read seconds
        return format_duration(max(0, round(value / SECOND) * SECOND))
    if fact is not None and fact.type == "instant" and isinstance(value, int):
        return scene.clock(value, language)
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, tuple | frozenset | list):
        shown = sorted(map(str, value)) if isinstance(value, frozenset) else list(map(str, value))
        return ", ".join(shown[:8]) or spoken(ABSENT, None, scene, language)
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"


def fill(template: str, language: str, scene: Scene, special: Mapping[str, Value]) -> str:
    """A sentence with its ``{placeholders}`` replaced by what was observed."""

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in ("due_at", "overdue_by"):
            value = special.get(name)
            if not isinstance(value, int):
                return {"en": "as soon as you can", "fr": "dès que possible"}.get(language, "-")
            return scene.clock(value, language) if name == "due_at" else format_duration(value)
        if name in special:
            return spoken(special[name], None, scene, language)
        if name.startswith("$"):
            parameter = scene.book.playbook.parameters[name[1:]]
            shown = scene.values.value(name[1:])
            if parameter.type == "duration":
                return format_duration(int(shown))
            return f"{shown:g}" if isinstance(shown, float) else str(shown)
        if name == "incident.title" and scene.incident is not None:
            return scene.incident.title or scene.incident.incident
        reader = READERS.get(name)
        value = None if reader is None else reader(scene)
        return spoken(value, FACTS.get(name), scene, language)

    return _HOLE.sub(replace, template)


def nouns(scene: Scene) -> dict[str, Value]:
    """The names of the subject's nouns, for the placeholders that are no facts."""
    page = scene.page
    return {
        "brand": scene.brand.brand,
        "page": (page.title or page.page) if page else ABSENT,
        "post": scene.thread.post if scene.thread else ABSENT,
        "item": scene.item.item if scene.item else ABSENT,
        "draft": scene.draft.draft if scene.draft else ABSENT,
        "comment": scene.comment.comment if scene.comment else ABSENT,
        "incident": scene.incident.incident if scene.incident else ABSENT,
    }


def evidence_of(
    table: Table, bound: Bound, row: Row, scene: Scene, wanted: Truth
) -> Iterator[Evidence]:
    """The tests on which the truth of a condition rests, each with what was seen."""
    match bound:
        case Atom():
            if holds(bound, row) is wanted or wanted is None:
                yield _of(table, bound, row, scene)
        case BoundAll(of):
            for part in of:
                yield from evidence_of(table, part, row, scene, wanted)
        case BoundAny(of):
            deciding = [part for part in of if evaluate(part, row) is wanted]
            for part in deciding or of:
                yield from evidence_of(table, part, row, scene, wanted)
        case BoundNot(of):
            yield from evidence_of(table, of, row, scene, None if wanted is None else not wanted)


def _of(table: Table, atom: Atom, row: Row, scene: Scene) -> Evidence:
    column = table.columns[atom.column]
    fact = FACTS[column.fact]
    wanted = atom.value if atom.against is None else row[atom.against]
    if atom.operator == "present":
        expected = "present" if wanted else "none"
    else:
        expected = _OPERATORS[atom.operator] + spoken(wanted, fact, scene)
    observed = spoken(row[atom.column], fact, scene)
    if column.in_last is not None:
        span = format_duration(scene.span(column.in_last))
        observed, expected = f"{observed} in {span}", f"{expected} in {span}"
    words: tuple[str, ...] = ()
    if fact.path in ("post.kind", "post.about_incident", "post.features") and scene.thread:
        words = scene.thread.kind_words
    return Evidence(
        fact=fact.path,
        observed=observed,
        expected=expected,
        holds=holds(atom, row),
        words=words,
    )


def clock_evidence(fact: str | None, instant: int | None, scene: Scene) -> Evidence | None:
    """From which instant time is counted."""
    if fact is None or instant is None:
        return None
    return Evidence(
        fact=fact, observed=scene.clock(instant), expected="the clock starts", holds=True
    )


def parameter_text(value: int | ParameterRef, scene: Scene) -> str:
    """A duration that may be a parameter, as a person reads it."""
    return format_duration(scene.span(value))
