"""Questions of the public put side by side by the words they share, and never by who asked.

A page keeps, for each incident, the words of the newest questions of an hour. Which two words most of
them have in common, and how many do, does not depend on the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Final

from crisisrules.engine.facts_incident import Reader
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import IncidentState, View
from crisisrules.engine.values import ABSENT, Value
from crisisrules.model.durations import HOUR
from crisisrules.signals.shared_words import key_of, question_words

WINDOW: Final = HOUR
MOST_QUESTIONS: Final = 128
"""Questions kept of an hour when more came than twice that."""

_SHARED: Final = 2
"""How many words, and how many questions at least, make questions alike."""


def note_question(view: View, incident: IncidentState, text: str, at: int) -> bool:
    """Keep the words of a question.

    Returns:
        Whether older ones were forgotten for it, so that fewer may be alike than before.
    """
    around = (*incident.keywords, *([incident.place] if incident.place else []))
    words = question_words(text, around)
    if len(words) < _SHARED:
        return False
    if view.asked is None:
        view.asked = []
    view.asked.append((at, words))
    if len(view.asked) <= 2 * MOST_QUESTIONS:
        return False
    # the newest and, of the same instant, whichever sort last: whatever order they came in
    view.asked = sorted(each for each in view.asked if each[0] > at - WINDOW)[-MOST_QUESTIONS:]
    return True


def alike(asked: Sequence[tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """How many of some questions have the same two words in common, and which.

    Of pairs that are as frequent the first in the alphabet counts; (0, ()) when no two share a pair.
    """
    keyed = [{key_of(word): word for word in words} for words in asked]
    pairs = Counter(pair for keys in keyed for pair in combinations(sorted(keys), _SHARED))
    if not pairs:
        return 0, ()
    pair, number = min(pairs.items(), key=lambda one: (-one[1], one[0]))
    if number < _SHARED:
        return 0, ()
    return number, tuple(_shown(key, keyed) for key in pair)


def _shown(key: str, keyed: Sequence[dict[str, str]]) -> str:
    """The word as most people wrote it."""
    written = Counter(words[key] for words in keyed if key in words)
    return min(written.items(), key=lambda one: (-one[1], one[0]))[0]


def _recent(scene: Scene) -> Iterator[tuple[int, tuple[str, ...]]]:
    asked = scene.view.asked if scene.view else None
    return (each for each in asked or () if each[0] > scene.now - WINDOW)


def _number(scene: Scene) -> Value:
    return alike([words for _, words in _recent(scene)])[0]


def _words(scene: Scene) -> Value:
    _, words = alike([words for _, words in _recent(scene)])
    return ", ".join(words) if words else ABSENT


def _change(scene: Scene) -> int | None:
    return min((at + WINDOW for at, _ in _recent(scene)), default=None)


QUESTION_READERS: Final[dict[str, Reader]] = {
    "page.questions_alike": _number,
    "page.shared_words": _words,
}
QUESTION_CHANGES: Final[dict[str, Callable[[Scene], int | None]]] = {
    "page.questions_alike": _change,
    "page.shared_words": _change,
}
"""An hour after it was asked a question counts no more."""
