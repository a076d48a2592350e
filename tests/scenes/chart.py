"""Pictures of the chart and of papers, on a chart of the demo hospital."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene, wait_for
from tests.kit.demo_chart import NOW, demo_desk, receive
from tests.kit.people import DOCTOR
from tests.kit.store import make_store
from tests.kit.workplace import RememberingNavigator, asked
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId, WardId
from workstation.kernel.settings import Settings
from workstation.services import notes, vital_signs
from workstation.services.desk import Desk
from workstation.services.documents import KINDS
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.chart.tabs import TAB_IDS
from workstation.ui.screens.documents.screen import DocumentsScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

_TYPED = ("118", "38,9", "96/58", "26", "91")
_TEXT = NoteText(
    "Người bệnh tỉnh, tiếp xúc tốt. Sốt giảm còn 37,8 °C, ho khạc đờm đục ít. Phổi phải còn ran nổ"
    " ở đáy, rì rào phế nang giảm nhẹ.\nTim đều 92 lần/phút. Bụng mềm, không đau.",
    "Ceftriaxon 2 g, truyền tĩnh mạch, 1 lần/ngày (ngày thứ 3)\n"
    "Paracetamol 500 mg, uống, khi sốt ≥ 38,5 °C\nXét nghiệm CRP, công thức máu sáng 21/11",
)


@cache
def _demo() -> tuple[Desk, PatientId, Path]:
    folder = Path(tempfile.mkdtemp(prefix="chart-scene-"))
    desk, patient = demo_desk(folder / "store")
    notes.sign(desk, patient, NoteDraft("n1", "doctor", _TEXT, NOW))
    (first, *_) = notes.notes(desk, patient)
    changed = NoteText(_TEXT.course, _TEXT.orders.replace("500 mg", "650 mg"))
    notes.amend(desk, first, changed, reason="Ghi nhầm hàm lượng paracetamol")
    vital_signs.record(
        desk,
        patient,
        VitalSigns(at=NOW, heart_rate=Decimal(112), temperature=Decimal("38.6"), spo2=Decimal(93)),
    )
    return desk, patient, folder


def _workplace() -> tuple[Workplace, PatientId]:
    desk, patient, folder = _demo()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    return place, patient


@cache
def _strangers() -> tuple[Desk, Path]:
    """A newborn without any record, and a person with the longest names."""
    folder = Path(tempfile.mkdtemp(prefix="chart-scene-"))
    store = make_store(folder / "store", clock=ManualClock(NOW))
    long = {"family": "Nguyễn Phước Bảo", "given": ["Công Tằng Tôn Nữ", "Quỳnh Hương Giang"]}
    receive(
        store,
        [
            {"resourceType": "Patient", "id": "nobody", "name": [{"text": "Trẻ sơ sinh"}]},
            {"resourceType": "Patient", "id": "long", "name": [long], "birthDate": "1931"},
            *(
                {
                    "resourceType": "AllergyIntolerance",
                    "id": f"a{number}",
                    "patient": {"reference": "Patient/long"},
                    "code": {"text": text},
                }
                for number, text in enumerate(("Thuốc cản quang chứa i-ốt", "Cephalosporin"))
            ),
            {
                "resourceType": "DocumentReference",
                "id": "d",
                "status": "current",
                "subject": {"reference": "Patient/long"},
                "date": "2026-11-20T03:00:00.123456Z",
                "type": {"text": "Discharge planning and interdisciplinary care summary"},
                "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}],
            },
        ],
    )
    return Desk(store, store.clock, DOCTOR, WardId("ward")), folder


def _stranger(patient: str, tab: str) -> QWidget:
    desk, folder = _strangers()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    return _open(place, PatientId(patient), tab)


def _open(workplace: Workplace, patient: PatientId, tab: str) -> ChartScreen:
    screen = ChartScreen(workplace)
    screen.arrive(patient=patient, tab=tab)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    return screen


def _chart(tab: str, then: Callable[[ChartScreen], None] | None = None) -> QWidget:
    workplace, patient = _workplace()
    screen = _open(workplace, patient, tab)
    if then is not None:
        then(screen)
        asked(screen.workplace)
    return screen


def _paper(kind: str) -> QWidget:
    workplace, patient = _workplace()
    screen = DocumentsScreen(workplace)
    screen.arrive(patient=patient, kind=kind)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    wait_for(lambda: screen._preview.page_count > 0)
    return screen


def _write(screen: ChartScreen) -> None:
    screen.perform("add_note")
    asked(screen.workplace)
    editor = screen._pages["notes"]._editor  # type: ignore[attr-defined]
    editor._course.setPlainText(_TEXT.course)
    editor._orders.setPlainText(_TEXT.orders)
    editor.flush()


def _measure(screen: ChartScreen) -> None:
    screen.perform("add_vital_signs")
    form = screen._pages["vitals"]._form  # type: ignore[attr-defined]
    for entry, text in zip(form._entries.values(), _TYPED, strict=False):
        entry.setText(text)


def _history(screen: ChartScreen) -> None:
    _, patient, _ = _demo()
    note = next(n for n in notes.notes(_demo()[0], patient) if n.state == "amended")
    screen._open_history("DocumentReference", note.id)


SCENES = (
    *(Scene(f"chart-{tab}", partial(_chart, tab), (1366, 700), scales=(150,)) for tab in TAB_IDS),
    Scene("chart-note-editor", partial(_chart, "notes", _write), (1366, 700), scales=(150,)),
    Scene("chart-new-vital-signs", partial(_chart, "vitals", _measure), (1366, 700)),
    *(Scene(f"documents-{kind}", partial(_paper, kind), (1366, 700)) for kind in KINDS),
    Scene("chart-vitals-empty", partial(_stranger, "nobody", "vitals"), (1366, 700)),
    Scene("chart-summary-empty", partial(_stranger, "nobody", "summary"), (1366, 700)),
    Scene("chart-notes-long", partial(_stranger, "long", "notes"), (1366, 700)),
    Scene("chart-unknown", partial(_stranger, "not here", "summary"), (1366, 700)),
    Scene("chart-history", partial(_chart, "notes", _history), (1366, 700)),
)
