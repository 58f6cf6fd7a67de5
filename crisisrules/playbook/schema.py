"""JSON Schemas (2020-12) of the files of a playbook, for editors: completion, hints, red lines.

They are made of the same tables as the loader's checks. What a schema cannot say (a parameter that is
not declared, a ladder out of order) the loader says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from crisisrules.model.vocabulary import (
    ACTIONS,
    COMMENT_CLASSES,
    INCIDENT_KINDS,
    PLATFORMS,
    RULE_SEVERITIES,
)
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.facts import FAMILIES, OPERATORS_OF, Fact, available
from crisisrules.playbook.guidance import ANSWER_TEXTS, ANSWERS, HOLDING, SLOTS, STATEMENTS
from crisisrules.playbook.read_conditions import JOINS, LIST_OPERATORS
from crisisrules.playbook.read_parameters import LAYER_KEYS, TYPES
from crisisrules.playbook.reading import LANGUAGES
from crisisrules.playbook.rule import IF_UNKNOWN, STATUSES, SUBJECTS, WHOSE
from crisisrules.playbook.schema_terms import (
    BUSINESS_DAYS,
    Schema,
    described,
    list_of,
    mapping,
    matching,
    one_of,
    one_or_some,
    ref,
)

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
        "id": described(
            {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}, "the file's name"
        ),
        "title": ref("texts", "the situation in one line"),
        "status": one_of(STATUSES, "preview: reported beside the rest, never counted"),
        "severity": one_of(RULE_SEVERITIES, "the highest that it can reach"),
        "about": described(one_or_some(SUBJECTS), "what the rule looks at, one by one"),
        "regimes": described(list_of(_TEXT), "in force only where governance lists one of them"),
        "during": {"const": "incident"},
        "after": {"const": "resolution"},
        "until": ref("span", "how long after the resolution"),
        "always": described({"type": "boolean"}, "in force without any incident too"),
        "when": ref("condition", "the guard; alone, the state that is watched"),
        "forbid": ref("condition", "what must not be"),
        "expect": ref("expected", "the post, reply or record that must come"),
        "within": ref("ladder", "how long after `of`"),
        "of": ref("instant", "the instant that time is counted from"),
        "clocks": described(
            list_of(
                mapping(
                    {
                        "of": ref("instant"),
                        "within": ref("ladder"),
                        "business_days": ref("business_days"),
                    },
                    ("of", "within"),
                )
            ),
            "several clocks; the earliest deadline holds",
        ),
        "business_days": ref("business_days", "`within` counts days on which these are open"),
        "every": ref("ladder", "at most so far apart"),
        "require": ref("condition", "what must have been"),
        "before": ref("condition", "what must not come before it"),
        "for": ref("span", "only once it held so long"),
        "keep_for": ref("span", "until it failed so long"),
        "settled_by": ref("condition", "what closes it for good"),
        "remind": described(
            list_of(matching(rf"^(?:[1-9][0-9]?%|{_DURATION})$")),
            "a share of the time allowed, or how long before the deadline",
        ),
        "escalate": list_of(
            mapping(
                {
                    "to": one_of(RULE_SEVERITIES),
                    "after": ref("span"),
                    "when": ref("condition"),
                },
                ("to",),
            )
        ),
        "if_unknown": one_of(IF_UNKNOWN, "what a fact that is not known does to the rule"),
        "whose": one_of(WHOSE, "own: only incidents of the brand itself"),
        "replaces": described(list_of(_TEXT), "rules that fall silent while this one speaks"),
        "replaced_by": described(_TEXT, "the successor of a deprecated rule"),
        "recommend": mapping(
            {
                "action": one_of(ACTIONS, "what a person should do"),
                "say": ref("texts", "the advice, in small letters, without full stop"),
                "once_out": ref(
                    "texts", "the same of a post that is out already, where it differs"
                ),
                "write": ref("texts", "what to write instead"),
            },
            ("action", "say"),
        ),
        "because": ref("texts", "why it matters"),
        "sources": list_of(
            mapping(
                {"title": _TEXT, "url": matching(r"^https?://\S+$"), "where": _TEXT}, ("title",)
            )
        ),
        "note": ref("texts"),
        "since": {"type": ["string", "number"]},
    }
    needed = ("id", "title", "severity", "about", "recommend", "because", "sources")
    leading = [key for form in _CHOICES_OF_FORM for key in form[:1]]
    state: dict[str, Schema] = {
        "required": ["when"],
        "not": {"anyOf": [{"required": [key]} for key in dict.fromkeys(leading)]},
    }
    forms: list[Schema] = [{"required": list(keys)} for keys in _CHOICES_OF_FORM]
    return _document("a rule", {**mapping(properties, needed), "anyOf": [*forms, state]})


def playbook_schema() -> dict[str, Schema]:
    """The schema of a playbook file, the base one's and a brand's."""
    value: Schema = {"type": ["string", "number"]}
    scaled = mapping({"times": {"type": "number", "exclusiveMinimum": 0}}, ("times",))
    setting: Schema = {"anyOf": [value, scaled]}
    layers: dict[str, Schema] = {
        layer: {
            "type": "object",
            "additionalProperties": setting,
            **({"propertyNames": {"enum": list(keys)}} if keys else {}),
        }
        for layer, keys in LAYER_KEYS.items()
    }
    declaration = mapping(
        {
            "type": one_of(TYPES),
            "default": value,
            "least": value,
            "most": value,
            "meaning": ref("texts"),
            "published": _TEXT,
            "source": _TEXT,
            **layers,
        },
        ("type", "default", "meaning"),
    )
    disabled = mapping({"rule": _TEXT, "reason": _TEXT, "until": ref("day")}, ("rule", "reason"))
    properties: dict[str, Schema] = {
        "name": _TEXT,
        "timezone": described(_TEXT, "such as Europe/Paris"),
        "extends": described(_TEXT, "`base`, or the path of another playbook file"),
        "rules": described(list_of(_TEXT), "folders with rules of one's own"),
        "order": described(list_of(_TEXT), "families, first to last"),
        "parameters": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [value, declaration, mapping({"base": value, **layers})]
            },
        },
        "disable": described(list_of(disabled), "rules switched off, each with a reason"),
        **_governance(),
    }
    return _document("a playbook", mapping(properties))


def _governance() -> dict[str, Schema]:
    step = mapping({"role": _TEXT, "deputy": _TEXT, "within": ref("duration")}, ("role",))
    governance = mapping(
        {
            "owner": described(_TEXT, "the role that owns the external messages"),
            "freeze_owner": described(_TEXT, "the role that may hold what is planned"),
            "freeze_deputy": _TEXT,
            "roles": {
                "type": "object",
                "additionalProperties": {"anyOf": [_TEXT, ref("texts")]},
            },
            "community_roles": list_of(_TEXT),
            "approval_chains": {"type": "object", "additionalProperties": list_of(step)},
            "regimes": described(list_of(_TEXT), "regulatory regimes that apply"),
            "templates": described(list_of(_TEXT), "texts that were cleared beforehand"),
            "last_exercise_at": ref("day"),
            "contacts_checked_at": ref("day"),
            "canonical_page": described(_TEXT, "the page that others point to"),
        }
    )
    return {
        "governance": governance,
        "lines": list_of(one_of(PLATFORMS)),
        "scenarios": list_of(one_of(INCIDENT_KINDS)),
        "reply_criteria": list_of(one_of(("all", *PLATFORMS))),
    }


def scenario_schema() -> dict[str, Schema]:
    """The schema of a scenario file: how to speak in one kind of incident."""
    statements = mapping({name: ref("texts") for name in STATEMENTS}, (HOLDING,))
    properties: dict[str, Schema] = {
        "kind": one_of(INCIDENT_KINDS, "the file's name"),
        "title": ref("texts"),
        **_conduct(),
        "statements": described(statements, f"texts with slots: {', '.join(SLOTS)}"),
    }
    replies = mapping(_answers(), COMMENT_CLASSES)
    needed = ("kind", "title", "behaviours", "mistakes", "replies", "statements", "sources")
    return _document("a scenario", mapping({**properties, "replies": replies}, needed))


def line_schema() -> dict[str, Schema]:
    """The schema of a file with the crisis line of one platform."""
    properties: dict[str, Schema] = {
        "platform": one_of(PLATFORMS, "the file's name"),
        "title": ref("texts"),
        "tone": ref("texts"),
        **_conduct(),
        "replies": described(mapping(_answers()), "where they differ from the scenario's"),
    }
    needed = ("platform", "title", "tone", "behaviours", "mistakes", "sources")
    return _document("a crisis line", mapping(properties, needed))


def _conduct() -> dict[str, Schema]:
    return {
        "behaviours": described(list_of(ref("texts")), "what to do"),
        "mistakes": described(list_of(ref("texts")), "what never to do"),
        "sources": _sources(),
    }


def _answers() -> dict[str, Schema]:
    ways = "; ".join(f"{name}: {text['en']}" for name, text in ANSWER_TEXTS.items())
    answer = mapping({"answer": one_of(ANSWERS, ways), "how": ref("texts")}, ("answer",))
    return dict.fromkeys(COMMENT_CLASSES, answer)


def _sources() -> Schema:
    address = matching(r"^https?://\S+$")
    return list_of(mapping({"title": _TEXT, "url": address, "where": _TEXT}, ("title",)))


def rule_test_schema(event_types: Iterable[str], statuses: Iterable[str]) -> dict[str, Schema]:
    """The schema of a rule test file.

    Args:
        event_types: the types of events that a stream may hold.
        statuses: what a recommendation may be in.
    """
    event: dict[str, Schema] = {
        "type": "object",
        "properties": {"type": one_of(tuple(event_types)), "at": _TEXT},
        "required": ["type"],
    }
    state = mapping(
        {
            "status": one_of(tuple(statuses)),
            "severity": one_of(RULE_SEVERITIES),
            "due_at": {"type": ["string", "null"]},
            "subject": {"type": "object", "maxProperties": 1},
            "action": one_of(ACTIONS),
            "page": _TEXT,
            "incident": _TEXT,
            "settled_by": {"type": ["string", "object", "null"]},
        }
    )
    step = mapping(
        {
            "at": described(_TEXT, "`+10m`, a moment, `moment - 1s`, or an instant"),
            "event": event,
            "events": list_of(event),
            "then": {"anyOf": [{"const": "silent"}, state, list_of(state)]},
        },
        ("at",),
    )
    changes: dict[str, Schema] = {
        "parameters": {"type": "object"},
        **_governance(),
    }
    case = mapping(
        {"name": _TEXT, "given": list_of(event), **changes, "steps": list_of(step)},
        ("name", "steps"),
    )
    properties: dict[str, Schema] = {
        "rule": _TEXT,
        "start": matching(rf"^{_INSTANT}$"),
        "moments": {"type": "object", "additionalProperties": _TEXT},
        "with": described(list_of(_TEXT), "other rules that are in force too"),
        **changes,
        "given": list_of(event),
        "cases": list_of(case),
    }
    return _document("a rule test", mapping(properties, ("rule", "start", "cases")))


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
            "duration": matching(rf"^{_DURATION}$"),
            "span": matching(rf"^(?:{_DURATION}|{_PARAMETER})$"),
            "day": matching(rf"^{_INSTANT}$"),
            "instant": one_of(tuple(instants)),
            "ladder": {
                "anyOf": [
                    ref("span"),
                    {
                        "type": "object",
                        "propertyNames": {"enum": list(RULE_SEVERITIES)},
                        "additionalProperties": ref("span"),
                        "minProperties": 1,
                    },
                ]
            },
            "business_days": mapping(BUSINESS_DAYS, ("calendar",)),
            "condition": _condition("condition", asked),
            "expected": _condition("expected", seen),
        },
    }


def _condition(name: str, facts: Mapping[str, Fact]) -> Schema:
    joins: dict[str, Schema] = {
        key: ref(name) if key == "not" else list_of(ref(name)) for key in JOINS
    }
    tests = {path: described(_test(fact), _meaning(fact)) for path, fact in facts.items()}
    return {**mapping({**joins, **tests}), "minProperties": 1}


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
        accepted.append(list_of(one))
    by_operator: dict[str, Schema] = {}
    for operator in operators:
        by_operator[operator] = {"type": "boolean"} if operator == "present" else one
        if operator in ("in", "not_in"):
            by_operator[operator] = list_of(one)
        elif operator == "mentions" or (operator in LIST_OPERATORS and "in" in operators):
            by_operator[operator] = {"anyOf": [one, list_of(one)]}
    if fact.countable:
        by_operator["in_last"] = ref("span")
    accepted.append({**mapping(by_operator), "minProperties": 1})
    return {"anyOf": accepted} if len(accepted) > 1 else accepted[0]


def _value(fact: Fact) -> Schema:
    if fact.type == "boolean":
        return {"type": "boolean"}
    if fact.type == "duration":
        return ref("span")
    if fact.type == "count":
        number: Schema = {"type": "number" if fact.ratio else "integer", "minimum": 0}
        return {"anyOf": [number, matching(rf"^{_PARAMETER}$")]}
    return one_of(fact.values) if fact.values else {"type": "string"}
