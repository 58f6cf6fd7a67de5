"""The reader in use: ours, or the one that an installed package offers in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, cast

from crisisrules.model.errors import Place, Problem, UsageError
from crisisrules.signals.builtin import load_lexicon_signals
from crisisrules.signals.reading import Signals

__all__ = ["ENTRY_POINTS", "load_signals"]

ENTRY_POINTS: Final = "crisisrules.signals"
"""The entry point group in which a package offers a reader: a function of the playbook's lexicons."""

SignalsFactory = Callable[[Mapping[str, str]], Signals]


def load_signals(lexicons: Mapping[str, str]) -> Signals:
    """The reader for a playbook's lexicon texts, by ``<language>/<name>``.

    Raises:
        PlaybookError: a text is not a lexicon.
        UsageError: more than one package offers a reader, or the one that does cannot be loaded.
    """
    return _factory()(lexicons)


@cache
def _factory() -> SignalsFactory:
    # imported here because it is slow, and most programs that import this package read no text
    from importlib.metadata import entry_points

    offered = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    if not offered:
        return load_lexicon_signals
    if len(offered) > 1:
        names = ", ".join(f"`{point.name}` of `{point.value}`" for point in offered)
        message = f"more than one installed package reads texts: {names}; keep one"
        raise UsageError(Problem(Place("signals"), "two-readers", message))
    (point,) = offered
    try:
        return cast("SignalsFactory", point.load())
    except Exception as error:
        # whatever goes wrong while somebody else's module is imported
        message = f"`{point.name}` cannot be loaded from `{point.value}`: {type(error).__name__}"
        raise UsageError(Problem(Place("signals"), "bad-reader", message)) from error
