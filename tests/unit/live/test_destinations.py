"""What really leaves for chat tools, mail and machines, from a text that tries everything."""

from __future__ import annotations

import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from requests import PreparedRequest, Response, Session

from crisisrules.live.destinations import Destinations
from crisisrules.live.notify import message
from crisisrules.live.routes import Route

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of plug-ins of the library

HOSTILE = (
    "\x1b[2J\r\nBcc: x@evil.example\r\n\r\n@channel @everyone <!channel> <!here|x> <@U1> <#C1>"
    " <https://bank.example|your bank> [your bank](https://bank.example) ![x](http://a.example/x.png)"
    " https://bank.example www.bank.example <script>alert(1)</script> <at>all</at> \u202e001\u2066\x9b1A"
)
CHANGE = {
    "id": f"rule/{HOSTILE}", "severity": "critical", "change": "opened", "rule": "some-rule",
    "page": f"page {HOSTILE}", "brand": HOSTILE, "at": "2026-03-03T08:00:00+00:00", "key": "k1",
    "said": {"en": {"title": HOSTILE, "message": f"do {HOSTILE}"}},
}  # fmt: skip
ACTIVE = (
    r"<[!@#]\S", r"@channel\b", r"@everyone\b", r"\]\(", r"://bank", r"\bwww\.bank", r"<script", r"<at>",
    r"<http", r"\x1b", r"\x9b", r"\u202e", r"\u2066",
)  # fmt: skip
CHATS = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "teams": "workflows://host.example/WORKFLOWID/SIGNATUREX/",
    "discord": "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrst",
    "mattermost": "mmosts://host.example/3ccdd113474722377935511fc85d3dd4",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544",
    "google": "gchat://workspace/key/token",
    "json": "jsons://host.example/path",
}


def texts(value: object) -> Iterator[str]:
    """Every text in what was sent."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def is_harmless(text: str) -> None:
    for pattern in ACTIVE:
        assert not re.search(pattern, text), (pattern, text)


def deliver(url: str) -> bool:
    route = Route(name="team", to=url)
    title, body = message([CHANGE], "en")
    return Destinations([route]).deliver(route, title, body, [CHANGE])


@pytest.mark.parametrize("chat", CHATS)
def test_a_chat_tool_gets_nothing_that_acts(chat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[PreparedRequest] = []

    def send(self: Session, request: PreparedRequest, **_: object) -> Response:
        sent.append(request)
        answer = Response()
        answer.status_code = 200
        answer._content = b'{"ok": true}' if chat != "slack" else b"ok"
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    assert deliver(CHATS[chat])
    (request,) = sent
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    found = [text for text in texts(json.loads(body)) if "some-rule" in text or "page" in text]
    assert found
    for text in found:
        is_harmless(text)
    assert not any("\n" in str(value) for value in request.headers.values())


@pytest.mark.parametrize("format_", ["text", "html"])
def test_a_mail_gets_no_header_and_no_markup(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    class Mail:
        def __init__(self, *_: object, **__: object) -> None:
            """Connect."""

        def __getattr__(self, name: str) -> object:
            return lambda *_, **__: {}

        def sendmail(self, *given: object, **_: object) -> dict[str, str]:
            sent.append(str(given[2]))
            return {}

    monkeypatch.setattr("smtplib.SMTP", Mail)
    monkeypatch.setattr("smtplib.SMTP_SSL", Mail)
    address = f"mailtos://user:pass@mail.example?to=a@b.example&format={format_}&smtp=mail.example"
    assert deliver(address)
    parsed = email.message_from_string(sent[0], policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert parsed["To"].addresses[0].addr_spec == "a@b.example"
    assert "\n" not in parsed["Subject"]
    is_harmless(str(parsed["Subject"]))
    parts = [part for part in parsed.walk() if not part.is_multipart()]
    assert parts
    for part in parts:
        content = part.get_content()
        is_harmless(content)
        assert "some-rule" in content


@contextmanager
def receiving() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    got: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_machine_gets_a_cloud_event_with_the_words_as_data_only() -> None:
    with receiving() as (address, got):
        assert deliver(address)
    ((headers, body),) = got
    assert headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    event = json.loads(body)
    assert body.isascii()
    assert set(event) == {
        "specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data",
    }  # fmt: skip
    assert (event["specversion"], event["id"]) == ("1.0", "k1")
    assert event["type"] == "crisisrules.recommendation.opened"
    # a reference of a URI, whatever the brand is called
    assert re.fullmatch(r"/crisisrules/[A-Za-z0-9%._~-]*", event["source"])
    assert event["data"]["said"]["en"]["message"] == f"do {HOSTILE}"
