"""What each source sends, as events: golden files, and payloads that are anything."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.platforms.adapter import Account
from crisisrules.adapters.platforms.sources import BUILT_IN, stream_adapter
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.model.events import Event, JsonValue

GOLDEN = Path(__file__).parents[3] / "golden" / "platforms"
CASES = sorted(path.name.removesuffix(".in.json") for path in GOLDEN.glob("*.in.json"))
RECEIVED = datetime.fromisoformat("2026-03-03T08:10:00+00:00")

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(
        ["2026-03-03T08:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "\ud83d"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@attrs.frozen
class Case:
    """Payloads of one source, and what is ours there."""

    source: str
    accounts: dict[str, Account]
    received_at: datetime
    payloads: list[JsonValue]


def case_of(name: str) -> Case:
    given_case = json.loads((GOLDEN / f"{name}.in.json").read_text(encoding="utf-8"))
    return Case(
        source=given_case["source"],
        accounts={key: Account(**value) for key, value in given_case["accounts"].items()},
        received_at=datetime.fromisoformat(given_case["received_at"]),
        payloads=given_case["payloads"],
    )


def read(case: Case) -> tuple[list[Event], dict[str, int]]:
    adapter = stream_adapter(case.source, case.accounts)
    events: list[Event] = []
    ignored: Counter[str] = Counter()
    for payload in case.payloads:
        reading = adapter.read(payload, case.received_at)
        events += reading.events
        ignored.update(reading.ignored)
    return events, dict(sorted(ignored.items()))


@pytest.mark.parametrize("name", CASES)
def test_payloads_become_the_events_of_the_golden_file(name: str, update_golden: bool) -> None:
    events, ignored = read(case_of(name))
    found = {"events": [event_to_json(event) for event in events], "ignored": ignored}
    golden = GOLDEN / f"{name}.out.json"
    if update_golden:
        text = json.dumps(found, ensure_ascii=False, indent=1)
        golden.write_text(text + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_every_source_has_golden_files() -> None:
    assert {case_of(name).source for name in CASES} == set(BUILT_IN)


@pytest.mark.parametrize("name", CASES)
def test_the_same_deliveries_again_have_the_same_ids(name: str) -> None:
    """What tells a repeat from news; polled counts and pictures have none, each is a fact of its own."""
    events, again = read(case_of(name))[0], read(case_of(name))[0]
    assert [event.id for event in events] == [event.id for event in again]
    polled = {"post.counted", "page.observed"}
    assert {event.type for event in events if event.id is None} <= polled


@pytest.mark.parametrize("name", CASES)
def test_events_are_ones_that_the_reader_of_lines_takes(name: str) -> None:
    for event in read(case_of(name))[0]:
        assert parse_event(json.loads(json.dumps(event_to_json(event)))) == event


def places(value: JsonValue) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [()]
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, entry in entries:
        found += [(key, *rest) for rest in places(entry)]
    return found


def replaced(value: JsonValue, path: tuple[str | int, ...], by: JsonValue) -> JsonValue:
    if not path:
        return by
    if isinstance(value, dict):
        return {k: replaced(v, path[1:], by) if k == path[0] else v for k, v in value.items()}
    assert isinstance(value, list)
    return [replaced(v, path[1:], by) if i == path[0] else v for i, v in enumerate(value)]


@given(st.data())
def test_a_payload_that_is_odd_somewhere_never_raises(data: st.DataObject) -> None:
    case = case_of(data.draw(st.sampled_from(CASES)))
    payloads: JsonValue = case.payloads
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(payloads)[1:]))
        payloads = replaced(payloads, path, data.draw(ANYTHING))
        if not places(payloads)[1:]:
            break
    assert isinstance(payloads, list)
    for event in read(attrs.evolve(case, payloads=payloads))[0]:
        assert parse_event(json.loads(json.dumps(event_to_json(event)))) == event


@given(st.sampled_from(sorted(BUILT_IN)), ANYTHING)
def test_anything_is_no_payload_and_no_error(source: str, payload: JsonValue) -> None:
    reading = stream_adapter(source, {}).read(payload, RECEIVED)
    # an answer may hold nothing, and then there is nothing to count
    assert reading.events or reading.ignored or isinstance(payload, dict | list)
