"""Conditions and timing as sentences."""

from __future__ import annotations

import attrs
import pytest

from crisisrules.model.durations import DAY, HOUR, MINUTE, SECOND
from crisisrules.playbook.conditions import All, AnyOf, Not, ParameterRef, Test
from crisisrules.playbook.parameters import Context, Parameter, Setting
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import (
    Advice,
    Clock,
    Escalation,
    Form,
    Reminder,
    Response,
    Rule,
    Rung,
    Scope,
    Source,
    State,
)
from crisisrules.playbook.sentences import condition_lines, settling_sentence, spoken
from crisisrules.playbook.timing import timing_lines

TEXTS = {"en": "text", "fr": "texte"}
PLAYBOOK = Playbook(
    name="test",
    rules=(),
    parameters={
        "wait": Parameter(name="wait", type="duration", default=HOUR, meaning=TEXTS),
        "many": Parameter(name="many", type="count", default=500, meaning=TEXTS),
    },
    settings=(Setting(name="wait", layer="kind", key="outage", value=30 * MINUTE),),
)
RAISED = Escalation(severity="critical", after=30 * MINUTE)


def rule(form: Form, *, scope: Scope | None = None, escalate: tuple[Escalation, ...] = ()) -> Rule:
    return Rule(
        id="r",
        title=TEXTS,
        severity="critical",
        about=("page",),
        form=form,
        advice=Advice(action="reply", say=TEXTS),
        because=TEXTS,
        sources=(Source(title="somebody"),),
        scope=scope or Scope(),
        escalate=escalate,
    )


@pytest.mark.parametrize(
    ("duration", "english", "french"),
    [
        (0, "0 s", "0 s"),
        (90 * MINUTE, "1 h 30 min", "1 h 30 min"),
        (DAY, "1 day", "1 jour"),
        (2 * DAY + 5 * SECOND, "2 days 5 s", "2 jours 5 s"),
    ],
)
def test_a_duration_is_said_as_people_say_it(duration: int, english: str, french: str) -> None:
    assert (spoken(duration, "en"), spoken(duration, "fr")) == (english, french)


def test_a_condition_is_a_nested_list() -> None:
    condition = All(
        (
            Test(fact="post.about_incident", operator="is", value=True),
            Not(Test(fact="post.pinned", operator="is", value=True)),
            AnyOf(
                (
                    Test(
                        fact="post.incident_comments",
                        operator="at_least",
                        value=ParameterRef("many"),
                        in_last=30 * MINUTE,
                    ),
                    Test(fact="post.age", operator="more_than", value=ParameterRef("wait", 2.0)),
                )
            ),
            Test(fact="post.kind", operator="in", value=("contest", "product")),
            Not(All((Test(fact="post.next_update_at", operator="present", value=True),) * 2)),
        )
    )

    lines = condition_lines(condition, PLAYBOOK, "en")

    assert ["  " * line.depth + line.text for line in lines] == [
        "it speaks about the incident (`post.about_incident`)",
        "not so: it is pinned (`post.pinned`)",
        "at least one of this:",
        (
            "  comments under it about the incident: at least 500 (`$many`) in the last 30 min "
            "(`post.incident_comments`)"
        ),
        "  time since it was published: more than 2 h (`2 * $wait`) (`post.age`)",
        "what the text is for; as given, else as its signals say: `contest` or `product` (`post.kind`)",
        "this is not the case:",
        "  all of this:",
        "    the time that it promises for the next one: there is one (`post.next_update_at`)",
        "    the time that it promises for the next one: there is one (`post.next_update_at`)",
    ]


def test_timing_names_every_clock_rung_and_reminder_with_the_value_of_the_context() -> None:
    first = Clock(
        of="incident.aware_at",
        ladder=(Rung("warning", 15 * MINUTE), Rung("critical", ParameterRef("wait"))),
    )
    second = Clock(of="page.first_mention_at", ladder=(Rung("critical", 15 * MINUTE),))
    form = Response(
        expect=All(()),
        clocks=(first, second),
        remind=(Reminder(share=0.5), Reminder(before=10 * MINUTE)),
    )
    english = timing_lines(rule(form), PLAYBOOK, "en", Context(kind="outage"))
    french = timing_lines(rule(form), PLAYBOOK, "fr")

    assert english == (
        "In force while an incident is open, only for the brand's own incidents.",
        (
            "The clock starts with this moment: when the brand knew: as declared, else the moment of the "
            "declaration (`incident.aware_at`). After 15 min it is late (warning); after 30 min (`$wait`) "
            "it is late (critical)."
        ),
        (
            "The clock starts with this moment: when the brand first spoke about it there "
            "(`page.first_mention_at`). After 15 min it is late (critical)."
        ),
        "Of several clocks, the earliest deadline holds.",
        "It reminds at 50\u00a0% of the time and 10 min before the deadline.",
        "What is expected settles it; at the very last instant it is still in time.",
        "A fact that is not known neither opens nor closes it.",
    )
    assert "au-delà de 1 h (`$wait`), il y a retard (critique)" in french[1]


def test_a_state_says_how_long_it_must_hold_and_when_it_grows_worse() -> None:
    scope = Scope(during=True, after_until=48 * HOUR)
    lines = timing_lines(
        rule(State(for_=10 * MINUTE, keep_for=5 * MINUTE), scope=scope, escalate=(RAISED,)),
        PLAYBOOK,
        "en",
    )
    assert lines[:4] == (
        (
            "In force while an incident is open, in force for 2 days after the end of an incident, "
            "only for the brand's own incidents."
        ),
        "Once the condition has held for 10 min.",
        "It closes once the condition has failed for 5 min.",
        "It becomes critical after 30 min.",
    )


def test_what_would_settle_a_rule_is_one_line() -> None:
    when = All(
        (
            Test(fact="incident.severity", operator="is", value="major"),
            Test(fact="page.repeats", operator="at_least", value=ParameterRef("many")),
        )
    )
    response = Response(
        expect=AnyOf(
            (
                Test(fact="post.about_incident", operator="is", value=True),
                Not(All((Test(fact="post.kind", operator="is", value="reply"),))),
            )
        ),
        clocks=(),
    )
    state = settling_sentence(attrs.evolve(rule(State()), when=when))
    settled = Test(fact="incident.review_scheduled", operator="is", value=True)

    assert state == {
        "en": "this is no longer so: messages without news in a row, up to now: at least `$many`",
        "fr": "ceci n'est plus le cas : messages sans nouvelle d'affilée, à cet instant : au moins `$many`",
    }
    assert settling_sentence(rule(response))["en"] == (
        "a post, an answer or a record such that: (it speaks about the incident or this is not the case: "
        "(what the text is for; as given, else as its signals say: `reply`))"
    )
    assert settling_sentence(attrs.evolve(rule(State()), settled_by=settled))["en"] == (
        "a review of it is planned or done"
    )
