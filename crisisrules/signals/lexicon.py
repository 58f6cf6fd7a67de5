"""Lexicons: the meaning classes of the words and phrases of one language.

A lexicon reaches this room as JSON text that the ``inflect`` command generated; it maps each class
(`fault`, `price`, `sorry`, …) to word forms and phrases. The names of the classes are the same in all
languages, so what is learnt about classes holds for a language that nothing was learnt from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, NamedTuple

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.text import Prepared, prepare

__all__ = ["Hit", "Lexicon", "Sight", "join", "look", "parse_lexicon"]

STOPS: Final = frozenset({".", "!", "?", "...", "\n", ";", "?!"})
"""Signs that end a sentence."""

_WITHIN: Final = 3
"""How many tokens a negation reaches forward: "no working signal", "pas la moindre panne"."""

_TURNED: Final = {
    "fault": "no_fault",
    "lost": "no_fault",
    "utility": "lost",
    "use": "unable",
    "works": "not_working",
}
_SPECIAL: Final = frozenset({*_TURNED, "not"})
_NO_CLASSES: Final[frozenset[str]] = frozenset()


class Entry(NamedTuple):
    """What one word may begin: its own classes, and phrases by their next word.

    ``special`` words end a sentence, deny what follows or are turned over by a denial.
    """

    classes: frozenset[str]
    longer: Mapping[str, Entry] | None
    special: bool


@attrs.frozen(kw_only=True)
class Lexicon:
    """The classes of one language; ``names`` its function words, by which it is recognised."""

    language: str
    status: str
    entries: Mapping[str, Entry]
    function_words: frozenset[str]


Hit = tuple[frozenset[str], int, int]
"""Classes seen in the tokens from the first to the last number, both included."""


class Sight(NamedTuple):
    """What was seen in a text: hits in order of place, and the classes of each sentence."""

    hits: Sequence[Hit]
    classes: frozenset[str]
    sentences: Sequence[AbstractSet[str]]


_ENDS: Final = {stop: Entry(_NO_CLASSES, None, special=True) for stop in STOPS}
_NOT_WORKING: Final = frozenset({"not_working"})


def _fault(name: str, message: str) -> PlaybookError:
    return PlaybookError(Problem(Place(name), "bad-lexicon", message))


def _strings(value: object) -> list[str] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return None


class _Growing:
    """A tree of phrases while it is being built."""

    __slots__ = ("classes", "longer")

    def __init__(self) -> None:
        self.classes: set[str] = set()
        self.longer: dict[str, _Growing] = {}

    def add(self, words: Sequence[str], names: frozenset[str]) -> None:
        here = self
        for word in words:
            found = here.longer.get(word)
            if found is None:
                found = here.longer[word] = _Growing()
            here = found
        here.classes |= names

    def settled(self, shared: dict[frozenset[str], frozenset[str]]) -> Entry:
        classes = frozenset(self.classes)
        longer = {word: branch.settled(shared) for word, branch in self.longer.items()}
        special = not _SPECIAL.isdisjoint(classes)
        return Entry(shared.setdefault(classes, classes), longer or None, special)


def parse_lexicon(name: str, text: str) -> Lexicon:
    """The lexicon in a generated JSON text; ``name`` (``fr/forms``) is for messages.

    Raises:
        PlaybookError: the text is not such a lexicon.
    """
    try:
        data = json.loads(text)
    except ValueError:
        raise _fault(
            name, "the lexicon is not JSON; generate it with the `inflect` command"
        ) from None
    if not isinstance(data, dict):
        raise _fault(name, f"the lexicon is a `{type(data).__name__}`, not an object")
    language, status, classes = data.get("language"), data.get("status"), data.get("classes")
    function_words = _strings(data.get("function_words"))
    if not isinstance(language, str) or not isinstance(status, str):
        raise _fault(name, "`language` and `status` must be texts")
    if function_words is None or not isinstance(classes, dict):
        raise _fault(name, "`function_words` must be a list of words and `classes` an object")
    root = _Growing()
    for class_name, forms in classes.items():
        words = _strings(forms)
        if words is None:
            raise _fault(name, f"class `{class_name}` must be a list of words")
        only = frozenset({class_name})
        for form in words:
            root.add(form.split(" "), only)
    shared: dict[frozenset[str], frozenset[str]] = {}
    return Lexicon(
        language=language,
        status=status,
        entries={**(root.settled(shared).longer or {}), **_ENDS},
        function_words=frozenset(function_words),
    )


def folded_words(phrase: str) -> str:
    """A phrase as lexicons hold it: its tokens folded, one blank between them."""
    return " ".join(prepare(phrase).norms)


def join(lexicons: Sequence[Lexicon]) -> Lexicon:
    """All languages in one, for a text too short to tell its language."""
    root = _Growing()

    def graft(into: _Growing, entry: Entry) -> None:
        into.classes |= entry.classes
        for word, branch in (entry.longer or {}).items():
            graft(into.longer.setdefault(word, _Growing()), branch)

    for lexicon in lexicons:
        for word, entry in lexicon.entries.items():
            graft(root.longer.setdefault(word, _Growing()), entry)
    shared: dict[frozenset[str], frozenset[str]] = {}
    return Lexicon(
        language="",
        status="stable",
        entries={**(root.settled(shared).longer or {}), **_ENDS},
        function_words=frozenset[str]().union(*(each.function_words for each in lexicons)),
    )


def look(prepared: Prepared, lexicon: Lexicon) -> Sight:
    """See the classes in a text: the longest phrase at each place, and what negations turn over.

    A negated `fault` becomes `no_fault`; a negated `utility` ("no water") becomes `lost`, a negated
    `use` ("can't pay") `unable` and a negated `works` ("ne marche plus") `not_working`: that is what
    a disruption looks like to those it hits.
    """
    norms = prepared.norms
    hits: list[Hit] = []
    sentences: list[set[str]] = []
    seen: set[str] = set()
    free = 0
    denied = worked = -9
    for here, entry in enumerate(map(lexicon.entries.get, norms)):
        if entry is None or here < free:
            continue
        classes, longer, special = entry
        last = here
        if longer is not None:
            ahead = here + 1
            while longer is not None and ahead < len(norms):
                following = longer.get(norms[ahead])
                if following is None:
                    break
                if following.classes:
                    classes, special, last = following.classes, following.special, ahead
                longer = following.longer
                ahead += 1
            free = last + 1
        first = here
        if special:
            if not classes:
                if seen:
                    sentences.append(seen)
                    seen = set()
                denied = worked = -9
                continue
            if denied < here <= denied + _WITHIN and not _TURNED.keys().isdisjoint(classes):
                classes, first = _turned(classes), denied
            elif "works" in classes:
                worked = here
            if "not" in classes:
                denied = last
                if here < worked + _WITHIN:
                    hits.append((_NOT_WORKING, worked, last))
                    seen.add("not_working")
        if classes:
            hits.append((classes, first, last))
            seen |= classes
    if seen:
        sentences.append(seen)
    return Sight(hits, _NO_CLASSES.union(*sentences), sentences)


@lru_cache(maxsize=4096)
def _turned(classes: frozenset[str]) -> frozenset[str]:
    return frozenset(_TURNED.get(name, name) for name in classes)
