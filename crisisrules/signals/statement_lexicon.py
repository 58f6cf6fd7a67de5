"""The words of a statement: classes of one language, and the patterns that read them.

A lexicon is a short YAML text. ``classes`` maps a class to its members, separated by commas:

- ``outage``: a word; ``power cut``: a phrase; ``power|phone cut|cuts``: all four; ``word?``: or not
- ``*ing``: every word with that ending and at least three letters before it
- ``restor/e``: a verb, inflected by the conjugation ``e`` of the lexicon. Each form is also of the
  class ``<class>.<form>`` (``repair.done``), so that a pattern can tell what is done from what is
  being done. ``+`` in an ending doubles the last letter of the stem, ``-`` is no ending. Irregular
  forms are members of a class of that name, ``repair.done``, and so of ``repair`` too.

``patterns`` maps a feature to sequences of classes; see `statement_patterns`. They stand in the text
``any/statement`` where they hold for all languages, and in a lexicon where they are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

import attrs
import yaml

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.text import fold, prepare

__all__ = [
    "FIXED",
    "STAGES",
    "Names",
    "StatementLexicon",
    "WordEntry",
    "Words",
    "parse_statement_lexicon",
]

STAGES: Final = ("patterns", "then", "last")
"""Patterns of a later stage may ask for the features of those before."""

FIXED: Final = "fixed"
"""The class of phrases whose words mean nothing on their own: `customer service`, `of course`."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EVERY_FORM: Final = "any"
"""The form of words whose inflection says nothing, such as nouns."""
_LEAST_STEM: Final = 3
_REMEMBERED: Final = 40_000
_DEFAULT_LONGEST: Final = 25


