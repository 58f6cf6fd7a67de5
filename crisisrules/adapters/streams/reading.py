"""Many events from JSON lines: fast where lines are plain, exact where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from operator import length_hint
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from crisisrules.adapters.streams.events import LENIENT, Fault, check_event, printable
from crisisrules.adapters.streams.json_text import JsonText, JsonTextError, read_json_text
from crisisrules.adapters.streams.lines import LONGEST_LINE, BinaryFile, Block, blocks_of
from crisisrules.adapters.streams.wire import event_decoder, lines_encoder
from crisisrules.model.errors import InputError, Place, Problem
from crisisrules.model.events import Event

MOST_PROBLEMS: Final = 50
"""Faults of one stream that are told in full; the rest are counted."""

Source: TypeAlias = BinaryFile | Iterable[bytes | str]

_NOT_PLAIN: Final = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)


def read_events(
    source: Source,
    name: str,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
    allow_empty: bool = False,
) -> EventReader:
    """The events of a stream of JSON lines, one at a time.

    Good lines are yielded as they come, also after faulty ones; the faults of all lines are raised
    together after the last line. So a caller that must not act on half a stream uses :func:`read_all`.
    What is yielded has ``type`` and the attributes of the event's class, but need not be an instance of it.

    Args:
        source: a file opened for bytes, or an iterable of lines (bytes or text, with or without their end).
        name: what messages call the source: a path, or ``<stdin>``.
        lenient: an unknown type (the line is passed over), an unknown field (the field is) and half a
            surrogate pair (it becomes ``U+FFFD``) are warnings.
        on_problem: called with each warning at once, and with each fault at once.
        allow_empty: a stream without any event is no fault.

    Raises:
        InputError: at the end of the iteration: every fault, up to :data:`MOST_PROBLEMS` in full.
    """
    return EventReader(
        blocks_of(source), name, lenient=lenient, on_problem=on_problem, allow_empty=allow_empty
    )


def read_event_file(
    path: str | Path,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> EventReader:
    """The events of a file, one at a time, as :func:`read_events` does.

    Raises:
        InputError: the file cannot be opened (at once), or as :func:`read_events` says (at the end).
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115  # closed when its last block was read
    except (OSError, ValueError) as error:
        raise InputError(unreadable(str(path), error)) from None

    def blocks() -> Iterator[Block]:
        with closing(file):
            yield from blocks_of(file)

    return EventReader(
        blocks(), str(path), lenient=lenient, on_problem=on_problem, allow_empty=False
    )


def read_all(
    path: str | Path,
    *,
    lenient: bool = False,
    on_problem: Callable[[Problem], None] | None = None,
) -> tuple[Event, ...]:
    """All events of a file, or none of them.

    Raises:
        InputError: the file cannot be read, holds no event, or any line of it is at fault.
    """
    return tuple(read_event_file(path, lenient=lenient, on_problem=on_problem))


