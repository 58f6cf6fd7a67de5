"""The reader that comes with the library: lexicons, form and additive scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Final

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.features import features_of
from crisisrules.signals.hearing import Hearing
from crisisrules.signals.lexicon import Classes, Lexicon, Sight, look, parse_lexicon
from crisisrules.signals.novelty import facts_of
from crisisrules.signals.reading import CommentReading, Reading, Role
from crisisrules.signals.scoring import NO_WEIGHTS, Weights, parse_weights, probabilities, score_of
from crisisrules.signals.spans import Seen, Spans
from crisisrules.signals.statement import (
    NOTHING,
    Statement,
    StatementReader,
    load_statement_reader,
)
from crisisrules.signals.statement_form import FORM_FEATURES
from crisisrules.signals.text import prepare
from crisisrules.signals.topic import Topic, TopicMatcher, TopicSight, matcher_of

__all__ = ["LexiconSignals", "load_lexicon_signals"]

KINDS: Final = (
    "incident_status", "service_info", "resolution", "apology", "compensation",
    "promotional", "contest", "product", "lifestyle", "corporate",
)  # fmt: skip
_MENTION: Final = "mentions_incident"
_SERVICE: Final = frozenset(KINDS[:5])
_MOST_COMMERCIAL: Final = 0.6
"""The share of commercial kinds from which a text is no statement: it promises no repair."""
_MANY_STATED: Final = 4
_LEAST_SHARE: Final = 0.2
_LEAST_SERVICE: Final = 0.65
"""The share of all service kinds from which a text is one of them: a wrong "service" lets a joke out."""
_NO_SIGN: Final = frozenset(
    {
        "scope",
        "jargon",
        "long_sentence",
        "legal_notice",
        "help_channel",
        "workaround",
        "collective_answers",
    }
)
"""What ordinary posts say as well: a text that says no more than this tells of no incident."""
_BRAND_FROM: Final = {_MENTION: score_of(0.5)}
_CUSTOMER_FROM: Final = {
    _MENTION: score_of(0.5),
    "complaint": score_of(0.45),
    "anger": score_of(0.3),
    "question": score_of(0.35),
    "urgent_need": score_of(0.2),
    "sarcasm": score_of(0.3),
}
"""Where each signal of a customer begins; a call for help is rather seen once too often."""
_OWN_WORD, _USUAL_WORD = 300, 200
"""What it adds to a mention, in hundredths, that a keyword stands there which the lexicons do not know
(a product, a street), and that a word does which is usual of such incidents but of no outage."""
_PRESSING: Final = ("danger", "vulnerable", "child", "age", "hazard")
_MORE_PRESSING: Final = score_of(0.2) - score_of(0.05)
"""Where words of danger or of somebody vulnerable stand, a call for help begins at a score so much lower."""
_KLASSES: Final = ("spam", "insult", "wrong_fact")
"""Classes of words by which the class of a comment is told beside its signals."""
_MOST_KEPT: Final = 10_000
_MOST_REPEATED: Final = 4_096
_LONGEST_REPEATED: Final = 280


class _Answers(dict[tuple[int, int], CommentReading]):
    """The few answers there are about comments, by the bits that make them."""

    def __init__(self, hearing: Hearing, classes: Classes) -> None:
        super().__init__()
        self._hearing = hearing
        self._classes = classes

    def __missing__(self, key: tuple[int, int]) -> CommentReading:
        found = self._hearing.found[key[0]]
        answer = self[key] = CommentReading(
            klass=_klass(found, self._classes.names(key[1])),
            mentions_incident=_MENTION in found,
            urgent="urgent_need" in found,
        )
        return answer


class LexiconSignals:
    """Reads texts with lexicons and weights; keeps no state between texts but what it remembers."""

    def __init__(
        self,
        lexicons: Mapping[str, Lexicon],
        classes: Classes,
        brand: Weights,
        customer: Weights,
        statements: StatementReader,
    ) -> None:
        self._statements = statements
        self._lexicons = dict(lexicons)
        self._classes = classes
        self._brand = Hearing(brand, _BRAND_FROM, lexicons, classes)
        self._customer = Hearing(customer, _CUSTOMER_FROM, lexicons, classes)
        self._answers = _Answers(self._customer, classes)
        self._klasses = classes.of(_KLASSES)
        self._pressing = classes.of(name for name in _PRESSING if name in classes)
        self._topic: Topic | None = None
        self._matcher: TopicMatcher | None = None
        self._repeated: dict[str, CommentReading] = {}

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
        brand = role == "brand"
        hearing = self._brand if brand else self._customer
        prepared = prepare(text)
        present = set(prepared.norms)
        total, lexicon = hearing.words(present, language)
        prepared.language = language or lexicon.language or None
        sight = look(prepared, lexicon)
        total += hearing.tally.sum(prepared, sight, present)
        statement = NOTHING
        if brand:
            statement = self._statements.read(prepared, published_at=published_at, zone=zone)
            total += hearing.tally.named(_stated(statement))
        spans: list[Seen] = []
        place = None
        if topic is not None:
            matcher = matcher_of(topic)
            seen = matcher.look(prepared, present)
            spans += (("keyword", *tokens) for tokens in seen.keywords)
            if matcher.place:
                place = seen.place is not None
            if seen.place is not None:
                spans.append(("place", *seen.place))
            total += hearing.more(_MENTION, self._mention_of(matcher, seen, sight))
        if not brand and sight.classes & self._pressing:
            total += hearing.more("urgent_need", _MORE_PRESSING)
        found = set(hearing.found_in(total))
        kind: str | None = None
        shares: dict[str, float] = {}
        klass: str | None = None
        if brand:
            kind, shares, selling = _kind_of(hearing.scores(total))
            if selling >= _MOST_COMMERCIAL:
                statement = statement.form_alone()
            found |= statement.features
            if kind == "incident_status" and found <= _NO_SIGN:
                kind = "unknown"
            spans += hearing.reasons(sight, kind, f"kind:{kind}")
            spans += statement.spans.seen
        else:
            klass = _klass(found, self._classes.names(sight.classes & self._klasses))
            for name in sorted(found - {_MENTION}):
                spans += hearing.reasons(sight, name, name)
        if _MENTION in found:
            spans += hearing.reasons(sight, _MENTION, _MENTION)
        return Reading(
            text=text,
            language=prepared.language,
            role=role,
            kind=kind,
            kind_scores=shares,
            features=frozenset(found),
            spans=Spans(prepared, spans),
            mentions_incident=_MENTION in found,
            place_match=place,
            klass=klass,
            next_update_at=statement.next_update_at,
            eta_at=statement.eta_at,
        )

    def read_comment(self, text: str, topic: Topic | None = None) -> CommentReading:
        """The signals that rules need of a comment; see `Signals`."""
        if topic is not self._topic and topic != self._topic:
            self._topic, self._repeated = topic, {}
            self._matcher = None if topic is None else matcher_of(topic)
        known = self._repeated.get(text)
        if known is not None:
            return known
        hearing = self._customer
        prepared = prepare(text)
        present = set(prepared.norms)
        total, lexicon = hearing.words(present, None)
        sight = look(prepared, lexicon)
        total += hearing.tally.sum(prepared, sight, present)
        matcher = self._matcher
        if matcher is not None:
            more = self._mention_of(matcher, matcher.look(prepared, present), sight)
            if more:
                total += hearing.more(_MENTION, more)
        if sight.classes & self._pressing:
            total += hearing.more("urgent_need", _MORE_PRESSING)
        answer = self._answers[total & hearing.bits, sight.classes & self._klasses]
        if len(text) <= _LONGEST_REPEATED:
            if len(self._repeated) >= _MOST_REPEATED:
                self._repeated.clear()
            self._repeated[text] = answer
        return answer

    def seen(self, text: str, role: Role = "brand") -> tuple[list[str], list[str]]:
        """The features and the words of a text, by which weights are fitted, in a fixed order."""
        prepared = prepare(text)
        present = set(prepared.norms)
        _, lexicon = self._brand.words(present, None)
        prepared.language = lexicon.language or None
        sight = look(prepared, lexicon)
        names = features_of(prepared, sight, self._classes, present)
        if role == "brand":
            names += _stated(self._statements.read(prepared))
        return sorted(names), sorted(present)

    def with_weights(self, weights: Mapping[str, object]) -> LexiconSignals:
        """The same lexicons with other weights, ``{"brand": …, "customer": …}``."""
        brand, customer = (parse_weights(role, weights.get(role)) for role in ("brand", "customer"))
        return LexiconSignals(self._lexicons, self._classes, brand, customer, self._statements)

    def facts_of(self, text: str, *, language: str | None = None) -> frozenset[str]:
        """What a message states; see `Signals`."""
        prepared = prepare(text)
        if language is None:
            _, lexicon = self._brand.words(set(prepared.norms), None)
            language = lexicon.language or None
        prepared.language = language
        return facts_of(self._statements, prepared)

    def _mention_of(self, matcher: TopicMatcher, seen: TopicSight, sight: Sight) -> int:
        """What the words of a topic add to the score of a mention."""
        more = 0
        if matcher.usual and self._classes.of(matcher.usual) & sight.classes:
            more = _USUAL_WORD
        if seen.keywords:
            known = {at for _, first, last in sight.hits for at in range(first, last + 1)}
            if any(first not in known for first, _ in seen.keywords):
                more += _OWN_WORD
        return more


def _stated(statement: Statement) -> list[str]:
    """What a statement says, as features by which its kind is judged; a promotion says little."""
    said = [f"s:{feature}" for feature in statement.features if feature not in FORM_FEATURES]
    return [*said, f"s:{min(len(said), _MANY_STATED)}"]


def _kind_of(scores: Mapping[str, int]) -> tuple[str, dict[str, float], float]:
    """The kind, the share of each, and that of the commercial ones together."""
    present = [kind for kind in KINDS if kind in scores]
    if not present:
        return "unknown", {}, 0.0
    each = probabilities([scores[kind] for kind in present])
    shares = dict(zip(present, each, strict=True))
    highest = max(each)
    best = present[each.index(highest)]
    serving = sum([share for kind, share in shares.items() if kind in _SERVICE])
    selling = sum([share for kind, share in shares.items() if kind not in _SERVICE])
    if highest < _LEAST_SHARE or (best in _SERVICE and serving < _LEAST_SERVICE):
        return "unknown", shares, selling
    return best, shares, selling


def _klass(found: AbstractSet[str], classes: list[str]) -> str:
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
    classes = Classes()
    parsed: dict[str, Lexicon] = {}
    brand = customer = NO_WEIGHTS
    for name, text in sorted(lexicons.items()):
        if name.endswith("/forms"):
            lexicon = parse_lexicon(name, text, classes)
            parsed[lexicon.language] = lexicon
        elif name == "any/weights":
            try:
                data = json.loads(text)
            except ValueError:
                message = "the weights are not JSON"
                raise PlaybookError(Problem(Place(name), "bad-weights", message)) from None
            brand = parse_weights(name, data.get("brand"))
            customer = parse_weights(name, data.get("customer"))
    return LexiconSignals(parsed, classes, brand, customer, load_statement_reader(lexicons))
