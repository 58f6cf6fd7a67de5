"""What the JSON of each publishing tool says about a post: which keys hold what, one function a tool.

Shapes are those of the tools' public documentation: Mastodon scheduled statuses, the WordPress REST API,
the public API of Postiz, Mixpost's post resource, Buffer's GraphQL and its older REST answer, Meta's
scheduled posts.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from crisisrules.adapters.calendars import words
from crisisrules.adapters.html_text import looks_like_html, plain

Keys = Mapping[str, object]


@attrs.frozen(kw_only=True)
class Post:
    """What one entry of a tool's answer says about one post, before it has a place and an identity."""

    given: str
    when: str = ""
    text: str = ""
    pages: tuple[tuple[str | None, str | None, str | None], ...] = ((None, None, None),)
    """Network, account and, where it differs there, the text."""
    status: str = ""
    title: str = ""
    language: str = ""
    surface: str | None = None
    links: tuple[str, ...] = ()
    media_alts: tuple[str | None, ...] = ()
    thread: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    reminder_only: bool = False


def text_of(keys: Keys, *path: str) -> str:
    """The text at a path of keys; a number as digits, anything else as empty."""
    value: object = keys
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def keys_of(value: object) -> Keys:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def mastodon_post(keys: Keys) -> Post:
    """An entry of `GET /api/v1/scheduled_statuses`; the copy is plain text."""
    params = keys_of(keys.get("params"))
    media = [keys_of(entry) for entry in list_of(keys.get("media_attachments"))]
    reply_to = text_of(params, "in_reply_to_id")
    warning = text_of(params, "spoiler_text")
    return Post(
        given=text_of(keys, "id"),
        when=text_of(keys, "scheduled_at"),
        text="\n".join(part for part in (warning, text_of(params, "text")) if part),
        pages=(("mastodon", None, None),),
        language=text_of(params, "language"),
        surface="reply" if reply_to else None,
        media_alts=tuple(text_of(entry, "description") or None for entry in media),
    )


def wordpress_post(keys: Keys) -> Post:
    """A post of the REST API; only the UTC date is read."""
    title, content, excerpt = (
        text_of(keys, name, "raw") or text_of(keys, name, "rendered")
        for name in ("title", "content", "excerpt")
    )
    when = text_of(keys, "date_gmt")
    return Post(
        given=text_of(keys, "id"),
        # both dates lack an offset: the one is UTC, the other the site's own time
        when=f"{when}Z" if when else "",
        text=plain(content) or plain(excerpt) or plain(title),
        pages=(("website", None, None),),
        status=text_of(keys, "status"),
        title=plain(title),
        links=tuple(link for link in (text_of(keys, "link"),) if link),
    )


def postiz_post(keys: Keys) -> Post:
    """A post of the public API; its content may hold HTML."""
    channel = keys_of(keys.get("integration"))
    content = text_of(keys, "content")
    return Post(
        given=text_of(keys, "id"),
        when=text_of(keys, "publishDate"),
        text=plain(content) if looks_like_html(content) else content,
        pages=(
            (
                _network(text_of(channel, "providerIdentifier")),
                text_of(channel, "name") or None,
                None,
            ),
        ),
        status={"QUEUE": "scheduled", "ERROR": "error"}.get(
            text_of(keys, "state"), text_of(keys, "state")
        ),
        tags=tuple(
            name
            for entry in list_of(keys.get("tags"))
            if (name := text_of(keys_of(entry), "tag", "name") or text_of(keys_of(entry), "name"))
        ),
    )


def mixpost_post(keys: Keys) -> Post:
    """A post resource; an account may have a version of its own."""
    copies: dict[str, str] = {}
    thread: tuple[str, ...] = ()
    original = ""
    for entry in list_of(keys.get("versions")):
        version = keys_of(entry)
        bodies = [plain(text_of(keys_of(part), "body")) for part in list_of(version.get("content"))]
        text = bodies[0] if bodies else ""
        if version.get("is_original"):
            original, thread = text, tuple(body for body in bodies[1:] if body)
        else:
            copies[text_of(version, "account_id")] = text
    pages = tuple(
        (
            _network(text_of(account, "provider")),
            text_of(account, "name") or None,
            copies.get(text_of(account, "id")),
        )
        for account in map(keys_of, list_of(keys.get("accounts")))
    )
    at = keys.get("scheduled_at")
    when = (
        f"{text_of(at, 'date')} {text_of(at, 'time')}".strip()
        if isinstance(at, dict)
        else text_of(keys, "scheduled_at")
    )
    deleted = bool(text_of(keys, "deleted_at"))
    return Post(
        given=text_of(keys, "id"),
        when=when,
        text=original,
        pages=pages or ((None, None, None),),
        status="deleted" if deleted else text_of(keys, "status"),
        thread=thread,
        tags=tuple(
            name for entry in list_of(keys.get("tags")) if (name := text_of(keys_of(entry), "name"))
        ),
    )


def buffer_post(keys: Keys) -> Post:
    """An edge of the GraphQL answer."""
    node = keys_of(keys.get("node")) or keys
    service = text_of(node, "channelService")
    thread: list[str] = []
    for of_service in keys_of(node.get("metadata")).values():
        thread += [
            text_of(keys_of(part), "text") for part in list_of(keys_of(of_service).get("thread"))
        ]
    text = text_of(node, "text")
    if thread and thread[0] == text:
        del thread[0]
    return Post(
        given=text_of(node, "id"),
        when=text_of(node, "dueAt"),
        text=text,
        pages=((_network(service), text_of(node, "channelId") or None, None),),
        status=text_of(node, "status"),
        thread=tuple(part for part in thread if part),
        tags=tuple(
            name for entry in list_of(node.get("tags")) if (name := text_of(keys_of(entry), "name"))
        ),
        reminder_only=text_of(node, "schedulingType") == "notification",
    )


def buffer_rest_post(keys: Keys) -> Post:
    """An update of the older REST answer."""
    status = text_of(keys, "status")
    return Post(
        given=text_of(keys, "id"),
        when=text_of(keys, "due_at"),
        text=text_of(keys, "text"),
        pages=((_network(text_of(keys, "profile_service")), text_of(keys, "profile_id"), None),),
        status="scheduled" if status == "buffer" else status,
    )


def meta_post(keys: Keys) -> Post:
    """An entry of `GET /{page-id}/scheduled_posts`."""
    published = keys.get("is_published") is True
    return Post(
        given=text_of(keys, "id"),
        when=text_of(keys, "scheduled_publish_time"),
        text=text_of(keys, "message"),
        pages=(("facebook", None, None),),
        status="published" if published else "",
        links=tuple(link for link in (text_of(keys, "permalink_url"),) if link),
    )


def _network(word: str) -> str | None:
    return words.network(word.replace("_", " ")) or words.network_in(word) or word or None
