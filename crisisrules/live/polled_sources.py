"""The sources that can be asked, by name, each with its address and our accounts there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs
from aiohttp import ClientSession
from yarl import URL

from crisisrules.adapters.platforms.accounts import accounts_of
from crisisrules.adapters.platforms.adapter import Accounts
from crisisrules.adapters.platforms.bluesky import BlueskyJetstream
from crisisrules.adapters.platforms.mastodon import Mastodon
from crisisrules.adapters.platforms.threads import Threads
from crisisrules.live.asking import Asker, address
from crisisrules.live.jetstream import Jetstream
from crisisrules.live.loop import Loop
from crisisrules.live.mastodon_polls import MastodonPolls, is_id
from crisisrules.live.polling import Polled
from crisisrules.live.remembering import remember
from crisisrules.live.secrets import secret
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

_OPTION: Final = "--poll"

_SCHEMES: Final = {"mastodon": ("https", "http"), "jetstream": ("wss", "ws")}
"""The sources, and how their addresses begin with TLS and without."""

_ACCOUNTS: Final = {"mastodon": "mastodon", "jetstream": "bluesky"}
"""Under which platform a source's accounts are declared."""


@attrs.frozen
class ToPoll:
    """A source to be asked, checked as far as can be without asking."""

    name: str
    server: URL
    accounts: Accounts


def sources_to_poll(given: Sequence[str], declared: Mapping[str, Accounts]) -> tuple[ToPoll, ...]:
    """The sources that options such as ``mastodon=https://social.example`` name.

    Raises:
        UsageError: an option is none, a source is named twice, or has no accounts.
    """
    found: dict[str, ToPoll] = {}
    for text in given:
        name, equals, where = text.partition("=")
        if name not in _SCHEMES:
            message = unknown_word("a source to poll", name, _SCHEMES)
            raise UsageError(Problem(Place(_OPTION), "unknown-source", message))
        secure, plain = _SCHEMES[name]
        if not equals:
            message = f"write `{name}={secure}://HOST`"
            raise UsageError(Problem(Place(_OPTION), "bad-address", message))
        if name in found:
            message = f"`{name}` is given twice; its accounts are known to one server only"
            raise UsageError(Problem(Place(_OPTION), "two-sources", message))
        accounts = accounts_of(declared, _ACCOUNTS[name])
        if not accounts:
            message = f"name our accounts there under `{_ACCOUNTS[name]}` in `--accounts FILE`"
            raise UsageError(Problem(Place(_OPTION), "no-accounts", message))
        for account in accounts:
            if name == "mastodon" and not is_id(account):
                message = (
                    f"`{account[:60]}` is not the id of an account; it is a number, not a name"
                )
                raise UsageError(Problem(Place(_OPTION), "bad-account", message))
        found[name] = ToPoll(name, address(where, _OPTION, secure, plain), accounts)
    return tuple(found.values())


def polled(
    source: ToPoll,
    http: ClientSession,
    loop: Loop,
    clock: Callable[[], datetime],
    environment: Mapping[str, str],
) -> Polled:
    """What asks a source; it knows the threads that the journal knows.

    Raises:
        UsageError: a secret cannot be read.
        JournalError: the journal cannot be read.
    """
    threads = Threads()
    pages = {account.page for account in source.accounts.values()}
    remember(threads, loop.keeper.journal, pages)
    if source.name == "jetstream":
        adapter = BlueskyJetstream(source.accounts, threads)
        return Jetstream(http, source.server, clock, adapter, loop)
    token = secret("mastodon_token", environment)
    asker = Asker(http, source.server, clock, token)
    return MastodonPolls(asker, source.accounts, Mastodon(source.accounts, threads), loop)
