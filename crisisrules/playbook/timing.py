"""When a rule speaks, as sentences in English and French: its scope, clocks, reminders and steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from crisisrules.model.durations import DAY
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.parameters import Context
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Absence,
    Clock,
    Precedence,
    Recurrence,
    Reminder,
    Response,
    Rule,
    Rung,
    Span,
    State,
)
from crisisrules.playbook.sentences import WORDS, span_text, spoken

_TIMING: Final = {
    "en": {
        "during": "In force while an incident is open",
        "after": "in force for {span} after the end of an incident",
        "always": "In force at any time, with or without an incident",
        "own": "only for the brand's own incidents",
        "any": "also for incidents that are not the brand's own",
        "regimes": "only where the brand declares that this applies to it: {names}",
        "response": "The clock starts with this moment{colon}{moment} (`{fact}`). {rungs}.",
        "response_open": "The clock starts when the recommendation opens. {rungs}.",
        "earliest": "Of several clocks, the earliest deadline holds.",
        "rung": "after {span} it is late ({severity})",
        "settles": "What is expected settles it; at the very last instant it is still in time.",
        "every": "Again and again, counted from this moment{colon}{moment} (`{fact}`). {rungs}.",
        "every_open": "Again and again, counted from the first such message. {rungs}.",
        "gap": "with more than {span} between two it is late ({severity})",
        "absence": "At once, at the instant something matches.",
        "state": "At once, at the instant the condition becomes true.",
        "for": "Once the condition has held for {span}.",
        "keep_for": "It closes once the condition has failed for {span}.",
        "closes": "It closes when the condition fails.",
        "precedence": "At once, at the instant the one comes without the other before it.",
        "remind_share": "at {share} of the time",
        "remind_before": "{span} before the deadline",
        "remind": "It reminds {list}.",
        "escalate_after": "It becomes {severity} after {span}.",
        "escalate_when": "It becomes {severity} on a further condition (above).",
        "hold": "A fact that is not known neither opens nor closes it.",
        "ignore": "A fact that is not known counts as not so.",
        "report": "Where a fact is not known, a person is asked to look.",
        "and": " and ",
        "days": "{number} business day{s} (calendar `{calendar}`{zone}{closes})",
        "zone": ", time of {zone}",
        "until": ", until {time}",
    },
    "fr": {
        "during": "En vigueur tant qu'un incident est ouvert",
        "after": "en vigueur pendant {span} après la fin d'un incident",
        "always": "En vigueur en tout temps, avec ou sans incident",
        "own": "seulement pour les incidents propres à la marque",
        "any": "aussi pour les incidents qui ne sont pas ceux de la marque",
        "regimes": "seulement là où la marque déclare y être soumise{colon}{names}",
        "response": "Le délai court à partir de ce moment{colon}{moment} (`{fact}`). {rungs}.",
        "response_open": "Le délai court dès l'ouverture de la recommandation. {rungs}.",
        "earliest": "De plusieurs délais, le premier échu compte.",
        "rung": "au-delà de {span}, il y a retard ({severity})",
        "settles": "Ce qui est attendu y met fin ; au tout dernier instant, c'est encore à temps.",
        "every": "À répéter, à partir de ce moment{colon}{moment} (`{fact}`). {rungs}.",
        "every_open": "À répéter, à partir du premier message de ce genre. {rungs}.",
        "gap": "au-delà de {span} entre deux messages, il y a retard ({severity})",
        "absence": "Aussitôt, à l'instant où quelque chose correspond.",
        "state": "Aussitôt, à l'instant où la condition devient vraie.",
        "for": "Une fois que la condition a tenu {span}.",
        "keep_for": "Se ferme une fois que la condition n'est plus remplie depuis {span}.",
        "closes": "Se ferme quand la condition n'est plus remplie.",
        "precedence": "Aussitôt, à l'instant où l'un arrive sans que l'autre l'ait précédé.",
        "remind_share": "à {share} du délai",
        "remind_before": "{span} avant l'échéance",
        "remind": "Rappel {list}.",
        "escalate_after": "La gravité passe à {severity} après {span}.",
        "escalate_when": "La gravité passe à {severity} sur une condition de plus (ci-dessus).",
        "hold": "Un fait inconnu n'ouvre rien et ne ferme rien.",
        "ignore": "Un fait inconnu compte comme non rempli.",
        "report": "Quand un fait est inconnu, quelqu'un doit regarder.",
        "and": " et ",
        "days": "{number} jour{s} ouvré{s} (calendrier `{calendar}`{zone}{closes})",
        "zone": ", heure de {zone}",
        "until": ", jusqu'à {time}",
    },
}


def time_allowed(
    clock: Clock, rung: Rung, playbook: Playbook, language: str, context: Context | None = None
) -> str:
    """How long a rung of a clock waits: hours and days that pass, or business days and whose."""
    days = clock.days
    if days is None:
        return span_text(rung.after, playbook, language, context)
    words = _TIMING[language]
    number = max(1, -(-playbook.span(rung.after, context or Context()) // DAY))
    place = "" if days.timezone is None else words["zone"].format(zone=days.timezone)
    closes = "" if days.closes is None else "{:02}:{:02}".format(*divmod(days.closes, 60))
    return words["days"].format(
        number=number,
        s="" if number == 1 else "s",
        calendar=days.calendar,
        zone=place.replace("_", " "),
        closes=words["until"].format(time=closes) if closes else "",
    )


def timing_lines(
    rule: Rule, playbook: Playbook, language: str, context: Context | None = None
) -> tuple[str, ...]:
    """When a rule is in force, when it speaks, and when it falls silent, a sentence each."""
    say = _Timing(playbook, language, context or Context())
    return (*say.scope(rule), *say.form(rule), *say.further(rule))


@attrs.frozen
class _Timing:
    """The words of one language, and where the values of parameters come from."""

    playbook: Playbook
    language: str
    context: Context

    def scope(self, rule: Rule) -> Iterator[str]:
        words = _TIMING[self.language]
        scope, parts = rule.scope, []
        if scope.always:
            parts.append(words["always"])
        else:
            if scope.during:
                parts.append(words["during"])
            if scope.after_until is not None:
                parts.append(words["after"].format(span=self.span(scope.after_until)))
            parts.append(words[rule.whose])
        if rule.regimes:
            names = ", ".join(f"`{name}`" for name in rule.regimes)
            parts.append(words["regimes"].format(names=names, colon=self.colon))
        text = ", ".join(parts)
        yield f"{text[:1].upper()}{text[1:]}."

    def form(self, rule: Rule) -> Iterator[str]:
        words = _TIMING[self.language]
        match rule.form:
            case Response(clocks=clocks, remind=remind):
                for clock in clocks:
                    yield self.clock(clock, "response", "rung")
                if len(clocks) > 1:
                    yield words["earliest"]
                yield from self.reminders(remind)
                yield words["settles"]
            case Recurrence(every=every, remind=remind):
                yield self.clock(every, "every", "gap")
                yield from self.reminders(remind)
            case State(for_=for_, keep_for=keep_for):
                yield words["state"] if for_ is None else words["for"].format(span=self.span(for_))
                if keep_for is None:
                    yield words["closes"]
                else:
                    yield words["keep_for"].format(span=self.span(keep_for))
            case Absence():
                yield words["absence"]
            case Precedence():
                yield words["precedence"]

    def clock(self, clock: Clock, sentence: str, rung: str) -> str:
        words = _TIMING[self.language]
        rungs = _capital("; ".join(self.rung(clock, each, rung) for each in clock.ladder))
        if clock.of is None:
            return words[f"{sentence}_open"].format(rungs=rungs)
        moment = FACTS[clock.of].meaning[self.language]
        return words[sentence].format(moment=moment, fact=clock.of, rungs=rungs, colon=self.colon)

    def rung(self, clock: Clock, rung: Rung, word: str) -> str:
        return _TIMING[self.language][word].format(
            span=time_allowed(clock, rung, self.playbook, self.language, self.context),
            severity=self.severity(rung.severity),
        )

    def reminders(self, remind: tuple[Reminder, ...]) -> Iterator[str]:
        words = _TIMING[self.language]
        said = []
        for each in remind:
            if each.before is not None:
                before = spoken(each.before, self.language)
                said.append(words["remind_before"].format(span=before))
            else:
                share = f"{(each.share or 0) * 100:g}\u00a0%"
                said.append(words["remind_share"].format(share=share))
        if said:
            yield words["remind"].format(list=words["and"].join(said))

    def further(self, rule: Rule) -> Iterator[str]:
        words = _TIMING[self.language]
        for step in rule.escalate:
            if step.after is not None:
                yield words["escalate_after"].format(
                    severity=self.severity(step.severity), span=self.span(step.after)
                )
            else:
                yield words["escalate_when"].format(severity=self.severity(step.severity))
        yield words[rule.if_unknown]

    def severity(self, name: str) -> str:
        return WORDS[self.language][name]

    def span(self, span: Span) -> str:
        return span_text(span, self.playbook, self.language, self.context)

    @property
    def colon(self) -> str:
        return " : " if self.language == "fr" else ": "


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
