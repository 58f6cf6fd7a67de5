"""What every event has, whatever happened."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeAlias

import attrs

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened at an instant, to a brand (None: the only one of the stream).

    ``id`` is the delivery's own id where the source gives one, so that a repeated delivery is known.
    """

    type: ClassVar[str] = ""
    at: datetime
    brand: str | None = None
    id: str | None = None
