"""What is summed quickly is the sum of the named features and words."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crisisrules.signals.features import features_of
from crisisrules.signals.hearing import Hearing
from crisisrules.signals.lexicon import Classes, look, parse_lexicon
from crisisrules.signals.scoring import parse_weights
from crisisrules.signals.text import prepare

LEXICONS = Path(__file__).parents[3] / "rules" / "lexicons"
CLASSES = Classes()
PARSED = {
    name: parse_lexicon(name, (LEXICONS / name / "forms.json").read_text(encoding="utf-8"), CLASSES)
    for name in ("en", "fr")
}
WEIGHTS = {
    role: parse_weights(role, rows)
    for role, rows in json.loads((LEXICONS / "any" / "weights.json").read_text("utf-8")).items()
}
FROM = {"mentions_incident": -20, "question": 40, "apology": 10}
HEARINGS = {role: Hearing(each, FROM, PARSED, CLASSES) for role, each in WEIGHTS.items()}
WORDS = sorted({word for each in PARSED.values() for word in each.entries})


@given(
    st.lists(st.one_of(st.sampled_from([*WORDS, *".!?:%", "12", "😀", "@a", "#Ab"]), st.text())),
    st.sampled_from(["brand", "customer"]),
    st.sampled_from(["en", "fr", None]),
)
def test_quick_sums_are_those_of_the_names(
    words: list[str], role: str, language: str | None
) -> None:
    hearing, weights = HEARINGS[role], WEIGHTS[role]
    prepared = prepare(" ".join(words))
    present = set(prepared.norms)
    total, lexicon = hearing.words(present, language)
    sight = look(prepared, lexicon)
    total += hearing.tally.sum(prepared, sight, present)
    names = features_of(prepared, sight, CLASSES, present)
    assert len(names) == len(set(names))
    expected = dict(zip(weights.labels, weights.score(names, present), strict=True))
    assert hearing.scores(total) == expected
    assert hearing.found_in(total) == {
        label for label, score in expected.items() if label in FROM and score >= FROM[label]
    }


def test_language_is_the_one_with_most_function_words() -> None:
    hearing = HEARINGS["customer"]
    for text, language in [("the of with", "en"), ("le des avec the", "fr"), ("le the", "")]:
        assert hearing.words(set(text.split()), None)[1].language == language
