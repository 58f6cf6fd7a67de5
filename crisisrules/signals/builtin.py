"""The reader that comes with the library: lexicons, form and additive scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Final

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.features import features_of
from crisisrules.signals.language import guess_language, telling_words
from crisisrules.signals.lexicon import Lexicon, Sight, join, look, parse_lexicon
from crisisrules.signals.novelty import facts_of
from crisisrules.signals.reading import CommentReading, Reading, Role
from crisisrules.signals.scoring import (
    NO_WEIGHTS,
    Weights,
    parse_weights,
    probabilities,
    score_of,
)
from crisisrules.signals.statement import (
    NOTHING,
    Statement,
    StatementReader,
    load_statement_reader,
)
from crisisrules.signals.statement_form import FORM_FEATURES
from crisisrules.signals.text import Prepared, Span, prepare
from crisisrules.signals.topic import Topic, TopicSight, matcher_of

__all__ = ["LexiconSignals", "load_lexicon_signals"]

KINDS: Final = (
    "incident_status", "service_info", "resolution", "apology", "compensation",
    "promotional", "contest", "product", "lifestyle", "corporate",
)  # fmt: skip
_MENTION: Final = "mentions_incident"
_SERVICE: Final = frozenset(KINDS[:5])
_COMMERCIAL: Final = KINDS[5:]
_MOST_COMMERCIAL: Final = 0.6
"""The share of commercial kinds from which a text is no statement: it promises no repair."""
_MANY_STATED: Final = 4
_LEAST_SHARE: Final = 0.2
_LEAST_SERVICE: Final = 0.6
"""The share of all service kinds from which a text is one of them: a wrong "service" lets a joke out."""
_BRAND_MENTIONS: Final = score_of(0.45)
_CUSTOMER_FROM: Final = {
    _MENTION: score_of(0.4),
    "complaint": score_of(0.45),
    "anger": score_of(0.3),
    "question": score_of(0.35),
    "urgent_need": score_of(0.07),
    "sarcasm": score_of(0.3),
}
"""Where each signal of a customer begins; a call for help is rather seen once too often."""
_OWN_WORD, _USUAL_WORD = 250, 150
"""What it adds to a mention, in hundredths, that a keyword stands there which the lexicons do not know
(a product, a street), and that a word does which is usual of such incidents but of no outage."""


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
        self._any: Lexicon | None = None
        self._telling = telling_words(
            {name: each.function_words for name, each in lexicons.items()}
        )
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
        prepared, sight, present = self._look(text, language)
        names = features_of(prepared, sight, present)
        brand = role == "brand"
        weights = self._brand if brand else self._customer
        statement = NOTHING
        if brand:
            statement = self._statements.read(prepared, published_at=published_at, zone=zone)
            names += _stated(statement)
        scores = dict(zip(weights.labels, weights.score(names, present), strict=True))
        spans: list[Span] = []
        place = None
        if topic is not None:
            matcher = matcher_of(topic)
            seen = matcher.look(prepared, present, sight.classes)
            spans += (prepared.span("keyword", *tokens) for tokens in seen.keywords)
            if matcher.place:
                place = seen.place is not None
            if seen.place is not None:
                spans.append(prepared.span("place", *seen.place))
            if _MENTION in scores:
                scores[_MENTION] += _mention_of(seen, sight)
        kind: str | None = None
        shares: dict[str, float] = {}
        klass: str | None = None
        if brand:
            kind, shares = _kind_of(scores)
            spans += _reasons(prepared, sight, weights, kind, f"kind:{kind}")
            if sum(shares.get(each, 0.0) for each in _COMMERCIAL) >= _MOST_COMMERCIAL:
                statement = statement.form_alone()
            found = set(statement.features)
            spans += statement.spans
            if scores.get(_MENTION, -1 << 20) >= _BRAND_MENTIONS:
                found.add(_MENTION)
        else:
            found = {
                name
                for name, least in _CUSTOMER_FROM.items()
                if name in scores and scores[name] >= least
            }
            klass = _klass(found, sight.classes)
            for name in sorted(found - {_MENTION}):
                spans += _reasons(prepared, sight, weights, name, name)
        if _MENTION in found:
            spans += _reasons(prepared, sight, weights, _MENTION, _MENTION)
        return Reading(
            text=text,
            language=prepared.language,
            role=role,
            kind=kind,
            kind_scores=shares,
            features=frozenset(found),
            spans=tuple(spans),
            mentions_incident=_MENTION in found,
            place_match=place,
            klass=klass,
            next_update_at=statement.next_update_at,
            eta_at=statement.eta_at,
        )

    def seen(self, text: str, role: Role = "brand") -> tuple[list[str], list[str]]:
        """The features and the words of a text, by which weights are fitted, in a fixed order."""
        prepared, sight, present = self._look(text, None)
        names = features_of(prepared, sight, present)
        if role == "brand":
            names += _stated(self._statements.read(prepared))
        return sorted(names), sorted(present)

    def with_weights(self, weights: Mapping[str, object]) -> LexiconSignals:
        """The same lexicons with other weights, ``{"brand": …, "customer": …}``."""
        brand, customer = (parse_weights(role, weights.get(role)) for role in ("brand", "customer"))
        return LexiconSignals(self._lexicons, brand, customer, self._statements)

    def _look(self, text: str, language: str | None) -> tuple[Prepared, Sight, AbstractSet[str]]:
        prepared = prepare(text)
        present = set(prepared.norms)
        language = language or guess_language(present, self._telling)
        prepared = prepared._replace(language=language)
        lexicon = self._lexicons.get(language or "")
        if lexicon is None:
            if self._any is None:
                self._any = join(list(self._lexicons.values()))
            lexicon = self._any
        return prepared, look(prepared, lexicon), present

    def read_comment(self, text: str, topic: Topic | None = None) -> CommentReading:
        """The signals that rules need of a comment; see `Signals`."""
        prepared, sight, present = self._look(text, None)
        weights = self._customer
        names = features_of(prepared, sight, present)
        scores = dict(zip(weights.labels, weights.score(names, present), strict=True))
        if topic is not None and _MENTION in scores:
            seen = matcher_of(topic).look(prepared, present, sight.classes)
            scores[_MENTION] += _mention_of(seen, sight)
        found = {
            name for name, score in scores.items() if score >= _CUSTOMER_FROM.get(name, 1 << 20)
        }
        return CommentReading(
            klass=_klass(found, sight.classes),
            mentions_incident=_MENTION in found,
            urgent="urgent_need" in found,
        )

    def facts_of(self, text: str, *, language: str | None = None) -> frozenset[str]:
        """What a message states; see `Signals`."""
        prepared = prepare(text)
        language = language or guess_language(set(prepared.norms), self._telling)
        return facts_of(self._statements, prepared._replace(language=language))


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
    serving = sum(share for each, share in shares.items() if each in _SERVICE)
    if shares[best] < _LEAST_SHARE or (best in _SERVICE and serving < _LEAST_SERVICE):
        return "unknown", shares
    return best, shares


def _mention_of(seen: TopicSight, sight: Sight) -> int:
    """What the words of a topic add to the score of a mention."""
    more = _USUAL_WORD if seen.of_kind else 0
    if seen.keywords:
        known = {at for _, first, last in sight.hits for at in range(first, last + 1)}
        if any(first not in known for first, _ in seen.keywords):
            more += _OWN_WORD
    return more


def _reasons(
    prepared: Prepared, sight: Sight, weights: Weights, label: str, name: str
) -> list[Span]:
    reasons = weights.reasons(label)
    return [
        prepared.span(name, first, last)
        for classes, first, last in sight.hits
        if not reasons.isdisjoint(classes)
    ]


def _klass(found: AbstractSet[str], classes: AbstractSet[str]) -> str:
    if "urgent_need" in found:
        return "safety"
    if "spam" in classes:
        return "spam"
    if "anger" in found and "insult" in classes:
        return "abuse"
    if "wrong_fact" in classes:
        return "factual_error"
    if "question" in found:
        return "question"
    return "complaint" if "complaint" in found else "other"


def load_lexicon_signals(lexicons: Mapping[str, str]) -> LexiconSignals:
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
