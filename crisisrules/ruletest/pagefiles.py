"""Which pages a folder of rules has, and which of them are stale."""

from __future__ import annotations

from collections.abc import Mapping

from crisisrules.playbook.playbook import Playbook
from crisisrules.ruletest.cases import RuleTest
from crisisrules.ruletest.checkpages import check_pages
from crisisrules.ruletest.glossary import glossary_page
from crisisrules.ruletest.guides import guide_page
from crisisrules.ruletest.indexes import index_page, thresholds_page
from crisisrules.ruletest.pages import MARK, rule_page
from crisisrules.ruletest.printing import printed_html, printed_markdown

INDEX = "README.md"


def page_files(
    playbook: Playbook, tests: Mapping[str, RuleTest], index: str | None = None
) -> dict[str, str]:
    """Every generated page by its path inside the folder of the rules.

    Args:
        playbook: the rules; a page stands beside each, ``<family>/<id>.md``, and beside each scenario
            and crisis line. With the base playbook stand the pages of what `lint-playbook` finds.
        tests: the tests by rule id.
        index: the ``README.md`` that is there; what people wrote around its index is kept.
    """
    pages = {
        f"{rule.family}/{rule.id}.md": rule_page(rule, tests.get(rule.id), playbook)
        for rule in playbook.rules
    }
    pages |= {f"scenarios/{kind}.md": guide_page(told) for kind, told in playbook.scenarios.items()}
    pages |= {f"lines/{name}.md": guide_page(told) for name, told in playbook.lines.items()}
    if not playbook.governance.declared:
        pages |= check_pages()
    pages[INDEX] = index_page(playbook, index)
    pages["glossary.md"] = glossary_page()
    pages["thresholds.md"] = thresholds_page(playbook)
    for language in ("en", "fr"):
        pages[f"playbook.{language}.md"] = printed_markdown(playbook, language)
        pages[f"playbook.{language}.html"] = printed_html(playbook, language)
    return pages


def stale_pages(wanted: Mapping[str, str], existing: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the pages that are there, by path: missing, stale, or of no rule any more.

    Args:
        wanted: what :func:`page_files` makes.
        existing: the text of every ``.md`` and ``.html`` file of the folder; a page that does not
            carry the mark of a generated one was written by a person and is left alone.
    """
    faults = {
        path: "missing" if path not in existing else "stale"
        for path, text in wanted.items()
        if existing.get(path) != text
    }
    for path, text in existing.items():
        if path not in wanted and MARK in text:
            faults[path] = "of no rule any more"
    return dict(sorted(faults.items()))
