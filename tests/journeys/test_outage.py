"""The main job: a ward charts through an outage at two terminals and reconciles, by keys alone."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    WardWindow,
    two_terminals,
    until,
)  # fmt: skip
from tests.kit.witness import judge, saves, shown
from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.fhir import encounter
from workstation.fhir.json import Resource
from workstation.kernel.ids import EncounterId
from workstation.services import contact_details, medication, orders, stays
from workstation.services.collisions import Standing
from workstation.services.conflicts import Waiting
from workstation.sync.status import SyncStatus
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.collisions.screen import CollisionsScreen
from workstation.ui.screens.conflict.screen import ConflictScreen
from workstation.ui.screens.sync_centre.screen import SyncCentreScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.shell.connection_strip import ConnectionStrip

pytestmark = pytest.mark.journey

SIGNS = ("88", "378", "12575", "18", "97", "0", "A", "2")
WORSE = ("112", "391", "9560", "24", "92", "2", "A", "5")
NURSE_NOTE = "Người bệnh tỉnh, da niêm mạc hồng, ăn hết suất cháo."
DOCTOR_NOTE = "Phổi phải còn ran ẩm, sốt 39,1 °C, huyết áp hạ."
REASON = "Đã khám lại người bệnh tại giường"
DONE = "Đã báo bác sĩ trực, sửa lại hồ sơ"
PARACETAMOL = Prescription(
    drug="Paracetamol 500 mg",
    amount=Amount(Decimal(1), "viên"),
    route="uống",
    timing=Timing(times_a_day=4),
)


def chart_signs(at: WardWindow, row: int, values: tuple[str, ...]) -> None:
    """Chart a set in the round, by keys, until its row says that it is saved."""
    at.press(Qt.Key.Key_2, CTRL)
    screen = at.screen(VitalSignsRoundScreen)
    until(lambda: screen.model.rowCount() > row and at.focus() is screen.grid, "the round")
    at.press(Qt.Key.Key_Home)
    while screen.grid.currentIndex().row() != row:
        down = screen.grid.currentIndex().row() < row
        at.press(Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    for value in values:
        at.keys(value)
        at.press(Qt.Key.Key_Return)
    until(lambda: screen.model.row(row).state == "saved", "the saved row")


def sign_note(at: WardWindow, text: str) -> None:
    """Open the first bed's chart from the board and sign a note, by keys."""
    at.press(Qt.Key.Key_1, CTRL)
    board = at.screen(WardBoardScreen)
    until(lambda: board.model.rowCount() == 4, "the beds")
    at.press(Qt.Key.Key_B, CTRL | Qt.KeyboardModifier.AltModifier)
    at.press(Qt.Key.Key_Home, CTRL)
    at.press(Qt.Key.Key_Return)
    chart = at.screen(ChartScreen)
    assert chart.patient() == patient_id(1)
    at.press(Qt.Key.Key_N, CTRL)
    at.compose(text)
    at.press(Qt.Key.Key_Return, CTRL)
    until(lambda: text in at.words(), "the signed note")


_AWAY = r"Mất kết nối từ \d\d:\d\d( · thử lại lúc \d\d:\d\d:\d\d)?"


def lose_the_server(at: WardWindow) -> None:
    """See the strip say so, with icon and word and the time."""
    at.sync(lambda status: status.link == "offline", "offline")
    until(lambda: re.fullmatch(_AWAY, at.strip()[0]), "the strip")
    strip = at.window.findChild(ConnectionStrip)
    mark = next(each for each in strip.findChildren(QPushButton) if each.text() == at.strip()[0])
    assert mark.isVisible()
    assert not mark.icon().isNull()
    assert "Cứ tiếp tục làm việc" in at.window.bench.news()


def work_apart(a: WardWindow, b: WardWindow, drug: str) -> None:
    """Chart and contradict each other while nobody can know."""
    chart_signs(a, 0, WORSE)
    chart_signs(b, 0, SIGNS)
    chart_signs(b, 1, WORSE)
    sign_note(b, DOCTOR_NOTE)
    for at, level, bed in ((a, CareLevel.ONE, 1), (b, CareLevel.THREE, 2)):
        at.act(partial(stays.set_care_level, stay=EncounterId("stay-3"), level=level))
        at.act(partial(stays.move, stay=EncounterId(f"stay-{bed}"), bed="bed-4"))
        at.act(partial(medication.give, order_id=drug))
    a.act(lambda desk: contact_details.set_phone(desk, patient_id(2), "0912 345 678"))
    b.act(lambda desk: contact_details.set_address(desk, patient_id(2), "12 Lê Lợi, Hà Nội"))


