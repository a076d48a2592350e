"""Drugs, orders and results of a shift: given, withheld, by two; ordered, acknowledged."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from tests.kit.shift_hands import ALT, DOWN, ENTER, TAB, Hands
from tests.kit.shift_ward import DRUG_CODE, SCANNED, WALKED, WITHHELD, WITNESSED
from tests.kit.shift_ward_steps import board_of, chart_of
from tests.kit.ward import patient_id
from tests.kit.ward_window import CTRL, SHIFT, until
from workstation.clinical.medication_record import State
from workstation.clinical.ordering import OrderKind
from workstation.services import order_list
from workstation.ui.screens.chart.medication_page import MedicationPage
from workstation.ui.screens.chart.orders_page import OrdersPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.medication_round.screen import MedicationRoundScreen
from workstation.ui.screens.orders_to_acknowledge.screen import OrdersToAcknowledgeScreen
from workstation.ui.screens.results_inbox.screen import ResultsInboxScreen

ORDERED: Final = (
    (OrderKind.DRUG, "furosemid 40"),
    (OrderKind.LABORATORY, "creatinin"),
    (OrderKind.DIET, "chao"),
)


def give_by_scanner(h: Hands) -> None:
    """From the board: the round, the wristband, the drug, Enter."""
    board_of(h)
    with h.step("drug, scanner"):
        screen = h.go(Qt.Key.Key_4, MedicationRoundScreen)
        until(lambda: len(screen.model.rows) == 4 and screen.scan.hasFocus(), "the round")
        h.scan(f"26{SCANNED:06d}")
        h.scan(DRUG_CODE)
        until(lambda: not screen.scan.burst.isActive(), "the scanner's end")
        h.press(ENTER)
    until(lambda: len(screen.model.rows) == 3, "one drug less")


def give_without_scanner(h: Hands) -> None:
    """From the board: to the bed, its drugs, Enter."""
    board_of(h)
    with h.step("drug, no scanner"):
        for _ in range(WALKED - 1):
            h.press(DOWN)
        h.press(ENTER)
        h.at.screen(ChartScreen)
        h.press(Qt.Key.Key_7, modifier=ALT)
        page = _record(h)
        h.press(ENTER)
    _becomes(page, State.GIVEN)


def withhold(h: Hands) -> None:
    """Not given, with a usual reason by its number."""
    chart_of(h, WITHHELD, Qt.Key.Key_7)
    page = _record(h)
    with h.step("drug withheld"):
        h.letter("w")
        h.letter("2")
        h.press(ENTER)
    _becomes(page, State.WITHHELD)


def give_by_two(h: Hands, witness: str) -> None:
    """A high-risk drug, which somebody else checks and proves by her PIN."""
    chart_of(h, WITNESSED, Qt.Key.Key_7)
    page = _record(h)
    with h.step("drug, two people"):
        h.press(ENTER)
        until(lambda: isinstance(h.at.focus(), QComboBox), "who checks with her")
        who = h.at.focus()
        assert isinstance(who, QComboBox)
        h.walk(DOWN, lambda: who.currentText() == witness, witness, most=4)
        h.press(ENTER)
        h.prove()
    _becomes(page, State.GIVEN)


def order(h: Hands, number: int) -> None:
    """A drug, a test and a diet, signed as a whole."""
    chart = chart_of(h, number, Qt.Key.Key_8)
    page = chart._front()
    assert isinstance(page, OrdersPage)
    with h.step("three orders"):
        h.press(Qt.Key.Key_O, modifier=CTRL)
        until(page._composing, "the form")
        h.at.settle()
        for count, (kind, words) in enumerate(ORDERED, start=1):
            _write(h, page, kind, words)
            assert len(page._composer.basket.lines) == count
        h.press(ENTER, modifier=CTRL)
        until(lambda: not page._composing(), "the signature")
    h.at.settle()
    found = {line.order.kind for line in order_list.book(h.at.desk, patient_id(number)).lines}
    assert {kind for kind, _ in ORDERED} <= found


def acknowledge_orders(h: Hands, words: str) -> int:
    """Take note of everything that waits on the ward; gives how much that was."""
    with h.step("orders acknowledged"):
        screen = h.go(Qt.Key.Key_0, OrdersToAcknowledgeScreen)
        h.at.settle()
        until(lambda: screen.model.rows and h.at.focus() is screen.view, "the orders")
        assert words in h.at.words()
        count = len(screen.model.rows)
        while screen.model.rows:
            before = len(screen.model.rows)
            h.letter("p")
            until(lambda: len(screen.model.rows) < before, "fewer orders")  # noqa: B023
    return count


def acknowledge_result(h: Hands, words: str) -> None:
    """See the critical result on the board; say what was done about it."""
    board_of(h)
    until(lambda: words in h.at.words(), words)
    with h.step("critical result acknowledged"):
        screen = h.go(Qt.Key.Key_8, ResultsInboxScreen)
        until(lambda: h.at.focus() is screen.list and screen.current(), "the list with the keys")
        assert screen.current().kind == "critical"
        h.letter("a")
        h.press(DOWN, ENTER)
        until(lambda: screen.current().kind == "acknowledged", "the note")


def _record(h: Hands) -> MedicationPage:
    page = h.at.screen(ChartScreen)._stack.front()
    assert isinstance(page, MedicationPage)
    until(lambda: page._model.lines and page._grid.hasFocus(), "the record")
    return page


def _becomes(page: MedicationPage, state: State) -> None:
    def states() -> list[State]:
        return [cell.place.state for line in page._model.lines for cell in line.cells]

    until(lambda: state in states(), f"the dose {state}")


def _write(h: Hands, page: OrdersPage, kind: OrderKind, words: str) -> None:
    """One order into the list to be signed; its kind is one field back."""
    form = page._composer.writing.form
    until(lambda: h.at.focus() is form.words, "the search")
    if form.kind_chosen() is not kind:
        h.press(TAB, modifier=SHIFT)
        assert h.at.focus() is form.kind
        h.walk(DOWN, lambda: form.kind_chosen() is kind, kind)
        h.press(TAB)
    h.type(words)
    h.press(ENTER)
    h.press(Qt.Key.Key_S, modifier=CTRL)
