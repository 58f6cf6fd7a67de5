"""``crisisrules test``: the tests of rules, run on the engine itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as Xml

import click

from crisisrules.adapters.reports.escaping import for_terminal
from crisisrules.api import load_playbook, parse_event
from crisisrules.cli import NOTHING_EVALUATED
from crisisrules.cli.options import engine_option, format_option, playbook_option, write
from crisisrules.cli.rulefolder import read_tests, rule_folder
from crisisrules.ruletest.running import Outcome, outcome_lines
from crisisrules.ruletest.suite import Suite, run_suite, suite_lines

FORMATS: Final = ("text", "json", "junit")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH …]")
@click.option("--coverage", is_flag=True, help="Name the tests that no case makes true or false.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 when less of the conditions' outcomes is reached.",
)
@playbook_option
@engine_option
@format_option(FORMATS)
def test(
    paths: tuple[Path, ...],
    coverage: bool,
    fail_under: float | None,
    playbook: Path | None,
    engine: str,
    format_: str,
) -> int:
    """Run the tests of rules and show, for each that fails, what was expected, seen and decided.

    PATH is a file or folder of *.test.yaml; without it, those beside the playbook's rules.
    """
    files = read_tests(paths or (rule_folder(playbook),))
    suite = run_suite(files, load_playbook(playbook), parse_event=parse_event, engine=engine)
    if format_ == "json":
        write(json.dumps(_json(suite), ensure_ascii=False, indent=2) + "\n")
    elif format_ == "junit":
        write(_junit(suite))
    else:
        lines = suite_lines(suite, coverage=coverage or fail_under is not None)
        write("".join(f"{for_terminal(line)}\n" for line in lines))
    if suite.problems or not suite.outcomes:
        return NOTHING_EVALUATED
    low = fail_under is not None and suite.share < fail_under / 100
    return 1 if suite.failed or low else 0


def _json(suite: Suite) -> dict[str, object]:
    return {
        "schema": 1,
        "cases": [
            {
                "rule": outcome.rule,
                "case": outcome.case,
                "place": str(outcome.place),
                "passed": outcome.passed,
                "failures": [
                    {
                        "place": str(failure.place),
                        "moment": failure.moment,
                        "differences": list(failure.differences),
                        "subjects": [
                            {
                                "subject": subject,
                                "decided": [
                                    {
                                        "fact": leaf.fact,
                                        "observed": leaf.observed,
                                        "expected": leaf.expected,
                                        "holds": leaf.holds,
                                    }
                                    for leaf in leaves
                                ],
                            }
                            for subject, leaves in failure.leaves
                        ],
                    }
                    for failure in outcome.failures
                ],
            }
            for outcome in suite.outcomes
        ],
        "coverage": [
            {
                "rule": rule.rule,
                "reached": rule.reached,
                "total": rule.total,
                "gaps": [str(gap) for gap in rule.gaps],
            }
            for rule in suite.coverage
        ],
        "untested": list(suite.untested),
        "errors": [str(problem) for problem in suite.problems],
    }


def _junit(suite: Suite) -> str:
    counts = {
        "name": "crisisrules",
        "tests": str(len(suite.outcomes)),
        "failures": str(len(suite.failed)),
        "errors": str(len(suite.problems)),
    }
    root = Xml.Element("testsuites", counts)
    group = Xml.SubElement(root, "testsuite", counts)
    for outcome in suite.outcomes:
        _junit_case(group, outcome)
    for problem in suite.problems:
        attributes = {
            "name": for_terminal(problem.name),
            "classname": for_terminal(problem.place.source),
        }
        case = Xml.SubElement(group, "testcase", attributes)
        Xml.SubElement(case, "error", message=for_terminal(str(problem)))
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _junit_case(group: Xml.Element, outcome: Outcome) -> None:
    attributes = {
        "name": for_terminal(outcome.case),
        "classname": for_terminal(outcome.rule),
        "file": for_terminal(outcome.place.source),
        "line": str(outcome.place.line or 1),
    }
    case = Xml.SubElement(group, "testcase", attributes)
    if not outcome.passed:
        lines = [for_terminal(line) for line in outcome_lines(outcome)]
        Xml.SubElement(case, "failure", message=lines[0]).text = "\n".join(lines)
