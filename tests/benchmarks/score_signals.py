"""Score the text signals: `python tests/benchmarks/score_signals.py [--spoilt] [LABELLED.jsonl …]`.

Always scores the texts under `tests/unit/signals/data`; each argument is one more set, a JSON object a
line with `text`, `role`, `kind` and `features` (and, when it has one, `lang` and `source`).
The own texts are what the weights were fitted on, so their figures say what can be expressed, not
what to expect; `fit_signals.py --cross-check` prints the latter. `--spoilt` scores each set once more
with its texts spoilt as the public spoils them: without accents, misspelt, in capitals, with words
missing or with words that no lexicon knows.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from crisisrules.model.vocabulary import COMMERCIAL_KINDS, SERVICE_KINDS
from crisisrules.signals import LexiconSignals, Reading, load_lexicon_signals

HERE = Path(__file__).parent
DATA = HERE.parent / "unit" / "signals" / "data"
LEXICONS = HERE.parents[1] / "rules" / "lexicons"
CUSTOMER = {"c": "complaint", "a": "anger", "q": "question", "u": "urgent_need", "s": "sarcasm"}
MENTIONING = frozenset({"incident_status", "resolution"})


class Labelled(NamedTuple):
    """One text and what a person says about it; ``sector`` is what it is about, ``source`` its file.

    ``mention`` and ``stated`` tell whether mentions and statement features were labelled.
    """

    language: str
    role: Literal["brand", "customer"]
    sector: str
    kind: str | None
    features: frozenset[str]
    text: str
    source: str = ""
    mention: bool = True
    stated: bool = True


def own_texts() -> list[Labelled]:
    """The texts of this repository.

    Brand files: a line `# kind` opens a section, then `sector | text`, where `+` and `-` after the
    sector say that an incident is mentioned, or not, against what is usual of that kind.
    Customer files: `sector letters | text`, the letters explained in the file's first line.
    `fresh.jsonl` has all labels, `statements.jsonl` all but those of mentions.
    """
    texts: list[Labelled] = []
    for path in sorted(DATA.glob("*.??.txt")):
        name, language, _ = path.name.split(".")
        role = name.rstrip("0123456789")
        kind: str | None = None
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                kind = line[1:].strip() if role == "brand" else None
                continue
            head, _, text = line.partition(" | ")
            sector, _, marks = head.partition(" ")
            text = text.replace("\\n", "\n")
            if role == "brand":
                mentions = marks == "+" or (kind in MENTIONING and marks != "-")
                found = {"mentions_incident"} if mentions else set()
                texts.append(
                    Labelled(
                        language,
                        "brand",
                        sector,
                        kind,
                        frozenset(found),
                        text,
                        name,
                        stated=False,
                    )
                )
            else:
                found = {CUSTOMER[mark] for mark in marks if mark in CUSTOMER}
                if "m" in marks:
                    found.add("mentions_incident")
                labelled = Labelled(
                    language, "customer", sector, None, frozenset(found), text, name
                )
                texts.append(labelled)
    statements = [each._replace(mention=False) for each in labelled_file(DATA / "statements.jsonl")]
    return [*texts, *statements, *labelled_file(DATA / "fresh.jsonl")]


def unsure_texts() -> list[str]:
    """Texts of brands of which no person could tell what they are."""
    lines = (DATA / "unsure.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition(" | ")[2] for line in lines if not line.startswith("#")]


def labelled_file(path: Path) -> list[Labelled]:
    """The texts of a file of labelled JSON lines."""
    return [
        Labelled(
            row.get("lang", ""),
            row["role"],
            row.get("sector", row.get("source", "")),
            row["kind"],
            frozenset(row["features"]),
            row["text"],
            path.stem,
        )
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def shipped() -> LexiconSignals:
    """The reader with the lexicons of this repository."""
    return load_lexicon_signals(
        {
            f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
            for path in sorted(LEXICONS.glob("*/*.*"))
        }
    )


def f1(pairs: Iterable[tuple[bool, bool]]) -> tuple[float, float, float, int]:
    """Precision, recall and F1 of (expected, seen) pairs, and how many were expected."""
    pairs = list(pairs)
    both = sum(expected and seen for expected, seen in pairs)
    expected = sum(expected for expected, _ in pairs)
    seen = sum(seen for _, seen in pairs)
    precision, recall = both / max(seen, 1), both / max(expected, 1)
    return precision, recall, 2 * both / max(expected + seen, 1), expected


def side(kind: str | None) -> str:
    """Commercial, service or neither."""
    return (
        "service" if kind in SERVICE_KINDS else "commercial" if kind in COMMERCIAL_KINDS else "none"
    )


def kind_figures(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Macro-F1 over the kinds, and how well commercial is told from service, of (expected, seen)."""
    kinds = sorted({expected for expected, _ in pairs})
    each = [f1((expected == kind, seen == kind) for expected, seen in pairs)[2] for kind in kinds]
    sides = [(side(expected), side(seen)) for expected, seen in pairs]
    size = max(len(pairs), 1)
    return {
        "kind macro-F1": sum(each) / max(len(each), 1),
        "kind accuracy": sum(expected == seen for expected, seen in pairs) / size,
        "commercial/service": sum(expected == seen for expected, seen in sides) / size,
        "commercial called service": sum(pair == ("commercial", "service") for pair in sides)
        / size,
        "unknown": sum(seen == "none" for _, seen in sides) / size,
    }


