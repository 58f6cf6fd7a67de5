"""What a session remembers of one brand: small mutable records, each a plain value when written out.

Instants are microseconds since 1970, durations microseconds. None means "not known". Records refer to
each other by id, so that the whole is a tree that goes to JSON and back.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

import attrs

NEVER = 1 << 62
"""Beyond every instant and every count."""


if TYPE_CHECKING:
    Instants = array[int]
else:
    Instants = array  # which Python 3.11 cannot subscript


def no_instants() -> Instants:
    """Room for instants: eight bytes each, where a list of them has forty."""
    return array("q")


@attrs.define
class Ring:
    """The last so many instants at which something happened, in order; exact for "N in T" up to its size."""

    size: int
    instants: Instants = attrs.field(factory=no_instants)

    def push(self, at: int, times: int = 1) -> None:
        """Note that it happened at ``at``, so many times."""
        self.extend(array("q", (at,)) * min(times, self.size))

    def extend(self, instants: Instants) -> None:
        """Note that it happened at each of these instants, in order and none earlier than the last."""
        self.instants.extend(instants[-self.size :])
        if len(self.instants) > self.size:
            del self.instants[: -self.size]

    def latest(self, number: int) -> int | None:
        """The instant of the last (1), the one before (2), …; None when it is not that many."""
        if number < 1 or number > len(self.instants):
            return None
        return self.instants[-number]

    def within(self, since: int) -> int:
        """How many came after ``since``, counted up to the ring's size."""
        return len(self.instants) - bisect_right(self.instants, since)

    def oldest_after(self, since: int) -> int | None:
        """The first of those that came after ``since``, as far as the ring reaches."""
        index = bisect_right(self.instants, since)
        return self.instants[index] if index < len(self.instants) else None


@attrs.define(kw_only=True)
class Tally:
    """Comments about one incident, on a page or under a post; ``unsorted`` ones could not be told."""

    about: int = 0
    unsorted: int = 0
    about_ring: Ring | None = None
    unsorted_ring: Ring | None = None


@attrs.define(kw_only=True)
class Thread:
    """A post of the brand and what gathered under it. Old comments are counts.

    ``about`` says of each incident whether the post speaks about it, ``during`` which were open when it
    came out, ``tallies`` what the public said about them under it.
    """

    post: str
    page: str
    published_at: int
    text: str | None = None
    language: str | None = None
    kind: str | None = None
    kind_words: tuple[str, ...] = ()
    features: frozenset[str] | None = None
    incident: str | None = None
    about: dict[str, bool | None] = attrs.field(factory=dict)
    words: dict[str, bool] | None = None
    has_news: bool | None = None
    next_update_at: int | None = None
    promised_redress: bool | None = None
    pinned: bool | None = None
    information: tuple[str, ...] = ()
    links: tuple[str, ...] | None = None
    media: int | None = None
    media_without_alt: bool | None = None
    template: str | None = None
    item: str | None = None
    surface: str | None = None
    edited: bool = False
    approved: bool | None = None
    cleared: bool = False
    during: tuple[str, ...] = ()
    comments: int = 0
    replies: int = 0
    answered: dict[str, int] | None = None
    counted_comments: int | None = None
    counted_incident: int | None = None
    last_comment_at: int | None = None
    seen: list[str] | None = None
    tallies: dict[str, Tally] | None = None
    rings: dict[str, Ring] | None = None


@attrs.define(kw_only=True)
class View:
    """One incident as one page lived it; ``asked`` are the words of the newest questions about it."""

    incident: str
    first_mention_at: int | None = None
    last_word_at: int | None = None
    last_language: str | None = None
    about_at_word: int = 0
    statuses: int = 0
    first_status_at: int | None = None
    last_status_at: int | None = None
    last_status: str | None = None
    status_unresolved: bool | None = None
    next_update_at: int | None = None
    promised_news_at: int | None = None
    resolution_at: int | None = None
    resolution_complete: bool | None = None
    redress_promised_at: int | None = None
    redress_detailed: bool = False
    explainer: bool = False
    replies: int = 0
    incident_replies: int = 0
    off_topic_replies: int = 0
    messages: int = 0
    messages_without_news: int = 0
    repeats: int = 0
    statuses_without_news: int = 0
    questions: int = 0
    asked: list[tuple[int, tuple[str, ...]]] | None = None
    factual_errors: int = 0
    longest_silence: int = 0
    tally: Tally = attrs.field(factory=Tally)
    collective_at: int | None = None
    information: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()
    rings: dict[str, Ring] = attrs.field(factory=dict)


@attrs.define(kw_only=True)
class PageState:
    """One page: what it is, its threads, and one view for each incident."""

    page: str
    platform: str | None = None
    audience: int | None = None
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    baseline_per_hour: float | None = None
    title: str | None = None
    last_published_at: int | None = None
    pinned: str | None = None
    comments: int = 0
    replies: int = 0
    threads: dict[str, Thread] = attrs.field(factory=dict)
    views: dict[str, View] = attrs.field(factory=dict)
    rings: dict[str, Ring] = attrs.field(factory=dict)
    signal_authors: dict[str, int] = attrs.field(factory=dict)
    signal_comments: int = 0
    records: dict[str, int] = attrs.field(factory=dict)


