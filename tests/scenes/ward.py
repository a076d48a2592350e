"""Pictures of the ward board, the vital-signs round and the patient search, on a real store."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.gallery import Scene
from tests.kit.demo_ward import demo_desk
from tests.kit.ward import make_desk, patient, patient_id, save, stay
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import WardId
from workstation.services import allergies, vital_signs, ward_board
from workstation.services.desk import Desk
from workstation.ui.screens.patient_search.screen import PatientSearchScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.toolkit.messages import explain
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


def round_doubt() -> QWidget:
    """A value so rare that it has to be typed twice."""
    made = round_screen()
    made.show()
    _type(made.grid, "228\n", "2")
    return made


def search_found() -> QWidget:
    """People who fit, some of whom could be mixed up."""
    made = screen(PatientSearchScreen, full_ward())
    assert isinstance(made, PatientSearchScreen)
    made.search.setText("nguyen thi")
    until(lambda: made.model.rows)
    return made


def search_waiting() -> QWidget:
    """Nothing typed yet."""
    return screen(PatientSearchScreen, full_ward())


def search_nobody() -> QWidget:
    """Nobody fits."""
    made = screen(PatientSearchScreen, full_ward())
    assert isinstance(made, PatientSearchScreen)
    made.search.setText("không có ai tên này")
    until(lambda: any("không có ai tên này" in said for said in shown_words(made)))
    return made


def board_nobody() -> QWidget:
    """Typing that fits nobody on the ward."""
    made = board_list()
    assert isinstance(made, WardBoardScreen)
    made.head.search.setText("zzz")
    return made


def board_empty() -> QWidget:
    """A ward that has not been synced yet."""
    desk = full_ward()
    made = screen(WardBoardScreen, replace(desk, ward=WardId("nowhere")))
    until(lambda: len(shown_words(made)) > 3)
    return made


def board_loading() -> QWidget:
    """The first reading is under way."""
    return WardBoardScreen(workplace(full_ward()))


def board_error() -> QWidget:
    """The record cannot be read."""
    broken = replace(full_ward(), store=BrokenStore())
    made = screen(WardBoardScreen, broken)
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))
    return made


def board_unsent() -> QWidget:
    """Charted while the server is away: what is unsent is marked on its bed."""
    desk = full_ward()
    board = ward_board.board(desk)
    for bed in board.beds[1:6]:
        if bed.occupant is not None:
            pulse = VitalSigns(at=desk.now(), heart_rate=Decimal(88), spo2=Decimal(96))
            vital_signs.record(desk, bed.occupant.who.patient, pulse)
    made = screen(WardBoardScreen, desk)
    assert isinstance(made, WardBoardScreen)
    until(made.model.rowCount)
    made.sort_by("bed")
    made.list.setCurrentIndex(made.model.index(0, 0))
    return made


def board_long() -> QWidget:
    """The longest names and words, two people in one bed, nothing known."""
    desk = _open_desk(make_desk(_folder() / "store", beds=3, taken=2))
    long = patient(3)
    long["name"] = [
        {"family": "Công Tằng Tôn Nữ", "given": ["Huyền", "Trân", "Bảo", "Ngọc", "Phương", "Anh"]}
    ]
    second = stay(3)
    second["location"][0]["location"]["reference"] = "Location/bed-1"
    second["reasonCode"] = [{"text": "Đợt cấp bệnh phổi tắc nghẽn mạn tính bội nhiễm, suy hô hấp"}]
    save(desk.store, long, second)
    allergies.record(desk, patient_id(3), "Thuốc cản quang có i-ốt tan trong nước")
    made = screen(WardBoardScreen, desk)
    assert isinstance(made, WardBoardScreen)
    until(made.model.rowCount)
    return made


SCENES = (
    Scene("ward-board-list", board_list, scales=(150, 200)),
    Scene("ward-board-map", board_map, scales=(200,)),
    Scene("ward-board-unsent", board_unsent),
    Scene("ward-board-nobody-found", board_nobody),
    Scene("ward-board-empty", board_empty),
    Scene("ward-board-loading", board_loading),
    Scene("ward-board-error", board_error),
    Scene("ward-board-long-text", board_long),
    Scene("ward-round", round_at_work, scales=(125, 150, 200)),
    Scene("ward-round-doubt", round_doubt),
    Scene("ward-search", search_found, scales=(200,)),
    Scene("ward-search-waiting", search_waiting),
    Scene("ward-search-nobody", search_nobody),
)
