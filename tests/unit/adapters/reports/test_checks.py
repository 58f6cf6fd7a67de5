"""Findings of calendars and drafts in each format."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Xml

import attrs
import jsonschema
import pytest

from crisisrules.adapters.reports.checked import Checked
from crisisrules.adapters.reports.checks import check_json, check_jsonl, check_markdown
from crisisrules.adapters.reports.checks_text import check_lines
from crisisrules.adapters.reports.github import check_github
from crisisrules.adapters.reports.gitlab import check_gitlab
from crisisrules.adapters.reports.junit import check_junit
from crisisrules.adapters.reports.layout import written
from crisisrules.adapters.reports.sarif import check_sarif
from crisisrules.model.errors import Place
from crisisrules.model.recommendation import Finding
from crisisrules.model.reports import CheckReport, DraftReport


def text(report: Checked, language: str = "en", *, full: bool = False) -> str:
    return written(check_lines(report, language, full=full))


def sarif(report: Checked) -> dict[str, Any]:
    titles = {"promotion-during-incident": {"en": "A sale beside an incident"}}
    found: dict[str, Any] = json.loads(check_sarif(report, "en", "1.2.3", titles))
    return found


def test_a_line_for_each_finding(calendar_report: CheckReport) -> None:
    assert text(calendar_report).splitlines() == [
        "plan/mars été.csv:3: warning ambiguous-date: 03/04 is read as 3 April",
        (
            "plan/mars été.csv:7:5: warning promotion-during-incident:"
            " hold “Two weeks offered” (facebook, Fri 6 July 18:06): hold the sale"
        ),
        (
            "plan/mars été.csv:8: review unknown kind:"
            " “Good night all” (facebook, Fri 6 July 18:07): nothing known in it"
        ),
        "plan/mars été.csv: critical update-cadence-overdue: hold the sale",
        "",
        "3 posts: 1 keep, 1 hold, 1 review; 2 findings.   read as UTF-8",
    ]


def test_in_full_what_is_kept_is_told_too(calendar_report: CheckReport) -> None:
    assert (
        "plan/mars été.csv:9: keep service notice:"
        " “Shops close at 7” (facebook, Fri 6 July 18:08): service notice"
    ) in text(calendar_report, full=True)


def test_the_mark_stands_under_the_words(draft_report: DraftReport) -> None:
    lines = text(draft_report, "fr", full=True).splitlines()
    assert lines[0] == "statement.txt:2:30: warning draft-next-update-time: retenez la promotion"
    start = lines[2].index("^")
    assert lines[1][start : start + lines[2].count("^")] == "dès que possible"
    assert lines[3].strip() == "écrire plutôt : «\u00a0prochain point ici à 23 h 15\u00a0»"


def test_the_mark_stands_right_after_wide_and_hidden_characters(draft_report: DraftReport) -> None:
    line = "漢字\u202e x" + " y" * 100 + " soon z"
    column = line.index("soon") + 1
    place = Place("statement.txt", 1, column)
    words = attrs.evolve(
        draft_report.findings[0],
        excerpt=line,
        place=place,
        end=attrs.evolve(place, column=column + 4),
    )
    shown, mark = text(attrs.evolve(draft_report, findings=(words,)), full=True).splitlines()[1:3]
    assert shown[mark.index("^") :].startswith("soon")
    assert mark.count("^") == 4
    near = attrs.evolve(words, place=Place("s", 1, 5), end=Place("s", 1, 6))
    shown, mark = text(attrs.evolve(draft_report, findings=(near,)), full=True).splitlines()[1:3]
    # the two wide characters take two columns each, the hidden one is written out in six
    assert mark.index("^") == 4 + 4 + 6 + 1
    assert "\\u202e x" in shown


def test_nothing_found_is_said(draft_report: DraftReport) -> None:
    assert text(attrs.evolve(draft_report, findings=())) == "no findings\n"


def test_json_keeps_its_contract(calendar_report: CheckReport) -> None:
    document = json.loads(check_json(calendar_report, "en"))
    assert document["schema"] == 1
    item = document["items"][0]
    assert {key: item[key] for key in ("row", "line", "page", "publish_at", "kind", "verdict")} == {
        "row": 6,
        "line": 7,
        "page": "facebook",
        "publish_at": "2012-07-06T18:06:00+02:00",
        "kind": "promotional",
        "verdict": "hold",
    }
    assert item["findings"][0]["rule"] == "promotion-during-incident"
    assert [one["rule"] for one in document["findings"]] == [
        "promotion-during-incident",
        "update-cadence-overdue",
    ]
    assert document["summary"] == {
        "findings": 2,
        "critical": 1,
        "warning": 1,
        "info": 0,
        "items": 3,
        "keep": 1,
        "hold": 1,
        "review": 1,
    }


def test_json_lines_hold_each_finding_once(
    calendar_report: CheckReport, draft_report: DraftReport
) -> None:
    lines = [json.loads(line) for line in check_jsonl(calendar_report, "en")]
    assert [next(iter(line.keys() - {"schema"})) for line in lines] == [
        "item",
        "item",
        "item",
        "finding",
    ]
    assert lines[-1]["finding"]["rule"] == "update-cadence-overdue"
    (line,) = check_jsonl(draft_report, "en")
    assert json.loads(line)["finding"]["end_column"] == 46


def test_markdown_lists_what_is_not_kept(calendar_report: CheckReport) -> None:
    lines = check_markdown(calendar_report, "en").splitlines()
    assert (
        "| 6 | Fri 6 July 18:06 | facebook | **hold** | “Two weeks offered” | incident i1 is open |"
        in lines
    )
    assert not any("Shops close" in line for line in lines)


TEXT = {"type": "string", "minLength": 1}
POSITION = {"type": "integer", "minimum": 1}
MESSAGE = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": TEXT},
    "additionalProperties": False,
}
SARIF_PART: dict[str, Any] = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": TEXT,
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "automationDetails": {"type": "object", "properties": {"id": TEXT}},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": TEXT,
                                    "semanticVersion": TEXT,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": [
                                                "id",
                                                "shortDescription",
                                                "fullDescription",
                                                "help",
                                            ],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": TEXT,
                                                "name": TEXT,
                                                "shortDescription": MESSAGE,
                                                "fullDescription": MESSAGE,
                                                "help": MESSAGE,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "properties": {
                                                        "level": {
                                                            "enum": [
                                                                "none",
                                                                "note",
                                                                "warning",
                                                                "error",
                                                            ]
                                                        }
                                                    },
                                                    "additionalProperties": False,
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "message", "locations", "partialFingerprints"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": TEXT,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": MESSAGE,
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": TEXT,
                                },
                                "properties": {"type": "object"},
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "maxItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation", "region"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "properties": {
                                                            "uri": {
                                                                "type": "string",
                                                                "pattern": "^[!-~]+$",
                                                            }
                                                        },
                                                        "required": ["uri"],
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "required": ["startLine"],
                                                        "additionalProperties": False,
                                                        "properties": {
                                                            "startLine": POSITION,
                                                            "startColumn": POSITION,
                                                            "endLine": POSITION,
                                                            "endColumn": POSITION,
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What code scanning asks of SARIF 2.1.0, and no property that the standard does not know."""


