"""What a statement says is seen with its words, in any order, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.model.vocabulary import FEATURES
from crisisrules.signals.statement import StatementReader
from crisisrules.signals.statement_source import expand
from crisisrules.signals.text import prepare

HERE = Path(__file__).parent
LEXICONS = HERE.parents[2] / "rules" / "lexicons"
SCORED = frozenset(
    {
        "acknowledgement",
        "apology",
        "empathy",
        "cause_known",
        "cause_unknown",
        "action_underway",
        "scope",
        "next_update_time",
        "next_update_vague",
        "eta_time",
        "eta_vague",
        "help_channel",
        "resolution",
        "compensation",
    }
)


def read(statements: StatementReader, text: str, language: str = "en") -> dict[str, str]:
    """The features of a text with the words of each."""
    return {span.name: span.text for span in statements.read(prepare(text, language)).spans}


@pytest.mark.parametrize(
    ("language", "text", "feature", "words"),
    [
        ("en", "Our lines in Hull are blocked by ice.", "cause_known", "blocked by ice"),
        ("en", "Two crews are relaying the track.", "action_underway", "crews are relaying"),
        ("en", "We don't yet know why.", "cause_unknown", "don't yet know why"),
        ("en", "More news at 4pm.", "next_update_time", "More news at 4pm"),
        ("en", "Gas will be back on by noon.", "eta_time", "Gas will be back on by noon"),
        ("en", "Ring 0800 111 222.", "help_channel", "Ring 0800"),
        ("en", "We're sorry if anyone was upset.", "apology_conditional", "sorry if anyone"),
        ("en", "Sorry for any inconvenience.", "apology_minimising", "Sorry for any inconvenience"),
        ("en", "The outage was caused by our supplier.", "blame", "caused by our supplier"),
        ("en", "A restart of the BNG failed.", "jargon", "BNG"),
        ("en", "Trains are stopped; use another route.", "workaround", "use another"),
        ("en", "Calls are back in Leeds, still failing in Hull.", "resolution_partial", None),
        ("fr", "Nos lignes sont coupées par la neige.", "cause_known", "coupées par la neige"),
        ("fr", "Nos monteurs redressent le pylône.", "action_underway", "monteurs redressent"),
        ("fr", "Nous ignorons encore pourquoi.", "cause_unknown", "ignorons encore pourquoi"),
        ("fr", "Nouveau message à 16 h.", "next_update_time", "Nouveau message à 16 h"),
        ("fr", "Le gaz sera rétabli avant midi.", "eta_time", "sera rétabli avant midi"),
        ("fr", "Composez le 0800 111 222.", "help_channel", None),
        ("fr", "Désolés si certains ont été heurtés.", "apology_conditional", None),
        ("fr", "Écrivez-nous en MP.", "private_contact", None),
        ("en", "You are many, so we answer all of you here.", "collective_answers", None),
        ("fr", "Vu le nombre de messages, nous vous répondons ici.", "collective_answers", None),
        ("fr", "La panne vient de notre prestataire.", "blame", None),
        ("en", "Next post at half past six.", "next_update_time", None),
        ("en", "We'll write again at half past six.", "next_update_time", None),
        ("en", "The depot flooded, so parcels are late.", "cause_known", None),
        ("en", "Payments are moving once more.", "resolution", None),
        ("fr", "Nous ferons le point à neuf heures et demie.", "next_update_time", None),
        ("fr", "L'eau reviendra vers vingt heures trente.", "eta_time", None),
        ("fr", "Plus aucune valise ne sort du tapis 6.", "acknowledgement", None),
        ("en", "Still degraded. The next one comes at 19:00.", "next_update_time", None),
        ("en", "Deploys are paused, estimated completion 17:40.", "eta_time", None),
        (
            "en",
            "A lorry hit the pump. Water is given out at the village hall.",
            "help_channel",
            None,
        ),
        (
            "en",
            "Fill in the form about your delay, we pay back half your fare.",
            "compensation",
            None,
        ),
        ("en", "Every customer who lost service: we've added 5GB.", "compensation", None),
        ("en", "All homes in Hull have their electricity back.", "resolution", None),
        ("fr", "Les vols repartent.", "resolution", None),
        ("fr", "Le sans contact est revenu.", "resolution", None),
        ("fr", "Panne. Des bouteilles sont distribuées au gymnase.", "help_channel", None),
        ("fr", "Base suspendue, fin estimée à 17 h 40.", "eta_time", None),
        ("es", "Avería en la red de Sevilla.", "acknowledgement", "Avería"),
        ("es", "Lo sentimos, pedimos disculpas.", "apology", None),
        ("es", "Sabemos lo frustrante que es esperar.", "empathy", None),
        ("es", "El corte se debe a un transformador quemado.", "cause_known", None),
        ("es", "Aún no sabemos por qué ha caído el sistema.", "cause_unknown", None),
        ("es", "Nuestros técnicos están reparando el cable.", "action_underway", None),
        ("es", "Unos 3.000 hogares sin luz en Toledo.", "scope", None),
        ("es", "Próxima actualización a las seis y media.", "next_update_time", None),
        ("es", "Os mantendremos informados.", "next_update_vague", None),
        ("es", "Esperamos que la luz vuelva a las 18:00.", "eta_time", None),
        ("es", "La luz volverá lo antes posible.", "eta_vague", None),
        ("es", "Llame al 900 123 456.", "help_channel", None),
        ("es", "El servicio está restablecido.", "resolution", None),
        ("es", "Los afectados recibirán un reembolso.", "compensation", None),
        ("es", "No consuma el queso del lote 2214.", "safety_advice", None),
    ],
)
def test_sees_a_feature_with_its_words(
    statements: StatementReader, language: str, text: str, feature: str, words: str | None
) -> None:
    seen = read(statements, text, language)
    assert feature in seen
    assert words is None or seen[feature] == words


@pytest.mark.parametrize(
    ("language", "text", "feature"),
    [
        ("en", "There are no problems on our lines.", "acknowledgement"),
        ("en", "If you have a problem, ask us.", "acknowledgement"),
        ("en", "Planned maintenance: the site will be unavailable on Sunday.", "acknowledgement"),
        ("en", "Power will be restored by noon.", "resolution"),
        ("en", "Service is not yet back to normal.", "resolution"),
        ("en", "Our teams won't stop until every home is back.", "resolution"),
        ("en", "Sorry not sorry: half price today.", "apology"),
        ("en", "Thanks to you we reached our goal.", "cause_known"),
        ("en", "We will post again at 4pm.", "eta_time"),
        ("en", "Service is expected back at 4pm.", "next_update_time"),
        ("fr", "Aucun problème sur nos lignes.", "acknowledgement"),
        ("fr", "En cas de panne, appelez-nous.", "acknowledgement"),
        ("fr", "Le courant sera rétabli avant midi.", "resolution"),
        ("fr", "Le service n'est pas encore rétabli.", "resolution"),
        ("fr", "Prochain point à 16h.", "eta_time"),
        ("fr", "Retour du service prévu à 16h.", "next_update_time"),
        ("en", "No one will be left out of pocket as a result of these issues.", "cause_known"),
        ("en", "Every day more and more shops are reopening.", "eta_time"),
        ("en", "A fresh loaf every day, more and more of them.", "next_update_time"),
        ("en", "We will write again at six.", "eta_time"),
        ("en", "Lifts are out of order again.", "resolution"),
        ("en", "No ferries on Sunday 9 March: we paint the ramp.", "acknowledgement"),
        ("en", "Trains return by 7pm.", "help_channel"),
        ("fr", "Aucun train dimanche 9 mars : nous renouvelons la voie.", "acknowledgement"),
        ("fr", "Personne ne sera lésé à cause de cette panne.", "cause_known"),
        ("fr", "Personne ne sera lésé à cause de cette panne.", "cause_unknown"),
        ("fr", "Les virements en attente partent ce soir.", "acknowledgement"),
        ("fr", "Les ventes privées durent 48 h.", "acknowledgement"),
        ("fr", "Vous surferez à nouveau ce soir.", "resolution"),
        ("fr", "L'eau reviendra vers vingt heures.", "next_update_time"),
        ("es", "Hoy no hay ningún problema en la red.", "acknowledgement"),
        ("es", "La luz volverá a las seis.", "resolution"),
        ("es", "Obras de mantenimiento el martes: la web no estará disponible.", "acknowledgement"),
    ],
)
def test_does_not_see_what_is_denied_supposed_or_promised(
    statements: StatementReader, language: str, text: str, feature: str
) -> None:
    assert feature not in read(statements, text, language)


@pytest.mark.parametrize(
    ("language", "text", "news", "back"),
    [
        ("en", "Next update at 4pm, power back by 9pm.", 16, 21),
        ("en", "Power back by 9pm. Next update at 4pm.", 16, 21),
        ("en", "We expect service back by 9pm.", None, 21),
        ("fr", "Prochain point à 16h, retour du courant prévu à 21h.", 16, 21),
        ("fr", "Retour du courant prévu à 21h. Prochain point à 16h.", 16, 21),
        ("fr", "On refait le point à 16h.", 16, None),
    ],
)
def test_gives_each_time_to_its_promise(
    statements: StatementReader, language: str, text: str, news: int | None, back: int | None
) -> None:
    zone = ZoneInfo("Europe/Paris")
    said = statements.read(
        prepare(text, language), published_at=datetime(2026, 3, 2, 13, tzinfo=UTC), zone=zone
    )
    hours = [at and at.astimezone(zone).hour for at in (said.next_update_at, said.eta_at)]
    assert hours == [news, back]


def test_form_is_seen_of_any_text(statements: StatementReader) -> None:
    seen = read(statements, "#bestsummerever #Sun #Sea 😀😀😀😀 " + "word " * 26)
    assert {"lowercase_hashtag", "many_hashtags", "many_emoji", "long_sentence"} <= seen.keys()
    assert not read(statements, "#BestSummerEver #Sun 😀😀😀 " + "word " * 20)


def test_a_promotion_keeps_only_its_form(statements: StatementReader) -> None:
    said = statements.read(prepare("We are sorry! 😀😀😀😀", "en"))
    assert said.features == {"apology", "many_emoji"}
    assert said.form_alone().features == {"many_emoji"}


def test_reads_an_unknown_language_by_the_one_that_sees_most(statements: StatementReader) -> None:
    said = statements.read(prepare("Désolés, panne en cours, nos équipes interviennent.", "xx"))
    assert {"apology", "acknowledgement", "action_underway"} <= said.features


@pytest.mark.parametrize("language", ["en", "fr"])
def test_labelled_statements_of_every_sector(statements: StatementReader, language: str) -> None:
    rows = [
        json.loads(line)
        for line in (HERE / "data" / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    scores: dict[str, list[float]] = {}
    for sector in sorted({row["sector"] for row in rows}):
        right = wrong = 0
        for row in rows:
            if row["sector"] != sector or row["lang"] != language or row["kind"] == "promotional":
                continue
            seen = statements.read(prepare(row["text"], language)).features & SCORED
            expected = set(row["features"])
            right += len(seen & expected)
            wrong += len(seen ^ expected)
        scores[sector] = [2 * right / (2 * right + wrong)] if right + wrong else []
    assert {sector for sector, found in scores.items() if found and found[0] < 0.7} == set()


@given(st.text(), st.sampled_from(["en", "fr", "xx", None]))
def test_any_text_is_read_and_its_spans_are_its_words(
    statements: StatementReader, text: str, language: str | None
) -> None:
    prepared = prepare(text, language)
    said = statements.read(prepared, published_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert said.features <= set(FEATURES)
    assert said.features == {span.name for span in said.spans}
    assert all(text[span.start : span.end] == span.text for span in said.spans)


@given(st.data())
def test_any_words_of_the_lexicon_are_read(
    statements: StatementReader, data: st.DataObject
) -> None:
    language = data.draw(st.sampled_from(["en", "es", "fr"]))
    words = sorted(
        json.loads((LEXICONS / language / "statement_forms.json").read_text(encoding="utf-8"))[
            "words"
        ]
    )
    chosen = data.draw(st.lists(st.sampled_from([*words, ".", ",", "9pm", "à 16h"]), max_size=40))
    text = " ".join(chosen)
    said = statements.read(prepare(text, language))
    assert all(text[span.start : span.end] == span.text for span in said.spans)


def test_only_the_first_tokens_of_an_endless_text_are_read(statements: StatementReader) -> None:
    said = statements.read(prepare("x " * 30_000 + "we are sorry", "en"))
    assert said.features == {"long_sentence"}


@pytest.mark.parametrize(
    "path", sorted(LEXICONS.glob("*/statement.yaml")), ids=lambda p: p.parent.name
)
def test_forms_are_those_of_their_source(path: Path) -> None:
    source = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    forms = expand(f"{path.parent.name}/statement", source)
    kept = json.loads(path.with_name("statement_forms.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(forms)), "run tests/benchmarks/generate_forms.py"
