"""Values that reports are made of, with texts that try everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import attrs
import pytest

from crisisrules.model.calendar import CalendarItem, ReadingNote
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import (
    Action,
    Change,
    Evidence,
    Finding,
    Recommendation,
    SourceRef,
)
from crisisrules.model.reports import (
    CheckReport,
    DraftReport,
    ItemVerdict,
    Measure,
    Replay,
    Telling,
)

SUMMER = timezone(timedelta(hours=2))
HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07 \x9b2J a\rb\nc ::error::owned\n::set-output name=a::b @channel "
    "<script>alert(1)</script> </failure>]]> | `code` [x](javascript:x) #12 https://evil.example "
    "\u202erev\u2066 \ufeff\u200b \ud800 %0A =cmd|' /C calc'!A0 &amp; **bold**"
)


def at(hour: int, minute: int, day: int = 6) -> datetime:
    return datetime(2012, 7, day, hour, minute, tzinfo=SUMMER)


@pytest.fixture
def hostile() -> str:
    return HOSTILE


@pytest.fixture
def clock() -> Callable[..., datetime]:
    return at


@pytest.fixture
def recommendation() -> Recommendation:
    """Open since 15:30 and due an hour later."""
    return Recommendation(
        id="dedicated-status-missing/acme/i1/page:acme-fr",
        rule="dedicated-status-missing",
        severity="critical",
        brand="acme",
        page="acme-fr",
        incident="i1",
        subject=("page", "acme-fr"),
        status="open",
        action="publish-status",
        title={"en": "The incident has no post of its own", "fr": "Pas de publication dédiée"},
        message={"en": "publish a status", "fr": "publiez un statut"},
        because={"en": "it looks unhandled", "fr": "cela semble non traité"},
        resolved_by={"en": "a status", "fr": "un statut"},
        sources=(SourceRef(title="A guide", where="page 3"),),
        evidence=(
            Evidence(fact="post.kind", observed="contest", expected="incident_status", holds=False),
        ),
        opened_at=at(15, 30),
        due_at=at(16, 30),
    )


@pytest.fixture
def replay(recommendation: Recommendation) -> Replay:
    """The duty opens, falls overdue and is met; a contest beside it is still out."""
    overdue = attrs.evolve(recommendation, status="overdue", overdue_at=at(16, 30))
    settled = attrs.evolve(overdue, status="resolved", closed_at=at(22, 14), settled_by="post p2")
    contest = attrs.evolve(
        recommendation,
        id="promotion-during-incident/acme/i1/post:p1",
        rule="promotion-during-incident",
        subject=("post", "p1"),
        action="withdraw-post",
        due_at=None,
        opened_at=at(17, 30),
        title={"en": "A contest beside an incident", "fr": "Un jeu à côté d'un incident"},
        message={"en": "withdraw it", "fr": "retirez-la"},
        because={"en": "it becomes the story", "fr": "on ne verra qu'elle"},
    )
    minute = 60_000_000
    return Replay(
        until=at(9, 0, day=9),
        recommendations=(settled, contest),
        agenda=(
            Action(
                action="withdraw-post",
                severity="critical",
                brand="acme",
                page="acme-fr",
                subject=("post", "p1"),
                due_at=None,
                overdue=False,
                message=contest.message,
                recommendations=(contest,),
            ),
        ),
        changes=(
            Change(at=at(15, 30), kind="opened", recommendation=recommendation),
            Change(at=at(16, 30), kind="overdue", recommendation=overdue),
            Change(at=at(17, 30), kind="opened", recommendation=contest),
            Change(at=at(22, 14), kind="resolved", recommendation=settled),
        ),
        measures=(
            Measure(
                name="first-word",
                title={"en": "first word", "fr": "premier mot"},
                unit="duration",
                value=208 * minute,
                limit=60 * minute,
                page="acme-fr",
            ),
            Measure(
                name="first-word",
                title={"en": "first word", "fr": "premier mot"},
                unit="duration",
                value=None,
                limit=60 * minute,
                page="acme-be",
            ),
            Measure(
                name="news",
                title={"en": "messages with news", "fr": "messages avec du neuf"},
                unit="count",
                value=2,
                of=14,
                page="acme-fr",
            ),
        ),
        tellings=(
            Telling(
                at=at(17, 30),
                kind="post",
                words={"en": "post p1", "fr": "publication p1"},
                quote="Here are the winners",
                tail={"en": "contest", "fr": "jeu-concours"},
                page="acme-fr",
            ),
        ),
        headline={"en": "Acme on Facebook", "fr": "Acme sur Facebook"},
        timezone="Europe/Paris",
        events=7,
    )


@pytest.fixture
def finding() -> Finding:
    """A warning about words of line 7."""
    return Finding(
        place=Place("plan/mars été.csv", 7, 5),
        end=Place("plan/mars été.csv", 7, 9),
        rule="promotion-during-incident",
        severity="warning",
        subject=("item", "i1"),
        action="hold-item",
        message={"en": "hold the sale", "fr": "retenez la promotion"},
        because={"en": "it becomes the story", "fr": "on ne verra qu'elle"},
        sources=(SourceRef(title="A guide", url="https://guide.example/p"),),
        excerpt="Two weeks offered to all",
        page="facebook",
        row=6,
        fingerprint="abc",
    )


@pytest.fixture
def calendar_report(finding: Finding) -> CheckReport:
    """Three items (hold, review, keep), a finding about the calendar, and what was guessed."""

    def item(row: int, text: str) -> CalendarItem:
        return CalendarItem(
            item=f"i{row}",
            row=row,
            line=row + 1,
            page="facebook",
            publish_at=at(18, row),
            text=text,
        )

    gap = attrs.evolve(
        finding,
        place=Place("plan/mars été.csv"),
        end=None,
        rule="update-cadence-overdue",
        severity="critical",
        row=None,
        subject=("page", "facebook"),
        excerpt=None,
        fingerprint="",
    )
    return CheckReport(
        source="plan/mars été.csv",
        format="csv",
        items=(
            ItemVerdict(
                item=item(6, "Two weeks offered"),
                verdict="hold",
                reason={"en": "incident i1 is open", "fr": "l'incident i1 est ouvert"},
                kind="promotional",
                findings=(finding,),
            ),
            ItemVerdict(
                item=item(7, "Good night all"),
                verdict="review",
                reason={"en": "nothing known in it", "fr": "rien de connu"},
                kind="unknown",
            ),
            ItemVerdict(
                item=item(8, "Shops close at 7"),
                verdict="keep",
                reason={"en": "service notice", "fr": "information de service"},
                kind="service_info",
                words=("shops", "close"),
            ),
        ),
        findings=(finding, gap),
        notes=(
            ReadingNote(name="encoding", message="read as UTF-8"),
            ReadingNote(
                name="ambiguous-date",
                message="03/04 is read as 3 April",
                place=Place("plan/mars été.csv", 3),
                warning=True,
            ),
        ),
        timezone="Europe/Paris",
        as_of=at(12, 0),
    )


@pytest.fixture
def draft_report(finding: Finding) -> DraftReport:
    """One finding in a draft, with what to write instead."""
    words = attrs.evolve(
        finding,
        place=Place("statement.txt", 2, 30),
        end=Place("statement.txt", 2, 46),
        rule="draft-next-update-time",
        excerpt="Nous vous tiendrons informés dès que possible de l'évolution.",
        write={"en": "next update here at 23:15", "fr": "prochain point ici à 23 h 15"},
        row=None,
    )
    return DraftReport(source="statement.txt", findings=(words,), language="fr", incident="i1")
