"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, TypeVar

import click

from crisisrules.model.durations import parse_duration, parse_instant
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.model.vocabulary import RULE_SEVERITIES

Decorated = TypeVar("Decorated", bound=Callable[..., object])

NEVER: Final = "never"
LANGUAGES: Final = ("en", "fr")
COLORS: Final = ("auto", "always", "never")
_COLOURS: Final = {
    "do": "blue",
    "stop": "red",
    "late": "yellow",
    "done": "green",
    "time": "cyan",
    "rule": "magenta",
}
_BOLD: Final = ("head", "do", "stop", "late")


class Word(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """One of a few words; a wrong one is answered with the nearest."""

    name = "word"

    def __init__(self, what: str, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._what = what

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        return "|".join(self.words)

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        if value in self.words:
            return value
        raise _wrong(param, "unknown-word", unknown_word(self._what, value, self.words))


class Instant(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """An ISO 8601 instant with an offset."""

    name = "instant"

    def convert(
        self,
        value: str | datetime,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(value)
        except ValueError as error:
            raise _wrong(param, "instant", str(error)) from error


class Duration(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """A duration such as ``90m``, in microseconds."""

    name = "duration"

    def convert(
        self,
        value: str | int,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> int:
        if isinstance(value, int):
            return value
        try:
            return parse_duration(value)
        except ValueError as error:
            raise _wrong(param, "duration", str(error)) from error


class Zone(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """A time zone by its name."""

    name = "zone"

    def convert(
        self,
        value: str | tzinfo,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tzinfo:
        if isinstance(value, tzinfo):
            return value
        from crisisrules.adapters.calendars.zones import zone_by_name

        try:
            return zone_by_name(value)
        except ValueError as error:
            raise _wrong(param, "unknown-zone", str(error)) from error


def _wrong(param: click.Parameter | None, name: str, message: str) -> UsageError:
    option = param.opts[0] if param is not None and param.opts else "crisisrules"
    return UsageError(Problem(Place(option), name, message))


def playbook_option(command: Decorated) -> Decorated:
    """``--playbook``: a brand's own file; the base playbook without it."""
    text = "A playbook file of your own; the base playbook without it."
    return click.option("--playbook", type=click.Path(path_type=Path), metavar="FILE", help=text)(
        command
    )


def language_option(command: Decorated) -> Decorated:
    """``--lang``: the language of what is printed."""
    return click.option(
        "--lang",
        "language",
        type=Word("a language", LANGUAGES),
        default="en",
        help="Language of the output.",
    )(command)


def engine_option(command: Decorated) -> Decorated:
    """``--engine``: the matcher."""
    text = "How rules are matched: compiled, or durable (durable-rules)."
    return click.option("--engine", default="compiled", metavar="compiled|durable", help=text)(
        command
    )


def color_option(command: Decorated) -> Decorated:
    """``--color``: whether text is coloured."""
    return click.option(
        "--color", type=Word("a choice of colour", COLORS), default="auto", help="Colour the text."
    )(command)


def fail_on_option(command: Decorated) -> Decorated:
    """``--fail-on``: the least severity that makes the exit code 1."""
    return click.option(
        "--fail-on",
        type=Word("a severity", (*RULE_SEVERITIES, NEVER)),
        default="critical",
        help="Least severity that gives exit code 1.",
    )(command)


def format_option(formats: Sequence[str]) -> Callable[[Decorated], Decorated]:
    """``--format``: how it is written; the first one without it."""

    def decorate(command: Decorated) -> Decorated:
        return click.option(
            "--format",
            "format_",
            type=Word("a format", formats),
            default=formats[0],
            help="Output format.",
        )(command)

    return decorate


def fails(severity: str, fail_on: str) -> bool:
    """Whether a finding of this severity makes the exit code 1."""
    return fail_on != NEVER and RULE_SEVERITIES.index(severity) >= RULE_SEVERITIES.index(fail_on)


def painter(color: str) -> Callable[[str, str], str] | None:
    """How pieces of text are coloured; None when they are not."""
    wanted = color == "always" or (
        color == "auto" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    )
    if not wanted:
        return None
    return lambda style, text: click.style(
        text,
        fg=_COLOURS.get(style),
        bold=style in _BOLD or None,
        dim=style == "dim" or None,
        italic=style == "quote" or None,
    )


def columns(least: int = 72, most: int = 130, otherwise: int = 110) -> int:
    """How wide text may be: the terminal's width, or a fixed one in a pipe."""
    if not sys.stdout.isatty():
        return otherwise
    return max(least, min(most, os.get_terminal_size().columns - 1))


def write(text: str) -> None:
    """Put a text on standard output."""
    sys.stdout.write(text)
