"""A replayed stream as a story: what happened, what was asked, by when, how late, and the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, TypeAlias

import attrs

from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.reports.layout import Line, Piece, beside, padded, width
from crisisrules.adapters.reports.phrases import phrase
from crisisrules.adapters.reports.wording import counted, duration, number, quoted, said, zone_of
from crisisrules.model.days import at_zone, day, hour, moment
from crisisrules.model.durations import to_micros
from crisisrules.model.recommendation import Action, Change, Recommendation
from crisisrules.model.reports import Measure, Replay, Telling

WIDTH: Final = 110

_TIME: Final = 8
_WORD: Final = 7
_WHEN: Final = 10
_BAR: Final = 16
_SILENT: Final = ("pending", "replaced")
_SPOKEN: Final = ("opened", "returned", "overdue", "escalated")

_Entry: TypeAlias = Telling | Change


@attrs.frozen
class _Story:
    """What the lines of one replay have in common."""

    language: str
    zone: tzinfo | None
    columns: int
    one_page: bool
    explained: set[str] = attrs.field(factory=set)

    def say(self, name: str) -> str:
        return phrase(name, self.language)

    def said(self, recommendation: Recommendation) -> tuple[str, str, str]:
        """Title, advice and reason, as a terminal may show them."""
        texts = (recommendation.title, recommendation.message, recommendation.because)
        title, advice, because = (for_terminal(said(text, self.language)) for text in texts)
        return title, advice, because

    def page(self, page: str | None) -> str:
        """Which page a line is about, when there is more than one."""
        return f"{for_terminal(page)}: " if page and not self.one_page else ""


def timeline(
    replay: Replay, language: str, *, columns: int = WIDTH, verdict: str = ""
) -> list[Line]:
    """The story of a replay; ``verdict`` is what the caller makes of it, and stands last."""
    pages = {telling.page for telling in replay.tellings}
    pages |= {measure.page for measure in replay.measures}
    pages |= {change.recommendation.page for change in replay.changes}
    story = _Story(language, zone_of(replay.timezone), columns, len(pages - {None}) < 2)
    lines: list[Line] = list(_head(replay, story))
    entries = in_order(replay)
    if entries:
        lines += _days(entries, story)
    else:
        lines.append([("dim", story.say("nothing-happened"))])
    lines += _measures(replay.measures, story)
    lines += _agenda(replay, story)
    lines += _summary(replay, story, verdict)
    return lines


def in_order(replay: Replay) -> list[_Entry]:
    """Happenings before the changes of the same instant: they are what the changes answer."""
    begun = {_of(change) for change in replay.changes if change.kind in _SPOKEN}
    shown = [
        change
        for change in replay.changes
        # what only waited to be true and then was not never asked anything of anybody
        if change.kind not in _SILENT and (change.kind != "cancelled" or _of(change) in begun)
    ]
    entries: list[_Entry] = [*replay.tellings, *_at_once(shown)]
    return sorted(entries, key=lambda entry: (to_micros(entry.at), isinstance(entry, Change)))


def _of(change: Change) -> tuple[str, int]:
    return change.recommendation.id, change.recommendation.episode


def _at_once(changes: Sequence[Change]) -> list[Change]:
    """What was late, or worse, the moment it was asked is told as that alone: there was no time before."""
    told: dict[tuple[object, ...], Change] = {}
    for place, change in enumerate(changes):
        asked: tuple[object, ...] = (place,)
        last = change
        if change.kind in ("opened", "overdue", "escalated"):
            asked = (*_of(change), change.at)
            before = told.pop(asked, None)
            if before is not None and change.kind == "escalated":
                last = attrs.evolve(change, kind=before.kind)
        told[asked] = last
    return list(told.values())


def _head(replay: Replay, story: _Story) -> Iterator[Line]:
    headline = said(replay.headline, story.language)
    if headline:
        yield [("head", for_terminal(headline))]
    if replay.timezone:
        yield [("dim", f"{story.say('times-in')} {replay.timezone}")]
    if headline or replay.timezone:
        yield []


def _days(entries: Sequence[_Entry], story: _Story) -> Iterator[Line]:
    last_day: date | None = None
    last_hour = ""
    for entry in entries:
        today = at_zone(entry.at, story.zone).date()
        if today != last_day:
            if last_day is not None:
                yield []
            year = last_day is None or last_day.year != today.year
            yield [("head", day(entry.at, story.zone, story.language, year=year))]
            last_day, last_hour = today, ""
        now = hour(entry.at, story.zone)
        time: Piece = ("time", padded("" if now == last_hour else now, _TIME))
        last_hour = now
        if isinstance(entry, Telling):
            yield from _happened(entry, time, story)
        else:
            yield from _changed(entry, time, story)


def _happened(telling: Telling, time: Piece, story: _Story) -> Iterator[Line]:
    yield from beside(
        [time],
        ("quote", happening(telling, story.language, story.one_page)),
        ("", ""),
        story.columns,
    )


def happening(telling: Telling, language: str, one_page: bool) -> str:
    """One happening as a sentence that a terminal may show."""
    parts = [f"{telling.page}:" if telling.page and not one_page else ""]
    parts.append(said(telling.words, language))
    if telling.quote is not None:
        parts.append(quoted(telling.quote, language))
    tail = said(telling.tail, language)
    parts.append(f"({tail})" if tail else "")
    return for_terminal(" ".join(part for part in parts if part))


def _changed(change: Change, time: Piece, story: _Story) -> Iterator[Line]:
    one = change.recommendation
    title, advice, because = story.said(one)
    word, when, text, style = _spoken(change, title, advice, story)
    severity = story.say(one.severity) if one.severity != "info" else ""
    if change.kind in _SPOKEN and not when:
        when = severity
    lead: list[Piece] = [
        time,
        (style, padded("  " + word, _WORD + 2)),
        ("time" if change.kind == "opened" else style, padded(when, _WHEN)),
    ]
    rule = one.rule + (f" ({story.say('preview')})" if one.preview else "")
    yield from beside(lead, ("", story.page(one.page) + text), ("rule", rule), story.columns)
    # said once for each rule, and only where something went wrong: a reader skips what repeats
    wrong = change.kind in ("overdue", "escalated") or (change.kind == "opened" and not one.due_at)
    if wrong and one.rule not in story.explained:
        story.explained.add(one.rule)
        indent: Piece = ("", " " * (_TIME + _WORD + 2 + _WHEN))
        for name, words in (("because", because), ("action", advice)):
            if words and words != text:
                lead = [indent, ("dim", story.say(name) + " ")]
                yield from beside(lead, ("dim", words), ("", ""), story.columns)


def _spoken(change: Change, title: str, advice: str, story: _Story) -> tuple[str, str, str, str]:
    """The word, when, text and style of a change."""
    one, say = change.recommendation, story.say
    by = _by(one.due_at, change.at, story)
    late = "stop" if one.severity == "critical" else "late"
    match change.kind:
        case "opened" | "returned":
            if one.due_at is not None:
                word = say("do") if change.kind == "opened" else say("again")
                return word, by, advice, "do"
            if one.severity == "critical":
                return say("stop"), "", title, "stop"
            return say("do"), say("now"), advice, "do"
        case "reminded":
            return say("soon"), by, advice, "do"
        case "overdue":
            return say("late"), "", title, late
        case "escalated":
            return say("worse"), "", title, late
        case "moved":
            return say("moved"), by, advice, "do"
        case "resolved":
            return say("done"), "", f"{title}{_settled(change, story)}", "done"
        case "cancelled":
            return say("off"), "", f"{title}{say('colon')} {say('no-longer')}", "dim"
        case _:
            return change.kind, "", title, ""


def _by(due_at: datetime | None, now: datetime, story: _Story) -> str:
    if due_at is None:
        return story.say("now")
    word = "d'ici" if story.language == "fr" else "by"
    return f"{word} {moment(due_at, story.zone, story.language, beside=now)}"


def _settled(change: Change, story: _Story) -> str:
    one = change.recommendation
    parts = []
    if one.due_at is not None:
        late = to_micros(change.at) - to_micros(one.due_at)
        if one.overdue_at is not None and late > 0:
            parts.append(f"{duration(late, story.language)} {story.say('late-by')}")
        elif one.overdue_at is None:
            parts.append(story.say("in-time"))
    if one.settled_by:
        parts.append(f"{story.say('settled-by')} {for_terminal(one.settled_by)}")
    return f"{story.say('colon')} {', '.join(parts)}" if parts else ""


def _measures(measures: Sequence[Measure], story: _Story) -> Iterator[Line]:
    if not measures:
        return
    yield []
    yield [("head", story.say("measures"))]
    cells = [
        measure_cells(measure, story.language, one_page=story.one_page) for measure in measures
    ]
    column = max(width(title) for title, _, _ in cells) + 2
    longest = max((m.value or 0 for m in measures if m.unit == "duration"), default=0)
    for measure, (title, value, limit) in zip(measures, cells, strict=True):
        over = _is_over(measure)
        pieces: list[Piece] = [
            ("", "  " + padded(title, column)),
            ("late" if over else "", padded(value, 12)),
        ]
        if limit:
            pieces.append(("dim", padded(f"{story.say('playbook')} {limit}", 20)))
        room = story.columns - sum(width(text) for _, text in pieces)
        if measure.unit == "duration" and limit and longest and measure.value and room >= _BAR:
            filled = max(1, round(_BAR * measure.value / longest))
            pieces.append(("late" if over else "done", "█" * filled + "░" * (_BAR - filled)))
        yield pieces


def measure_cells(
    measure: Measure, language: str, *, one_page: bool = False
) -> tuple[str, str, str]:
    """What a measure is, what it was, and what the playbook asks (empty: nothing)."""
    title = said(measure.title, language)
    if measure.page and not one_page:
        title = f"{measure.page}: {title}"
    value = phrase("never" if measure.unit == "duration" else "not-known", language)
    if measure.value is not None:
        value = _unit(measure.value, measure.unit, language)
        if measure.of is not None:
            value += f" {phrase('of', language)} {_unit(measure.of, measure.unit, language)}"
    limit = "" if measure.limit is None else _unit(measure.limit, measure.unit, language)
    return for_terminal(title), value, limit


def _unit(value: int, unit: str, language: str) -> str:
    return duration(value, language) if unit == "duration" else number(value, language)


def _is_over(measure: Measure) -> bool:
    if measure.limit is None or measure.of is not None:
        return False
    if measure.value is None:
        return measure.unit == "duration"
    return measure.value > measure.limit


def _agenda(replay: Replay, story: _Story) -> Iterator[Line]:
    yield []
    when = f" ({moment(replay.until, story.zone, story.language)})" if replay.until else ""
    yield [("head", story.say("agenda") + when)]
    if not replay.agenda:
        yield [("dim", "  " + story.say("nothing-to-do"))]
    for action in replay.agenda:
        yield from _action(action, replay.until, story)


def _action(action: Action, now: datetime | None, story: _Story) -> Iterator[Line]:
    style = "stop" if action.severity == "critical" else "late" if action.overdue else "do"
    word = story.say("late") if action.overdue else story.say(action.severity)
    due = action.due_at
    when = moment(due, story.zone, story.language, beside=now) if due else story.say("now")
    lead: list[Piece] = [("", "  "), (style, padded(word, _WORD + 4)), ("time", padded(when, 17))]
    rules = ", ".join(sorted({one.rule for one in action.recommendations}))
    text = story.page(action.page) + for_terminal(said(action.message, story.language))
    yield from beside(lead, ("", text), ("rule", rules), story.columns)


def _summary(replay: Replay, story: _Story, verdict: str) -> Iterator[Line]:
    counts = dict.fromkeys(
        ("settled-in-time", "settled-late", "not-settled", "ended", "still-open", "lapsed"), 0
    )
    for one in replay.recommendations:
        if one.status != "pending":
            counts[_outcome(one)] += 1
    total = sum(counts.values())
    text = counted(total, story.say("recommendation"), story.say("recommendations"), story.language)
    parts = [
        f"{number(count, story.language)} {story.say(name)}"
        for name, count in counts.items()
        if count
    ]
    yield []
    yield [
        ("", text + (f"{story.say('colon')} {', '.join(parts)}" if parts else "")),
        ("dim", f"    {verdict}" if verdict else ""),
    ]


def _outcome(one: Recommendation) -> str:
    if one.status == "resolved":
        if one.due_at is None:
            return "ended"
        return "settled-late" if one.overdue_at else "settled-in-time"
    if one.status in ("cancelled", "replaced"):
        return "lapsed"
    return "not-settled" if one.status == "overdue" else "still-open"
