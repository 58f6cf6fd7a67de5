"""Who is told what: routes by action, severity and page, each in its language, with quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from crisisrules.live.duty import Duty
from crisisrules.live.secrets import expand
from crisisrules.model.durations import HOUR, MINUTE, parse_duration
from crisisrules.model.errors import Place, PlaybookError, Problem, nearest, unknown_word
from crisisrules.model.vocabulary import ACTIONS, RULE_SEVERITIES
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, get, parse_yaml

CLOSING: Final = ("resolved", "cancelled", "replaced")
"""Changes after which nothing is asked for any more."""

KINDS: Final = ("opened", "reminded", "overdue", "escalated", "moved", "returned", *CLOSING)
"""Changes that can be told."""

_PEOPLE: Final = ("opened", "reminded", "overdue", "escalated", "resolved")
"""Changes of which people are told unless they ask for others; a cancellation is no news."""

STALE: Final = 12 * HOUR
"""What became true longer ago, and no longer stands, is no news for people."""

CLOUD_EVENTS: Final = ("https://", "http://")
"""Addresses of this kind take CloudEvents 1.0 in structured JSON, one request a change."""

_KEYS: Final = (
    "name", "to", "actions", "least", "pages", "language", "kinds", "role", "person", "quiet",
    "escalate_after",
)  # fmt: skip

_LISTS: Final = {"actions": tuple(ACTIONS), "kinds": KINDS, "pages": ()}
"""Keys that hold words, and the words allowed; any where none are named."""


@attrs.frozen(kw_only=True)
class Quiet:
    """Hours in which only critical things are told; what waited is told afterwards."""

    start: time
    end: time
    zone: str

    @property
    def length(self) -> int:
        """Microseconds from start to end."""
        return ((self._minutes(self.end) - self._minutes(self.start)) % (24 * 60)) * MINUTE

    @staticmethod
    def _minutes(at: time) -> int:
        return at.hour * 60 + at.minute

    def covers(self, at: datetime) -> bool:
        """Whether an instant lies in the quiet hours."""
        local = at.astimezone(ZoneInfo(self.zone)).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@attrs.frozen(kw_only=True)
class Route:
    """One destination and what reaches it.

    ``to`` is an address that Apprise understands, or an ``https`` address for CloudEvents. Without
    ``kinds`` people hear what they must know, and machines all changes. With ``escalate_after``
    (microseconds) only what is overdue for that long, and that nobody acknowledged, reaches it: the deputy.
    One of a ``role`` or a ``person`` is told in their shifts, and when no route reaches whoever is on duty.
    """

    name: str
    to: str
    actions: tuple[str, ...] = ()
    least: str = "info"
    pages: tuple[str, ...] = ()
    language: str = "en"
    kinds: tuple[str, ...] | None = None
    role: str | None = None
    person: str | None = None
    quiet: Quiet | None = None
    escalate_after: int | None = None

    @property
    def is_machine(self) -> bool:
        """Whether it takes CloudEvents, and so every change however old."""
        return self.to.startswith(CLOUD_EVENTS)

    @property
    def is_of_shifts(self) -> bool:
        """Whether it is of somebody who is on duty at times."""
        return self.role is not None or self.person is not None

    def is_of(self, duty: Duty) -> bool:
        """Whether who is on duty is whom it reaches."""
        return self.role in (None, duty.role) and self.person in (None, duty.person)

    def wants(self, change: Mapping[str, object]) -> bool:
        """Whether a change, as the outbox keeps it, is for this destination."""
        page = change.get("page")
        severity = str(change.get("severity"))
        kinds = self.kinds or (KINDS if self.is_machine else _PEOPLE)
        return (
            change.get("change") in kinds
            and (not self.actions or change.get("action") in self.actions)
            and RULE_SEVERITIES.index(severity) >= RULE_SEVERITIES.index(self.least)
            and (not self.pages or page is None or page in self.pages)
        )


def route_to(address: str, number: int, language: str) -> Route:
    """The route of an address given by itself: everything reaches it."""
    return Route(name=f"notify-{number}", to=address, language=language)


def read_routes(path: Path, environment: Mapping[str, str]) -> tuple[Route, ...]:
    """The routes of a YAML file, ``routes: [{to: …, actions: […], least: warning, …}]``.

    Raises:
        PlaybookError: with every fault, its line and column.
        UsageError: an address names a variable or file that is not there.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the file cannot be read: {type(error).__name__}"
        raise PlaybookError(Problem(Place(str(path)), "unreadable", message)) from None
    root = parse_yaml(text, str(path))
    problems: list[Problem] = []
    entries = get(root, "routes") if isinstance(root, MapNode) else None
    if not isinstance(entries, ListNode):
        message = "a file of routes has one key, `routes`, with a list"
        raise PlaybookError(Problem(root.place, "no-routes", message))
    if isinstance(root, MapNode):
        problems += (
            Problem(
                entry.key_place, "unknown-key", unknown_word("a key here", entry.key, ("routes",))
            )
            for entry in root.entries
            if entry.key != "routes"
        )
    found = [_route(node, number, problems) for number, node in enumerate(entries.items, 1)]
    names: set[str] = set()
    for route, node in zip(found, entries.items, strict=True):
        if route is not None and route.name in names:
            message = f"two routes are named `{route.name}`; each is told by its name"
            problems.append(Problem(node.place, "two-routes", message))
        elif route is not None:
            names.add(route.name)
    if problems:
        raise PlaybookError(problems)
    return tuple(
        attrs.evolve(route, to=expand(route.to, environment))
        for route in found
        if route is not None
    )


