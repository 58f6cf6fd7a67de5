"""Fit the weights of the text signals: `python tests/benchmarks/fit_signals.py [--cross-check]`.

Logistic regression on the own texts, in plain Python and without chance, so that the same texts and
lexicons give the same weights. Writes `rules/lexicons/any/weights.json`, a row a feature, for reviews.
`--cross-check` writes nothing and prints what to expect of texts that nothing was learnt from: of
sectors, of a source and of a language that were left out.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from score_signals import CUSTOMER, LEXICONS, Labelled, f1, kind_figures, own_texts, shipped

from crisisrules.signals import LexiconSignals
from crisisrules.signals.builtin import KINDS
from crisisrules.signals.scoring import SCALE

LEAST_TEXTS = 3
"""A single word counts only when so many texts hold it."""
WORD_SCALE = 0.5
"""How much a single word is trusted beside a class of words."""
STRENGTH = 1.0
"""How much the texts count against the wish for small weights."""
STEPS = 60
MEMORY = 6

Seen = tuple[list[str], list[str]]


class Fitted(NamedTuple):
    """Weights of one question: the bias and a row a feature, a column a label."""

    labels: tuple[str, ...]
    bias: list[float]
    rows: dict[str, list[float]]


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(map(float.__mul__, left, right))


def minimise(
    cost: Callable[[list[float]], tuple[float, list[float]]], start: list[float]
) -> list[float]:
    """The arguments at which a convex cost is least (limited-memory BFGS, halving steps)."""
    here, (value, slope) = start, cost(start)
    steps: list[tuple[list[float], list[float], float]] = []
    for _ in range(STEPS):
        way = list(slope)
        shares: list[float] = []
        for moved, turned, scale in reversed(steps):
            share = _dot(moved, way) * scale
            shares.append(share)
            way = [w - share * t for w, t in zip(way, turned, strict=True)]
        if steps:
            moved, turned, scale = steps[-1]
            size = 1 / (scale * _dot(turned, turned))
            way = [w * size for w in way]
        for (moved, turned, scale), share in zip(steps, reversed(shares), strict=True):
            more = share - scale * _dot(turned, way)
            way = [w + more * m for w, m in zip(way, moved, strict=True)]
        fall = _dot(way, slope)
        length = 1.0 if steps else 1 / max(1.0, math.sqrt(fall))
        for _ in range(30):
            there = [h - length * w for h, w in zip(here, way, strict=True)]
            next_value, next_slope = cost(there)
            if next_value <= value - 1e-4 * length * fall:
                break
            length /= 2
        moved = [t - h for t, h in zip(there, here, strict=True)]
        turned = [n - s for n, s in zip(next_slope, slope, strict=True)]
        curve = _dot(moved, turned)
        if curve <= 1e-12 or value - next_value < 1e-7 * value:
            return there
        steps = [*steps[1 - MEMORY :], (moved, turned, 1 / curve)]
        here, value, slope = there, next_value, next_slope
    return here


def fit(texts: Sequence[Seen], answers: Sequence[str], labels: Sequence[str]) -> Fitted:
    """Weights by which the answer of each text is likeliest, small ones preferred."""
    counts = Counter(word for _, words in texts for word in words)
    names = sorted({f"f {name}" for features, _ in texts for name in features})
    names += sorted(f"w {word}" for word, count in counts.items() if count >= LEAST_TEXTS)
    index = {name: 1 + place for place, name in enumerate(names)}
    scales = [1.0] + [1.0 if name[0] == "f" else WORD_SCALE for name in names]
    width = len(labels)
    rows = [
        [0]
        + [index[f"f {name}"] for name in features]
        + [index[f"w {word}"] for word in words if f"w {word}" in index]
        for features, words in texts
    ]
    right = [labels.index(answer) for answer in answers]

    def cost(flat: list[float]) -> tuple[float, list[float]]:
        table = [flat[at * width : (at + 1) * width] for at in range(len(scales))]
        slopes = [list(row) for row in table]
        slopes[0] = [0.0] * width  # the bias may be as large as it likes
        total = _dot(flat[width:], flat[width:]) / 2
        for row, answer in zip(rows, right, strict=True):
            scores = [
                sum(column)
                for column in zip(*([w * scales[at] for w in table[at]] for at in row), strict=True)
            ]
            highest = max(scores)
            powers = [math.exp(score - highest) for score in scores]
            whole = sum(powers)
            total -= STRENGTH * (scores[answer] - highest - math.log(whole))
            errors = [STRENGTH * power / whole for power in powers]
            errors[answer] -= STRENGTH
            for at in row:
                scale = scales[at]
                slopes[at] = [s + scale * e for s, e in zip(slopes[at], errors, strict=True)]
        return total, [slope for row in slopes for slope in row]

    flat = minimise(cost, [0.0] * (width * len(scales)))
    table = [
        [scale * w for w in flat[at * width : (at + 1) * width]] for at, scale in enumerate(scales)
    ]
    return Fitted(tuple(labels), table[0], {name: table[at] for name, at in index.items()})


def fit_yes(texts: Sequence[Seen], answers: Sequence[bool], label: str) -> Fitted:
    """Weights of a question of yes and no, as one column: the yes against the no."""
    both = fit(texts, [str(answer) for answer in answers], ("False", "True"))
    rows = {name: [row[1] - row[0]] for name, row in both.rows.items()}
    return Fitted((label,), [both.bias[1] - both.bias[0]], rows)


def together(parts: Sequence[Fitted]) -> dict[str, object]:
    """Several questions side by side, as the weights file has them."""

    def whole(value: float) -> int:
        return round(value * SCALE)

    names = sorted({name for part in parts for name in part.rows})
    rows = {
        name: [
            whole(value)
            for part in parts
            for value in part.rows.get(name, [0.0] * len(part.labels))
        ]
        for name in names
    }
    rows = {name: row for name, row in rows.items() if any(abs(value) > 4 for value in row)}
    return {
        "labels": [label for part in parts for label in part.labels],
        "bias": [whole(value) for part in parts for value in part.bias],
        "features": {name[2:]: row for name, row in rows.items() if name[0] == "f"},
        "words": {name[2:]: row for name, row in rows.items() if name[0] == "w"},
    }


def _seen(signals: LexiconSignals, texts: Sequence[Labelled]) -> list[Seen]:
    return [
        signals.seen(text.text, "brand" if text.role == "brand" else "customer") for text in texts
    ]


def fit_all(signals: LexiconSignals, texts: Sequence[Labelled]) -> dict[str, dict[str, object]]:
    """The weights of both roles."""
    brand = [text for text in texts if text.role == "brand"]
    customer = [text for text in texts if text.role == "customer"]
    of_brand, of_customer = _seen(signals, brand), _seen(signals, customer)
    mention = "mentions_incident"
    whole = [at for at, text in enumerate(brand) if text.mention]
    yes = [mention in brand[at].features for at in whole]
    return {
        "brand": together(
            [
                fit(of_brand, [text.kind or "" for text in brand], KINDS),
                fit_yes([of_brand[at] for at in whole], yes, mention),
            ]
        ),
        "customer": together(
            [
                fit_yes(of_customer, [name in text.features for text in customer], name)
                for name in (mention, *CUSTOMER.values())
            ]
        ),
    }


def written(weights: Mapping[str, Mapping[str, object]]) -> str:
    """The weights as JSON, a row a line."""
    parts: list[str] = []
    for role, table in weights.items():
        lines = [f'"labels": {json.dumps(table["labels"])}', f'"bias": {json.dumps(table["bias"])}']
        for group in ("features", "words"):
            rows = table[group]
            assert isinstance(rows, dict)
            listed = ",\n".join(
                f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}"
                for name, row in rows.items()
            )
            lines.append(f'"{group}": {{\n{listed}\n }}')
        parts.append(f'"{role}": {{\n ' + ",\n ".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def cross_check(signals: LexiconSignals, texts: Sequence[Labelled]) -> None:
    """Print the figures of texts that were left out of the fitting."""
    sectors = sorted({text.sector for text in texts})
    checks: dict[str, list[Callable[[Labelled], bool]]] = {
        "sectors left out": [
            lambda text, group=sectors[turn::4]: text.sector in group  # type: ignore[misc]  # bound now
            for turn in range(4)
        ],
        "sources left out": [
            lambda text, name=name: text.source == name  # type: ignore[misc]  # bound now
            for name in sorted({text.source for text in texts})
        ],
        "languages left out": [
            lambda text, name=name: text.language == name  # type: ignore[misc]  # bound now
            for name in sorted({text.language for text in texts})
        ],
    }
    for name, turns in checks.items():
        kinds: list[tuple[str, str]] = []
        found: dict[str, list[tuple[bool, bool]]] = {}
        for left_out in turns:
            fitted = signals.with_weights(fit_all(signals, [t for t in texts if not left_out(t)]))
            for text in filter(left_out, texts):
                reading = fitted.read(text.text, role=text.role)
                if text.kind is not None and reading.kind is not None:
                    kinds.append((text.kind, reading.kind))
                names = {"mentions_incident"} if text.mention else set()
                if text.role == "customer":
                    names |= set(CUSTOMER.values())
                for each in names:
                    pair = (each in text.features, each in reading.features)
                    found.setdefault(f"{text.role} {each}", []).append(pair)
        print(f"{name}:")
        for figure, value in kind_figures(kinds).items():
            print(f"  {figure:28} {value:.3f}")
        for each, pairs in sorted(found.items()):
            print(
                "  {:28} precision {:.2f}  recall {:.2f}  F1 {:.2f}  of {}".format(each, *f1(pairs))
            )


def main(arguments: Sequence[str]) -> None:
    """Write the weights, or check what they are worth."""
    signals, texts = shipped(), own_texts()
    if "--cross-check" in arguments:
        cross_check(signals, texts)
        return
    target = LEXICONS / "any" / "weights.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(written(fit_all(signals, texts)), encoding="utf-8")
    print(f"{target}: {len(texts)} texts, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
