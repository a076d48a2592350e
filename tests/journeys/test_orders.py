"""A doctor orders through an outage, a nurse elsewhere acknowledges; change, hold, stop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    WardWindow,
    two_terminals,
    until,
)
from tests.kit.witness import judge
from workstation.clinical.ordering import OrderKind
from workstation.services import order_list
from workstation.ui.screens.chart.orders_page import OrdersPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.orders_to_acknowledge.screen import OrdersToAcknowledgeScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

ALT = Qt.KeyboardModifier.AltModifier
PATIENT = patient_id(1)


def open_orders(at: WardWindow) -> OrdersPage:
    """Open the orders of the first bed from the board."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(lambda: board.model.rowCount() == 4, "the beds")
    at.press(Qt.Key.Key_B, CTRL | ALT)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    chart = at.screen(ChartScreen)
    assert chart.patient() == PATIENT
    at.press(Qt.Key.Key_8, ALT)
    at.settle()
    page = chart._front()
    assert isinstance(page, OrdersPage)
    return page


def letter(at: WardWindow, typed: str) -> None:
    at.keys(typed)
    at.settle()


def go_to(at: WardWindow, page: OrdersPage, words: str) -> None:
    """Walk down the list to an order."""
    at.press(Qt.Key.Key_Home, CTRL)
    for _ in page._list.model.rows:
        line = page._list.current()
        if line is not None and words in line.order.words:
            return
        at.press(Qt.Key.Key_Down)
    raise AssertionError(f"no order says {words}")


def statuses(at: WardWindow) -> dict[str, str]:
    found = order_list.book(at.desk, PATIENT).lines
    return {line.order.words: line.order.status for line in found if line.order.drug}


def order_from_a_set(b: WardWindow) -> None:
    """A set with drugs, tests and a diet; one more drug; one test left out; signed as a whole."""
    page = open_orders(b)
    b.press(Qt.Key.Key_O, CTRL)
    b.keys("furosemid 40")
    b.press(Qt.Key.Key_Return)
    b.press(Qt.Key.Key_S, CTRL)
    composer = page._composer
    assert len(composer.basket.lines) == 1
    b.press(Qt.Key.Key_O, CTRL)
    assert b.focus() is composer.sets
    b.press(Qt.Key.Key_Down)
    b.press(Qt.Key.Key_Return)
    assert b.focus() is composer.basket
    while composer.basket.currentIndex().row() < len(composer.basket.lines) - 1:
        b.press(Qt.Key.Key_Down)
    b.press(Qt.Key.Key_Up)
    b.press(Qt.Key.Key_Return, CTRL)
    until(lambda: not page._composing(), "the signature")
    b.settle()


def acknowledge_all(a: WardWindow) -> int:
    """The nurse takes note of everything that waits on the ward; gives how much that was."""
    a.press(Qt.Key.Key_0, CTRL)
    screen = a.screen(OrdersToAcknowledgeScreen)
    a.settle()
    count = len(screen.model.rows)
    until(lambda: a.focus() is screen.view, "the list")
    while screen.model.rows:
        before = len(screen.model.rows)
        letter(a, "p")
        until(lambda: len(screen.model.rows) < before, "fewer orders")  # noqa: B023
    return count


def test_orders_go_through_an_outage_and_come_back_acknowledged(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        b.log_in(DOCTOR)
        a.online()
        b.online()

        hospital.kill()
        order_from_a_set(b)
        kinds = {line.order.kind for line in order_list.book(b.desk, PATIENT).lines}
        assert kinds >= {OrderKind.DRUG, OrderKind.LABORATORY, OrderKind.DIET}
        hospital.start()
        b.online()
        a.online()
        assert acknowledge_all(a) == len(order_list.book(b.desk, PATIENT).lines)
        a.online()
        b.online()
        assert order_list.book(b.desk, PATIENT).to_acknowledge == ()

        page = open_orders(b)
        assert "Lê Thị Mai" in page._list.side._noted.text()
        go_to(b, page, "40 mg, uống")
        letter(b, "c")
        b.keys("20")
        b.press(Qt.Key.Key_S, CTRL)
        b.compose("Hạ kali")
        b.press(Qt.Key.Key_Return)
        b.press(Qt.Key.Key_Return, CTRL)
        until(lambda: not page._composing(), "the change")
        b.settle()
        go_to(b, page, "10 đơn vị")
        letter(b, "h")
        b.compose("Ăn kém")
        b.press(Qt.Key.Key_Return)
        go_to(b, page, "6 đơn vị")
        letter(b, "s")
        b.compose("Đường huyết ổn")
        b.press(Qt.Key.Key_Return)
        b.settle()
        letter(b, "g")
        until(page._composing, "the day's orders")
        b.press(Qt.Key.Key_Return, CTRL)
        until(lambda: not page._composing(), "the day's signature")
        b.settle()
        assert order_list.book(b.desk, PATIENT).again is not None

        b.online()
        a.online()
        found = statuses(a)
        assert sorted(found.values()) == ["active", "active", "on-hold", "stopped", "stopped"]
        assert acknowledge_all(a) == 4
        a.online()
        b.online()
        proof = judge({"a": a.desk.store, "b": b.desk.store}, hospital.base)
        assert proof.holds, proof
