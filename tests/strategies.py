"""Hypothesis strategies for the values of a playbook; `from strategies import rules`."""

from __future__ import annotations

from hypothesis import strategies as st

from crisisrules.model.durations import DAY, HOUR, MINUTE, SECOND
from crisisrules.model.vocabulary import ACTIONS, RULE_SEVERITIES
from crisisrules.playbook.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Condition,
    Not,
    Operand,
    ParameterRef,
    Test,
)
from crisisrules.playbook.contradictions import clash_in
from crisisrules.playbook.facts import OPERATORS_OF, Fact
from crisisrules.playbook.parameters import Parameter
from crisisrules.playbook.read_conditions import facts_for
from crisisrules.playbook.rule import (
    IF_UNKNOWN,
    SUBJECTS,
    WHOSE,
    Absence,
    Advice,
    BusinessDays,
    Clock,
    Escalation,
    Form,
    Precedence,
    Recurrence,
    Reminder,
    Response,
    Rule,
    Rung,
    Scope,
    Source,
    Span,
    State,
)

PARAMETERS = {
    name: Parameter(name=name, type=kind, default=default, meaning={"en": name, "fr": name})
    for name, kind, default in (
        ("soon", "duration", 15 * MINUTE),
        ("late", "duration", 12 * HOUR),
        ("many", "count", 40),
        ("double", "factor", 2.0),
    )
}
"""The parameters that random conditions and rules refer to."""

_SEEN = st.characters(
    exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"], exclude_characters="{}\ufeff\ufffe\uffff"
)
sentences = st.text(alphabet=_SEEN, min_size=1, max_size=40).filter(lambda text: text.strip() != "")
"""Any text that a playbook may hold, without placeholders."""

