"""What is left of old events: of comments their number, of polled totals the last, of pages and posts all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import msgspec

from crisisrules.model.events import Clock, CommentReceived, CommentRemoved, PostCounted


class _Line(msgspec.Struct, omit_defaults=True):
    """As much of an event as is needed; the only one that is written is a ``post.counted``."""

    type: str
    at: str
    brand: str | None = None
    page: str | None = None
    post: str | None = None
    comments: int | None = None
    incident_comments: int | None = None
    reactions: int | None = None
    shares: int | None = None


_GOES: Final = frozenset({CommentReceived.type, CommentRemoved.type, PostCounted.type, Clock.type})


@attrs.frozen
class Thinned:
    """Events to write anew by their number, and the numbers of those to delete."""

    written: dict[int, bytes]
    deleted: list[int]


def thinned(lines: Iterable[tuple[int, bytes]]) -> Thinned:
    """What becomes of old events, given as number and JSON line.

    Whoever evaluates what is left comes to the same totals of each thread, but no longer knows when the
    comments came, nor what they said.
    """
    decoder, encoder = msgspec.json.Decoder(_Line), msgspec.json.Encoder()
    threads: dict[tuple[str | None, str | None, str | None], tuple[int, _Line]] = {}
    deleted: list[int] = []
    for seq, text in lines:
        line = decoder.decode(text)
        if line.type not in _GOES:
            continue
        deleted.append(seq)
        if line.type not in (CommentReceived.type, PostCounted.type):
            continue
        thread = (line.brand, line.page, line.post)
        _, before = threads.get(thread, (0, _Line(PostCounted.type, line.at, *thread)))
        threads[thread] = seq, _sum(before, line)
    written = {seq: encoder.encode(line) for seq, line in threads.values()}
    return Thinned(written, [seq for seq in deleted if seq not in written])


def _sum(before: _Line, line: _Line) -> _Line:
    """The totals after one more event, as a session counts them: a lower total takes nothing back."""
    comments = before.comments or 0
    if line.type == CommentReceived.type:
        comments += 1
        line = _Line(PostCounted.type, line.at, line.brand, line.page, line.post)
    return _Line(
        PostCounted.type,
        line.at,
        line.brand,
        line.page,
        line.post,
        max(comments, line.comments or 0),
        _later(before.incident_comments, line.incident_comments),
        _later(before.reactions, line.reactions),
        _later(before.shares, line.shares),
    )


def _later(before: int | None, after: int | None) -> int | None:
    return before if after is None else after
