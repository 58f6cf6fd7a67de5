"""How to speak: the scenario of each kind of incident and the crisis line of each platform.

A scenario says what to do and what never to do in such an incident, whom to answer and how, and holds
statements with slots to fill. A line says how the same is done on one platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from crisisrules.model.errors import Place
from crisisrules.playbook.rule import Source, Texts

ANSWERS: Final = ("at-once", "one-by-one", "together", "once", "moderate", "leave")
"""Whether to go into the comments for a class of comment, and how; :data:`ANSWER_TEXTS` says it."""

ANSWER_TEXTS: Final[Mapping[str, Texts]] = {
    "at-once": {
        "en": "a person answers at once, whatever the load",
        "fr": "une personne répond aussitôt, quelle que soit la charge",
    },
    "one-by-one": {
        "en": "answer one by one while the team can follow, else together",
        "fr": "répondre un par un tant que l'équipe suit, sinon collectivement",
    },
    "together": {
        "en": "answer all at once in a post of its own, and point to it",
        "fr": "répondre à tous dans une publication dédiée, et y renvoyer",
    },
    "once": {
        "en": "correct once, in public and at the top, without repeating the error",
        "fr": "rectifier une fois, en public et en tête, sans répéter l'erreur",
    },
    "moderate": {
        "en": "hide only under the published policy, and keep a record",
        "fr": "masquer seulement selon la charte publiée, et en garder trace",
    },
    "leave": {"en": "leave it without an answer", "fr": "laisser sans réponse"},
}

SLOTS: Final[Mapping[str, Texts]] = {
    "brand": {"en": "the name of the brand", "fr": "le nom de la marque"},
    "what": {"en": "what people notice, in their words", "fr": "ce que les gens constatent"},
    "where": {"en": "where it is so", "fr": "où c'est le cas"},
    "who": {"en": "who is affected", "fr": "qui est touché"},
    "since": {"en": "since when", "fr": "depuis quand"},
    "at": {"en": "the time of this statement", "fr": "l'heure de ce message"},
    "action": {"en": "what is being done now", "fr": "ce qui est fait en ce moment"},
    "unknown": {"en": "what is not known yet", "fr": "ce qu'on ne sait pas encore"},
    "advice": {"en": "what people should do", "fr": "ce que les gens doivent faire"},
    "help": {"en": "where to find help", "fr": "où trouver de l'aide"},
    "next_update": {"en": "the time of the next statement", "fr": "l'heure du prochain point"},
    "cause": {"en": "the confirmed cause", "fr": "la cause confirmée"},
    "restored": {"en": "what is back, and since when", "fr": "ce qui est revenu, et depuis quand"},
    "remaining": {"en": "what is not back yet", "fr": "ce qui n'est pas encore revenu"},
    "redress": {
        "en": "what is offered, or when it is told",
        "fr": "le geste, ou quand il sera dit",
    },
    "product": {"en": "the product with its lot numbers", "fr": "le produit et ses numéros de lot"},
    "authority": {"en": "the authority in charge", "fr": "l'autorité compétente"},
}
"""What a statement leaves open, each slot with what goes into it."""

HOLDING: Final = "holding"
STATEMENTS: Final = (HOLDING, "update", "resolution")


@attrs.frozen(kw_only=True)
class Reply:
    """Whether to answer a class of comment (one of :data:`ANSWERS`), and how to put it."""

    answer: str
    how: Texts | None = None


@attrs.frozen(kw_only=True)
class Scenario:
    """One kind of incident: right behaviours, mistakes to avoid, whom to answer, what to write.

    Attributes:
        kind: the kind of incident.
        replies: by class of comment.
        statements: ``holding``, ``update`` and ``resolution`` texts with slots in braces.
    """

    kind: str
    title: Texts
    behaviours: tuple[Texts, ...]
    mistakes: tuple[Texts, ...]
    replies: Mapping[str, Reply]
    statements: Mapping[str, Texts]
    sources: tuple[Source, ...]
    place: Place = attrs.field(default=Place("<scenario>"), eq=False)


@attrs.frozen(kw_only=True)
class CrisisLine:
    """One platform: the tone, what to do and what never to do there, and whom to answer otherwise.

    ``replies`` hold only the classes of comment that are answered differently there than the scenario
    says.
    """

    platform: str
    title: Texts
    tone: Texts
    behaviours: tuple[Texts, ...]
    mistakes: tuple[Texts, ...]
    sources: tuple[Source, ...]
    replies: Mapping[str, Reply] = attrs.field(factory=dict)
    place: Place = attrs.field(default=Place("<line>"), eq=False)


def reply_to(
    comment_class: str, scenario: Scenario | None, line: CrisisLine | None
) -> Reply | None:
    """How a class of comment is answered: the line of the platform wins over the scenario."""
    if line is not None and comment_class in line.replies:
        return line.replies[comment_class]
    return scenario.replies.get(comment_class) if scenario is not None else None
