"""What is wrong with a line is said with its place, and the good lines are read all the same."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from crisisrules.adapters.streams.reading import read_all, read_event_file, read_events
from crisisrules.model.errors import InputError
from crisisrules.model.events import Event

CLOCK = b'{"type":"clock","at":"2026-03-03T08:00:00+01:00"}'


def faults(data: bytes, *, lenient: bool = False) -> list[str]:
    with pytest.raises(InputError) as caught:
        list(read_events(io.BytesIO(data), "f.jsonl", lenient=lenient))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            b'{"type":"clock"',
            "1:16: error not-json: expected `,` or `}`, found the end of the line",
        ),
        (b"\xff\xfe{\x00", "1:1: error not-utf8: this is UTF-16; save the file as UTF-8"),
        (b'{"type":"clock\xe9"}', "1:15: error not-utf8: byte `0xe9` is not UTF-8"),
        (b"[1]", "1:1: error not-an-object: an event is an object, not a list"),
        (b"[" * 200_000, "1:65: error not-json: nested deeper than 64 levels"),
        (b'{"a":' * 200_000, "1:321: error not-json: nested deeper than 64 levels"),
        (b'{"at":1}', "1:1: error unknown-type: `type` is missing; an event says what it is"),
        (
            b'{"type":"comment.recieved"}',
            (
                "1:9: error unknown-type: `comment.recieved` is not an event type;"
                " did you mean `comment.received`?"
            ),
        ),
        (
            b'{"type":"clock","at":"2026-01-01T00:00:00Z","brnad":"x"}',
            "1:45: error unknown-field: `brnad` is not a field of `clock`; did you mean `brand`?",
        ),
        (
            b'{"type":"clock","at":"2026-01-01T00:00:00"}',
            (
                "1:22: error not-an-instant: `at`: `2026-01-01T00:00:00` has no offset;"
                " add `Z` or for example `+01:00`"
            ),
        ),
        (
            b'{"type":"clock","at":1767225600}',
            (
                "1:22: error wrong-type: `at` must be a text with a date, a time and an offset,"
                " not the number `1767225600`"
            ),
        ),
        (
            b'{"type":"clock","at":"2026-01-01T00:00:00Z","at":"2026-01-01T00:00:00Z"}',
            "1:45: error duplicate-key: `at` is given twice",
        ),
        (
            b'{"type":"post.counted","at":"2026-01-01T00:00:00Z","page":"p","post":"q","comments":-1}',
            (
                "1:85: error out-of-range: `comments` is `-1`, which is negative;"
                " a count is between 0 and 2^63 - 1"
            ),
        ),
        (
            b'{"type":"comment.received","at":"2026-01-01T00:00:00Z","page":"","post":"q","comment":"c"}',
            "1:63: error empty-text: `page` is empty; it must name something",
        ),
        (
            (
                b'{"type":"page.described","at":"2026-01-01T00:00:00Z","page":"p","platform":"x",'
                b'"timezone":"Europe/Pariss"}'
            ),
            (
                "1:91: error unknown-word: `timezone`: `Europe/Pariss` is not a time zone;"
                " did you mean `Europe/Paris`?"
            ),
        ),
        (
            b'{"type":"clock","at":"0001-01-01T00:00:00Z"}',
            (
                "1:22: error not-an-instant: `at`: `0001-01-01T00:00:00Z` is not a time"
                " that anything can happen at"
            ),
        ),
        (
            b'{"type":"clock","at":NaN}',
            "1:22: error not-json: expected a value, found `NaN`, which is not JSON",
        ),
        (
            (
                b'{"type":"incident.opened","at":"2026-01-01T00:00:00Z","incident":"i","kind":"outrage",'
                b'"severity":"major"}'
            ),
            (
                "1:77: error unknown-word: `kind`: `outrage` is not a kind of incident;"
                " did you mean `outage`?"
            ),
        ),
    ],
)
def test_a_faulty_line_is_named_with_its_place(line: bytes, expected: str) -> None:
    assert faults(line) == [f"f.jsonl:{expected}"]


@pytest.mark.parametrize("empty", [b"", b"\n\n", b" \n\t\n", b"\xef\xbb\xbf"])
def test_a_stream_without_events_is_a_fault(empty: bytes) -> None:
    assert faults(empty) == ["f.jsonl: error nothing-read: no events were read"]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"missing\.jsonl: error unreadable: cannot be read: no such"
    ):
        read_event_file(tmp_path / "missing.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_all(tmp_path)


def test_all_faults_are_told_and_the_good_lines_are_yielded() -> None:
    seen: list[Event] = []
    data = b"\n".join([CLOCK, b"{", CLOCK, b'{"type":"clock","at":"x","brand":3}', CLOCK])
    with pytest.raises(InputError) as caught:
        seen.extend(read_events(io.BytesIO(data), "f"))
    assert len(seen) == 3
    assert [(p.place.line, p.name) for p in caught.value.problems] == [
        (2, "not-json"),
        (4, "not-an-instant"),
        (4, "wrong-type"),
    ]


def test_many_faults_are_counted_not_listed() -> None:
    told = faults(b"{\n" * 1000)
    assert len(told) == 51
    assert told[-1] == "f.jsonl: error more-faults: and 950 more faults"


def test_lenient_warns_of_unknown_names_and_goes_on() -> None:
    warnings: list[str] = []
    data = b"\n".join(
        [
            b'{"type":"clok","at":"2026-03-03T08:00:00+01:00"}',
            b'{"type":"clock","at":"2026-03-03T08:00:00+01:00","more":[1,{"a":2}]}',
        ]
    )
    events = list(
        read_events(
            io.BytesIO(data), "f", lenient=True, on_problem=lambda p: warnings.append(str(p))
        )
    )
    assert [event.type for event in events] == ["clock"]
    assert warnings[0].startswith("f:1:9: warning unknown-type: ")
    assert warnings[1].startswith("f:2:50: warning unknown-field: ")


def test_lenient_does_not_forgive_a_wrong_value() -> None:
    assert faults(b'{"type":"clock","at":"soon"}', lenient=True) == [
        (
            "f.jsonl:1:22: error not-an-instant: `at`: `soon` is not a date and time;"
            " write for example `2026-03-02T08:00:00+01:00`"
        )
    ]
