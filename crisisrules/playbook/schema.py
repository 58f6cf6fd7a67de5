"""JSON Schemas (2020-12) of the files of a playbook, for editors: completion, hints, red lines.

They are made of the same tables as the loader's checks. What a schema cannot say (a parameter that is
not declared, a ladder out of order) the loader says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from crisisrules.model.vocabulary import ACTIONS, INCIDENT_KINDS, PLATFORMS, RULE_SEVERITIES
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.facts import FAMILIES, OPERATORS_OF, Fact, available
from crisisrules.playbook.read_conditions import JOINS, LIST_OPERATORS
from crisisrules.playbook.read_parameters import LAYER_KEYS, TYPES
from crisisrules.playbook.reading import LANGUAGES
from crisisrules.playbook.rule import IF_UNKNOWN, STATUSES, SUBJECTS, WHOSE

Schema: TypeAlias = Mapping[str, "Schema"] | list["Schema"] | str | int | float | bool | None
"""A part of a JSON Schema."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DURATION: Final = r"(?=[0-9])(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?"
_PARAMETER: Final = r"(?:[0-9]+(?:\.[0-9]+)? *\* *)?\$[A-Za-z_][A-Za-z0-9_-]*"
_INSTANT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].+)?"

_TEXT: Final[Schema] = {"type": "string", "pattern": r"\S"}
_CHOICES_OF_FORM: Final[tuple[tuple[str, ...], ...]] = (
    ("forbid",),
    ("expect", "within", "of"),
    ("expect", "clocks"),
    ("expect", "every"),
    ("require", "before"),
)


def rule_schema() -> dict[str, Schema]:
    """The schema of a rule file."""
    properties: dict[str, Schema] = {
        "id": _said({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}, "the file's name"),
        "title": _ref("texts", "the situation in one line"),
        "status": _one_of(STATUSES, "preview: reported beside the rest, never counted"),
        "severity": _one_of(RULE_SEVERITIES, "the highest that it can reach"),
        "about": _said(_one_or_some(SUBJECTS), "what the rule looks at, one by one"),
        "regimes": _said(_list(_TEXT), "in force only where governance lists one of them"),
        "during": {"const": "incident"},
        "after": {"const": "resolution"},
        "until": _ref("span", "how long after the resolution"),
        "always": _said({"type": "boolean"}, "in force without any incident too"),
        "when": _ref("condition", "the guard; alone, the state that is watched"),
        "forbid": _ref("condition", "what must not be"),
        "expect": _ref("expected", "the post, reply or record that must come"),
        "within": _ref("ladder", "how long after `of`"),
        "of": _ref("instant", "the instant that time is counted from"),
        "clocks": _said(
            _list(_object({"of": _ref("instant"), "within": _ref("ladder")}, ("of", "within"))),
            "several clocks; the earliest deadline holds",
        ),
        "every": _ref("ladder", "at most so far apart"),
        "require": _ref("condition", "what must have been"),
        "before": _ref("condition", "what must not come before it"),
        "for": _ref("span", "only once it held so long"),
        "keep_for": _ref("span", "until it failed so long"),
        "settled_by": _ref("condition", "what closes it for good"),
        "remind": _said(
            _list(_string(rf"^(?:[1-9][0-9]?%|{_DURATION})$")),
            "a share of the time allowed, or how long before the deadline",
        ),
        "escalate": _list(
            _object(
                {
                    "to": _one_of(RULE_SEVERITIES),
                    "after": _ref("span"),
                    "when": _ref("condition"),
                },
                ("to",),
            )
        ),
        "if_unknown": _one_of(IF_UNKNOWN, "what a fact that is not known does to the rule"),
        "whose": _one_of(WHOSE, "own: only incidents of the brand itself"),
        "replaces": _said(_list(_TEXT), "rules that fall silent while this one speaks"),
        "replaced_by": _said(_TEXT, "the successor of a deprecated rule"),
        "recommend": _object(
            {
                "action": _one_of(ACTIONS, "what a person should do"),
                "say": _ref("texts", "the advice, in small letters, without full stop"),
                "write": _ref("texts", "what to write instead"),
            },
            ("action", "say"),
        ),
        "because": _ref("texts", "why it matters"),
        "sources": _list(
            _object({"title": _TEXT, "url": _string(r"^https?://\S+$"), "where": _TEXT}, ("title",))
        ),
        "note": _ref("texts"),
        "since": {"type": ["string", "number"]},
    }
    needed = ("id", "title", "severity", "about", "recommend", "because", "sources")
    leading = [key for form in _CHOICES_OF_FORM for key in form[:1]]
    state: dict[str, Schema] = {
        "required": ["when"],
        "not": {"anyOf": [{"required": [key]} for key in dict.fromkeys(leading)]},
    }
    forms: list[Schema] = [{"required": list(keys)} for keys in _CHOICES_OF_FORM]
    return _document("a rule", {**_object(properties, needed), "anyOf": [*forms, state]})


