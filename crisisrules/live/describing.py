"""Our pages, told to a session before anything happens there: a page that says nothing is watched as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crisisrules.adapters.platforms.adapter import Accounts
from crisisrules.engine.session import DEFAULT_BRAND, Session
from crisisrules.model.events import Event, PageDescribed
from crisisrules.model.vocabulary import PLATFORMS


def described(accounts: Mapping[str, Accounts], session: Session, at: datetime) -> list[Event]:
    """A ``page.described`` for each page that the session does not know yet.

    Args:
        accounts: ours, by source; those of incident tools are no pages.
        session: what is known.
        at: when it is told.
    """
    return [
        PageDescribed(
            at=at,
            brand=account.brand,
            id=f"accounts:{platform}:{name}",
            page=account.page,
            platform=platform,
        )
        for platform, ours in accounts.items()
        if platform in PLATFORMS
        for name, account in ours.items()
        if account.page not in _pages(session, account.brand or DEFAULT_BRAND)
    ]


def _pages(session: Session, brand: str) -> frozenset[str]:
    return frozenset(session.brand_session(brand).state.pages)