def reconcile(a: WardWindow, b: WardWindow) -> None:
    """Sync at both until neither has anything for the other."""
    for at in (a, b, a, b, a):
        at.online()


def walk_to(at: WardWindow, kind: type[Waiting] | type[Standing]) -> None:
    """In the sync centre go down to a matter of a kind and open it."""
    at.press(Qt.Key.Key_3, CTRL)
    centre = at.screen(SyncCentreScreen)
    rows = centre._needs.rows
    assert at.focus() is centre.list
    while not isinstance(rows[centre.list.currentIndex().row()].matter, kind):
        at.press(Qt.Key.Key_Down)
    at.press(Qt.Key.Key_Return)


def decide(at: WardWindow) -> str:
    """Decide the conflict for the version put aside: arrow, reason, signature; gives its value."""
    walk_to(at, Waiting)
    screen = at.screen(ConflictScreen)
    until(screen.comparison.choices, "the comparison")
    assert screen._detail is not None
    (question,) = screen._detail.questions
    assert "Cấp chăm sóc" in at.words()
    at.press(Qt.Key.Key_Right, CTRL)
    at.press(Qt.Key.Key_Return, CTRL)
    assert not isinstance(at.current(), SyncCentreScreen), "signed without a reason"
    at.compose(REASON)
    at.press(Qt.Key.Key_Return)
    at.screen(SyncCentreScreen)
    return question.lines[0].mine


def acknowledge_all(at: WardWindow, rules: set[str]) -> None:
    """See the alerts, and say of each what was done, without a mouse."""
    walk_to(at, Standing)
    screen = at.screen(CollisionsScreen)
    until(lambda: {card.alert.rule for card in screen.cards()} == rules, "the alerts")
    for _ in rules:
        seen = sum(bool(card.alert.acknowledged_by) for card in screen.cards())
        for _step in range(12):
            if any(at.focus() is card.reason for card in screen.cards()):
                break
            at.press(Qt.Key.Key_Tab)
        at.compose(DONE)
        at.press(Qt.Key.Key_Return)
        until(
            lambda: sum(bool(card.alert.acknowledged_by) for card in screen.cards()) == seen + 1,  # noqa: B023
            "the alert, seen",
        )


def give_a_drug(b: WardWindow) -> str:
    """The doctor orders a drug for the third patient; gives the order's id."""
    b.act(lambda desk: orders.order_drug(desk, patient_id(3), PARACETAMOL))
    return next(each for each in _bodies(b) if each["resourceType"] == "MedicationRequest")["id"]


def _bodies(at: WardWindow) -> list[Resource]:
    return list(shown(at.desk.store).values())


def texts(at: WardWindow) -> str:
    """Everything that a terminal shows now, for looking up a value."""
    return str(_bodies(at))


def test_a_ward_charts_through_an_outage_and_both_sides_are_there(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        b.log_in(DOCTOR)
        a.online()
        b.online()
        drug = give_a_drug(b)
        chart_signs(a, 0, SIGNS)
        sign_note(a, NURSE_NOTE)
        for at in (b, a, b):
            at.online()
        assert a.strip()[0] == "Đã đồng bộ"

        hospital.kill()
        lose_the_server(a)
        lose_the_server(b)
        work_apart(a, b, drug)
        until(lambda: any("chưa gửi" in words for words in a.strip()), "unsent in the strip")

        hospital.start()
        reconcile(a, b)
        until(lambda: a.strip()[0] == "Đã kết nối, cần bạn xử lý", "the strip")
        needed: SyncStatus = a.terminal.status()
        assert (needed.conflicts, needed.collisions, needed.parked) == (1, 2, 0)
        level = decide(a)
        acknowledge_all(a, {"dose-twice", "two-patients-in-one-bed"})
        reconcile(a, b)

        rest = {"a": a.desk.store, "b": b.desk.store}
        proof = judge(rest, hospital.base)
        assert proof.holds, proof
        assert proof.acknowledged_writes == sum(len(saves(*each)) for each in rest.items())
        assert proof.acknowledged_writes > 40
        for at in (a, b):
            status = at.terminal.status()
            assert (status.unsent, status.conflicts, status.collisions) == (0, 0, 0)
            stay = next(each for each in _bodies(at) if each["id"] == "stay-3")
            assert encounter.read(stay).care_level is CareLevel(level)
            assert "0912" in texts(at)
            assert "12 Lê Lợi" in texts(at)
