"""A bot that polls a Mastodon account and keeps the agenda: python examples/live/bot.py

It starts a server of its own to poll and lets an evening pass at once. On a real server, give
:class:`Bot` the server's address, your account and a :class:`WallClock`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import attrs
from aiohttp import ClientSession, web
from fake_mastodon import ACCOUNT, evening, server

from crisisrules import Session, load_playbook, parse_event
from crisisrules.adapters.platforms.adapter import Account
from crisisrules.adapters.platforms.mastodon import Mastodon
from crisisrules.model.events import Event
from crisisrules.model.recommendation import Action

POLL_EVERY: Final = timedelta(minutes=5)


class Clock(Protocol):
    """Where the bot's time comes from; the session itself has no clock."""

    def now(self) -> datetime:
        """The instant it is."""
        ...

    async def sleep(self, time: timedelta) -> None:
        """Come back after ``time``."""
        ...


class WallClock:
    """The time of day."""

    def now(self) -> datetime:
        """The instant it is, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, time: timedelta) -> None:
        """Sleep while others work."""
        await asyncio.sleep(time.total_seconds())


@attrs.define
class QuickClock:
    """A clock for the example: sleeping takes no time and moves its hand."""

    hand: datetime

    def now(self) -> datetime:
        """Where the hand is."""
        return self.hand

    async def sleep(self, time: timedelta) -> None:
        """Move the hand."""
        self.hand += time


@attrs.define
class Bot:
    """Feeds a session from polls of one account, and tells the agenda when it changes.

    Args:
        session: what is known and asked for.
        http: an open client whose base address is the server's.
        account: our account's id on that server.
        page: the page that it is in events.
        clock: the wall clock, or one that runs faster.
        tell: called with the instant and the agenda whenever it is another one.
    """

    session: Session
    http: ClientSession
    account: str
    page: str
    clock: Clock
    tell: Callable[[datetime, Sequence[Action]], None]
    _adapter: Mastodon = attrs.field(init=False)
    _seen: set[str] = attrs.field(factory=set, init=False)
    _told: object = attrs.field(default=[], init=False)

    def __attrs_post_init__(self) -> None:
        self._adapter = Mastodon({self.account: Account(self.page)})

    async def run(self, until: datetime) -> None:
        """Poll, pass time and tell, until an instant; wakes early when a deadline comes first."""
        while (now := self.clock.now()) <= until:
            self.feed(await self.poll(now))
            self.session.advance(now)
            self._tell(now)
            deadline = self.session.next_deadline()
            # a deadline passes once time has moved beyond it
            wake = POLL_EVERY if deadline is None else deadline - now + timedelta(seconds=1)
            await self.clock.sleep(min(POLL_EVERY, wake))

    async def poll(self, now: datetime) -> list[Event]:
        """What the account's posts and their threads show that was not seen before."""
        posts = await self._get(f"/api/v1/accounts/{self.account}/statuses")
        found = list(self._adapter.read(posts, now).events)
        for post in posts if isinstance(posts, list) else ():
            thread = await self._get(f"/api/v1/statuses/{post['id']}/context")
            found += self._adapter.read(thread, now).events
        new = [event for event in found if event.id is None or event.id not in self._seen]
        self._seen |= {event.id for event in new if event.id is not None}
        return sorted(new, key=lambda event: event.at)

    def feed(self, events: Sequence[Event]) -> None:
        """Feed events in order; a poll sees late what time has passed over, so that counts from now."""
        for event in events:
            now = self.session.now
            if now is not None and event.at < now:
                event = attrs.evolve(event, at=now)
            self.session.feed(event)

    async def _get(self, path: str) -> object:
        async with self.http.get(path) as response:
            response.raise_for_status()
            return await response.json()

    def _tell(self, now: datetime) -> None:
        agenda = self.session.agenda(page=self.page)
        shown = [(action.action, action.overdue, reasons(action)) for action in agenda]
        if shown != self._told:
            self._told = shown
            self.tell(now, agenda)


def reasons(action: Action) -> list[str]:
    """The rules that ask for an action."""
    return sorted(one.rule for one in action.recommendations)


def printed(now: datetime, agenda: Sequence[Action]) -> None:
    """The agenda as lines."""
    print(f"{now:%H:%M}" if agenda else f"{now:%H:%M}  nothing to do")
    for action in agenda:
        due = "now" if action.due_at is None else f"by {action.due_at.astimezone(now.tzinfo):%H:%M}"
        print(f"  {'LATE' if action.overdue else due:9} {action.message['en']}")
        print(f"            ({', '.join(reasons(action))})")


def declared(incident: Mapping[str, object]) -> Event:
    """An incident as a person declares it."""
    return parse_event(
        {"type": "incident.opened", "kind": "outage", "severity": "major", **incident}
    )


async def main() -> None:
    """The evening of the example: half an hour of calm, then card payments fail."""
    start = datetime(2026, 3, 2, 18, tzinfo=UTC)
    clock = QuickClock(start)
    runner = web.AppRunner(server(evening(start), clock.now))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    session = Session(load_playbook())
    session.feed(
        parse_event(
            {
                "type": "page.described",
                "at": start.isoformat(),
                "page": "shop",
                "platform": "mastodon",
                "timezone": "UTC",
            }
        )
    )
    try:
        async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http:
            bot = Bot(session, http, ACCOUNT, "shop", clock, printed)
            await bot.run(start + timedelta(minutes=29))
            failed = start + timedelta(minutes=30)
            print(f"{failed:%H:%M}  declared: card payments fail")
            incident = {
                "incident": "payments",
                "at": failed.isoformat(),
                "started_at": failed.isoformat(),
                "aware_at": failed.isoformat(),
                "title": "card payments fail",
                "keywords": ["payment", "card", "checkout", "pay"],
            }
            bot.feed([declared(incident)])
            await bot.run(start + timedelta(hours=2, minutes=15))
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
