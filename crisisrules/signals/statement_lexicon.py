"""The words of a statement: classes of one language, and the patterns that read them.

They reach this room as JSON that ``generate_forms.py`` made of what people write; `statement_source`
describes that. Entries are built when their word is first seen, so loading costs little.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.statement_source import STAGES

__all__ = ["NO_WORDS", "Names", "StatementLexicon", "WordEntry", "Words", "parse_statement_lexicon"]

_FIXED: Final = "fixed"
"""The class of phrases whose words mean nothing on their own: `customer service`, `of course`."""

_LEAST_STEM: Final = 3
_REMEMBERED: Final = 40_000


_PLAIN: Final = "plain"
"""The class of words that carry no fact; it is no board, because most words are of it."""
_NO_LONGER: Final[Mapping[str, WordEntry]] = {}
_NO_REACH: Final[Mapping[int, int]] = {}


class Names(dict[str, int]):
    """Numbers of classes, given at first sight, the same for all languages of one reader."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


class WordEntry(NamedTuple):
    """What one word may begin: the numbers of its classes, and phrases by their next word.

    ``fixed`` phrases hide the classes of their words; ``listed`` words are not only known by ending;
    ``plain`` ones carry no fact. ``longer`` is empty when no phrase begins so. ``reach`` are the
    steps of patterns that the classes fit, as bits; `statement_grammar` says which.
    """

    classes: tuple[int, ...] = ()
    fixed: bool = False
    longer: Mapping[str, WordEntry] = _NO_LONGER
    listed: bool = True
    plain: bool = False
    reach: int = 0


class Words(dict[str, WordEntry | None]):
    """The entries of a lexicon by word; one that it lacks is told by its ending."""

    def __init__(
        self,
        raw: Mapping[str, object],
        endings: Mapping[str, tuple[int, ...]],
        numbers: tuple[int, ...],
        fixed: int,
        plain: int,
        reach: Mapping[int, int] = _NO_REACH,
    ) -> None:
        super().__init__()
        self._made_of = (raw, endings, numbers, fixed, plain)
        self._reach = reach
        self._tails = tuple(endings)
        self._raw = raw
        self._endings = endings
        self._numbers = numbers
        self._fixed = fixed
        self._plain = plain

    def reaching(self, reach: Mapping[int, int]) -> Words:
        """The same words, each with what its classes reach; ``reach`` has that by class."""
        return Words(*self._made_of, reach)

    def __missing__(self, word: str) -> WordEntry | None:
        if len(self) >= _REMEMBERED:
            self.clear()  # the public writes the words, so what is remembered of them is bounded
        node = self._raw.get(word)
        entry = self._entry(node) if node is not None else None
        classes = self._by_ending(word)
        if entry is not None:
            # a word that only begins a phrase says nothing of itself
            listed = bool(entry.classes) or entry.plain
            classes = (*entry.classes, *classes)
            entry = entry._replace(classes=classes, listed=listed, reach=self._reached(classes))
        elif classes:
            entry = WordEntry(classes, listed=False, reach=self._reached(classes))
        self[word] = entry
        return entry

    def _by_ending(self, word: str) -> tuple[int, ...]:
        found: tuple[int, ...] = ()
        if not word.endswith(self._tails):
            return found
        for ending, classes in self._endings.items():
            if word.endswith(ending) and len(word) >= len(ending) + _LEAST_STEM and word.isalpha():
                found += classes
        return found

    def _reached(self, classes: Iterable[int]) -> int:
        found = 0
        for number in classes:
            found |= self._reach.get(number, 0)
        return found

    def _entry(self, node: object) -> WordEntry:
        if not isinstance(node, list) or not node:
            return WordEntry()
        classes = {self._numbers[each] for each in node[0]}
        plain = self._plain in classes
        classes.discard(self._plain)
        longer = _NO_LONGER
        if len(node) > 1:
            longer = {word: self._entry(below) for word, below in node[1].items()}
        reach = self._reached(classes)
        fixed = self._fixed in classes
        return WordEntry(tuple(sorted(classes)), fixed, longer, plain=plain, reach=reach)


@attrs.frozen(kw_only=True)
class StatementLexicon:
    """The statement words of one language.

    ``longest_sentence`` counts words; ``stages`` map a feature to its patterns as written, in the
    order of `STAGES`; ``known`` are acronyms that need no explanation.
    """

    language: str
    longest_sentence: int
    entries: Words
    stages: tuple[Mapping[str, tuple[str, ...]], ...]
    known: frozenset[str]


NO_WORDS: Final = StatementLexicon(
    language="",
    longest_sentence=25,
    entries=Words({}, {}, (), -1, -1),
    stages=({},) * len(STAGES),
    known=frozenset(),
)
"""The lexicon of a language that nobody wrote one for."""


def _fault(name: str, message: str) -> PlaybookError:
    return PlaybookError(Problem(Place(name), "bad-lexicon", message))


def parse_statement_lexicon(name: str, text: str, names: Names) -> StatementLexicon:
    """The lexicon in a generated JSON text; ``name`` (``fr/statement_forms``) is for messages.

    Raises:
        PlaybookError: the text is not such a lexicon.
    """
    try:
        data = json.loads(text)
        numbers = tuple(names[each] for each in data["classes"])
        return StatementLexicon(
            language=data["language"],
            longest_sentence=data["longest_sentence"],
            entries=Words(
                data["words"],
                {
                    ending: tuple(numbers[each] for each in several)
                    for ending, several in data["endings"].items()
                },
                numbers,
                names[_FIXED],
                names[_PLAIN],
            ),
            stages=tuple(
                {feature: tuple(patterns) for feature, patterns in data[stage].items()}
                for stage in STAGES
            ),
            known=frozenset(data["acronyms"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        message = "these are not the forms of a lexicon; generate them with `generate_forms.py`"
        raise _fault(name, message) from None
