"""Admissions and the moving of beds by their keys, on a real store."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from tests.kit.people import DOCTOR, NURSE
from tests.kit.store import START
from tests.kit.ward import colleague, discharge, make_desk, patient, patient_id, save
from tests.kit.workplace import BrokenStore, asked, shown_words, until, workplace_at
from workstation.fhir import encounter, systems
from workstation.fhir import stays as versions
from workstation.fhir.entry import Entry
from workstation.kernel import words
from workstation.kernel.ids import EncounterId, WardId
from workstation.services import registration, stay_drafts, stays, transfers
from workstation.services.stays import Admission
from workstation.store import numbers
from workstation.ui.screens.stays.alike import AlikePanel
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.ward_board.bed_map import MIME
from workstation.ui.screens.ward_board.screen import WardBoardScreen

ENTER, DOWN, ESC = Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Escape


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=6, taken=3, person=DOCTOR)
    kind = {"coding": [{"system": systems.PHYSICAL_TYPE, "code": "wa"}]}
    other = {
        "resourceType": "Location",
        "id": "ward-b",
        "status": "active",
        "name": "Khoa Tim mạch",
        "physicalType": kind,
    }
    at = made.now() + timedelta(hours=1)
    entry = Entry(own="planned", patient=patient_id(4), encounter=None, author={}, at=at)
    place = versions.place_entry(made.ward, "Khoa", "planned", at)
    reason = {"text": "Đau ngực"}
    expected = versions.new(entry, place, status="planned", reason=reason)
    save(made.store, other, patient(4), expected)
    yield made
    made.store.close()


OPENED = []


@pytest.fixture
def workplace(qtbot, desk, tmp_path):
    words.use("en")
    with workplace_at(desk, tmp_path) as made:
        yield made
        while OPENED:
            OPENED.pop().can_leave()


def open_screen(qtbot, workplace, *, waiting=True, **arguments):
    made = StaysScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    OPENED.append(made)
    made.arrive(**arguments)
    made.activate()
    if arguments.get("deed"):
        until(lambda: made.form is not None)
    elif waiting:
        until(made.list.model.rowCount)
    return made


def stay(desk, own):
    with desk.store.read() as view:
        return encounter.read(view.get("Encounter", own).resource())


def stays_of(desk, number):
    with desk.store.read() as view:
        return {each.id for each in view.find("Encounter", patient=patient_id(number))}


def field(screen, name):
    return screen.form.fields[name].input


def note(screen, name):
    return screen.form.fields[name].note.text()


def test_model_behaves(qtbot, workplace, qtmodeltester):
    qtmodeltester.check(open_screen(qtbot, workplace).list.model)


def test_enter_admits_who_is_expected_and_undo_takes_it_back(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace)
    assert [line.kind for line in screen.list.model.rows] == ["expected"]
    qtbot.keyClick(screen.list.view, ENTER)
    until(lambda: screen.form is not None)
    assert screen.banner.isVisible()
    assert screen.patient() == patient_id(4)
    assert field(screen, "diagnosis").text() == "Đau ngực"
    qtbot.keyClick(field(screen, "bed"), DOWN)
    qtbot.keyClick(field(screen, "level"), DOWN)
    assert screen.perform("save")
    until(lambda: screen.form is None)
    assert stay(desk, "planned").current_places == ("bed-4",)
    assert workplace.navigator.toasts == ["Admitted. Saved on this terminal."]
    workplace.navigator.undo()
    until(lambda: stay(desk, "planned").expected)


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_written(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace, deed="admit", patient=patient_id(4))
    screen.perform("save")
    assert "missing" in note(screen, "bed")
    assert "missing" in note(screen, "level")
    assert not note(screen, "diagnosis")
    assert field(screen, "bed").hasFocus()
    assert stay(desk, "planned").expected


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("01/11/2026 08:00", "before the admission"),
        ("01/12/2030 08:00", "not come yet"),
        ("31/02/2026", "not a date"),
    ],
)
def test_a_discharge_at_an_impossible_time_is_refused_beside_the_field(
    qtbot, workplace, desk, at, said
):
    screen = open_screen(qtbot, workplace, deed="discharge", patient=patient_id(1))
    screen.form.fill({"disposition": "discharged", "outcome": "1"})
    field(screen, "at").setText(at)
    screen.perform("save")
    until(lambda: note(screen, "at"))
    assert said in note(screen, "at")
    assert stay(desk, "stay-1").present


def test_a_time_of_the_day_before_is_asked_twice(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace, deed="discharge", patient=patient_id(1))
    screen.form.fill({"disposition": "asked-to-leave", "outcome": "3", "others": "I10 THA"})
    yesterday = (desk.now() - timedelta(hours=30)).strftime("%d/%m/%Y %H:%M")
    field(screen, "at").setText(yesterday)
    screen.perform("save")
    until(lambda: note(screen, "at"))
    assert "more than a day ago" in note(screen, "at")
    screen.perform("save")
    until(lambda: screen.form is None)
    assert stay(desk, "stay-1").status == "finished"


def test_what_cannot_be_done_is_said_before_anybody_fills_the_form(qtbot, workplace, desk):
    stays.leave(desk, EncounterId("stay-1"), until=desk.now() + timedelta(hours=4))
    screen = open_screen(qtbot, workplace, deed="move", patient=patient_id(1))
    until(lambda: any("on leave" in each for each in shown_words(screen)))
    assert not screen.form.button.isEnabled()


def test_a_typed_form_survives_escape_and_lock(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace, deed="discharge", patient=patient_id(1))
    qtbot.keyClicks(field(screen, "diagnosis"), " nang")
    screen.can_leave()
    until(lambda: stay_drafts.kept(desk, "discharge", patient_id(1)))
    qtbot.keyClick(field(screen, "diagnosis"), ESC)
    until(lambda: screen.form is None)
    screen.open_form("discharge", patient_id(1))
    until(lambda: screen.form is not None)
    assert field(screen, "diagnosis").text() == "Viêm phổi nang"
    screen.form.fill({"disposition": "discharged", "outcome": "1"})
    screen.perform("save")
    until(lambda: screen.form is None)
    assert not any(stay_drafts.kept(desk, "discharge", patient_id(1)).values())


def test_who_does_not_come_is_struck_from_the_list_with_the_reason(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace)
    qtbot.keyClick(screen.list.view, Qt.Key.Key_R)
    until(lambda: screen.form is not None)
    assert screen.form.deed_id == "cancel"
    field(screen, "reason").setText("Người nhà báo không đến")
    screen.perform("save")
    until(lambda: screen.form is None)
    assert stay(desk, "planned").status == "cancelled"


def test_a_discharge_on_the_list_is_taken_back_not_the_stay_begun_since(qtbot, workplace, desk):
    discharge(desk, 1)
    stays.admit(desk, patient_id(1), Admission("bed-5", "Sốt"))
    screen = open_screen(qtbot, workplace)
    qtbot.keyClick(screen.list.view, DOWN)
    qtbot.keyClick(screen.list.view, ENTER)
    until(lambda: screen.form is not None)
    assert any("the discharge" in each for each in shown_words(screen.form))


def test_undo_takes_back_the_admission_and_not_the_stay_before(qtbot, workplace, desk):
    discharge(desk, 1)
    screen = open_screen(qtbot, workplace, deed="admit", patient=patient_id(1))
    screen.form.fill({"bed": "bed-5", "level": "2", "diagnosis": "Sốt"})
    screen.perform("save")
    until(lambda: screen.form is None)
    (again,) = stays_of(desk, 1) - {"stay-1"}
    assert stay(desk, again).present
    workplace.navigator.undo()
    until(lambda: stay(desk, again).status == "entered-in-error")
    assert stay(desk, "stay-1").status == "finished"


def test_a_newcomer_who_is_known_is_shown_before_anything_is_saved(qtbot, workplace, desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", registration.RECORD, "26", 1, 9), START)
    screen = open_screen(qtbot, workplace)
    qtbot.keyClick(screen.list.view, Qt.Key.Key_N)
    until(lambda: screen.form is not None)
    assert not screen.banner.isVisible()
    screen.form.fill(
        {
            "sex": "female",
            "bed": "bed-5",
            "level": "2",
            "diagnosis": "Sốt",
            "name": "do thi anh tuyet",
        }
    )
    field(screen, "name").setText("Đỗ Thị Ánh Tuyết")
    field(screen, "birth_date").setText("14/02/1999")
    screen.form.keep()  # as it does by itself while somebody types
    screen.perform("save")
    until(lambda: screen.findChild(AlikePanel) is not None)
    take = screen.findChild(AlikePanel).findChildren(QPushButton)[0]
    until(lambda: "ĐỖ Thị Ánh Tuyết" in shown_words(screen))
    qtbot.keyClick(take, Qt.Key.Key_Space)
    until(lambda: screen.form is not None and screen.form.deed_id == "admit")
    assert field(screen, "bed").currentData() == "bed-5"
    screen.perform("save")
    until(lambda: screen.form is None)
    assert stay(desk, "planned").current_places == ("bed-5",)
    assert stay(desk, "planned").diagnosis == "Sốt"
    screen.open_form("admit_new", None)
    until(lambda: screen.form is not None)
    assert not any(screen.form.typed().values()), "the next newcomer is somebody else"


def test_a_draft_that_cannot_be_kept_is_said(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace, deed="discharge", patient=patient_id(1))
    screen.form.workplace = replace(workplace, desk=replace(desk, store=BrokenStore()))
    qtbot.keyClicks(field(screen, "diagnosis"), "x")
    screen.form.keep()
    until(lambda: any("cannot be read" in each for each in workplace.navigator.toasts))
    screen.form.workplace = workplace


def test_a_newcomer_who_is_nobody_of_them_is_registered(qtbot, workplace, desk):
    with desk.store.write() as unit:
        numbers.add(unit, numbers.Block("b1", registration.RECORD, "26", 1, 9), START)
    screen = open_screen(qtbot, workplace, deed="admit_new")
    screen.form.fill(
        {
            "name": "Đỗ Thị Ánh Tuyết",
            "sex": "female",
            "birth_date": "14/02/1999",
            "bed": "bed-5",
            "level": "2",
            "diagnosis": "Sốt",
        }
    )
    screen.perform("save")
    until(lambda: screen.findChild(AlikePanel) is not None)
    qtbot.keyClick(screen.findChild(AlikePanel).findChildren(QPushButton)[-1], Qt.Key.Key_Space)
    until(lambda: screen.form is None)
    with desk.store.read() as view:
        assert len(view.find("Patient")) == 5


def test_a_transfer_is_asked_for_and_withdrawn_by_keys(qtbot, workplace, desk):
    screen = open_screen(qtbot, workplace, deed="transfer", patient=patient_id(1))
    qtbot.keyClick(field(screen, "ward"), DOWN)
    qtbot.keyClick(field(screen, "ward"), ENTER)
    assert screen.form.button.hasFocus()
    qtbot.keyClick(screen.form.button, ENTER)
    until(lambda: screen.form is None)
    assert stay(desk, "stay-1").planned_places == ("ward-b",)
    until(lambda: [line.kind for line in screen.list.model.rows] == ["expected", "outgoing"])
    qtbot.keyClick(screen.list.view, DOWN)
    qtbot.keyClick(screen.list.view, ENTER)
    until(lambda: screen.form is not None)
    screen.perform("save")
    until(lambda: not stay(desk, "stay-1").planned_places)


def test_a_refused_transfer_shows_reason_and_name(qtbot, workplace, desk):
    transfers.request(desk, EncounterId("stay-1"), WardId("ward-b"))
    there = replace(desk, ward=WardId("ward-b"), person=NURSE)
    transfers.refuse(there, EncounterId("stay-1"), "Hết giường")
    screen = open_screen(qtbot, workplace)
    texts = [screen.list.model.index(1, column).data() for column in range(7)]
    assert texts[0] == "Transfer refused"
    assert texts[6] == f"Khoa Tim mạch: Hết giường ({NURSE.name})"
    qtbot.keyClick(screen.list.view, DOWN)
    assert texts[6] in shown_words(screen)


def test_a_discharge_is_taken_back_from_the_list_with_a_reason(qtbot, workplace, desk):
    discharge(desk, 1)
    screen = open_screen(qtbot, workplace)
    qtbot.keyClick(screen.list.view, DOWN)
    qtbot.keyClick(screen.list.view, ENTER)
    until(lambda: screen.form is not None)
    screen.perform("save")
    until(screen.form.fields["reason"].note.text)
    field(screen, "reason").setText("Nhầm người bệnh")
    screen.perform("save")
    until(lambda: stay(desk, "stay-1").present)


def test_a_nurse_is_offered_no_discharge_to_take_back(qtbot, desk, tmp_path):
    words.use("en")
    discharge(desk, 1)
    with workplace_at(colleague(desk, NURSE), tmp_path / "nurse") as place:
        screen = open_screen(qtbot, place)
        qtbot.keyClick(screen.list.view, DOWN)
        assert screen.list.deeds.first() == "chart"


def test_with_nobody_on_the_list_n_still_registers_somebody(qtbot, workplace, desk):
    transfers.cancel_expected(desk, EncounterId("planned"), "Không đến")
    screen = open_screen(qtbot, workplace, waiting=False)
    until(lambda: any("Nobody is expected" in each for each in shown_words(screen)))
    qtbot.keyClick(screen.window().focusWidget() or screen, Qt.Key.Key_N)
    until(lambda: screen.form is not None and screen.form.deed_id == "admit_new")


def test_a_broken_store_is_said(qtbot, workplace, desk):
    broken = replace(workplace, desk=replace(desk, store=BrokenStore()))
    screen = StaysScreen(broken)
    qtbot.addWidget(screen)
    screen.show()
    screen.activate()
    until(lambda: any("cannot be read" in each for each in shown_words(screen)))


@pytest.fixture
def board(qtbot, workplace):
    made = WardBoardScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    made.activate()
    until(made.model.rowCount)
    made.show_map(True)
    return made


def at(board, bed):
    row = next(n for n, each in enumerate(board.model.beds()) if each.name == bed)
    board.map.setCurrentIndex(board.model.index(row, 0))


def test_m_moves_somebody_to_an_empty_bed_and_undo_brings_them_back(qtbot, board, workplace, desk):
    at(board, "01")
    qtbot.keyClick(board.map, Qt.Key.Key_M)
    assert board.mover.isVisible()
    at(board, "05")
    qtbot.keyClick(board.map, ENTER)
    until(lambda: stay(desk, "stay-1").current_places == ("bed-5",))
    until(lambda: workplace.navigator.undo)
    assert not board.mover.isVisible()
    workplace.navigator.undo()
    until(lambda: stay(desk, "stay-1").current_places == ("bed-1",))


def test_escape_puts_nobody_anywhere_and_letters_do_not_search_meanwhile(qtbot, board, desk):
    at(board, "01")
    qtbot.keyClick(board.map, Qt.Key.Key_M)
    qtbot.keyClick(board.map, "x")
    assert not board.head.search.text()
    qtbot.keyClick(board.map, ESC)
    assert not board.mover.moving()
    qtbot.keyClick(board.map, "x")
    assert board.head.search.text() == "x"
    assert stay(desk, "stay-1").current_places == ("bed-1",)


def test_into_a_bed_that_is_taken_both_may_change_beds(qtbot, board, desk):
    at(board, "01")
    qtbot.keyClick(board.map, Qt.Key.Key_M)
    at(board, "02")
    qtbot.keyClick(board.map, ENTER)
    yes = board.mover.question.findChildren(QPushButton)[-1]
    assert yes.text() == "Change beds"
    qtbot.keyClick(yes, Qt.Key.Key_Space)
    until(lambda: stay(desk, "stay-1").current_places == ("bed-2",))
    assert stay(desk, "stay-2").current_places == ("bed-1",)


def test_who_is_on_leave_is_not_moved_and_the_reason_is_told(qtbot, board, workplace, desk):
    stays.leave(desk, EncounterId("stay-1"), until=desk.now() + timedelta(hours=3))
    at(board, "01")
    qtbot.keyClick(board.map, Qt.Key.Key_M)
    at(board, "05")
    qtbot.keyClick(board.map, ENTER)
    until(lambda: workplace.navigator.toasts)
    assert "on leave" in workplace.navigator.toasts[0]


def test_a_card_dropped_on_another_bed_moves_its_person(qtbot, board, desk):
    row = [each.name for each in board.model.beds()].index("06")
    below = board.map.visualRect(board.model.index(row, 0)).center()
    data = QMimeData()
    data.setData(MIME, b"bed-1")
    drop = QDropEvent(
        QPointF(QPoint(below)),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    board.map.dropEvent(drop)
    until(lambda: stay(desk, "stay-1").current_places == ("bed-6",))


def test_a_on_an_empty_bed_asks_who_comes(qtbot, board, workplace):
    at(board, "05")
    qtbot.keyClick(board.map, Qt.Key.Key_A)
    assert workplace.navigator.screens == [("stays", {"bed": "bed-5", "bed_name": "05"})]


def test_for_a_bed_one_chooses_who_comes_and_the_bed_is_filled_in(qtbot, workplace):
    screen = open_screen(qtbot, workplace, bed="bed-5", bed_name="05")
    assert any("05" in each for each in shown_words(screen))
    qtbot.keyClick(screen.list.view, ENTER)
    until(lambda: screen.form is not None)
    assert field(screen, "bed").currentData() == "bed-5"


class TestAPlannedAdmission:
    def number(self, desk):
        with desk.store.write() as unit:
            numbers.add(unit, numbers.Block("b1", registration.RECORD, "26", 1, 9), START)

    def rows(self, screen):
        return [
            (line.kind, line.name.formal, line.where, line.other) for line in screen.list.model.rows
        ]

    def test_p_registers_somebody_who_is_to_come_with_a_bed_that_is_taken(
        self, qtbot, workplace, desk
    ):
        self.number(desk)
        screen = open_screen(qtbot, workplace)
        qtbot.keyClick(screen.list.view, Qt.Key.Key_P)
        until(lambda: screen.form is not None and screen.form.deed_id == "expect_new")
        at = desk.now() + timedelta(hours=20)
        screen.form.fill(
            {
                "name": "Lương Thị Hoa",
                "sex": "female",
                "at": f"{at:%d/%m/%Y %H:%M}",
                "bed": "bed-1",
                "origin": "Phòng khám",
            }
        )
        screen.perform("save")
        until(lambda: note(screen, "diagnosis"))
        field(screen, "diagnosis").setText("Mổ phiên")
        screen.perform("save")
        until(lambda: screen.form is None)
        until(lambda: len(screen.list.model.rows) == 2)
        assert self.rows(screen)[1] == ("expected", "LƯƠNG Thị Hoa", "01", "Phòng khám")
        assert "Mổ phiên · from Phòng khám" in [
            screen.list.model.index(1, column).data() for column in range(7)
        ]

    def test_e_changes_the_line_and_begins_with_what_stands_there(self, qtbot, workplace, desk):
        screen = open_screen(qtbot, workplace)
        qtbot.keyClick(screen.list.view, Qt.Key.Key_E)
        until(lambda: screen.form is not None and screen.form.deed_id == "change_expected")
        assert field(screen, "diagnosis").text() == "Đau ngực"
        assert field(screen, "at").text() == f"{desk.now() + timedelta(hours=1):%d/%m/%Y %H:%M}"
        field(screen, "origin").setText("Khoa Cấp cứu")
        screen.perform("save")
        until(lambda: screen.form is None)
        until(lambda: self.rows(screen)[0][3] == "Khoa Cấp cứu")

    def test_a_newcomer_who_is_known_is_planned_as_that_person(self, qtbot, workplace, desk):
        self.number(desk)
        transfers.cancel_expected(desk, EncounterId("planned"), "Hoãn")
        screen = open_screen(qtbot, workplace, waiting=False, deed="expect_new")
        at = desk.now() + timedelta(hours=20)
        screen.form.fill(
            {
                "name": "Đỗ Thị Ánh Tuyết",
                "sex": "female",
                "birth_date": "14/02/1999",
                "at": f"{at:%d/%m/%Y %H:%M}",
                "diagnosis": "Sốt",
            }
        )
        screen.perform("save")
        until(lambda: screen.findChild(AlikePanel) is not None)
        qtbot.keyClick(screen.findChild(AlikePanel).findChildren(QPushButton)[0], Qt.Key.Key_Space)
        until(lambda: screen.form is not None and screen.form.deed_id == "expect")
        assert screen.patient() == patient_id(4)
        assert field(screen, "diagnosis").text() == "Sốt"
        screen.perform("save")
        until(lambda: screen.form is None)
        until(lambda: len(screen.list.model.rows) == 1)
        with desk.store.read() as view:
            assert len(view.find("Patient")) == 4


@pytest.mark.parametrize("following", ["expect_new", "admit_new"])
def test_what_is_typed_while_the_next_form_is_read_is_kept(qtbot, workplace, desk, following):
    screen, opened = open_screen(qtbot, workplace, deed="admit_new"), threading.Event()
    name, first = next(iter(screen.form.fields)), screen.form
    workplace.tasks.query(opened.wait, done=lambda _: None)
    screen.open_form(following, None)
    qtbot.keyClicks(field(screen, name), "Mai")
    opened.set()
    until(lambda: screen.form is not first)
    assert (field(screen, name).text() == "Mai") is (following == "admit_new")
    asked(workplace)
    assert "Mai" in stay_drafts.kept(desk, "admit_new", None).values()
