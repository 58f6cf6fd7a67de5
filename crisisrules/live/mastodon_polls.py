"""A Mastodon server, asked for what our accounts posted and what stands under it.

One request gives the newest posts of an account with their counts; threads that grew are read next, then
those that were not read for longest, since answers to comments change no count. Of what is deleted only
posts are noticed: a comment that is no longer listed may just be beyond what the server lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final, cast

import attrs
import msgspec

from crisisrules.adapters.platforms.adapter import Account, Accounts, Reading
from crisisrules.adapters.platforms.mastodon import PRIVATE, Mastodon
from crisisrules.adapters.platforms.payload import (
    count_at,
    instant_at,
    list_at,
    text_at,
    value_at,
    word_at,
)
from crisisrules.live.asking import Asker, NothingThereError
from crisisrules.live.loop import Loop
from crisisrules.live.polling import Faring, PollError
from crisisrules.model.events import Event, PageDescribed, PostCounted

EVERY: Final = 30.0
"""Seconds between two looks."""

LOOK_BACK: Final = timedelta(days=1)
"""What is older than this at the first look of all is history, and no event."""

A_PAGE: Final = 40
"""Posts in one answer, the most that servers give; so many are watched of each account."""

MOST_PAGES: Final = 10
"""Answers read to find where the last look ended; what lies before them is missed, and told."""

MOST_TOLD: Final = 20_000
"""Ids that are remembered, so that the journal need not be asked about each message of each look."""

THREADS_A_LOOK: Final = 10
CHECKS_A_LOOK: Final = 3


@attrs.frozen
class Seen:
    """A post as the last look saw it; ``read`` answers were there when its thread was read."""

    at: datetime
    counts: tuple[int, int, int]
    read: int = 0


@attrs.frozen
class Page:
    """An account as the last look saw it: its newest posts; what is older than ``since`` is no event."""

    since: datetime
    newest_at: datetime
    posts: dict[str, Seen]


@attrs.frozen
class Cursor:
    """Up to where a server was read."""

    accounts: dict[str, Page]


@attrs.define
class _Look:
    """What one look at an account gathers."""

    now: datetime
    since: datetime
    page: Page | None = None
    events: list[Event] = attrs.field(factory=list)


@attrs.define
class MastodonPolls:
    """Asks one server about our accounts there.

    Args:
        asker: asks the server.
        accounts: ours, by their ids on this server.
        adapter: reads the answers; knows the threads that the journal knows.
        loop: where events go.
    """

    asker: Asker
    accounts: Accounts
    adapter: Mastodon
    loop: Loop
    name: str = attrs.field(init=False)
    place: str = attrs.field(init=False)
    _told: dict[str, None] = attrs.field(factory=dict, init=False)
    _read: dict[str, int] = attrs.field(factory=dict, init=False)
    _turn: count[int] = attrs.field(factory=lambda: count(1), init=False)

    def __attrs_post_init__(self) -> None:
        server = self.asker.server.human_repr().rstrip("/")
        self.name, self.place = "mastodon", f"--poll mastodon={server}"

    @property
    def _source(self) -> str:
        return self.place.removeprefix("--poll ")

    async def ask(self, faring: Faring) -> float:
        """Look once at every account."""
        now = self.asker.clock()
        text = self.loop.keeper.journal.cursor(self._source)
        pages = _cursor(text).accounts
        events: list[Event] = []
        fault: PollError | None = None
        for name, account in self.accounts.items():
            known = pages.get(name)
            look = _Look(now, now - LOOK_BACK if known is None else known.since, known)
            try:
                await self._account(look, name, account, known, faring)
            except PollError as error:
                # what was read so far is kept, and the other accounts are looked at
                fault = error
            events += look.events
            if look.page is not None:
                pages[name] = look.page
        await self._submit(events, msgspec.json.encode(Cursor(pages)).decode(), text)
        if fault is not None:
            raise fault
        return EVERY

    async def _submit(self, found: Sequence[Event], cursor: str, before: str | None) -> None:
        events = [event for event in found if event.id is None or event.id not in self._told]
        if events or cursor != before:
            await self.loop.submit(sorted(events, key=lambda one: one.at), {self._source: cursor})
        for event in events:
            if event.id is not None:
                self._told[event.id] = None
        while len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]

    async def _account(
        self, look: _Look, name: str, account: Account, known: Page | None, faring: Faring
    ) -> None:
        if known is None:
            look.events.append(await self._described(look, name, account))
        statuses = await self._posts(look, name, known, faring)
        old = {} if known is None else known.posts
        own = _own_posts(statuses, old)
        fresh = dict(list(own.items())[:A_PAGE])
        missing = await self._gone(look, old, fresh)
        newest = [one.at for one in own.values()] + ([] if known is None else [known.newest_at])
        page = look.page = Page(look.since, max(newest, default=look.since), fresh | missing)
        self._keep(look, self.adapter.read(statuses, look.now), old)
        for post in self._threads(fresh)[:THREADS_A_LOOK]:
            answer = await self.asker.get(f"/api/v1/statuses/{post}/context")
            self._read[post] = next(self._turn)
            self._keep(look, self.adapter.read(list_at(answer, "descendants"), look.now), old)
            page.posts[post] = attrs.evolve(fresh[post], read=fresh[post].counts[0])
        while len(self._read) > MOST_TOLD:
            del self._read[next(iter(self._read))]

    async def _described(self, look: _Look, name: str, account: Account) -> Event:
        try:
            found = await self.asker.get(f"/api/v1/accounts/{name}")
        except NothingThereError:
            message = (
                f"there is no account `{name}`; its id is what"
                " `/api/v1/accounts/lookup?acct=NAME` of the server says"
            )
            raise PollError(message) from None
        return PageDescribed(
            # before all that is told of it
            at=look.since,
            brand=account.brand,
            id=f"mastodon:page:{name}",
            page=account.page,
            platform="mastodon",
            audience=count_at(found, "followers_count"),
        )

    async def _posts(
        self, look: _Look, name: str, known: Page | None, faring: Faring
    ) -> list[object]:
        """The newest posts, and all since the last look, newest first."""
        asked = {"limit": str(A_PAGE), "exclude_replies": "true", "exclude_reblogs": "true"}
        until = look.since if known is None else known.newest_at
        found: dict[str, object] = {}
        for _ in range(MOST_PAGES):
            answer = await self.asker.get(f"/api/v1/accounts/{name}/statuses", asked)
            if not isinstance(answer, list):
                message = "the answer is no list of posts; is that the address of such a server?"
                raise PollError(message)
            more = {
                post: one
                for one in answer
                if (post := text_at(one, "id")) is not None and post not in found
            }
            found |= more
            oldest = min(
                (at for one in answer if (at := instant_at(one, "created_at"))), default=until
            )
            if not more or oldest <= until:
                return list(found.values())
            asked = {**asked, "max_id": list(more)[-1]}
        faring.missed(f"more than {len(found)} posts since the last look; older ones were not read")
        return list(found.values())

    async def _gone(
        self, look: _Look, old: Mapping[str, Seen], fresh: Mapping[str, Seen]
    ) -> dict[str, Seen]:
        """Tell of posts that should be listed and are not; those that are still to be looked for."""
        oldest = min((one.at for one in fresh.values()), default=look.now)
        missing = {
            post: seen for post, seen in old.items() if post not in fresh and seen.at > oldest
        }
        for post in list(missing)[:CHECKS_A_LOOK]:
            del missing[post]
            try:
                await self.asker.get(f"/api/v1/statuses/{post}")
            except NothingThereError:
                deleted = {"event": "delete", "payload": post}
                self._keep(look, self.adapter.read(deleted, look.now), old)
        return missing

    def _threads(self, fresh: Mapping[str, Seen]) -> list[str]:
        """The threads to read: those that grew, then those that were not read for longest."""
        answered = [post for post, seen in fresh.items() if seen.counts[0]]
        return sorted(
            answered,
            key=lambda post: (
                fresh[post].counts[0] == fresh[post].read,
                self._read.get(post, 0),
            ),
        )

    def _keep(self, look: _Look, reading: Reading, old: Mapping[str, Seen]) -> None:
        for event in reading.events:
            if event.at < look.since:
                continue
            if event.type == PostCounted.type and not _is_news(event, look, old):
                continue
            # whoever writes elsewhere dates it; no date may pass deadlines that lie ahead
            look.events.append(attrs.evolve(event, at=min(event.at, look.now)))


def is_id(text: str) -> bool:
    """Whether a text can be an id of this platform, and so a part of a path."""
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _own_posts(statuses: Sequence[object], old: Mapping[str, Seen]) -> dict[str, Seen]:
    """Posts of the account that have a public thread."""
    found: dict[str, Seen] = {}
    for status in statuses:
        name, at = text_at(status, "id"), instant_at(status, "created_at")
        if name is None or not is_id(name) or at is None or value_at(status, "reblog") is not None:
            continue
        if text_at(status, "in_reply_to_id") or word_at(status, "visibility") in PRIVATE:
            continue
        read = old[name].read if name in old else 0
        found[name] = Seen(at, _counts(status), read)
    return found


def _counts(status: object) -> tuple[int, int, int]:
    names = ("replies_count", "favourites_count", "reblogs_count")
    comments, reactions, shares = (count_at(status, name) or 0 for name in names)
    return comments, reactions, shares


def _is_news(event: Event, look: _Look, old: Mapping[str, Seen]) -> bool:
    """Whether counts are others than the last ones, and of a post that was told of."""
    counted = cast("PostCounted", event)
    seen = None if look.page is None else look.page.posts.get(counted.post)
    if seen is None or seen.at < look.since:
        # of a post of before, all that it ever got would look as if it came now
        return False
    return counted.post not in old or old[counted.post].counts != seen.counts


def _cursor(text: str | None) -> Cursor:
    try:
        return Cursor({}) if text is None else msgspec.json.decode(text, type=Cursor)
    except msgspec.DecodeError:
        # of another version of this program: what is known is known by its ids all the same
        return Cursor({})
