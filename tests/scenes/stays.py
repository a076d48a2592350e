"""Pictures of admissions: the list full and empty, each kind of form, what is refused."""

from __future__ import annotations

import atexit
import tempfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import discharge, make_desk, patient, patient_id, save
from tests.kit.workplace import asked, until
from tests.scenes.ward import workplace
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import OrderKind, Request
from workstation.fhir import stays as versions
from workstation.fhir import systems
from workstation.fhir.entry import Entry
from workstation.kernel.ids import EncounterId, PatientId, WardId
from workstation.services import expected, infusions, orders, stays, transfers
from workstation.services.desk import Desk
from workstation.services.expected import Expectation
from workstation.ui.screens.stays.alike import AlikePanel
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen


def _desk(beds: int, taken: int) -> Desk:
    folder = Path(tempfile.mkdtemp(prefix="stays-scene-")) / "store"
    made = make_desk(folder, beds=beds, taken=taken, person=DOCTOR)
    atexit.register(made.store.close)
    return made


def busy_ward() -> Desk:
    """A ward with somebody of each kind who comes or goes."""
    desk = _desk(12, 8)
    other = WardId("ward-b")
    ward = {"system": systems.PHYSICAL_TYPE, "code": "wa"}
    save(
        desk.store,
        {
            "resourceType": "Location",
            "id": other,
            "status": "active",
            "name": "Khoa Hồi sức tích cực và Chống độc",
            "physicalType": {"coding": [ward]},
        },
    )
    for number, hours, reason in ((13, 1, "Cơn đau thắt ngực"), (14, -2, "Đái tháo đường típ 2")):
        _expect(desk, number, hours, reason)
    transfers.request(desk, EncounterId("stay-2"), other)
    transfers.request(desk, EncounterId("stay-3"), other)
    there = Desk(desk.store, desk.clock, NURSE, other)
    transfers.refuse(there, EncounterId("stay-3"), "Hết giường có máy thở, hội chẩn lại 20 giờ")
    stays.leave(desk, EncounterId("stay-4"), until=desk.now() + timedelta(hours=9))
    discharge(desk, 5)
    for drug in ("Ceftriaxon", "Paracetamol"):
        prescription = Prescription(
            drug=drug,
            amount=Amount(Decimal(1), "g"),
            route="uống",
            timing=Timing(times_a_day=2),
        )
        orders.order_drug(desk, patient_id(1), prescription)
    return desk


def _expect(desk: Desk, number: int, hours: int, reason: str) -> None:
    at = desk.now() + timedelta(hours=hours)
    entry = Entry(
        own=f"planned-{number}", patient=patient_id(number), encounter=None, author={}, at=at
    )
    place = versions.place_entry(desk.ward, "Khoa Nội", "planned", at)
    planned = versions.new(entry, place, status="planned", reason={"text": reason})
    save(desk.store, patient(number), planned)


def _screen(desk: Desk, deed: str = "", who: PatientId | None = None) -> StaysScreen:
    made = StaysScreen(workplace(desk))
    made.resize(1366, 700)
    made.show()
    made.arrive(**({"deed": deed, "patient": who} if deed else {}))
    made.activate()
    until(lambda: made.list.model.rowCount() or not deed)
    if deed:
        until(lambda: made.form is not None)
    return made


def full() -> QWidget:
    """Somebody of each kind, with the first line chosen."""
    made = _screen(busy_ward())
    until(made.list.model.rowCount)
    return made


def empty() -> QWidget:
    """Nobody comes or goes."""
    desk = _desk(4, 2)
    made = _screen(desk)
    until(lambda: made.list.deeds.first() and not made.list.model.rowCount())
    return made


def _form(made: StaysScreen, **typed: str) -> StaysScreen:
    assert made.form is not None
    made.form.fill(typed)
    return made


def discharging() -> QWidget:
    """A discharge half filled in, before the admission by mistake."""
    made = _form(
        _screen(busy_ward(), "discharge", patient_id(1)),
        disposition="discharged",
        outcome="2",
        others="I10 Tăng huyết áp vô căn\nE11.9 Đái tháo đường típ 2",
        at="01/11/2026 08:00",
    )
    assert made.form is not None
    made.form.save()
    until(lambda: made.form is not None and not made.form.fields["at"].note.isHidden())
    return made


