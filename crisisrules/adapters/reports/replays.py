"""A replayed stream in the formats other than the story for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.escaping import for_markdown
from crisisrules.adapters.reports.markdown import code, heading, table
from crisisrules.adapters.reports.phrases import phrase
from crisisrules.adapters.reports.timeline import happening, in_order, measure_cells
from crisisrules.adapters.reports.wording import said, zone_of
from crisisrules.model.days import day, hour, moment
from crisisrules.model.recommendation import Change
from crisisrules.model.reports import Replay, Telling

_WORDS: Final = {
    "opened": "do",
    "returned": "again",
    "reminded": "soon",
    "overdue": "late",
    "escalated": "worse",
    "moved": "moved",
    "resolved": "done",
    "cancelled": "off",
}


def replay_json(replay: Replay, language: str) -> str:
    """The whole replay as one JSON document."""
    return plain.document(
        {
            "schema": plain.SCHEMA,
            "until": plain.instant(replay.until),
            "recommendations": [
                plain.recommendation(one, language) for one in replay.recommendations
            ],
            "agenda": [plain.action(one, language) for one in replay.agenda],
            "metrics": plain.metrics(replay.measures, language),
            "events": replay.events,
            "timezone": replay.timezone,
        }
    )


def replay_jsonl(replay: Replay, language: str) -> Iterator[str]:
    """Each change as a JSON object on its own line, in order."""
    for change in replay.changes:
        yield plain.line(plain.change(change, language))


def replay_markdown(replay: Replay, language: str) -> str:
    """The story, the measures and the agenda as Markdown tables."""

    def say(name: str) -> str:
        return phrase(name, language)

    zone = zone_of(replay.timezone)
    one_page = len({telling.page for telling in replay.tellings} - {None}) < 2
    rows = []
    for entry in in_order(replay):
        when = f"{day(entry.at, zone, language)} {hour(entry.at, zone)}"
        if isinstance(entry, Telling):
            rows.append([when, for_markdown(happening(entry, language, one_page)), "", ""])
        else:
            rows.append([when, *_change_cells(entry, language, replay)])
    title = said(replay.headline, language) or say("happened")
    parts = [heading(1, for_markdown(title))]
    if replay.timezone:
        parts.append(f"{say('times-in')} {for_markdown(replay.timezone)}\n\n")
    parts.append(heading(2, say("happened")))
    parts.append(table([say("when"), say("text"), say("severity"), say("rule")], rows))
    if replay.measures:
        cells = [
            [for_markdown(cell) for cell in measure_cells(one, language)] for one in replay.measures
        ]
        parts.append(heading(2, say("measures")))
        parts.append(table([say("measure"), say("was"), say("playbook")], cells))
    parts.append(heading(2, say("agenda")))
    for action in replay.agenda:
        due = (
            moment(action.due_at, zone, language, beside=replay.until)
            if action.due_at
            else say("now")
        )
        rules = ", ".join(
            code(rule) for rule in sorted({one.rule for one in action.recommendations})
        )
        text = for_markdown(said(action.message, language))
        parts.append(f"- **{say(action.severity)}**, {for_markdown(due)}: {text} ({rules})\n")
    if not replay.agenda:
        parts.append(say("nothing-to-do") + "\n")
    return "".join(parts)


def _change_cells(change: Change, language: str, replay: Replay) -> list[str]:
    one = change.recommendation
    word = phrase(_WORDS.get(change.kind, "again"), language)
    asks = change.kind in ("opened", "returned", "reminded", "moved")
    text = said(one.message if asks and one.due_at else one.title, language)
    due = ""
    if asks and one.due_at is not None:
        due = f" ({moment(one.due_at, zone_of(replay.timezone), language, beside=change.at)})"
    severity = phrase(one.severity, language)
    return [f"**{word}**{for_markdown(due)} {for_markdown(text)}", severity, code(one.rule)]