def report(name: str, texts: Sequence[Labelled], read: Callable[[Labelled], Reading]) -> None:
    """Print every figure of a set of texts."""
    readings = [(text, read(text)) for text in texts]
    brand = [pair for pair in readings if pair[0].role == "brand"]
    customer = [pair for pair in readings if pair[0].role == "customer"]
    print(f"{name}: {len(brand)} of brands, {len(customer)} of customers")
    for figure, value in kind_figures([(t.kind or "", r.kind or "") for t, r in brand]).items():
        print(f"  {figure:28} {value:.3f}")
    for kind in (*COMMERCIAL_KINDS, *SERVICE_KINDS):
        figures = f1((text.kind == kind, reading.kind == kind) for text, reading in brand)
        print("    {:26} precision {:.2f}  recall {:.2f}  F1 {:.2f}  of {}".format(kind, *figures))
    for group, pairs in (("brand", brand), ("customer", customer), ("all", readings)):
        row = f1(
            ("mentions_incident" in text.features, reading.mentions_incident)
            for text, reading in pairs
            if text.mention
        )
        print(
            "  mention {:20} precision {:.2f}  recall {:.2f}  F1 {:.2f}  of {}".format(group, *row)
        )
    for role, pairs in (("brand", brand), ("customer", customer)):
        names = sorted(
            {name for text, _ in pairs for name in text.features} - {"mentions_incident"}
        )
        pairs = [pair for pair in pairs if pair[0].stated]
        for each in names:
            row = f1((each in text.features, each in reading.features) for text, reading in pairs)
            text_row = "precision {:.2f}  recall {:.2f}  F1 {:.2f}  of {}".format(*row)
            print(f"  {role} {each:20} {text_row}")


_WORDS = re.compile(r"\w+")
_ODDS = 0.1
"""The share of the words of a text that are spoilt."""


def _some_words(text: str, chance: random.Random, change: Callable[[str], str]) -> str:
    return _WORDS.sub(
        lambda found: (
            change(found[0]) if len(found[0]) > 3 and chance.random() < _ODDS else found[0]
        ),
        text,
    )


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def _misspelt(word: str) -> str:
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


SPOILT: Mapping[str, Callable[[str, random.Random], str]] = {
    "as written": lambda text, _: text,
    "no accents": lambda text, _: _without_accents(text),
    "lower case": lambda text, _: text.lower(),
    "capitals": lambda text, _: text.upper(),
    "no punctuation": lambda text, _: re.sub(r"[.,;:!?]", " ", text),
    "misspelt": lambda text, chance: _some_words(text, chance, _misspelt),
    "words missing": lambda text, chance: _some_words(text, chance, lambda _: ""),
    "words unknown": lambda text, chance: _some_words(text, chance, lambda _: "zelquor"),
}


def spoilt(name: str, texts: Sequence[Labelled], read: Callable[[Labelled], Reading]) -> None:
    """Print the main figures of a set of texts, spoilt in each way; the same texts each time."""
    print(f"{name}, spoilt:")
    names = ("kind F1", "sides", "mention", "features", "urgent recall")
    print("  {:16}".format("") + "".join(f"{each:>15}" for each in names))
    for way, spoil in SPOILT.items():
        chance = random.Random(1)
        pairs = [(text, read(text._replace(text=spoil(text.text, chance)))) for text in texts]
        kinds = kind_figures([(t.kind or "", r.kind or "") for t, r in pairs if t.role == "brand"])
        mention = f1(
            ("mentions_incident" in t.features, r.mentions_incident) for t, r in pairs if t.mention
        )
        stated = [pair for pair in pairs if pair[0].role == "brand" and pair[0].stated]
        features = sorted({each for t, _ in stated for each in t.features} - {"mentions_incident"})
        each = [
            f1((name in t.features, name in r.features) for t, r in stated) for name in features
        ]
        urgent = f1(("urgent_need" in t.features, "urgent_need" in r.features) for t, r in pairs)
        figures = (
            kinds["kind macro-F1"],
            kinds["commercial/service"],
            mention[2],
            sum(row[2] for row in each) / max(len(each), 1),
            urgent[1],
        )
        print(f"  {way:16}" + "".join(f"{figure:15.3f}" for figure in figures))


def main(arguments: Sequence[str]) -> None:
    """Score the own texts and the files that were named."""
    signals = shipped()
    paths = [path for path in arguments if path != "--spoilt"]

    def read(text: Labelled) -> Reading:
        return signals.read(text.text, role=text.role)

    sets = {"own texts (kinds and mentions fitted on)": own_texts()}
    sets |= {path: labelled_file(Path(path)) for path in paths}
    for name, texts in sets.items():
        report(name, texts, read)
        if "--spoilt" in arguments:
            spoilt(name, texts, read)
    kinds = [signals.read(text).kind for text in unsure_texts()]
    counts = ", ".join(
        f"{name} {sum(side(k) == name for k in kinds)}" for name in ("service", "none")
    )
    print(f"unsure texts: {len(kinds)}, of which called {counts}")


if __name__ == "__main__":
    main(sys.argv[1:])
