"""The sources by name: ours, and those that other packages offer."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from crisisrules.adapters.platforms.adapter import Accounts, AdapterFactory, StreamAdapter
from crisisrules.adapters.platforms.alertmanager import AlertmanagerWebhook
from crisisrules.adapters.platforms.bluesky import BlueskyJetstream
from crisisrules.adapters.platforms.facebook import FacebookPosts, FacebookWebhook
from crisisrules.adapters.platforms.incident_io import IncidentIoWebhook
from crisisrules.adapters.platforms.instagram import InstagramComments
from crisisrules.adapters.platforms.mastodon import Mastodon
from crisisrules.adapters.platforms.pagerduty import PagerDutyWebhook
from crisisrules.adapters.platforms.statuspage import Statuspage
from crisisrules.adapters.platforms.x import XPosts
from crisisrules.adapters.platforms.youtube import YouTubeComments
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word

ENTRY_POINTS: Final = "crisisrules.streams"
"""The entry point group in which other packages offer adapters, each a function of our accounts."""

BUILT_IN: Final[dict[str, AdapterFactory]] = {
    "alertmanager": AlertmanagerWebhook,
    "bluesky": BlueskyJetstream,
    "facebook": FacebookWebhook,
    "facebook-posts": FacebookPosts,
    "incident.io": IncidentIoWebhook,
    "instagram": InstagramComments,
    "mastodon": Mastodon,
    "pagerduty": PagerDutyWebhook,
    "statuspage": Statuspage,
    "x": XPosts,
    "youtube": YouTubeComments,
}


def source_names() -> tuple[str, ...]:
    """The names of all sources: ours, and those that other packages offer."""
    return (*BUILT_IN, *sorted(_offered().keys() - BUILT_IN.keys()))


def stream_adapter(name: str, accounts: Accounts) -> StreamAdapter:
    """The adapter with a name; an installed package does not replace one of ours.

    Raises:
        UsageError: no adapter has that name, or the package that offers it cannot be loaded.
    """
    if name in BUILT_IN:
        return BUILT_IN[name](accounts)
    offered = _offered()
    if name not in offered:
        message = unknown_word("a source of events", name, source_names(), limit=20)
        raise UsageError(Problem(Place("source"), "unknown-source", message))
    return _load(offered[name])(accounts)


def _offered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def _load(point: EntryPoint) -> AdapterFactory:
    try:
        return cast("AdapterFactory", point.load())
    except Exception as error:
        # whatever goes wrong while somebody else's module is imported
        message = f"`{point.name}` cannot be loaded from `{point.value}`: {type(error).__name__}"
        raise UsageError(Problem(Place("source"), "unknown-source", message)) from error
