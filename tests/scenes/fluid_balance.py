"""Pictures of the fluids tab: a full day, the forms, what is wrong, another day, nothing yet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.demo_chart import receive
from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import make_store
from tests.kit.ward import WARD, patient, patient_id, places, stay
from tests.kit.workplace import RememberingNavigator, asked
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.fluid_goal import Measure, Target
from workstation.fhir.json import Resource
from workstation.kernel.clock import ManualClock
from workstation.kernel.settings import Settings
from workstation.security.people import Person
from workstation.services import fluid_balance, fluid_balance_sheet, fluid_goal
from workstation.services.desk import Desk
from workstation.services.fluid_balance_sheet import Plan
from workstation.ui.screens.chart.fluid_balance_page import FluidsPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

NOW = datetime(2026, 11, 20, 13, 40, tzinfo=UTC)
_FULL, _EMPTY = patient_id(1), patient_id(2)
_DAY: tuple[tuple[Kind, float, str | None, str], ...] = (
    (Kind.ORAL, 6.2, "200", "Sữa"),
    (Kind.ORAL, 4.1, "150", "Nước lọc"),
    (Kind.ORAL, 1.4, "100", ""),
    (Kind.ENTERAL_TUBE, 3.6, "250", "Súp xay"),
    (Kind.IV_DRUG, 5.2, "100", "Ceftriaxon"),
    (Kind.BLOOD_PRODUCT, 2.8, "250", "Khối hồng cầu"),
    (Kind.CATHETER, 5.6, "320", ""),
    (Kind.CATHETER, 3.3, "180", ""),
    (Kind.CATHETER, 1.2, "240", ""),
    (Kind.STOOL, 4.6, None, "lỏng"),
    (Kind.VOMIT, 2.2, "80", ""),
    (Kind.DRAIN, 4.0, "60", "Màng phổi phải"),
    (Kind.DRAIN, 0.7, "35", "Màng phổi phải"),
    (Kind.DRAIN, 4.0, "22.5", "Redon gối"),
    (Kind.ORAL, 25, "300", ""),
    (Kind.CATHETER, 26, "650", ""),
)


def _infusion(id: str, drug: str, hours: float, rate: int, bag: int) -> Resource:
    unit = {"unit": "mL/h", "system": "http://unitsofmeasure.org", "code": "mL/h"}
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "in-progress",
        "medicationCodeableConcept": {"text": drug},
        "subject": {"reference": f"Patient/{_FULL}"},
        "effectivePeriod": {"start": (NOW - timedelta(hours=hours)).isoformat()},
        "performer": [{"actor": {"display": NURSE.name}}],
        "dosage": {
            "rateQuantity": {"value": rate, **unit},
            "dose": {"value": bag, "unit": "mL", "code": "mL"},
        },
    }


@cache
def _ward() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="fluids-scene-"))
    store = make_store(folder / "store", clock=ManualClock(NOW))
    resources = [*places(4), patient(1), patient(2), stay(1, days=4), stay(2, days=4)]
    resources.append(_infusion("i1", "Natri clorid 0,9 %", 5.5, 83, 500))
    resources.append(_infusion("i2", "Ringer lactat", 6.0, 100, 500))
    receive(store, resources)
    desk = Desk(store, store.clock, NURSE, WARD)
    fluids = [
        Fluid(kind, NOW - timedelta(hours=hours), None if ml is None else Decimal(ml), 1, name)
        for kind, hours, ml, name in _DAY
    ]
    fluid_balance.record(desk, _FULL, fluids)
    lines = {
        line.entry.fluid: line for line in fluid_balance_sheet.sheet(desk, _FULL, _plan()).lines
    }
    wrong = lines[fluids[2]].entry
    fluid_balance.enter_in_error(desk, wrong.id, reason="Nhầm người bệnh")
    typo = lines[fluids[7]].entry
    right = Fluid(Kind.CATHETER, typo.fluid.at, Decimal(210))
    fluid_balance.correct(desk, _FULL, typo, right, reason="Đọc nhầm vạch")
    doctor = replace(desk, person=DOCTOR)
    for goal in (
        Target(Measure.BALANCE, Decimal(-1000), Decimal(-500)),
        Target(Measure.INTAKE, None, Decimal(2500)),
    ):
        fluid_goal.set_goal(doctor, _FULL, goal, _plan().day(desk.now()))
    return desk, folder


def _plan() -> Plan:
    return Plan(12, datetime(2026, 1, 1, 7).time())


def _place(person: Person = NURSE) -> Workplace:
    desk, folder = _ward()
    desk = replace(desk, person=person)
    return Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)


def _chart(
    whose: str, then: Callable[[FluidsPage], None] | None = None, person: Person = NURSE
) -> QWidget:
    workplace = _place(person)
    screen = ChartScreen(workplace)
    screen.arrive(patient=whose, tab="fluids")
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(workplace)
    page = screen._pages["fluids"]
    assert isinstance(page, FluidsPage)
    if then is not None:
        then(page)
        asked(workplace)
    return screen


def _write(page: FluidsPage) -> None:
    page.add()
    asked(page.workplace)
    lines = page._form._stack._lines
    lines[0].volume_entry.setText("250")
    lines[1].volume_entry.setText("x2")
    lines[2].kind_entry.setFocus()


def _wrong(page: FluidsPage) -> None:
    _write(page)
    page._form._stack._lines[0].volume_entry.setText("7500")
    page._form.save()


def _amend(page: FluidsPage) -> None:
    page._lines.selectRow(1)
    page._on_line(page._lines.line())
    page._amend._line.volume_entry.setText("320")
    page._amend.save()


def _want(page: FluidsPage) -> None:
    page._forms.open(page._goal)
    page._goal.begin(_FULL, page._sheet)
    page._goal._low.setText("-500")
    page._goal._high.setText("-1000")
    page._goal.save()


SCENES = (
    Scene("fluids-goal", partial(_chart, _FULL, _want, DOCTOR), (1366, 700), scales=(150,)),
    Scene("fluids-day", partial(_chart, _FULL), (1366, 700), scales=(150,)),
    Scene("fluids-new", partial(_chart, _FULL, _write), (1366, 700), scales=(150,)),
    Scene("fluids-wrong", partial(_chart, _FULL, _wrong), (1366, 700)),
    Scene("fluids-amend", partial(_chart, _FULL, _amend), (1366, 700)),
    Scene(
        "fluids-day-before",
        partial(_chart, _FULL, lambda page: page._turn(-1)),
        (1366, 700),
    ),
    Scene("fluids-empty", partial(_chart, _EMPTY), (1366, 700)),
    Scene("fluids-empty-new", partial(_chart, _EMPTY, lambda page: page.add()), (1366, 700)),
)
