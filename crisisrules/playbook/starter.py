"""The first files of a brand: a commented playbook, a rule with its test, a calendar to try it on.

Answers in, texts by path out; nothing here writes a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from crisisrules.playbook.dump import Data, to_yaml
from crisisrules.playbook.schema import playbook_schema, rule_schema, rule_test_schema
from crisisrules.playbook.starter_texts import CALENDAR, NOTES, RULE, STEPS, rule_test

PLAYBOOK: Final = "crisis.yaml"
HOUSE: Final = "house"
RULE_ID: Final = "comments-pile-up"
CALENDAR_FILE: Final = "calendar.csv"
INCIDENT_FILE: Final = "incident.yaml"
ROSTER_FILE: Final = "roster.jsonl"
_CHAINS: Final = {"holding": 5, "update": 8, "resolution": 10}
"""Minutes that a text of each kind may take to be approved, by all together."""


@attrs.frozen(kw_only=True)
class Approver:
    """A role that approves texts, and the one that stands in for it."""

    role: str
    deputy: str | None = None


@attrs.frozen(kw_only=True)
class Answers:
    """What a brand says of itself.

    Attributes:
        language: of the comments and examples, ``en`` or ``fr``.
        approvers: at least one; the first owns the external messages and may freeze the calendar.
        hours: first and last hour on duty, local time.
        monday: the day that the examples play on and the roster starts with.
    """

    name: str
    language: str
    timezone: str
    platforms: tuple[str, ...]
    approvers: tuple[Approver, ...]
    regimes: tuple[str, ...] = ()
    hours: tuple[int, int] = (8, 20)
    monday: date
    kinds: tuple[str, ...]


def starter_files(
    answers: Answers, event_types: tuple[str, ...], statuses: tuple[str, ...]
) -> Mapping[str, str]:
    """The text of each file by its path below the brand's folder.

    Args:
        answers: what the brand said.
        event_types: the types of events, for the schema of rule tests.
        statuses: what a recommendation may be in, for the same.
    """
    language = answers.language
    schemas = {
        "playbook": playbook_schema(),
        "rule": rule_schema(),
        "rule-test": rule_test_schema(event_types, statuses),
    }
    test_at = datetime.combine(answers.monday, time(8), ZoneInfo(answers.timezone)).isoformat()
    return {
        PLAYBOOK: _playbook(answers),
        f"{HOUSE}/{RULE_ID}.yaml": RULE[language],
        f"{HOUSE}/{RULE_ID}.test.yaml": rule_test(language, test_at, answers.platforms[0]),
        CALENDAR_FILE: _calendar(answers),
        INCIDENT_FILE: _incident(answers),
        ROSTER_FILE: _roster(answers),
        **{
            f"schemas/{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
            for name, schema in schemas.items()
        },
    }


def next_steps(answers: Answers) -> tuple[str, ...]:
    """What to run first, a command with what it shows on each line."""
    fill = {
        "playbook": PLAYBOOK,
        "house": HOUSE,
        "calendar": CALENDAR_FILE,
        "incident": INCIDENT_FILE,
        "zone": answers.timezone,
        "platform": answers.platforms[0],
    }
    steps = [(command.format(**fill), what) for command, what in STEPS[answers.language]]
    space = max(len(command) for command, _ in steps) + 2
    return tuple(f"{command:<{space}}{what}" for command, what in steps)


def _playbook(answers: Answers) -> str:
    notes = NOTES[answers.language]
    busy: dict[str, Data] = {language: text["busy"] for language, text in NOTES.items()}
    crowd: dict[str, Data] = {
        "type": "count",
        "default": 40,
        "meaning": busy,
        "source": "our choice",
    }
    first = answers.approvers[0]
    roles = [one for each in answers.approvers for one in (each.role, each.deputy) if one]
    governance: dict[str, Data] = {
        "roles": {
            role: notes["role_community"] if role == "community" else notes["role"]
            for role in dict.fromkeys((*roles, "community"))
        },
        "owner": first.role,
        "freeze_owner": first.role,
        **({"freeze_deputy": first.deputy} if first.deputy else {}),
        "community_roles": ["community"],
    }
    chains: dict[str, Data] = {
        # a first word needs one person; the others share the time that there is
        name: _chain(answers.approvers[:1] if name == "holding" else answers.approvers, minutes)
        for name, minutes in _CHAINS.items()
    }
    end = answers.monday + timedelta(days=180)
    named: dict[str, Data] = {"regimes": list(answers.regimes)} if answers.regimes else {}
    return "".join(
        (
            "# yaml-language-server: $schema=schemas/playbook.schema.json\n",
            _note(notes["head"].format(name=answers.name)),
            to_yaml({"extends": "base", "name": answers.name, "timezone": answers.timezone}),
            to_yaml({"rules": [HOUSE]}),
            _note(notes["lines"].format(platform=answers.platforms[0])),
            to_yaml({"lines": list(answers.platforms)}),
            _note(notes["scenarios"]),
            to_yaml({"scenarios": list(answers.kinds), "reply_criteria": ["all"]}),
            _note(notes["governance"]),
            "governance:\n",
            _below(to_yaml(governance)),
            _below(_comment(notes["chains"])),
            _below(to_yaml({"approval_chains": chains})),
            _below(_comment(notes["regimes"])),
            _below(to_yaml(named) if named else "# regimes: [gdpr]\n"),
            _below(_comment(notes["dates"])),
            _below(
                f"# last_exercise_at: {answers.monday}\n# contacts_checked_at: {answers.monday}\n"
            ),
            _note(notes["parameters"]),
            "parameters:\n  comments_at_once:\n",
            _below(_below(to_yaml(crowd))),
            "#   update_cadence: 45m\n",
            "#   first_mention_within: {base: 45m, kind: {safety: 15m}}\n",
            _note(notes["disable"]),
            "# disable:\n",
            f"#   - {{rule: long-incident-mode, reason: {notes['reason']}, until: {end}}}\n",
        )
    )


def _chain(approvers: tuple[Approver, ...], minutes: int) -> list[Data]:
    within = f"{max(1, minutes // len(approvers))}m"
    return [
        {"role": each.role, **({"deputy": each.deputy} if each.deputy else {}), "within": within}
        for each in approvers
    ]


def _calendar(answers: Answers) -> str:
    lines = ["date,time,platform,text"]
    platforms = answers.platforms
    for number, (at, text) in enumerate(CALENDAR[answers.language]):
        platform = platforms[number % len(platforms)]
        lines.append(f'{answers.monday},{at},{platform},"{text}"')
    return "\n".join(lines) + "\n"


def _incident(answers: Answers) -> str:
    notes = NOTES[answers.language]
    zone = ZoneInfo(answers.timezone)
    started = datetime.combine(answers.monday, time(9, 30), zone)
    fields: dict[str, Data] = {
        "incident": "example-1",
        "kind": "outage",
        "severity": "major",
        "title": notes["incident_title"],
        "keywords": list(notes["keywords"].split()),
        "at": started.isoformat(),
        "started_at": started.isoformat(),
        "aware_at": started.isoformat(),
    }
    return _comment(notes["incident"]) + to_yaml(fields)


def _roster(answers: Answers) -> str:
    """A week of duty of the community role, as events."""
    zone = ZoneInfo(answers.timezone)
    first, last = answers.hours
    lines = []
    for number in range(7):
        day = answers.monday + timedelta(days=number)
        begin = datetime.combine(day, time(first), zone)
        end = datetime.combine(day, time(0), zone) + timedelta(hours=last)
        event = {
            "type": "shift.planned",
            "at": datetime.combine(answers.monday, time(0), zone).isoformat(),
            "role": "community",
            "from": begin.isoformat(),
            "to": end.isoformat(),
        }
        lines.append(json.dumps(event))
    return "\n".join(lines) + "\n"


def _note(text: str) -> str:
    return "\n" + _comment(text)


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.split("\n"))


def _below(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