class Names(dict[str, int]):
    """Numbers of classes, given at first sight, the same for all languages of one reader."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


class WordEntry(NamedTuple):
    """What one word may begin: the numbers of its classes, and phrases by their next word."""

    classes: tuple[int, ...]
    fixed: bool
    longer: Mapping[str, WordEntry] | None


@attrs.frozen(kw_only=True)
class StatementLexicon:
    """The statement words of one language.

    ``longest_sentence`` counts words; ``stages`` map a feature to its patterns as
    written, in the order of `STAGES`; ``sizes`` has the number of members of each
    class; ``known`` are acronyms that need no explanation.
    """

    language: str
    longest_sentence: int
    entries: Words
    stages: tuple[Mapping[str, tuple[str, ...]], ...]
    sizes: Mapping[int, int]
    known: tuple[str, ...]


class Words(dict[str, WordEntry | None]):
    """The entries of a lexicon by word; a word that it lacks is told by its ending, once."""

    def __init__(
        self, entries: Mapping[str, WordEntry], endings: Mapping[str, tuple[int, ...]]
    ) -> None:
        super().__init__(entries)
        self._listed = dict(entries)
        self._endings = endings
        for word, entry in entries.items():
            classes = self._by_ending(word)
            if classes:
                merged = tuple(sorted({*entry.classes, *classes}))
                self[word] = self._listed[word] = entry._replace(classes=merged)

    def _by_ending(self, word: str) -> tuple[int, ...]:
        found: tuple[int, ...] = ()
        for ending, classes in self._endings.items():
            if word.endswith(ending) and len(word) >= len(ending) + _LEAST_STEM and word.isalpha():
                found += classes
        return found

    def __missing__(self, word: str) -> WordEntry | None:
        classes = self._by_ending(word)
        entry = WordEntry(classes, False, None) if classes else None
        if len(self) >= _REMEMBERED:
            # the public writes the words, so what is remembered of them is bounded
            self.clear()
            self.update(self._listed)
        self[word] = entry
        return entry


class _Branch:
    __slots__ = ("classes", "fixed", "longer")

    def __init__(self) -> None:
        self.classes: set[int] = set()
        self.fixed = False
        self.longer: dict[str, _Branch] = {}

    def settled(self) -> WordEntry:
        longer = {word: branch.settled() for word, branch in self.longer.items()}
        return WordEntry(tuple(sorted(self.classes)), self.fixed, longer or None)


_Conjugations = Mapping[str, Mapping[str, Sequence[str]]]


def _fault(name: str, message: str) -> PlaybookError:
    return PlaybookError(Problem(Place(name), "bad-lexicon", message))


def _mapping(name: str, key: str, value: object) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value):
        raise _fault(name, f"`{key}` must map names to members")
    return value


def _conjugations(name: str, value: object) -> _Conjugations:
    read: dict[str, dict[str, list[str]]] = {}
    for conjugation, forms in _mapping(name, "conjugations", value).items():
        read[conjugation] = {}
        for form, endings in _mapping(name, f"conjugations.{conjugation}", forms).items():
            if not isinstance(endings, str):
                raise _fault(name, f"`conjugations.{conjugation}.{form}` must be a text")
            read[conjugation][form] = [ending.strip("-") for ending in endings.split()]
    return read


def _inflected(name: str, word: str, table: _Conjugations) -> Iterator[tuple[str, str]]:
    """The forms of one word of a member, each with the name of the form or ""."""
    stem, slash, conjugation = word.partition("/")
    if not slash:
        yield word, ""
        return
    forms = table.get(conjugation)
    if forms is None:
        raise _fault(name, f"`{word}`: no conjugation is called `{conjugation}`")
    for form, endings in forms.items():
        for ending in endings:
            doubled = ending.startswith("+")
            yield stem + (stem[-1:] if doubled else "") + ending.removeprefix("+"), form


def _members(name: str, member: str, table: _Conjugations) -> Iterator[tuple[list[str], str]]:
    """The word sequences of one member, each with the name of its form or ""."""
    choices: list[list[tuple[str, str]]] = []
    for part in member.split():
        words = [("", "")] if part.endswith("?") else []
        for word in part.removesuffix("?").split("|"):
            words += _inflected(name, word, table)
        choices.append(words)
    for chosen in product(*choices):
        words_only = [word for word, _ in chosen if word]
        yield words_only, max((form for _, form in chosen), default="")


def _folded(words: list[str]) -> Sequence[str]:
    if len(words) == 1 and words[0].isalpha():
        return (fold(words[0]),)
    # an elided article is cut off only before a letter: `d' eau` is written `d'eau` in a text
    text = " ".join(words).replace("' ", "'")
    return prepare(text + "x").norms[:-1] if text.endswith("'") else prepare(text).norms


def _patterns(name: str, key: str, value: object) -> dict[str, tuple[str, ...]]:
    read: dict[str, tuple[str, ...]] = {}
    for feature, patterns in _mapping(name, key, value).items():
        if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
            raise _fault(name, f"`{key}.{feature}` must be a list of patterns")
        read[feature] = tuple(patterns)
    return read


def parse_statement_lexicon(name: str, text: str, names: Names) -> StatementLexicon:
    """The lexicon in a YAML text; ``name`` (``fr/statement``) is for messages.

    Raises:
        PlaybookError: the text is not such a lexicon.
    """
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise _fault(name, f"the lexicon is not YAML{where}") from None
    data = _mapping(name, "lexicon", data)
    longest = data.get("longest_sentence", _DEFAULT_LONGEST)
    if not isinstance(longest, int):
        raise _fault(name, "`longest_sentence` must be a number of words")
    table = _conjugations(name, data.get("conjugations"))
    root = _Branch()
    sizes: dict[int, int] = {}
    endings: dict[str, tuple[int, ...]] = {}
    for class_name, members in _mapping(name, "classes", data.get("classes")).items():
        if not isinstance(members, str):
            raise _fault(name, f"class `{class_name}` must be a text of members")
        for member in members.split(","):
            if member.strip().startswith("*"):
                ending = fold(member.strip()[1:])
                endings[ending] = (*endings.get(ending, ()), names[class_name])
                continue
            for words, form in _members(name, member, table):
                here = root
                for word in _folded(words):
                    here = here.longer.setdefault(word, _Branch())
                if here is root:
                    continue
                numbers = {names[class_name], names[class_name.partition(".")[0]]}
                if form and form != _EVERY_FORM:
                    numbers.add(names[f"{class_name}.{form}"])
                here.classes |= numbers
                for number in numbers:
                    sizes[number] = sizes.get(number, 0) + 1
                here.fixed = here.fixed or class_name == FIXED
    return StatementLexicon(
        language=str(data.get("language") or ""),
        longest_sentence=longest,
        entries=Words(root.settled().longer or {}, endings),
        stages=tuple(_patterns(name, stage, data.get(stage)) for stage in STAGES),
        sizes=sizes,
        known=tuple(fold(each.strip()) for each in str(data.get("acronyms", "")).split(",")),
    )
