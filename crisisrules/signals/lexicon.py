"""Lexicons: the meaning classes of the words and phrases of one language.

A lexicon reaches this room as JSON text that the ``inflect`` command generated; it maps each class
(`fault`, `price`, `sorry`, …) to word forms and phrases. The names of the classes are the same in all
languages, so what is learnt about classes holds for a language that nothing was learnt from. Classes
are kept as bits of whole numbers, so that those of a phrase, a sentence or a text are one number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.marks import STOPS
from crisisrules.signals.spelling import misspellings
from crisisrules.signals.text import Prepared, prepare

__all__ = ["Classes", "Hit", "Lexicon", "Sight", "join", "look", "parse_lexicon"]

_HASTY: Final = ("danger", "vulnerable")
"""Classes whose words count when they are misspelt too: whoever calls for help types in haste."""

_WITHIN: Final = 3
"""How many tokens a negation reaches forward: "no working signal", "pas la moindre panne"."""

_TURNED: Final = {
    "fault": "no_fault",
    "lost": "no_fault",
    "utility": "lost",
    "use": "unable",
    "works": "not_working",
}


class Classes(dict[str, int]):
    """The bit of each class, given at first sight, the same for all languages of one reader."""

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self.denying = self["not"]
        self.working = self["works"]
        self.not_working = self["not_working"]
        self.turned = {self[name]: self[other] for name, other in _TURNED.items()}
        self.turning = self.of(_TURNED)
        self.special = self.denying | self.turning

    def __missing__(self, name: str) -> int:
        bit = self[name] = 1 << len(self)
        self._names.append(name)
        return bit

    def of(self, names: Iterable[str]) -> int:
        """The bits of several classes."""
        found = 0
        for name in names:
            found |= self[name]
        return found

    def names(self, bits: int) -> list[str]:
        """The classes whose bits are set, in the order in which they were first seen."""
        found: list[str] = []
        while bits:
            low = bits & -bits
            found.append(self._names[low.bit_length() - 1])
            bits ^= low
        return found

    def turn(self, bits: int) -> int:
        """The classes of a word that is denied."""
        for bit, other in self.turned.items():
            if bits & bit:
                bits = bits & ~bit | other
        return bits


class Entry(NamedTuple):
    """What one word may begin: the bits of its own classes, and phrases by their next word.

    ``special`` words end a sentence, deny what follows or are turned over by a denial.
    """

    classes: int
    longer: Mapping[str, Entry] | None
    special: bool


@attrs.frozen(kw_only=True)
class Lexicon:
    """The words of one language, its function words, by which it is recognised, among them."""

    language: str
    status: str
    classes: Classes
    entries: Mapping[str, Entry]
    function_words: frozenset[str]


Hit = tuple[int, int, int]
"""The bits of classes seen in the tokens from the first to the last number, both included."""


class Sight(NamedTuple):
    """What was seen in a text: hits in order of place, and the classes of each sentence, as bits."""

    hits: Sequence[Hit]
    classes: int
    sentences: Sequence[int]


_ENDS: Final = {stop: Entry(0, None, special=True) for stop in STOPS}
_FAR: Final = -9


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
        self.classes = 0
        self.longer: dict[str, _Growing] = {}

    def add(self, words: Sequence[str], bits: int) -> None:
        here = self
        for word in words:
            found = here.longer.get(word)
            if found is None:
                found = here.longer[word] = _Growing()
            here = found
        here.classes |= bits

    def settled(self, special: int) -> Entry:
        longer = {word: branch.settled(special) for word, branch in self.longer.items()}
        return Entry(self.classes, longer or None, bool(self.classes & special))


def parse_lexicon(name: str, text: str, bits: Classes) -> Lexicon:
    """The lexicon in a generated JSON text, its classes entered in ``bits``.

    ``name`` (``fr/forms``) is for messages.

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
        bit = bits[class_name]
        for form in words:
            root.add(form.split(" "), bit)
    for form in (form for name in _HASTY for form in classes.get(name, ())):
        for misspelt in misspellings(form):
            if misspelt not in root.longer:
                root.add([misspelt], bits.of(name for name in _HASTY if form in classes[name]))
    return Lexicon(
        language=language,
        status=status,
        classes=bits,
        entries={**(root.settled(bits.special).longer or {}), **_ENDS},
        function_words=frozenset(function_words),
    )


def folded_words(phrase: str) -> str:
    """A phrase as lexicons hold it: its tokens folded, one blank between them."""
    return " ".join(prepare(phrase).norms)


def join(lexicons: Sequence[Lexicon], bits: Classes) -> Lexicon:
    """All languages in one, for a text too short to tell its language; ``bits`` are their classes."""
    root = _Growing()

    def graft(into: _Growing, entry: Entry) -> None:
        into.classes |= entry.classes
        for word, branch in (entry.longer or {}).items():
            graft(into.longer.setdefault(word, _Growing()), branch)

    for lexicon in lexicons:
        for word, entry in lexicon.entries.items():
            graft(root.longer.setdefault(word, _Growing()), entry)
    return Lexicon(
        language="",
        status="stable",
        classes=bits,
        entries={**(root.settled(bits.special).longer or {}), **_ENDS},
        function_words=frozenset[str]().union(*(each.function_words for each in lexicons)),
    )


def look(prepared: Prepared, lexicon: Lexicon) -> Sight:
    """See the classes in a text: the longest phrase at each place, and what negations turn over.

    A negated `fault` becomes `no_fault`; a negated `utility` ("no water") becomes `lost`, a negated
    `use` ("can't pay") `unable` and a negated `works` ("ne marche plus") `not_working`: that is what
    a disruption looks like to those it hits.
    """
    norms = prepared.norms
    bits = lexicon.classes
    hits: list[Hit] = []
    sentences: list[int] = []
    everything = seen = free = 0
    denied = worked = _FAR
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
                    everything |= seen
                    seen = 0
                denied = worked = _FAR
                continue
            if denied < here <= denied + _WITHIN and classes & bits.turning:
                classes, first = bits.turn(classes), denied
            elif classes & bits.working:
                worked = here
            if classes & bits.denying:
                denied = last
                if here < worked + _WITHIN:
                    hits.append((bits.not_working, worked, last))
                    seen |= bits.not_working
        if classes:
            hits.append((classes, first, last))
            seen |= classes
    if seen:
        sentences.append(seen)
    return Sight(hits, everything | seen, sentences)
