"""Texts to a playbook: every fault of every text at once, or a value that an engine can trust.

Sources come in the order in which they hold: the base playbook and its rules first, a brand's own
after it. Who finds and opens the files is :mod:`crisisrules.adapters.playbooks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from crisisrules.model.errors import Place, PlaybookError, Problem, unknown_word
from crisisrules.playbook.guidance import CrisisLine, Scenario
from crisisrules.playbook.parameters import Parameter, Setting
from crisisrules.playbook.playbook import Disabled, Governance, Playbook
from crisisrules.playbook.read_governance import read_governance, read_prepared
from crisisrules.playbook.read_guidance import read_line, read_scenario
from crisisrules.playbook.read_parameters import check_scaled, read_parameters
from crisisrules.playbook.read_rule import read_rule
from crisisrules.playbook.reading import (
    Faults,
    Fields,
    read_items,
    read_moment,
    read_names,
    read_text,
    read_timezone,
)
from crisisrules.playbook.rule import Rule
from crisisrules.playbook.yamltext import ListNode, MapNode, Node, ScalarNode, get, parse_yaml

ROLES: Final = ("playbook", "rule", "scenario", "line", "lexicon")
ENDING: Final = ".yaml"


@attrs.frozen(kw_only=True)
class Source:
    """One text of a playbook.

    Attributes:
        name: what to call it in messages, usually the path; of a lexicon, ``fr/words``.
        role: ``playbook`` (parameters, governance), ``rule``, ``scenario``, ``line`` or ``lexicon``.
        family: of a rule, the folder that it stands in.
        own: a brand wrote it; it is no part of the base playbook.
    """

    name: str
    text: str
    role: str
    family: str = ""
    own: bool = False


@attrs.frozen(kw_only=True)
class Links:
    """What other files a playbook file asks for, and where it says so."""

    extends: str | None = None
    extends_place: Place | None = None
    rules: tuple[tuple[str, Place], ...] = ()


def links_of(text: str, name: str) -> Links:
    """What a playbook file extends and which rule folders it has.

    A text that cannot be read has none: :func:`build_playbook` says what is wrong with it.
    """
    try:
        node = parse_yaml(text, name)
    except PlaybookError:
        return Links()
    if not isinstance(node, MapNode):
        return Links()
    extends = get(node, "extends")
    path = extends.value if isinstance(extends, ScalarNode) else None
    folders = read_items(get(node, "rules"), Faults(), "folders")
    return Links(
        extends=path if isinstance(path, str) else None,
        extends_place=extends.place if extends else None,
        rules=tuple(
            (item.value, item.place)
            for item in folders
            if isinstance(item, ScalarNode) and isinstance(item.value, str)
        ),
    )


def build_playbook(sources: Sequence[Source]) -> Playbook:
    """The playbook that the texts make together.

    Raises:
        PlaybookError: with every problem of every text, in the order of the sources.
    """
    loading = _Loading()
    nodes = {index: loading.parse(source) for index, source in enumerate(sources)}
    readers = {
        "playbook": loading.playbook,
        "rule": loading.rule,
        "scenario": loading.scenario,
        "line": loading.line,
    }
    for role, read in readers.items():
        for index, source in enumerate(sources):
            node = nodes[index]
            if source.role == role and node is not None:
                read(node, source)
    loading.check_across()
    if loading.faults.problems:
        raise PlaybookError(_in_order(loading.faults.problems, sources))
    return loading.result(sources)


def _in_order(problems: Iterable[Problem], sources: Sequence[Source]) -> list[Problem]:
    """By source, then by place; a problem said twice is said once."""
    rank = {source.name: index for index, source in enumerate(sources)}

    def key(problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        return rank.get(place.source, len(rank)), place.line or 0, place.column or 0

    return sorted(dict.fromkeys(problems), key=key)


def _file_name(source: str) -> str | None:
    last = source.rpartition("/")[2]
    return last.removesuffix(ENDING) if last.endswith(ENDING) else None


class _Loading:
    """What was read so far, over all sources."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.parameters: dict[str, Parameter] = {}
        self.settings: list[Setting] = []
        self.disabled: list[Disabled] = []
        self.governance = Governance()
        self.order: tuple[str, ...] = ()
        self.name = "playbook"
        self.timezone: str | None = None
        self.rules: list[Rule] = []
        self.own_rules: set[str] = set()
        self.scenarios: dict[str, Scenario] = {}
        self.lines: dict[str, CrisisLine] = {}
        # Ids of all rule files, those with faults too, so that no reference to one is doubted
        self.ids: dict[str, Place] = {}
        # Where a rule names another
        self.named: list[tuple[str, Place]] = []

    def parse(self, source: Source) -> Node | None:
        if source.role == "lexicon":
            return None
        try:
            return parse_yaml(source.text, source.name)
        except PlaybookError as error:
            self.faults.problems.extend(error.problems)
            if source.role == "playbook":
                self.faults.parameters = None
            elif source.role == "rule" and (name := _file_name(source.name)):
                self.ids.setdefault(name, Place(source.name))
            return None

    def playbook(self, node: Node, source: Source) -> None:
        faults = self.faults
        fields = Fields.of(node, faults, "a playbook")
        name = fields.take("name")
        self.name = read_text(name, faults) if name else (_file_name(source.name) or self.name)
        zone = fields.take("timezone")
        self.timezone = read_timezone(zone, faults) if zone else self.timezone
        for key in ("extends", "rules"):  # the files they name were found before; see `links_of`
            found = fields.take(key)
            if found is not None:
                (read_text if key == "extends" else _read_folders)(found, faults)
        order = fields.take("order")
        self.order = read_names(order, faults, "folder") if order else self.order
        given = fields.take("parameters")
        declared, settings = read_parameters(given, self.parameters, faults)
        self.parameters |= declared
        self.settings.extend(settings)
        check_scaled(self.parameters, self.settings, settings, faults)
        if faults.parameters is not None:
            faults.parameters = self.parameters
        self.disabled.extend(self._disabled(fields.take("disable")))
        prepared = read_prepared(fields, self.governance, faults)
        self.governance = read_governance(fields, prepared, self.timezone, faults)
        if source.own:
            self.governance = attrs.evolve(self.governance, declared=True)
        fields.close("a playbook")

    def _disabled(self, node: Node | None) -> list[Disabled]:
        found = []
        for item in read_items(node, self.faults, "rules to disable"):
            fields = Fields.of(item, self.faults, "`{rule: …, reason: …, until: …}`")
            rule, reason = fields.need("rule"), fields.need("reason")
            until = read_moment(fields.take("until"), self.faults, self.timezone)
            fields.close("`disable`")
            found.append(
                Disabled(
                    rule=read_text(rule, self.faults),
                    reason=read_text(reason, self.faults),
                    until=until,
                    place=rule.place if rule else item.place,
                )
            )
        return found

    def rule(self, node: Node, source: Source) -> None:
        file_name = _file_name(source.name)
        rule = read_rule(node, source.family, file_name, self.faults)
        id_node = get(node, "id") if isinstance(node, MapNode) else None
        place = id_node.place if id_node else node.place
        if rule.id and rule.id in self.ids and self.ids[rule.id].line is not None:
            message = f"`{rule.id}` is the id of another rule, at {self.ids[rule.id]}"
            self.faults.add(place, "duplicate-id", message)
        for name in (rule.id, file_name):
            if name:
                self.ids.setdefault(name, place)
        if isinstance(node, MapNode):
            self.named.extend(_named(node))
        self.rules.append(rule)
        if source.own:
            self.own_rules.add(rule.id)

    def scenario(self, node: Node, source: Source) -> None:
        scenario = read_scenario(node, _file_name(source.name), self.faults)
        self.scenarios[scenario.kind] = scenario
        if source.own and scenario.kind not in self.governance.scenarios:
            kinds = (*self.governance.scenarios, scenario.kind)
            self.governance = attrs.evolve(self.governance, scenarios=kinds)

    def line(self, node: Node, source: Source) -> None:
        line = read_line(node, _file_name(source.name), self.faults)
        self.lines[line.platform] = line
        if source.own and line.platform not in self.governance.lines:
            platforms = (*self.governance.lines, line.platform)
            self.governance = attrs.evolve(self.governance, lines=platforms)

    def check_across(self) -> None:
        """What one text says of another: rules that are named, and factors over base values."""
        ids = self.ids
        for name, place in (*self.named, *((one.rule, one.place) for one in self.disabled)):
            if name and name not in ids:
                self.faults.add(place, "unknown-rule", unknown_word("a rule", name, ids, limit=0))
        self._check_replaced()

    def _check_replaced(self) -> None:
        """Rules that replace each other would both fall silent."""
        replaces = {rule.id: rule.replaces for rule in self.rules}
        for rule in self.rules:
            seen: set[str] = set()
            todo = list(rule.replaces)
            while todo:
                name = todo.pop()
                if name == rule.id and name not in rule.replaces:
                    message = f"`{rule.id}` replaces a rule that replaces it, so both fall silent"
                    self.faults.add(rule.place, "replaces-cycle", message)
                    break
                if name not in seen:
                    seen.add(name)
                    todo.extend(replaces.get(name, ()))

    def result(self, sources: Sequence[Source]) -> Playbook:
        rank = {family: index for index, family in enumerate(self.order)}
        rules = sorted(
            self.rules, key=lambda rule: (rank.get(rule.family, len(rank)), rule.family, rule.id)
        )
        files = [source for source in sources if source.role == "playbook"]
        return Playbook(
            name=self.name,
            rules=tuple(rules),
            parameters=self.parameters,
            settings=tuple(self.settings),
            disabled=tuple(self.disabled),
            governance=self.governance,
            scenarios=self.scenarios,
            lines=self.lines,
            lexicons={s.name: s.text for s in sources if s.role == "lexicon"},
            timezone=self.timezone,
            source=files[-1].name if files else "<playbook>",
            own_rules=frozenset(self.own_rules),
            texts=tuple(f"{s.role} {s.family}\n{s.text}" for s in sources),
        )


def _named(node: MapNode) -> Iterator[tuple[str, Place]]:
    """The rules that a rule file names."""
    for key in ("replaces", "replaced_by"):
        found = get(node, key)
        for item in found.items if isinstance(found, ListNode) else (found,):
            if isinstance(item, ScalarNode) and isinstance(item.value, str):
                yield item.value, item.place


def _read_folders(node: Node, faults: Faults) -> tuple[str, ...]:
    return read_names(node, faults, "folder")
