"""Pictures of results: the table with all that can be in it, reports, the inbox of the ward."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.results import ELSEWHERE, HOUSES, arrive, imaging, result
from tests.kit.store import START
from tests.kit.ward import WARD, advance, make_desk, patient_id
from tests.kit.workplace import RememberingNavigator, asked
from workstation.fhir.json import Resource
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.services import critical_results, result_table
from workstation.services.desk import Desk
from workstation.ui.screens.chart.results_page import ResultsPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.results_inbox.screen import ResultsInboxScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

ONE, TWO, THREE = patient_id(1), patient_id(2), patient_id(3)
_TESTS = (
    ("6690-2", "Bạch cầu (WBC)", "10*9/L", ("4.0", "10.0"), ("14.2", "12.8", "11.0", "9.4")),
    ("718-7", "Hemoglobin (HGB)", "g/L", ("120", "160"), ("128", "126", "121", "118")),
    ("777-3", "Tiểu cầu (PLT)", "10*9/L", ("150", "400"), ("210", "224", "231", "240")),
    ("14749-6", "Glucose", "mmol/L", ("3.9", "6.4"), ("9.8", "8.1", "6.9", "6.0")),
    ("14682-9", "Creatinin", "umol/L", ("53", "106"), ("88", "104", "141", "186")),
    ("2951-2", "Natri (Na⁺)", "mmol/L", ("135", "145"), ("136", "137", "138", "138")),
    ("2823-3", "Kali (K⁺)", "mmol/L", ("3.5", "5.0"), ("4.2", "4.9", "5.6", "6.8")),
    ("1988-5", "CRP", "mg/L", ("0", "5.0"), ("148", "96.0", "51.2", "22.4")),
    ("6301-6", "INR", "1", ("0.8", "1.2"), ("1.1", "1.1", "1.2", "1.1")),
    ("2744-1", "pH", "1", ("7.35", "7.45"), ("7.36", "7.34", "7.31", "7.18")),
)
_LONG = "Kháng thể kháng tế bào chất bạch cầu hạt trung tính (ANCA) định lượng ELISA"


def _samples(patient: PatientId) -> list[Resource]:
    found = []
    for number in range(4):
        at = START - timedelta(hours=72 - 24 * number, minutes=37)
        for code, name, unit, normal, values in _TESTS:
            found.append(
                result(f"{patient}-{code}-{number}", patient, at, values[number], code=code,
                       name=name, unit=unit, normal=normal)
            )  # fmt: skip
    return found


def _culture(patient: PatientId) -> Resource:
    at = START - timedelta(hours=49)
    found = result("culture", patient, at, "0", code="600-7", name="Cấy máu", mark="A")
    del found["valueQuantity"], found["referenceRange"]
    return found | {"valueString": "Escherichia coli (ESBL)"}


@cache
def _ward() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="results-scene-"))
    desk = make_desk(folder / "store", beds=6)
    with desk.store.write() as unit:
        ward = unit.get("Location", WARD)
        assert ward is not None
        house = {"managingOrganization": {"reference": "Organization/house"}}
        unit.update(ward.resource() | house, seen=ward)
        unit.create(*HOUSES)
    elsewhere = START - timedelta(days=4, hours=3)
    *before, last = [_samples(ONE)[start : start + 10] for start in range(0, 40, 10)]
    for sample in before:
        arrive(desk.store, *sample)
    arrive(
        desk.store,
        result("k-else", ONE, elsewhere, "4.6", maker=ELSEWHERE),
        result("cr-else", ONE, elsewhere, "0.9", code="2160-0", name="Creatinin",
               unit="mg/dL", normal=("0.6", "1.2"), maker=ELSEWHERE),
        result("anca", ONE, elsewhere, "3.1", code="x", name=_LONG, unit="U/mL",
               normal=("0", "5"), maker=ELSEWHERE),
        _culture(ONE),
        result("ph-old", ONE, START - timedelta(hours=40), "7.19", code="2744-1", name="pH",
               unit="1", normal=("7.35", "7.45")),
        result("na-3", TWO, START - timedelta(hours=5), "118", code="2951-2",
               name="Natri (Na⁺)", normal=("135", "145")),
        result("hb-3", THREE, START - timedelta(hours=6), "61", code="718-7",
               name="Hemoglobin (HGB)", unit="g/L", normal=("120", "160")),
        imaging("xray", THREE, START - timedelta(hours=3),
                "Đám mờ không đều vùng đáy phổi phải, bờ không rõ.\nGóc sườn hoành hai bên nhọn."),
        imaging("xray-1", ONE, START - timedelta(hours=60), "Bóng tim không to. Phổi sáng đều."),
    )  # fmt: skip
    critical_results.acknowledge(desk, "ph-old", "Đã báo bác sĩ, thở ôxy 2 L/phút")
    critical_results.acknowledge(desk, "hb-3", "Đã báo bác sĩ, truyền 2 đơn vị khối hồng cầu")
    result_table.mark_seen(desk, ONE, desk.clock.now())
    advance(desk, minutes=1)
    corrected = _samples(ONE)[24] | {
        "status": "corrected",
        "note": [{"text": "Kết quả trước là 114; đã chạy lại mẫu"}],
    }
    arrive(desk.store, *last)
    arrive(desk.store, corrected, version="2")
    arrive(desk.store, imaging("xray-2", ONE, START - timedelta(hours=2), "Đám mờ đáy phổi phải."))
    return desk, folder


def _place(desk: Desk, folder: Path) -> Workplace:
    tasks = TaskRunner()
    return Workplace(desk, tasks, RememberingNavigator(), Settings(folder), desk.clock)


def _chart(patient: PatientId, then: Callable[[ResultsPage], None] | None = None) -> QWidget:
    desk, folder = _ward()
    place = _place(desk, folder)
    screen = ChartScreen(place)
    screen.arrive(patient=patient, tab="results")
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    page = screen._pages["results"]
    assert isinstance(page, ResultsPage)
    if then is not None:
        then(page)
        asked(screen.workplace)
    with desk.store.write() as unit:  # so that the next picture has something new again
        unit.connection.exec_driver_sql("UPDATE seen SET at = at - 30000 WHERE patient = ?", (ONE,))
    return screen


def _ask(page: ResultsPage) -> None:
    page.point_at(f"Observation/{ONE}-2823-3-3")
    page.perform("acknowledge_result")
    page._form.line.setText("Đã báo bác sĩ trực, chuẩn bị điện tim")


def _stand(page: ResultsPage) -> None:
    page.point_at(f"Observation/{ONE}-14682-9-3")


def _reports(page: ResultsPage) -> None:
    page.point_at("DiagnosticReport/xray-2")


def _inbox(*, asking: bool) -> QWidget:
    desk, folder = _ward()
    place = _place(desk, folder)
    screen = ResultsInboxScreen(place)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    if asking:
        screen.perform("acknowledge_result")
    return screen


def _empty() -> QWidget:
    folder = Path(tempfile.mkdtemp(prefix="results-scene-"))
    desk = make_desk(folder / "store")
    place = _place(desk, folder)
    screen = ResultsInboxScreen(place)

    def end() -> None:
        place.tasks.shutdown()
        desk.store.close()

    screen.destroyed.connect(end)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    return screen


_SIZE = (1366, 700)
SCENES = (
    Scene("results-table", partial(_chart, ONE, _stand), _SIZE, scales=(150,)),
    Scene("results-acknowledge", partial(_chart, ONE, _ask), _SIZE),
    Scene("results-reports", partial(_chart, ONE, _reports), _SIZE, scales=(150,)),
    Scene("results-none", partial(_chart, patient_id(5)), _SIZE),
    Scene("results-inbox", partial(_inbox, asking=False), _SIZE, scales=(150,)),
    Scene("results-inbox-asking", partial(_inbox, asking=True), _SIZE),
    Scene("results-inbox-empty", _empty, _SIZE),
)
