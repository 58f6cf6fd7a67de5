"""Pages over all rules: the index by situation and by platform, and the table of thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crisisrules.model.vocabulary import PLATFORMS
from crisisrules.playbook.conditions import leaves
from crisisrules.playbook.playbook import Playbook
from crisisrules.playbook.rule import Rule, conditions_of
from crisisrules.playbook.sentences import WORDS
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.checkpages import check_index
from crisisrules.ruletest.pages import MARK, parameter_cells, parameters_of

INDEX_START: Final = "<!-- index: made by `crisisrules pages`, up to the end mark -->"
INDEX_END: Final = "<!-- end of the index -->"

FAMILIES: Final = {
    "response": "The first word and the posts of the incident | Le premier mot et les publications dédiées",
    "cadence": "The rhythm of updates | Le rythme des points",
    "threads": "Comments and threads | Commentaires et fils",
    "calendar": "What was scheduled | Ce qui était programmé",
    "draft": "Texts before they go out | Les textes avant leur parution",
    "resolution": "The end and the time after | La fin et l'après",
    "signals": "What the public says first | Ce que le public dit d'abord",
    "platforms": "One platform's own | Propre à une plateforme",
    "governance": "Who speaks, who approves, who is on duty | Qui parle, qui valide, qui est de service",
    "regimes": "Legal clocks, where they apply | Délais légaux, là où ils s'appliquent",
}
"""What a family of rules is about, English and French."""


_LINKS: Final = (
    "[Glossary · Glossaire](glossary.md) · [Thresholds · Seuils](thresholds.md) · "
    "[Playbook to print](playbook.en.md) · [Playbook à imprimer](playbook.fr.md)"
)
_EVERYWHERE: Final = (
    "A rule that names no platform holds on every one. "
    "Une règle qui ne nomme pas de plateforme vaut pour toutes."
)


def index_page(playbook: Playbook, existing: str | None) -> str:
    """The index of the rules, inside a page that people may write around it.

    Args:
        playbook: the rules.
        existing: the page as it is; what stands outside the marks of the index is kept.
    """
    index = f"{INDEX_START}\n\n{_index(playbook)}\n{INDEX_END}"
    if existing is None:
        return f"# The rules · Les règles\n\n{index}\n"
    before, start, rest = existing.partition(INDEX_START)
    if not start:
        return f"{existing.rstrip()}\n\n{index}\n"
    _, end, after = rest.partition(INDEX_END)
    return f"{before}{index}{after if end else chr(10)}"


def thresholds_page(playbook: Playbook) -> str:
    """Every parameter: its value here, the range allowed, what sources publish, who uses it."""
    uses: dict[str, list[Rule]] = {}
    for rule in playbook.rules:
        for name in parameters_of(rule):
            uses.setdefault(name, []).append(rule)
    rows = []
    for name, parameter in playbook.parameters.items():
        links = ", ".join(_link(rule) for rule in uses.get(name, ()))
        rows.append(
            [
                *parameter_cells(parameter, playbook, "en"),
                md.text(parameter.meaning["fr"]),
                md.text(parameter.source or "–"),
                links or "–",
            ]
        )
    head = (
        "parameter · paramètre",
        "here · ici",
        "allowed · permis",
        "published · publié",
        "what it governs",
        "ce qu'il règle",
        "source",
        "rules · règles",
    )
    return md.document([[MARK], ["# Thresholds · Seuils"], md.table(head, rows)])


def platforms_of(rule: Rule) -> tuple[str, ...]:
    """The platforms that a rule names; none when it holds on all."""
    named: list[str] = []
    for condition in conditions_of(rule).values():
        for test in leaves(condition):
            if test.fact == "page.platform" and test.operator in ("is", "in"):
                values = test.value if isinstance(test.value, tuple) else (test.value,)
                named += [str(value) for value in values]
    return tuple(dict.fromkeys(named))


def families_of(playbook: Playbook) -> dict[str, list[Rule]]:
    """The rules by family, families and rules in the order of the playbook."""
    families: dict[str, list[Rule]] = {}
    for rule in playbook.rules:
        families.setdefault(rule.family, []).append(rule)
    return families


def family_title(family: str, language: str) -> str:
    """What a family is about."""
    english, _, french = FAMILIES.get(family, family).partition(" | ")
    return (french or english) if language == "fr" else english


def _index(playbook: Playbook) -> str:
    blocks: list[Sequence[str]] = [
        [_LINKS],
        ["## By situation · Par situation"],
    ]  # fmt: skip
    head = (
        "rule · règle",
        "situation",
        "situation (fr)",
        "severity · gravité",
        "asks for · demande",
    )
    for family, rules in families_of(playbook).items():
        titles = dict.fromkeys(family_title(family, language) for language in ("en", "fr"))
        blocks.append([f"### {' · '.join(md.text(title) for title in titles)}"])
        blocks.append(md.table(head, [_row(rule) for rule in rules]))
    blocks.append(["## By platform · Par plateforme"])
    blocks.append([_EVERYWHERE])
    blocks.append(list(_by_platform(playbook.rules)))
    for heading, folder, guides in (
        ("Scenarios · Scénarios", "scenarios", playbook.scenarios),
        ("Crisis lines · Lignes de crise", "lines", playbook.lines),
    ):
        if guides:
            blocks.append([f"## {heading}"])
            blocks.append(
                [
                    f"- [{name}]({folder}/{name}.md): {' · '.join(map(md.text, told.title.values()))}"
                    for name, told in guides.items()
                ]
            )
    if not playbook.governance.declared:
        blocks.append(["## What `lint-playbook` finds · Ce que trouve `lint-playbook`"])
        blocks.append(check_index())
    return md.document(blocks)


def _row(rule: Rule) -> list[str]:
    severity = WORDS["en"][rule.severity]
    if rule.status != "stable":
        severity = f"{severity}, {WORDS['en'][rule.status]}"
    return [
        _link(rule),
        md.text(rule.title["en"]),
        md.text(rule.title["fr"]),
        severity,
        f"`{rule.advice.action}`",
    ]


def _by_platform(rules: Sequence[Rule]) -> Iterator[str]:
    for platform in PLATFORMS:
        links = [_link(rule) for rule in rules if platform in platforms_of(rule)]
        if links:
            yield f"- `{platform}`: {', '.join(links)}"


def _link(rule: Rule) -> str:
    return f"[{rule.id}]({rule.family}/{rule.id}.md)"
