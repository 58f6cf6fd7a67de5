"""How facts about pages read."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

from crisisrules.engine.facts_incident import SIDE_CHANNELS, Reader, given, since
from crisisrules.engine.scene import Scene
from crisisrules.engine.state import PageState, Ring, Tally, View
from crisisrules.engine.values import ABSENT, AtLeast, Value
from crisisrules.model.durations import DAY, MINUTE

LOAD_WINDOW: Final = 30 * MINUTE
"""Over how long inflow is held against the replies made: the thirty minutes of the catalogue's rule."""

RATE_WINDOW: Final = 15 * MINUTE
"""Over how long a page's rate is held against its baseline."""

IN_USE: Final = 90 * DAY
"""A page that published within the last 90 days is in use."""

LARGEST_WINDOW: Final = 512
"""So many instants are kept for rates and loads; more reads as "at least so many"."""


def _of(read: Callable[[PageState], Value]) -> Reader:
    return lambda scene: ABSENT if scene.page is None else read(scene.page)


def _view(read: Callable[[View], Value], nothing: Value = ABSENT) -> Reader:
    return lambda scene: nothing if scene.view is None else read(scene.view)


def _aged(read: Callable[[View], int | None]) -> Reader:
    return lambda scene: ABSENT if scene.view is None else since(scene.now, read(scene.view))


def tallied(tally: Tally | None) -> Value:
    """Comments about the incident; only a lower bound while some could not be sorted."""
    if tally is None:
        return 0
    return AtLeast(tally.about) if tally.unsorted else tally.about


def _since_word(view: View) -> Value:
    heard = tallied(view.tally)
    if isinstance(heard, AtLeast):
        return AtLeast(max(0, heard.low - view.about_at_word))
    return max(0, view.tally.about - view.about_at_word)


def _status_since_recovery(scene: Scene) -> Value:
    status = scene.view.last_status_at if scene.view else None
    recovered = scene.incident.recovered_at if scene.incident else None
    return status is not None and recovered is not None and status >= recovered


def _silence(scene: Scene) -> Value:
    if scene.incident is None:
        return ABSENT
    word = scene.view.last_word_at if scene.view else None
    return scene.now - (scene.incident.aware_at if word is None else word)


def _quiet(scene: Scene) -> Value:
    if scene.page is None:
        return ABSENT
    last = scene.page.last_published_at
    if last is not None:
        return scene.now - last
    return ABSENT if scene.incident is None else scene.now - scene.incident.aware_at


def count_since(ring: Ring | None, after: int) -> int:
    """How many came after an instant, as far back as the ring reaches."""
    return 0 if ring is None else ring.within(after)


def _over_baseline(scene: Scene) -> Value:
    page = scene.page
    if page is None or not page.baseline_per_hour:
        return None
    ring = page.rings.get("comments")
    count = count_since(ring, scene.now - RATE_WINDOW)
    factor = count * 4 / page.baseline_per_hour
    return AtLeast(int(factor)) if ring and count >= ring.size else factor


