"""A ward that others charted: loaded, synced, shown, charted on, and sent back unharmed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt

from hospital.cli import main as hospital_command
from tests.kit import foreign
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.ward_window import CTRL, NURSE, WardWindow, found_on, staff, until
from tests.kit.witness import judge, shown
from workstation.drill.server import ServerWitness
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, canonical, dump, parse, reference
from workstation.kernel.clock import SystemClock
from workstation.kernel.ids import PatientId
from workstation.services import contact_details
from workstation.sync.client import FhirClient
from workstation.sync.transport import HttpTransport
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(foreign.folder() is None, reason="the data made by others is not at hand"),
]

WARD: Final = "loc-ward-4E"
PATIENT: Final = PatientId("pt-f2a88eea89bf")
NEIGHBOUR: Final = "pt-1a4d6e2e4da9"
"""Lies on another ward; nothing of hers is to come here."""
PHONE: Final = "+84 912 345 678"
SIGNS: Final = ("88", "378", "12575", "18", "97", "0", "A", "2")
TABS: Final = (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_6, Qt.Key.Key_1)


def theirs() -> list[Resource]:
    """What others made of two patients, and the places and people around them."""
    wanted = (None, PATIENT, NEIGHBOUR)
    return [each for each in foreign.resources() if patient_of(each) in wanted]


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    process = HospitalProcess(tmp_path)
    file = tmp_path / "theirs.ndjson"
    file.write_text("\n".join(dump(each) for each in [*theirs(), *staff()]), "utf-8")
    assert hospital_command(["load", str(file), "--database", process.database]) == 0
    with running(tmp_path) as process:
        yield process


def on_server(base: str, references: list[str]) -> dict[str, Resource | None]:
    transport = HttpTransport(base)
    try:
        witness = ServerWitness(FhirClient(transport, SystemClock()))
        found = witness.records(references, ())
    finally:
        transport.close()
    return {name: record.current for name, record in found.items()}


def without(resource: Resource | None, *elements: str) -> str:
    assert resource is not None
    return canonical({key: value for key, value in resource.items() if key not in elements})


def look_at_the_chart(at: WardWindow) -> None:
    """Every tab, by keys; each shows something and nothing breaks."""
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    chart = at.screen(ChartScreen)
    until(lambda: chart.patient() == PATIENT, "the chart")
    for tab in TABS:
        at.press(tab, Qt.KeyboardModifier.AltModifier)
        assert "Chưa đọc được" not in at.words()
    patient = next(each for each in theirs() if each["id"] == PATIENT)
    assert patient["name"][0]["family"].upper() in at.words()


def chart_signs(at: WardWindow) -> None:
    at.press(Qt.Key.Key_2, CTRL)
    screen = at.screen(VitalSignsRoundScreen)
    until(lambda: screen.model.rowCount() == 1 and at.focus() is screen.grid, "the round")
    for value in SIGNS:
        at.keys(value)
        at.press(Qt.Key.Key_Return)
    until(lambda: screen.model.row(0).state == "saved", "the saved row")


def test_what_others_charted_is_shown_worked_on_and_sent_back_unharmed(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    found_on(tmp_path / "a", hospital.base, WARD, "4E")
    at = WardWindow(tmp_path / "a", hospital.base)
    try:
        at.log_in(NURSE)
        at.online()
        board = at.screen(WardBoardScreen)
        until(lambda: board.model.rowCount() > 0, "the beds")
        taken = [bed for bed in map(board.model.bed, range(board.model.rowCount())) if bed]
        assert sum(bed.occupant is not None for bed in taken) == 1
        look_at_the_chart(at)
        chart_signs(at)
        at.act(partial(contact_details.set_phone, patient=PATIENT, number=PHONE))
        at.online()
        here = at.desk.store
        assert not any(f"/{NEIGHBOUR}" in dump(each) for each in shown(here).values())
        proof = judge({"a": here}, hospital.base)
        assert proof.holds, proof
    finally:
        at.close()

    mine = {reference(each): parse(dump(each)) for each in theirs()}
    now = on_server(hospital.base, list(mine))
    edited = f"Patient/{PATIENT}"
    changed = {name for name, body in mine.items() if without(now[name]) != without(body)}
    assert changed == {edited}
    assert without(now[edited], "telecom") == without(mine[edited], "telecom")
    phones = [each["value"] for each in now[edited]["telecom"]]
    assert PHONE.replace(" ", "") in phones
