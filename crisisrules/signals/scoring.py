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

__all__ = [
    "LANE",
    "NO_WEIGHTS",
    "Weights",
    "parse_weights",
    "probabilities",
    "score_of",
]

SCALE: Final = 100
"""Weights are whole hundredths, which keeps the file small and sums exact on every machine."""


_TELLING: Final = 30
"""The weight from which a feature is a reason to give."""
LANE: Final = 32
"""Bits that a column takes when a row is packed into one integer."""


class Lanes(NamedTuple):
    """Rows as large integers with a lane of `LANE` bits for each column.

    ``start`` is the bias with the middle of every lane added, so that no lane of a sum that begins
    with it is negative; ``width`` are the bits of a sum.
    """

    start: int
    features: Mapping[str, int]
    words: Mapping[str, int]
    width: int
    read: Struct


@attrs.frozen(kw_only=True)
class Weights:
    """A row of weights for each feature and each word, one column for each label.

    Rows are kept as `Lanes` too: a text's scores are then one sum of integers, whatever the number
    of labels.
    """

    labels: tuple[str, ...]
    bias: tuple[int, ...]
    features: Mapping[str, tuple[int, ...]]
    words: Mapping[str, tuple[int, ...]]
    lanes: Lanes = attrs.field(init=False, eq=False, repr=False)
    _reasons: Mapping[str, frozenset[str]] = attrs.field(init=False, eq=False, repr=False)

    @lanes.default
    def _pack(self) -> Lanes:
        size = len(self.labels)
        return Lanes(
            start=packed(self.bias) + packed([MIDDLE] * size),
            features={name: packed(row) for name, row in self.features.items()},
            words={word: packed(row) for word, row in self.words.items()},
            width=size * LANE,
            read=Struct(f"<{size}I"),
        )

    @_reasons.default
    def _find_reasons(self) -> Mapping[str, frozenset[str]]:
        return {
            label: frozenset(name for name, row in self.features.items() if row[at] >= _TELLING)
            for at, label in enumerate(self.labels)
        }

    def unpacked(self, total: int) -> list[int]:
        """A packed sum as scores in hundredths, in the order of ``labels``."""
        read = self.lanes.read
        return [lane - MIDDLE for lane in read.unpack(total.to_bytes(read.size, "little"))]

    def score(self, features: Iterable[str], words: Iterable[str]) -> list[int]:
        """The sum of the rows of what was seen, in hundredths, in the order of ``labels``."""
        lanes = self.lanes
        total = lanes.start
        total += sum(map(lanes.features.get, features, _NOUGHT))
        total += sum(map(lanes.words.get, words, _NOUGHT))
        return self.unpacked(total)

    def reasons(self, label: str) -> frozenset[str]:
        """The features that speak plainly for a label."""
        return self._reasons.get(label, frozenset())


MIDDLE: Final = 1 << (LANE - 1)
"""What a lane holds when its score is nought: its highest bit tells that a score is not below."""
_NOUGHT: Final = repeat(0)


def packed(row: Sequence[int]) -> int:
    """A row as one integer, a lane for each column."""
    return sum(value << (LANE * at) for at, value in enumerate(row))


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
