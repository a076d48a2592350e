"""Results by keys: the table, its groups, taking note and taking back, reports, the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from tests.kit.results import arrive, imaging, result
from tests.kit.store import START
from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import asked, shown_words, until, workplace_at
from workstation.kernel import words
from workstation.services.result_table import Line
from workstation.ui.screens.chart.results_page import ResultsPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.results_inbox.screen import ResultsInboxScreen
from workstation.ui.toolkit.workplace import Workplace

ONE, TWO = patient_id(1), patient_id(2)
HOUR = timedelta(hours=1)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    words.use("en")
    desk = make_desk(tmp_path / "store")
    arrive(
        desk.store,
        result("k-1", ONE, START - 9 * HOUR, "4.10"),
        result("k-2", ONE, START - HOUR, "6.9"),
        result("w-2", ONE, START - HOUR, "12.0", code="6690-2", unit="10*9/L",
               normal=("4.0", "10.0")),
        result("n-2", TWO, START - HOUR, "141", code="2951-2", normal=("135", "145")),
        imaging("xray", ONE, START - HOUR, "Đám mờ đáy phổi phải."),
    )  # fmt: skip
    with workplace_at(desk, tmp_path) as found:
        yield found
    desk.store.close()
    words.use("vi")


def chart(qtbot: QtBot, place: Workplace, record: str = "") -> ResultsPage:
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 700)
    screen.show()
    screen.arrive(patient=ONE, tab="results", record=record)
    screen.activate()
    asked(place)
    page = screen._pages["results"]
    assert isinstance(page, ResultsPage)
    return page


def inbox(qtbot: QtBot, place: Workplace) -> ResultsInboxScreen:
    screen = ResultsInboxScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(place)
    return screen


def cells(page: ResultsPage) -> list[list[str]]:
    model = page.side.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
        if isinstance(model.rows[row], Line)
    ]


def test_the_table_stands_on_the_newest_and_says_all_of_it(qtbot: QtBot, place: Workplace) -> None:
    page = chart(qtbot, place)
    QAbstractItemModelTester(page.side.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert cells(page) == [["", "▲ 12.0"], ["4.10", "▲▲ 6.9"]]
    assert page.side.view.currentIndex().column() == 1
    assert page.window().focusWidget() is page.side.view
    QTest.keyClick(page.side.view, Qt.Key.Key_Down)
    QTest.keyClick(page.side.view, Qt.Key.Key_Down)
    said = page.side.words.text()
    assert "Potassium (K⁺): 6.9 mmol/L" in said
    assert "Critically high" in said
    assert "clear rise" in said
    assert "Not acknowledged" in said
    assert page._bar.acknowledge.isVisible()


def test_p_walks_through_the_groups_and_back_to_all(qtbot: QtBot, place: Workplace) -> None:
    page = chart(qtbot, place)
    shown = []
    for _ in range(3):
        QTest.keyClick(page.side.view, Qt.Key.Key_P)
        shown.append(cells(page))
    assert shown == [[["▲ 12.0"]], [["4.10", "▲▲ 6.9"]], [["", "▲ 12.0"], ["4.10", "▲▲ 6.9"]]]


def test_one_takes_note_with_three_keys_and_takes_it_back(qtbot: QtBot, place: Workplace) -> None:
    page = chart(qtbot, place, "Observation/k-2")
    QTest.keyClick(page.side.view, Qt.Key.Key_A)
    line = page._form.line
    assert line.hasFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    asked(place)
    assert "▲ Say what was done about the result. It is kept with your name and the time." in (
        shown_words(page)
    )
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)
    asked(place)
    assert page.side.view.hasFocus()
    assert "Doctor informed" in page.side.words.text()
    assert "Not acknowledged" not in page.side.words.text()
    assert place.navigator.undo is not None  # type: ignore[attr-defined]
    place.navigator.undo()  # type: ignore[attr-defined]
    asked(place)
    assert "Not acknowledged" in page.side.words.text()
    place.navigator.undo()  # type: ignore[attr-defined]
    asked(place)
    told = place.navigator.toasts[-1]  # type: ignore[attr-defined]
    assert told.startswith("This is not on this terminal any more.")


def test_what_was_typed_is_there_again_after_escape(qtbot: QtBot, place: Workplace) -> None:
    page = chart(qtbot, place, "Observation/k-2")
    QTest.keyClick(page.side.view, Qt.Key.Key_A)
    QTest.keyClicks(page._form.line, "called")
    QTest.keyClick(page._form.line, Qt.Key.Key_Escape)
    assert page.side.view.hasFocus()
    QTest.keyClick(page.side.view, Qt.Key.Key_A)
    assert page._form.line.text() == "called"


def test_nothing_is_asked_about_a_result_that_is_not_critical(
    qtbot: QtBot, place: Workplace
) -> None:
    page = chart(qtbot, place, "Observation/k-1")
    QTest.keyClick(page.side.view, Qt.Key.Key_A)
    assert page._form.isHidden()
    assert "acknowledge_result" not in page.offers()


def test_new_stays_marked_while_one_looks_and_is_gone_the_next_time(
    qtbot: QtBot, place: Workplace
) -> None:
    page = chart(qtbot, place)
    for _ in range(2):
        assert page._table is not None
        assert all(line.newest.new for line in page._table.lines)
        page.refresh()
        asked(place)
    advance(place.desk, minutes=30)
    again = chart(qtbot, place)
    assert again._table is not None
    assert not any(line.newest.new for line in again._table.lines)


def test_what_is_attached_and_cannot_be_read_is_said_beside_what_can(
    qtbot: QtBot, place: Workplace
) -> None:
    odd = imaging("odd", ONE, START, "Đám mờ đáy phổi trái.")
    odd["presentedForm"] += [
        {"contentType": "application/pdf", "data": "JVBERi0xLjQ="},
        {"contentType": "image/jpeg", "data": "***"},
    ]
    arrive(place.desk.store, odd)
    page = chart(qtbot, place, record="DiagnosticReport/odd")
    reader = page._reports._scroll
    until(lambda: "The attached PDF cannot be read." in "\n".join(shown_words(reader)))
    said = "\n".join(shown_words(reader))
    assert "Đám mờ đáy phổi trái." in said
    assert "Attached, but cannot be read: image/jpeg." in said
    inside = reader.widget()
    page.refresh()
    asked(place)
    assert reader.widget() is inside, "what is read again and the same stays where one reads"


def test_r_reads_the_reports_and_t_goes_back(qtbot: QtBot, place: Workplace) -> None:
    page = chart(qtbot, place)
    QTest.keyClick(page.side.view, Qt.Key.Key_R)
    asked(place)
    assert page._reports.list.hasFocus()
    assert {"X-quang ngực thẳng", "Viêm phổi", "Đám mờ đáy phổi phải."} <= shown_words(page)
    QTest.keyClick(page._reports.list, Qt.Key.Key_T)
    assert page.side.view.hasFocus()


def test_a_report_is_read_once_somebody_looks_and_no_other_stands_there(
    qtbot: QtBot, place: Workplace
) -> None:
    page = chart(qtbot, place)
    report = "Đám mờ đáy phổi phải."
    assert report not in shown_words(page._reports)
    QTest.keyClick(page.side.view, Qt.Key.Key_R)
    asked(place)
    assert report in shown_words(page._reports)
    QTest.keyClick(page._reports.list, Qt.Key.Key_T)
    arrive(place.desk.store, imaging("later", ONE, START, "Đám mờ đã tan."))
    page.refresh()
    asked(place)
    QTest.keyClick(page.side.view, Qt.Key.Key_R)
    asked(place)
    assert report in shown_words(page._reports), "the report in front stays in front"
    page.set_patient(TWO)
    page.come_to_front()
    assert report not in shown_words(page._reports)
    asked(place)
    assert report not in shown_words(page._reports)


def test_the_inbox_opens_the_chart_at_the_result(qtbot: QtBot, place: Workplace) -> None:
    screen = inbox(qtbot, place)
    assert [row.kind for row in screen.model.rows] == ["critical", "new", "new", "report", "new"]
    QTest.keyClick(screen.list, Qt.Key.Key_Return)
    for _ in range(3):
        QTest.keyClick(screen.list, Qt.Key.Key_Down)
    QTest.keyClick(screen.list, Qt.Key.Key_Return)
    records = [where["record"] for _, where in place.navigator.screens]  # type: ignore[attr-defined]
    assert records == ["Observation/k-2", "DiagnosticReport/xray"]


def test_in_the_inbox_too_three_keys_take_note(qtbot: QtBot, place: Workplace) -> None:
    screen = inbox(qtbot, place)
    QTest.keyClick(screen.list, Qt.Key.Key_A)
    QTest.keyClick(screen.form.line, Qt.Key.Key_Down)
    QTest.keyClick(screen.form.line, Qt.Key.Key_Return)
    asked(place)
    assert [row.kind for row in screen.model.rows] == [
        "new",
        "new",
        "report",
        "new",
        "acknowledged",
    ]
    assert screen.list.hasFocus()
