"""The keys go to what one sees: what is read again behind it, or behind a lock, takes none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.kit.store import make_store
from tests.kit.terminal import NOW, PIN, FakeTerminal, fresh_folder, make_window, settle
from tests.kit.ward import WARD, patient, places, save, stay
from tests.kit.workplace import answered
from workstation.kernel.changes import Changes
from workstation.ui.screens.handover.screen import HandoverScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, tmp_path: Path):
    terminal = FakeTerminal(ward=WARD)
    terminal.store = make_store(fresh_folder())
    people = [{**stay(number), "period": {"start": NOW.isoformat()}} for number in (1, 2)]
    save(terminal.store, *places(2), patient(1), patient(2), *people)
    made = make_window(tmp_path, terminal)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    log_in(made)
    yield made
    settle()
    made._tasks.shutdown()
    terminal.store.close()


def log_in(window: Window) -> None:
    page = window.findChildren(LogInPage)[-1]
    settle(until=lambda: page.picked() is not None)
    QTest.keyClicks(focus(), PIN)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    settle(until=lambda: window.bench is not None)


def focus():
    """The widget that the keys of a keyboard reach."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def open_handover(window: Window) -> HandoverScreen:
    QTest.keyClick(focus(), Qt.Key.Key_5, CTRL)
    screen = window.bench.area.current()
    assert isinstance(screen, HandoverScreen)
    settle(until=lambda: screen.model.rows and screen.view.hasFocus())
    return screen


def somebody_writes(window: Window) -> None:
    """A change of the ward comes in; every screen reads again, and its answers arrive."""
    window._tasks.changed.emit(Changes(ward=True), None)
    answered(window._tasks)


def test_a_screen_behind_takes_no_keys_when_it_reads_again(window: Window) -> None:
    handover = open_handover(window)
    QTest.keyClick(focus(), Qt.Key.Key_2, CTRL)
    screen = window.bench.area.current()
    assert isinstance(screen, VitalSignsRoundScreen)
    settle(until=lambda: screen.grid.currentIndex().isValid() and screen.grid.hasFocus())
    somebody_writes(window)
    assert focus() is screen.grid
    QTest.keyClicks(focus(), "88")
    assert screen.model.row(0).typed == {"heart_rate": "88"}

    open_handover(window)
    assert focus() is handover.view


def test_what_is_locked_away_takes_no_keys_from_the_pin(window: Window) -> None:
    handover = open_handover(window)
    QTest.keyClick(focus(), Qt.Key.Key_L, CTRL)
    settle(until=lambda: window.bench is None)
    somebody_writes(window)
    assert focus().isVisible()
    log_in(window)
    assert window.bench.area.current() is handover
    assert focus() is handover.view
