"""The form of a rule from its keys: which one it is, its clocks, its ladder and its reminders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from crisisrules.model.durations import DAY, format_duration
from crisisrules.model.errors import Place, unknown_word
from crisisrules.model.vocabulary import RULE_SEVERITIES
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.read_conditions import ConditionReader, facts_for, unavailable
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    listed,
    read_duration,
    read_items,
    read_span,
    read_text,
    read_timezone,
    span_now,
)
from crisisrules.playbook.rule import (
    Absence,
    BusinessDays,
    Clock,
    Form,
    Precedence,
    Recurrence,
    Reminder,
    Response,
    Rung,
    State,
)
from crisisrules.playbook.yamlfaults import excerpt
from crisisrules.playbook.yamltext import MapNode, Node, ScalarNode

KEYS: Final = {
    "absence": ("forbid",),
    "response": ("expect", "within", "of", "business_days", "clocks", "remind"),
    "recurrence": ("expect", "every", "of", "remind"),
    "state": ("for", "keep_for"),
    "precedence": ("require", "before"),
}
"""The keys that belong to each form, beside ``when``, which guards every one."""

ALL_KEYS: Final = tuple(dict.fromkeys(key for keys in KEYS.values() for key in keys))
_LEADING: Final = ("forbid", "expect", "require", "before")
_SHARE: Final = re.compile(r"([0-9]{1,3})%")
_CALENDAR: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|[A-Z][A-Z0-9]{1,5}")
_HOUR: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def read_form(fields: Fields, subjects: tuple[str, ...], severity: str, faults: Faults) -> Form:
    """The one form that a rule has; anything else is reported."""
    nodes = {key: fields.take(key) for key in ALL_KEYS}
    name = _form_name({key for key, node in nodes.items() if node is not None}, fields, faults)
    if name is None:
        return State()
    conditions = ConditionReader(subjects, faults)
    match name:
        case "absence":
            return Absence(forbid=conditions.read(nodes["forbid"]))
        case "precedence":
            return Precedence(
                require=conditions.read(nodes["require"]), before=conditions.read(nodes["before"])
            )
        case "state":
            return State(
                for_=read_span(nodes["for"], faults, "`for`") if nodes["for"] else None,
                keep_for=(
                    read_span(nodes["keep_for"], faults, "`keep_for`")
                    if nodes["keep_for"]
                    else None
                ),
            )
    expect = ConditionReader(("event",), faults).read(nodes["expect"])
    clocks = _Clocks(subjects, severity, faults)
    if name == "recurrence":
        every = clocks.clock(nodes["of"], nodes["every"], "`every`")
        return Recurrence(
            expect=expect, every=every, remind=read_reminders(nodes["remind"], [every], faults)
        )
    several = clocks.several(nodes["clocks"]) if nodes["clocks"] else ()
    if nodes["within"]:
        if nodes["of"] is None:
            message = "`within` needs `of`: the instant it counts from, such as `incident.aware_at`"
            faults.add(fields.key_place("within"), "form", message)
        clock = clocks.clock(nodes["of"], nodes["within"], "`within`", nodes["business_days"])
        several = (clock, *several)
    elif nodes["business_days"]:
        message = "`business_days` belongs to `within`; each of the `clocks` has its own"
        faults.add(fields.key_place("business_days"), "form", message)
    elif nodes["of"]:
        message = "`of` belongs to `within` or `every`; each of the `clocks` has its own"
        faults.add(fields.key_place("of"), "form", message)
    return Response(
        expect=expect, clocks=several, remind=read_reminders(nodes["remind"], list(several), faults)
    )


def _form_name(given: set[str], fields: Fields, faults: Faults) -> str | None:
    """Which form the keys make, or None after it was said what is wrong with them."""
    leading = [key for key in _LEADING if key in given]
    distinct = list(dict.fromkeys({"before": "require"}.get(key, key) for key in leading))
    if len(distinct) > 1:
        second = max((fields.key_place(key) for key in leading), key=lambda at: at.line or 0)
        message = f"a rule has one form; {listed(distinct)} make several: write one rule for each"
        faults.add(second, "form", message)
        return None
    if not distinct:
        name = "state"
    elif distinct == ["forbid"]:
        name = "absence"
    elif distinct == ["require"]:
        name = "precedence"
        for one, other in (("require", "before"), ("before", "require")):
            if other not in given:
                message = f"`{one}` needs `{other}`: what must have been, and before what"
                faults.add(fields.key_place(one), "form", message)
                return None
    elif "every" in given:
        name = "recurrence"
    elif given & {"within", "clocks"}:
        name = "response"
    else:
        message = "`expect` needs a time: `within` and `of`, `clocks`, or `every`"
        faults.add(fields.key_place("expect"), "form", message)
        return None
    strange = [key for key in ALL_KEYS if key in given and key not in KEYS[name]]
    for key in strange:
        owners = [form for form, keys in KEYS.items() if key in keys]
        needs = " or ".join(dict.fromkeys(f"`{KEYS[form][0]}`" for form in owners))
        if owners == ["state"]:
            needs = "`when` alone"
        message = f"`{key}` belongs to a rule with {needs}, and this one is of form {name}"
        faults.add(fields.key_place(key), "form", message)
    if not given and "when" not in fields.entries and fields.entries:
        message = "the rule asks nothing; write `when`, `forbid`, `expect` or `require`"
        faults.add(fields.place, "form", message)
        return None
    return None if strange else name


class _Clocks:
    """Reads clocks of a rule: where time is counted from, and how long each severity waits."""

    def __init__(self, subjects: tuple[str, ...], severity: str, faults: Faults) -> None:
        self.subjects = subjects
        self.severity = severity
        self.faults = faults

    def several(self, node: Node) -> tuple[Clock, ...]:
        clocks = []
        for item in read_items(node, self.faults, "clocks"):
            fields = Fields.of(item, self.faults, "a clock, `{of: …, within: …}`,")
            of, within = fields.need("of"), fields.need("within")
            days = fields.take("business_days")
            fields.close("a clock")
            if of is not None and within is not None:
                clocks.append(self.clock(of, within, "`within`", days))
        return tuple(clocks)

    def clock(
        self, of: Node | None, time: Node | None, what: str, days: Node | None = None
    ) -> Clock:
        clock = Clock(
            self.instant(of), self.ladder(time, what), read_business_days(days, self.faults)
        )
        if days is not None and time is not None:
            for rung in clock.ladder:
                self._check_whole(rung, what, time.place)
        return clock

    def _check_whole(self, rung: Rung, what: str, place: Place) -> None:
        span = span_now(rung.after, self.faults)
        if span is not None and (span <= 0 or span % DAY):
            message = (
                f"{what} counts business days, so it is whole days such as `4d`, "
                f"not `{format_duration(span)}`"
            )
            self.faults.add(place, "business-days", message)

    def instant(self, node: Node | None) -> str | None:
        if node is None:
            return None
        path = read_text(node, self.faults)
        known = facts_for(self.subjects)
        instants = {name: fact for name, fact in known.items() if fact.type == "instant"}
        if path in instants:
            return path
        if path in known:
            message = f"`{path}` is a {known[path].type}; `of` names an instant"
            self.faults.add(node.place, "operator", message + self._instead(path))
        elif path:
            name = "fact-not-here" if path in FACTS else "unknown-fact"
            self.faults.add(node.place, name, unavailable(path, self.subjects))
        return path

    def _instead(self, path: str) -> str:
        family = path.partition(".")[0]
        known = [n for n, f in facts_for(self.subjects).items() if f.type == "instant"]
        near = [name for name in known if name.startswith(f"{family}.")][:3]
        return f" such as {listed(near)}" if near else ""

    def ladder(self, node: Node | None, what: str) -> tuple[Rung, ...]:
        if not isinstance(node, MapNode):
            return (Rung(self.severity, read_span(node, self.faults, what)),)
        rungs: list[Rung] = []
        for entry in node.entries:
            if entry.key not in RULE_SEVERITIES:
                message = unknown_word("a severity", entry.key, RULE_SEVERITIES)
                self.faults.add(entry.key_place, "unknown-severity", message)
                continue
            rung = Rung(entry.key, read_span(entry.value, self.faults, what))
            self._check(rungs[-1] if rungs else None, rung, entry.key_place)
            rungs.append(rung)
        if not node.entries:
            self.faults.add(node.place, "ladder", f"{what} has no rung; write `critical: 60m`")
        return tuple(rungs)

    def _check(self, lower: Rung | None, rung: Rung, place: Place) -> None:
        """A ladder climbs: each rung is later and more severe than the one before."""
        rank = RULE_SEVERITIES.index
        if rank(rung.severity) > rank(self.severity):
            message = (
                f"`{rung.severity}` is above `{self.severity}`, the severity of the rule; "
                "write there the highest that it reaches"
            )
            self.faults.add(place, "ladder", message)
        if lower is None:
            return
        before, after = span_now(lower.after, self.faults), span_now(rung.after, self.faults)
        if rank(rung.severity) < rank(lower.severity):
            message = f"`{rung.severity}` comes after `{lower.severity}`; write the mildest first"
            self.faults.add(place, "ladder", message)
        elif before is not None and after is not None and after <= before:
            message = (
                f"`{rung.severity}` after {format_duration(after)} comes no later than "
                f"`{lower.severity}` after {format_duration(before)}"
            )
            self.faults.add(place, "ladder", message)


def read_business_days(node: Node | None, faults: Faults) -> BusinessDays | None:
    """Whose business days a clock counts: ``{calendar: US, timezone: …, closes: "17:30"}``."""
    if node is None:
        return None
    fields = Fields.of(node, faults, "whose days, `{calendar: US}`,")
    calendar, closes = fields.need("calendar"), fields.take("closes")
    name = read_text(calendar, faults)
    if name and not _CALENDAR.fullmatch(name):
        message = (
            f"`{excerpt(name)}` is no code of a country or a market; write for example `US`, "
            "`US-CA` or `XNYS`"
        )
        faults.add(calendar.place if calendar else node.place, "unknown-calendar", message)
    days = BusinessDays(
        calendar=name,
        timezone=read_timezone(fields.take("timezone"), faults),
        closes=None if closes is None else _read_hour(closes, faults),
        place=calendar.place if calendar else node.place,
    )
    fields.close("`business_days`")
    return days


def _read_hour(node: Node, faults: Faults) -> int:
    """Minutes after midnight of a time such as ``17:30``."""
    found = _HOUR.fullmatch(read_text(node, faults))
    if found is None:
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            message = f'`{excerpt(node.raw)}` is no time of day such as `"17:30"`'
            faults.add(node.place, "time-of-day", message)
        return 0
    return int(found[1]) * 60 + int(found[2])


def read_reminders(
    node: Node | None, clocks: Sequence[Clock], faults: Faults
) -> tuple[Reminder, ...]:
    """When to remind before a deadline: ``50%`` of the time allowed, or ``10m`` before it."""
    found = []
    for item in read_items(node, faults, "reminders"):
        share = _SHARE.fullmatch(item.raw) if isinstance(item, ScalarNode) else None
        if share is not None:
            percent = int(share.group(1))
            if not 0 < percent < 100:
                message = f"a reminder comes between 1% and 99% of the time, not `{percent}%`"
                faults.add(item.place, "reminder", message)
            found.append(Reminder(share=percent / 100))
            continue
        before = read_duration(item, faults, "a reminder (or a share such as `50%`)")
        _check_reminder(before, clocks, item.place, faults)
        found.append(Reminder(before=before))
    return tuple(found)


def _check_reminder(before: int, clocks: Sequence[Clock], place: Place, faults: Faults) -> None:
    allowed = [span_now(rung.after, faults) for clock in clocks for rung in clock.ladder]
    known = [time for time in allowed if time is not None]
    if before and known and before >= max(known):
        message = (
            f"a reminder {format_duration(before)} before the deadline comes before the clock "
            f"starts; the longest time is {format_duration(max(known))}"
        )
        faults.add(place, "reminder", message)
