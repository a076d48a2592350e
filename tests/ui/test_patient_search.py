"""Finding a patient by keys, on a real store."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.kit.ward import make_desk, patient_id
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from workstation.kernel import words
from workstation.kernel.errors import Damaged
from workstation.ui.screens.patient_search.screen import PatientSearchScreen
from workstation.ui.toolkit.messages import explain


@pytest.fixture
def workplace(qtbot, tmp_path):
    words.use("en")
    desk = make_desk(tmp_path / "store", beds=16, taken=15)
    with workplace_at(desk, tmp_path) as made:
        yield made
    desk.store.close()


@pytest.fixture
def screen(qtbot, workplace):
    made = PatientSearchScreen(workplace)
    qtbot.addWidget(made)
    made.show()
    made.activate()
    return made


def found(screen):
    return [hit.patient for hit in screen.model.rows]


def look(qtbot, screen, text):
    screen.search.clear()
    if text.isascii():
        qtbot.keyClicks(screen.search, text)
    else:  # as an input method does
        screen.search.insert(text)


def test_model_behaves(qtbot, screen, qtmodeltester):
    look(qtbot, screen, "nguyen")
    until(lambda: screen.model.rows)
    qtmodeltester.check(screen.model)


@pytest.mark.parametrize("typed", ["tuyet do", "DO thi anh", "26.000004", "đỗ ánh 1999"])
def test_any_part_in_any_order_finds(qtbot, screen, typed):
    look(qtbot, screen, typed)
    until(lambda: found(screen) == [patient_id(4)])


def test_enter_opens_the_first_and_arrows_choose_another(qtbot, screen, workplace):
    look(qtbot, screen, "phuoc")
    until(lambda: len(found(screen)) == 2)
    qtbot.keyClick(screen.search, Qt.Key.Key_Down)
    chosen = screen.patient()
    qtbot.keyClick(screen.search, Qt.Key.Key_Return)
    assert workplace.navigator.charts == [(chosen, "summary")]
    assert chosen == found(screen)[1]


def test_people_of_one_name_are_marked(qtbot, screen):
    look(qtbot, screen, "le huu phuoc")
    until(lambda: len(found(screen)) == 2)
    assert all(screen.model.index(row, 0).data().startswith("⚠ LÊ") for row in (0, 1))
    places = {screen.model.index(row, 6).data() for row in (0, 1)}
    assert places == {"Khoa Nội tổng hợp · 03", "Khoa Nội tổng hợp · 15"}


def test_nobody_found_says_what_to_try(qtbot, screen):
    look(qtbot, screen, "zzz")
    until(lambda: "Nobody on this terminal fits “zzz”." in shown_words(screen))
    qtbot.keyClick(screen.search, Qt.Key.Key_Escape)
    assert screen.search.text() == ""
    until(lambda: any("diacritics do not matter" in said for said in shown_words(screen)))
    assert screen.patient() is None


def test_a_record_that_cannot_be_read_is_told_on_the_page(qtbot, workplace):
    broken = replace(workplace, desk=replace(workplace.desk, store=BrokenStore()))
    made = PatientSearchScreen(broken)
    qtbot.addWidget(made)
    made.search.setText("an")
    made.activate()
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))
