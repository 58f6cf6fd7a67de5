"""Random streams of page state, as Hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from crisisrules.model import events as ev
from crisisrules.model.pictures import ObservedComment, ObservedPost

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PAGES = ("p1", "p2")
POSTS = ("a", "b", "c")
TEXTS = (
    None,
    "Le réseau mobile est touché par une panne, nos équipes travaillent, prochain point à 18h",
    "The network is down, our engineers are working on it. Next update in 30 minutes.",
    "Win two tickets! Tell us your favourite song",
    "Service is back to normal, we are sorry for the disruption",
)
KINDS = (None, "incident_status", "resolution", "promotional", "contest", "service_info", "unknown")

_Draw = st.DrawFn


@st.composite
def _event(draw: _Draw, at: datetime) -> ev.Event:
    page, post = draw(st.sampled_from(PAGES)), draw(st.sampled_from(POSTS))
    incident = "i1"
    kind = draw(st.integers(0, 27))
    match kind:
        case 0 | 1:
            return ev.IncidentOpened(
                at=at,
                incident=incident,
                kind=draw(st.sampled_from(("outage", "data_breach", "external_tragedy"))),
                severity=draw(st.sampled_from(("minor", "major", "critical"))),
                aware_at=draw(st.sampled_from((None, at - timedelta(minutes=20)))),
                started_at=draw(st.sampled_from((None, at - timedelta(minutes=40)))),
                keywords=("panne", "network"),
                own=draw(st.booleans()),
            )
        case 2:
            return ev.IncidentUpdated(
                at=at,
                incident=incident,
                severity=draw(st.sampled_from((None, "major", "critical"))),
                phase=draw(st.sampled_from((None, "identified", "monitoring"))),
            )
        case 3:
            return draw(
                st.sampled_from(
                    (
                        ev.IncidentRecovered(at=at, incident=incident),
                        ev.IncidentResolved(at=at, incident=incident),
                        ev.IncidentDismissed(at=at, incident=incident),
                    )
                )
            )
        case 4 | 5 | 6 | 7:
            return ev.PostPublished(
                at=at,
                page=page,
                post=post,
                kind=draw(st.sampled_from(KINDS)),
                text=draw(st.sampled_from(TEXTS)),
                incident=draw(st.sampled_from((None, incident))),
                next_update_at=draw(st.sampled_from((None, at + timedelta(minutes=45)))),
                pinned=draw(st.sampled_from((None, True))),
            )
        case 8 | 9 | 10:
            return ev.ReplyPublished(
                at=at,
                page=page,
                post=post,
                text=draw(st.sampled_from(TEXTS)),
                incident=draw(st.sampled_from((None, incident))),
            )
        case 11:
            return ev.PostCounted(
                at=at,
                page=page,
                post=post,
                comments=draw(st.integers(0, 900)),
                incident_comments=draw(st.one_of(st.none(), st.integers(0, 700))),
            )
        case 12:
            return ev.PostRemoved(at=at, page=page, post=post)
        case 13:
            return ev.ItemScheduled(
                at=at,
                page=page,
                item=draw(st.sampled_from(("x", "y"))),
                publish_at=at + timedelta(minutes=draw(st.integers(-10, 600))),
                kind=draw(st.sampled_from(KINDS)),
            )
        case 14:
            return ev.ShiftPlanned(
                at=at,
                role="community",
                from_=at,
                to=at + timedelta(minutes=draw(st.integers(5, 300))),
            )
        case 15:
            return ev.Record(at=at, name="review.scheduled", incident=incident)
        case 16:
            return ev.Clock(at=at)
        case 17 | 18:
            return ev.PageObserved(at=at, page=page, posts=draw(_posts(at)))
        case 19:
            return draw(
                st.sampled_from(
                    (
                        ev.PostEdited(at=at, page=page, post=post, text=TEXTS[2]),
                        ev.PostPinned(at=at, page=page, post=post),
                        ev.CommentRemoved(at=at, page=page, post=post, comment="c1"),
                        ev.ItemHeld(at=at, page=page, item="x", by="ana"),
                        ev.ItemCleared(at=at, page=page, item="x", by="ana"),
                        ev.ItemCancelled(at=at, page=page, item="y"),
                    )
                )
            )
        case 20:
            return ev.DraftSubmitted(
                at=at,
                draft=draw(st.sampled_from(("x", "d1"))),
                page=page,
                text=draw(st.sampled_from(TEXTS)),
                incident=draw(st.sampled_from((None, incident))),
            )
        case 21:
            return draw(
                st.sampled_from(
                    (
                        ev.ApprovalRequested(at=at, draft="d1", step="legal", role="legal"),
                        ev.ApprovalDecided(
                            at=at, draft="d1", step="legal", role="legal", decision="approved"
                        ),
                        ev.ShiftStarted(at=at, role="community", person="ana"),
                        ev.ShiftEnded(at=at, role="community", person="ana"),
                    )
                )
            )
        case 22:
            return ev.InformationReleased(
                at=at,
                incident=incident,
                information=draw(st.sampled_from(("cause", "scope"))),
                cleared_public_at=draw(st.sampled_from((None, at))),
            )
        case _:
            return ev.CommentReceived(
                at=at,
                page=page,
                post=post,
                comment=f"c{draw(st.integers(0, 10_000))}",
                class_=draw(st.sampled_from((None, None, "safety", "question"))),
                text=draw(st.sampled_from((None, None, "toujours pas de réseau, c'est la panne"))),
            )


@st.composite
def _posts(draw: _Draw, at: datetime) -> tuple[ObservedPost, ...]:
    """What a poll sees of a page: some posts, some with a date, totals that may also shrink."""
    return tuple(
        ObservedPost(
            post=name,
            published_at=draw(st.sampled_from((None, at - timedelta(minutes=25), at))),
            text=draw(st.sampled_from(TEXTS)),
            kind=draw(st.sampled_from(KINDS)),
            pinned=draw(st.sampled_from((None, True))),
            comments=draw(st.one_of(st.none(), st.integers(0, 900))),
            thread=draw(
                st.sampled_from(
                    (
                        None,
                        (ObservedComment(comment="k1", text="la panne dure, une réponse ?"),),
                        (
                            ObservedComment(comment="k1"),
                            ObservedComment(comment="k2", by_page=True, text=TEXTS[1]),
                        ),
                    )
                )
            ),
        )
        for name in draw(st.lists(st.sampled_from((*POSTS, "d")), max_size=3, unique=True))
    )


@st.composite
def streams(draw: _Draw, *, longest: int = 40) -> list[ev.Event]:
    """Events in the order of their times, minutes to hours apart, some at the same instant."""
    at, found = START, list[ev.Event]()
    found.append(
        ev.PageDescribed(at=at, page="p1", platform="facebook", timezone="UTC", audience=50_000)
    )
    for _ in range(draw(st.integers(1, longest))):
        at += timedelta(
            seconds=draw(st.sampled_from((0, 0, 30, 60, 300, 900, 1800, 3600, 7200, 40_000)))
        )
        found.append(draw(_event(at)))
        if draw(st.integers(0, 9)) == 0:
            found += (
                ev.CommentReceived(at=at, page="p1", post="a", comment=f"burst{number}")
                for number in range(draw(st.integers(5, 60)))
            )
    return found
