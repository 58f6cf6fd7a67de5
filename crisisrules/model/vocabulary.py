"""The closed lists of the field: what a kind, class, severity, phase or action may be called."""

from __future__ import annotations

from typing import Final

INCIDENT_KINDS: Final = (
    "outage",
    "data_breach",
    "recall",
    "safety",
    "reputational",
    "external_tragedy",
    "industrial_dispute",
    "leaked_exercise",
    "other",
)
SEVERITIES: Final = ("minor", "major", "critical")
PHASES: Final = ("investigating", "identified", "monitoring", "resolved")
SERVICE_KINDS: Final = ("incident_status", "service_info", "resolution", "apology", "compensation")
COMMERCIAL_KINDS: Final = ("promotional", "contest", "product", "lifestyle", "corporate")
POST_KINDS: Final = (*SERVICE_KINDS, *COMMERCIAL_KINDS, "reply", "unknown")
COMMENT_CLASSES: Final = (
    "question",
    "complaint",
    "factual_error",
    "safety",
    "abuse",
    "spam",
    "other",
)
SURFACES: Final = ("organic", "story", "ad", "email", "influencer", "auto_reply", "reply")
ITEM_STATES: Final = ("scheduled", "draft", "held", "cleared", "cancelled", "published")
PLATFORMS: Final = (
    "facebook",
    "instagram",
    "x",
    "linkedin",
    "tiktok",
    "youtube",
    "threads",
    "mastodon",
    "bluesky",
    "pinterest",
    "google_business",
    "status_page",
    "website",
    "email",
    "press",
    "support",
    "sms",
    "phone",
    "shop",
    "other",
)
DECISIONS: Final = ("approved", "rejected", "changes_requested")

RULE_SEVERITIES: Final = ("info", "warning", "critical")
"""How much a recommendation matters, least first; an incident has a severity of its own."""

ACTIONS: Final = (
    "escalate-safety",
    "confirm-incident",
    "publish-resolution",
    "publish-correction",
    "publish-status",
    "publish-follow-up",
    "publish-update",
    "publish-statement",
    "publish-redress",
    "publish-explainer",
    "withdraw-post",
    "review-post",
    "hold-item",
    "review-item",
    "clear-item",
    "edit-draft",
    "stop-replying",
    "reply-collectively",
    "reply",
    "moderate",
    "add-channel",
    "staff-shift",
    "name-owner",
    "share-information",
    "request-approval",
    "file-notice",
    "hold-review",
    "complete-playbook",
)
"""The closed list of what a recommendation may ask a person to do, in the order of an agenda:
people in danger first, then the word to the public, then what to hold, then how to organise."""

COVERED_BY: Final[dict[str, tuple[str, ...]]] = {
    "publish-statement": (
        "publish-status",
        "publish-update",
        "publish-follow-up",
        "publish-resolution",
    ),
    "publish-update": ("publish-status", "publish-follow-up", "publish-resolution"),
    "publish-status": ("publish-resolution",),
    "publish-follow-up": ("publish-resolution",),
    "reply-collectively": ("publish-status", "publish-follow-up", "publish-resolution"),
    "stop-replying": ("publish-status", "publish-follow-up", "reply-collectively"),
}
"""Which action also does what another asks: one status of its own is a first word and an update."""

FEATURES: Final = (
    "acknowledgement",
    "apology",
    "apology_conditional",
    "apology_minimising",
    "empathy",
    "cause_known",
    "cause_unknown",
    "action_underway",
    "scope",
    "impact",
    "since_when",
    "action_taken",
    "next_update_time",
    "next_update_vague",
    "eta_time",
    "eta_vague",
    "estimate",
    "help_channel",
    "workaround",
    "resolution",
    "resolution_partial",
    "compensation",
    "unknown_stated",
    "safety_advice",
    "legal_notice",
    "blame",
    "jargon",
    "long_sentence",
    "lowercase_hashtag",
    "many_hashtags",
    "many_emoji",
    "mentions_incident",
    "collective_answers",
    "private_contact",
    "explainer",
    "new_rhythm",
)
"""What a statement of the brand may be seen to say; the names of the text signals."""
