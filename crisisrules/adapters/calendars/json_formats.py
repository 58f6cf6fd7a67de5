"""Publishing tools' JSON as calendar formats, and any other list of flat objects as a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

import attrs

from crisisrules.adapters.calendars import words
from crisisrules.adapters.calendars.columns import role_of
from crisisrules.adapters.calendars.head import Head, fault
from crisisrules.adapters.calendars.json_marks import FORMER_KEY, REASON_KEY, Mark, mark_entries
from crisisrules.adapters.calendars.json_posts import (
    Keys,
    Post,
    buffer_post,
    buffer_rest_post,
    keys_of,
    mastodon_post,
    meta_post,
    mixpost_post,
    postiz_post,
    wordpress_post,
)
from crisisrules.adapters.calendars.jsonparts import (
    Part,
    at_path,
    elements,
    line_of,
    members,
    parts_of,
    read_json,
)
from crisisrules.adapters.calendars.moments import read_date
from crisisrules.adapters.calendars.reading import Reading
from crisisrules.adapters.calendars.rows import Row
from crisisrules.adapters.calendars.schedules import NEVER, Instant, Schedule
from crisisrules.adapters.calendars.tables import table_items
from crisisrules.model.calendar import Calendar, CalendarItem, Verdict


@attrs.frozen(kw_only=True)
class JsonFormat:
    """The answer of one tool.

    Attributes:
        keys: what must stand, in quotes, at the beginning of such a file.
        paths: where the list of posts may stand; the empty path is the whole document.
        post: reads one entry.
        mark: how a held entry is marked.
    """

    name: str
    keys: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    post: Callable[[Keys], Post]
    mark: Mark

    @property
    def names(self) -> tuple[str, ...]:
        """The one name of the format."""
        return (self.name,)

    def fit(self, head: Head) -> int:
        """20 and one for each key when every key of the tool occurs."""
        if head.binary or not head.is_json:
            return 0
        return 20 + len(self.keys) if all(f'"{key}"' in head.text for key in self.keys) else 0

    def items(self, head: Head, reading: Reading) -> Iterator[CalendarItem]:
        """The posts of the answer, in its order."""
        schedule = Schedule(reading=reading)
        text = read_json(head)
        position, line = 0, 1
        for entry in self.entries(head, text):
            line += text.count("\n", position, entry.start)
            position = entry.start
            reading.rows += 1
            if isinstance(entry.value, dict):
                yield from _items(self._post(entry.value), reading, schedule, line)
            else:
                reading.fault("not-a-post", "an object is expected for each post", line)

    def _post(self, keys: Keys) -> Post:
        if self.mark.inside is not None and isinstance(inner := keys.get(self.mark.inside), dict):
            keys = inner
        if REASON_KEY not in keys:
            return self.post(keys)
        # marked before: what was taken away is put back, so that the item keeps its identity
        former = {self.mark.key: keys[FORMER_KEY]} if FORMER_KEY in keys else {}
        return attrs.evolve(self.post({**keys, **former}), status="held")

    def entries(self, head: Head, text: str) -> list[Part]:
        """The entry of each post."""
        found: list[Part] = []
        for document in parts_of(head, text):
            for path in self.paths:
                part = at_path(text, document, path)
                if part is not None and isinstance(part.value, list):
                    found += elements(text, part.start)
                    break
            else:
                if not isinstance(document.value, dict) or set(document.value) & {
                    "errors",
                    "error",
                }:
                    raise fault(
                        head.source,
                        "no-list",
                        f"the list of posts is missing; for {self.name} it stands in"
                        f" {' or '.join('`' + ('.'.join(path) or '[…]') + '`' for path in self.paths)}",
                        line_of(text, document.start),
                    )
                found.append(document)
        return found

    def marked(self, head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
        """The text with the state of held posts changed and the reason beside it."""
        text = read_json(head)
        return mark_entries(head, text, self.entries(head, text), self.mark, calendar, verdicts)


_MOST_KEYS = 400


class JsonTable:
    """A list of flat objects, or JSON lines, read as a table whose header are the keys."""

    name = "json"
    names = ("json",)

    def fit(self, head: Head) -> int:
        """Any JSON that no tool claims."""
        return 10 if head.is_json and not head.binary else 0

    def items(self, head: Head, reading: Reading) -> Iterator[CalendarItem]:
        """The objects as rows, in their order."""
        text = read_json(head)
        entries = self.entries(head, text)
        header = list(dict.fromkeys(key for entry in entries for key in _keys(entry)))[:_MOST_KEYS]
        rows = [Row(cells=header, line=0)]
        position, line = 0, 1
        for entry in entries:
            line += text.count("\n", position, entry.start)
            position = entry.start
            keys = keys_of(entry.value)
            if keys:
                rows.append(Row(cells=[_cell(keys.get(key)) for key in header], line=line))
            else:
                reading.fault("not-a-post", "an object with keys is expected for each post", line)
        if len(rows) > 1:
            yield from table_items(lambda: rows, reading)
        reading.format = self.name

    def entries(self, head: Head, text: str) -> list[Part]:
        """The entry of each post: of the only list, wherever it stands at the top, or of the lines."""
        documents = parts_of(head, text)
        if len(documents) > 1:
            return documents
        top = documents[0]
        if isinstance(top.value, list):
            return list(elements(text, top.start))
        lists = (
            [part for _, part in members(text, top.start) if isinstance(part.value, list)]
            if isinstance(top.value, dict)
            else []
        )
        return list(elements(text, lists[0].start)) if len(lists) == 1 else documents

    def marked(self, head: Head, calendar: Calendar, verdicts: Mapping[str, Verdict]) -> bytes:
        """The text with a state of `on hold` in the key that holds states, else in a new one."""
        text = read_json(head)
        entries = self.entries(head, text)
        keys = [key for entry in entries for key in keys_of(entry.value)]
        key = next((key for key in keys if role_of(key) == "status"), "status")
        return mark_entries(head, text, entries, Mark(key=key, held="on hold"), calendar, verdicts)


def _keys(entry: Part) -> list[str]:
    keys = keys_of(entry.value)
    if keys.get("type") == "item.scheduled":
        # an event of a stream: these two speak of the message, not of the post
        return [key for key in keys if key not in ("type", "at")]
    return list(keys)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(part) for part in value)
    return json.dumps(value, ensure_ascii=False)


def _items(post: Post, reading: Reading, schedule: Schedule, line: int) -> Iterator[CalendarItem]:
    instant = _instant(post.when, schedule, line)
    state, approved = "scheduled", None
    if post.status:
        meaning = words.status(post.status)
        if meaning is None:
            reading.note_once(
                f"status-{post.status[:40]}",
                f"`{post.status[:40]}` is no state that is known; the item is read as scheduled",
                line,
                warning=True,
            )
        else:
            state, approved = meaning[0] or "scheduled", meaning[1]
    if instant.at is None and state == "scheduled":
        state = "draft"
    if post.reminder_only:
        reading.note_once(
            "reminder-only", "the tool only reminds a person to publish this post", line
        )
    for page, account, own_text in post.pages:
        name = post.given if len(post.pages) == 1 else f"{post.given}:{account or page or ''}"
        text = reading.text(post.text if own_text is None else own_text, line)
        if not text:
            reading.note_once(
                "no-text", "a post without a text cannot be judged", line, warning=True
            )
        yield CalendarItem(
            item=reading.unique(name)
            if post.given
            else reading.identify(page or account, instant.at, text),
            row=reading.rows,
            line=line,
            page=page,
            account=account,
            publish_at=instant.at,
            text=text or None,
            surface=post.surface,
            state=state,
            approved=approved,
            language=post.language or None,
            links=post.links,
            media_alts=post.media_alts,
            thread=post.thread,
            tags=post.tags,
            title=post.title or None,
        )


def _instant(when: str, schedule: Schedule, line: int) -> Instant:
    if not when:
        return NEVER
    moment = read_date(when)
    if moment is None:
        schedule.reading.fault("unreadable-date", f"`{when[:60]}` is not a date and time", line)
        return NEVER
    return schedule.instant(moment, cell=when, line=line)


_MASTODON = JsonFormat(
    name="mastodon-json",
    keys=("scheduled_at", "params"),
    paths=((),),
    post=mastodon_post,
    mark=Mark(key="scheduled_at", held=None),
)
_WORDPRESS = JsonFormat(
    name="wordpress-json",
    keys=("date_gmt", "title", "content"),
    paths=((),),
    post=wordpress_post,
    mark=Mark(key="status", held="draft"),
)
_POSTIZ = JsonFormat(
    name="postiz-json",
    keys=("publishDate", "integration"),
    paths=(("posts",), ()),
    post=postiz_post,
    mark=Mark(key="state", held="DRAFT"),
)
_MIXPOST = JsonFormat(
    name="mixpost-json",
    keys=("versions", "scheduled_at"),
    paths=(("data",), ()),
    post=mixpost_post,
    mark=Mark(key="status", held="DRAFT"),
)
_BUFFER = JsonFormat(
    name="buffer-json",
    keys=("dueAt", "text"),
    paths=(("data", "posts", "edges"), ("posts", "edges"), ("edges",), ()),
    post=buffer_post,
    mark=Mark(inside="node", key="status", held="draft"),
)
_BUFFER_REST = JsonFormat(
    name="buffer-rest-json",
    keys=("updates", "due_at"),
    paths=(("updates",),),
    post=buffer_rest_post,
    mark=Mark(key="status", held="draft"),
)
_META = JsonFormat(
    name="meta-json",
    keys=("scheduled_publish_time",),
    paths=(("data",), ()),
    post=meta_post,
    mark=Mark(key="scheduled_publish_time", held=None),
)

JSON_FORMATS: tuple[JsonFormat | JsonTable, ...] = (
    *(_MASTODON, _WORDPRESS, _POSTIZ, _MIXPOST, _BUFFER, _BUFFER_REST, _META),
    JsonTable(),
)
