"""The same sync, word for word, against every kind of server that hospitals have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_double import SERVERS, HospitalDouble
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.fhir.json import canonical
from workstation.kernel.clock import ManualClock

KEPT = ("Patient", "Encounter", "Observation", "Location")


@pytest.fixture(params=SERVERS, scope="module")
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hospital(server: str) -> Iterator[HospitalDouble]:
    double = HospitalDouble(SERVERS[server](), clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def ours(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "one", hospital, 1)
    yield terminal
    terminal.close()


@pytest.fixture
def theirs(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "two", hospital, 2)
    yield terminal
    terminal.close()


def at_the_server(hospital: HospitalDouble) -> list[str]:
    """What the server holds of observations, ids aside, since some servers choose their own."""
    found = [r for name, r in hospital.resources().items() if name.startswith("Observation/")]
    return sorted(canonical({**each, "id": ""}) for each in found)


def here(terminal: Terminal) -> list[str]:
    with terminal.store.read() as view:
        return sorted(canonical({**e.resource(), "id": ""}) for e in view.find("Observation"))


def test_what_one_charts_the_other_reads(
    hospital: HospitalDouble, ours: Terminal, theirs: Terminal
) -> None:
    ours.sync()
    theirs.sync()
    charted = [ours.create(pulse("patient-1", value=60 + n)) for n in range(9)]
    assert ours.sync().sent == 9
    for _ in range(4):
        theirs.sync()
    assert here(theirs) == here(ours) == at_the_server(hospital)
    assert len(at_the_server(hospital)) == 9
    ours.edit(charted[0], status="amended", note=[{"text": "nhầm giường"}])
    ours.sync()
    for _ in range(4):
        theirs.sync()
    assert here(theirs) == here(ours) == at_the_server(hospital)
    assert ours.status.synced
    assert theirs.status.synced


def test_lost_answers_make_no_second_record(hospital: HospitalDouble, ours: Terminal) -> None:
    ours.sync()
    for n in range(9):
        ours.create(pulse("patient-2", "stay-2", value=60 + n))
    hospital.lose_answers(1, lambda request: request.method == "POST" or "Obs" in request.path)
    assert ours.try_sync().outcome == "cut"
    assert ours.status.unsent == 9
    assert not ours.status.synced
    ours.sync()
    assert ours.status.unsent == 0
    assert len(at_the_server(hospital)) == 9


def test_both_change_different_things(
    hospital: HospitalDouble, ours: Terminal, theirs: Terminal
) -> None:
    ours.sync()
    theirs.sync()
    ours.edit("Patient/patient-1", telecom=[{"system": "phone", "value": "0900000001"}])
    theirs.edit("Patient/patient-1", maritalStatus={"text": "đã kết hôn"})
    ours.sync()
    theirs.sync()
    for _ in range(4):
        ours.sync()
    for terminal in (ours, theirs):
        found = terminal.get("Patient/patient-1")
        assert found["telecom"][0]["value"] == "0900000001"
        assert found["maritalStatus"] == {"text": "đã kết hôn"}
        assert terminal.status.unsent == 0


def test_a_deletion_reaches_the_other(
    hospital: HospitalDouble, ours: Terminal, theirs: Terminal
) -> None:
    ours.sync()
    charted = ours.create(pulse("patient-1"))
    ours.sync()
    for _ in range(4):
        theirs.sync()
    assert len(here(theirs)) == 1
    type_, _, id_ = charted.partition("/")
    with ours.store.write(ours.author) as unit:
        seen = unit.get(type_, id_)
        assert seen is not None
        unit.delete(type_, id_, seen=seen)
    ours.sync()
    for _ in range(5):
        theirs.sync()
    assert at_the_server(hospital) == here(ours) == here(theirs) == []
