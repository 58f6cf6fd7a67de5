"""The tables that tools document: the headers that give them away, and how a held post is marked.

Hardly a bulk-upload file has a column that says "do not publish". What an importer does with a row
decides how a held row is marked, and the mark must never turn "not now" into "at the next free slot":
an empty date is a draft for one tool and a place in the queue for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

from crisisrules.adapters.calendars.columns import header_key, role_of

Hold = Literal["status", "draft", "undate", "refuse", "refuse-undated", "cell"]


@attrs.frozen(kw_only=True)
class Layout:
    """A table as one tool reads or writes it.

    Attributes:
        name: the format's name.
        title: the tool, for messages.
        marks: header keys that must all be present; empty for a layout that has no header.
        roles: roles of this tool's headers where they differ from the aliases.
        positions: roles by position, for files without a header (`""` for a column of no interest).
        hold: how a held row is marked. ``status``: a status column, added when there is none;
            ``draft``: the draft column; ``undate``: the date is taken out, which this tool reads as a
            draft; ``refuse``: `HOLD` stands before the date, so that the import refuses the row;
            ``refuse-undated``: the same, but the date moves to the labels, because the tool reads
            dates inside sentences; ``cell``: `HOLD` stands before the text in its cell of a grid.
        queues: a row without a date takes the next free slot, or goes out at once.
        month_first: the tool writes month before day when it does not write ISO dates.
    """

    name: str
    title: str
    marks: frozenset[str] = frozenset()
    roles: tuple[tuple[str, str], ...] = ()
    positions: tuple[str, ...] = ()
    hold: Hold = "refuse"
    queues: bool = False
    month_first: bool = False

    def role(self, header: str) -> str | None:
        """The role of one header of this layout."""
        key = header_key(header)
        for known, role in self.roles:
            if key == known:
                return role or None
        return role_of(header)


GENERIC = Layout(name="csv", title="a table", hold="status")
GRID = Layout(name="grid", title="a grid of days", hold="cell")


def _marks(*headers: str) -> frozenset[str]:
    return frozenset(header_key(header) for header in headers)


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="metricool-csv",
        title="Metricool",
        marks=_marks("Text", "Date", "Time", "Draft", "Facebook"),
        hold="draft",
    ),
    Layout(
        name="publer-csv",
        title="Publer",
        marks=_marks("Date - Intl. format or prompt", "Text"),
        hold="refuse-undated",
        queues=True,
    ),
    Layout(
        name="buffer-csv",
        title="Buffer",
        marks=_marks("Text", "Image URL", "Tags", "Posting Time"),
        queues=True,
        month_first=True,
    ),
    Layout(
        name="sprout-csv",
        title="Sprout Social",
        marks=_marks("date", "time_24hr", "message_text"),
    ),
    Layout(
        name="socialbee-csv",
        title="SocialBee",
        marks=_marks("text", "postAtSpecificTime"),
        queues=True,
    ),
    Layout(
        name="highlevel-csv",
        title="HighLevel Social Planner",
        marks=_marks("postAtSpecificTime", "content"),
        month_first=True,
        hold="undate",
    ),
    Layout(
        name="ayrshare-csv",
        title="Ayrshare",
        marks=_marks("post", "platforms", "scheduleDate"),
        queues=True,
    ),
    Layout(
        name="postfast-csv",
        title="PostFast",
        marks=_marks("scheduled_at", "account_id", "content"),
    ),
    Layout(
        name="socialcal-csv",
        title="SocialCal",
        marks=_marks("content", "platforms", "schedule_time"),
    ),
    Layout(
        name="agorapulse-csv",
        title="Agorapulse",
        marks=_marks("post_content", "post_link"),
    ),
    Layout(
        name="sendible-csv",
        title="Sendible",
        marks=_marks("Message", "SendDate"),
    ),
    Layout(
        name="hootsuite-csv",
        title="Hootsuite",
        positions=("when", "text", "link", "media", "media"),
    ),
    Layout(
        name="socialpilot-csv",
        title="SocialPilot",
        positions=("text", "media", "when", "account", "first_comment", "tags", ""),
    ),
    Layout(
        name="postcron-csv",
        title="Postcron",
        positions=("text", "year", "month", "day", "hour", "minute", "media", "link"),
    ),
)

BY_NAME: dict[str, Layout] = {layout.name: layout for layout in (*LAYOUTS, GENERIC, GRID)}

_HOOTSUITE = frozenset({"link", "url", "image", "image url", "video url", "video"})


def layout_of(header: Sequence[str]) -> Layout:
    """The layout whose marks all stand in ``header`` (the one with most marks), else the generic one."""
    keys = [key for key in (header_key(cell) for cell in header) if key]
    fitting = [layout for layout in LAYOUTS if layout.marks and layout.marks <= set(keys)]
    if fitting:
        return max(fitting, key=lambda layout: len(layout.marks))
    if 2 <= len(keys) <= 5 and keys[:2] == ["date", "message"] and set(keys[2:]) <= _HOOTSUITE:
        return BY_NAME["hootsuite-csv"]
    return GENERIC