def _route(node: Node, number: int, problems: list[Problem]) -> Route | None:
    if not isinstance(node, MapNode):
        problems.append(Problem(node.place, "wrong-type", "a route is a mapping"))
        return None
    values: dict[str, object] = {"name": f"route-{number}"}
    for entry in node.entries:
        key, value = entry.key, entry.value
        if key not in _KEYS:
            problems.append(
                Problem(
                    entry.key_place, "unknown-key", unknown_word("a key of a route", key, _KEYS)
                )
            )
            continue
        if key in _LISTS:
            values[key] = _words(key, value, problems)
            continue
        try:
            values[key] = _value(key, value)
        except ValueError as error:
            problems.append(Problem(value.place, "bad-value", str(error)))
    if "to" not in values:
        problems.append(Problem(node.place, "missing-key", "a route needs `to`, an address"))
        return None
    return Route(**values)  # type: ignore[arg-type]  # each key's value was checked above


def _words(key: str, node: Node, problems: list[Problem]) -> tuple[str, ...]:
    """One word or a list of them, each with its own fault."""
    words: list[str] = []
    allowed = _LISTS[key]
    for item in node.items if isinstance(node, ListNode) else (node,):
        if not isinstance(item, ScalarNode) or not item.raw:
            problems.append(Problem(item.place, "bad-value", f"`{key}` is a list of words"))
        elif allowed and item.raw not in allowed:
            message = unknown_word(f"one of the {key}", item.raw, allowed)
            problems.append(Problem(item.place, "bad-value", message))
        else:
            words.append(item.raw)
    return tuple(words)


def _value(key: str, node: Node) -> object:
    if key == "quiet":
        return _quiet(node)
    if not isinstance(node, ScalarNode) or not node.raw:
        msg = f"`{key}` is one value"
        raise ValueError(msg)
    if key == "escalate_after":
        return parse_duration(node.raw)
    if key == "least" and node.value not in RULE_SEVERITIES:
        raise ValueError(unknown_word("a severity", node.raw, RULE_SEVERITIES))
    if key == "language" and node.value not in ("en", "fr"):
        raise ValueError(unknown_word("a language of the texts", node.raw, ("en", "fr")))
    return node.raw


def _quiet(node: Node) -> Quiet:
    if not isinstance(node, MapNode):
        msg = '`quiet` is a mapping, `{from: "22:00", to: "07:00", zone: Europe/Paris}`'
        raise ValueError(msg)  # noqa: TRY004 - as above
    given = {
        key: value.raw
        for key, value in ((e.key, e.value) for e in node.entries)
        if isinstance(value, ScalarNode)
    }
    for key in given:
        if key not in ("from", "to", "zone"):
            near = nearest(key, ("from", "to", "zone"))
            msg = f"`{key}` is not a key of `quiet`" + (f"; did you mean `{near}`?" if near else "")
            raise ValueError(msg)
    try:
        zone = given["zone"]
        ZoneInfo(zone)
        start, end = time.fromisoformat(given["from"]), time.fromisoformat(given["to"])
    # a folder of the zones' files is an OSError
    except (KeyError, ValueError, OSError):
        start = end = time()
    if start == end or start.tzinfo is not None or end.tzinfo is not None:
        msg = "`quiet` needs `from` and `to` as `22:00`, and a `zone` such as `Europe/Paris`"
        raise ValueError(msg)
    return Quiet(start=start, end=end, zone=zone)
