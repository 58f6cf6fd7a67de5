"""The pages of the playbook linter's checks: each shows its example and what the linter says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crisisrules.model.errors import Problem
from crisisrules.playbook.checks import BRAND, CHECKS, COMMON, FOLDER, Check
from crisisrules.playbook.lint import lint_playbook
from crisisrules.playbook.load import Source, build_playbook
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.pages import MARK

_WORDS: Final = {
    "en": {
        "title": "In English",
        "why": "Why",
        "remedy": "What to do",
        "example": "For example",
        "found": "`crisisrules lint-playbook` then says:",
    },
    "fr": {
        "title": "En français",
        "why": "Pourquoi",
        "remedy": "Que faire",
        "example": "Par exemple",
        "found": "`crisisrules lint-playbook` dit alors :",
    },
}


def check_pages() -> Mapping[str, str]:
    """The page of each check by its path inside the folder of the rules."""
    return {f"{FOLDER}/{name}.md": check_page(name, check) for name, check in CHECKS.items()}


def check_page(name: str, check: Check) -> str:
    """The Markdown page of a check, English first."""
    french = _WORDS["fr"]["title"]
    found = problems_in(check.example)
    blocks: list[Sequence[str]] = [
        [MARK],
        [f"# {name}"],
        [f"[{french}](#{md.anchor(french)})"],
    ]
    for language in ("en", "fr"):
        if language == "fr":
            blocks.append([f"# {french}"])
        blocks += _blocks(check, [one for one in found if one.name == name], language)
    return md.document(blocks)


def check_index() -> list[str]:
    """A list of all checks with what they find, as Markdown."""
    return md.bullets(
        f"[{name}]({FOLDER}/{name}.md): {' · '.join(map(md.text, check.meaning.values()))}"
        for name, check in CHECKS.items()
    )


def problems_in(example: Mapping[str, str]) -> tuple[Problem, ...]:
    """What the linter says of files that stand beside the small playbook of the pages."""
    return lint_playbook(build_playbook(list(_sources({**COMMON, **example}))))


def _sources(files: Mapping[str, str]) -> Iterator[Source]:
    for name, text in files.items():
        folder, _, file = name.rpartition("/")
        if folder:
            yield Source(name=name, text=text, role="rule", family=folder, own=True)
        else:
            yield Source(name=file, text=text, role="playbook", own=file == BRAND)


def _blocks(check: Check, found: Sequence[Problem], language: str) -> Iterator[Sequence[str]]:
    words = _WORDS[language]
    meaning = md.text(check.meaning[language])
    yield [f"**{meaning[:1].upper()}{meaning[1:]}.**"]
    yield [f"## {words['why']}"]
    yield [md.text(check.why[language])]
    yield [f"## {words['remedy']}"]
    yield [md.text(check.remedy[language])]
    yield [f"## {words['example']}"]
    for name, text in check.example.items():
        yield [f"`{name}`:"]
        yield ["```yaml", *text.rstrip().split("\n"), "```"]
    yield [words["found"]]
    yield ["```text", *(str(problem) for problem in found), "```"]
