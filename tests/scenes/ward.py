"""Pictures of the ward board, the vital-signs round and the patient search, on a real store."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gallery import Scene
from tests.kit.demo_ward import demo_desk
from tests.kit.workplace import until, workplace_at
from workstation.services.desk import Desk
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.workplace import Workplace


@cache
def _open() -> ExitStack:
    """What the scenes hold open until the pictures are done."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    _open().callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _open_desk(desk: Desk) -> Desk:
    _open().callback(desk.store.close)
    return desk


def full_ward() -> Desk:
    """The general ward of the demo hospital; a new store for each picture."""
    return _open_desk(demo_desk(_folder() / "store"))


def workplace(desk: Desk) -> Workplace:
    """A workplace at a desk, kept open until the end."""
    return _open().enter_context(workplace_at(desk, _folder()))


def screen(make: Callable[[Workplace], Screen], desk: Desk) -> Screen:
    """A screen that has come to the front."""
    made = make(workplace(desk))
    made.activate()
    return made


def round_screen() -> VitalSignsRoundScreen:
    """The round with everybody read."""
    made = screen(VitalSignsRoundScreen, full_ward())
    assert isinstance(made, VitalSignsRoundScreen)
    until(made.model.rowCount)
    return made


def _type(widget: QWidget, *keys: str) -> None:
    for key in keys:
        QTest.keyClicks(widget, key.rstrip("\n"))
        if key.endswith("\n"):
            QTest.keyClick(widget, Qt.Key.Key_Return)
        QApplication.processEvents()


def round_at_work() -> QWidget:
    """One row saved, one half typed with values out of range, one doubtful."""
    made = round_screen()
    made.show()
    _type(made.grid, "84\n", "375\n", "12478\n", "18\n", "97\n", "0\n", "a\n", "2\n")
    until(lambda: made.model.row(0).state == "saved")
    _type(made.grid, "118\n", "391\n", "9862\n", "26\n", "40\n", "4")
    return made


def board_list() -> QWidget:
    """The list, the sickest first."""
    made = screen(WardBoardScreen, full_ward())
    assert isinstance(made, WardBoardScreen)
    until(made.model.rowCount)
    return made


def board_map() -> QWidget:
    """The map."""
    made = board_list()
    made.perform("toggle_view")
    return made


SCENES = (
    Scene("ward-board-list", board_list, scales=(150, 200)),
    Scene("ward-board-map", board_map, scales=(200,)),
    Scene("ward-round", round_at_work, scales=(200,)),
)