def test_sarif_is_what_code_scanning_asks_for(
    calendar_report: CheckReport, draft_report: DraftReport
) -> None:
    for report in (calendar_report, draft_report, attrs.evolve(draft_report, findings=())):
        jsonschema.validate(sarif(report), SARIF_PART)


def test_sarif_points_at_the_words(calendar_report: CheckReport) -> None:
    run = sarif(calendar_report)["runs"][0]
    first, second = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "plan/mars%20%C3%A9t%C3%A9.csv"
    assert place["region"] == {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 9}
    assert (first["level"], second["level"]) == ("warning", "error")
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    rules = run["tool"]["driver"]["rules"]
    assert rules[first["ruleIndex"]]["shortDescription"]["text"] == "A sale beside an incident"
    assert rules[second["ruleIndex"]]["shortDescription"]["text"] == "update cadence overdue"


def test_annotations_come_worst_first(calendar_report: CheckReport) -> None:
    assert check_github(calendar_report, "en").splitlines() == [
        (
            "::error file=plan/mars été.csv,line=1,title=update-cadence-overdue"
            "::hold the sale%0Ait becomes the story"
        ),
        (
            "::warning file=plan/mars été.csv,line=7,col=5,endLine=7,endColumn=8,"
            "title=promotion-during-incident::hold the sale%0Ait becomes the story"
        ),
    ]


