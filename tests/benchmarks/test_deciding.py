"""How long a tool waits for an answer before it publishes, against reading the same text once.

Run with ``pytest -o addopts=--import-mode=importlib -s tests/benchmarks/test_deciding.py``. Each
post is asked about in several wordings, of which the fastest counts, so that what else runs on the machine
shows as little as possible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final

from pytest_benchmark.fixture import BenchmarkFixture

from crisisrules.api import decide, load_playbook
from crisisrules.engine.session import Session
from crisisrules.model.durations import to_micros
from crisisrules.model.events import (
    CommentReceived,
    IncidentOpened,
    PageDescribed,
    PostPublished,
)

START: Final = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
NOW: Final = START + timedelta(hours=2)
POSTS: Final = 12
COMMENTS: Final = 300
ASKED: Final = 400
WORDINGS: Final = 5
TEXTS: Final = (
    "Le réseau mobile est perturbé à Lyon depuis ce matin, nos équipes sont sur place. Prochain point à 11h.",
    "Jouez et gagnez deux places pour le concert de samedi !",
    "The new router is here: try it in every shop from Monday.",
    "Our engineers are still working on the outage. Next update at noon.",
    "Que faites-vous ce week-end ? Racontez-nous en commentaire !",
    "Service is back for four customers out of five, and we are sorry for the disruption.",
)


def session_in_an_incident() -> Session:
    """An hour into an outage: two pages, a dozen posts on them, comments with texts."""
    session = Session(load_playbook())
    for page, platform in (("p", "facebook"), ("q", "x")):
        session.feed(PageDescribed(at=START, page=page, platform=platform, timezone="Europe/Paris"))
    session.feed(
        IncidentOpened(
            at=START + timedelta(hours=1),
            incident="i",
            kind="outage",
            severity="major",
            keywords=("réseau", "network", "outage"),
            place="Lyon",
        )
    )
    for number in range(POSTS):
        at = START + timedelta(hours=1, minutes=1 + 4 * number)
        text, page = TEXTS[number % len(TEXTS)], "pq"[number % 2]
        session.feed(PostPublished(at=at, page=page, post=f"post{number}", text=text))
    for number in range(COMMENTS):
        at = START + timedelta(hours=1, minutes=50, seconds=number)
        post, page = f"post{number % POSTS}", "pq"[number % 2]
        text = "toujours pas de réseau à Lyon, c'est long"
        session.feed(CommentReceived(at=at, page=page, post=post, comment=f"c{number}", text=text))
    return session


def times(work: Callable[[PostPublished], object], first: int) -> list[float]:
    """Seconds of each post, in order of size; no text is read twice."""
    found = []
    for post in range(ASKED):
        least = float("inf")
        for wording in range(WORDINGS):
            text = f"{TEXTS[post % len(TEXTS)]} ({first + post * WORDINGS + wording})"
            event = PostPublished(at=NOW, page="p", post=f"new{post}", text=text)
            start = perf_counter()
            work(event)
            least = min(least, perf_counter() - start)
        found.append(least)
    return sorted(found)


def test_decisions_in_an_incident(benchmark: BenchmarkFixture) -> None:
    session = session_in_an_incident()
    brand = session.brand_session()
    before = session.dump()
    at, page = to_micros(NOW), brand.state.pages["p"]

    def read(post: PostPublished) -> object:
        incidents = brand.fold.lasting_incidents()
        return brand.fold.listener.hear(post.text, incidents, page, at, facts=False)

    found = {
        "reading the text": times(read, 0),
        "decide": times(lambda post: decide(session, post), ASKED * WORDINGS),
    }
    assert session.dump() == before
    print(
        f"\n{ASKED:,} posts, none like another, while an incident is open and {POSTS} posts are out"
    )
    limit = found["reading the text"]
    for name, each in found.items():
        for title, index in (("p50", ASKED // 2), ("p99", ASKED * 99 // 100)):
            ratio = each[index] / limit[index]
            print(f"  {name:18}{title}{each[index] * 1e3:8.3f} ms{ratio:8.2f}x")
    post = PostPublished(at=NOW, page="p", post="new", text=TEXTS[1])
    benchmark(lambda: decide(session, post))
