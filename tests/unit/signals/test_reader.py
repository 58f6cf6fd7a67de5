"""The shipped reader: what it tells apart, how it explains itself, what it withstands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.model.errors import PlaybookError, UsageError
from crisisrules.model.vocabulary import COMMERCIAL_KINDS, SERVICE_KINDS
from crisisrules.signals import (
    LexiconSignals,
    Reading,
    Signals,
    Topic,
    load_lexicon_signals,
    load_signals,
    plugins,
)
from crisisrules.signals.inflect import inflect
from crisisrules.signals.lexicon import Classes
from crisisrules.signals.scoring import NO_WEIGHTS
from crisisrules.signals.statement import load_statement_reader
from crisisrules.signals.text import LONGEST_READ

ROOT = Path(__file__).parents[3]
DATA = Path(__file__).parent / "data"
LEXICONS = {
    f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "rules" / "lexicons").glob("*/*.json"))
}
TELLING = [
    "no",
    "pas",
    "power",
    "panne",
    "retrouve",
    "!",
    "?",
    "…",
    "@user",
    "#Ab",
    "15",
    "88",
    "ans",
    "ـ",
]
READER = load_lexicon_signals(LEXICONS)


def brand_texts() -> list[tuple[str, str]]:
    """The kind and the text of every labelled post."""
    texts: list[tuple[str, str]] = []
    for path in sorted(DATA.glob("brand*.txt")):
        kind = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                kind = line[1:].strip()
            else:
                texts.append((kind, line.partition(" | ")[2]))
    return texts


def test_fitted_weights_express_the_labelled_posts() -> None:
    wrong = Counter(kind for kind, text in brand_texts() if READER.read(text).kind != kind)
    sizes = Counter(kind for kind, _ in brand_texts())
    assert sum(sizes.values()) > 1500
    assert sum(wrong.values()) < 0.08 * sum(sizes.values()), wrong


def test_few_posts_that_nobody_can_place_are_claimed_as_service() -> None:
    lines = (DATA / "unsure.txt").read_text(encoding="utf-8").splitlines()
    kinds = [READER.read(line.partition(" | ")[2]).kind for line in lines if line[0] != "#"]
    assert sum(kind in SERVICE_KINDS for kind in kinds) <= len(kinds) // 8


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our 9pm show is cancelled because of a burst pipe. We're working on it.", "service"),
        ("Le tramway est à l'arrêt, nos techniciens sont en route.", "service"),
        ("Bonne nuit à tous, on va rêver de crêpes.", "commercial"),
        ("Who's up for a party on the square tonight? Bring drums!", "commercial"),
        ("Tablet half price until Sunday, shop now.", "commercial"),
    ],
)
def test_side_of_a_post(text: str, kind: str) -> None:
    side = SERVICE_KINDS if kind == "service" else COMMERCIAL_KINDS
    assert READER.read(text).kind in side


@pytest.mark.parametrize(
    "text",
    [
        "my gran is on oxygen and the phone line is dead",
        "ma grand-mère de 88 ans vit seule et n'a plus de téléphone",
        "strong smell of gas here and nobody answers",
        "impossible de joindre le 15, il ne respire plus",
        "she needs her oxigen, wait, oxygne, and the phone is dead",
        "ma mere est diabétqiue et le telephone est coupé",
    ],
)
def test_calls_for_help_are_safety(text: str) -> None:
    assert READER.read_comment(text).urgent
    assert READER.read_comment(text).klass == "safety"


def test_comment_reading_is_the_short_form_of_a_reading() -> None:
    topic = Topic(keywords=("fibre",), kind="outage", place="Nantes")
    for path in sorted(DATA.glob("customer*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.partition(" | ")[2]
            full, short = (
                READER.read(text, role="customer", topic=topic),
                READER.read_comment(text, topic),
            )
            assert short.klass == full.klass
            assert short.mentions_incident == full.mentions_incident
            assert short.urgent == ("urgent_need" in full.features)


def test_no_lexicon_gives_unknown_not_a_guess() -> None:
    reading = load_lexicon_signals({}).read("The network is down")
    assert reading.kind == "unknown"
    assert not reading.mentions_incident


def test_denied_fault_is_no_mention() -> None:
    assert READER.read_comment("no signal at all in York").mentions_incident
    assert not READER.read_comment("no problem here, works perfectly").mentions_incident


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("l'incident du Zéphyrion continue", "Zéphyrion"),
        ("encore ce zephyrion !", "zephyrion"),
        ("les zéphyrions sont touchés", "zéphyrions"),
        ("le zéphyron, encore", "zéphyron"),
        ("#stopzephyrion", "stopzephyrion"),
        ("#ZéphyrionGate", "Zéphyrion"),
    ],
)
def test_keyword_is_found_in_each_spelling(text: str, seen: str) -> None:
    reading = READER.read(text, role="customer", topic=Topic(keywords=("zéphyrion",)))
    assert [span.text for span in reading.spans if span.name == "keyword"] == [seen]
    assert reading.mentions_incident


def test_short_keyword_is_not_found_in_another_word() -> None:
    reading = READER.read("quel beau roseau", topic=Topic(keywords=("box", "vol")))
    assert not [span for span in reading.spans if span.name == "keyword"]


def test_place_is_told_apart_from_the_topic() -> None:
    topic = Topic(keywords=("incendie",), place="avenue Foch; Lubrizol")
    assert READER.read("tout va bien avenue Foch", topic=topic).place_match is True
    assert READER.read("tout va bien rue Foch", topic=topic).place_match is False
    assert READER.read("tout va bien", topic=Topic(keywords=("incendie",))).place_match is None


def check_spans(reading: Reading) -> None:
    for span in reading.spans:
        assert reading.text[span.start : span.end] == span.text
        assert span.text


def test_each_signal_names_the_words_it_saw() -> None:
    reading = READER.read("Panne de réseau à Lyon, nos techniciens interviennent.")
    check_spans(reading)
    words = {span.text.lower() for span in reading.spans if span.name == "kind:incident_status"}
    assert words
    assert "techniciens" in " ".join(words)


@given(st.text(max_size=300), st.sampled_from(["brand", "customer"]))
def test_any_text_is_read(text: str, role: str) -> None:
    reading = READER.read(text, role="brand" if role == "brand" else "customer")
    check_spans(reading)
    READER.read_comment(text, Topic(keywords=("panne",), place="Lyon"))


@given(st.lists(st.sampled_from(TELLING)))
def test_any_mixture_of_telling_words_is_read_the_same_twice(words: list[str]) -> None:
    text = " ".join(words)
    assert READER.read(text) == READER.read(text)
    check_spans(READER.read(text, role="customer"))


def test_of_a_hostile_text_only_the_start_is_read() -> None:
    for piece in ("panne de ", "no power cut ", "((((", "#a_b", "ne fonctionne plus "):
        text = piece * (3_000_000 // len(piece))
        assert READER.read(text).spans == READER.read(text[:LONGEST_READ]).spans
        assert READER.read_comment(text) == READER.read_comment(text[:LONGEST_READ])


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_forms_are_what_the_words_give(language: str) -> None:
    source = ROOT / "rules" / "lexicons" / language / "words.yaml"
    words = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    assert inflect("words", words) == json.loads(LEXICONS[f"{language}/forms"])


def test_third_language_is_data_alone() -> None:
    reading = READER.read("Estamos trabajando para reparar la avería de la red, lo sentimos mucho.")
    assert reading.language == "es"
    assert reading.kind in SERVICE_KINDS
    assert READER.read("Gana un viaje: comenta y participa en el sorteo").kind == "contest"


def test_every_fault_of_a_words_file_is_told_at_once() -> None:
    words: Mapping[str, object] = {
        "language": "xx",
        "status": "final",
        "function_words": "a",
        "paradigms": {"s": "> - s", "bad": "no arrow"},
        "classes": {"fault": "panne/z, mur/al"},
        "clases": {},
    }
    with pytest.raises(PlaybookError) as caught:
        inflect("xx/words", words)
    messages = [problem.message for problem in caught.value.problems]
    assert any("did you mean `classes`" in message for message in messages)
    assert any("`status`" in message for message in messages)
    assert any("`panne/z`" in message for message in messages)
    assert len(messages) >= 4


class Parrot(LexiconSignals):
    """A reader of somebody else's."""


