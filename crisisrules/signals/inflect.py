"""From base words to the forms that texts hold: how a lexicon is generated from what people write.

A ``words`` file gives, for one language, its function words, its paradigms and its classes. A word
may carry the name of a paradigm after a slash (``panne/s``); a paradigm says which ending goes and
which endings come instead (``e > e es ed ing``; ``-`` is no ending). Nothing here knows a language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from crisisrules.model.errors import Place, PlaybookError, Problem, unknown_word
from crisisrules.signals.lexicon import folded_words

__all__ = ["inflect"]

_PARTS: Final = ("language", "status", "function_words", "paradigms", "classes")
_STATUSES: Final = ("preview", "stable")


def inflect(source: str, words: Mapping[str, object]) -> dict[str, object]:
    """The generated lexicon of a ``words`` file, ready to be written as JSON.

    Args:
        source: the file's name, for messages.
        words: what the file says: ``language``, ``status``, ``function_words`` (separated by
            blanks), ``paradigms`` (name to endings) and ``classes`` (name to words and phrases,
            separated by commas).

    Raises:
        PlaybookError: with every fault of the file.
    """
    problems: list[Problem] = []
    for part in (*words, *_PARTS):
        if part not in words:
            problems.append(_problem(source, f"`{part}` is missing"))
        elif part not in _PARTS:
            problems.append(_problem(source, unknown_word("a part of a lexicon", part, _PARTS)))
    if words.get("status") not in _STATUSES:
        problems.append(_problem(source, "`status` must be `preview` or `stable`"))
    paradigms = {
        name: _endings(source, name, rule, problems)
        for name, rule in _texts(words.get("paradigms")).items()
    }
    classes: dict[str, list[str]] = {}
    for name, entries in _texts(words.get("classes")).items():
        forms: set[str] = set()
        for entry in filter(None, map(str.strip, entries.split(","))):
            forms.update(_forms(source, entry, paradigms, problems))
        classes[name] = sorted(forms)
    if problems:
        raise PlaybookError(problems)
    return {
        "language": words["language"],
        "status": words["status"],
        "function_words": sorted({folded_words(w) for w in str(words["function_words"]).split()}),
        "classes": classes,
    }


def _problem(source: str, message: str) -> Problem:
    return Problem(Place(source), "bad-lexicon", message)


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _endings(
    source: str, name: str, rule: str, problems: list[Problem]
) -> tuple[str, Sequence[str]]:
    old, arrow, new = rule.partition(">")
    if not arrow or not new.strip():
        message = f"paradigm `{name}` must read `old > new new`, `{rule}` does not"
        problems.append(_problem(source, message))
    return old.strip(), ["" if ending == "-" else ending for ending in new.split()]


def _forms(
    source: str,
    entry: str,
    paradigms: Mapping[str, tuple[str, Sequence[str]]],
    problems: list[Problem],
) -> list[str]:
    choices: list[Sequence[str]] = []
    for word in entry.split():
        base, slash, name = word.partition("/")
        if not slash:
            choices.append([word])
            continue
        if name not in paradigms:
            message = f"`{entry}`: {unknown_word('a paradigm', name, paradigms)}"
            problems.append(_problem(source, message))
            continue
        old, endings = paradigms[name]
        if not base.endswith(old):
            problems.append(_problem(source, f"`{entry}`: `{base}` does not end in `{old}`"))
            continue
        stem = base.removesuffix(old)
        choices.append([base, *(stem + ending for ending in endings)])
    return [folded_words(" ".join(form)) for form in product(*choices)]
