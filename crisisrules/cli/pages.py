"""``crisisrules pages``: the pages made from the rules and their tests, written or compared."""

from __future__ import annotations

from pathlib import Path

import click

from crisisrules.api import load_playbook, parse_event
from crisisrules.cli.options import playbook_option, write
from crisisrules.cli.rulefolder import page_texts, read_all_tests, rule_folder, shown, write_pages
from crisisrules.model.errors import RuleTestError
from crisisrules.ruletest.pagefiles import INDEX, page_files, stale_pages
from crisisrules.ruletest.suite import read_suite


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[FOLDER]"
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit code 1 when a page is not current."
)
@playbook_option
def pages(folder: Path | None, check: bool, playbook: Path | None) -> int:
    """Write the page of each rule, the index, the thresholds, the glossary and the playbook to print.

    FOLDER is where they go; without it, beside the playbook's rules.
    """
    rules = rule_folder(playbook)
    loaded = load_playbook(playbook)
    files = read_all_tests(rules, [rule.id for rule in loaded.rules])
    tests, problems = read_suite(files, loaded, parse_event=parse_event)
    if problems:
        raise RuleTestError(problems)
    target = folder or rules
    existing = page_texts(target) if target.is_dir() else {}
    wanted = page_files(loaded, {test.rule: test for test in tests}, existing.get(INDEX))
    stale = stale_pages(wanted, existing)
    write("".join(f"{shown(target / path)}: {fault}\n" for path, fault in stale.items()))
    if check:
        write(f"{len(wanted)} pages, {len(stale)} not current\n")
        return 1 if stale else 0
    write_pages(
        target,
        {path: wanted[path] for path in stale if path in wanted},
        [path for path in stale if path not in wanted],
    )
    write(f"{len(wanted)} pages, {len(stale)} brought up to date\n")
    return 0
