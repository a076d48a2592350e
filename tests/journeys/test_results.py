"""A critical result comes in; a nurse takes note of it by keys, and everybody sees that she did."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.kit.hospital_process import HospitalProcess
from tests.kit.results import result
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    SHIFT,
    WardWindow,
    store_at,
    two_terminals,
    until,
)
from workstation.kernel.clock import SystemClock
from workstation.sync.status import SyncStatus
from workstation.ui.screens.chart.results_page import ResultsPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.results_inbox.screen import ResultsInboxScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
LABORATORY = {"display": "Khoa Xét nghiệm"}


def laboratory_sends(hospital: HospitalProcess, id_: str, number: int, value: str) -> None:
    """A potassium of now, validated by the real server."""
    at = SystemClock().now() - timedelta(minutes=20)
    store_at(hospital, [result(id_, patient_id(number), at, value, maker=LABORATORY)])


def critical(at: WardWindow, count: int) -> None:
    """See on the board how many critical results wait."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)

    def shown() -> int:
        beds = [board.model.bed(row) for row in range(board.model.rowCount())]
        people = [bed.occupant for bed in beds if bed and bed.occupant]
        return sum(each.critical_results for each in people)

    until(lambda: shown() == count, f"{count} critical on the board")
    assert (f"{count} kết quả báo động" in at.words()) == bool(count)


def inbox(at: WardWindow) -> ResultsInboxScreen:
    at.press(Qt.Key.Key_8, CTRL)
    found = at.screen(ResultsInboxScreen)
    until(lambda: at.focus() is found.list, "the list with the keys")
    at.settle()
    return found


def test_a_critical_result_is_acknowledged_on_one_terminal_and_seen_on_the_other(
    qtbot: QtBot, hospital: HospitalProcess, tmp_path: Path
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        b.log_in(DOCTOR)
        a.online()
        laboratory_sends(hospital, "k-1", 1, "6.9")
        for at in (a, b):
            at.online()
            critical(at, 1)

        shown = inbox(a)
        assert shown.current() is not None
        assert shown.current().kind == "critical"
        a.press(Qt.Key.Key_A)
        assert "NGUYỄN Văn An" in a.words()
        assert "▲▲ 6,9 mmol/L" in a.words()
        a.press(Qt.Key.Key_Return)
        assert "Hãy ghi đã xử trí kết quả này thế nào" in a.words(), "nothing said was taken"
        a.press(Qt.Key.Key_Down)
        a.press(Qt.Key.Key_Return)
        until(lambda: shown.current() and shown.current().kind == "acknowledged", "the note")
        critical(a, 0)

        a.online()
        b.online()
        critical(b, 0)
        seen = inbox(b)
        assert [row.kind for row in seen.model.rows] == ["acknowledged"]
        assert seen.model.rows[0].noted[-1].by == NURSE
        assert seen.model.rows[0].noted[-1].done == "Đã báo bác sĩ"
        b.press(Qt.Key.Key_Return)
        chart = b.screen(ChartScreen)
        page = chart._page_in_front()
        assert isinstance(page, ResultsPage)
        until(lambda: NURSE in page.side.words.text(), "who took note, in the chart")
        assert page.side.view.spot().value.observation == "k-1"


def test_offline_a_doctor_takes_note_in_the_chart_and_it_goes_out_later(
    qtbot: QtBot, hospital: HospitalProcess, tmp_path: Path
) -> None:
    laboratory_sends(hospital, "k-2", 2, "2.3")
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(DOCTOR)
        a.online()
        b.log_in(NURSE)
        b.online()
        hospital.stop()
        a.sync(lambda status: status.link == "offline", "offline")
        a.press(Qt.Key.Key_L, CTRL | SHIFT)
        shown = inbox(a)
        a.press(Qt.Key.Key_Return)
        chart = a.screen(ChartScreen)
        page = chart._page_in_front()
        assert isinstance(page, ResultsPage)
        until(lambda: page.side.view.spot() and page.side.view.spot().value, "the result")
        a.press(Qt.Key.Key_A)
        assert "What was done about Potassium (K⁺) ▼▼ 2.3 mmol/L" in a.words()
        a.compose("Kali clorid truyền tĩnh mạch")
        a.press(Qt.Key.Key_Return)
        until(lambda: not page.side.view.spot().value.waits, "taken note of")
        assert "Kali clorid truyền tĩnh mạch" in page.side.words.text()
        assert shown is not None

        hospital.start()

        def gone(status: SyncStatus) -> bool:
            return status.link == "online" and not status.unsent

        a.sync(gone, "everything sent")
        b.online()
        critical(b, 0)
        rows = inbox(b).model.rows
        assert rows[0].noted[-1].done == "Kali clorid truyền tĩnh mạch"
        assert rows[0].noted[-1].by == DOCTOR
