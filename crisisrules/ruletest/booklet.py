"""What stands in the playbook to print for the crisis cell: what to do by when, from the rules' clocks,
who is who, and how to speak in each kind of incident and on each platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from crisisrules.model.durations import DAY, HOUR, MINUTE
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Governance, Playbook
from crisisrules.playbook.rule import (
    Clock,
    Recurrence,
    Response,
    Rule,
    Rung,
    State,
    Texts,
    clocks_of,
)
from crisisrules.playbook.sentences import WORDS, spoken
from crisisrules.playbook.timing import time_allowed
from crisisrules.ruletest.guides import Section, guides_of
from crisisrules.ruletest.indexes import family_title
from crisisrules.ruletest.slots import in_words

_FIRST: Final = ("incident.aware_at", "incident.opened_at", "incident.started_at")
_AFTER: Final = (
    "incident.recovered",
    "incident.fully_recovered",
    "incident.res",
    "incident.redress",
)
_BUCKETS: Final = (
    (15 * MINUTE, "In the first 15 minutes | Dans le premier quart d'heure"),
    (30 * MINUTE, "In the first half hour | Dans la première demi-heure"),
    (HOUR, "In the first hour | Dans la première heure"),
    (4 * HOUR, "In the first four hours | Dans les quatre premières heures"),
    (DAY, "In the first day | Le premier jour"),
)

TEXTS: Final = {
    "en": {
        "title": "Crisis playbook: {name}",
        "lead": (
            "What to do, by when, from the rules of the playbook. Times count from the moment that the "
            "brand knew, unless said otherwise. The rules hold for major incidents where they say so; "
            "each names its page."
        ),
        "now": "At once, as long as the incident is open",
        "later": "Later on",
        "every": "All the time, at most this far apart",
        "watch": "As soon as you see it",
        "moment": "From another moment on",
        "after": "When it is over",
        "texts": "Before a text goes out",
        "regimes": "Legal clocks, where they apply to you",
        "calm": "Before there is any incident",
        "people": "Who",
        "by": "by {span}",
        "worse": " ({severity} after {span})",
        "once_out": "; of a post that is out already: ",
        "apart": "at most {span} apart",
        "within": "within {span} of: {moment}",
        "owner": "owns the messages to the public",
        "freeze_owner": "may hold what is scheduled",
        "freeze_deputy": "deputy for holding what is scheduled",
        "chain": "approves ({chain})",
        "deputy": "deputy",
        "colon": ": ",
    },
    "fr": {
        "title": "Playbook de crise : {name}",
        "lead": (
            "Que faire et avant quand, selon les règles du playbook. Sauf mention contraire, le temps "
            "compte à partir du moment où la marque sait. Les règles valent pour les incidents majeurs "
            "quand elles le disent ; chacune nomme sa page."
        ),
        "now": "Aussitôt, tant que l'incident est ouvert",
        "later": "Ensuite",
        "every": "Tout du long, au plus à cet intervalle",
        "watch": "Dès que cela se voit",
        "moment": "À partir d'un autre moment",
        "after": "Quand c'est fini",
        "texts": "Avant qu'un texte ne parte",
        "regimes": "Délais légaux, s'ils s'appliquent à vous",
        "calm": "Avant tout incident",
        "people": "Qui",
        "by": "avant {span}",
        "worse": " ({severity} au-delà de {span})",
        "once_out": " ; d'une publication déjà parue : ",
        "apart": "au plus {span} entre deux",
        "within": "dans {span} après ceci : {moment}",
        "owner": "porte les messages au public",
        "freeze_owner": "peut retenir ce qui est programmé",
        "freeze_deputy": "suppléance pour retenir ce qui est programmé",
        "chain": "valide ({chain})",
        "deputy": "suppléance",
        "colon": " : ",
    },
}


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the printed playbook: by when, what to do, in which situation, by which rule."""

    when: str
    severity: str
    advice: str
    situation: str
    rule: str
    family: str


