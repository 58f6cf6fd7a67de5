"""Is a delivery from whom it claims to be: checks over the bytes as they came.

Decoding and writing JSON again changes the bytes, and so the digest. All comparisons take the same time
whatever they find, and a secret is never part of what is returned or raised.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

SVIX_TOLERANCE: Final = timedelta(minutes=5)

_SVIX_PREFIX: Final = "whsec_"


def meta_signature_holds(secret: str, body: bytes, header: str | None) -> bool:
    """Facebook and Instagram: ``X-Hub-Signature-256``, of the app secret."""
    return _any_hex(secret.encode(), body, (header or "",), "sha256=")


def pagerduty_signature_holds(secret: str, body: bytes, header: str | None) -> bool:
    """PagerDuty V3: ``X-PagerDuty-Signature``, one or more signatures with commas between."""
    return _any_hex(secret.encode(), body, (header or "").split(","), "v1=")


def svix_signature_holds(
    secret: str,
    body: bytes,
    *,
    message: str | None,
    timestamp: str | None,
    header: str | None,
    now: datetime,
    tolerance: timedelta = SVIX_TOLERANCE,
) -> bool:
    """incident.io and others that use Svix.

    Args:
        secret: ``whsec_`` and a key in base64.
        body: the bytes as they came.
        message: the header ``webhook-id``.
        timestamp: the header ``webhook-timestamp``, in seconds.
        header: the header ``webhook-signature``, one or more signatures with spaces between.
        now: the time; a delivery further from it than ``tolerance`` does not hold.
    """
    key = _svix_key(secret)
    seconds = timestamp or ""
    if key is None or not message or not (seconds.isascii() and seconds.isdecimal()):
        return False
    # seconds of more digits are no time
    if len(seconds) > 12 or abs(now.timestamp() - int(seconds)) > tolerance.total_seconds():
        return False
    signed = f"{message}.{seconds}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    return _any_equal(expected, (header or "").split(" "))


def meta_challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """The text to answer when Meta asks whether an address is ours; None when it is not to be answered."""
    if query.get("hub.mode") != "subscribe":
        return None
    given = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, verify_token.encode()):
        return None
    return query.get("hub.challenge")


def _svix_key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(_SVIX_PREFIX), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _any_hex(secret: bytes, body: bytes, given: Sequence[str], prefix: str) -> bool:
    if not secret:
        return False
    expected = (prefix + hmac.new(secret, body, hashlib.sha256).hexdigest()).encode()
    return _any_equal(expected, given)


def _any_equal(expected: bytes, given: Sequence[str]) -> bool:
    # all are compared, so that the time does not tell which one was near
    results = [
        hmac.compare_digest(expected, one.strip().encode("utf-8", "replace")) for one in given
    ]
    return any(results)
