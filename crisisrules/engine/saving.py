"""A session's state as plain JSON values, and back."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import msgspec

from crisisrules.engine.state import BrandState
from crisisrules.model.errors import InputError, Place, Problem

VERSION = 1


def brand_to_json(state: BrandState) -> dict[str, object]:
    """What is remembered of one brand."""
    written: dict[str, object] = msgspec.to_builtins(state, enc_hook=_to_list)
    return written


def brand_from_json(name: str, written: object) -> BrandState:
    """What was remembered of one brand.

    Raises:
        InputError: it was not written by :func:`brand_to_json`.
    """
    try:
        return msgspec.convert(written, BrandState, dec_hook=_from_list)
    except msgspec.ValidationError as error:
        message = f"the state of brand `{name}` cannot be read: {str(error).lower()}"
        raise InputError(Problem(Place("state"), "bad-state", message)) from None


def _to_list(value: object) -> object:
    """Rings hold what JSON does not know."""
    if isinstance(value, array):
        return value.tolist()
    raise TypeError(type(value).__name__)


def _from_list(kind: type, value: object) -> object:
    if kind is array:
        try:
            return array("q", msgspec.convert(value, list[int]))
        except OverflowError as error:
            raise ValueError(str(error)) from None
    raise TypeError(kind.__name__)


def check_version(state: Mapping[str, object], digest: str) -> tuple[int | None, dict[str, object]]:
    """The time and the brands of a state that this version and playbook can go on with.

    Raises:
        InputError: the state is of another version or playbook, or is no state.
    """
    version, playbook = state.get("version"), state.get("playbook")
    now, brands = state.get("now"), state.get("brands")
    if version != VERSION:
        message = f"this is a state of version `{version}`; this version reads `{VERSION}`"
        raise InputError(Problem(Place("state"), "other-version", message))
    if playbook != digest:
        message = (
            f"the state was made with playbook `{playbook}`, and this one is `{digest}`; replay the"
            " events with the new playbook instead"
        )
        raise InputError(Problem(Place("state"), "other-playbook", message))
    if not isinstance(brands, dict) or not (now is None or isinstance(now, int)):
        raise InputError(Problem(Place("state"), "bad-state", "`brands` and `now` are missing"))
    return now, brands