def test_code_quality_is_a_list_also_when_empty(
    calendar_report: CheckReport, draft_report: DraftReport
) -> None:
    first, second = json.loads(check_gitlab(calendar_report, "en"))
    assert first["location"] == {"path": "plan/mars été.csv", "lines": {"begin": 7}}
    assert (first["severity"], second["severity"]) == ("minor", "critical")
    assert check_gitlab(attrs.evolve(draft_report, findings=()), "en") == "[]\n"


def test_no_fingerprint_is_given_twice(calendar_report: CheckReport, finding: Finding) -> None:
    plain = attrs.evolve(finding, fingerprint="")
    report = attrs.evolve(calendar_report, items=(), findings=(finding, finding, plain, plain))
    names = [one["fingerprint"] for one in json.loads(check_gitlab(report, "en"))]
    assert len(set(names)) == 4
    moved = attrs.evolve(plain, place=Place("plan/mars été.csv", 70))
    again = attrs.evolve(report, findings=(moved,))
    assert json.loads(check_gitlab(again, "en"))[0]["fingerprint"] == names[2]


def test_junit_counts_are_right(calendar_report: CheckReport, finding: Finding) -> None:
    remark = attrs.evolve(finding, severity="info", rule="remark")
    items = (attrs.evolve(calendar_report.items[1], findings=(remark,)), *calendar_report.items)
    report = attrs.evolve(
        calendar_report, items=items, findings=(remark, *calendar_report.findings)
    )
    root = Xml.fromstring(check_junit(report, "en", datetime(2012, 7, 6, tzinfo=UTC)))  # noqa: S314
    (suite,) = root
    cases = suite.findall("testcase")
    assert suite.get("tests") == str(len(cases)) == "5"
    assert (
        suite.get("failures")
        == root.get("failures")
        == str(len(suite.findall(".//failure")))
        == "2"
    )
    assert len(suite.findall(".//system-out")) == 1
    assert len({case.get("name") for case in cases[1:]}) == 4
    assert cases[1].get("line") == "7"


def poisoned(report: CheckReport, text: str) -> CheckReport:
    """The report with the text wherever somebody else's words can come in."""
    both = {"en": text, "fr": text}
    finding = attrs.evolve(
        report.findings[0],
        message=both,
        because=both,
        excerpt=text,
        write=both,
        page=text,
        place=Place(text, 1, 1),
        end=Place(text, 1, 5),
        subject=("item", text),
    )
    item = attrs.evolve(report.items[0].item, text=text, page=text, account=text)
    one = attrs.evolve(
        report.items[0],
        item=item,
        findings=(finding,),
        reason=both,
        words=(text,),
        kind="promotional",
    )
    silent = attrs.evolve(one, findings=())
    note = attrs.evolve(report.notes[1], message=text, place=Place(text))
    return attrs.evolve(
        report, source=text, items=(one, silent), findings=(finding,), notes=(note, report.notes[0])
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_words_move_nothing(
    calendar_report: CheckReport, hostile: str, language: str
) -> None:
    report = poisoned(calendar_report, hostile)
    github = check_github(report, language)
    assert len(github.splitlines()) == 1
    junit = check_junit(report, language)
    assert len(Xml.fromstring(junit).findall(".//failure")) == 1  # noqa: S314
    for document in (check_json(report, language), check_gitlab(report, language)):
        json.loads(document)
    jsonschema.validate(sarif(report), SARIF_PART)
    for written_out in (
        text(report, language, full=True),
        check_json(report, language),
        "".join(check_jsonl(report, language)),
        check_markdown(report, language),
        check_sarif(report, language, "1", {}),
        github,
        check_gitlab(report, language),
        junit,
    ):
        kinds = {unicodedata.category(char) for char in written_out if char != "\n"}
        assert not kinds & {"Cc", "Cs"}
        assert "\u202e" not in written_out
