"""``crisisrules init``: the first files of a brand, from a few answers."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
import click

from crisisrules.adapters.atomic import write_atomically
from crisisrules.adapters.playbooks import read_playbook
from crisisrules.cli.options import LANGUAGES, Word, write
from crisisrules.model.errors import Place, Problem, UsageError, unknown_word
from crisisrules.model.events import EVENT_TYPES
from crisisrules.model.vocabulary import PLATFORMS
from crisisrules.playbook.starter import PLAYBOOK, Answers, Approver, next_steps, starter_files
from crisisrules.ruletest.expectations import STATES

Answered = TypeVar("Answered")

_HOURS: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_ROLE: Final = re.compile(r"[a-z][a-z0-9_-]*")
_QUESTIONS: Final = {
    "en": {
        "name": "Name of the brand",
        "timezone": "Time zone",
        "platforms": "Platforms in use, with commas between",
        "approvers": "Roles that approve texts (role:deputy), with commas between",
        "hours": "Hours on duty",
        "regimes": "Regulatory regimes that apply ({known}), or nothing",
        "wrote": "wrote {path}",
        "next": "Next:",
    },
    "fr": {
        "name": "Nom de la marque",
        "timezone": "Fuseau horaire",
        "platforms": "Plateformes utilisées, séparées par des virgules",
        "approvers": "Rôles qui valident les textes (rôle:suppléant), séparés par des virgules",
        "hours": "Heures de permanence",
        "regimes": "Régimes réglementaires applicables ({known}), ou rien",
        "wrote": "écrit {path}",
        "next": "Ensuite :",
    },
}
_ZONES: Final = {"en": "UTC", "fr": "Europe/Paris"}
_USED: Final = "facebook, x"
_APPROVERS: Final = "lead:deputy"
_DUTY: Final = "8-20"


@click.command("init")
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path))
@click.option("--lang", "language", type=Word("a language", LANGUAGES), help="Of the files.")
@click.option("--name", help="Name of the brand.")
@click.option("--timezone", metavar="ZONE", help="Such as Europe/Paris.")
@click.option("--platform", "platforms", multiple=True, help="A platform in use; may be repeated.")
@click.option(
    "--approver", "approvers", multiple=True, metavar="ROLE[:DEPUTY]", help="May be repeated."
)
@click.option("--hours", metavar="FROM-TO", help="Hours on duty, such as 8-20.")
@click.option("--regime", "regimes", multiple=True, help="A regulatory regime that applies.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def command(
    folder: Path,
    language: str | None,
    name: str | None,
    timezone: str | None,
    platforms: tuple[str, ...],
    approvers: tuple[str, ...],
    hours: str | None,
    regimes: tuple[str, ...],
    yes: bool,
    force: bool,
) -> None:
    """Write a first playbook, a rule with its test, and a calendar to try it on into FOLDER.

    On a terminal it asks for what the options do not say.
    """
    base = read_playbook()
    regimes_known = tuple(sorted({regime for rule in base.rules for regime in rule.regimes}))
    asked = _Asking(on=not yes and sys.stdin.isatty())
    language = asked.answer(language, "Language / langue", "en", _language)
    words = _QUESTIONS[language]
    name = asked.answer(name, words["name"], folder.resolve().name or "brand", str)
    zone = asked.answer(timezone, words["timezone"], _ZONES[language], _zone)
    used = asked.answer(_joined(platforms), words["platforms"], _USED, _platforms)
    roles = asked.answer(_joined(approvers), words["approvers"], _APPROVERS, _approvers)
    answers = Answers(
        name=name,
        language=language,
        timezone=zone,
        platforms=used,
        approvers=roles,
        hours=asked.answer(hours, words["hours"], _DUTY, _hours),
        regimes=asked.answer(
            _joined(regimes),
            words["regimes"].format(known=", ".join(regimes_known)),
            "",
            lambda text: _known("--regime", "a regime", _words(text), regimes_known),
        ),
        monday=_next_monday(zone),
        kinds=tuple(base.scenarios),
    )
    files = starter_files(answers, tuple(EVENT_TYPES), STATES)
    if not force:
        _refuse(folder, files)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, text.encode("utf-8"))
        write(f"{words['wrote'].format(path=target.as_posix())}\n")
    read_playbook(folder / PLAYBOOK)
    write(f"\n{words['next']}\n")
    write("".join(f"  {step}\n" for step in next_steps(answers)))


@attrs.frozen
class _Asking:
    """Answers from options, else from a person where one is there, else the defaults."""

    on: bool

    def answer(
        self, given: str | None, question: str, default: str, read: Callable[[str], Answered]
    ) -> Answered:
        """What was given, understood; a person who mistypes is told so and asked again."""
        if given is not None or not self.on:
            return read(default if given is None else given)

        def understood(text: str) -> Answered:
            try:
                return read(text.strip())
            except UsageError as error:
                raise click.UsageError(error.problems[0].message) from error

        answer: Answered = click.prompt(question, default=default, value_proc=understood)
        return answer


def _joined(given: tuple[str, ...]) -> str | None:
    return ",".join(given) if given else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _known(
    option: str, what: str, given: tuple[str, ...], allowed: tuple[str, ...]
) -> tuple[str, ...]:
    problems = [
        Problem(Place(option), "unknown-word", unknown_word(what, word, allowed))
        for word in given
        if word not in allowed
    ]
    if problems:
        raise UsageError(problems)
    return given


def _language(text: str) -> str:
    return _known("--lang", "a language", (text,), LANGUAGES)[0]


def _platforms(text: str) -> tuple[str, ...]:
    return _known("--platform", "a platform", _words(text) or _words(_USED), PLATFORMS)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"`{name}` is not a time zone; write for example `Europe/Paris` or `UTC`"
        raise UsageError(Problem(Place("--timezone"), "unknown-timezone", message)) from error
    return name


def _approvers(text: str) -> tuple[Approver, ...]:
    found = []
    for word in _words(text) or _words(_APPROVERS):
        role, _, deputy = word.partition(":")
        for part in (role, *([deputy] if deputy else [])):
            if not _ROLE.fullmatch(part):
                message = f"`{part}` is not the name of a role; write for example `lead` or `press`"
                raise UsageError(Problem(Place("--approver"), "bad-role", message))
        found.append(Approver(role=role, deputy=deputy or None))
    return tuple(found)


def _hours(text: str) -> tuple[int, int]:
    match = _HOURS.fullmatch(text.replace(" ", ""))
    if match is not None:
        first, last = int(match.group(1)), int(match.group(2))
        if first < last <= 24:
            return first, last
    message = f"`{text}` is not a span of hours; write for example `8-20`"
    raise UsageError(Problem(Place("--hours"), "hours", message))


def _next_monday(zone: str) -> date:
    today = datetime.now(ZoneInfo(zone)).date()
    return today + timedelta(days=7 - today.weekday())


def _refuse(folder: Path, files: Iterable[str]) -> None:
    """Say which files are there already; nothing is written over without being asked."""
    problems = [
        Problem(
            Place((folder / path).as_posix()),
            "file-exists",
            "the file is there already; --force writes over it",
        )
        for path in files
        if (folder / path).exists()
    ]
    if problems:
        raise UsageError(problems)
