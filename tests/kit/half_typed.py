"""A terminal in a process of its own where something is half typed into every form.

``python -m tests.kit.half_typed FOLDER`` says what of it is kept, and types no more. Each form
keeps what it has by itself, for none of them is left.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.kit.people import DOCTOR
from tests.kit.ward import make_desk, patient_id
from tests.kit.workplace import asked, workplace_at
from workstation.kernel import words
from workstation.services.desk import Desk
from workstation.store import drafts
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.handover.screen import HandoverScreen
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.workplace import Workplace

PATIENT = patient_id(1)
ENTER = Qt.Key.Key_Return
_LONGEST_S = 30.0
TYPED = {
    "vital-signs-set": "88",
    "assessment": "sensory",
    "care-site": "forearm-left",
    "doctor-note": "Nua ghi chu",
    "orders": "triax",
    "fluid-balance": "200",
    "handover": "Nua ban giao",
    "stay-discharge": "Viem phoi nua",
    "ward-task": "Nua viec",
    "vital-signs-round": "97",
}
"""What is kept of what is typed, by the kind of its draft."""


def kept(desk: Desk) -> dict[str, str]:
    """What is kept of whoever sits at a desk, by kind."""
    with desk.store.read() as view:
        return {draft.kind: draft.body for draft in drafts.of_person(view, desk.person.id)}


def _type(*keys: str | Qt.Key) -> None:
    for key in keys:
        where = QApplication.focusWidget()
        assert where is not None
        if isinstance(key, str):
            QTest.keyClicks(where, key)
        else:
            QTest.keyClick(where, key)


def _show(place: Workplace, screen: Screen, **arguments: object) -> None:
    screen.resize(1366, 768)
    screen.show()
    screen.activateWindow()
    screen.arrive(**arguments)
    screen.activate()
    asked(place)


def _in_chart(tab: str, action: str, *keys: str | Qt.Key) -> Callable[[Workplace], QWidget]:
    def begin(place: Workplace) -> QWidget:
        chart = ChartScreen(place)
        _show(place, chart, patient=PATIENT, tab=tab)
        assert chart.perform(action)
        asked(place)
        _type(*keys)
        return chart

    return begin


def _handover(place: Workplace) -> QWidget:
    screen = HandoverScreen(place)
    _show(place, screen)
    screen.side.sheet.focus_first()
    _type(TYPED["handover"])
    return screen


def _discharge(place: Workplace) -> QWidget:
    screen = StaysScreen(place)
    _show(place, screen, patient=PATIENT, deed="discharge")
    assert screen.form is not None
    screen.form.fields["diagnosis"].input.setFocus()
    _type(TYPED["stay-discharge"])
    return screen


def _task(place: Workplace) -> QWidget:
    screen = WardTasksScreen(place)
    _show(place, screen, patient=PATIENT)
    assert screen.perform("add_task")
    asked(place)
    screen.new.words.setFocus()
    _type(TYPED["ward-task"])
    return screen


def _round(place: Workplace) -> QWidget:
    screen = VitalSignsRoundScreen(place)
    _show(place, screen)
    _type(TYPED["vital-signs-round"])
    return screen


_FORMS: tuple[Callable[[Workplace], QWidget], ...] = (
    _in_chart("vitals", "add_vital_signs", "88"),
    _in_chart("scores", "add_assessment", "3"),
    _in_chart("care", "add_care", "1", ENTER, "left fore"),
    _in_chart("notes", "add_note", "Nua ghi chu"),
    _in_chart("fluids", "add_fluid", "1", ENTER, "200"),
    _handover,
    _discharge,
    _task,
    _round,
    _in_chart("orders", "add_order", "triax"),  # the last: what it offers keeps the keys
)


def main(folder: Path) -> None:
    """Type, say what is kept once all of it is, and wait for the end."""
    application = QApplication(["terminal"])
    words.use("en")
    desk = make_desk(folder, person=DOCTOR)
    with workplace_at(desk, folder) as place:
        opened = [begin(place) for begin in _FORMS]
        end = time.monotonic() + _LONGEST_S
        while kept(desk).keys() < TYPED.keys() and time.monotonic() < end:
            application.processEvents()
        print(*sorted(kept(desk)), flush=True)
        time.sleep(len(opened) * _LONGEST_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
