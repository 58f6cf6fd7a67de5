"""The reader that comes with the library: lexicons, form and additive scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.features import features_of
from crisisrules.signals.language import guess_language, votes_of
from crisisrules.signals.lexicon import Lexicon, Sight, join, look, parse_lexicon
from crisisrules.signals.novelty import facts_of
from crisisrules.signals.reading import CommentReading, Reading, Role
from crisisrules.signals.scoring import (
    NO_WEIGHTS,
    Weights,
    parse_weights,
    probabilities,
    probability,
)
from crisisrules.signals.statement import (
    NOTHING,
    Statement,
    StatementReader,
    load_statement_reader,
)
from crisisrules.signals.statement_form import FORM_FEATURES
from crisisrules.signals.text import Prepared, Span, prepare
from crisisrules.signals.topic import Topic, matcher_of

__all__ = ["LexiconSignals", "load_signals"]

KINDS: Final = (
    "incident_status", "service_info", "resolution", "apology", "compensation",
    "promotional", "contest", "product", "lifestyle", "corporate",
)  # fmt: skip
_MENTION: Final = "mentions_incident"
_CUSTOMER: Final = ("complaint", "anger", "question", "urgent_need", "sarcasm")
_SERVICE: Final = frozenset(KINDS[:5])
_COMMERCIAL: Final = KINDS[5:]
_MOST_COMMERCIAL: Final = 0.6
"""The share of commercial kinds from which a text is no statement: it promises no repair."""
_MANY_STATED: Final = 4
_LEAST_SHARE: Final = 0.25
_LEAST_SERVICE: Final = 0.35


class LexiconSignals:
    """Reads texts with lexicons and weights; keeps no state between texts but remembered words."""

    def __init__(
        self,
        lexicons: Mapping[str, Lexicon],
        brand: Weights,
        customer: Weights,
        statements: StatementReader,
    ) -> None:
        self._statements = statements
        self._lexicons = dict(lexicons)
        self._any = join(list(lexicons.values()))
        self._votes = votes_of({name: each.function_words for name, each in lexicons.items()})
        self._brand = brand
        self._customer = customer

    def read(
        self,
        text: str,
        *,
        role: Role = "brand",
        language: str | None = None,
        topic: Topic | None = None,
        published_at: datetime | None = None,
        zone: tzinfo | None = None,
    ) -> Reading:
        """All signals of one text; see `Signals`."""
        prepared, sight = self._look(text, language)
        weights = self._brand if role == "brand" else self._customer
        names = features_of(prepared, sight)
        statement = NOTHING
        if role == "brand":
            statement = self._statements.read(prepared, published_at=published_at, zone=zone)
            names += _stated(statement)
        scores = dict(zip(weights.labels, weights.score(names, set(prepared.norms)), strict=True))
        found: set[str] = set()
        spans: list[Span] = []
        mentions = probability(scores.get(_MENTION, -SCALE_OUT)) >= 0.5
        place = None
        if topic is not None:
            matcher = matcher_of(topic)
            keywords = matcher.find(prepared.norms)
            spans += (prepared.span("keyword", *tokens) for tokens in keywords)
            where = matcher.find_place(prepared.norms)
            place = where is not None if matcher.place else None
            if where is not None:
                spans.append(prepared.span("place", *where))
        if mentions:
            found.add(_MENTION)
        kind: str | None = None
        shares: dict[str, float] = {}
        klass: str | None = None
        if role == "brand":
            kind, shares = _kind_of(scores)
            spans += _reasons(prepared, sight, weights, kind)
            if sum(shares.get(each, 0.0) for each in _COMMERCIAL) >= _MOST_COMMERCIAL:
                statement = statement.form_alone()
            found |= statement.features
            spans += statement.spans
        else:
            found.update(name for name in _CUSTOMER if probability(scores.get(name, -900)) >= 0.5)
            klass = _klass(found, sight)
        return Reading(
            text=text,
            language=prepared.language,
            role=role,
            kind=kind,
            kind_scores=shares,
            features=frozenset(found),
            spans=tuple(spans),
            mentions_incident=mentions,
            place_match=place,
            klass=klass,
            next_update_at=statement.next_update_at,
            eta_at=statement.eta_at,
        )

    def seen(self, text: str, role: Role = "brand") -> tuple[list[str], list[str]]:
        """The features and the words of a text, by which weights are fitted."""
        prepared, sight = self._look(text, None)
        names = features_of(prepared, sight)
        if role == "brand":
            names += _stated(self._statements.read(prepared))
        return names, sorted(set(prepared.norms))

    def with_weights(self, weights: Mapping[str, object]) -> LexiconSignals:
        """The same lexicons with other weights, ``{"brand": …, "customer": …}``."""
        brand, customer = (parse_weights(role, weights.get(role)) for role in ("brand", "customer"))
        return LexiconSignals(self._lexicons, brand, customer, self._statements)

    def _look(self, text: str, language: str | None) -> tuple[Prepared, Sight]:
        prepared = prepare(text)
        language = language or guess_language(prepared.norms, self._votes)
        prepared = prepared._replace(language=language)
        return prepared, look(prepared, self._lexicons.get(language or "", self._any))

    def read_comment(self, text: str, topic: Topic | None = None) -> CommentReading:
        """The signals that rules need of a comment; see `Signals`."""
        reading = self.read(text, role="customer", topic=topic)
        return CommentReading(
            klass=reading.klass or "other",
            mentions_incident=reading.mentions_incident,
            urgent="urgent_need" in reading.features,
        )

    def facts_of(self, text: str, *, language: str | None = None) -> frozenset[str]:
        """What a message states; see `Signals`."""
        prepared = prepare(text)
        language = language or guess_language(prepared.norms, self._votes)
        return facts_of(self._statements, prepared._replace(language=language))


SCALE_OUT: Final = 900


def _stated(statement: Statement) -> list[str]:
    """What a statement says, as features by which its kind is judged; a promotion says little."""
    said = [f"s:{feature}" for feature in statement.features if feature not in FORM_FEATURES]
    return [*said, f"s:{min(len(said), _MANY_STATED)}"]


def _kind_of(scores: Mapping[str, int]) -> tuple[str, dict[str, float]]:
    present = [kind for kind in KINDS if kind in scores]
    if not present:
        return "unknown", {}
    shares = dict(zip(present, probabilities([scores[kind] for kind in present]), strict=True))
    best = max(present, key=lambda kind: shares[kind])
    if shares[best] < (_LEAST_SERVICE if best in _SERVICE else _LEAST_SHARE):
        return "unknown", shares
    return best, shares


def _reasons(prepared: Prepared, sight: Sight, weights: Weights, kind: str) -> list[Span]:
    if kind not in weights.labels:
        return []
    column = weights.labels.index(kind)
    return [
        prepared.span(f"kind:{kind}", hit.first, hit.last)
        for hit in sight.hits
        if weights.row(hit.name)[column] > 0
    ]


def _klass(found: set[str], sight: Sight) -> str:
    if "urgent_need" in found:
        return "safety"
    if "spam" in sight.classes:
        return "spam"
    if "anger" in found and "insult" in sight.classes:
        return "abuse"
    if "factual_error" in sight.classes:
        return "factual_error"
    if "question" in found:
        return "question"
    return "complaint" if "complaint" in found else "other"


def load_signals(lexicons: Mapping[str, str]) -> LexiconSignals:
    """The reader for lexicon texts by ``<language>/<name>``; names it does not know are ignored.

    Raises:
        PlaybookError: a text is not a lexicon.
    """
    parsed: dict[str, Lexicon] = {}
    brand = customer = NO_WEIGHTS
    for name, text in sorted(lexicons.items()):
        if name.endswith("/forms"):
            lexicon = parse_lexicon(name, text)
            parsed[lexicon.language] = lexicon
        elif name == "any/weights":
            try:
                data = json.loads(text)
            except ValueError:
                message = "the weights are not JSON"
                raise PlaybookError(Problem(Place(name), "bad-weights", message)) from None
            brand = parse_weights(name, data.get("brand"))
            customer = parse_weights(name, data.get("customer"))
    return LexiconSignals(parsed, brand, customer, load_statement_reader(lexicons))
