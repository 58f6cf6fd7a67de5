"""What a rule may ask: every fact with its type, unit, subject, and what its absence means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

TYPES: Final = ("boolean", "enum", "text", "set", "count", "duration", "instant")

OPERATORS_OF: Final = {
    "boolean": ("is", "is_not"),
    "enum": ("is", "is_not", "in", "not_in", "present"),
    "text": ("is", "is_not", "in", "not_in", "mentions", "present"),
    "set": ("mentions", "present"),
    "count": ("is", "is_not", "at_least", "more_than", "at_most", "less_than", "present"),
    "duration": ("at_least", "more_than", "at_most", "less_than", "present"),
    "instant": ("present",),
}

FAMILIES: Final = {
    "page": ("incident", "page", "brand", "playbook"),
    "post": ("incident", "page", "post", "brand", "playbook"),
    "item": ("incident", "page", "post", "item", "brand", "playbook"),
    "draft": ("incident", "page", "post", "draft", "brand", "playbook"),
    "comment": ("incident", "page", "post", "comment", "brand", "playbook"),
    "incident": ("incident", "brand", "playbook"),
    "brand": ("incident", "brand", "playbook"),
    "playbook": ("incident", "brand", "playbook"),
    "event": (
        "incident",
        "page",
        "post",
        "reply",
        "record",
        "approval",
        "shift",
        "brand",
        "playbook",
    ),
}
"""Which families of facts a rule about a subject may ask; ``event`` is what an ``expect`` may."""


@attrs.frozen(kw_only=True)
class Fact:
    """One thing a rule may ask about its subject.

    Attributes:
        type: one of boolean, enum, text, set, count, duration, instant.
        values: the closed list of an enum, or of the members of a set; empty when it is open.
        motion: ``grows`` or ``shrinks`` for a duration that time itself changes, else None.
        countable: the count may be asked ``in_last`` a duration.
        ratio: the count is a multiple of something, so a number with decimals makes sense.
        absent: what it means when there is nothing to read, by language; None: then it is unknown.
        meaning: what it says, by language.
        only_for: subjects that have it, where not all of its family do.
    """

    path: str
    type: str
    meaning: dict[str, str]
    values: tuple[str, ...] = ()
    motion: str | None = None
    countable: bool = False
    ratio: bool = False
    absent: dict[str, str] | None = None
    only_for: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The first word of the path."""
        return self.path.partition(".")[0]

    @property
    def unit(self) -> str | None:
        """How a value is written: a duration, a whole number, or nothing to say."""
        if self.ratio:
            return "number"
        return {"duration": "duration (90m, 2h30m)", "count": "whole number"}.get(self.type)


def available(facts: Iterable[Fact], subject: str) -> dict[str, Fact]:
    """The facts that a rule about ``subject`` may ask, by path."""
    families = FAMILIES[subject]
    return {
        fact.path: fact
        for fact in facts
        if fact.family in families and (not fact.only_for or subject in fact.only_for)
    }
