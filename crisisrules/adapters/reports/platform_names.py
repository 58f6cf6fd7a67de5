"""What platforms call themselves, and what people call the channels that are none."""

from __future__ import annotations

from typing import Final

_NAMES: Final[dict[str, str | tuple[str, str]]] = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "linkedin": "LinkedIn",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "threads": "Threads",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "pinterest": "Pinterest",
    "google_business": "Google Business",
    "status_page": ("the status page", "la page d'état"),
    "website": ("the website", "le site"),
    "email": ("e-mail", "e-mail"),
    "press": ("the press line", "la ligne presse"),
    "support": ("support", "l'assistance"),
    "sms": ("SMS", "SMS"),
    "phone": ("the phone", "le téléphone"),
    "shop": ("the shop floor", "la boutique"),
    "other": ("another channel", "un autre canal"),
}


def platform_name(platform: str, language: str) -> str:
    """A platform as a reader knows it; one that is not on the list stands for itself."""
    name = _NAMES.get(platform, platform)
    return name if isinstance(name, str) else name[language == "fr"]
