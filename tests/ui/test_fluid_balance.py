"""The fluids tab by keys: several amounts at once, what is wrong, corrections, other days."""

from __future__ import annotations

import threading
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLineEdit

from tests.kit.people import DOCTOR, NURSE
from tests.kit.typing import compose
from tests.kit.ward import advance, colleague, make_desk, patient_id, save
from tests.kit.workplace import asked, shown_words, until, workplace_at
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.fluid_goal import Measure, Target
from workstation.kernel import words
from workstation.services import fluid_balance, fluid_balance_sheet, fluid_goal
from workstation.services.fluid_balance_sheet import Plan
from workstation.ui.screens.chart.fluid_balance_grid import FluidGrid
from workstation.ui.screens.chart.fluid_balance_page import FluidsPage
from workstation.ui.screens.chart.fluid_balance_words import find_kind, kind_name, number_of
from workstation.ui.screens.chart.screen import ChartScreen

PATIENT = patient_id(1)
PLAN = Plan(12, time(7))


@pytest.fixture
def place(tmp_path: Path):
    words.use("vi")
    desk = make_desk(tmp_path / "store", person=NURSE)
    advance(desk, hours=5)
    with workplace_at(desk, tmp_path) as found:
        yield found
    desk.store.close()


def open_fluids(qtbot, place, patient=PATIENT) -> tuple[ChartScreen, FluidsPage]:
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 700)
    screen.show()
    screen.arrive(patient=patient, tab="fluids")
    screen.activate()
    asked(place)
    page = screen._stack.front()
    assert isinstance(page, FluidsPage)
    return screen, page


def focus(screen):
    return screen.window().focusWidget()


def press(screen, place, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(screen), key, modifier)
    asked(place)


def type_(screen, text: str) -> None:
    if text.isascii():
        QTest.keyClicks(focus(screen), text)
    else:
        compose(focus(screen), text)


def enter(screen, place, *texts: str) -> None:
    """Type into field after field, with Enter behind each."""
    for text in texts:
        type_(screen, text)
        press(screen, place, Qt.Key.Key_Return)


def chart(place, *fluids: tuple[Kind, str | None, float]) -> None:
    now = place.desk.now()
    fluid_balance.record(
        place.desk,
        PATIENT,
        [
            Fluid(kind, now - timedelta(hours=hours), None if ml is None else Decimal(ml))
            for kind, ml, hours in fluids
        ],
    )


def lines(place):
    return fluid_balance_sheet.sheet(place.desk, PATIENT, PLAN).lines


def charted(place) -> dict[Kind, Decimal | None]:
    return {line.entry.fluid.kind: line.entry.fluid.volume_ml for line in lines(place)}


def test_several_amounts_are_typed_by_numbers_and_letters_and_saved_at_once(qtbot, place):
    screen, page = open_fluids(qtbot, place)
    assert "Chưa ghi dịch vào – ra" in shown_words(screen)
    assert screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "1", "200", "nt", "x2", "nôn", "80,5")
    assert screen.perform("save")
    asked(place)
    assert charted(place) == {
        Kind.ORAL: Decimal(200),
        Kind.URINE: None,
        Kind.VOMIT: Decimal("80.5"),
    }
    assert lines(place)[0].entry.fluid.at <= place.desk.now()
    assert place.navigator.toasts[-1] == "Đã lưu trên máy này."
    assert page._form.isHidden()
    assert any("chưa đủ: 2 lần không đo" in text for text in shown_words(screen))
    assert isinstance(focus(screen), FluidGrid)


def test_a_number_of_a_kind_typed_as_the_amount_of_what_stands_ready_is_asked_about(qtbot, place):
    chart(place, (Kind.CATHETER, "100", 2))
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "7")
    assert screen.perform("save")
    asked(place)
    assert [line.entry.fluid.volume_ml for line in lines(place)] == [100]
    assert "hay số của loại dịch" in page._form.note.text()
    assert screen.perform("save")
    asked(place)
    assert [line.entry.fluid.volume_ml for line in lines(place)] == [7, 100]


def test_what_was_charted_last_stands_ready_and_is_not_saved_without_an_amount(qtbot, place):
    chart(place, (Kind.CATHETER, "100", 2), (Kind.ORAL, "50", 1))
    screen, _page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "", "240")
    assert screen.perform("save")
    asked(place)
    assert [line.entry.fluid.volume_ml for line in lines(place)] == [240, 50, 100]
    assert lines(place)[0].entry.fluid.kind is Kind.CATHETER


def test_a_second_save_and_a_page_left_meanwhile_chart_nothing_twice(qtbot, place):
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "1", "200")
    page._form.save()
    page._form.save()
    page._form.hide()
    asked(place)
    assert len(lines(place)) == 1
    assert fluid_balance.my_draft(place.desk, PATIENT) == ""