def _load(scene: Scene) -> Value:
    view = scene.view
    if view is None or scene.page is None:
        return 0
    after = scene.now - LOAD_WINDOW
    inflow = count_since(view.tally.about_ring, after)
    replies = max(1, count_since(scene.page.rings.get("replies"), after))
    if count_since(view.tally.unsorted_ring, after):
        return AtLeast(inflow // replies)
    return inflow / replies


def _collective(scene: Scene) -> Value:
    view = scene.view
    if view is None or view.collective_at is None:
        return False
    return scene.now - view.collective_at < LOAD_WINDOW


def _latest_is_old(scene: Scene) -> Value:
    view = scene.view
    if view is None or not view.statuses:
        return False
    return view.status_unresolved


def _says_over(scene: Scene) -> Value:
    view, page = scene.view, scene.page
    if view is None or page is None or view.last_status is None:
        return False
    thread = page.threads.get(view.last_status)
    if thread is None:
        return None
    return thread.kind == "resolution" and "resolution_partial" not in (thread.features or ())


def _newest_pinned(scene: Scene) -> Value:
    if scene.view is None or scene.page is None or scene.view.last_status is None:
        return ABSENT
    if scene.page.pinned is None:
        thread = scene.page.threads.get(scene.view.last_status)
        return thread.pinned if thread else None
    return scene.page.pinned == scene.view.last_status


def cover_end(scene: Scene) -> int | None:
    """Until when the page is covered without a hole; None when nobody is on duty for it now."""
    page = scene.page.page if scene.page else None
    roles = scene.book.governance.community_roles
    shifts = sorted(
        (
            (shift.start, shift.end)
            for shift in scene.brand.shifts
            if shift.role in roles and (shift.pages is None or page is None or page in shift.pages)
        ),
        key=lambda shift: shift[0],
    )
    until: int | None = None
    for start, end in shifts:
        reach = scene.now if until is None else until
        if start <= reach + (0 if until is not None else 1):
            end = 1 << 62 if end is None else end
            if end > reach:
                until = end
    return until


def _covered(scene: Scene) -> Value:
    if not scene.brand.shifts:
        return None
    return cover_end(scene) is not None


def _covered_for(scene: Scene) -> Value:
    if not scene.brand.shifts:
        return None
    end = cover_end(scene)
    return ABSENT if end is None else end - scene.now


def shift_change(scene: Scene) -> int | None:
    """The next instant at which a shift begins or ends."""
    instants = [
        instant
        for shift in scene.brand.shifts
        for instant in (shift.start, shift.end)
        if instant is not None and instant > scene.now
    ]
    return min(instants, default=None)


def _platform_in(names: Callable[[Scene], tuple[str, ...]]) -> Reader:
    def reader(scene: Scene) -> Value:
        if scene.page is None:
            return ABSENT
        if scene.page.platform is None:
            return None
        listed = names(scene)
        return scene.page.platform in listed or "all" in listed

    return reader


def _canonical(scene: Scene) -> Value:
    if scene.page is None:
        return ABSENT
    name = scene.book.governance.canonical_page
    return scene.page.platform == "status_page" if name is None else scene.page.page == name


def _recent(scene: Scene) -> Value:
    last = scene.page.last_published_at if scene.page else None
    return last is not None and scene.now - last <= IN_USE


def _page_record(name: str) -> Reader:
    def reader(scene: Scene) -> Value:
        page = scene.page
        if page is None:
            return ABSENT
        shown, mended = page.records.get(name), page.records.get(f"{name}.ended")
        return shown is not None and (mended is None or mended < shown)

    return reader


PAGE_READERS: Final[dict[str, Reader]] = {
    "page.platform": _of(lambda p: p.platform),
    "page.public": _of(lambda p: p.platform not in SIDE_CHANNELS),
    "page.audience": _of(lambda p: p.audience),
    "page.mentioned": _view(lambda v: v.first_mention_at is not None, False),
    "page.first_mention_at": _view(lambda v: given(v.first_mention_at)),
    "page.has_status": _view(lambda v: v.statuses > 0, False),
    "page.first_status_at": _view(lambda v: given(v.first_status_at)),
    "page.last_status_at": _view(lambda v: given(v.last_status_at)),
    "page.status_age": _aged(lambda v: v.last_status_at),
    "page.silence": _silence,
    "page.quiet": _quiet,
    "page.status_since_recovery": _status_since_recovery,
    "page.next_update_at": _view(lambda v: given(v.next_update_at)),
    "page.promised_news_at": _view(lambda v: given(v.promised_news_at)),
    "page.comments": _of(lambda p: p.comments),
    "page.incident_comments": _view(lambda v: tallied(v.tally), 0),
    "page.comments_since_word": _view(_since_word, 0),
    "page.signal_comments": _of(lambda p: p.signal_comments),
    "page.signal_authors": _of(lambda p: len(p.signal_authors)),
    "page.comments_over_baseline": _over_baseline,
    "page.replies": _of(lambda p: p.replies),
    "page.incident_replies": _view(lambda v: v.incident_replies, 0),
    "page.off_topic_replies": _view(lambda v: v.off_topic_replies, 0),
    "page.messages": _view(lambda v: v.messages, 0),
    "page.messages_without_news": _view(lambda v: v.messages_without_news, 0),
    "page.repeats": _view(lambda v: v.repeats, 0),
    "page.statuses_without_news": _view(lambda v: v.statuses_without_news, 0),
    "page.latest_status_is_old_state": _latest_is_old,
    "page.says_over": _says_over,
    "page.newest_status_pinned": _newest_pinned,
    "page.unanswered_questions": _view(lambda v: v.questions, 0),
    "page.load": _load,
    "page.collective_notice": _collective,
    "page.factual_errors": _view(lambda v: v.factual_errors, 0),
    "page.covered": _covered,
    "page.covered_for": _covered_for,
    "page.has_line": _platform_in(lambda s: s.book.governance.lines),
    "page.has_reply_criteria": _platform_in(lambda s: s.book.governance.reply_criteria),
    "page.posted_recently": _recent,
    "page.is_canonical": _canonical,
    "page.status_component_green": _page_record("status_page.green"),
    "page.shares_dependency": _page_record("status_page.shares_dependency"),
}


def load_flip(scene: Scene, least: float) -> int | None:
    """The next instant at which time alone may bring the load over or under so many to one."""
    view, page = scene.view, scene.page
    if view is None or page is None:
        return None
    after = scene.now - LOAD_WINDOW
    replies = page.rings.get("replies")
    answered = count_since(replies, after)
    about, unsorted = view.tally.about_ring, view.tally.unsorted_ring
    instants = [
        about.latest(ceil(least * max(1, answered))) if about else None,
        unsorted.latest(1) if unsorted else None,
        replies.oldest_after(after) if replies and answered > 1 else None,
    ]
    later = [instant for instant in instants if instant is not None and instant > after]
    return min(later) + LOAD_WINDOW if later else None


def rate_flip(scene: Scene, least: float) -> int | None:
    """The next instant at which time alone may bring the rate under so many times the baseline."""
    page = scene.page
    ring = page.rings.get("comments") if page else None
    if page is None or ring is None or not page.baseline_per_hour:
        return None
    instant = ring.latest(ceil(least * page.baseline_per_hour / 4))
    return None if instant is None or instant <= scene.now - RATE_WINDOW else instant + RATE_WINDOW


RATES: Final[dict[str, Callable[[Scene, float], int | None]]] = {
    "page.load": load_flip,
    "page.comments_over_baseline": rate_flip,
}
"""Facts that are rates over a window, with when time alone may bring them under or over a threshold."""


def _collective_change(scene: Scene) -> int | None:
    at = scene.view.collective_at if scene.view else None
    return None if at is None else at + LOAD_WINDOW


def _recent_change(scene: Scene) -> int | None:
    last = scene.page.last_published_at if scene.page else None
    return None if last is None else last + IN_USE + 1


PAGE_CHANGES: Final[dict[str, Callable[[Scene], int | None]]] = {
    "page.collective_notice": _collective_change,
    "page.covered": shift_change,
    "page.covered_for": shift_change,
    "page.posted_recently": _recent_change,
}
"""When facts change with time alone, other than by growing or shrinking."""


def ring_of(fact: str, scene: Scene) -> tuple[Ring | None, Ring | None]:
    """The instants behind a countable fact, and those that could not be sorted."""
    family, _, name = fact.partition(".")
    view, page, thread = scene.view, scene.page, scene.thread
    if family == "post":
        if thread is None:
            return None, None
        if name == "incident_comments":
            tally = (
                thread.tallies.get(scene.incident.incident)
                if thread.tallies and scene.incident
                else None
            )
            return (tally.about_ring, tally.unsorted_ring) if tally else (None, None)
        return (thread.rings.get(name) if thread.rings else None), None
    if name == "incident_comments":
        return (view.tally.about_ring, view.tally.unsorted_ring) if view else (None, None)
    if name in ("comments", "replies", "signal_comments", "signal_authors"):
        return (page.rings.get(name) if page else None), None
    return (view.rings.get(name) if view else None), None


def windowed(fact: str, span: int, scene: Scene) -> Value:
    """How many of a countable fact came in the last ``span`` microseconds."""
    if fact == "page.signal_authors":
        if scene.page is None:
            return 0
        return sum(1 for at in scene.page.signal_authors.values() if at > scene.now - span)
    ring, unsorted = ring_of(fact, scene)
    after = scene.now - span
    count = count_since(ring, after)
    if (unsorted is not None and unsorted.within(after)) or (ring and count >= ring.size):
        return AtLeast(count)
    return count
