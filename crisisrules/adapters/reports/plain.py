"""Values as plain JSON objects: the contract for scripts. Keys only ever grow, and what is unset is null."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from crisisrules.adapters.reports.escaping import for_json
from crisisrules.adapters.reports.wording import said
from crisisrules.model.durations import SECOND
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import (
    Action,
    Change,
    Decision,
    Evidence,
    Finding,
    Recommendation,
    SourceRef,
)
from crisisrules.model.reports import Measure

SCHEMA: Final = 1

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = dict[str, Json]


def document(value: Json) -> str:
    """A JSON document for people and scripts: indented, in the order given, with a line end."""
    return for_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def line(value: Json) -> str:
    """A JSON value on one line, with a line end."""
    return for_json(json.dumps(value, ensure_ascii=False)) + "\n"


def instant(at: datetime | None) -> str | None:
    """ISO 8601 with the offset it came with."""
    return None if at is None else at.isoformat()


def recommendation(value: Recommendation, language: str) -> Object:
    """One recommendation; texts in one language."""
    return {
        "id": value.id,
        "rule": value.rule,
        "severity": value.severity,
        "brand": value.brand,
        "page": value.page,
        "incident": value.incident,
        "subject": _subject(value.subject),
        "status": value.status,
        "opened_at": instant(value.opened_at),
        "due_at": instant(value.due_at),
        "overdue_at": instant(value.overdue_at),
        "closed_at": instant(value.closed_at),
        "action": value.action,
        "message": said(value.message, language),
        "because": said(value.because, language),
        "sources": [source(one) for one in value.sources],
        "evidence": [evidence(one) for one in value.evidence],
        "title": said(value.title, language),
        "resolved_by": said(value.resolved_by, language) or None,
        "settled_by": value.settled_by,
        "episode": value.episode,
        "preview": value.preview,
    }


def change(value: Change, language: str) -> Object:
    """One transition: the instant, what kind, and the recommendation as it then stood."""
    return {
        "schema": SCHEMA,
        "at": instant(value.at),
        "change": value.kind,
        "recommendation": recommendation(value.recommendation, language),
    }


def action(value: Action, language: str) -> Object:
    """One entry of the agenda; the recommendations that ask for it by their ids."""
    return {
        "action": value.action,
        "severity": value.severity,
        "brand": value.brand,
        "page": value.page,
        "subject": _subject(value.subject),
        "due_at": instant(value.due_at),
        "overdue": value.overdue,
        "message": said(value.message, language),
        "rules": sorted({one.rule for one in value.recommendations}),
        "recommendations": [one.id for one in value.recommendations],
    }


def finding(value: Finding, language: str, write_in: str | None = None) -> Object:
    """One finding of a calendar, a draft or a playbook, with its place in the file.

    ``write_in`` is the language of the text that is checked, where it is another one.
    """
    return {
        "rule": value.rule,
        "severity": value.severity,
        "source": value.place.source,
        "line": value.place.line,
        "column": value.place.column,
        "end_line": value.end.line if value.end else None,
        "end_column": value.end.column if value.end else None,
        "row": value.row,
        "page": value.page,
        "incident": value.incident,
        "subject": _subject(value.subject),
        "action": value.action,
        "message": said(value.message, language),
        "because": said(value.because, language),
        "write": said(value.write, write_in or language) if value.write else None,
        "excerpt": value.excerpt,
        "sources": [source(one) for one in value.sources],
        "evidence": [evidence(one) for one in value.evidence],
        "fingerprint": value.fingerprint,
        "unknown": value.unknown,
        "preview": value.preview,
    }


def decision(value: Decision, language: str) -> Object:
    """Whether a text may go out now, why, and what would settle it."""
    return {
        "schema": SCHEMA,
        "verdict": value.verdict,
        "findings": [finding(one, language) for one in value.findings],
        "would_resolve": [recommendation(one, language) for one in value.would_resolve],
    }


def evidence(value: Evidence) -> Object:
    """One fact that was looked at."""
    return {
        "fact": value.fact,
        "observed": value.observed,
        "expected": value.expected,
        "holds": value.holds,
        "words": list(value.words),
    }


def source(value: SourceRef) -> Object:
    """Who says so."""
    return {"title": value.title, "url": value.url, "where": value.where}


def place(value: Place | None) -> Json:
    """Where something is written."""
    if value is None:
        return None
    return {"source": value.source, "line": value.line, "column": value.column}


def metrics(measures: Sequence[Measure], language: str) -> Object:
    """The measures by name: the worst page's figure, and each page's; durations in seconds."""
    found: Object = {}
    for name in dict.fromkeys(measure.name for measure in measures):
        same = [measure for measure in measures if measure.name == name]
        worst = max(same, key=_badness)
        found[name] = {
            **_figure(worst),
            "title": said(worst.title, language),
            "unit": "seconds" if worst.unit == "duration" else worst.unit,
            "each": [_figure(measure) for measure in same],
        }
    return found


def _figure(value: Measure) -> Object:
    return {
        "value": _amount(value.value, value.unit),
        "of": value.of,
        "limit": _amount(value.limit, value.unit),
        "brand": value.brand,
        "page": value.page,
        "incident": value.incident,
    }


def _badness(value: Measure) -> tuple[bool, float]:
    # what never came is worse than what came late; of a part of a whole, less is worse
    if value.value is None:
        return (True, 0)
    return (False, -value.value / value.of if value.of else value.value)


def _amount(value: int | None, unit: str) -> Json:
    if value is None or unit != "duration":
        return value
    seconds, rest = divmod(value, SECOND)
    return seconds if not rest else value / SECOND


def _subject(subject: tuple[str, str]) -> Object:
    return {subject[0]: subject[1]}