class EventReader(Iterator[Event]):
    """An iterator over events that knows where it is.

    Use it one event at a time, or in :meth:`batches`, not both.
    """

    def __init__(
        self,
        blocks: Iterator[Block],
        name: str,
        *,
        lenient: bool,
        on_problem: Callable[[Problem], None] | None,
        allow_empty: bool,
    ) -> None:
        self.name = name
        self._blocks = blocks
        self._lenient = lenient
        self._on_problem = on_problem
        self._allow_empty = allow_empty
        self._problems: list[Problem] = []
        self._untold = 0
        self._next_line = 1
        self._lines: Sequence[int] = ()
        self._batch: Iterator[Event] = iter(())
        self._decode = event_decoder().decode_lines
        self._decode_all = event_decoder(keep_all=True).decode_lines
        self._encode = lines_encoder()
        self._events = self._one_at_a_time()

    def __iter__(self) -> Iterator[Event]:  # noqa: PYI034  # see below
        # the generator itself, which a loop drives without a call to __next__ for each event
        return self._events

    def __next__(self) -> Event:
        return next(self._events)

    @property
    def place(self) -> Place:
        """Where the event that was yielded last is written."""
        return self.place_of(len(self._lines) - length_hint(self._batch) - 1)

    def place_of(self, index: int) -> Place:
        """Where the event with this index in the current batch is written."""
        return Place(self.name, self._lines[index])

    def batches(self) -> Iterator[list[Event]]:
        """The same events in lists of what was read together, some hundred from a file.

        From a pipe a list has what has come; no list is empty.

        Raises:
            InputError: as the reader does, after the last list.
        """
        found = False
        try:
            for block in self._blocks:
                events = None if block.too_long else self._plain(block.data)
                if events is None:
                    events = self._one_by_one(block)
                else:
                    self._lines = range(self._next_line, self._next_line + len(events))
                    self._next_line += len(events)
                if events:
                    found = True
                    yield events
        except OSError as error:
            self._problems.append(unreadable(self.name, error))
        if not (found or self._problems or self._allow_empty):
            self._fault(Place(self.name), "nothing-read", "no events were read")
        if self._untold:
            message = f"and {self._untold} more faults"
            self._problems.append(Problem(Place(self.name), "more-faults", message))
        if self._problems:
            raise InputError(self._problems)

    def _one_at_a_time(self) -> Iterator[Event]:
        for events in self.batches():
            self._batch = iter(events)
            yield from self._batch

    def _plain(self, data: bytes) -> list[Event] | None:
        """The events of lines that are plain beyond doubt, one each; else None."""
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        try:
            events = self._decode(data)
        except _NOT_PLAIN:
            return None
        if _at_end_of_time(data):
            return None
        written = self._encode(events)
        # often the lines are what we would write ourselves, and there is nothing more to see
        if written == data or (
            _one_a_line(data, len(events)) and self._no_key_twice(data, written)
        ):
            return events
        return None

    def _no_key_twice(self, data: bytes, written: bytes) -> bool:
        # a repeated key leaves a comma in the data that the fields of the events do not account for;
        # more often it is a null or a default, which the second decoder does not take for absence
        commas = data.count(b",")
        if commas != written.count(b","):
            written = self._encode(self._decode_all(data))
        return commas == written.count(b",") and not _escaped_comma(data)

    def _one_by_one(self, block: Block) -> list[Event]:
        found: list[Event] = []
        numbers: list[int] = []
        for number, line in enumerate(block.lines, self._next_line):
            self._next_line = number + 1
            if block.too_long:
                message = f"a line is longer than {LONGEST_LINE // 1024 // 1024} MB"
                self._fault(Place(self.name, number), "too-long", message)
            elif line and not line.isspace():
                plain = self._plain(line + b"\n")
                event = self._exact(line, number) if plain is None else plain[0]
                if event is not None:
                    found.append(event)
                    numbers.append(number)
        self._lines = numbers
        return found

    def _exact(self, line: bytes, number: int) -> Event | None:
        """The event of one line by the strict reader, or None after saying what is wrong with it."""
        try:
            text = line.decode()
            read = read_json_text(text)
        except UnicodeDecodeError as error:
            place = Place(self.name, number, error.start + 1)
            self._fault(place, "not-utf8", not_utf8(line, error))
            return None
        except JsonTextError as error:
            self._fault(Place(self.name, number, error.offset + 1), "not-json", error.message)
            return None
        faults = [
            Fault(
                path, "duplicate-key", f"`{printable(str(path[-1]))}` is given twice", at_key=True
            )
            for path, _ in read.repeated
        ]
        faults += [
            Fault(path, "lone-surrogate", "a text holds half of a surrogate pair")
            for path in read.surrogates
        ]
        event = check_event(read.value, faults.append)
        repeated = dict(read.repeated)
        sound = True
        for fault in faults:
            column = repeated.get(fault.path) if fault.name == "duplicate-key" else None
            place = Place(
                self.name, number, (_offset(read, fault) if column is None else column) + 1
            )
            if self._lenient and fault.name in _PASSED_OVER:
                self._tell(Problem(place, fault.name, fault.message, warning=True))
            else:
                sound = False
                self._fault(place, fault.name, fault.message)
        return event if sound else None

    def _fault(self, place: Place, name: str, message: str) -> None:
        problem = Problem(place, name, message)
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)
        else:
            self._untold += 1
        self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        if self._on_problem is not None:
            self._on_problem(problem)


_PASSED_OVER: Final = LENIENT | {"lone-surrogate"}


def _one_a_line(data: bytes, count: int) -> bool:
    # the decoder also takes two values on a line, or one on many; but inside a value no newline stands
    # between a closing and an opening brace
    return data.count(b"\n") == count and data.count(b"}\n{") == count - 1


def _escaped_comma(data: bytes) -> bool:
    return b"\\" in data and (b"u002c" in data or b"u002C" in data)


def _at_end_of_time(data: bytes) -> bool:
    # instants that the struct decoder takes and the strict reader does not; the short needles are fast
    return (b"0001-" in data and b'"0001-' in data) or (b"9999-" in data and b'"9999-' in data)


def _offset(read: JsonText, fault: Fault) -> int:
    places = read.keys if fault.at_key else read.values
    return places.get(fault.path, read.values[()])


def not_utf8(line: bytes, error: UnicodeDecodeError) -> str:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "this is UTF-16; save the file as UTF-8"
    return f"byte `0x{line[error.start]:02x}` is not UTF-8"


def unreadable(name: str, error: OSError | ValueError) -> Problem:
    reason = getattr(error, "strerror", None) or "not a path"
    return Problem(Place(name), "unreadable", f"cannot be read: {reason[:1].lower()}{reason[1:]}")
