"""Any chart of the ward from anywhere in at most six keys, in the real window, on the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.kit.terminal import settle
from tests.kit.workplace import answered
from tests.scenes.palette import inside
from workstation.kernel import words
from workstation.kernel.ids import PatientId
from workstation.services import patient_search
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.actions import BY_ID

MOST_KEYS = 6
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, tmp_path: Path) -> Iterator[Window]:
    words.use("vi")
    made = inside(tmp_path)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    answered(made._tasks)
    yield made
    answered(made._tasks)
    made._tasks.shutdown()
    made._desk.store.close()


def press(window: Window, typed: str) -> int:
    """Ctrl+K, the text, Enter, without waiting in between, as fast hands do; how many keys."""
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, CTRL)
    for letter in typed:
        QTest.keyClicks(window.focusWidget(), letter)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle(until=window.bench.palette_panel.isHidden)
    return len(typed) + 2


def chart(window: Window) -> PatientId | None:
    screen = window.bench.area.current()
    return screen.patient() if screen is not None and "tab" in screen.place() else None


def test_every_chart_of_the_ward_in_six_keys_wherever_one_is(window: Window) -> None:
    ward = patient_search.at_hand(window._desk).ward
    assert len(ward) == 32
    screens = ("ward_board", "ward_tasks", "sync_centre", "settings", "patient_search", "chart")
    for number, who in enumerate(ward):
        screen = screens[number % len(screens)]
        if screen != "chart":  # else from the chart of the one before
            window.bench.area.open_screen(screen)
        answered(window._tasks)
        keys = press(window, who.bed.replace("-", ""))
        assert keys <= MOST_KEYS, who.bed
        assert chart(window) == who.patient, who.bed


def test_people_whose_names_collide_are_told_apart_by_their_beds(window: Window) -> None:
    ward = patient_search.at_hand(window._desk).ward
    shared = [who for who in ward if sum(o.name.given == who.name.given for o in ward) > 1]
    assert shared, "the demo has names that collide"
    for who in shared[:2]:
        press(window, who.bed.replace("-", ""))
        assert chart(window) == who.patient


def test_an_empty_bed_opens_nobody_and_says_so(window: Window) -> None:
    bed = patient_search.at_hand(window._desk).empty_beds[0]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.focusWidget(), bed.replace("-", ""))
    answered(window._tasks)
    panel = window.bench.palette_panel
    assert panel.rows()[0].bed == bed
    assert "Giường trống" in window.focusWidget().accessibleDescription()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    answered(window._tasks)
    assert panel.isVisible()
    assert chart(window) is None


def test_bed_and_tab_in_one_line(window: Window) -> None:
    who = patient_search.at_hand(window._desk).ward[3]
    press(window, f"{who.bed} thuoc")
    assert chart(window) == who.patient
    assert window.bench.area.current().place() == {"tab": "medication"}
    press(window, f"{who.bed} dien bien")
    assert window.bench.area.current().place() == {"tab": "notes"}


@pytest.mark.parametrize("typed", ["plan", "ke hoach"])
def test_a_plan_asks_once_for_whom_and_opens_that_plan(window: Window, typed: str) -> None:
    who = patient_search.at_hand(window._desk).ward[7]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.focusWidget(), typed)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    answered(window._tasks)
    panel = window.bench.palette_panel
    assert panel.isVisible()
    assert "Cho người bệnh nào?" in window.focusWidget().placeholderText()
    assert chart(window) is None
    QTest.keyClicks(window.focusWidget(), who.bed.replace("-", ""))
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle(until=panel.isHidden)
    assert chart(window) == who.patient
    screen = window.bench.area.current()
    assert screen.place() == {"tab": "care"}
    assert screen._front().front is screen._front().plans
    press(window, f"{who.bed} thuoc")
    press(window, "plan")
    assert screen.place() == {"tab": "care"}, "in a chart it asks nobody"


def test_who_was_opened_last_stands_first_next_time(window: Window) -> None:
    who = patient_search.at_hand(window._desk).ward[5]
    press(window, who.bed.replace("-", ""))
    answered(window._tasks)
    window.do(BY_ID["ward_board"])
    assert press(window, "") == 2
    assert chart(window) == who.patient


def test_somebody_beyond_the_ward_is_found_in_the_record(window: Window) -> None:
    desk = window._desk
    here = {who.patient for who in patient_search.at_hand(desk).ward}
    with desk.store.write() as unit:
        unit.create({
            "resourceType": "Patient", "id": "beyond",
            "name": [{"use": "official", "family": "Ưng", "given": ["Hoàng", "Phúc"]}],
        })  # fmt: skip
    assert "beyond" not in here
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.focusWidget(), "ung hoang")
    panel = window.bench.palette_panel
    settle(until=lambda: any(each.hit for each in panel.rows()))
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    answered(window._tasks)
    assert chart(window) == "beyond"


def test_what_is_put_away_names_nobody(window: Window) -> None:
    press(window, patient_search.at_hand(window._desk).ward[0].bed)
    assert window.bench.palette_panel.rows() == ()
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_K, CTRL)
    answered(window._tasks)
    assert any(each.hit for each in window.bench.palette_panel.rows())
    window.lock()
    assert window._bench.palette_panel.rows() == ()
