"""Signatures hold for the bytes that were signed and for nothing else.

The digests were computed outside of the library.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crisisrules.adapters.platforms.signatures import (
    meta_challenge,
    meta_signature_holds,
    pagerduty_signature_holds,
    svix_signature_holds,
)

SVIX_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"  # noqa: S105  # a made-up key
SVIX_BODY = b'{"event_type":"public_incident.incident_created_v2"}'
SVIX_SIGNATURE = "v1,0GRIaDt+irMLTK75KPUnnNsri3cdqfxI3jdgy+2MFc4="
SENT = datetime.fromtimestamp(1767225600, UTC)


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (
            b'{"object":"page","entry":[]}',
            "e6e9d7a842a48e17f43a34d6125d0d933e2aab92ee37f0993a4d493b50e3d438",
        ),
        (
            '{"message":"Café"}'.encode(),
            "a21320ddcadd497dddb36c0705b1da4bff41dd4d4db598aa7e5beaf9c7fcb9a9",
        ),
        (
            rb'{"message":"Caf\u00e9"}',
            "268e08931c46f9f3daba52f261dfcd928f41b02d9481f78e979599a9c3087c80",
        ),
    ],
)
def test_meta_signs_the_bytes(body: bytes, digest: str) -> None:
    assert meta_signature_holds("app-secret", body, f"sha256={digest}")
    assert not meta_signature_holds("app-secret", body + b" ", f"sha256={digest}")
    assert not meta_signature_holds("other", body, f"sha256={digest}")
    for header in (
        None,
        "",
        digest,
        f"sha1={digest}",
        f"sha256={digest[:-1]}",
        "sha256=é",
        "\ud83d",
    ):
        assert not meta_signature_holds("app-secret", body, header)


def test_no_secret_holds_nothing() -> None:
    # the digest of an empty key is known to everybody
    body = b"x"
    empty = "sha256=" + __import__("hmac").new(b"", body, "sha256").hexdigest()
    assert not meta_signature_holds("", body, empty)


def test_pagerduty_may_send_several_signatures() -> None:
    body = b'{"event":{"id":"01E"}}'
    good = "v1=9d924abedba7cb85cb7e4879f11ccbe6b884b3129b56ec2b36611c270f251fe7"
    assert pagerduty_signature_holds("pd-secret", body, good)
    assert pagerduty_signature_holds("pd-secret", body, f"v1={'0' * 64},{good}")
    assert pagerduty_signature_holds("pd-secret", body, f"{good}, v1={'0' * 64}")
    assert not pagerduty_signature_holds("pd-secret", body, f"v1={'0' * 64}")
    assert not pagerduty_signature_holds("pd-secret", body, None)


def svix(**changes: object) -> bool:
    given: dict[str, object] = {
        "secret": SVIX_SECRET,
        "body": SVIX_BODY,
        "message": "msg_1",
        "timestamp": "1767225600",
        "header": SVIX_SIGNATURE,
        "now": SENT,
    }
    given |= changes
    return svix_signature_holds(**given)  # type: ignore[arg-type]  # one of them is wrong in type


def test_svix_signs_id_time_and_body() -> None:
    assert svix()
    assert svix(header=f"v1,AAAA {SVIX_SIGNATURE}")
    assert svix(now=SENT + timedelta(minutes=5))
    assert not svix(now=SENT + timedelta(minutes=5, seconds=1))
    assert not svix(now=SENT - timedelta(minutes=5, seconds=1))
    assert not svix(message="msg_2")
    assert not svix(body=SVIX_BODY + b"\n")
    assert not svix(secret="whsec_AAAA")  # noqa: S106  # a made-up key


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("message", None),
        ("message", ""),
        ("timestamp", None),
        ("timestamp", "soon"),
        ("timestamp", "-1"),
        ("timestamp", "9" * 400),
        ("timestamp", "١٧٦٧٢٢٥٦٠٠"),
        ("header", None),
        ("header", "v1,é"),
        ("secret", "whsec_not base64"),
        ("secret", "whsec_"),
        ("secret", "é"),
    ],
)
def test_odd_svix_headers_do_not_hold_and_do_not_raise(name: str, value: object) -> None:
    assert not svix(**{name: value})


def test_meta_asks_whether_an_address_is_ours() -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "token"}
    assert meta_challenge(asked, "token") == "1158201444"
    assert meta_challenge(asked, "other") is None
    assert meta_challenge(asked | {"hub.mode": "unsubscribe"}, "token") is None
    assert meta_challenge(asked | {"hub.verify_token": "\ud83d"}, "token") is None
    assert meta_challenge({}, "token") is None