def test_what_is_refused_once_the_page_is_left_is_kept(qtbot, place):
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "1", "6000")
    page._form.save()
    page._form.hide()
    asked(place)
    assert lines(place) == ()
    assert "6000" in fluid_balance.my_draft(place.desk, PATIENT)
    assert place.navigator.toasts, "the person is told"


def test_a_saved_set_is_taken_back_by_its_toast(qtbot, place):
    screen, _page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "7", "300")
    screen.perform("save")
    asked(place)
    place.navigator.undo()
    asked(place)
    assert [line.entry.status for line in lines(place)] == ["entered-in-error"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("7", "-5"), "Trị số này không thể có"),
        (("7", "1.234"), "Quá nhiều chữ số"),
        (("7", "abc"), "Đây không phải là số"),
        (("12", "50"), "Dẫn lưu nào?"),
        (("zz", "50"), "Không có loại dịch này"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(qtbot, place, typed, said):
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, *typed)
    screen.perform("save")
    asked(place)
    assert said in page._form.note.text()
    assert focus(screen).property("state") == "invalid"
    assert not lines(place)
    assert not page._form.isHidden()


@pytest.mark.parametrize(
    ("time_typed", "said"),
    [
        ("2359", "Thời điểm này chưa đến"),
        ("01/01/2026 07:00", "trước lúc nhập viện"),
        ("không", "Đây không phải là ngày giờ"),
    ],
)
def test_a_time_that_cannot_be_is_refused(qtbot, place, time_typed, said):
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "7", "50")
    page._form._at.setText(time_typed)
    screen.perform("save")
    asked(place)
    assert said in page._form.note.text()
    assert focus(screen) is page._form._at
    assert not lines(place)


def test_a_very_large_amount_is_asked_for_twice(qtbot, place):
    screen, page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "14", "6000")
    screen.perform("save")
    asked(place)
    assert "hãy lưu lần nữa" in page._form.note.text()
    assert not lines(place)
    screen.perform("save")
    asked(place)
    assert charted(place) == {Kind.ULTRAFILTRATION: Decimal(6000)}


def test_what_is_typed_survives_leaving_and_another_language(qtbot, place):
    screen, _page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    enter(screen, place, "7", "300")
    press(screen, place, Qt.Key.Key_Escape)
    assert not lines(place)
    words.use("en")
    again, page = open_fluids(qtbot, place)
    again.perform("add_fluid")
    asked(place)
    line = page._form._stack._lines[0]
    assert (line.kind_entry.text(), line.volume_entry.text()) == ("Urine", "300")
    again.perform("save")
    asked(place)
    assert charted(place) == {Kind.URINE: Decimal(300)}
    assert fluid_balance.my_draft(place.desk, PATIENT) == ""
    words.use("vi")


def test_an_amount_is_corrected_from_the_sheet_with_a_reason(qtbot, place):
    chart(place, (Kind.URINE, "3000", 0))
    screen, page = open_fluids(qtbot, place)
    page._grid.setFocus()
    for _ in range(3):  # oral, infusion, their sum, urine
        press(screen, place, Qt.Key.Key_Down)
    press(screen, place, Qt.Key.Key_Return)
    assert focus(screen) is page._lines
    press(screen, place, Qt.Key.Key_Return)
    enter(screen, place, "300")
    screen.perform("save")
    asked(place)
    assert "Phải ghi lý do" in page._amend.note.text()
    enter(screen, place, "Gõ thừa số 0")
    [line] = lines(place)
    assert (line.entry.fluid.volume_ml, line.entry.status) == (300, "corrected")
    assert line.entry.fluid.at == place.desk.now()
    assert focus(screen) is page._lines
    assert any("ra 300" in text for text in shown_words(screen))


def test_an_answer_that_comes_late_is_about_its_own_amount(qtbot, place):
    chart(place, (Kind.URINE, "3000", 0), (Kind.ORAL, "200", 0))
    _, page = open_fluids(qtbot, place)
    first, second = lines(place)
    opened = threading.Event()
    place.tasks.query(opened.wait, done=lambda _: None)
    for line, volume in ((first, "9000"), (second, "8000")):
        page._on_line(line)
        page._amend._line.volume_entry.setText(volume)
        page._amend._reason.setText("Gõ nhầm")
        if line is first:
            page._amend.save()
    opened.set()
    asked(place)
    assert not page._amend._confirmed, "what was asked about the first confirms nothing here"
    page._amend.save()
    asked(place)
    assert page._amend.isVisible()
    assert page._amend._confirmed
    assert {line.entry.status for line in lines(place)} == {"final"}


