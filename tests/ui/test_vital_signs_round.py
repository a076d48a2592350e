"""The round by its keys: every test types as a nurse does."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from tests.kit.ward import advance, discharge, make_desk, patient_id
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.fhir import vital_signs as mapping
from workstation.kernel import words
from workstation.kernel.errors import Damaged
from workstation.services import escalation, vital_signs, vital_signs_round
from workstation.ui.screens.vital_signs_round.entry import COLUMNS
from workstation.ui.screens.vital_signs_round.model import SCORE, STATE
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.toolkit.messages import explain

ENTER = Qt.Key.Key_Return
WELL = ("84", "368", "124/78", "18", "97", "0", "a", "2")


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=4, taken=3)
    yield made
    made.store.close()


@pytest.fixture
def screen(qtbot, workplace):
    return opened(qtbot, workplace)


def opened(qtbot, workplace):
    made = VitalSignsRoundScreen(workplace)
    qtbot.addWidget(made)
    made.show()
    made.activate()
    until(lambda: made.grid.currentIndex().isValid())
    return made


def enter(qtbot, screen, *cells):
    for cell in cells:
        qtbot.keyClicks(screen.grid, cell)
        qtbot.keyClick(screen.grid, ENTER)


def sets(desk, number):
    with desk.store.read() as view:
        found = view.find("Observation", patient=patient_id(number))
        return mapping.sets(stored.resource() for stored in found)


def saved(screen, number):
    until(lambda: screen.model.row(number).state == "saved")


def cell(screen, number, key):
    column = next(column for column in COLUMNS if column.key == key)
    return screen.model.row(number).cell(column)


def test_model_behaves(screen, qtmodeltester):
    qtmodeltester.check(screen.model)


def test_a_row_is_typed_with_enter_and_saved_when_it_is_left(qtbot, screen, desk, workplace):
    enter(qtbot, screen, *WELL)
    saved(screen, 0)
    (found,) = sets(desk, 1)
    assert dict(found.measured()) == {
        Sign.RESPIRATORY_RATE: 18,
        Sign.SPO2: 97,
        Sign.OXYGEN_FLOW: 0,
        Sign.SYSTOLIC: 124,
        Sign.DIASTOLIC: 78,
        Sign.HEART_RATE: 84,
        Sign.CONSCIOUSNESS: "A",
        Sign.TEMPERATURE: Decimal("36.8"),
        Sign.PAIN: 2,
    }
    assert screen.grid.currentIndex().row() == 1
    assert screen.grid.currentIndex().column() == 1
    assert workplace.navigator.toasts == ["Saved on this terminal: bed 01"]


def test_down_saves_too_and_a_row_may_be_incomplete(qtbot, screen, desk):
    enter(qtbot, screen, "84")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    assert sets(desk, 1)[0].heart_rate == 84
    assert screen.model.index(0, SCORE).data() == "0*"


def test_the_time_of_a_set_is_when_its_typing_began(qtbot, screen, desk):
    began = desk.clock.now()
    enter(qtbot, screen, "84")
    advance(desk, minutes=3)
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    assert sets(desk, 1)[0].at == began


def test_the_score_grows_as_values_are_typed(qtbot, screen):
    scores = []
    for typed in ("118", "391", "98/62", "26", "90", "4", "c"):
        enter(qtbot, screen, typed)
        scores.append(screen.model.index(0, SCORE).data())
    assert scores == ["2*", "4*", "6*", "9*", "12*", "14*", "17"]


def test_an_impossible_value_stays_marked_and_the_row_unsaved(qtbot, screen, desk):
    enter(qtbot, screen, "84", "63")
    assert cell(screen, 0, "temperature").error.code == "impossible-value"
    assert screen.grid.currentIndex().column() == 2
    assert screen.detail.words().startswith("Temperature: ")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    assert screen.model.index(0, STATE).data() == "Not saved: check"
    assert sets(desk, 1) == []

    qtbot.keyClick(screen.grid, Qt.Key.Key_Up)
    enter(qtbot, screen, "36,3")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    assert sets(desk, 1)[0].temperature == Decimal("36.3")


def test_an_implausible_value_is_asked_twice(qtbot, screen, desk):
    enter(qtbot, screen, "228")
    assert screen.grid.currentIndex().column() == 1
    assert screen.detail.words() == "Type Pulse once more to confirm 228. Esc to change it."
    enter(qtbot, screen, "228")
    assert cell(screen, 0, "heart_rate").state == "fine"
    assert screen.grid.currentIndex().column() == 2
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    assert sets(desk, 1)[0].heart_rate == 228


def test_another_value_the_second_time_replaces_the_doubtful_one(qtbot, screen):
    enter(qtbot, screen, "228", "82")
    assert screen.model.row(0).typed == {"heart_rate": "82"}
    assert screen.grid.currentIndex().column() == 2


def test_an_unconfirmed_value_keeps_the_row_unsaved(qtbot, screen, desk):
    qtbot.keyClicks(screen.grid, "228")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    assert screen.model.row(0).state == "typing"
    assert sets(desk, 1) == []


def test_typing_into_a_cell_again_replaces_it_and_backspace_mends_it(qtbot, screen):
    enter(qtbot, screen, "84")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Left)
    qtbot.keyClicks(screen.grid, "99")
    assert screen.model.row(0).typed == {"heart_rate": "99"}
    qtbot.keyClick(screen.grid, Qt.Key.Key_Backspace)
    qtbot.keyClicks(screen.grid, "2")
    assert screen.model.row(0).typed == {"heart_rate": "92"}
    qtbot.keyClick(screen.grid, Qt.Key.Key_Escape)
    assert screen.model.row(0).state == "idle"


def test_undo_takes_the_set_back_and_leaves_the_texts(qtbot, screen, desk, workplace):
    enter(qtbot, screen, *WELL)
    saved(screen, 0)
    workplace.navigator.undo()
    until(lambda: screen.model.row(0).state == "typing")
    assert sets(desk, 1) == []
    assert screen.model.row(0).typed["blood_pressure"] == "124/78"
    assert screen.grid.currentIndex().row() == 0


def test_typing_into_a_saved_row_corrects_its_set(qtbot, screen, desk):
    enter(qtbot, screen, *WELL)
    saved(screen, 0)
    qtbot.keyClick(screen.grid, Qt.Key.Key_Up)
    enter(qtbot, screen, "48")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    (found,) = sets(desk, 1)
    assert (found.heart_rate, found.spo2) == (48, 97)
    with desk.store.read() as view:
        states = [s.resource()["status"] for s in view.find("Observation", patient=patient_id(1))]
    assert sorted(states) == ["corrected"] + ["final"] * 7


def test_what_was_typed_survives_the_end_of_the_screen(qtbot, screen, workplace):
    enter(qtbot, screen, "84")
    qtbot.keyClicks(screen.grid, "17")
    screen.hide()
    again = opened(qtbot, workplace)
    row = again.model.row(0)
    assert row.typed == {"heart_rate": "84", "temperature": "17"}
    assert row.state == "typing"
    assert again.grid.currentIndex().row() == 0


def test_a_saved_row_leaves_no_draft(qtbot, screen, workplace):
    enter(qtbot, screen, *WELL)
    saved(screen, 0)
    screen.hide()
    again = opened(qtbot, workplace)
    assert again.model.row(0).state == "idle"
    assert again.model.row(0).patient.previous[Sign.HEART_RATE].value == 84


def test_a_correction_that_was_not_saved_survives_too(qtbot, screen, workplace, desk):
    enter(qtbot, screen, *WELL)
    saved(screen, 0)
    qtbot.keyClick(screen.grid, Qt.Key.Key_Up)
    qtbot.keyClicks(screen.grid, "48")
    screen.hide()
    again = opened(qtbot, workplace)
    qtbot.keyClick(again.grid, Qt.Key.Key_Down)
    saved(again, 0)
    assert [found.heart_rate for found in sets(desk, 1)] == [48]


def test_the_cursor_and_the_typed_text_stay_when_others_change_the_ward(qtbot, screen, desk):
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    qtbot.keyClicks(screen.grid, "7")
    changes = discharge(desk, 1)
    screen.on_changed(changes)
    until(lambda: screen.model.rowCount() == 2)
    assert screen.model.row(0).typed == {"heart_rate": "7"}
    assert screen.grid.currentIndex().row() == 0


def test_a_row_that_the_record_refuses_says_why(qtbot, screen, desk):
    enter(qtbot, screen, "84")
    discharge(desk, 1)
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    until(lambda: screen.model.row(0).problem is not None)
    assert screen.model.row(0).problem.code == "not-admitted"
    assert screen.model.row(0).typed == {"heart_rate": "84"}


def test_the_values_before_are_told(qtbot, workplace, desk):
    vital_signs.record(
        desk,
        patient_id(1),
        VitalSigns(at=desk.now() - timedelta(hours=4), heart_rate=Decimal(91)),
    )
    screen = opened(qtbot, workplace)
    assert screen.detail.words().startswith("Pulse before: 91 /min at 20/11/2026")


def test_an_empty_ward_says_so(qtbot, workplace, desk):
    for number in (1, 2, 3):
        discharge(desk, number)
    screen = VitalSignsRoundScreen(workplace)
    qtbot.addWidget(screen)
    screen.activate()
    until(lambda: "Nobody lies on this ward now." in shown_words(screen))


def test_a_record_that_cannot_be_read_is_told_on_the_page(qtbot, workplace, desk):
    broken = replace(workplace, desk=replace(desk, store=BrokenStore()))
    screen = VitalSignsRoundScreen(broken)
    qtbot.addWidget(screen)
    screen.activate()
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(screen))


def test_every_column_has_words_in_vietnamese():
    assert all(column.words in words.vietnamese() for column in COLUMNS)


def test_drafts_belong_to_who_typed(qtbot, screen, desk):
    enter(qtbot, screen, "84")
    screen.can_leave()
    until(lambda: vital_signs_round.read(desk).patients[0].draft)


def test_bed_and_name_stay_in_sight_when_the_values_scroll(qtbot, screen):
    screen.grid.setFixedWidth(850)
    qtbot.waitExposed(screen)
    grid = screen.grid
    grid.start()
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.horizontalScrollBar().value() > 0
    patients = grid.patients_rect()
    assert patients.width() == grid.columnWidth(0)
    assert patients.left() <= grid.frameWidth()
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.visualRect(grid.currentIndex()).left() >= patients.width()
    assert grid.hasFocus()
    screen.grid.setFixedWidth(1600)
    until(lambda: grid.patients_rect().isEmpty())


def test_the_panel_names_the_bed_first_and_counts_points(qtbot, screen):
    enter(qtbot, screen, "84")
    said = shown_words(screen.detail)
    who = screen.model.row(0).patient.who
    assert f"{who.bed_name} · {who.name.formal}" in said
    assert any("Pulse: 0 points" in line for line in said)


def test_an_impossible_temperature_is_told_in_the_unit_people_write(qtbot, screen):
    enter(qtbot, screen, "84", "999")
    assert "°C" in screen.detail.words()
    assert "Cel" not in screen.detail.words()


def test_fahrenheit_is_told_and_a_second_enter_takes_the_celsius(qtbot, screen, desk):
    enter(qtbot, screen, "84", "101.3")
    assert screen.grid.currentIndex().column() == 2
    assert cell(screen, 0, "temperature").state == "wrong"
    assert "38.5 °C" in screen.detail.words()
    qtbot.keyClick(screen.grid, ENTER)
    assert cell(screen, 0, "temperature").values == {Sign.TEMPERATURE: Decimal("38.5")}
    assert screen.grid.currentIndex().column() == 2
    qtbot.keyClick(screen.grid, ENTER)
    qtbot.keyClick(screen.grid, Qt.Key.Key_Down)
    saved(screen, 0)
    assert sets(desk, 1)[0].temperature == Decimal("38.5")


def test_a_child_is_scored_as_a_child(qtbot, screen, desk):
    with desk.store.write() as unit:
        seen = unit.get("Patient", patient_id(1))
        unit.update({**seen.resource(), "birthDate": "2020-05-01"}, seen=seen)
    screen.perform("refresh")
    until(lambda: screen.model.row(0).patient.who.age.years == 6)
    enter(qtbot, screen, "115", "368", "100/60", "24", "98", "0")
    score = screen.model.verdict(0).score
    assert (score.scale, score.total, score.complete) == ("PEWS", 1, False)
    assert "PEWS" in screen.detail._parts.text()
    assert screen.model.headerData(SCORE, Qt.Orientation.Horizontal) == "Score"


def test_thirty_patients_take_at_most_eight_keys_each_beyond_their_digits(qtbot, tmp_path):
    """Counted as a nurse presses them: Enter after each value, nothing to open, nothing to save."""
    desk = make_desk(tmp_path / "thirty", beds=30)
    pressed = 0
    with workplace_at(desk, tmp_path) as workplace:
        screen = opened(qtbot, workplace)
        for number in range(30):
            assert screen.grid.currentIndex().row() == number
            for text in WELL:
                qtbot.keyClicks(screen.grid, text)
                qtbot.keyClick(screen.grid, ENTER)
                pressed += 1
        saved(screen, 29)
        assert all(row.state == "saved" for row in screen.model.rows())
    assert pressed <= 30 * 8
    assert all(len(sets(desk, number)) == 1 for number in range(1, 31))
    desk.store.close()


SICK = ("135", "368", "95/60", "26", "97", "0", "a", "2")


def calls(desk, number):
    return escalation.situation(desk, patient_id(number)).calls


def test_a_high_score_asks_for_a_call_beside_the_row_and_typing_goes_on(qtbot, screen, desk):
    enter(qtbot, screen, *SICK)
    until(screen.prompt.isVisible)
    said = shown_words(screen.prompt)
    assert "NEWS2 8: call the doctor now" in said
    assert any("01 NGUYỄN Văn An" in words for words in said)
    assert screen.grid.hasFocus()
    enter(qtbot, screen, *WELL)
    saved(screen, 1)
    assert screen.prompt.isVisible()

    assert screen.perform("record_call")
    qtbot.keyClick(screen.prompt._text, ENTER)
    until(lambda: "Nobody is named yet." in screen.prompt._note.text())
    qtbot.keyClicks(screen.prompt._text, "BS Minh")
    qtbot.keyClick(screen.prompt._text, ENTER)
    until(lambda: not screen.prompt.isVisible())
    assert [(each.whom, each.total) for each in calls(desk, 1)] == [("BS Minh", 8)]
    assert screen.grid.hasFocus()


def test_two_who_need_a_call_are_asked_for_one_after_the_other(qtbot, screen, desk):
    enter(qtbot, screen, *SICK)
    saved(screen, 0)
    enter(qtbot, screen, *SICK)
    saved(screen, 1)
    for number in (1, 2):
        until(lambda n=number: any(f"0{n} " in w for w in shown_words(screen.prompt)))
        screen.perform("record_call")
        qtbot.keyClicks(screen.prompt._text, "BS on call")
        qtbot.keyClick(screen.prompt._text, ENTER)
        until(lambda n=number: calls(desk, n))
    until(lambda: not screen.prompt.isVisible())


def test_escape_gives_the_keyboard_back_and_the_prompt_stays(qtbot, screen, desk):
    enter(qtbot, screen, *SICK)
    until(screen.prompt.isVisible)
    screen.perform("record_call")
    qtbot.keyClicks(screen.prompt._text, "BS")
    qtbot.keyClick(screen.prompt._text, Qt.Key.Key_Escape)
    assert screen.grid.hasFocus()
    assert screen.prompt.isVisible()
    screen.perform("record_call")
    assert screen.prompt._text.text() == "BS"


def test_a_call_can_be_undone(qtbot, screen, desk, workplace):
    enter(qtbot, screen, *SICK)
    until(screen.prompt.isVisible)
    screen.perform("record_call")
    qtbot.keyClicks(screen.prompt._text, "BS")
    qtbot.keyClick(screen.prompt._text, ENTER)
    until(lambda: not screen.prompt.isVisible())
    workplace.navigator.undo()
    until(lambda: not calls(desk, 1))


def test_rows_are_shown_anew_only_when_they_say_something_else(screen, desk):
    shown = []
    screen.model.modelReset.connect(lambda: shown.append(desk.now()))

    def read_again(**later):
        before = screen.model.row(0).patient.now
        shown.clear()
        advance(desk, **later)
        screen.activate()
        until(lambda: screen.model.row(0).patient.now > before)
        return len(shown)

    vitals = VitalSigns(at=desk.now(), respiratory_rate=Decimal(14), spo2=Decimal(97))
    vital_signs.record(desk, patient_id(1), vitals)
    assert read_again(seconds=5) == 1
    assert read_again(seconds=5) == 0
    assert screen.model.verdict(0).vitals.at == screen.model.row(0).patient.now
    assert read_again(hours=30) == 1, "it says another day, and how late"
