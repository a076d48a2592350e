"""Pictures of consultations and second signatures in the chart, on a chart of the demo hospital."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from hospital.demo import staff
from tests.gallery import Scene, wait_for
from tests.kit.demo_chart import NOW, demo_desk, receive
from tests.kit.people import AtHand
from tests.kit.workplace import RememberingNavigator
from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.kernel.ids import PatientId, PersonId
from workstation.kernel.settings import Settings
from workstation.security.people import Person
from workstation.services import note_signatures, notes
from workstation.services.desk import Desk
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

_PEOPLE = tuple(Person(PersonId(each.id), each.name, each.role) for each in staff.STAFF)
_NURSE, _CHAIR, _SECRETARY = _PEOPLE[0], _PEOPLE[4], _PEOPLE[5]
MET = Consultation(
    at=NOW - timedelta(hours=1, minutes=10),
    place="Phòng giao ban khoa Nội tổng hợp",
    chair=Member(_CHAIR.name, _CHAIR.id),
    members=(
        Member(_PEOPLE[3].name, _PEOPLE[3].id),
        Member(_NURSE.name, _NURSE.id),
        Member("PGS Hoàng Văn Tín (BV Bạch Mai)"),
    ),
    summary="Nôn ra máu, đi ngoài phân đen ngày thứ 4. Đã truyền 2 đơn vị khối hồng cầu,"
    " pantoprazol tĩnh mạch liên tục. Mạch 104 lần/phút, huyết áp 98/60 mmHg, Hb 78 g/L.",
    opinions="PGS Tín: còn chảy máu, cần nội soi lại trong 12 giờ.\n"
    "ĐDT Hạnh: đặt thêm một đường truyền ngoại vi lớn, theo dõi mạch, huyết áp mỗi giờ.",
    conclusion="Xuất huyết tiêu hóa trên do loét hành tá tràng, còn tiến triển.",
    treatment="Nội soi can thiệp trong 12 giờ. Truyền tiếp 1 đơn vị khối hồng cầu nếu Hb < 70 g/L."
    " Mời ngoại khoa nếu cầm máu không thành công.",
)
_NOTE = NoteText("Người bệnh đi ngoài phân đen 2 lần, đã báo bác sĩ. Mạch 104, huyết áp 98/60.")


@cache
def _demo(state: str) -> tuple[Desk, PatientId, Path]:
    folder = Path(tempfile.mkdtemp(prefix="consultation-scene-"))
    desk, patient = demo_desk(folder / "store", _SECRETARY)
    receive(desk.store, list(staff.resources()))
    nurse = replace(desk, person=_NURSE)
    waiting = NoteDraft("n", "nurse", _NOTE, NOW, wanted=Wanted(role="doctor"))
    notes.sign(nurse, patient, waiting)
    notes.sign(desk, patient, NoteDraft("c", "consultation", NoteText(consultation=MET), NOW))
    if state != "waiting":
        _sign(desk, patient, "consultation", _CHAIR)
    if state == "outdated":
        first = next(n for n in notes.notes(desk, patient) if n.kind == "consultation")
        text = NoteText(
            consultation=replace(MET, treatment=f"{MET.treatment} Hội chẩn lại ngày 21/11.")
        )
        again = NoteDraft("a", "consultation", text, NOW, first.id, first.digest, "Thiếu hẹn")
        notes.sign(desk, patient, again)
    return desk, patient, folder


def _sign(desk: Desk, patient: PatientId, kind: str, person: Person) -> None:
    note = next(n for n in notes.notes(desk, patient) if n.kind == kind)
    note_signatures.sign(desk, note.id, note.version, by=person)


def _page(
    state: str, then: Callable[[ChartScreen], None] | None = None, person: Person = _SECRETARY
) -> QWidget:
    desk, patient, folder = _demo(state)
    place = Workplace(
        replace(desk, person=person), TaskRunner(), RememberingNavigator(),
        Settings(folder / "settings"), desk.clock, colleagues=AtHand(*_PEOPLE),
    )  # fmt: skip
    screen = ChartScreen(place)
    minutes = next(n for n in notes.notes(desk, patient) if n.kind == "consultation")
    screen.arrive(patient=patient, tab="notes", record=f"DocumentReference/{minutes.id}")
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    _settle(screen)
    if then is not None:
        then(screen)
        _settle(screen)
    return screen


def _settle(screen: ChartScreen) -> None:
    for _ in range(3):
        answers: list[object] = []
        screen.workplace.tasks.query(lambda: None, done=answers.append, owner=screen)
        wait_for(lambda: bool(answers))  # noqa: B023


def _write(screen: ChartScreen, said: Consultation = MET) -> None:
    screen.perform("add_consultation")
    _settle(screen)
    page = screen._pages["notes"]
    draft = NoteDraft("w", "consultation", NoteText(consultation=said), NOW)
    page._editor.begin(screen.patient(), draft)  # type: ignore[attr-defined]
    _settle(screen)


def _refused(screen: ChartScreen) -> None:
    _write(screen, replace(MET, chair=None))
    screen.perform("sign")


def _ask_pin(screen: ChartScreen) -> None:
    screen.perform("co_sign")
    page = screen._pages["notes"]
    wait_for(lambda: page._side.signing.person._people)  # type: ignore[attr-defined]


SCENES = (
    Scene("consultation-editor", partial(_page, "signed", _write), (1366, 700), scales=(150,)),
    Scene("consultation-refused", partial(_page, "signed", _refused), (1366, 700)),
    Scene("consultation-waiting", partial(_page, "waiting"), (1366, 700), scales=(150,)),
    Scene("consultation-pin", partial(_page, "waiting", _ask_pin), (1366, 700)),
    Scene("consultation-signed", partial(_page, "signed"), (1366, 700)),
    Scene("consultation-outdated", partial(_page, "outdated"), (1366, 700)),
)
