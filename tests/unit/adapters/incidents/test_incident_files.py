"""A file of incidents is understood from what it holds, and its faults have places."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisrules.adapters.incidents.reading import parse_incidents, read_incidents
from crisisrules.adapters.streams.events import event_to_json, parse_event
from crisisrules.model.errors import InputError
from crisisrules.model.events import (
    Event,
    IncidentOpened,
    IncidentUpdated,
    MaintenancePlanned,
)

WRITTEN = datetime(2026, 3, 3, 9, tzinfo=UTC)

YAML = """\
# the network outage of the third of March
incident: INC-7
kind: outage
severity: critical
opened_at: 2026-03-03T08:10:00+01:00
started_at: 2026-03-03T07:55:00+01:00
title: "Mobile network down: north"
keywords: [panne, réseau, 5G]
pages: [facebook]
place: Lille
phase: identified
updated_at: 2026-03-03T08:30:00+01:00
resolved_at: 2026-03-03T11:00:00+01:00
"""

STATUSPAGE = {
    "page": {"id": "k", "name": "Example"},
    "incidents": [
        {
            "id": "z1",
            "name": "Delays",
            "status": "resolved",
            "impact": "major",
            "created_at": "2026-03-03T07:30:00.000Z",
            "resolved_at": "2026-03-03T09:30:00.000Z",
            "incident_updates": [],
            "components": [{"name": "Payments"}],
        }
    ],
}

ALERTMANAGER = {
    "version": "4",
    "groupKey": '{}:{alertname="CheckoutErrors"}',
    "status": "firing",
    "receiver": "comms",
    "groupLabels": {"alertname": "CheckoutErrors"},
    "commonAnnotations": {"summary": "Checkout fails"},
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "CheckoutErrors", "severity": "critical", "service": "pay"},
            "startsAt": "2026-03-03T08:00:00.123456789Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "a1",
        }
    ],
}


def parsed(text: str, zone: ZoneInfo | None = None) -> tuple[Event, ...]:
    return parse_incidents(text.encode(), "i", WRITTEN, zone=zone)


def faults(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputError) as caught:
        parse_incidents(data, "i", WRITTEN)
    return [str(problem) for problem in caught.value.problems]


def told(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    return [(event.type, event.at.astimezone(UTC).strftime("%H:%M")) for event in events]


def test_one_incident_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(YAML, encoding="utf-8")
    events = read_incidents(path)
    assert told(events) == [
        ("incident.opened", "07:10"),
        ("incident.updated", "07:30"),
        ("incident.resolved", "10:00"),
    ]
    opened, updated = events[:2]
    assert isinstance(opened, IncidentOpened)
    assert opened.title == "Mobile network down: north"
    assert opened.keywords == ("panne", "réseau", "5G")
    assert opened.started_at == datetime(2026, 3, 3, 6, 55, tzinfo=UTC)
    assert isinstance(updated, IncidentUpdated)
    assert updated.phase == "identified"


@pytest.mark.parametrize("wrap", ["- {}", "incidents:\n  - {}"])
def test_a_list_of_incidents_in_the_order_of_their_times(wrap: str) -> None:
    late = "{incident: 2, severity: minor, at: 2026-03-03T10:00:00Z, own: false}"
    early = "{incident: 1, severity: major, aware_at: 2026-03-03T08:00:00Z}"
    events = parsed("\n".join([wrap.format(late), wrap.format(early).rpartition("\n")[2]]))
    assert [getattr(event, "incident", None) for event in events] == ["1", "2"]
    assert [getattr(event, "kind", None) for event in events] == ["other", "other"]
    assert [getattr(event, "own", None) for event in events] == [True, False]


def test_json_says_the_same_as_yaml() -> None:
    mapping = {
        "incident": "INC-7",
        "severity": "major",
        "kind": "recall",
        "opened_at": "2026-03-03T08:00:00Z",
        "recovered_at": "2026-03-03T09:00:00Z",
        "dismissed_at": "2026-03-03T09:30:00Z",
    }
    expected = [
        ("incident.opened", "08:00"),
        ("incident.recovered", "09:00"),
        ("incident.dismissed", "09:30"),
    ]
    assert told(parsed(json.dumps(mapping))) == expected
    assert told(parsed(json.dumps([mapping], indent=2))) == expected
    assert told(parsed(json.dumps({"incidents": [mapping]}))) == expected


def test_events_as_lines_or_as_a_document() -> None:
    events = [
        {
            "type": "incident.opened",
            "at": "2026-03-03T08:00:00Z",
            "incident": "i",
            "kind": "outage",
            "severity": "major",
        },
        {"type": "incident.resolved", "at": "2026-03-03T09:00:00Z", "incident": "i"},
    ]
    expected = [("incident.opened", "08:00"), ("incident.resolved", "09:00")]
    assert told(parsed("\n".join(map(json.dumps, events)))) == expected
    assert told(parsed("\n" + json.dumps(events[0]))) == expected[:1]
    assert told(parsed(json.dumps(events, indent=1))) == expected
    assert told(parsed(json.dumps(events[0], indent=1))) == expected[:1]


def test_statuspage_and_alertmanager_are_recognised() -> None:
    expected = [("incident.opened", "07:30"), ("incident.resolved", "09:30")]
    assert told(parsed(json.dumps(STATUSPAGE, indent=1))) == expected
    assert told(parsed(json.dumps(STATUSPAGE["incidents"]))) == expected
    assert told(parsed(json.dumps(ALERTMANAGER))) == [("incident.opened", "08:00")]
    assert told(parsed(json.dumps(ALERTMANAGER["alerts"]))) == [("incident.opened", "08:00")]
    assert parsed('{"page": {"id": "k"}, "incidents": []}') == ()


def test_no_incident_is_not_an_error_when_it_is_said() -> None:
    assert parsed("[]") == ()
    assert parsed("incidents: []") == ()


def test_times_without_offset_need_a_zone() -> None:
    text = "incident: i\nseverity: major\nopened_at: 2012-07-06 15:30\n"
    assert faults(text) == [
        (
            "i:3:12: error not-an-instant: `opened_at`: `2012-07-06 15:30` has no offset;"
            " add `Z` or for example `+01:00`"
        )
    ]
    (event,) = parsed(text, ZoneInfo("Europe/Paris"))
    assert event.at == datetime(2012, 7, 6, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "i: error nothing-read: the file is empty"),
        ("# nothing\n", "i:1:1: error empty: nothing is written here"),
        (b"incident: \xe9", "i:1:11: error not-utf8: byte `0xe9` is not UTF-8"),
        (
            '{"incident": "i",\n "severity": }',
            "i:2:14: error not-json: expected a value, found `}`",
        ),
        ("just words", "i:1:1: error wrong-type: an incident is a mapping of fields, not the text"),
        ("a: b: c", "i:1:5: error yaml: a second `: ` on the line"),
        (
            "a: !!python/object:os.system x",
            "i:1:4: error tag: `!!python/object:os.system` is a tag",
        ),
        ("[" * 5000, "i:1:65: error not-json: nested deeper than 64 levels"),
        ("a: " + "[" * 5000, "i:1:43: error too-deep: more than 40 levels"),
        ("a: 1\na: 2", "i:2:1: error duplicate-key: `a` is given twice"),
        ('{"a": 1,\n"a": 2}', "i:2:1: error duplicate-key: `a` is given twice"),
        ("a: \x07", "i:1:4: error control-character: U+0007 is an invisible character"),
        ("---\na: 1\n---\nb: 2", "i:3:1: error second-document: "),
    ],
)
def test_what_is_no_file_of_incidents(text: str | bytes, expected: str) -> None:
    (found,) = faults(text)
    assert found.startswith(expected)


def test_all_faults_of_all_incidents_with_their_places() -> None:
    text = (
        "- incident: a\n  severty: major\n  opened_at: 2026-03-03T08:00:00Z\n"
        "- incident: b\n  severity: huge\n  kind: outage\n  keywords: panne\n  phase: lost\n"
        "- incident: c\n  severity: major\n  opened_at: 2026-03-03T08:00:00Z\n"
        "  resolved_at: 2026-03-03T07:00:00Z\n"
    )
    assert [message.split(":", 4)[1:4] for message in faults(text)] == [
        ["2", "3", " error unknown-field"],
        ["1", "3", " error missing-field"],
        ["4", "3", " error missing-field"],
        ["5", "13", " error unknown-word"],
        ["7", "13", " error wrong-type"],
        ["8", "10", " error unknown-word"],
        ["12", "16", " error out-of-order"],
    ]
    assert "did you mean `severity`?" in faults(text)[0]


def test_the_same_incident_twice() -> None:
    one = "- {incident: a, severity: major, at: 2026-03-03T08:00:00Z}\n"
    assert faults(one + one) == ["i:2:3: error repeated-incident: incident `a` is opened twice"]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: no such file"):
        read_incidents(tmp_path / "none.yaml")


@given(st.data())
def test_a_broken_file_is_a_fault_or_incidents_and_nothing_else(data: st.DataObject) -> None:
    start = data.draw(
        st.sampled_from([YAML, json.dumps(STATUSPAGE), json.dumps(ALERTMANAGER, indent=1)])
    ).encode()
    cut = data.draw(st.integers(0, len(start)))
    length = data.draw(st.integers(0, 5))
    junk = data.draw(
        st.binary(max_size=4) | st.sampled_from([b"{", b"]", b"\n- ", b": ", b"&a", b"\0"])
    )
    try:
        events = parse_incidents(start[:cut] + junk + start[cut + length :], "i", WRITTEN)
    except InputError:
        return
    assert [parse_event(event_to_json(event)) for event in events] == list(events)


def test_planned_maintenances_beside_incidents() -> None:
    text = """\
