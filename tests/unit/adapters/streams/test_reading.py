"""The reader knows where it is, whatever the size of what it is given at a time."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.streams import lines as lines_module
from crisisrules.adapters.streams.reading import read_event_file, read_events
from crisisrules.model.errors import InputError

GOOD = b'{"type":"clock","at":"2026-03-03T08:00:00Z","brand":"b%d"}'
LINES = st.sampled_from(
    [GOOD, b"", b"  ", b'{"type":"record","at":"2026-03-03T08:00:00Z","name":"n"}']
)


class Dribble:
    """A source that gives few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._inner = io.BytesIO(data)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._inner.read(min(size, self._size))


@given(st.lists(LINES, max_size=12), st.integers(1, 200), st.booleans())
def test_each_event_has_its_line(chosen: list[bytes], size: int, ended: bool) -> None:
    written = [line % number if line is GOOD else line for number, line in enumerate(chosen, 1)]
    data = b"\n".join(written) + (b"\n" if ended else b"")
    expected = [number for number, line in enumerate(written, 1) if line.strip()]
    reader = read_events(Dribble(data, size), "f", allow_empty=True)
    assert [reader.place.line for _ in reader] == expected
    reader = read_events(Dribble(data, size), "f", allow_empty=True)
    assert [
        reader.place_of(index).line for batch in reader.batches() for index in range(len(batch))
    ] == expected


def test_a_batch_has_many_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"".join(GOOD % number + b"\n" for number in range(5000)))
    sizes = [len(batch) for batch in read_event_file(path).batches()]
    assert sum(sizes) == 5000
    assert len(sizes) < 20


def test_a_pipe_is_read_as_it_fills() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as source:  # noqa: PTH123  # a file descriptor has no path
        events = read_events(source, "pipe")
        for number in range(3):
            os.write(writing, GOOD % number + b"\n")
            assert next(events).brand == f"b{number}"
        threading.Timer(0, os.close, [writing]).start()
        assert list(events) == []


def test_a_line_without_end_is_refused_and_the_rest_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines_module, "LONGEST_LINE", 1000)
    data = b"\n".join([GOOD % 1, b"[" * 200_000, GOOD % 3, b"x" * 1500, GOOD % 5])
    seen: list[tuple[str | None, int | None]] = []

    def run(source: io.BytesIO | Iterator[bytes]) -> list[tuple[int | None, str]]:
        reader = read_events(source, "f")
        with pytest.raises(InputError) as caught:
            seen.extend((event.brand, reader.place.line) for event in reader)
        return [(problem.place.line, problem.name) for problem in caught.value.problems]

    assert run(iter(data.split(b"\n"))) == [(2, "too-long"), (4, "too-long")]
    assert run(io.BytesIO(data))[0] == (2, "too-long")
    assert seen == [("b1", 1), ("b3", 3), ("b5", 5)] * 2


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_dropped(mark: bytes) -> None:
    data = mark + GOOD % 7
    assert [event.brand for event in read_events(io.BytesIO(data), "f")] == ["b7"]
    assert [event.brand for event in read_events(iter([data + b"\n"]), "f")] == ["b7"]


def test_lines_may_be_text_or_bytes_with_or_without_an_end() -> None:
    lines: list[bytes | str] = [
        GOOD % 1,
        (GOOD % 2).decode() + "\n",
        io.StringIO((GOOD % 3).decode()).read(),
    ]
    assert [event.brand for event in read_events(lines, "f")] == ["b1", "b2", "b3"]
    assert [event.brand for event in read_events(iter(lines), "f")] == ["b1", "b2", "b3"]


def test_half_a_surrogate_pair_is_a_fault_or_a_warning() -> None:
    line = rb'{"type":"clock","at":"2026-03-03T08:00:00Z","brand":"a\ud83d"}'
    with pytest.raises(InputError, match="f:1:53: error lone-surrogate"):
        list(read_events([line], "f"))
    assert [event.brand for event in read_events([line], "f", lenient=True)] == ["a\ufffd"]