@attrs.frozen
class Part:
    """One heading of the printed playbook: things to do under it, or people, or sections of texts."""

    title: str
    entries: tuple[Entry, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()


def printed_parts(
    playbook: Playbook, language: str, context: Context | None = None
) -> tuple[Part, ...]:
    """The content of the printed playbook, in the order of a crisis.

    Args:
        playbook: rules that are preview or deprecated are left out, as are those that are switched off.
        language: ``en`` or ``fr``.
        context: for which kind, severity or page the values of parameters hold; none: the base. A kind
            or platform named there leaves the scenarios and lines of others out.
    """
    say = _Saying(playbook, language, context or Context())
    off = {disabled.rule for disabled in playbook.disabled}
    placed: dict[str, list[tuple[tuple[int, int], Entry]]] = {}
    for rule in playbook.rules:
        if rule.status == "stable" and rule.id not in off:
            title, rank, entry = say.placed(rule)
            placed.setdefault(title, []).append((rank, entry))
    parts = [
        Part(title, tuple(entry for _, entry in sorted(placed[title], key=lambda each: each[0])))
        for title in say.titles()
        if title in placed
    ]
    people = tuple(say.people(playbook.governance))
    if people:
        parts.insert(0, Part(say.words["people"], people=people))
    parts += [
        Part(guide.heading, sections=guide.sections)
        for guide in guides_of(playbook, language, context or Context())
    ]
    return tuple(parts)


@attrs.frozen
class _Saying:
    """Where each rule stands and how it is said."""

    playbook: Playbook
    language: str
    context: Context

    @property
    def words(self) -> dict[str, str]:
        return TEXTS[self.language]

    def titles(self) -> Iterator[str]:
        """Every heading, in the order of a crisis."""
        yield self.words["now"]
        yield from (self.bucket(limit) for limit, _ in _BUCKETS)
        yield from (self.words[key] for key in ("later", "every"))
        families = dict.fromkeys(rule.family for rule in self.playbook.rules)
        yield from (self.watch(family) for family in families)
        for key in ("moment", "texts", "after", "regimes", "calm"):
            yield self.words[key]

    def watch(self, family: str) -> str:
        """The heading for what a person may see at any moment, by what it is about."""
        return f"{self.words['watch']}{self.words['colon']}{family_title(family, self.language)}"

    def bucket(self, deadline: int) -> str:
        """The heading for what is due so long after the brand knew."""
        for limit, title in _BUCKETS:
            if deadline <= limit:
                english, _, french = title.partition(" | ")
                return french if self.language == "fr" else english
        return self.words["later"]

    def placed(self, rule: Rule) -> tuple[str, tuple[int, int], Entry]:
        """The heading that a rule stands under, its rank there, and its line."""
        key, clock = _section(rule)
        when, deadline = "", 0
        if clock is not None:
            deadline = self.playbook.span(clock.ladder[0].after, self.context)
            when = self.when(clock, rule, self.spoken(clock, clock.ladder[0]))
            for rung in clock.ladder[1:]:
                severity = WORDS[self.language][rung.severity]
                when += self.words["worse"].format(severity=severity, span=self.spoken(clock, rung))
        title = self.words[key] if key in self.words else self.bucket(deadline)
        if key == "watch":
            title = self.watch(rule.family)
        advice = self.in_words(rule.advice.say)
        if rule.advice.once_out is not None:
            advice += self.words["once_out"] + self.in_words(rule.advice.once_out)
        entry = Entry(
            when=when,
            severity=rule.severity,
            advice=f"{advice[:1].upper()}{advice[1:]}",
            situation=rule.title[self.language],
            rule=rule.id,
            family=rule.family,
        )
        return title, (deadline, -RULE_SEVERITIES.index(rule.severity)), entry

    def in_words(self, texts: Texts) -> str:
        return in_words(texts[self.language], self.playbook, self.language, self.context)

    def when(self, clock: Clock, rule: Rule, span: str) -> str:
        """By when, from which moment."""
        if isinstance(rule.form, Recurrence):
            return self.words["apart"].format(span=span)
        if clock.of is None or clock.of in _FIRST:
            return self.words["by"].format(span=span)
        moment = FACTS[clock.of].meaning[self.language]
        return self.words["within"].format(span=span, moment=moment)

    def spoken(self, clock: Clock, rung: Rung) -> str:
        if clock.days is not None:
            return time_allowed(clock, rung, self.playbook, self.language, self.context)
        return spoken(self.playbook.span(rung.after, self.context), self.language)

    def people(self, governance: Governance) -> Iterator[tuple[str, str]]:
        """The roles that a governance names, and what each does."""
        for key in ("owner", "freeze_owner", "freeze_deputy"):
            role = getattr(governance, key)
            if role is not None:
                yield role, self.words[key]
        for chain, steps in governance.approval_chains.items():
            for step in steps:
                what = self.words["chain"].format(chain=chain)
                if step.within is not None:
                    what += f", {self.words['by'].format(span=spoken(step.within, self.language))}"
                if step.deputy is not None:
                    what += f", {self.words['deputy']}{self.words['colon']}{step.deputy}"
                yield step.role, what


def _section(rule: Rule) -> tuple[str, Clock | None]:
    """The key of a rule's heading, and the clock that says by when."""
    clocks = clocks_of(rule)
    first = next((clock for clock in clocks if clock.of in _FIRST), None)
    clock = first or (clocks[0] if clocks else None)
    if rule.regimes:
        return "regimes", clock
    if rule.about[0] == "draft":
        return "texts", clock
    if rule.scope.always and set(rule.about) <= {"playbook", "brand"}:
        return "calm", clock
    if not rule.scope.during and rule.scope.after_until is not None:
        return "after", clock
    match rule.form:
        case Recurrence():
            return "every", clock
        case Response() if first is not None:
            return "first", first
        case Response():
            of = clock.of if clock else None
            return ("after" if of and of.startswith(_AFTER) else "moment"), clock
        case State():
            return "watch", None
        case _:
            return "now", None
