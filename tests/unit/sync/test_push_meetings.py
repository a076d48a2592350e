"""What a push does where it meets others: several authors, deletions, stumbling servers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hospital.wire import Request, Response
from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.store import START, author
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import ManualClock


@pytest.fixture
def hospital() -> Iterator[HospitalDouble]:
    double = HospitalDouble(Behaviour(), clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def terminal(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    one = Terminal(tmp_path / "one", hospital)
    one.sync()
    yield one
    one.close()


def edit_as(terminal: Terminal, number: int, reference: str, **fields: Any) -> None:
    type_, _, id_ = reference.partition("/")
    with terminal.store.write(author(number, device=terminal.device)) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.update({**seen.resource(), **fields}, seen=seen)


def delete(terminal: Terminal, reference: str) -> None:
    type_, _, id_ = reference.partition("/")
    with terminal.store.write(terminal.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)


def provenances(hospital: HospitalDouble) -> list[dict[str, Any]]:
    return [r for name, r in hospital.resources().items() if name.startswith("Provenance/")]


def refusal(status: int, words: str) -> Response:
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "processing", "diagnostics": words}],
    }
    return Response(status, {"Content-Type": "application/fhir+json"}, dump_bytes(outcome))


def is_batch(request: Request) -> bool:
    return request.method == "POST" and request.path.rstrip("/") == "/fhir"


def body_of(request: Request) -> bytes:
    packed = request.body[:2] == b"\x1f\x8b"
    return gzip.decompress(request.body) if packed else request.body


def writes(request: Request) -> bool:
    return request.method == "DELETE"


def test_edits_of_several_people_travel_as_one_version_that_names_them_all(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    before = len(hospital.versions("Patient/patient-1"))
    edit_as(terminal, 1, "Patient/patient-1", maritalStatus={"text": "độc thân"})
    edit_as(terminal, 2, "Patient/patient-1", maritalStatus={"text": "đã kết hôn"})
    edit_as(terminal, 1, "Patient/patient-1", telecom=[{"system": "phone", "value": "0900000001"}])
    terminal.sync()
    assert len(hospital.versions("Patient/patient-1")) == before + 1
    (told,) = provenances(hospital)
    assert {each["who"]["reference"] for each in told["agent"]} == {
        author(1).person,
        author(2).person,
    }
    assert {"reference": "Patient/patient-1"} in told["target"]
    assert terminal.sync().sent == 0
    assert len(provenances(hospital)) == 1


def test_the_same_edits_after_a_lost_answer_are_told_of_once(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    edit_as(terminal, 2, made, note=[{"text": "đo lại"}])
    hospital.lose_answers(1, lambda request: request.method in ("POST", "PUT"))
    assert not terminal.try_sync().complete
    terminal.sync()
    terminal.sync()
    (told,) = provenances(hospital)
    targets = {each["reference"] for each in told["target"]}
    assert targets == {made, "Patient/patient-1"}


def test_edits_of_one_person_need_no_provenance(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    for text in ("độc thân", "đã kết hôn"):
        edit_as(terminal, 2, "Patient/patient-1", maritalStatus={"text": text})
    terminal.sync()
    assert provenances(hospital) == []


@pytest.mark.parametrize("status", [400, 405, 409, 412, 422])
def test_a_refused_deletion_parks_alone(
    hospital: HospitalDouble, terminal: Terminal, status: int
) -> None:
    kept = terminal.create(pulse("patient-1"))
    terminal.sync()
    delete(terminal, kept)
    other = terminal.create(pulse("patient-2", "stay-2"))
    hospital.when(writes, lambda _request: refusal(status, "deletion is not allowed"))
    report = terminal.sync()
    assert (report.parked, terminal.status.parked, terminal.status.unsent) == (1, 1, 1)
    assert {kept, other} <= hospital.resources().keys()


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_already_counts_as_deleted(
    hospital: HospitalDouble, terminal: Terminal, status: int
) -> None:
    made = terminal.create(pulse("patient-1"))
    terminal.sync()
    delete(terminal, made)
    hospital.when(writes, lambda _request: refusal(status, "not here"))
    hospital.ask("DELETE", made)
    terminal.sync()
    assert terminal.status.unsent == 0
    assert not terminal.has(made)


def test_a_deletion_that_meets_a_change_is_put_to_a_person(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    terminal.sync()
    delete(terminal, made)
    current = hospital.resource(made)
    assert current is not None
    hospital.ask("PUT", made, {**current, "status": "amended"})
    terminal.sync()
    assert terminal.status.conflicts == 1
    kept = hospital.resource(made)
    assert kept is not None
    assert kept["status"] == "amended"


def test_what_never_reached_the_server_is_deleted_without_a_request(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    delete(terminal, made)
    before = len(hospital.seen)
    terminal.sync()
    assert terminal.status.unsent == 0
    assert not any(each.method == "DELETE" for each in hospital.seen[before:])
    assert made not in hospital.resources()


def test_a_server_that_stumbles_over_a_deletion_is_asked_again(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    terminal.sync()
    delete(terminal, made)
    hospital.when(writes, lambda _request: refusal(500, "bug"))
    terminal.sync()
    assert (terminal.status.unsent, terminal.status.parked) == (1, 0)
    assert made in hospital.resources()
    terminal.clock.advance(timedelta(minutes=10))
    terminal.sync()
    assert terminal.status.unsent == 0
    assert made not in hospital.resources()


@pytest.mark.parametrize("applied", [False, True])
def test_500_on_a_whole_batch_is_halved_and_nothing_is_written_twice(
    hospital: HospitalDouble, terminal: Terminal, applied: bool
) -> None:
    made = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(9)]

    stumbled = []

    def stumble(request: Request) -> Response:
        stumbled.append(request)
        if applied:
            hospital.handle(request)
        return refusal(500, "out of memory")

    hospital.when(lambda r: is_batch(r) and b"valueQuantity" in body_of(r), stumble)
    report = terminal.sync()
    assert len(stumbled) == 1
    assert report.sent == 9
    assert terminal.status.unsent == 0
    for name in made:
        assert len(hospital.versions(name)) == 1


def test_a_batch_refused_as_a_whole_is_halved_down_to_the_one_that_is_wrong(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = [terminal.create(pulse("patient-1", value=60 + n)) for n in range(8)]
    bad = made[3].partition("/")[2].encode()

    def names_bad(request: Request) -> bool:
        return request.method in ("POST", "PUT") and (
            bad in body_of(request) or bad.decode() in request.path
        )

    for _ in range(12):
        hospital.when(
            lambda r: names_bad(r) and b"valueQuantity" in body_of(r),
            lambda _request: refusal(400, "value is wrong"),
        )
    terminal.sync()
    assert terminal.status.parked == 1
    assert {name for name in made if name in hospital.resources()} == set(made) - {made[3]}


def test_a_change_on_a_deleted_record_waits_for_a_person(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    made = terminal.create(pulse("patient-1"))
    terminal.sync()
    terminal.edit(made, note=[{"text": "đo lại sau 10 phút"}])
    hospital.ask("DELETE", made)
    terminal.sync()
    assert terminal.status.conflicts == 1
    assert "đo lại" in str(terminal.get(made)) + str(terminal.content("Task"))
