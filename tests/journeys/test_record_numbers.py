"""Two terminals register people while the hospital is gone; no record number is given twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import WARD
from workstation.clinical.names import PersonName
from workstation.fhir import systems
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused
from workstation.kernel.settings import Settings
from workstation.services import registration
from workstation.services.desk import Desk
from workstation.services.registration import Registrant
from workstation.store import numbers
from workstation.terminal import WardTerminal
from workstation.ui.shell.terminal import SetUp, WardChoice

pytestmark = pytest.mark.journey

PIN = "739184"
GIVEN = ("An", "Bình", "Cường", "Dung", "Giang", "Hà", "Khoa", "Lan", "Mai", "Nam")


class Reception:
    """A terminal at which people are registered."""

    def __init__(self, folder: Path, server: str, name: str) -> None:
        self.terminal = WardTerminal(folder, Settings(folder / "settings"), SystemClock())
        person = self.terminal.set_up(SetUp("", "", "", name, "reception", PIN))
        self.terminal.join(server, WardChoice(WARD, "Khoa Nội"))
        self.terminal._engine.stop()
        self.desk: Desk = self.terminal.unlock(person, PIN)

    def sync(self) -> str:
        return self.terminal._engine.run_once().outcome

    def register(self, family: str, count: int) -> None:
        for number in range(count):
            given = f"Văn {GIVEN[number % 10]} {GIVEN[number // 10]}"
            name = PersonName.from_text(f"{family} {given}")
            registration.register(self.desk, Registrant(name, "male"))

    def left(self) -> int:
        with self.desk.store.read() as view:
            return numbers.left(view, registration.RECORD)

    def given(self) -> list[str]:
        with self.desk.store.read() as view:
            return [number_of(each.resource()) for each in view.find("Patient")]


def number_of(patient: dict) -> str:
    return next(
        each["value"] for each in patient["identifier"] if each["system"] == systems.RECORD_NUMBER
    )


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with HospitalProcess(tmp_path) as process:
        ward = {"resourceType": "Location", "id": WARD, "status": "active", "name": "Khoa Nội"}
        request = Request("PUT", f"/fhir/Location/{WARD}", "", {}, dump_bytes(ward))
        assert process.handle(request).status == 201
        yield process


def test_no_number_is_given_twice(hospital: HospitalProcess, tmp_path: Path) -> None:
    one = Reception(tmp_path / "one", hospital.base, "Vũ Thị Lan Anh")
    two = Reception(tmp_path / "two", hospital.base, "Phan Thị Thu")
    assert [one.sync(), two.sync()] == ["complete", "complete"]
    assert [one.left(), two.left()] == [50, 50]

    hospital.kill()
    one.register("Nguyễn", 35)
    two.register("Trần", 50)
    with pytest.raises(Refused, match="no-numbers-left"):
        two.register("Lê", 1)
    assert [one.sync(), two.sync()] == ["offline", "offline"]

    hospital.start()
    assert [one.sync(), two.sync()] == ["complete", "complete"]
    two.register("Lê", 1)
    assert two.sync() == "complete"
    assert [one.left(), two.left()] == [65, 49]

    answer = hospital.handle(Request("GET", "/fhir/Patient", "_count=200", {}))
    there = [number_of(entry["resource"]) for entry in parse(answer.body)["entry"]]
    assert len(there) == len(set(there)) == 86
    assert set(there) == {*one.given(), *two.given()}
    assert all(len(number) == 8 and number.isdigit() for number in there)
    one.terminal.close()
    two.terminal.close()
