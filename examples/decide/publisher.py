"""A publisher that asks the playbook before it sends: python examples/decide/publisher.py"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crisisrules import Session, decide, load_playbook, parse_event
from crisisrules.model.events import PostPublished
from crisisrules.model.recommendation import Decision

STREAM = (
    {
        "type": "page.described",
        "at": "2026-03-02T09:00:00+01:00",
        "page": "shop",
        "platform": "facebook",
    },
    {
        "type": "incident.opened",
        "at": "2026-03-02T15:30:00+01:00",
        "incident": "payments",
        "kind": "outage",
        "severity": "major",
        "title": "card payments fail",
        "keywords": ["payment", "card", "checkout"],
    },
)
"""What happened so far; a program of your own feeds what its stream brings."""

QUEUE = (
    {
        "type": "post.published",
        "at": "2026-03-02T16:00:00+01:00",
        "page": "shop",
        "post": "sale",
        "text": "Spring sale! 20 % off everything until midnight.",
    },
    {
        "type": "post.published",
        "at": "2026-03-02T16:01:00+01:00",
        "page": "shop",
        "post": "status",
        "kind": "incident_status",
        "incident": "payments",
        "text": "Card payments have failed in our shop since 15:30. We are sorry: your basket is kept,"
        " and nothing is charged twice. Our engineers are looking for the cause, which we do not know"
        " yet. Next update here at 16:30.",
        "next_update_at": "2026-03-02T16:30:00+01:00",
    },
    {
        "type": "post.published",
        "at": "2026-03-02T16:02:00+01:00",
        "page": "shop",
        "post": "interview",
        "text": "Part three of our interview with Ada.",
    },
)
"""What wants to go out."""


def publish(
    session: Session, queue: Iterable[PostPublished], send: Callable[[PostPublished], None]
) -> dict[str, Decision]:
    """Send what may go out, keep back the rest, and say why.

    Args:
        session: follows the brand's stream; what is sent is fed to it, for it is part of the stream.
        queue: in the order of their times.
        send: brings a post to its platform.
    """
    decisions: dict[str, Decision] = {}
    for post in queue:
        decision = decisions[post.post] = decide(session, post)
        if decision.verdict == "publish":
            send(post)
            session.feed(post)
    return decisions


def main() -> None:
    """Publish the queue and print what became of each post."""
    session = Session(load_playbook())
    for given in STREAM:
        session.feed(parse_event(given))
    posts = [post for given in QUEUE if isinstance(post := parse_event(given), PostPublished)]
    sent: list[str] = []
    for name, decision in publish(session, posts, lambda post: sent.append(post.post)).items():
        print(f"{name}: {decision.verdict}")
        for finding in decision.findings:
            print(f"  {finding.severity} {finding.rule}: {finding.message['en']}")
        for settled in decision.would_resolve:
            print(f"  would settle {settled.rule}")
    print("sent:", ", ".join(sent))


if __name__ == "__main__":
    main()
