"""Which time belongs to which promise: the next news, or the service that returns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from crisisrules.signals.statement_patterns import Boards
from crisisrules.signals.text import Prepared
from crisisrules.signals.times import TimeMention

__all__ = ["Promise", "promises"]

_NOT_PROMISED: Final = frozenset({"since", "ago"})
_FAR: Final = 1_000


class Promise(NamedTuple):
    """A promise seen in a text: its feature, its tokens (first, last), and when, if that is known."""

    feature: str
    first: int
    last: int
    at: datetime | None


def promises(
    prepared: Prepared,
    boards: Boards,
    times: Sequence[TimeMention],
    inform: Sequence[tuple[int, int]],
    back: Sequence[tuple[int, int]],
) -> list[Promise]:
    """The promises of a text, one of news and one of return at most.

    ``inform`` and ``back`` are the tokens at which they were seen. A time is of the promise in its
    clause, else of the nearest one in its sentence; a promise without a time is vague.
    """
    heads = [("next_update", *span) for span in inform] + [("eta", *span) for span in back]
    timed: dict[str, Promise] = {}
    for mention in times:
        if mention.relation in _NOT_PROMISED:
            continue
        first = max(bisect_right(prepared.starts, mention.start) - 1, 0)
        last = max(bisect_right(prepared.starts, mention.end - 1) - 1, first)
        best: tuple[int, str, int, int] | None = None
        for name, head_first, head_last in heads:
            # news comes at a time; "from nine" and "for an hour" are said of a service
            if name == "next_update" and (mention.kind == "duration" or mention.relation == "from"):
                continue
            # "every day more of them" promises no moment
            if name == "eta" and mention.kind == "recurrence":
                continue
            distance = _distance(boards, head_first, head_last, first, last)
            if distance < _FAR and (best is None or distance < best[0]):
                best = (distance, name, head_first, head_last)
        if best is None:
            continue
        distance, name, head_first, head_last = best
        if mention.kind == "duration" and distance > 8:
            continue
        if f"{name}_time" not in timed:
            # words of one promise seen by several patterns: "will be back" and "back on by noon"
            beside = [h for h in heads if h[0] == name and h[2] + 1 >= head_first and h[1] <= last]
            head_first = min((h[1] for h in beside), default=head_first)
            timed[f"{name}_time"] = Promise(
                f"{name}_time", min(head_first, first), max(head_last, last), _instant(mention)
            )
    promised = list(timed.values())
    for name, spans in (("next_update", inform), ("eta", back)):
        if spans and f"{name}_time" not in timed:
            promised.append(Promise(f"{name}_vague", *spans[0], None))
    return promised


def _instant(mention: TimeMention) -> datetime | None:
    return mention.until or mention.at


def _distance(boards: Boards, head_first: int, head_last: int, first: int, last: int) -> int:
    head = 1 << head_first
    time = 1 << first
    if not any(part & head and part & time for part in boards.sentences):
        # the end of a head may lie in the sentence of the time
        return _FAR
    gap = max(first - head_last, head_first - last, 0)
    same = any(part & (1 << head_last) and part & time for part in boards.clauses)
    return gap if same else gap + 12