texts = st.fixed_dictionaries({"en": sentences, "fr": sentences}, optional={"de": sentences})
durations = st.integers(1, 200_000).map(lambda seconds: seconds * SECOND)
references = {
    kind: st.builds(
        ParameterRef,
        st.sampled_from([p.name for p in PARAMETERS.values() if p.type in kind.split("/")]),
        st.sampled_from([1.0, 2.0, 0.5, 1.25]),
    )
    for kind in ("duration", "count/factor")
}
spans: st.SearchStrategy[Span] = durations | references["duration"]
rule_ids = st.from_regex(r"[a-z]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


@st.composite
def tests(draw: st.DrawFn, subjects: tuple[str, ...]) -> Test:
    """A test of any fact that a rule about the subjects may ask."""
    fact = draw(st.sampled_from(list(facts_for(subjects).values())))
    listing = fact.type in ("enum", "text")
    operators = [
        operator
        for operator in OPERATORS_OF[fact.type]
        if not (listing and operator in ("is", "is_not") and draw(st.booleans()))
    ]
    operator = draw(st.sampled_from(operators))
    counted = fact.countable and operator != "present"
    return Test(
        fact=fact.path,
        operator=operator,
        value=draw(_operands(fact, operator)),
        in_last=draw(st.none() | spans) if counted else None,
    )


def _operands(fact: Fact, operator: str) -> st.SearchStrategy[Operand]:
    if fact.type == "boolean" or operator == "present":
        return st.booleans()
    if fact.type == "duration":
        return st.one_of(durations, references["duration"])
    if fact.type == "count":
        decimals = st.sampled_from([0.25, 1.5, 2.0]) if fact.ratio else st.nothing()
        return st.one_of(st.integers(0, 10_000), references["count/factor"], decimals)
    word = st.sampled_from(fact.values) if fact.values else sentences.filter(lambda t: "$" not in t)
    several = st.lists(word, min_size=1, max_size=3, unique=True).map(tuple)
    if operator in ("in", "not_in"):
        return several
    return st.one_of(word, several) if operator == "mentions" else word


def conditions(subjects: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """A condition that a rule about the subjects may ask, and that some facts can meet."""
    made: st.SearchStrategy[Condition] = st.recursive(
        tests(subjects),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
            st.lists(inner, min_size=1, max_size=3).map(lambda of: All(tuple(of))),
            st.builds(Not, inner),
        ),
        max_leaves=6,
    )
    return made.filter(lambda condition: clash_in(condition) is None)


business_days = st.builds(
    BusinessDays,
    calendar=st.sampled_from(["US", "FR", "DE-BY", "XNYS"]),
    timezone=st.sampled_from([None, "America/New_York", "Asia/Kathmandu"]),
    closes=st.none() | st.integers(0, 24 * 60 - 1),
)


@st.composite
def clocks(draw: st.DrawFn, subjects: tuple[str, ...], severity: str, *, open_start: bool) -> Clock:
    """A clock of a rule with this severity; ``open_start`` allows no instant to count from."""
    known = [path for path, fact in facts_for(subjects).items() if fact.type == "instant"]
    instants = st.sampled_from(known)
    of = draw(st.none() | instants if open_start else instants)
    if not open_start and draw(st.booleans()):
        days = draw(st.integers(1, 30)) * DAY
        return Clock(of, (Rung(severity, days),), draw(business_days))
    allowed = RULE_SEVERITIES[: RULE_SEVERITIES.index(severity) + 1]
    steps = sorted(draw(st.lists(durations, min_size=1, max_size=len(allowed), unique=True)))
    if len(steps) == 1:
        return Clock(of, (Rung(severity, draw(spans)),))
    return Clock(of, tuple(Rung(s, t) for s, t in zip(allowed, steps, strict=False)))


@st.composite
def forms(draw: st.DrawFn, subjects: tuple[str, ...], severity: str) -> Form:
    """Any of the five forms."""
    kind = draw(st.sampled_from([Absence, Response, Recurrence, State, Precedence]))
    asked = conditions(subjects)
    expect = conditions(("event",))
    shares = st.integers(1, 99).map(lambda percent: Reminder(share=percent / 100))
    remind = tuple(draw(st.lists(shares, max_size=2)))
    if kind is Absence:
        return Absence(forbid=draw(asked))
    if kind is Precedence:
        return Precedence(require=draw(asked), before=draw(asked))
    if kind is State:
        return State(for_=draw(st.none() | spans), keep_for=draw(st.none() | spans))
    if kind is Recurrence:
        every = draw(clocks(subjects, severity, open_start=True))
        return Recurrence(expect=draw(expect), every=every, remind=remind)
    several = st.lists(clocks(subjects, severity, open_start=False), min_size=1, max_size=2)
    return Response(expect=draw(expect), clocks=tuple(draw(several)), remind=remind)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that loads, over the parameters of :data:`PARAMETERS`."""
    subjects = tuple(draw(st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=2, unique=True)))
    severity = draw(st.sampled_from(RULE_SEVERITIES))
    form = draw(forms(subjects, severity))
    asked = conditions(subjects)
    state = isinstance(form, State)
    when = draw(asked if state else st.just(ALWAYS) | asked)
    settles = isinstance(form, State | Absence | Precedence)
    status = draw(st.sampled_from(["stable", "preview", "deprecated"]))
    after = draw(st.none() | spans)
    escalations = st.builds(
        Escalation,
        severity=st.sampled_from(RULE_SEVERITIES[: RULE_SEVERITIES.index(severity) + 1]),
        after=spans,
        when=st.none() | asked,
    )
    made = Rule(
        id=draw(rule_ids),
        title=draw(texts),
        severity=severity,
        about=subjects,
        form=form,
        advice=Advice(
            action=draw(st.sampled_from(ACTIONS)),
            say=draw(texts),
            once_out=draw(st.none() | texts) if "post" in subjects and len(subjects) > 1 else None,
            write=draw(st.none() | texts),
        ),
        because=draw(texts),
        sources=tuple(
            draw(
                st.lists(
                    st.builds(
                        Source,
                        title=sentences,
                        url=st.none() | st.just("https://example.org/a"),
                        where=st.none() | sentences,
                    ),
                    min_size=1,
                    max_size=2,
                )
            )
        ),
        status=status,
        scope=draw(
            st.just(Scope())
            | st.just(Scope(always=True))
            | st.just(Scope(during=False, after_until=after or HOUR))
            | st.just(Scope(during=True, after_until=after or HOUR))
        ),
        when=when,
        settled_by=draw(st.none() | asked) if settles else None,
        escalate=tuple(draw(st.lists(escalations, max_size=2))),
        if_unknown=draw(st.sampled_from(IF_UNKNOWN)),
        whose=draw(st.sampled_from(WHOSE)),
        regimes=tuple(draw(st.lists(sentences, max_size=2, unique=True))),
        since=draw(st.none() | st.sampled_from(["0.1", "1.10", "2.0.3"])),
        note=draw(st.none() | texts),
    )
    together = All((made.when, form.forbid)) if isinstance(form, Absence) else made.when
    return made if clash_in(together) is None else draw(rules())
