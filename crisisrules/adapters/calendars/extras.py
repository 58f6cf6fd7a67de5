"""The libraries that only some formats need, and what is said when they are missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crisisrules.model.errors import InputError, Place, Problem


@contextmanager
def calendar_extra(what: str) -> Iterator[None]:
    """Turn a failed import into an error that names the extra to install.

    Raises:
        InputError: a library is missing.
    """
    try:
        yield
    except ImportError as error:
        message = (
            f"reading {what} needs the library `{error.name}`, which is not installed;"
            " install it with `pip install 'crisisrules[calendar]'`"
        )
        raise InputError(Problem(Place(what), "missing-library", message)) from None
