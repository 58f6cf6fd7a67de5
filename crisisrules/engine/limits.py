"""How many comments may come on a page, or under a post, before some subject must be asked again."""

from __future__ import annotations

from typing import Final

import attrs

from crisisrules.engine.asking import Asked
from crisisrules.engine.flips import comments_until
from crisisrules.engine.plan import NEVER
from crisisrules.engine.subjects import Key
from crisisrules.engine.watch import Watch


@attrs.define
class Limits:
    """The totals of one place at which each subject must be asked again.

    Of each there are two: the second holds while only plain comments come, which have neither text nor
    class and stand under a post that is about no incident.
    """

    by_key: dict[Key, tuple[int, int]] = attrs.field(factory=dict)
    _least: tuple[int, int] | None = None

    def put(self, key: Key, limit: int, plain: int) -> None:
        """Set the totals of a subject; NEVER is none."""
        if limit < NEVER:
            self.by_key[key] = limit, plain
        else:
            self.by_key.pop(key, None)
        self._least = None

    def least(self, *, plain: bool) -> int:
        """The first total at which somebody must be asked."""
        if self._least is None:
            totals = self.by_key.values()
            self._least = (
                min((limit for limit, _ in totals), default=NEVER),
                min((limit for _, limit in totals), default=NEVER),
            )
        return self._least[plain]

    def reached(self, total: int, *, plain: bool) -> list[Key]:
        """Who must be asked at this total."""
        if total < self.least(plain=plain):
            return []
        return [key for key, limits in self.by_key.items() if limits[plain] <= total]


_NONE: Final = Limits()


class AllLimits:
    """The limits of every place of a brand: of pages, and of posts with comments under them."""

    __slots__ = ("_places",)

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], Limits] = {}

    def of(self, page: str, post: str = "") -> Limits:
        """Those of a page, or of a post on it; not to be written to."""
        return self._places.get((page, post), _NONE)

    def put(self, key: Key, limit: int, plain: int, post: str = "") -> None:
        """Set the totals of a subject, on its page or under a post there."""
        place = (key.page, post)
        found = self._places.get(place)
        if found is None:
            if limit >= NEVER:
                return
            found = self._places[place] = Limits()
        found.put(key, limit, plain)

    def wait_for(self, watch: Watch, asked: Asked) -> None:
        """Set the totals at which a subject that was just asked must be asked again."""
        page, thread, key = asked.scene.page, asked.scene.thread, asked.key
        if page is None:
            return
        left, plain = comments_until(watch.page_limits, asked.row, asked.scene)
        self.put(key, page.comments + left, page.comments + plain)
        if thread is not None and key.kind == "post":
            left, plain = comments_until(watch.post_limits, asked.row, asked.scene)
            self.put(key, thread.comments + left, thread.comments + plain, thread.post)

    def drop(self, key: Key) -> None:
        """Forget a subject."""
        for post in {"", key.id}:
            if (key.page, post) in self._places:
                self._places[key.page, post].put(key, NEVER, NEVER)

    def clear(self) -> None:
        """Forget all."""
        self._places.clear()
