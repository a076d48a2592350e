"""Pictures of the task list and of assigning patients."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hospital.demo import staff
from tests.gallery import Scene
from tests.kit.workplace import BrokenStore, shown_words, until
from tests.scenes.ward import full_ward, screen
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import WardId
from workstation.services import assignment, ward_board, ward_tasks
from workstation.services.assignment import Nurse
from workstation.services.desk import Desk
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.screens.ward_tasks.screen import WardTasksScreen
from workstation.ui.toolkit.messages import explain

_TASKS = (
    ("Thay băng vết loét cùng cụt, đo kích thước và chụp ảnh", 20),
    ("Lấy máu khí động mạch", -4),
    ("Nhịn ăn từ 22 giờ để nội soi sáng mai", 240),
)


def assigned_ward() -> Desk:
    """The demo's ward with three nurses, each with her patients, and tasks of their own."""
    desk = full_ward()
    board = ward_board.board(desk)
    people = [bed.occupant.who for bed in board.beds if bed.occupant is not None]
    nurses = [Nurse(each.id, each.name) for each in staff.NURSES]
    shift, _ = assignment.shifts_to_assign(desk.now(), 12, "07:00")
    wanted = {who.encounter: [nurses[n // 11]] for n, who in enumerate(people)}
    wanted[people[0].encounter] = nurses[:2]
    assignment.assign(desk, wanted, shift)
    for who, (words, minutes) in zip(people, _TASKS, strict=False):
        ward_tasks.add(desk, who.patient, words, desk.now() + timedelta(minutes=minutes))
    return desk


def task_list(desk: Desk | None = None) -> WardTasksScreen:
    """The list of the whole ward."""
    made = screen(WardTasksScreen, desk or assigned_ward())
    assert isinstance(made, WardTasksScreen)
    until(lambda: made.model.rows)
    return made


def new_task() -> QWidget:
    """A task half written, with a time that is over."""
    made = task_list()
    made.show()
    made.perform("add_task")
    until(lambda: not made.new.isHidden())
    made.new.words.setText("Cân người bệnh trước khi dùng lợi tiểu")
    made.new.due.setText("19/11/2026 10:00")
    made.new.save()
    until(made.new._note.text)
    return made


def empty() -> QWidget:
    """A ward on which nothing is due."""
    made = screen(WardTasksScreen, replace(full_ward(), ward=WardId("nowhere")))
    until(lambda: len(shown_words(made)) > 2)
    return made


def error() -> QWidget:
    """The record cannot be read."""
    made = screen(WardTasksScreen, replace(full_ward(), store=BrokenStore()))
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))
    return made


def assigning() -> QWidget:
    """Three patients ticked, and whom they are to be assigned to."""
    made = screen(WardBoardScreen, assigned_ward())
    assert isinstance(made, WardBoardScreen)
    until(made.model.rowCount)
    made.show()
    made.sort_by("due")
    made.list.setCurrentIndex(made.model.index(0, 0))
    for _ in range(3):
        QTest.keyClick(made.list, Qt.Key.Key_Space)
    made.perform("assign")
    until(made.assigning.isVisible)
    return made


SCENES = (
    Scene("ward-tasks", task_list, scales=(150,)),
    Scene("ward-tasks-new", new_task, scales=(150,)),
    Scene("ward-tasks-empty", empty),
    Scene("ward-tasks-error", error),
    Scene("ward-board-assigning", assigning, scales=(150,)),
)
