"""What the hunt through random histories has found, each kept as a small history of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import ACCIDENTS, UNWELCOME, WARDS, Outage
from workstation.fhir.detected_issue import from_issue
from workstation.sync.pull.guard import Sentinel


def test_a_time_told_in_whole_seconds_is_no_server_that_was_restored() -> None:
    exact, cut = "2026-11-20T07:00:07.512Z", "2026-11-20T07:00:07.000Z"
    assert not Sentinel("1", exact, 200, "2", cut).went_back
    assert Sentinel("2", exact, 200, "1", "2026-11-20T06:59:00.000Z").went_back


@pytest.mark.fault
def test_many_writers_on_a_server_with_coarse_times_come_to_rest(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(late_commits=4, coarse_time=True), 3, 818)
    for terminal in outage.all:
        for kind in ("stay", "care level", "marital status", "remark", "mobile phone", "flag"):
            outage.edit(terminal, kind, "binh")
    outage.calm_down()
    outage.check_converged()
    outage.check_nothing_lost()
    outage.close()


@pytest.mark.fault
def test_an_alert_that_is_cleared_is_cleared_on_the_server_too(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 1)
    outage.admit(outage.all[0], 1, "1950-02-01")
    outage.calm_down()
    assert _alerts(outage)["two-patients-in-one-bed"] == "open"
    outage.discharge(outage.all[1], "chi")
    outage.transfer(outage.all[1], "anh", outage.all[1].ward, 3)
    outage.calm_down()
    assert _alerts(outage)["two-patients-in-one-bed"] == "resolved"
    outage.check_converged()
    outage.close()


def _alerts(outage: Outage) -> dict[str, str]:
    """The state of each rule's alert on the server."""
    return {
        alert.rule: alert.state
        for resource in outage.hospital.resources().values()
        if resource["resourceType"] == "DetectedIssue"
        for alert in [from_issue(resource)]
    }


@pytest.mark.fault
def test_what_is_edited_while_it_waits_for_a_refused_one_goes_when_that_goes(
    tmp_path: Path,
) -> None:
    outage = Outage(tmp_path, Behaviour(refuses=UNWELCOME), 1, 1)
    (terminal,) = outage.all
    patient = outage.admit(terminal, 1, "1950-02-01", UNWELCOME)
    outage.chart(terminal, patient)
    terminal.sync()
    outage.correct(terminal, patient)
    outage.calm_down()
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_who_lies_in_two_beds_is_seen_by_the_neighbours_of_both(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 1)
    outage.transfer(outage.all[0], "anh", outage.all[0].ward, 2)
    outage.transfer(outage.all[1], "anh", outage.all[1].ward, 3)
    outage.calm_down()
    shared = [
        sorted(entry["reference"] for entry in resource["implicated"])
        for resource in outage.hospital.resources().values()
        if resource["resourceType"] == "DetectedIssue"
        and from_issue(resource).rule == "two-patients-in-one-bed"
    ]
    assert sorted(shared) == [
        ["Encounter/stay-anh", "Encounter/stay-binh"],
        ["Encounter/stay-anh", "Encounter/stay-chi"],
    ]
    outage.check_alerts()
    outage.close()


@pytest.mark.fault
def test_who_is_moved_to_another_ward_leaves_the_scope_of_the_first(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 1, tuple(WARDS))
    surgery, ward = outage.all
    outage.transfer(ward, "anh", surgery.ward, 3)
    for _ in range(2):
        outage.pass_time(400)
        ward.sync()
        surgery.sync()
    outage.chart(surgery, "anh")
    outage.calm_down()
    assert any(outage.saved[-1].token in str(r) for r in surgery.resources().values())
    assert not any(outage.saved[-1].token in str(r) for r in ward.resources().values())
    outage.pass_time(25 * 3600)
    outage.calm_down()
    assert "Patient/anh" not in ward.resources()
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_an_alert_is_cleared_when_the_server_has_taken_what_it_is_about(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(refuses=UNWELCOME), 2, 1)
    outage.admit(outage.all[0], 1, "1950-02-01", UNWELCOME)
    outage.discharge(outage.all[1], "anh")
    outage.calm_down()
    outage.check_alerts()
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_another_version_under_the_number_of_a_lost_one_is_seen_and_both_are_kept(
    tmp_path: Path,
) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 1)
    first, second = outage.all
    outage.back_up()
    outage.edit(first, "home phone", "anh")
    outage.edit(first, "mobile phone", "anh")
    first.sync()
    outage.restore()
    outage.pass_time()
    outage.edit(second, "home phone", "anh")
    second.sync()
    report = first.sync()
    assert report is not None
    assert report.outcome in ACCIDENTS
    assert first.engine.forgotten().loss.older == ("Patient/anh",)
    outage.calm_down()
    outage.check_nothing_lost()
    outage.check_converged()
    (conflict,) = (
        resource
        for resource in outage.hospital.resources().values()
        if resource["resourceType"] == "Task"
    )
    assert conflict["focus"] == {"reference": "Patient/anh"}
    outage.close()


@pytest.mark.fault
def test_what_two_terminals_send_again_to_a_server_that_chooses_ids_is_there_once(
    tmp_path: Path,
) -> None:
    outage = Outage(tmp_path, Behaviour(refuses_client_ids=404), 2, 1)
    first, second = outage.all
    outage.back_up()
    patient = outage.admit(first, 2, "1950-02-01")
    outage.chart(first, patient)
    for terminal in (first, second):
        outage.pass_time(400)
        terminal.sync()
    outage.restore()
    outage.pass_time(400)
    for terminal in (first, second):
        report = terminal.sync()
        assert report is not None
        assert report.outcome in ACCIDENTS
        outage.send_again(terminal)
    outage.calm_down()
    outage.check_once()
    outage.check_nothing_lost()
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_what_was_sent_last_tells_that_the_server_was_set_back(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 1)
    first, second = outage.all
    for _ in range(15):
        outage.chart(second, "binh")
    second.sync()
    first.sync()
    outage.back_up()
    outage.edit(first, "dose", "anh")
    first.sync()
    outage.restore()
    report = first.sync()
    assert report is not None
    assert report.outcome == "server-restored"
    outage.calm_down()
    outage.check_nothing_lost()
    outage.check_converged()
    outage.close()