def test_an_amount_is_struck_out_with_a_reason_and_stays_to_be_read(qtbot, place):
    chart(place, (Kind.URINE, "300", 0))
    screen, page = open_fluids(qtbot, place)
    page._lines.setFocus()
    press(screen, place, Qt.Key.Key_Delete)
    type_(screen, "Nhầm người bệnh")
    page._amend.strike()
    asked(place)
    [line] = lines(place)
    assert line.entry.status == "entered-in-error"
    assert page._lines.model().index(0, 2).data() == "(300 mL)"
    press(screen, place, Qt.Key.Key_Return)
    assert page._amend.isHidden()


def test_other_days_are_turned_to_and_never_beyond_today(qtbot, place):
    chart(place, (Kind.URINE, "300", 24), (Kind.ORAL, "100", 0))
    screen, page = open_fluids(qtbot, place)
    page._grid.setFocus()
    press(screen, place, Qt.Key.Key_PageDown)
    assert page._sheet.current
    press(screen, place, Qt.Key.Key_PageUp)
    press(screen, place, Qt.Key.Key_PageUp)
    assert "Chưa ghi gì trong ngày" in shown_words(screen)
    press(screen, place, Qt.Key.Key_PageDown)
    assert any("ra 300" in text for text in shown_words(screen))
    page._lines.setFocus()
    press(screen, place, Qt.Key.Key_PageDown)
    assert page._sheet.current
    assert any("vào 100" in text.lower() for text in shown_words(screen))


def test_an_empty_hour_is_written_into(qtbot, place):
    chart(place, (Kind.ORAL, "100", 0))
    screen, page = open_fluids(qtbot, place)
    page._grid.setFocus()
    press(screen, place, Qt.Key.Key_Left)
    press(screen, place, Qt.Key.Key_Return)
    enter(screen, place, "70")
    screen.perform("save")
    asked(place)
    [_, earlier] = lines(place)
    assert earlier.entry.fluid.volume_ml == 70
    assert earlier.entry.fluid.at == (place.desk.now() - timedelta(hours=1)).replace(minute=0)


