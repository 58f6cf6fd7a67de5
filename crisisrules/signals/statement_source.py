"""From a lexicon of statement words as people write it to the forms that are read.

``classes`` maps a class to its members, separated by commas:

- ``outage``: a word; ``power cut``: a phrase; ``power|phone cut|cuts``: all four; ``word?``: or not
- ``*ing``: every word with that ending and at least three letters before it
- ``restor/e``: a verb, inflected by the conjugation ``e`` of the lexicon. Each form is also of the
  class ``<class>.<form>`` (``repair.done``), so that a pattern can tell what is done from what is
  being done. ``+`` in an ending doubles the last letter of the stem, ``-`` is no ending. Irregular
  forms are members of a class of that name, ``repair.done``, and so of ``repair`` too. The form
  ``any`` is for words whose inflection says nothing, such as nouns.

Each of `STAGES` maps a feature to sequences of classes; see `statement_patterns`. They stand in the
lexicon ``any/statement`` where they hold for all languages, and in a language's where they are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from crisisrules.model.errors import Place, PlaybookError, Problem
from crisisrules.signals.pieces import fold
from crisisrules.signals.text import prepare

__all__ = ["STAGES", "expand"]

STAGES: Final = ("patterns", "then", "last")
"""Patterns of a later stage may ask for the features of those before."""

_EVERY_FORM: Final = "any"
_DEFAULT_LONGEST: Final = 25

_Conjugations = Mapping[str, Mapping[str, Sequence[str]]]
_Node = list[object]


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


def _patterns(name: str, key: str, value: object) -> dict[str, list[str]]:
    read: dict[str, list[str]] = {}
    for feature, patterns in _mapping(name, key, value).items():
        if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
            raise _fault(name, f"`{key}.{feature}` must be a list of patterns")
        read[feature] = patterns
    return read


class _Classes(dict[str, int]):
    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


def _longest(name: str, value: object) -> int:
    if not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise _fault(name, "`longest_sentence` must be a number of words")
    return int(value)


def _enter(words: dict[str, _Node], norms: Sequence[str], numbers: set[int]) -> None:
    here, node = words, None
    for norm in norms:
        if node is not None:
            if len(node) == 1:
                node.append({})
            below = node[1]
            assert isinstance(below, dict)  # noqa: S101 - made two lines above
            here = below
        node = here.setdefault(norm, [[]])
    if node is not None:
        node[0] = sorted({*_numbers(node), *numbers})


def _numbers(node: _Node) -> list[int]:
    numbers = node[0]
    assert isinstance(numbers, list)  # noqa: S101 - a node begins with its classes
    return numbers


def expand(name: str, source: object) -> dict[str, object]:
    """The forms of a lexicon, ready for JSON; ``name`` (``fr/statement``) is for messages.

    Raises:
        PlaybookError: the source is not such a lexicon.
    """
    data = _mapping(name, "lexicon", source)
    table = _conjugations(name, data.get("conjugations"))
    classes = _Classes()
    words: dict[str, _Node] = {}
    endings: dict[str, list[int]] = {}
    sizes: dict[int, int] = {}
    for class_name, members in _mapping(name, "classes", data.get("classes")).items():
        if not isinstance(members, str):
            raise _fault(name, f"class `{class_name}` must be a text of members")
        number, parent = classes[class_name], classes[class_name.partition(".")[0]]
        for member in members.split(","):
            if member.strip().startswith("*"):
                endings.setdefault(fold(member.strip()[1:]), []).append(number)
                continue
            for chosen, form in _members(name, member, table):
                numbers = {number, parent}
                if form and form != _EVERY_FORM:
                    numbers.add(classes[f"{class_name}.{form}"])
                _enter(words, _folded(chosen), numbers)
                for each in numbers:
                    sizes[each] = sizes.get(each, 0) + 1
    acronyms = str(data.get("acronyms", "")).split(",")
    return {
        "language": str(data.get("language") or ""),
        "longest_sentence": _longest(name, data.get("longest_sentence", _DEFAULT_LONGEST)),
        "acronyms": sorted({fold(each.strip()) for each in acronyms if each.strip()}),
        "classes": list(classes),
        "sizes": [sizes.get(number, 0) for number in range(len(classes))],
        "endings": endings,
        **{stage: _patterns(name, stage, data.get(stage)) for stage in STAGES},
        "words": words,
    }
