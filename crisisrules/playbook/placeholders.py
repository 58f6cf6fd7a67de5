"""What stands in braces in a text of a rule: facts, names, times and parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crisisrules.model.errors import Place, nearest, unknown_word
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.read_conditions import facts_for, unavailable
from crisisrules.playbook.reading import Faults
from crisisrules.playbook.yamlfaults import excerpt

DEADLINES: Final = ("due_at", "overdue_by")
"""Known only of rules that have a deadline."""

_NAMES: Final = {
    "page": ("page",),
    "post": ("page", "post"),
    "item": ("page", "item"),
    "draft": ("page", "draft"),
    "comment": ("page", "post", "comment"),
    "incident": (),
    "brand": (),
    "playbook": (),
}
_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def names_for(subjects: tuple[str, ...], *, deadline: bool) -> tuple[str, ...]:
    """The names that a text of a rule about each of the subjects may use; all, of no subject."""
    shared = [name for name in _NAMES if all(name in _NAMES[subject] for subject in subjects)]
    shared = [name for name in shared if name not in ("incident", "brand")]
    return (*shared, "incident", "brand", *(DEADLINES if deadline else ()))


def placeholders(text: str) -> tuple[str, ...]:
    """What stands in the braces of a text, in order."""
    return tuple(match.group(1).strip() for match in _BRACES.finditer(text))


def check_texts(
    texts: Mapping[str, str],
    places: Mapping[str, Place],
    subjects: tuple[str, ...],
    faults: Faults,
    *,
    deadline: bool,
) -> None:
    """Report each placeholder of each language that would not be filled."""
    names = names_for(subjects, deadline=deadline)
    for language, text in texts.items():
        place = places[language]
        for word in placeholders(text):
            message = _fault(word, names, subjects, faults)
            if message is not None:
                faults.add(place, "placeholder", message)
        rest = _BRACES.sub("", text)
        if "{" in rest or "}" in rest:
            brace = "{" if "{" in rest else "}"
            faults.add(
                place, "placeholder", f"`{brace}` stands alone; braces hold a fact or a name"
            )


def _fault(
    word: str, names: tuple[str, ...], subjects: tuple[str, ...], faults: Faults
) -> str | None:
    if word in names or word in facts_for(subjects):
        return None
    if word.startswith("$"):
        known = faults.parameters
        if known is None or word[1:] in known:
            return None
        return unknown_word("a parameter", word, [f"${name}" for name in known], limit=0)
    if word in DEADLINES:
        return (
            f"`{{{word}}}` has no value here: only a rule with `within` or `every` has a deadline"
        )
    if word in FACTS:
        return unavailable(word, subjects)
    if word in _NAMES:
        return f"`{{{word}}}` is not known here; a rule about `{subjects[0]}` may use " + ", ".join(
            f"`{{{name}}}`" for name in names
        )
    pool = [*names, *facts_for(subjects)]
    near = nearest(word, pool)
    shown = excerpt(word) or " "
    if near is not None:
        return f"`{{{shown}}}` is no fact or name; did you mean `{{{near}}}`?"
    return f"`{{{shown}}}` is no fact or name; allowed: facts, " + ", ".join(
        f"`{{{name}}}`" for name in names
    )
