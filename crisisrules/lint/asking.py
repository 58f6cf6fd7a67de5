"""The rules asked about a text that is not out: nothing of the session changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import attrs

from crisisrules.engine.asking import Asked
from crisisrules.engine.brand import BrandSession
from crisisrules.engine.evidence import evidence_of, fill, nouns
from crisisrules.engine.lifecycle import in_force
from crisisrules.engine.listening import Heard
from crisisrules.engine.plan import PlannedRule
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import (
    DraftState,
    IncidentState,
    ItemState,
    PageState,
    Thread,
    Track,
    View,
)
from crisisrules.engine.subjects import Key
from crisisrules.model.recommendation import Evidence, SourceRef
from crisisrules.playbook.rule import Absence, Precedence, State

_THIS: Final = {"en": "this post", "fr": "cette publication"}

KINDS: Final = ("item", "draft", "post")
"""The subjects as which something not yet out is asked; the first that a rule is about counts."""


class Spoken(NamedTuple):
    """One rule that speaks against a text, and where it was asked."""

    planned: PlannedRule
    asked: Asked
    unknown: bool


@attrs.define(kw_only=True)
class Prospect:
    """A text that may go out: what it says, on which page, when, as what."""

    thread: Thread
    heard: Heard
    page: str | None
    item: ItemState | None = None
    name: str = "text"


def prospect(
    session: BrandSession,
    text: str | None,
    page: str | None,
    at: int,
    *,
    kind: str | None = None,
    incident: str | None = None,
    language: str | None = None,
    name: str = "text",
) -> Prospect:
    """Read a text as if it went out at ``at`` (microseconds) on a page."""
    state = session.state
    known = state.pages.get(page) if page else None
    incidents = session.fold.lasting_incidents()
    heard = session.fold.listener.hear(
        text, incidents, known, at, kind=kind, incident=incident, language=language, facts=False
    )
    thread = Thread(
        post=name,
        page=page or "",
        published_at=at,
        text=text,
        language=heard.language,
        kind=heard.kind,
        kind_words=heard.words,
        features=heard.features,
        incident=incident,
        about=heard.about,
        words=heard.touches,
        next_update_at=heard.next_update_at,
    )
    thread.during = tuple(i.incident for i in incidents if i.is_open)
    return Prospect(thread=thread, heard=heard, page=page, name=name)


def speaking(
    session: BrandSession, what: Prospect, now: int, kinds: Iterable[str] = KINDS
) -> Iterator[Spoken]:
    """Every rule that would speak against the text if it went out; each rule once an incident."""
    for incident in ("", *sorted(session.state.incidents)):
        seen: set[str] = set()
        for kind in kinds:
            for spoken in _asked_as(session, what, kind, incident, now):
                if spoken.planned.rule.id not in seen:
                    seen.add(spoken.planned.rule.id)
                    yield spoken


def _asked_as(
    session: BrandSession, what: Prospect, kind: str, incident: str, now: int
) -> Iterator[Spoken]:
    key = Key(incident, kind, what.page or "", what.name)
    table = session.table_of(key)
    known = session.state.incidents.get(incident)
    if table is None or (known is not None and what.page and not known.concerns(what.page)):
        return
    scene = _scene(session, what, kind, known, now)
    row = table.row(scene)
    true, doubtful = table.matcher.match(row)
    asked = Asked(
        key=key,
        scene=scene,
        table=table,
        row=row,
        true=frozenset(true),
        unknown=frozenset(doubtful),
        at=now,
        tell=_tell,
        answered=_unanswered,
    )
    for planned in table.rules:
        if planned.main not in asked.true and planned.main not in asked.unknown:
            continue
        if not isinstance(planned.rule.form, Absence | State | Precedence):
            continue
        truth = asked.truth(planned.main)
        unknown = truth is None
        if unknown and planned.rule.if_unknown != "report":
            continue
        if isinstance(planned.rule.form, Precedence) and (
            planned.require is None or asked.truth(planned.require) is not False
        ):
            continue
        if planned.settled is not None and asked.truth(planned.settled) is True:
            continue
        if in_force(asked, planned):
            yield Spoken(planned, asked, unknown)


def _scene(
    session: BrandSession,
    what: Prospect,
    kind: str,
    incident: IncidentState | None,
    now: int,
) -> Scene:
    state = session.state
    page = state.pages.get(what.page) if what.page else None
    if page is None and what.page:
        page = PageState(page=what.page)
    scene = Scene(brand=state, book=session.book, now=now, incident=incident, page=page)
    scene.thread = what.thread
    if page is not None and incident is not None:
        scene.view = page.views.get(incident.incident) or View(incident=incident.incident)
    if kind == "item":
        scene.item = what.item or ItemState(
            item=what.name,
            page=what.page or "",
            state="scheduled",
            thread=what.thread,
            publish_at=what.thread.published_at,
        )
    elif kind == "draft":
        scene.draft = DraftState(draft=what.name, thread=what.thread)
    return scene


def _tell(asked: Asked, kind: str, planned: PlannedRule, track: Track) -> None:
    """Nothing is told: nothing changed."""


def _unanswered(asked: Asked, planned: PlannedRule, of: int, strict: bool) -> int | None:  # noqa: ARG001
    return None


def sentence(spoken: Spoken) -> dict[str, str]:
    """What the rule says about the text, by language."""
    scene = spoken.asked.scene
    item = scene.item
    special = {**nouns(scene), "due_at": item.publish_at if item else None, "overdue_by": None}
    # an item of a file is known to people by its words, which stand beside the sentence
    return {
        language: fill(template, language, scene, {**special, "item": _THIS.get(language, "-")})
        for language, template in spoken.planned.rule.advice.said_of(spoken.asked.key.kind).items()
    }


def evidence(spoken: Spoken) -> tuple[Evidence, ...]:
    """The tests on which it rests."""
    asked = spoken.asked
    table = asked.table.table
    bound = table.conditions[spoken.planned.main]
    truth = None if spoken.unknown else True
    found = evidence_of(table, bound, asked.row, asked.scene, truth)
    return tuple({(one.fact, one.expected): one for one in found}.values())


def severity(spoken: Spoken) -> str:
    """The severity at once: what escalates by a condition that already holds counts."""
    planned, asked = spoken.planned, spoken.asked
    best = planned.first_severity
    for step, condition in zip(planned.rule.escalate, planned.escalate, strict=True):
        if condition is not None and step.after is None and asked.truth(condition) is True:
            best = step.severity
    return best


def sources(spoken: Spoken) -> tuple[SourceRef, ...]:
    """Who says so."""
    return tuple(
        SourceRef(title=one.title, url=one.url, where=one.where)
        for one in spoken.planned.rule.sources
    )
