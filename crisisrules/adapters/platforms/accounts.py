"""The file that says which account of a platform is which page: YAML or JSON, with a place for each fault.

.. code-block:: yaml

    accounts:
      mastodon:
        "109348218390155612": shop            # the page, of the only brand
      facebook:
        "1024": {page: town-facebook, brand: town}
      pagerduty:
        PIJ90N7: {brand: town}                # a service, a status page or a receiver has no page
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crisisrules.adapters.incidents.documents import (
    Document,
    read_json_document,
    read_yaml_document,
)
from crisisrules.adapters.platforms.adapter import Account, Accounts
from crisisrules.adapters.platforms.sources import source_names
from crisisrules.adapters.streams.json_text import Path as ValuePath
from crisisrules.adapters.streams.reading import not_utf8, unreadable
from crisisrules.model.errors import InputError, Place, Problem, unknown_word
from crisisrules.model.events import JsonValue

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a file."""

_SAME: Final = {"facebook-posts": "facebook"}
"""Sources that read another source's accounts: two ways to the same pages."""

_KEYS: Final = ("page", "brand")


def accounts_of(declared: Mapping[str, Accounts], source: str) -> Accounts:
    """The accounts that were declared for a source; none when it was left out."""
    return declared.get(_SAME.get(source, source), {})


def read_accounts(path: Path) -> dict[str, Accounts]:
    """Our accounts by source, each by the platform's id for it.

    An account without ``page`` is a page named by its id.

    Raises:
        InputError: the file cannot be read, or anything in it is at fault; with every fault.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise InputError(unreadable(source, error)) from None
    if len(data) > LARGEST:
        message = f"the file is larger than {LARGEST // 1024 // 1024} MB"
        raise InputError(Problem(Place(source), "too-large", message))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(Problem(Place(source, line), "not-utf8", not_utf8(data, error))) from None
    read = read_json_document if text.lstrip()[:1] == "{" else read_yaml_document
    return _Reading(read(text, source)).accounts()


class _Reading:
    """One pass over a document, which gathers all faults."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems: list[Problem] = []

    def accounts(self) -> dict[str, Accounts]:
        root = self._document.value
        declared = root.get("accounts") if isinstance(root, dict) else None
        if not isinstance(root, dict) or not isinstance(declared, dict):
            message = "a file of accounts has one key, `accounts`, with a mapping of sources"
            self._report((), "no-accounts", message)
            raise InputError(self._problems)
        for key in root:
            if key != "accounts":
                message = unknown_word("a key here", key, ("accounts",))
                self._report((key,), "unknown-key", message, at_key=True)
        names = [name for name in source_names() if name not in _SAME]
        found: dict[str, Accounts] = {}
        for source, given in declared.items():
            path: ValuePath = ("accounts", source)
            if source in _SAME:
                message = f"`{source}` has the accounts of `{_SAME[source]}`; name them there"
                self._report(path, "unknown-source", message, at_key=True)
            elif source not in names:
                message = unknown_word("a source of events", source, names, limit=20)
                self._report(path, "unknown-source", message, at_key=True)
            elif not isinstance(given, dict):
                message = "the accounts of a source are a mapping, the platform's id: the page"
                self._report(path, "wrong-type", message)
            else:
                found[source] = {
                    name: self._account((*path, name), name, value) for name, value in given.items()
                }
        if self._problems:
            raise InputError(sorted(self._problems, key=_position))
        return found

    def _account(self, path: ValuePath, name: str, value: JsonValue) -> Account:
        if isinstance(value, str) and value:
            return Account(value)
        if not isinstance(value, dict):
            message = "an account is the name of a page, or a mapping with `page`, `brand` or both"
            self._report(path, "wrong-type", message)
            return Account(name)
        words: dict[str, str] = {}
        for key, word in value.items():
            if key not in _KEYS:
                message = unknown_word("a key of an account", key, _KEYS)
                self._report((*path, key), "unknown-key", message, at_key=True)
            elif not isinstance(word, str) or not word:
                self._report((*path, key), "bad-value", f"`{key}` is a name; put it in quotes")
            else:
                words[key] = word
        return Account(words.get("page", name), words.get("brand"))

    def _report(self, path: ValuePath, name: str, message: str, *, at_key: bool = False) -> None:
        self._problems.append(Problem(self._document.place_of(path, at_key), name, message))


def _position(problem: Problem) -> tuple[int, int]:
    return problem.place.line or 0, problem.place.column or 0