class _Offer:
    name, value = "parrot", "parrot:reader"

    @staticmethod
    def load() -> object:
        return lambda _lexicons: Parrot(
            {}, Classes(), NO_WEIGHTS, NO_WEIGHTS, load_statement_reader({})
        )


class _Broken(_Offer):
    name = "broken"

    @staticmethod
    def load() -> object:
        raise ImportError


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> list[type[_Offer]]:
    offered: list[type[_Offer]] = []
    real = metadata.entry_points

    def entry_points(*, group: str) -> object:
        return list(offered) if group == plugins.ENTRY_POINTS else real(group=group)

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    plugins._factory.cache_clear()
    return offered


def test_installed_package_replaces_the_reader(
    offers: list[type[_Offer]], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(plugins._factory.cache_clear)
    offers.append(_Offer)
    reader: Signals = load_signals(LEXICONS)
    assert isinstance(reader, Parrot)


@pytest.mark.parametrize(
    ("offered", "said"),
    [([_Offer, _Broken], "more than one"), ([_Broken], "cannot be loaded")],
)
def test_reader_that_cannot_be_used_is_named(
    offers: list[type[_Offer]],
    offered: list[type[_Offer]],
    said: str,
    request: pytest.FixtureRequest,
) -> None:
    request.addfinalizer(plugins._factory.cache_clear)
    offers += offered
    with pytest.raises(UsageError, match=said):
        load_signals(LEXICONS)
