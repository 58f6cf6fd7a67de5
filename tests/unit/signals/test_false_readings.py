"""What looks like a sign and is none: readings that would let a joke out, or raise an alarm over nothing."""

from __future__ import annotations

import pytest

from crisisrules import load_playbook
from crisisrules.signals import Signals
from crisisrules.signals.builtin import load_lexicon_signals


@pytest.fixture(scope="module")
def signals() -> Signals:
    return load_lexicon_signals(load_playbook().lexicons)


@pytest.mark.parametrize(
    "text",
    [
        "We fly 200,000 people a day. That's a lot of peanuts.",
        "Chaque matin, 4 millions de voyageurs montent à bord. Qui finit sa nuit ?",
    ],
)
def test_numbers_of_people_alone_tell_of_no_incident(signals: Signals, text: str) -> None:
    assert signals.read(text).kind not in ("incident_status", "resolution", "service_info")


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("My card payment fails, what is going on?", False),
        ("Mon paiement est refusé, il se passe quoi ?", False),
        ("My nan's alarm button fails and she is alone, what is going on?", True),
        ("Mon père est sous oxygène et la machine ne marche plus, il se passe quoi ?", True),
    ],
)
def test_an_impatient_question_is_no_call_for_help(
    signals: Signals, text: str, urgent: bool
) -> None:
    assert ("urgent_need" in signals.read(text, role="customer").features) is urgent
    assert (signals.read_comment(text).klass == "safety") is urgent


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("Le site est de nouveau en panne, nos équipes cherchent la cause.", False),
        ("The app is once again down. We are on it.", False),
        ("Le site est de nouveau accessible depuis 14h.", True),
        ("Trains run again after this morning's breakdown.", True),
    ],
)
def test_what_fails_again_is_not_over(signals: Signals, text: str, over: bool) -> None:
    assert ("resolution" in signals.read(text).features) is over


def test_a_part_that_is_still_stopped_is_told(signals: Signals) -> None:
    text = "The north line runs again since 9 am, the south line is still stopped."
    assert "resolution_partial" in signals.read(text).features


@pytest.mark.parametrize(
    ("text", "caused"),
    [
        ("Une fuite de données a touché 12 000 clients.", False),
        ("A data breach has affected 12,000 customers.", False),
        ("Une fuite de gaz a privé 300 foyers de chauffage.", True),
    ],
)
def test_the_name_of_an_incident_is_not_its_cause(
    signals: Signals, text: str, caused: bool
) -> None:
    assert ("cause_known" in signals.read(text).features) is caused


@pytest.mark.parametrize(
    "text",
    [
        "12 000 clients nous font confiance chaque jour. Merci !",
        "We're making progress, and every day more restaurants get their chicken.",
    ],
)
def test_what_happens_every_day_is_no_promise(signals: Signals, text: str) -> None:
    assert "next_update_time" not in signals.read(text).features


@pytest.mark.parametrize(
    "text",
    [
        "We will post an update here every two hours.",
        "Nous ferons un point toutes les heures sur cette page.",
    ],
)
def test_news_at_every_interval_is_a_promise(signals: Signals, text: str) -> None:
    assert "next_update_time" in signals.read(text).features


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Nous avons fermé l'accès à 7h20 et prévenu la police.", True),
        ("We have grounded the fleet and called in the manufacturer.", True),
        ("Have you closed your account?", False),
    ],
)
def test_what_was_done_is_told_apart_from_what_is_being_done(
    signals: Signals, text: str, taken: bool
) -> None:
    assert ("action_taken" in signals.read(text).features) is taken


def test_an_authority_that_everybody_knows_is_no_jargon(signals: Signals) -> None:
    text = "Une panne touche nos serveurs. Nous avons prévenu la CNIL."
    assert "jargon" not in signals.read(text).features