@attrs.define(kw_only=True)
class Information:
    """A fact inside the organisation: when it came, when it may go out, which role saw it when."""

    information: str
    released_at: int
    topic: str | None = None
    text: str | None = None
    cleared_at: int | None = None
    seen_by: dict[str, int] = attrs.field(factory=dict)
    published_at: int | None = None
    superseded: bool = False


@attrs.define(kw_only=True)
class IncidentState:
    """One incident from its declaration to its end and some time after."""

    incident: str
    kind: str
    severity: str
    opened_at: int
    aware_at: int
    started_at: int | None = None
    phase: str | None = None
    phase_changed_at: int | None = None
    changed_at: int | None = None
    title: str | None = None
    keywords: tuple[str, ...] = ()
    pages: tuple[str, ...] | None = None
    place: str | None = None
    affected: int | None = None
    disabled_channels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    own: bool = True
    cause_confirmed: bool = False
    recovered: dict[str, int] = attrs.field(factory=dict)
    recovered_at: int | None = None
    fully_recovered_at: int | None = None
    resolved_at: int | None = None
    dismissed_at: int | None = None
    information: dict[str, Information] = attrs.field(factory=dict)
    records: dict[str, int] = attrs.field(factory=dict)
    embargo_until: int | None = None
    embargo_named: bool = False
    broadcast: bool = False

    @property
    def is_open(self) -> bool:
        """Declared, and neither over nor dismissed."""
        return self.resolved_at is None and self.dismissed_at is None

    def concerns(self, page: str) -> bool:
        """Whether the incident reaches the page."""
        return self.pages is None or page in self.pages


@attrs.define(kw_only=True)
class ItemState:
    """Something planned and not yet out; ``text`` is read once, then kept as what it says."""

    item: str
    page: str
    state: str
    thread: Thread
    publish_at: int | None = None
    surface: str | None = None
    was_held: bool = False


@attrs.define(kw_only=True)
class DraftState:
    """A text on its way out, and the approvals it waits for."""

    draft: str
    thread: Thread
    incident: str | None = None
    chain: str | None = None
    step: str | None = None
    role: str | None = None
    submitted_at: int = 0
    requested_at: int | None = None
    decisions: dict[str, str] = attrs.field(factory=dict)


@attrs.define(kw_only=True)
class CommentState:
    """A comment that somebody must look at; the others are counts."""

    comment: str
    page: str
    post: str
    received_at: int
    class_: str | None = None
    about: bool | None = None
    words: tuple[str, ...] = ()
    answered: bool = False
    taken: bool = False
    removed: bool | None = False
    policy: str | None = None


@attrs.define(kw_only=True)
class ShiftState:
    """Duty of one role for some pages (None: all); ``to`` None is open-ended."""

    role: str
    person: str | None
    pages: tuple[str, ...] | None
    start: int
    end: int | None
    started: bool = False
    handed_over_at: int | None = None


@attrs.define(kw_only=True)
class MaintenanceState:
    """A window in which something will not work on some pages (None: all), from start to before end."""

    title: str
    pages: tuple[str, ...] | None
    start: int
    end: int


@attrs.define(kw_only=True)
class Shown:
    """What was said when a recommendation opened: sentences by language, and what was observed."""

    message: dict[str, str]
    evidence: list[tuple[str, str, str, bool | None, tuple[str, ...]]]


@attrs.define(kw_only=True)
class Track:
    """Where one rule stands with one subject in one incident.

    ``phase`` is ``idle``, ``pending``, ``open``, ``overdue`` or ``done`` (settled or respected, and kept
    so that the same clock or the same fault does not start again). ``governing`` is the clock with the
    earliest deadline, its number and instant. ``rungs`` are the deadlines still in force, ``passed`` how
    many of them are behind. ``shown`` is what was said at the opening, or
    since the deadline moved.
    """

    rule: str
    phase: str = "idle"
    episode: int = 0
    since: int | None = None
    failing_since: int | None = None
    opened_at: int = 0
    governing: tuple[int, int] | None = None
    anchor: int | None = None
    rungs: tuple[tuple[int, str], ...] = ()
    passed: int = 0
    reminders: tuple[int, ...] = ()
    reminded: int = 0
    due_at: int | None = None
    overdue_at: int | None = None
    settled_at: int | None = None
    settled_by: str | None = None
    severity: str = "info"
    replaced_by: str | None = None
    unknown: bool = False
    shown: Shown | None = None


@attrs.define(kw_only=True)
class BrandState:
    """Everything remembered of one brand."""

    brand: str
    now: int = -NEVER
    pages: dict[str, PageState] = attrs.field(factory=dict)
    incidents: dict[str, IncidentState] = attrs.field(factory=dict)
    items: dict[str, ItemState] = attrs.field(factory=dict)
    drafts: dict[str, DraftState] = attrs.field(factory=dict)
    comments: dict[str, CommentState] = attrs.field(factory=dict)
    shifts: list[ShiftState] = attrs.field(factory=list)
    maintenances: dict[str, MaintenanceState] = attrs.field(factory=dict)
    handover_missing_at: int | None = None
    records: dict[str, int] = attrs.field(factory=dict)
    owners: dict[str, bool] = attrs.field(factory=dict)
    tracks: dict[str, dict[str, Track]] = attrs.field(factory=dict)
