"""The handover by its keys, on a real store."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from tests.kit.people import DOCTOR, NURSE, PIN
from tests.kit.ward import advance, colleague, make_desk, patient_id
from tests.kit.workplace import BrokenStore, asked, shown_words, until, workplace_at
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.kernel.errors import Damaged
from workstation.services import assignment, handover, vital_signs
from workstation.services.assignment import Nurse
from workstation.ui.screens.handover.screen import HandoverScreen
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.printing import a4_printer

ENTER, ESC, SPACE, TAB = (
    Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Tab,
)  # fmt: skip
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=4, taken=3)
    for number in (1, 2):
        values = VitalSigns(at=made.now(), respiratory_rate=Decimal(18 + number))
        vital_signs.record(made, patient_id(number), values)
    yield made
    made.store.close()


def shift(desk):
    return assignment.shifts_to_assign(desk.now(), 12, "07:00")[0]


def open_screen(qtbot, workplace):
    made = HandoverScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    made.activate()
    until(lambda: made.model.rows and text(made))
    return made


@pytest.fixture
def screen(qtbot, workplace):
    made = open_screen(qtbot, workplace)
    yield made
    made.can_leave()  # what is typed is kept while somebody can keep it
    asked(workplace)


def text(screen, section="situation"):
    return screen.side.sheet.texts[section].toPlainText()


def states(screen):
    return [row.state for row in screen.model.rows]


def test_model_behaves(screen, qtmodeltester):
    qtmodeltester.check(screen.model)


def test_arrows_walk_the_patients_and_the_banner_says_whose_text_it_is(qtbot, screen):
    assert "Nguyễn Văn An" in text(screen)
    qtbot.keyClick(screen.view, Qt.Key.Key_Down)
    until(lambda: "Trần Thị Bình" in text(screen))
    until(lambda: "TRẦN Thị Bình" in shown_words(screen.side))
    assert screen.patient() == patient_id(2)


def test_only_what_is_changed_is_kept_and_it_survives(qtbot, screen, desk):
    qtbot.keyClick(screen.view, ENTER)
    for _ in range(3):
        qtbot.keyClick(screen.focusWidget(), TAB)
    field = screen.side.sheet.texts["recommendation"]
    assert screen.focusWidget() is field
    field.setPlainText("")
    qtbot.keyClicks(field, "Call the family")
    qtbot.keyClick(field, Qt.Key.Key_PageDown, CTRL)
    until(lambda: "Trần Thị Bình" in text(screen))
    until(lambda: states(screen)[0] == "draft")
    kept = handover.sheet(desk, patient_id(1), shift(desk), "en")
    assert kept.edited == {"recommendation"}
    assert kept.texts["recommendation"] == "Call the family"
    qtbot.keyClick(screen.side.sheet.texts["situation"], Qt.Key.Key_PageUp, CTRL)
    until(lambda: text(screen, "recommendation") == "Call the family")
    qtbot.keyClick(field, ESC)
    assert screen.focusWidget() is screen.view


def test_what_is_typed_stays_when_the_chart_changes_under_it(qtbot, screen, desk):
    field = screen.side.sheet.texts["background"]
    field.setPlainText("")
    qtbot.keyClicks(field, "Lives alone")
    values = VitalSigns(at=desk.now(), heart_rate=Decimal(131))
    screen.on_changed(vital_signs.record(desk, patient_id(1), values))
    until(lambda: "Pulse 131" in text(screen, "assessment"))
    assert text(screen, "background") == "Lives alone"


def test_a_text_goes_back_to_the_chart_with_a_way_back(qtbot, screen, workplace):
    field = screen.side.sheet.texts["background"]
    before = field.toPlainText()
    field.setPlainText("Mine")
    screen.side.sheet._restore("background")
    assert field.toPlainText() == before
    workplace.navigator.undo()
    assert field.toPlainText() == "Mine"


def test_a_text_taken_back_never_goes_into_another_patients_field(qtbot, screen, workplace):
    field = screen.side.sheet.texts["background"]
    field.setPlainText("Mine")
    screen.side.sheet._restore("background")
    qtbot.keyClick(screen.view, Qt.Key.Key_Down)
    until(lambda: "Trần Thị Bình" in text(screen))
    before = field.toPlainText()
    workplace.navigator.undo()
    assert field.toPlainText() == before
    assert workplace.navigator.toasts[-1] == "It cannot be taken back here any more."


def hand_over(qtbot, screen, pin=PIN, person=DOCTOR):
    screen.perform("sign")
    panel = screen.deeds.take_over
    until(panel.isVisible)
    if person is not None:
        panel.person.setCurrentText(person.name)
    qtbot.keyClicks(panel.pin, pin)
    qtbot.keyClick(panel.pin, ENTER)
    return panel


def test_all_are_handed_over_with_the_pin_of_who_takes_over(qtbot, screen, workplace):
    panel = hand_over(qtbot, screen)
    until(lambda: workplace.navigator.toasts)
    assert workplace.navigator.toasts == [f"{DOCTOR.name} has taken over: 3."]
    until(lambda: states(screen) == ["accepted"] * 3)
    assert not panel.isVisible()
    assert panel.pin.text() == ""
    assert screen.side.sheet.texts["situation"].isReadOnly()
    assert any(DOCTOR.name in said for said in shown_words(screen.side))


def test_a_wrong_pin_hands_nobody_over_and_is_forgotten(qtbot, screen):
    panel = hand_over(qtbot, screen, pin="111222")
    until(panel.note.text)
    assert panel.pin.text() == ""
    assert states(screen) == ["open"] * 3


def test_one_cannot_choose_oneself(screen):
    screen.perform("sign")
    panel = screen.deeds.take_over
    until(panel.isVisible)
    names = [panel.person.itemText(n) for n in range(panel.person.count())]
    assert NURSE.name not in names
    assert DOCTOR.name in names


def test_escape_closes_the_pin_from_any_button_of_the_foot(qtbot, screen):
    screen.perform("sign")
    panel = screen.deeds.take_over
    until(panel.isVisible)
    qtbot.keyClicks(panel.pin, "12")
    screen.deeds.go.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(screen.deeds.go, ESC)
    assert (panel.isVisible(), panel.pin.text()) == (False, "")
    assert screen.focusWidget() is screen.view


def test_ticked_patients_alone_are_handed_over(qtbot, screen, workplace):
    screen.view.selectRow(1)
    qtbot.keyClick(screen.view, SPACE)
    assert screen.deeds.go.text() == "Hand over 1…"
    hand_over(qtbot, screen)
    until(lambda: states(screen) == ["open", "accepted", "open"])


def test_the_pin_answers_for_whom_the_panel_names_and_nobody_else(qtbot, screen, workplace):
    screen.view.selectRow(1)
    qtbot.keyClick(screen.view, SPACE)
    screen.perform("sign")
    panel = screen.deeds.take_over
    until(panel.isVisible)
    assert panel.title.text().endswith("02")
    qtbot.keyClick(screen.view, SPACE)  # another is ticked while the panel waits
    panel.person.setCurrentText(DOCTOR.name)
    qtbot.keyClicks(panel.pin, PIN)
    qtbot.keyClick(panel.pin, ENTER)
    until(lambda: workplace.navigator.toasts)
    until(lambda: states(screen) == ["open", "accepted", "open"])


def test_what_waits_is_taken_over_by_ones_own_pin(qtbot, tmp_path, desk):
    words.use("en")
    handover.give(colleague(desk, DOCTOR), [patient_id(1), patient_id(2)], shift(desk), "en")
    with workplace_at(desk, tmp_path / "other") as place:
        screen = open_screen(qtbot, place)
        assert states(screen) == ["given", "given", "open"]
        assert screen.deeds.go.text() == "Take over 2…"
        assert screen.model.index(0, 3).data() == "◆ For you"
        panel = hand_over(qtbot, screen, person=None)
        until(lambda: place.navigator.toasts)
        assert not panel.isVisible()
        assert place.navigator.toasts == [f"{NURSE.name} has taken over: 2."]
        until(lambda: screen.side.sheet.texts["situation"].isReadOnly() is False)
        assert states(screen) == ["open"] * 3


def test_a_question_goes_back_to_who_gave_it(qtbot, tmp_path, desk):
    words.use("en")
    handover.give(colleague(desk, DOCTOR), [patient_id(1)], shift(desk), "en")
    advance(desk, minutes=1)
    with workplace_at(desk, tmp_path / "other") as place:
        screen = open_screen(qtbot, place)
        screen.deeds.open_question()
        asking = screen.deeds.asking
        screen.view.selectRow(1)  # a question stays with the one it was begun for
        qtbot.keyClick(asking.question, ENTER)
        until(asking.note.text)
        qtbot.keyClicks(asking.question, "Potassium?")
        qtbot.keyClick(asking.question, ENTER)
        until(lambda: states(screen)[0] == "asked")
        screen.view.selectRow(0)
        until(lambda: any("asks: Potassium?" in said for said in shown_words(screen.side)))


def test_ones_own_patients_come_first_and_the_ward_is_one_key_away(qtbot, tmp_path, desk):
    words.use("en")
    assignment.assign(desk, {"stay-2": [Nurse(NURSE.id, NURSE.name)]}, shift(desk))
    with workplace_at(desk, tmp_path / "other") as place:
        screen = open_screen(qtbot, place)
        assert [row.who.bed_name for row in screen.model.rows] == ["02"]
        screen.perform("my_patients")
        assert len(screen.model.rows) == 3


def test_nobody_and_an_error_are_told_on_the_page(qtbot, workplace, desk):
    for place, expected in (
        (replace(desk, ward="nowhere"), "There is nobody to hand over."),
        (replace(desk, store=BrokenStore()), explain(Damaged("damaged-page")).title),
    ):
        made = HandoverScreen(replace(workplace, desk=place))
        qtbot.addWidget(made)
        made.activate()
        until(lambda: expected in shown_words(made))  # noqa: B023


def test_the_list_goes_onto_paper_or_into_a_file_and_into_the_audit(
    screen, workplace, desk, tmp_path
):
    made = []
    people = [row.who.patient for row in screen.model.rows]
    screen.paper.make(people, shift(desk), made.append)
    until(lambda: made)
    (paper,) = made
    code = paper.file_name.removeprefix("handover-").removesuffix(".pdf")
    screen.paper.output.save(tmp_path / "list.pdf", paper)
    until(lambda: outputs(desk) == [f"save-handover-{code}"])
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
    printer = a4_printer()
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    screen.paper.output.print_on(printer, paper)
    until(lambda: outputs(desk) == [f"save-handover-{code}", f"print-handover-{code}"])
    screen.paper.output.save(tmp_path, paper)
    expected = explain(Damaged("file-not-written")).line
    until(lambda: workplace.navigator.toasts[-1] == expected)


def outputs(desk):
    with desk.store.read() as view:
        rows = view.connection.exec_driver_sql("SELECT action FROM audit ORDER BY seq").all()
    return [row[0] for row in rows if "-handover-" in row[0]]