def test_the_sheet_adds_up_down_and_across(qtbot, place):
    chart(place, (Kind.ORAL, "100", 0), (Kind.ORAL, "50", 2), (Kind.URINE, "400", 1))
    _screen, page = open_fluids(qtbot, place)
    model = page._model
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    names = [model.headerData(row, Qt.Orientation.Vertical) for row in range(model.rowCount())]
    day = {name: model.index(row, 0).data() for row, name in enumerate(names)}
    assert (day["Tổng vào"], day["Tổng ra"], day["Cân bằng"]) == ("150", "400", "−250")
    course = [model.index(len(names) - 1, c).data() for c in range(3, model.columnCount())]
    assert [text for text in course if text][-3:] == ["+50", "−350", "−250"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_kind_is_found_by_number_name_and_without_marks(language):
    words.use(language)
    for kind in Kind:
        assert find_kind(str(number_of(kind))) is kind
        assert find_kind(kind_name(kind)) is kind
        assert find_kind(kind_name(kind).upper()) is kind
    words.use("vi")
    assert find_kind("uong") is Kind.ORAL
    assert find_kind("dan luu") is Kind.DRAIN
    assert find_kind("16") is None
    assert find_kind("  ") is None


def test_arrows_walk_through_the_kinds(qtbot, place):
    screen, _page = open_fluids(qtbot, place)
    screen.perform("add_fluid")
    asked(place)
    entry = focus(screen)
    assert isinstance(entry, QLineEdit)
    press(screen, place, Qt.Key.Key_Down)
    assert entry.text() == kind_name(Kind.ORAL)
    press(screen, place, Qt.Key.Key_Up)
    assert entry.text() == kind_name(Kind.IRRIGATION_OUT)


def test_the_history_of_an_amount_opens(qtbot, place):
    chart(place, (Kind.URINE, "300", 0))
    screen, _page = open_fluids(qtbot, place)
    assert "history" in screen.offers()
    screen.perform("history")
    asked(place)
    assert any("Nước tiểu" in text for text in shown_words(screen))


@pytest.mark.parametrize(
    ("language", "what", "amount"),
    [("vi", "Phân", "2 lần, không đo"), ("en", "Stool", "2× not measured")],
)
def test_the_timeline_says_an_amount_in_the_language_spoken(qtbot, place, language, what, amount):
    fluid_balance.record(place.desk, PATIENT, [Fluid(Kind.STOOL, place.desk.now(), None, 2)])
    words.use(language)
    screen, _page = open_fluids(qtbot, place)
    screen.open_tab("timeline")
    asked(place)
    model = screen._stack.front()._view.model()
    row = next(r for r in range(model.rowCount()) if model.index(r, 2).data() == what)
    assert model.index(row, 3).data() == amount
    words.use("vi")


def test_the_form_says_that_a_running_infusion_counts_by_itself(qtbot, place):
    start = (place.desk.now() - timedelta(hours=1)).isoformat()
    rate = {"value": Decimal(60), "unit": "mL/h", "code": "mL/h"}
    save(
        place.desk.store,
        {
            "resourceType": "MedicationAdministration",
            "id": "i1",
            "status": "in-progress",
            "medicationCodeableConcept": {"text": "Ringer lactat"},
            "subject": {"reference": f"Patient/{PATIENT}"},
            "effectivePeriod": {"start": start},
            "dosage": {"rateQuantity": rate, "dose": {"value": Decimal(50), "unit": "mL"}},
        },
    )
    screen, page = open_fluids(qtbot, place)
    assert any("lẽ ra đã hết từ" in text for text in shown_words(screen))
    assert any("vào 50 " in text.lower() for text in shown_words(screen))
    screen.perform("add_fluid")
    asked(place)
    assert page._form._running.text().startswith("1 dịch đang truyền được tự động tính")
    words.use("vi")


@pytest.fixture
def doctor_s_place(tmp_path: Path):
    words.use("en")
    desk = make_desk(tmp_path / "store", person=DOCTOR)
    advance(desk, hours=5)
    with workplace_at(desk, tmp_path) as found:
        yield found
    desk.store.close()
    words.use("vi")


def goal_lines(page) -> str:
    return page._head._goals.text()


def test_a_doctor_sets_changes_and_ends_the_goal_of_a_day_by_keys(qtbot, doctor_s_place):
    place = doctor_s_place
    chart(place, (Kind.ORAL, "900", 1))
    screen, page = open_fluids(qtbot, place)
    page._grid.setFocus()
    press(screen, place, Qt.Key.Key_G)
    press(screen, place, Qt.Key.Key_Return)
    enter(screen, place, "-500", "-1000")
    assert "“At most” is less" in page._goal.note.text()
    focus(screen).selectAll()
    enter(screen, place, "0")
    said = "Goal for 24 h: balance \u2212500 to 0 mL · so far +900 mL · "
    assert goal_lines(page) == f"{said}▲\N{NO-BREAK SPACE}above the pace of the goal"
    assert page._goal.isHidden()
    assert isinstance(focus(screen), FluidGrid)
    assert screen.perform("fluid_goal")
    asked(place)
    assert (page._goal._low.text(), page._goal._high.text()) == ("-500", "0")
    page._goal._end.click()
    asked(place)
    assert goal_lines(page) == ""


def test_a_goal_alone_is_a_sheet_and_a_nurse_reads_it_only(qtbot, place):
    day = PLAN.day(place.desk.now())
    most = Target(Measure.INTAKE, None, Decimal(1200))
    fluid_goal.set_goal(colleague(place.desk, DOCTOR), PATIENT, most, day)
    screen, page = open_fluids(qtbot, place)
    assert goal_lines(page) == "Mục tiêu 24 giờ: tổng vào nhiều nhất 1200 mL · chưa ghi gì"
    page._grid.setFocus()
    press(screen, place, Qt.Key.Key_G)
    assert page._goal.isHidden()
    assert "Mục tiêu do bác sĩ đặt." in place.navigator.toasts
    assert not screen.perform("save")


def test_a_goal_is_set_by_its_key_where_nothing_is_charted_yet(qtbot, doctor_s_place):
    screen, page = open_fluids(qtbot, doctor_s_place)
    assert "No fluids charted yet" in shown_words(screen)
    assert focus(screen).isVisible()
    press(screen, doctor_s_place, Qt.Key.Key_G)
    assert not page._goal.isHidden()
    press(screen, doctor_s_place, Qt.Key.Key_Return)
    enter(screen, doctor_s_place, "-500", "0")
    assert "balance \u2212500 to 0 mL" in goal_lines(page)


def test_a_goal_of_a_day_before_is_refused_with_the_way_to_today(qtbot, doctor_s_place):
    chart(doctor_s_place, (Kind.ORAL, "900", 1))
    screen, page = open_fluids(qtbot, doctor_s_place)
    page._grid.setFocus()
    press(screen, doctor_s_place, Qt.Key.Key_PageUp)
    press(screen, doctor_s_place, Qt.Key.Key_G)
    assert page._goal.isHidden()
    assert "A goal is set on the sheet of today: PgDn." in doctor_s_place.navigator.toasts


def test_the_second_answer_to_a_key_pressed_twice_takes_no_amount_that_is_typed(
    qtbot, place
) -> None:
    screen, page = open_fluids(qtbot, place)
    opened = threading.Event()
    page.add()
    place.tasks.query(opened.wait, done=lambda _: None)
    page.add()
    until(lambda: page._forms.shown is page._form)
    type_(screen, "1")
    typed = page._form._stack.typed()
    opened.set()
    asked(place)
    assert page._form._stack.typed() == typed