def newcomer() -> QWidget:
    """Somebody to register who is known already."""
    made = _form(
        _screen(busy_ward(), "admit_new"),
        name="Nguyễn Văn An",
        sex="male",
        birth_date="07/03/1951",
        bed="bed-9",
        diagnosis="Viêm phổi cộng đồng",
        level="2",
    )
    assert made.form is not None
    made.form.save()
    until(lambda: made.findChild(AlikePanel) is not None)
    return made


def accepting() -> QWidget:
    """Admitting somebody expected, with nothing chosen and the verb pressed."""
    made = _screen(busy_ward(), "admit", patient_id(13))
    assert made.form is not None
    QTest.keyClick(made.form.fields["bed"].input, Qt.Key.Key_Return)
    made.form.save()
    return made


def planning() -> QWidget:
    """A planned admission being changed, with a time that is over."""
    desk = busy_ward()
    own = EncounterId("planned-13")
    at = (desk.now() + timedelta(hours=20)).replace(second=0, microsecond=0)
    plan = Expectation(at, "Can thiệp mạch vành theo hẹn", "I20.0", "Phòng khám Tim mạch", "bed-3")
    expected.change(desk, own, plan)
    made = _screen(desk)
    until(made.list.model.rowCount)
    made.open_form("change_expected", patient_id(13), own)
    until(lambda: made.form is not None)
    assert made.form is not None
    made.form.fill({"at": f"{desk.now() - timedelta(hours=3):%d/%m/%Y %H:%M}"})
    made.form.save()
    asked(made.workplace)
    return made


def dying() -> QWidget:
    """A death to record, while an infusion runs and a diet holds."""
    desk = busy_ward()
    bag = Prescription(
        drug="Ringer lactat",
        amount=Amount(Decimal(500), "mL"),
        route="truyền tĩnh mạch",
        timing=Timing(),
        rate=Rate(Decimal(60), "mL/h"),
    )
    made = orders.order_drug(desk, patient_id(1), bag)
    orders.sign(
        desk, patient_id(1), [orders.Line(Request(kind=OrderKind.DIET, words="Cháo thịt, ăn nhạt"))]
    )
    nurse = Desk(desk.store, desk.clock, NURSE, desk.ward)
    order = next(iter(made.references)).partition("/")[2]
    infusions.start(nurse, order, rate_ml_h=Decimal(60))
    return _screen(desk, "death", patient_id(1))


def in_vain() -> QWidget:
    """A move of somebody on leave, which cannot be."""
    return _screen(busy_ward(), "move", patient_id(4))


def taking_back() -> QWidget:
    """A discharge to take back."""
    return _screen(busy_ward(), "take_back", patient_id(5))


def board_moving() -> QWidget:
    """The bed map with somebody picked up, over a bed that is taken."""
    made = WardBoardScreen(workplace(busy_ward()))
    made.resize(1366, 700)
    made.show()
    made.activate()
    until(made.model.rowCount)
    made.show_map(True)
    names = [bed.name for bed in made.model.beds()]
    made.map.setCurrentIndex(made.model.index(names.index("01"), 0))
    QTest.keyClick(made.map, Qt.Key.Key_M)
    made.map.setCurrentIndex(made.model.index(names.index("06"), 0))
    return made


def board_swap() -> QWidget:
    """The question whether two people change beds."""
    made = board_moving()
    assert isinstance(made, WardBoardScreen)
    QTest.keyClick(made.map, Qt.Key.Key_Return)
    return made


SCENES = (
    Scene("stays-bed-map-moving", board_moving),
    Scene("stays-bed-map-swap", board_swap, scales=(150,)),
    Scene("stays", full, scales=(150,)),
    Scene("stays-empty", empty),
    Scene("stays-discharge", discharging, scales=(150,)),
    Scene("stays-newcomer", newcomer, scales=(150,)),
    Scene("stays-admit", accepting),
    Scene("stays-planned", planning, scales=(150,)),
    Scene("stays-death", dying, scales=(150,)),
    Scene("stays-in-vain", in_vain),
    Scene("stays-take-back", taking_back),
)
