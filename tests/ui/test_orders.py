"""Ordering by keys: write, sign, change, hold, stop, sets, order again, acknowledge; drafts."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.kit.people import DOCTOR, NURSE
from tests.kit.typing import compose
from tests.kit.ward import advance, colleague, make_desk, patient_id
from tests.kit.workplace import asked, shown_words, until, workplace_at
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.ordering import OrderKind, Request
from workstation.kernel import words
from workstation.services import order_drafts, order_list, orders
from workstation.services.orders import Line
from workstation.ui.screens.chart.orders_page import OrdersPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.orders_to_acknowledge.screen import OrdersToAcknowledgeScreen

PATIENT = patient_id(1)
CTRL = Qt.KeyboardModifier.ControlModifier
DIET = Request(kind=OrderKind.DIET, words="Cháo")
DRUG = Prescription(
    drug="Furosemid 40 mg",
    amount=Amount(Decimal(40), "mg"),
    route="uống",
    timing=Timing(times_a_day=1),
)


@pytest.fixture
def nurse(tmp_path: Path):
    words.use("en")
    made = make_desk(tmp_path / "store")
    yield made
    made.store.close()
    words.use("vi")


@pytest.fixture
def doctor(nurse):
    return colleague(nurse, DOCTOR)


@pytest.fixture
def place(doctor, tmp_path: Path):
    with at(doctor, tmp_path) as found:
        yield found


@contextmanager
def at(desk, folder):
    """A workplace whose windows are closed before its threads end, as in the program."""
    with workplace_at(desk, folder) as found:
        yield found
        for window in QApplication.topLevelWidgets():
            window.hide()
        asked(found)


def open_orders(qtbot, place) -> OrdersPage:
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 700)
    screen.show()
    screen.arrive(patient=PATIENT, tab="orders")
    screen.activate()
    asked(place)
    page = screen._front()
    assert isinstance(page, OrdersPage)
    return page


def focus(page: QWidget) -> QWidget:
    found = page.window().focusWidget()
    assert found is not None
    return found


def press(page: QWidget, *keys: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focus(page), key, modifier)
        QApplication.processEvents()


def typed(page: QWidget, text: str) -> None:
    QTest.keyClicks(focus(page), text)
    QApplication.processEvents()


def book(desk):
    return order_list.book(desk, PATIENT)


def test_a_drug_is_found_written_and_signed_by_keys(qtbot, place, nurse) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    typed(page, "triax")
    press(page, Qt.Key.Key_Return)
    assert focus(page) is page._composer.writing.form.rows.lines["amount"]
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Return)
    page.perform("sign")
    asked(place)
    (line,) = book(nurse).lines
    assert line.order.item.drug == "Ceftriaxon 1 g"
    assert line.order.item.codes
    assert "Ceftriaxon 1\N{NO-BREAK SPACE}g · day 1" in shown_words(page)
    assert focus(page) is page._list.view
    QAbstractItemModelTester(page._list.model)


def test_every_enter_goes_one_field_on(qtbot, place) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    compose(focus(page), "ceftri")
    press(page, Qt.Key.Key_Return)
    names = [focus(page).accessibleName()]
    for _ in range(5):
        press(page, Qt.Key.Key_Return)
        names.append(focus(page).accessibleName())
    assert len(set(names)) == len(names), names


def test_what_is_not_in_the_list_is_typed_freely(qtbot, place, nurse) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    compose(focus(page), "Thuốc lạ 10 mg")
    press(page, Qt.Key.Key_Return)
    typed(page, "0,5")
    press(page, Qt.Key.Key_Return)
    typed(page, "mg")
    press(page, Qt.Key.Key_Return)
    compose(focus(page), "uống")
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Return)
    typed(page, "2")
    page.perform("sign")
    asked(place)
    (line,) = book(nurse).lines
    assert line.order.item == Prescription(
        drug="Thuốc lạ 10 mg",
        amount=Amount(Decimal("0.5"), "mg"),
        route="uống",
        timing=Timing(times_a_day=2),
    )


def test_a_weekly_drug_is_ordered_on_its_day_by_keys(qtbot, place, nurse) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    compose(focus(page), "Methotrexat 2,5 mg")
    press(page, Qt.Key.Key_Return)
    typed(page, "10")
    press(page, Qt.Key.Key_Return)
    typed(page, "mg")
    press(page, Qt.Key.Key_Return)
    compose(focus(page), "uống")
    press(page, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Return)
    page.perform("save")
    assert any("These are not days of the week" in each for each in shown_words(page))
    assert focus(page) is page._composer.writing.form.rows.lines["on_days"]
    typed(page, "Thu")
    page.perform("sign")
    asked(place)
    (line,) = book(nurse).lines
    assert line.order.item.timing == Timing(times_a_day=1, weekdays=frozenset({3}))
    assert any("on Thursday, every week" in each for each in shown_words(page))
    assert not any("once a day" in each for each in shown_words(page))


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("amount", "", "The dose is missing"),
        ("amount", "0", "A dose must be more than nothing"),
        ("amount", "1.234,5", "number"),
        ("count", "25", "This is not a frequency"),
        ("at", "25:00", "This is not a time of day"),
        ("at", "06:00, 14:00", "The times do not match"),
        ("starts_at", "yesterday", "dd/MM/yyyy"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(qtbot, place, nurse, field, text, said) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    form = page._composer.writing.form
    form.write_on(DRUG)
    form.rows.lines[field].setText(text)
    page.perform("save")
    assert focus(page) is form.rows.lines[field]
    assert form.rows.lines[field].property("state") == "invalid"
    assert said in form._note.text()
    assert page._composer.basket.lines == ()


def test_a_draft_survives_another_tab_a_lock_and_a_crash(qtbot, place, doctor) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DRUG)
    page.perform("save")
    typed(page, "para")
    page.hide()
    asked(place)
    kept = order_drafts.read(doctor, PATIENT)
    assert [line.item for line in kept.lines] == [DRUG]
    assert kept.form["words"] == "para"

    again = open_orders(qtbot, place)
    assert "Not signed yet: 2" in again._list.head.unsigned.text()
    again.perform("add_order")
    asked(place)
    assert [line.item for line in again._composer.basket.lines] == [DRUG]
    assert again._composer.writing.form.words.text() == "para"


def test_signed_twice_in_haste_is_ordered_once_and_leaves_no_draft(
    qtbot, place, doctor, nurse
) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DIET)
    page.perform("sign")
    page.perform("sign")
    page._composer._on_pause()  # as when half a second passes, or a lock comes, before the answer
    asked(place)
    assert [line.order.item for line in book(nurse).lines] == [DIET]
    assert not order_drafts.read(doctor, PATIENT)
    assert not page._composing()


def test_what_is_refused_at_signing_is_kept_and_written_on(qtbot, place, doctor, nurse) -> None:
    ordered(place, doctor, DRUG)
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DRUG)
    page.perform("sign")  # before the check has found that it is ordered already
    asked(place)
    assert len(book(nurse).lines) == 1
    assert page._composer.alerts.missing() is not None
    assert [line.item for line in order_drafts.read(doctor, PATIENT).lines] == [DRUG]
    page._composer.discard()
    asked(place)
    assert not order_drafts.read(doctor, PATIENT)


def test_a_reason_given_for_one_patient_answers_no_alert_of_the_next(
    qtbot, place, doctor, nurse
) -> None:
    other = patient_id(2)
    for patient in (PATIENT, other):
        orders.sign(doctor, patient, [Line(DRUG)])
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DRUG)
    page._composer._on_pause()
    asked(place)
    alerts = page._composer.alerts
    assert alerts.focus_missing()
    typed(page, "Da hoi truong khoa")
    assert alerts.missing() is None
    screen = page.window()
    screen.arrive(patient=other, tab="orders")
    screen.activate()
    asked(place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DRUG)
    page._composer._on_pause()
    asked(place)
    assert alerts.missing() is not None
    screen.arrive(patient=PATIENT, tab="orders")
    screen.activate()
    asked(place)
    page.perform("add_order")
    asked(place)
    assert alerts.missing() is not None, "it is said anew, as its patient is looked at anew"


def test_giving_up_has_a_way_back(qtbot, place, doctor) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page._composer.writing.form.write_on(DRUG)
    page.perform("save")
    page._composer.discard()
    asked(place)
    assert not order_drafts.read(doctor, PATIENT)
    place.navigator.undo()
    asked(place)
    assert [line.item for line in order_drafts.read(doctor, PATIENT).lines] == [DRUG]


def test_once_more_goes_to_the_order_sets_and_back(qtbot, place) -> None:
    page = open_orders(qtbot, place)
    page.perform("add_order")
    asked(place)
    page.perform("add_order")
    assert focus(page) is page._composer.sets
    page.perform("add_order")
    assert focus(page) is page._composer.writing.form.words


def test_an_order_set_is_ticked_and_signed_as_a_whole(qtbot, place, nurse) -> None:
    page = open_orders(qtbot, place)
    page.perform("order_set")
    asked(place)
    assert focus(page) is page._composer.sets
    press(page, Qt.Key.Key_Down, Qt.Key.Key_Return)
    basket = page._composer.basket
    assert focus(page) is basket
    count = sum(line.ticked for line in basket.lines)
    press(page, Qt.Key.Key_Space)
    assert sum(line.ticked for line in basket.lines) == count - 1
    press(page, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Delete)
    page._composer._on_pause()
    asked(place)
    while page._composer.alerts.missing() is not None:  # none of the sets may ask for much
        pytest.fail("an order set of a healthy adult raises an alert that interrupts")
    page.perform("sign")
    asked(place)
    found = book(nurse)
    assert len(found.lines) >= 8
    assert {line.order.kind for line in found.lines} >= {OrderKind.DRUG, OrderKind.LABORATORY}
    assert found.care_level is not None


def ordered(place, doctor, *items) -> None:
    orders.sign(doctor, PATIENT, [Line(item) for item in items])


def test_hold_go_on_stop_and_change_by_letters(qtbot, place, doctor, nurse) -> None:
    ordered(place, doctor, DRUG)
    page = open_orders(qtbot, place)
    typed(page, "h")
    press(page, Qt.Key.Key_Return)
    asked(place)
    assert "reason" in page._list.side._note.text().lower()
    typed(page, "HA thap")
    press(page, Qt.Key.Key_Return)
    asked(place)
    assert book(nurse).lines[0].order.status == "on-hold"
    advance(doctor, minutes=1)
    typed(page, "r")
    asked(place)
    assert book(nurse).lines[0].order.status == "active"

    advance(doctor, minutes=1)
    typed(page, "c")
    asked(place)
    typed(page, "20")
    page.perform("save")
    assert focus(page) is page._composer.writing.reason
    typed(page, "Na thap")
    press(page, Qt.Key.Key_Return)
    page.perform("sign")
    asked(place)
    new, old = book(nurse).lines
    assert new.order.item == replace(DRUG, amount=Amount(Decimal(20), "mg"))
    assert (new.order.version_of, old.order.status) == (old.order.reference, "stopped")

    advance(doctor, minutes=1)
    typed(page, "s")
    typed(page, "Ra vien")
    press(page, Qt.Key.Key_Return)
    asked(place)
    assert {line.order.status for line in book(nurse).lines} == {"stopped"}


@pytest.mark.parametrize("every", [True, False])
def test_a_change_begins_now_and_ends_when_the_order_was_to_end(
    qtbot, place, doctor, nurse, every
) -> None:
    start = doctor.now()
    ends = start + timedelta(days=5)
    timing = Timing(times_a_day=2, ends_at=ends)
    if every:
        timing = Timing(every_hours=Decimal(8), starts_at=start, ends_at=ends)
    ordered(place, doctor, replace(DRUG, timing=timing))
    advance(doctor, hours=60)
    page = open_orders(qtbot, place)
    typed(page, "c")
    asked(place)
    typed(page, "20")
    page.perform("save")
    typed(page, "Na thap")
    press(page, Qt.Key.Key_Return)
    page.perform("sign")
    asked(place)
    found = next(x.order.item.timing for x in book(nurse).lines if x.order.status == "active")
    assert found.starts_at == (start + timedelta(hours=64) if every else None)
    assert timedelta(0) <= ends - found.ends_at < timedelta(minutes=15)


def test_escape_gives_the_question_up(qtbot, place, doctor, nurse) -> None:
    ordered(place, doctor, DRUG)
    page = open_orders(qtbot, place)
    typed(page, "s")
    press(page, Qt.Key.Key_Escape)
    assert focus(page) is page._list.view
    assert book(nurse).lines[0].order.status == "active"


def test_the_days_orders_are_signed_as_a_whole(qtbot, place, doctor, nurse) -> None:
    ordered(place, doctor, DRUG, DIET)
    advance(doctor, days=1)
    page = open_orders(qtbot, place)
    typed(page, "g")
    asked(place)
    assert [line.again for line in page._composer.basket.lines] == [True, True]
    press(page, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert page._composer.signing._sign.text() == "Sign 1 · end 1"
    page.perform("sign")
    asked(place)
    found = {line.order.kind: line for line in book(nurse).lines}
    assert found[OrderKind.DRUG].again is not None
    assert found[OrderKind.DIET].order.status == "stopped"


def test_a_nurse_reads_and_acknowledges_but_orders_nothing(qtbot, nurse, doctor, tmp_path) -> None:
    ordered(None, doctor, DRUG, DIET)
    with at(nurse, tmp_path / "n") as place:
        page = open_orders(qtbot, place)
        assert page.offers() == {"history"}
        for letter in "hscg":
            typed(page, letter)
        asked(place)
        assert not page._composing()
        typed(page, "a")
        asked(place)
        typed(page, "a")
        asked(place)
        assert book(nurse).to_acknowledge == ()
        assert {line.acknowledged.by for line in book(nurse).lines} == {NURSE.name}
        place.navigator.undo()
        asked(place)
        assert len(book(nurse).to_acknowledge) == 1


class TestTheWholeWard:
    @pytest.fixture
    def screen(self, qtbot, nurse, doctor, tmp_path):
        orders.sign(doctor, patient_id(2), [Line(DIET)])
        advance(doctor, minutes=3)
        orders.sign(doctor, PATIENT, [Line(DRUG), Line(DIET)])
        with at(nurse, tmp_path / "n") as place:
            made = OrdersToAcknowledgeScreen(place)
            qtbot.addWidget(made)
            place.tasks.changed.connect(lambda changes, _who: made.on_changed(changes))
            made.show()
            made.activate()
            asked(place)
            yield made

    def test_who_waits_longest_stands_on_top(self, screen):
        assert [row.who.patient for row in screen.model.rows] == [patient_id(2), PATIENT, PATIENT]
        QAbstractItemModelTester(screen.model)

    def test_one_key_for_an_order_and_one_for_a_patient(self, screen, nurse):
        typed(screen, "a")
        asked(screen.workplace)
        assert len(screen.model.rows) == 2
        typed(screen, "p")
        asked(screen.workplace)
        assert order_list.ward_unacknowledged(nurse) == ()
        assert "Every order is acknowledged." in shown_words(screen)
        screen.workplace.navigator.undo()
        asked(screen.workplace)
        assert len(screen.model.rows) == 2

    def test_a_key_that_something_lies_on_acknowledges_one_order(self, screen, nurse):
        typed(screen, "a")
        asked(screen.workplace)
        for key in (Qt.Key.Key_A, Qt.Key.Key_P):
            held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
            QApplication.sendEvent(focus(screen), held)
            asked(screen.workplace)
        assert len(screen.model.rows) == 2

    def test_an_order_changed_meanwhile_is_not_acknowledged_unread(self, screen, nurse, doctor):
        reference = screen.model.rows[0].line.order.reference
        orders.stop(doctor, reference, reason="Nhầm người")
        typed(screen, "a")
        asked(screen.workplace)
        assert "Somebody changed this" in screen._note.text()
        row = next(r for r in screen.model.rows if r.line.order.reference == reference)
        assert row.line.order.status == "stopped"

    def test_an_order_of_another_day_says_so_and_whose_it_is(self, screen, nurse):
        advance(nurse, hours=24)
        since = screen.model.columns[-1].text(screen.model.rows[0])
        assert since.count("/") == 1, since
        assert "TRẦN Thị Bình" in screen._more.text()
        assert "26000002" in screen._more.text().replace(".", "")

    def test_a_new_reading_leaves_the_keys_where_they_are(self, qtbot, screen):
        elsewhere = QLineEdit(screen)
        elsewhere.show()
        elsewhere.setFocus()
        screen.perform("refresh")
        asked(screen.workplace)
        assert screen.focusWidget() is elsewhere

    def test_enter_opens_the_chart(self, screen):
        press(screen, Qt.Key.Key_Return)
        assert screen.workplace.navigator.charts == [(patient_id(2), "orders")]

    def test_a_doctor_only_reads(self, qtbot, screen, doctor, tmp_path):
        with at(doctor, tmp_path / "d") as place:
            made = OrdersToAcknowledgeScreen(place)
            qtbot.addWidget(made)
            made.show()
            made.activate()
            asked(place)
            typed(made, "a")
            asked(place)
            assert len(made.model.rows) == 3


def test_the_second_answer_to_a_key_pressed_twice_takes_nothing_that_is_typed(qtbot, place) -> None:
    page, opened = open_orders(qtbot, place), threading.Event()
    page.perform("add_order")
    place.tasks.query(opened.wait, done=lambda _: None)
    page.perform("add_order")
    until(page._composing)
    typed(page, "fur")
    opened.set()
    asked(place)
    assert page._composer.writing.form.words.text() == "fur"
