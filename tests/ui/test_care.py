"""The care tab by its keys."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from tests.kit.ward import patient_id
from tests.kit.workplace import shown_words, until
from workstation.clinical.body_site import SITES
from workstation.clinical.care_site import KINDS, Site
from workstation.kernel import words
from workstation.services import care_sites
from workstation.ui.screens.chart.care_body import figure
from workstation.ui.screens.chart.care_page import CarePage
from workstation.ui.screens.chart.screen import ChartScreen

PATIENT, OTHER = patient_id(1), patient_id(2)
ENTER = Qt.Key.Key_Return


@pytest.fixture
def screen(qtbot, place):
    made = ChartScreen(place)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.arrive(patient=PATIENT, tab="care")
    made.activate()
    until(lambda: page_of(made)._found is not None)
    yield made
    page_of(made).flush()


def page_of(screen) -> CarePage:
    return screen.findChild(CarePage)


def press(*keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(QApplication.focusWidget(), key)
        else:
            QTest.keyClick(QApplication.focusWidget(), key, modifier)


def put_in(desk, kind="peripheral-cannula", place="hand-right", hours=2):
    site = SITES[place]
    since = desk.now() - timedelta(hours=hours)
    (reference,) = care_sites.put_in(
        desk, PATIENT, Site(KINDS[kind], site, site.point, since)
    ).references
    return reference


def rows(desk):
    return care_sites.read(desk, PATIENT).rows


def shown(screen, desk, count):
    page_of(screen).refresh()
    until(lambda: len(page_of(screen)._lists.rows.rows) == count)
    page_of(screen).view.setFocus()


def test_no_key_reaches_a_line_of_the_patient_before(screen, desk):
    put_in(desk)
    shown(screen, desk, 1)
    screen.arrive(patient=OTHER, tab="care")
    page = page_of(screen)
    assert not page.chosen()
    for deed in (page._end, page._correct, page._strike):
        deed()
    assert page._form is None


def test_models_behave(screen):
    for model in (page_of(screen)._lists.rows, page_of(screen)._lists.looks):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_cannula_takes_number_enter_place_enter_enter_enter(screen, desk):
    assert "No line, drain, tube or wound is charted." in shown_words(screen)
    assert screen.perform("add_care")
    press("1", ENTER)
    assert page_of(screen)._form.fields.text("kind") == "Peripheral cannula"
    press("left fore", ENTER)
    assert page_of(screen)._body.pending == SITES["forearm-left"].point
    press(ENTER, ENTER)
    until(lambda: page_of(screen)._form is None)
    (row,) = rows(desk)
    assert (row.record.site.kind.id, row.record.site.place.id) == (
        "peripheral-cannula", "forearm-left",
    )  # fmt: skip
    until(page_of(screen).view.hasFocus)


def test_names_are_found_without_accents(screen, desk):
    words.use("vi")
    screen.perform("add_care")
    press("thong tieu", ENTER, "nieu dao", ENTER, "Foley 16", ENTER, ENTER)
    until(lambda: rows(desk))
    words.use("en")
    assert rows(desk)[0].record.site.kind.id == "urinary-catheter"
    assert rows(desk)[0].record.site.detail == "Foley 16"


def test_arrows_move_the_mark_and_space_turns_the_body(screen, desk):
    screen.perform("add_care")
    press("1", ENTER, "3", ENTER, ENTER)
    press(Qt.Key.Key_Tab)
    body = page_of(screen)._body
    assert body.hasFocus()
    press(Qt.Key.Key_Left, Qt.Key.Key_Down)
    press(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.ShiftModifier)
    middle = SITES["forearm-right"].point
    assert (body.pending.x, body.pending.y) == (
        middle.x - Decimal("0.01"), middle.y + Decimal("0.06"),
    )  # fmt: skip
    press(Qt.Key.Key_Space)
    assert body.pending.face == "back"
    screen.perform("save")
    until(lambda: rows(desk))
    assert rows(desk)[0].record.site.point.face == "back"


def test_the_mouse_sets_the_mark_where_it_clicks(screen):
    screen.perform("add_care")
    press("1", ENTER, "3", ENTER)
    body = page_of(screen)._body
    box = body._box("back")
    QTest.mouseClick(body, Qt.MouseButton.LeftButton, pos=QPoint(*map(int, box.center().toTuple())))
    assert body.pending.face == "back"
    assert abs(body.pending.x - Decimal("0.5")) < Decimal("0.02")


def test_a_look_is_enter_digit_and_enters(screen, desk):
    put_in(desk)
    shown(screen, desk, 1)
    press(ENTER)
    press("2")
    assert any("Early phlebitis: change the cannula" in each for each in shown_words(screen))
    press(ENTER, ENTER, ENTER)
    until(lambda: rows(desk)[0].looks)
    assert rows(desk)[0].last.record.look.site_grade == "2"
    until(lambda: page_of(screen)._lists.looks.rows)
    assert page_of(screen)._body._marks[0].grave


def test_a_wound_refuses_beside_the_field_and_asks_twice(screen, desk):
    put_in(desk, "pressure-ulcer", "sacrum")
    shown(screen, desk, 1)
    press(ENTER, "75")
    screen.perform("save")
    until(lambda: "Between 0 and 60 cm." in " ".join(shown_words(screen)))
    press("45")
    screen.perform("save")
    until(lambda: any("very rare" in each for each in shown_words(screen)))
    assert not rows(desk)[0].looks
    screen.perform("save")
    until(lambda: rows(desk)[0].looks)
    assert rows(desk)[0].last.record.look.length_cm == 45


def test_del_takes_out_with_a_reason(screen, desk):
    put_in(desk)
    shown(screen, desk, 1)
    press(Qt.Key.Key_Delete)
    press(ENTER, ENTER)
    until(lambda: bool(page_of(screen)._form.note.text()))
    assert rows(desk)[0].record.present
    press("Blocked", ENTER, ENTER)
    until(lambda: not rows(desk)[0].record.present)
    assert rows(desk)[0].record.end_reason == "Blocked"
    until(lambda: page_of(screen).workplace.navigator.undo is not None)
    page_of(screen).workplace.navigator.undo()
    until(lambda: rows(desk)[0].record.present)


def test_f2_corrects_with_a_reason(screen, desk):
    put_in(desk)
    shown(screen, desk, 1)
    press(Qt.Key.Key_F2)
    form = page_of(screen)._form
    assert form.fields.text("place") == "Back of the right hand"
    form.fields.put({"place": "hand-left", "reason": "Other hand"})
    screen.perform("save")
    until(lambda: rows(desk)[0].record.reason == "Other hand")
    assert rows(desk)[0].record.site.place.id == "hand-left"
    assert rows(desk)[0].record.site.point == SITES["hand-left"].point


def test_shift_del_strikes_out(screen, desk):
    put_in(desk)
    shown(screen, desk, 1)
    press(Qt.Key.Key_Delete, modifier=Qt.KeyboardModifier.ShiftModifier)
    press("Wrong patient", ENTER)
    until(lambda: not rows(desk)[0].record.valid)


def test_escape_keeps_what_is_typed_with_its_mark(screen, desk):
    screen.perform("add_care")
    press("1", ENTER, "3", ENTER, "18G")
    moved = page_of(screen)._body.pending.moved(3, 3)
    page_of(screen)._body._point(moved)
    press(Qt.Key.Key_Escape)
    until(lambda: care_sites.read(desk, PATIENT).drafts)
    until(lambda: page_of(screen)._found.drafts)
    screen.perform("add_care")
    form = page_of(screen)._form
    assert (form.fields.text("kind"), form.fields.text("detail")) == ("Peripheral cannula", "18G")
    assert page_of(screen)._body.pending == moved


def test_another_patient_takes_the_form_away_and_keeps_it(screen, desk):
    screen.perform("add_care")
    press("1", ENTER, "3", ENTER)
    screen.arrive(patient=OTHER, tab="care")
    screen.activate()
    assert page_of(screen)._form is None
    until(lambda: care_sites.read(desk, PATIENT).drafts)
    assert care_sites.read(desk, OTHER).drafts == {}


def test_every_place_lies_on_the_figure():
    outline = figure()
    outside = [
        site.id
        for site in SITES.values()
        if not outline.contains(QPointF(float(site.point.x) * 100, float(site.point.y) * 200))
    ]
    assert not outside
