"""Which events are told, and how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crisisrules.adapters.reports.telling import Teller
from crisisrules.model.events import (
    CommentReceived,
    Event,
    IncidentOpened,
    IncidentUpdated,
    ItemScheduled,
    PageDescribed,
    PageObserved,
    PostCounted,
    PostPublished,
    ReplyPublished,
)
from crisisrules.model.pictures import ObservedPost

At = Callable[..., datetime]


def told(*events: Event, language: str = "en", zone: str | None = None) -> list[str]:
    teller = Teller()
    for event in events:
        teller.hear(event)
    return [
        " ".join(
            part
            for part in (
                telling.words[language],
                telling.quote or "",
                telling.tail.get(language, ""),
            )
            if part
        )
        for telling in teller.tellings(zone)
    ]


def comments(number: int, at: datetime, page: str = "p", class_: str | None = None) -> list[Event]:
    return [
        CommentReceived(at=at, page=page, post="a", comment=f"{page}{index}", class_=class_)
        for index in range(number)
    ]


def test_comments_add_up_until_the_next_thing(clock: At) -> None:
    assert told(
        *comments(3, clock(15, 0)),
        *comments(1, clock(15, 1), page="q"),
        PostPublished(at=clock(15, 5), page="p", post="a", text="Hello", kind="contest"),
        *comments(1, clock(15, 6)),
    ) == [
        "3 comments from the public",
        "1 comment from the public",
        "post a Hello contest",
        "1 comment from the public",
    ]


def test_a_long_crowd_is_told_in_parts(clock: At) -> None:
    crowd = [*comments(2, clock(15, 0)), *comments(2, clock(15, 31)), *comments(1, clock(15, 40))]
    assert told(*crowd) == ["2 comments from the public", "3 comments from the public"]


def test_somebody_in_danger_is_told_alone(clock: At) -> None:
    assert told(*comments(1, clock(15, 0), class_="safety")) == ["comment safety"]


def test_counts_are_told_when_they_grew_by_half(clock: At) -> None:
    counts = [
        PostCounted(
            at=clock(16, minute), page="p", post="a", comments=number, incident_comments=None
        )
        for minute, number in enumerate((0, 100, 140, 150, 151, 300))
    ]
    assert told(*counts) == [
        "100 comments under a",
        "150 comments under a",
        "300 comments under a",
    ]


def test_times_are_told_in_the_zone(clock: At) -> None:
    item = ItemScheduled(at=clock(12, 0), page="p", item="i", publish_at=clock(18, 0), text="Sale")
    assert told(item, zone="Europe/London") == ["planned i Sale for 17:00"]
    later = ItemScheduled(at=clock(12, 0), page="p", item="i", publish_at=clock(9, 0, day=8))
    assert told(later, language="fr", zone="Europe/Paris") == [
        "programmé i pour dim. 8 juillet 09:00"
    ]


def test_an_incident_says_since_when(clock: At) -> None:
    opened = IncidentOpened(
        at=clock(15, 30),
        incident="i",
        kind="outage",
        severity="major",
        title="no network",
        started_at=clock(15, 10),
    )
    worse = IncidentUpdated(
        at=clock(16, 0), incident="i", severity="critical", cause_confirmed=True
    )
    assert told(opened, worse) == [
        "incident declared no network outage, major, started 15:10",
        "incident critical, cause confirmed",
    ]
    elsewhere = IncidentOpened(
        at=clock(15, 30), incident="i", kind="external_tragedy", severity="major", own=False
    )
    assert told(elsewhere) == ["somebody else's incident tragedy elsewhere, major"]


def test_the_headline_names_page_and_incident(clock: At) -> None:
    teller = Teller()
    for event in (
        PageDescribed(
            at=clock(9, 0),
            page="p",
            platform="facebook",
            audience=485_000,
            title="Acme",
            timezone="Europe/Paris",
        ),
        IncidentOpened(
            at=clock(15, 30), incident="i", kind="outage", severity="major", title="no network"
        ),
        IncidentUpdated(at=clock(16, 0), incident="i", severity="critical"),
        ReplyPublished(at=clock(16, 1), page="p", post="a", text="We know"),
    ):
        teller.hear(event)
    assert (
        teller.headline()["en"] == "Acme on Facebook, 485,000 fans; incident: no network (critical)"
    )
    assert teller.timezone == "Europe/Paris"
    assert teller.events == 4


def test_a_platform_is_written_as_it_writes_itself(clock: At) -> None:
    teller = Teller()
    teller.hear(PageDescribed(at=clock(9, 0), page="Acme", platform="linkedin"))
    teller.hear(PageDescribed(at=clock(9, 0), page="etat", platform="status_page"))

    assert teller.headline()["en"] == "Acme on LinkedIn; etat on the status page"
    assert teller.headline()["fr"] == "Acme sur LinkedIn\u00a0; etat sur la page d'état"


def test_a_picture_says_when_an_older_post_came_out(clock: At) -> None:
    def picture(*posts: ObservedPost) -> PageObserved:
        return PageObserved(at=clock(10, 0), page="p", posts=posts)

    old = ObservedPost(post="a", text="Hello", published_at=clock(9, 40))
    older = ObservedPost(post="b", text="Bonjour", kind="lifestyle", published_at=clock(9, 40, 2))
    new = ObservedPost(post="c", text="Now", published_at=clock(10, 0))
    assert told(picture(old, older, new), zone="Europe/Paris") == [
        "post a Hello published 09:40",
        "post b Bonjour lifestyle, published Mon 2 July 09:40",
        "post c Now",
    ]


def test_pictures_tell_what_is_new_in_them(clock: At) -> None:
    def picture(minute: int, *posts: ObservedPost) -> PageObserved:
        return PageObserved(at=clock(10, minute), page="p", posts=posts)

    first = ObservedPost(post="a", text="Hello", comments=4)
    assert told(
        picture(0, first),
        picture(5, first),
        picture(
            10, ObservedPost(post="a", comments=6), ObservedPost(post="b", text="News", comments=0)
        ),
    ) == ["post a Hello", "4 comments under a", "6 comments under a", "post b News"]