def playbook_schema() -> dict[str, Schema]:
    """The schema of a playbook file, the base one's and a brand's."""
    value: Schema = {"type": ["string", "number"]}
    scaled = _object({"times": {"type": "number", "exclusiveMinimum": 0}}, ("times",))
    setting: Schema = {"anyOf": [value, scaled]}
    layers: dict[str, Schema] = {
        layer: {
            "type": "object",
            "additionalProperties": setting,
            **({"propertyNames": {"enum": list(keys)}} if keys else {}),
        }
        for layer, keys in LAYER_KEYS.items()
    }
    declaration = _object(
        {
            "type": _one_of(TYPES),
            "default": value,
            "least": value,
            "most": value,
            "meaning": _ref("texts"),
            "published": _TEXT,
            "source": _TEXT,
            **layers,
        },
        ("type", "default", "meaning"),
    )
    disabled = _object({"rule": _TEXT, "reason": _TEXT, "until": _ref("day")}, ("rule", "reason"))
    properties: dict[str, Schema] = {
        "name": _TEXT,
        "timezone": _said(_TEXT, "such as Europe/Paris"),
        "extends": _said(_TEXT, "`base`, or the path of another playbook file"),
        "rules": _said(_list(_TEXT), "folders with rules of one's own"),
        "order": _said(_list(_TEXT), "families, first to last"),
        "parameters": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [value, declaration, _object({"base": value, **layers})]
            },
        },
        "disable": _said(_list(disabled), "rules switched off, each with a reason"),
        **_governance(),
    }
    return _document("a playbook", _object(properties))


def _governance() -> dict[str, Schema]:
    step = _object({"role": _TEXT, "deputy": _TEXT, "within": _ref("duration")}, ("role",))
    governance = _object(
        {
            "owner": _said(_TEXT, "the role that owns the external messages"),
            "freeze_owner": _said(_TEXT, "the role that may hold what is planned"),
            "freeze_deputy": _TEXT,
            "roles": {
                "type": "object",
                "additionalProperties": {"anyOf": [_TEXT, _ref("texts")]},
            },
            "community_roles": _list(_TEXT),
            "approval_chains": {"type": "object", "additionalProperties": _list(step)},
            "regimes": _said(_list(_TEXT), "regulatory regimes that apply"),
            "last_exercise_at": _ref("day"),
            "contacts_checked_at": _ref("day"),
            "canonical_page": _said(_TEXT, "the page that others point to"),
        }
    )
    return {
        "governance": governance,
        "lines": _list(_one_of(PLATFORMS)),
        "scenarios": _list(_one_of(INCIDENT_KINDS)),
        "reply_criteria": _list(_one_of(("all", *PLATFORMS))),
    }


def rule_test_schema(event_types: Iterable[str], statuses: Iterable[str]) -> dict[str, Schema]:
    """The schema of a rule test file.

    Args:
        event_types: the types of events that a stream may hold.
        statuses: what a recommendation may be in.
    """
    event: dict[str, Schema] = {
        "type": "object",
        "properties": {"type": _one_of(tuple(event_types)), "at": _TEXT},
        "required": ["type"],
    }
    state = _object(
        {
            "status": _one_of(tuple(statuses)),
            "severity": _one_of(RULE_SEVERITIES),
            "due_at": {"type": ["string", "null"]},
            "subject": {"type": "object", "maxProperties": 1},
            "action": _one_of(ACTIONS),
            "page": _TEXT,
            "incident": _TEXT,
            "settled_by": {"type": ["string", "object", "null"]},
        }
    )
    step = _object(
        {
            "at": _said(_TEXT, "`+10m`, a moment, `moment - 1s`, or an instant"),
            "event": event,
            "events": _list(event),
            "then": {"anyOf": [{"const": "silent"}, state, _list(state)]},
        },
        ("at",),
    )
    changes: dict[str, Schema] = {
        "parameters": {"type": "object"},
        **_governance(),
    }
    case = _object(
        {"name": _TEXT, "given": _list(event), **changes, "steps": _list(step)}, ("name", "steps")
    )
    properties: dict[str, Schema] = {
        "rule": _TEXT,
        "start": _string(rf"^{_INSTANT}$"),
        "moments": {"type": "object", "additionalProperties": _TEXT},
        "with": _said(_list(_TEXT), "other rules that are in force too"),
        **changes,
        "given": _list(event),
        "cases": _list(case),
    }
    return _document("a rule test", _object(properties, ("rule", "start", "cases")))


