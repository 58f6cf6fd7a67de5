"""``crisisrules signals``: what texts are taken to say, one JSON object out for each text in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, Literal, cast

import attrs
import click

from crisisrules.adapters.playbooks import read_playbook
from crisisrules.adapters.reports import plain
from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.adapters.streams.json_text import JsonTextError, read_json_text
from crisisrules.cli.files import name_of, read_text
from crisisrules.cli.options import Word, Zone, playbook_option, write
from crisisrules.model.durations import parse_instant
from crisisrules.model.errors import InputError, Place, Problem, unknown_word
from crisisrules.model.vocabulary import INCIDENT_KINDS
from crisisrules.signals import Reading, Signals, Topic, load_signals, reading_to_json

ROLES: Final = ("brand", "customer")


@attrs.frozen
class _Text:
    """One line: a text, who wrote it, and what the brand had said before."""

    id: str
    text: str
    role: Literal["brand", "customer"]
    language: str | None
    previous: tuple[str, ...] | None
    at: datetime | None


@click.command()
@click.argument("texts", metavar="FILE.jsonl|-")
@click.option("--keywords", metavar="WORD,WORD", help="The incident's words: panne,réseau.")
@click.option(
    "--kind", type=Word("a kind of incident", INCIDENT_KINDS), help="The incident's kind."
)
@click.option("--place", metavar="PLACE", help="Where the incident is.")
@click.option(
    "--role", type=Word("a role", ROLES), default="brand", help="Who wrote lines without a role."
)
@click.option(
    "--tz",
    "zone",
    type=Zone(),
    metavar="ZONE",
    help="The zone of times in the texts: Europe/Paris.",
)
@click.option("--explain", is_flag=True, help="Say it for a person instead.")
@playbook_option
def signals(
    texts: str,
    keywords: str | None,
    kind: str | None,
    place: str | None,
    role: str,
    zone: tzinfo | None,
    explain: bool,
    playbook: Path | None,
) -> None:
    """Say what texts are: kind, features and language, with the words they were seen by.

    FILE.jsonl has one JSON object a line with `text` and, where known, `id`, `role` (brand or customer),
    `lang`, `at`, and `previous`, the brand's earlier texts: then the output says whether this one has news.
    """
    read = list(
        _texts(read_text(texts), name_of(texts), "customer" if role == "customer" else "brand")
    )
    reader: Signals = load_signals(read_playbook(playbook).lexicons)
    words = tuple(word.strip() for word in (keywords or "").split(",") if word.strip())
    topic = Topic(keywords=words, kind=kind, place=place) if words or kind or place else None
    for one in read:
        reading = reader.read(
            one.text,
            role=one.role,
            language=one.language,
            topic=topic,
            published_at=one.at,
            zone=zone,
        )
        news = None if one.previous is None else _news(reader, one)
        write(_explained(one, reading, news) if explain else _line(one, reading, news))


def _texts(text: str, name: str, role: Literal["brand", "customer"]) -> Iterator[_Text]:
    problems: list[Problem] = []
    found = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found += 1
        place = Place(name, number)
        try:
            value = _json(line)
        except JsonTextError as error:
            at = Place(name, number, error.offset + 1)
            problems.append(Problem(at, "invalid-json", error.message))
            continue
        one = _text(value, str(number), role, place, problems)
        if one is not None and not problems:
            yield one
    if not found:
        problems.append(Problem(Place(name), "nothing-read", "no texts were read"))
    if problems:
        raise InputError(problems)


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        # slower, and it knows where the fault is
        return read_json_text(line).value


def _text(
    value: object,
    number: str,
    role: Literal["brand", "customer"],
    place: Place,
    problems: list[Problem],
) -> _Text | None:
    def fault(name: str, message: str) -> None:
        problems.append(Problem(place, name, message))

    before = len(problems)
    if not isinstance(value, Mapping):
        fault("not-an-object", "a line is a JSON object with `text`")
        return None
    text, language = value.get("text"), value.get("lang", value.get("language"))
    if not isinstance(text, str):
        fault("missing-field", "`text` is missing" if text is None else "`text` is not a text")
        return None
    who = value.get("role")
    if who is None:
        who = role
    if who not in ROLES:
        fault("unknown-word", unknown_word("a role", str(who), ROLES))
    previous = value.get("previous")
    if previous is not None and not (
        isinstance(previous, list) and all(isinstance(each, str) for each in previous)
    ):
        fault("wrong-type", "`previous` is not a list of texts")
    at = None
    if isinstance(value.get("at"), str):
        try:
            at = parse_instant(str(value["at"]))
        except ValueError as error:
            fault("instant", str(error))
    if len(problems) > before:
        return None
    return _Text(
        id=str(value.get("id", number)),
        text=text,
        role="customer" if who == "customer" else "brand",
        language=language if isinstance(language, str) else None,
        previous=tuple(previous) if isinstance(previous, list) else None,
        at=at,
    )


def _news(reader: Signals, one: _Text) -> list[str]:
    """What the text states that none of the earlier ones did."""
    known: set[str] = set()
    for text in one.previous or ():
        known |= reader.facts_of(text, language=one.language)
    return sorted(reader.facts_of(one.text, language=one.language) - known)


def _line(one: _Text, reading: Reading, news: list[str] | None) -> str:
    found: dict[str, object] = reading_to_json(one.id, reading)
    if news is not None:
        found |= {"new_info": bool(news), "news": news}
    return plain.line(cast("plain.Object", found))


def _explained(one: _Text, reading: Reading, news: list[str] | None) -> str:
    lines = [
        f"{one.id}: {reading.kind or reading.klass or 'unknown'} ({reading.language or '?'})",
        f"    {for_terminal(' '.join(one.text.split()))[:200]}",
    ]
    shares = sorted(reading.kind_scores.items(), key=lambda pair: -pair[1])[:3]
    if shares:
        lines.append("    kinds: " + ", ".join(f"{kind} {share:.0%}" for kind, share in shares))
    if reading.features:
        lines.append("    says: " + ", ".join(sorted(reading.features)))
    words = [f"{span.name} “{for_terminal(span.text)}”" for span in reading.spans]
    if words:
        lines.append("    seen: " + ", ".join(dict.fromkeys(words)))
    if news is not None:
        lines.append(
            "    news: " + (", ".join(for_terminal(word) for word in news) or "nothing new")
        )
    return "\n".join(lines) + "\n"
