"""An event and its line say the same, whichever reader reads the line."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from event_strategies import EVENTS, JSON_VALUES, objects
from hypothesis import assume, given
from hypothesis import strategies as st

from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.adapters.streams.reading import read_events
from crisisrules.adapters.streams.shapes import fields_of
from crisisrules.model.errors import InputError
from crisisrules.model.events import EVENT_TYPES, CommentReceived, Event


def fast(data: bytes) -> list[object]:
    """What the reader makes of lines, as the values of the model."""
    return [parse_event(event_to_json(event)) for event in read_events(io.BytesIO(data), "f")]


@given(EVENTS)
def test_an_event_is_what_its_own_line_says(event: Event) -> None:
    line = json.dumps(event_to_json(event))
    assert parse_event(json.loads(line)) == event


@given(
    st.lists(EVENTS, min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_fast_reader_reads_what_the_strict_one_reads(
    events: list[Event], compact: bool, ascii_only: bool, end: str
) -> None:
    separators = (",", ":") if compact else (", ", ": ")
    lines = [
        json.dumps(event_to_json(event), separators=separators, ensure_ascii=ascii_only)
        for event in events
    ]
    assert fast("".join(line + end for line in lines).encode()) == events
    assert fast("\n".join(lines).encode()) == events


@given(objects(EVENT_TYPES["post.published"]), st.data())
def test_null_is_left_out_and_order_is_free(event: Event, data: st.DataObject) -> None:
    cls: type = EVENT_TYPES[event.type]
    given_fields = event_to_json(event)
    nulls = {f.name: None for f in fields_of(cls) if f.name not in given_fields}
    pairs = data.draw(st.permutations([*given_fields.items(), *nulls.items()]))
    assert fast(json.dumps(dict(pairs)).encode()) == [event]


@given(EVENTS, EVENTS, st.data())
def test_a_key_given_twice_is_seen_wherever_it_is(
    event: Event, other: Event, data: st.DataObject
) -> None:
    pairs = list(event_to_json(event).items())
    key, value = data.draw(st.sampled_from(pairs))
    again = data.draw(st.sampled_from([value, None, "x", 'null,":null']))
    pairs.insert(data.draw(st.integers(0, len(pairs))), (key, again))
    twice = "{" + ",".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in pairs) + "}"
    plain = json.dumps(event_to_json(other))
    with pytest.raises(InputError) as caught:
        list(read_events(io.StringIO(f"{plain}\n{twice}\n{plain}\n"), "f"))
    assert [p.place.line for p in caught.value.problems if p.name == "duplicate-key"] == [2]


@given(EVENTS, JSON_VALUES, st.data())
def test_both_readers_refuse_the_same(event: Event, wrong: object, data: st.DataObject) -> None:
    mapping: dict[str, object] = dict(event_to_json(event))
    key = data.draw(st.sampled_from([*mapping, "brand", "nonsense"]))
    mapping[key] = wrong
    assume(key != "type")
    line = json.dumps(mapping).encode()
    try:
        expected: object = [parse_event(json.loads(line))]
    except InputError as error:
        expected = sorted(problem.message for problem in error.problems)
    try:
        found: object = fast(line)
    except InputError as error:
        found = sorted(problem.message for problem in error.problems)
    assert found == expected


@pytest.mark.parametrize(
    ("written", "microsecond"),
    [(".5Z", 500_000), (".123456789+00:00", 123_457), ("z", 0), ("+0000", 0), ("-00:00", 0)],
)
def test_instants_are_read_alike(written: str, microsecond: int) -> None:
    line = f'{{"type":"clock","at":"2026-03-03T08:00:00{written}"}}'
    at = datetime(2026, 3, 3, 8, 0, 0, microsecond, tzinfo=UTC)
    assert parse_event(json.loads(line)).at == at
    assert [event.at for event in read_events([line], "f")] == [at]


def test_reserved_words_are_fields_all_the_same() -> None:
    event = CommentReceived(
        at=datetime(2026, 3, 3, 8, tzinfo=UTC), page="p", post="q", comment="c", class_="question"
    )
    assert event_to_json(event)["class"] == "question"
    assert parse_event(event_to_json(event)) == event


@pytest.mark.parametrize(
    "lines",
    [
        '{"type":"clock","at":"2026-03-03T08:00:00Z"}{"type":"clock","at":"2026-03-03T08:00:00Z"}\n\n',
        '{"type":"clock",\n"at":"2026-03-03T08:00:00Z"}{"type":"clock","at":"2026-03-03T08:00:00Z"}\n',
    ],
)
def test_one_object_is_one_line(lines: str) -> None:
    with pytest.raises(InputError, match=r"f:1:\d+: error not-json"):
        list(read_events(io.BytesIO(lines.encode()), "f"))
