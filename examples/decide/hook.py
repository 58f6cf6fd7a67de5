"""A pre-publication hook: python examples/decide/hook.py 8035

POST /events   an event of the stream; 204
POST /decide   a post as it would be published; its verdict, why, and what it would settle
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from crisisrules import CrisisRulesError, Session, decide, load_playbook, parse_event
from crisisrules.model.events import ItemScheduled, PostPublished

LARGEST = 1_000_000


def answer(session: Session, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """The status and the document that answer a request.

    Raises:
        CrisisRulesError: the body is no event, or older than what the session has seen.
        ValueError: the body is not JSON.
    """
    event = parse_event(json.loads(body))
    if path == "/events":
        session.feed(event)
        return 204, {}
    if path != "/decide":
        return 404, {"error": "POST to /events or /decide"}
    if not isinstance(event, PostPublished | ItemScheduled):
        return 400, {"error": "only a `post.published` or an `item.scheduled` can be decided on"}
    decision = decide(session, event)
    return 200, {
        "verdict": decision.verdict,
        "findings": [
            {"rule": one.rule, "severity": one.severity, "message": one.message["en"]}
            for one in decision.findings
        ],
        "would_resolve": [one.rule for one in decision.would_resolve],
    }


class Hook(BaseHTTPRequestHandler):
    """Answers one request after the other: a session is for one thread."""

    timeout = 10  # a client that sends nothing must not stop the others
    session: Session

    def do_POST(self) -> None:
        """Read the body, answer as JSON."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._send(413, {"error": f"a body of at most {LARGEST} bytes, with its length"})
            return
        try:
            self._send(*answer(self.session, self.path, self.rfile.read(int(length))))
        except CrisisRulesError as error:
            self._send(422, {"error": str(error)})
        except (ValueError, RecursionError):
            self._send(400, {"error": "the body is not JSON"})

    def _send(self, status: int, document: dict[str, Any]) -> None:
        body = b"" if status == 204 else json.dumps(document).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def server(port: int) -> HTTPServer:
    """The hook on the loopback address; 0 takes a free port."""
    bound = type("BoundHook", (Hook,), {"session": Session(load_playbook())})
    return HTTPServer(("127.0.0.1", port), bound)


if __name__ == "__main__":
    hook = server(int(sys.argv[1]) if sys.argv[1:] else 8035)
    print(f"asking is open on http://127.0.0.1:{hook.server_port}")
    hook.serve_forever()
