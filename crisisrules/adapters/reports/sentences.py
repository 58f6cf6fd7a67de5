"""One event as a short sentence: words, a quotation of what somebody wrote, and words after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple, TypeAlias

from crisisrules.adapters.reports.phrases import kind_words, phrase
from crisisrules.adapters.reports.wording import counted, number
from crisisrules.model.days import moment
from crisisrules.model.events import (
    ApprovalDecided,
    CommentEvent,
    DraftEvent,
    Event,
    IncidentEvent,
    IncidentOpened,
    IncidentRecovered,
    IncidentUpdated,
    InformationReleased,
    ItemEvent,
    MaintenanceCancelled,
    MaintenancePlanned,
    PostCounted,
    PostEvent,
    PostPublished,
    Record,
    ReplyPublished,
    ShiftEvent,
)


class Said(NamedTuple):
    """What stands before the quotation, the text quoted as it was, and what stands after it."""

    before: str
    quote: str | None = None
    after: str = ""


class _Speaker(NamedTuple):
    """A language, the zone of the times, and the instant beside which other times are told."""

    language: str
    zone: tzinfo | None
    at: datetime

    def __call__(self, name: str) -> str:
        return phrase(name, self.language)

    def kind(self, word: str | None) -> str:
        return kind_words(word, self.language) if word else ""

    def time(self, at: datetime) -> str:
        return moment(at, self.zone, self.language, beside=self.at)

    def amount(self, value: int, one: str, many: str) -> str:
        return counted(value, self(one), self(many), self.language)


_Sentence: TypeAlias = Callable[[Any, _Speaker], Said]


def sentence_of(event: Event, language: str, zone: tzinfo | None) -> Said:
    """The sentence of an event, in a language, with its times in a zone."""
    # events read fast are no instances of the model's classes, but they have their type
    sentence = _SENTENCES.get(event.type)
    if sentence is None:
        return Said(event.type)
    return sentence(event, _Speaker(language, zone, event.at))


def _opened(event: IncidentOpened, say: _Speaker) -> Said:
    after = [say.kind(event.kind), say.kind(event.severity)]
    if event.started_at is not None and event.started_at != event.at:
        after.append(f"{say('started')} {say.time(event.started_at)}")
    if event.aware_at is not None and event.aware_at != event.at:
        after.append(f"{say('aware')} {say.time(event.aware_at)}")
    return Said(
        say("incident.opened" if event.own else "incident.elsewhere"), event.title, _list(after)
    )


def _updated(event: IncidentUpdated, say: _Speaker) -> Said:
    changed = [say.kind(event.severity), say.kind(event.phase), say.kind(event.kind)]
    if event.cause_confirmed:
        changed.append(say("cause-confirmed"))
    if event.affected is not None:
        changed.append(number(event.affected, say.language))
    return Said(say("incident.updated"), event.title, _list(changed))


def _recovered(event: IncidentRecovered, say: _Speaker) -> Said:
    if event.component is None:
        return Said(say("incident.recovered"))
    return Said(say("incident.recovered-part"), event.component)


def _ended(event: IncidentEvent, say: _Speaker) -> Said:
    return Said(say(event.type))


def _information(event: InformationReleased, say: _Speaker) -> Said:
    cleared = event.cleared_public_at
    after = f"{say('cleared')} {say.time(cleared)}" if cleared is not None else ""
    return Said(say("information.released"), event.text or event.information, after)


def _published(event: PostPublished, say: _Speaker) -> Said:
    return Said(f"{say('post.published')} {event.post}", event.text, say.kind(event.kind))


def _post(event: PostEvent, say: _Speaker) -> Said:
    return Said(f"{say(event.type)} {event.post}", event.text)


def _counted(event: PostCounted, say: _Speaker) -> Said:
    parts = []
    if event.comments is not None:
        parts.append(say.amount(event.comments, "comment", "comments"))
    if event.incident_comments is not None:
        amount = number(event.incident_comments, say.language)
        if event.comments is None:
            amount = say.amount(event.incident_comments, "comment", "comments")
        parts.append(f"{amount} {say('about-incident')}")
    if not parts and event.reactions is not None:
        parts.append(f"{number(event.reactions, say.language)} {say('shown-reactions')}")
    return Said(f"{', '.join(parts)} {say('under')} {event.post}".strip())


def _comment(event: CommentEvent, say: _Speaker) -> Said:
    by = f"{say('by')} {event.removed_by}" if event.removed_by else ""
    return Said(say(f"{event.type}"), event.text, _list([say.kind(event.class_), by]))


def _reply(event: ReplyPublished, say: _Speaker) -> Said:
    return Said(say("reply.published"), event.text, f"{say('under')} {event.post}")


def _item(event: ItemEvent, say: _Speaker) -> Said:
    after = [say.kind(event.kind)]
    if event.publish_at is not None:
        after.append(f"{say('for')} {say.time(event.publish_at)}")
    if event.by:
        after.append(f"{say('by')} {event.by}")
    return Said(f"{say(event.type)} {event.item}", event.text, _list(after))


def _draft(event: DraftEvent, say: _Speaker) -> Said:
    return Said(
        f"{say(event.type)} {event.role or ''} {event.draft}".replace("  ", " "), event.text
    )


def _decided(event: ApprovalDecided, say: _Speaker) -> Said:
    who = event.by or event.role
    after = [say(event.decision) if event.decision else "", f"{say('by')} {who}" if who else ""]
    return Said(f"{say(event.type)} {event.draft}", None, _list(after))


def _shift(event: ShiftEvent, say: _Speaker) -> Said:
    after = [event.person or ""]
    if event.from_ is not None:
        after.append(f"{say('from')} {say.time(event.from_)}")
    if event.to is not None:
        after.append(f"{say('to')} {say.time(event.to)}")
    return Said(f"{say(event.type)} {event.role}", event.note, _list(after))


def _maintenance(event: MaintenancePlanned, say: _Speaker) -> Said:
    after = [f"{say('from')} {say.time(event.from_)}", f"{say('to')} {say.time(event.to)}"]
    return Said(say(event.type), event.title or event.maintenance, " ".join(after))


def _cancelled(event: MaintenanceCancelled, say: _Speaker) -> Said:
    return Said(f"{say(event.type)} {event.maintenance}")


def _record(event: Record, say: _Speaker) -> Said:
    return Said(f"{say('record')} {event.name}")


def _list(parts: list[str]) -> str:
    return ", ".join(part for part in parts if part)


_SENTENCES: Final[dict[str, _Sentence]] = {
    "incident.opened": _opened,
    "incident.updated": _updated,
    "incident.recovered": _recovered,
    "incident.resolved": _ended,
    "incident.dismissed": _ended,
    "information.released": _information,
    "post.published": _published,
    "post.edited": _post,
    "post.pinned": _post,
    "post.removed": _post,
    "post.counted": _counted,
    "comment.received": _comment,
    "comment.removed": _comment,
    "reply.published": _reply,
    "item.scheduled": _item,
    "item.held": _item,
    "item.cleared": _item,
    "item.cancelled": _item,
    "draft.submitted": _draft,
    "approval.requested": _draft,
    "approval.decided": _decided,
    "shift.planned": _shift,
    "shift.started": _shift,
    "shift.ended": _shift,
    "shift.handed_over": _shift,
    "maintenance.planned": _maintenance,
    "maintenance.cancelled": _cancelled,
    "record": _record,
}
