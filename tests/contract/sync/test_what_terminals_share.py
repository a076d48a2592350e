"""What terminals make under one id, or without a patient, reaches all of them on every server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_double import SERVERS, Behaviour, HospitalDouble
from tests.kit.people import NURSE
from tests.kit.store import START
from tests.kit.ward import WARD
from tests.kit.ward_terminal import Terminal, admit
from workstation.fhir import conflict, systems
from workstation.fhir.detected_issue import Alert, acknowledged, alert_id, from_issue, to_issue
from workstation.fhir.json import Resource
from workstation.kernel.clock import ManualClock
from workstation.services import conflicts
from workstation.services.desk import Desk

RECORDS = ("MedicationAdministration/d1", "MedicationAdministration/d2")
ALERT = Alert(
    alert_id("dose-twice", "d1 d2"), "dose-twice", "high", RECORDS, "patient-1", START.isoformat()
)
ISSUE = f"DetectedIssue/{ALERT.id}"
BED = "Location/bed-1"


@pytest.fixture(params=("ours", "ignores-if-none-match", "instance-history-only", "like-medplum"))
def hospital(request: pytest.FixtureRequest) -> Iterator[HospitalDouble]:
    double = HospitalDouble(SERVERS[request.param](), clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def pair(hospital: HospitalDouble, tmp_path: Path) -> Iterator[tuple[Terminal, Terminal]]:
    two = Terminal(tmp_path / "one", hospital, 1), Terminal(tmp_path / "two", hospital, 2)
    for terminal in two:
        terminal.sync()
    yield two
    for terminal in two:
        terminal.close()


def find_the_alert(terminal: Terminal) -> None:
    terminal.create(to_issue(ALERT))


def acknowledge(terminal: Terminal) -> None:
    by = ("Practitioner/p1", "Nguyễn Thị Hồng Nhung")
    made = acknowledged(to_issue(ALERT), person=by, at=START.isoformat(), reason="Đã báo bác sĩ")
    terminal.edit(ISSUE, **made)


def rounds(*terminals: Terminal) -> None:
    for _ in range(4):
        for terminal in terminals:
            terminal.sync()


def alerts(hospital: HospitalDouble) -> list[Alert]:
    stored = hospital.resources()
    return [from_issue(stored[name]) for name in stored if name.startswith("DetectedIssue/")]


def test_the_second_to_find_an_alert_leaves_the_acknowledgement(
    hospital: HospitalDouble, pair: tuple[Terminal, Terminal]
) -> None:
    ours, theirs = pair
    find_the_alert(theirs)
    find_the_alert(ours)
    acknowledge(ours)
    ours.sync()
    rounds(theirs, ours)
    (alert,) = alerts(hospital)
    assert (alert.acknowledged_by, alert.reason) == ("Nguyễn Thị Hồng Nhung", "Đã báo bác sĩ")
    for terminal in pair:
        assert from_issue(terminal.get(ISSUE)).acknowledged_by == "Nguyễn Thị Hồng Nhung"
        assert terminal.status.unsent == 0


def test_the_second_to_find_an_alert_may_be_who_acknowledged_it(
    hospital: HospitalDouble, pair: tuple[Terminal, Terminal]
) -> None:
    ours, theirs = pair
    find_the_alert(theirs)
    find_the_alert(ours)
    acknowledge(ours)
    theirs.sync()
    rounds(ours, theirs)
    assert [alert.acknowledged_by for alert in alerts(hospital)] == ["Nguyễn Thị Hồng Nhung"]
    for terminal in pair:
        assert from_issue(terminal.get(ISSUE)).reason == "Đã báo bác sĩ"
        assert terminal.status.unsent == 0


def test_a_conflict_about_a_bed_is_seen_and_decided_at_the_other_terminal(
    pair: tuple[Terminal, Terminal],
) -> None:
    ours, theirs = pair
    theirs.edit(BED, name="Giường 1A")
    ours.edit(BED, name="Giường 1B")
    rounds(theirs, ours)
    for terminal in pair:
        (waiting,) = conflicts.waiting(desk(terminal))
        assert waiting.patient is None
        assert terminal.status.conflicts == 1
    asked = conflicts.detail(desk(theirs), waiting.id).questions
    conflicts.decide(desk(theirs), waiting.id, ["mine"] * len(asked), "Biển ghi 1B")
    rounds(theirs, ours)
    for terminal in pair:
        assert terminal.get(BED)["name"] == "Giường 1B"
        assert conflicts.waiting(desk(terminal)) == ()
        assert terminal.status.conflicts == 0


def test_conflicts_about_patients_of_other_wards_stay_away(tmp_path: Path) -> None:
    hospital = HospitalDouble(Behaviour(), clock=ManualClock(START))
    admit(hospital)
    terminal = Terminal(tmp_path, hospital)
    try:
        put(hospital, conflict_task("of-a-patient", {"for": {"reference": "Patient/elsewhere"}}))
        put(hospital, conflict_task("of-a-bed", {}))
        terminal.sync()
        put(hospital, conflict_task("of-a-patient", {"for": {"reference": "Patient/elsewhere"}}))
        rounds(terminal)
        with terminal.store.read() as view:
            assert [stored.id for stored in view.find("Task")] == ["of-a-bed"]
    finally:
        terminal.close()
        hospital.close()


def conflict_task(id_: str, fields: Resource) -> Resource:
    code = {"coding": [{"system": systems.TASK, "code": conflict.CODE}]}
    task = {"resourceType": "Task", "id": id_, "status": "requested", "intent": "order"}
    return {**task, "code": code, "focus": {"reference": BED}, **fields}


def put(hospital: HospitalDouble, resource: Resource) -> None:
    answer = hospital.ask("PUT", f"Task/{resource['id']}", resource)
    assert answer.status in (200, 201), answer.body


def desk(terminal: Terminal) -> Desk:
    return Desk(terminal.store, terminal.clock, NURSE, WARD)
