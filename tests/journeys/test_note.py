"""A doctor writes a note, is called away, comes back, signs it and looks at the sheet to print."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.kit.store import make_store
from tests.kit.terminal import PEOPLE, PIN, FakeTerminal, make_window, settle
from tests.kit.typing import compose
from tests.kit.workplace import answered
from tests.unit.services.chart_data import NOW, PATIENT, fill
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PersonId, WardId
from workstation.services import notes
from workstation.services.desk import Desk
from workstation.store import Store
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.documents.screen import DocumentsScreen
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window

pytestmark = pytest.mark.journey

COURSE = "Người bệnh tỉnh, còn sốt 38,5 °C, ho khạc đờm đục. Phổi phải ran nổ."
ORDERS = "Ceftriaxon 2 g, truyền tĩnh mạch, 1 lần/ngày"
DOCTOR = PEOPLE[1]


class StoreTerminal(FakeTerminal):
    """Lets people work on a real store."""

    store: Store

    def unlock(self, person: PersonId, pin: str) -> Desk:
        super().unlock(person, pin)
        who = next(each for each in self.people if each.id == person)
        return Desk(self.store, self.store.clock, who, WardId("ward"))


@pytest.fixture
def window(qtbot, tmp_path: Path):
    terminal = StoreTerminal(people=(DOCTOR, PEOPLE[0]))
    terminal.store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    fill(terminal.store)
    made = make_window(tmp_path / "settings", terminal)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    settle(until=lambda: made.findChild(LogInPage).picked() is not None)
    yield made
    made._tasks.shutdown()
    terminal.store.close()


def log_in(window: Window) -> None:
    settle(until=lambda: window.findChild(LogInPage) and window.findChild(LogInPage).picked())
    QTest.keyClicks(window.focusWidget(), PIN)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle(until=lambda: window.bench is not None)


def press(window: Window, key: Qt.Key, modifier=Qt.KeyboardModifier.ControlModifier) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifier)
    settle()


def test_a_note_survives_a_lock_and_is_signed_and_printed(window: Window) -> None:
    log_in(window)
    desk = window._desk
    window.bench.area.open_chart(PATIENT)
    answered(window._tasks)

    press(window, Qt.Key.Key_N)
    chart = window.findChild(ChartScreen)
    editor = chart.findChild(NoteEditor)
    assert window.focusWidget() is editor._course
    compose(window.focusWidget(), COURSE)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is editor._orders
    compose(window.focusWidget(), ORDERS)

    press(window, Qt.Key.Key_L)
    assert window.bench is None
    answered(window._tasks)
    assert not editor.isVisible()
    (draft,) = notes.my_drafts(desk, PATIENT)
    assert (draft.text.course, draft.text.orders) == (COURSE, ORDERS)

    log_in(window)
    answered(window._tasks)
    assert (editor._course.toPlainText(), editor._orders.toPlainText()) == (COURSE, ORDERS)

    press(window, Qt.Key.Key_Return)
    answered(window._tasks)
    (note,) = notes.notes(desk, PATIENT)
    assert (note.text.course, note.author) == (COURSE, DOCTOR.name)
    assert notes.my_drafts(desk, PATIENT) == ()

    press(window, Qt.Key.Key_P)
    papers = window.findChild(DocumentsScreen)
    settle(until=lambda: papers._paper is not None)
    assert papers._paper.kind == "progress"
    with pypdfium2.PdfDocument(papers._paper.pdf) as pdf:
        text = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    assert "Phổi phải ran nổ." in text
    assert DOCTOR.name in text
    assert papers._preview.page_count == 1


def test_another_person_at_the_same_terminal_does_not_see_the_draft(window: Window) -> None:
    log_in(window)
    window.bench.area.open_chart(PATIENT, "notes")
    answered(window._tasks)
    press(window, Qt.Key.Key_N)
    editor = window.findChild(NoteEditor)
    compose(editor._course, COURSE)
    press(window, Qt.Key.Key_L)

    login = window.findChild(LogInPage)
    settle(until=lambda: login.picked() is not None)
    other = next(tile for tile in login._tiles if tile.person == PEOPLE[0])
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_Space)
    settle(until=lambda: login.picked() == PEOPLE[0])
    login.focus_pin()
    log_in(window)
    answered(window._tasks)
    assert window._desk.person == PEOPLE[0]
    window.bench.area.open_chart(PATIENT, "notes")
    answered(window._tasks)

    shown = [each for each in window.findChildren(NoteEditor) if each.isVisible()]
    assert not [each for each in shown if COURSE in each._course.toPlainText()]
    assert notes.my_drafts(window._desk, PATIENT) == ()
