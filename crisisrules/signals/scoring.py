"""Additive scores: every feature seen adds its weight to each label, and nothing else counts.

The weights are data, fitted by the checked-in command from checked-in texts, so that each score can
be taken apart into the features, and those into the words, that it came from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from struct import Struct
from typing import Final, NamedTuple

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem

__all__ = ["NO_WEIGHTS", "Weights", "parse_weights", "probabilities", "probability", "score_of"]

SCALE: Final = 100
"""Weights are whole hundredths, which keeps the file small and sums exact on every machine."""


_TELLING: Final = 30
"""The weight from which a feature is a reason to give."""
_LANE: Final = 32
"""Bits that a column takes when a row is packed into one integer."""


@attrs.frozen(kw_only=True)
class Weights:
    """A row of weights for each feature and each word, one column for each label.

    A row is also kept as one large integer with a lane of 32 bits for each column: a text's scores
    are then one sum of integers, whatever the number of labels.
    """

    labels: tuple[str, ...]
    bias: tuple[int, ...]
    features: Mapping[str, tuple[int, ...]]
    words: Mapping[str, tuple[int, ...]]
    _lanes: _Lanes = attrs.field(init=False, eq=False, repr=False)
    _reasons: Mapping[str, frozenset[str]] = attrs.field(init=False, eq=False, repr=False)

    @_lanes.default
    def _pack(self) -> _Lanes:
        width = len(self.labels)
        return _Lanes(
            start=_packed(self.bias) + _packed([1 << (_LANE - 1)] * width),
            features={name: _packed(row) for name, row in self.features.items()},
            words={word: _packed(row) for word, row in self.words.items()},
            read=Struct(f"<{width}I"),
        )

    @_reasons.default
    def _find_reasons(self) -> Mapping[str, frozenset[str]]:
        return {
            label: frozenset(name for name, row in self.features.items() if row[at] >= _TELLING)
            for at, label in enumerate(self.labels)
        }

    def score(self, features: Iterable[str], words: Iterable[str]) -> list[int]:
        """The sum of the rows of what was seen, in hundredths, in the order of ``labels``."""
        lanes = self._lanes
        total = lanes.start
        total += sum(map(lanes.features.get, features, _NOUGHT))
        total += sum(map(lanes.words.get, words, _NOUGHT))
        return [
            lane - _MIDDLE for lane in lanes.read.unpack(total.to_bytes(lanes.read.size, "little"))
        ]

    def reasons(self, label: str) -> frozenset[str]:
        """The features that speak plainly for a label."""
        return self._reasons.get(label, frozenset())


class _Lanes(NamedTuple):
    start: int
    features: Mapping[str, int]
    words: Mapping[str, int]
    read: Struct


_MIDDLE: Final = 1 << (_LANE - 1)
_NOUGHT: Final = repeat(0)


def _packed(row: Sequence[int]) -> int:
    return sum(value << (_LANE * at) for at, value in enumerate(row))


NO_WEIGHTS: Final = Weights(labels=(), bias=(), features={}, words={})


def _rows(name: str, data: object, width: int) -> dict[str, tuple[int, ...]]:
    rows: dict[str, tuple[int, ...]] = {}
    if isinstance(data, dict):
        for feature, values in data.items():
            if not isinstance(values, list) or len(values) != width:
                break
            if not all(isinstance(value, int) for value in values):
                break
            rows[feature] = tuple(values)
        else:
            return rows
    message = f"weights must be an object of lists of {width} whole numbers"
    raise PlaybookError(Problem(Place(name), "bad-weights", message))


def parse_weights(name: str, data: object) -> Weights:
    """Weights from decoded JSON ``{labels, bias, features, words}``; ``name`` is for messages.

    Raises:
        PlaybookError: the data is not such an object.
    """
    if not isinstance(data, dict) or not isinstance(data.get("labels"), list):
        message = "weights must be an object with `labels`, `bias`, `features` and `words`"
        raise PlaybookError(Problem(Place(name), "bad-weights", message))
    labels = tuple(str(label) for label in data["labels"])
    width = len(labels)
    bias = _rows(name, {"bias": data.get("bias")}, width)["bias"]
    return Weights(
        labels=labels,
        bias=bias,
        features=_rows(name, data.get("features"), width),
        words=_rows(name, data.get("words"), width),
    )


def probabilities(scores: Sequence[int]) -> list[float]:
    """Scores of labels that exclude each other, as shares of one."""
    highest = max(scores)
    powers = [math.exp((score - highest) / SCALE) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def score_of(share: float) -> int:
    """The score at which a label of its own has that probability."""
    return round(SCALE * math.log(share / (1 - share)))


def probability(score: int) -> float:
    """The score of a label of its own, between 0 and 1."""
    return 1 / (1 + math.exp(-max(-4000, min(4000, score)) / SCALE))
