"""A nurse measures a whole ward in one pass of the keyboard, is interrupted, and loses nothing."""

import random

import pytest
from PySide6.QtCore import Qt

from tests.kit.demo_ward import demo_desk
from tests.kit.workplace import until, workplace_at
from workstation.fhir import vital_signs as mapping
from workstation.kernel import words
from workstation.services import ward_board
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen

pytestmark = pytest.mark.journey


def open_round(qtbot, workplace):
    screen = VitalSignsRoundScreen(workplace)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    until(lambda: screen.grid.currentIndex().isValid())
    return screen


def measured(chance):
    """A plausible set as it is typed: pulse, temperature, pressure, breaths, SpO2, oxygen, …"""
    return (
        str(chance.randint(60, 110)),
        str(chance.randint(362, 389)),
        f"{chance.randint(100, 150)}{chance.randint(60, 90)}",
        str(chance.randint(12, 24)),
        str(chance.randint(91, 99)),
        chance.choice("0024"),
        "a",
        str(chance.randint(0, 5)),
    )


def type_row(qtbot, screen, cells):
    for cell in cells:
        qtbot.keyClicks(screen.grid, cell)
        qtbot.keyClick(screen.grid, Qt.Key.Key_Return)


def newest(desk, patient):
    with desk.store.read() as view:
        found = view.find("Observation", patient=patient)
        return mapping.sets(stored.resource() for stored in found)[-1]


def test_a_whole_ward_in_one_pass(qtbot, tmp_path):
    words.use("vi")
    desk, chance = demo_desk(tmp_path / "store"), random.Random(11)
    with workplace_at(desk, tmp_path) as workplace:
        screen = open_round(qtbot, workplace)
        people = [row.patient.who.patient for row in screen.model.rows()]
        half = len(people) // 2
        typed = [measured(chance) for _ in people]
        for cells in typed[:half]:
            type_row(qtbot, screen, cells)
        qtbot.keyClicks(screen.grid, typed[half][0])
        until(lambda: all(row.state == "saved" for row in screen.model.rows()[:half]))

        # The screen locks in the middle of a cell; she comes back and goes on where she was.
        screen.can_leave()
        screen.hide()
        screen = open_round(qtbot, workplace)
        assert screen.grid.currentIndex().row() == half
        assert screen.model.row(half).typed == {"heart_rate": typed[half][0]}
        for cells in typed[half:]:
            type_row(qtbot, screen, cells)
        until(lambda: all(row.state == "saved" for row in screen.model.rows()[half:]))

    assert len(people) == 32
    for patient, cells in zip(people, typed, strict=True):
        found = newest(desk, patient)
        assert str(found.heart_rate) == cells[0]
        assert str(found.temperature).replace(".", "") == cells[1]
        assert f"{found.systolic}{found.diastolic}" == cells[2]
        assert [str(found.respiratory_rate), str(found.spo2)] == list(cells[3:5])
        assert [str(found.oxygen_flow), str(found.pain)] == [cells[5], cells[7]]
    board = ward_board.board(desk)
    assert not any(bed.occupant and bed.occupant.overdue_minutes for bed in board.beds)
    desk.store.close()
