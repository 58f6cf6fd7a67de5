"""What is remembered between payloads, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from crisisrules.adapters.platforms import sources
from crisisrules.adapters.platforms.adapter import Account, Accounts, Reading
from crisisrules.adapters.platforms.mastodon import Mastodon, read_server_sent
from crisisrules.adapters.platforms.payload import count_at, instant_at, text_at, value_at
from crisisrules.adapters.platforms.sources import stream_adapter
from crisisrules.adapters.platforms.threads import Message, Threads
from crisisrules.model.errors import UsageError
from crisisrules.model.events import CommentReceived, Event

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)


def comment(name: str, delivery: str | None = None) -> Event:
    return CommentReceived(at=AT, id=delivery, page="p", post="q", comment=name)


def test_memory_is_bounded_and_keeps_what_is_used() -> None:
    threads = Threads(most=2)
    first = Message("post", "p", "1")
    threads.remember("1", first)
    threads.remember("2", Message("post", "p", "2"))
    assert threads.find("1") == first
    threads.remember("3", Message("post", "p", "3"))
    assert threads.find("1") == first
    assert threads.find("2") is None


def test_server_sent_messages_are_payloads() -> None:
    text = (
        ":thump\nevent: delete\ndata: 1139\n\n:thump\n\nevent: update\ndata: {\ndata: }\n\n"
        "data: no name\n\nevent:filters_changed\n"
    )
    assert read_server_sent(text) == [
        {"event": "delete", "payload": "1139"},
        {"event": "update", "payload": "{\n}"},
        {"event": "filters_changed", "payload": ""},
    ]
    reading = Mastodon({}).read(read_server_sent(text)[0], AT)
    assert reading == Reading((), {"deletion of what was not seen": 1})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1772524800, AT),
        (1772524800000, AT),
        (1772524800000000, AT),
        ("1772524800", AT),
        (1772524800.5, AT + timedelta(seconds=0.5)),
        ("2026-03-03T08:00:00+0000", AT),
        ("2026-03-03T08:00:00.123456789Z", AT + timedelta(microseconds=123456)),
        ("2026-03-03T08:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("soon", None),
        (float("nan"), None),
        (float("inf"), None),
        (-5, None),
        (10**30, None),
        (True, None),
        ("9" * 5000, None),
        (None, None),
    ],
)
def test_instants_of_platforms(value: object, expected: datetime | None) -> None:
    assert instant_at({"at": value}, "at") == expected


@pytest.mark.parametrize(
    ("look", "value", "expected"),
    [
        (text_at, 2**60 + 1, "1152921504606846977"),
        (text_at, "", None),
        (text_at, True, None),
        (text_at, 10**4000, None),
        (text_at, "a\ud83db", "a\ufffdb"),
        (count_at, "12", 12),
        (count_at, "١٢", None),
        (count_at, -1, None),
        (count_at, 2**63, None),
        (count_at, True, None),
        (count_at, 1.0, None),
    ],
)
def test_ids_and_counts_of_platforms(
    look: Callable[[object, str], object], value: object, expected: object
) -> None:
    assert look({"x": value}, "x") == expected


def test_a_path_through_what_is_no_object_ends() -> None:
    assert value_at({"a": [1]}, "a", "b", "c") is None


class Offered:
    """An adapter of another package."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    def read(self, payload: object, received_at: datetime) -> Reading:
        return Reading((comment(f"{payload} {received_at:%H:%M}"),))


def test_other_packages_offer_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(*, group: str) -> EntryPoints:
        assert group == "crisisrules.streams"
        return EntryPoints(
            [
                EntryPoint("forum", "forum:Adapter", group),
                EntryPoint("x", "forum:Adapter", group),
                EntryPoint("broken", "no.such.module:Adapter", group),
            ]
        )

    monkeypatch.setattr(sources, "entry_points", offered)
    monkeypatch.setattr(EntryPoint, "load", lambda self: load(self))

    def load(point: EntryPoint) -> type[Offered]:
        if point.name == "broken":
            raise ModuleNotFoundError(point.value)
        return Offered

    assert stream_adapter("forum", {}).read("c1", AT).events == (comment("c1 08:00"),)
    assert not isinstance(stream_adapter("x", {}), Offered)
    with pytest.raises(
        UsageError, match=r"`broken` cannot be loaded from `no\.such\.module:Adapter`"
    ):
        stream_adapter("broken", {})
    with pytest.raises(
        UsageError, match="`forrum` is not a source of events; did you mean `forum`"
    ):
        stream_adapter("forrum", {"1": Account("p")})