def _document(what: str, body: Mapping[str, Schema]) -> dict[str, Schema]:
    asked = {
        path: fact
        for subject in SUBJECTS
        for path, fact in available(FACTS.values(), subject).items()
    }
    seen = available(FACTS.values(), "event")
    instants = [path for path, fact in asked.items() if fact.type == "instant"]
    return {
        "$schema": _DIALECT,
        "title": f"{what} of crisisrules",
        **body,
        "$defs": {
            "texts": {
                "type": "object",
                "propertyNames": {"pattern": "^[a-z]{2,3}(-[a-z]{2,4})?$"},
                "additionalProperties": _TEXT,
                "required": list(LANGUAGES),
            },
            "duration": _string(rf"^{_DURATION}$"),
            "span": _string(rf"^(?:{_DURATION}|{_PARAMETER})$"),
            "day": _string(rf"^{_INSTANT}$"),
            "instant": _one_of(tuple(instants)),
            "ladder": {
                "anyOf": [
                    _ref("span"),
                    {
                        "type": "object",
                        "propertyNames": {"enum": list(RULE_SEVERITIES)},
                        "additionalProperties": _ref("span"),
                        "minProperties": 1,
                    },
                ]
            },
            "condition": _condition("condition", asked),
            "expected": _condition("expected", seen),
        },
    }


def _condition(name: str, facts: Mapping[str, Fact]) -> Schema:
    joins: dict[str, Schema] = {
        key: _ref(name) if key == "not" else _list(_ref(name)) for key in JOINS
    }
    tests = {path: _said(_test(fact), _meaning(fact)) for path, fact in facts.items()}
    return {**_object({**joins, **tests}), "minProperties": 1}


def _meaning(fact: Fact) -> str:
    families = [s for s in FAMILIES if fact.path in available([fact], s) and s != "event"]
    return (
        f"{fact.meaning['en']} ({fact.type}; about {', '.join(families) or 'what was just seen'})"
    )


def _test(fact: Fact) -> Schema:
    one = _value(fact)
    accepted: list[Schema] = []
    operators = OPERATORS_OF[fact.type]
    if "is" in operators:
        accepted.append(one)
    if "in" in operators:
        accepted.append(_list(one))
    by_operator: dict[str, Schema] = {}
    for operator in operators:
        by_operator[operator] = {"type": "boolean"} if operator == "present" else one
        if operator in ("in", "not_in"):
            by_operator[operator] = _list(one)
        elif operator == "mentions" or (operator in LIST_OPERATORS and "in" in operators):
            by_operator[operator] = {"anyOf": [one, _list(one)]}
    if fact.countable:
        by_operator["in_last"] = _ref("span")
    accepted.append({**_object(by_operator), "minProperties": 1})
    return {"anyOf": accepted} if len(accepted) > 1 else accepted[0]


def _value(fact: Fact) -> Schema:
    if fact.type == "boolean":
        return {"type": "boolean"}
    if fact.type == "duration":
        return _ref("span")
    if fact.type == "count":
        number: Schema = {"type": "number" if fact.ratio else "integer", "minimum": 0}
        return {"anyOf": [number, _string(rf"^{_PARAMETER}$")]}
    return _one_of(fact.values) if fact.values else {"type": "string"}


def _ref(name: str, description: str = "") -> Schema:
    reference = {"$ref": f"#/$defs/{name}"}
    return {**reference, "description": description} if description else reference


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if isinstance(schema, Mapping) else schema


def _string(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _one_of(words: Iterable[str], description: str = "") -> Schema:
    return _said({"enum": list(words)}, description) if description else {"enum": list(words)}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of, "minItems": 1}


def _one_or_some(words: Iterable[str]) -> Schema:
    one = _one_of(words)
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


def _object(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> dict[str, Schema]:
    needed: list[Schema] = list(required)
    made: dict[str, Schema] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**made, "required": needed} if needed else made