incidents:
  - {incident: a, severity: major, at: 2026-03-03T08:00:00}
maintenances:
  - {maintenance: m1, from: 2026-03-04T22:00:00, to: 2026-03-05T04:00:00, title: new servers}
  - {maintenance: m2, from: 2026-03-06T22:00:00, to: 2026-03-07T04:00:00, planned_at: 2026-03-01T09:00:00}
"""
    second, opened, first = parse_incidents(
        text.encode(), "i.yaml", WRITTEN, zone=ZoneInfo("Europe/Paris")
    )
    assert opened.type == "incident.opened"
    assert isinstance(first, MaintenancePlanned)
    assert isinstance(second, MaintenancePlanned)
    assert (first.maintenance, first.title) == ("m1", "new servers")
    # nobody said when it was planned, so it is dated from its own beginning
    assert first.at == first.from_ == datetime(2026, 3, 4, 21, tzinfo=UTC)
    assert second.at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_the_maintenances_of_a_status_page() -> None:
    page = {
        "page": {"id": "k"},
        "scheduled_maintenances": [
            {
                "id": "m1",
                "name": "New servers",
                "scheduled_for": "2026-03-04T22:00:00Z",
                "scheduled_until": "2026-03-05T04:00:00Z",
                "created_at": "2026-03-01T09:00:00Z",
            }
        ],
    }
    (event,) = parse_incidents(json.dumps(page).encode(), "upcoming.json", WRITTEN)
    assert isinstance(event, MaintenancePlanned)
    assert event.to == datetime(2026, 3, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- {maintenance: m, from: 2026-03-04T22:00:00Z, to: 2026-03-04T20:00:00Z}",
            "i:1:52: error out-of-order: `to` is not after `from`; a maintenance ends after it began",
        ),
        (
            "- {maintenance: m, from: 2026-03-04T22:00:00Z}",
            "i:1:3: error missing-field: `to` is missing",
        ),
        (
            "- {maintenance: m, from: 2026-03-04T22:00:00Z, to: 2026-03-05T02:00:00Z, titel: x}",
            "did you mean `title`?",
        ),
        (
            "incidents: []\nmaintenance_windows: []",
            "did you mean `maintenances`?",
        ),
    ],
)
def test_faults_of_a_maintenance(text: str, expected: str) -> None:
    assert any(expected in fault for fault in faults(text)), faults(text)
