"""What goes wrong at a terminal is said in words, in both languages, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import event

from tests.kit.canned_server import CannedServer
from tests.kit.hospital_process import running
from tests.kit.ward import WARD
from tests.kit.ward_window import (
    CTRL,
    NURSE,
    PIN,
    SHIFT,
    WardWindow,
    found_on,
    small_ward,
    store_at,
    until,
)  # fmt: skip
from workstation.kernel import words
from workstation.kernel.clock import ManualClock, SystemClock
from workstation.kernel.errors import Unavailable
from workstation.kernel.ids import PersonId
from workstation.kernel.settings import Settings
from workstation.security.keys import KeyRing
from workstation.store import engine
from workstation.terminal import WardTerminal
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.shell.set_up import SetUpPage

pytestmark = pytest.mark.journey

SIGNS = ("88", "378", "12575", "18", "97", "0", "A", "2")
NOBODY = "http://127.0.0.1:9/fhir"
HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n"
    b"Connection: close\r\n\r\n<html>Please log in</html>"
)


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    words.use("vi")
    yield
    words.use("vi")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A terminal that has its ward already, and no server any more."""
    found_on(tmp_path / "a", NOBODY, WARD, "Khoa Nội tổng hợp", small_ward())
    return tmp_path / "a"


@pytest.fixture
def opened(qtbot, folder: Path) -> Iterator[Callable[[], WardWindow]]:
    """Opens the terminal, after what the test did to it; closes it at the end."""
    made: list[WardWindow] = []

    def open_it() -> WardWindow:
        made.append(WardWindow(folder, NOBODY))
        return made[0]

    yield open_it
    for each in made:
        each.close()


def try_to_enter(at: WardWindow, pin: str) -> None:
    at.entrance()
    at.keys(pin)
    at.press(Qt.Key.Key_Return)


def test_a_wrong_pin(opened: Callable[[], WardWindow]) -> None:
    at = opened()
    try_to_enter(at, "111999")
    until(lambda: "Mã PIN hoặc mật khẩu không đúng." in at.words(), "the refusal")
    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    try_to_enter(at, "111999")
    until(lambda: "That PIN or password is not right." in at.words(), "the refusal in English")
    assert at.window.bench is None
    at.log_in(NURSE)


def flip_a_page(folder: Path) -> None:
    file = folder / engine.FILE_NAME
    content = bytearray(file.read_bytes())
    content[200:232] = bytes(32)
    file.write_bytes(content)


def come_from_the_future(folder: Path) -> None:
    key = KeyRing.load(folder, SystemClock()).unlock(PersonId("nurse-1"), PIN)
    opened = engine.open_engine(folder / engine.FILE_NAME, key)
    with engine.transaction(opened, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.dispose()


@pytest.mark.parametrize(
    ("harm", "vietnamese", "english"),
    [
        (flip_a_page, "Đừng xóa", "Do not delete anything"),
        (come_from_the_future, "Cài phiên bản mới", "Install the newer version"),
    ],
)
def test_a_record_that_cannot_be_opened(
    folder: Path,
    opened: Callable[[], WardWindow],
    harm: Callable[[Path], None],
    vietnamese: str,
    english: str,
) -> None:
    harm(folder)
    before = (folder / engine.FILE_NAME).read_bytes()
    at = opened()
    try_to_enter(at, PIN)
    until(lambda: "Những gì vẫn an toàn" in at.words(), "what is safe")
    assert vietnamese in at.words()
    at.press(Qt.Key.Key_Return)
    at.entrance()
    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    try_to_enter(at, PIN)
    until(lambda: "What is safe" in at.words(), "what is safe, in English")
    assert english in at.words()
    assert at.window.bench is None
    assert (folder / engine.FILE_NAME).read_bytes() == before


def go_round(at: WardWindow) -> VitalSignsRoundScreen:
    at.log_in(NURSE)
    at.press(Qt.Key.Key_2, CTRL)
    screen = at.screen(VitalSignsRoundScreen)
    until(lambda: screen.model.rowCount() == 3 and at.focus() is screen.grid, "the round")
    return screen


def test_an_impossible_value(opened: Callable[[], WardWindow]) -> None:
    at = opened()
    screen = go_round(at)
    at.keys("999")
    at.press(Qt.Key.Key_Return)
    until(lambda: "Trị số này không thể có." in at.words(), "no")
    at.press(Qt.Key.Key_Down)
    assert screen.model.row(0).state == "typing"
    at.press(Qt.Key.Key_Up)
    at.press(Qt.Key.Key_L, CTRL | SHIFT)
    until(lambda: "This value is not possible." in at.words(), "no, in English")
    with at.desk.store.read() as view:
        assert view.find("Observation") == []


def chart_until_refused(at: WardWindow, screen: VitalSignsRoundScreen) -> int:
    """Chart one person after the other; gives the first row that was not saved."""
    for row in range(screen.model.rowCount()):
        for value in SIGNS:
            at.keys(value)
            at.press(Qt.Key.Key_Return)
        at.settle()
        if screen.model.row(row).state != "saved":
            return row
    raise AssertionError("the disk was never full")


def test_a_full_disk(opened: Callable[[], WardWindow]) -> None:
    at = opened()
    screen = go_round(at)

    @event.listens_for(at.desk.store._engine, "begin")
    def _begin(connection: object) -> None:
        run = connection.exec_driver_sql  # type: ignore[attr-defined]
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar()}")

    row = chart_until_refused(at, screen)
    at.press(Qt.Key.Key_Up)
    until(lambda: "Ổ đĩa đầy: mục này chưa được lưu." in at.words(), "the refusal")
    patient = screen.model.row(row).patient.who.patient
    with at.desk.store.read() as view:
        assert view.find("Observation", patient=patient) == []


def test_a_clock_a_day_off(qtbot, tmp_path: Path) -> None:
    with running(tmp_path) as hospital:
        store_at(hospital, small_ward())
        found_on(tmp_path / "a", hospital.base, WARD, "Khoa Nội tổng hợp")
        clock = ManualClock(SystemClock().now() - timedelta(days=1))
        at = WardWindow(tmp_path / "a", hospital.base, clock)
        try:
            at.log_in(NURSE)
            at.sync(lambda status: abs(status.skew_seconds) > 86_000, "the skew")
            until(lambda: "Đồng hồ máy này lệch 14" in at.words(), "the skew in the strip")
        finally:
            at.close()


@pytest.mark.parametrize(
    ("answer", "vietnamese", "english"),
    [
        (None, "Không kết nối được máy chủ", "cannot be reached"),
        (HTML, "không phải máy chủ FHIR", "not as a FHIR server"),
    ],
)
def test_an_address_without_a_fhir_server(
    qtbot, tmp_path: Path, answer: bytes | None, vietnamese: str, english: str
) -> None:
    with CannedServer([answer or b""] * 8) as server:
        terminal = WardTerminal(tmp_path, Settings(tmp_path / "settings"), SystemClock())
        base = server.base if answer else NOBODY
        with pytest.raises(Unavailable) as caught:
            terminal.wards_of(base)
        page = SetUpPage(lambda _server: None, lambda _choice: None, lambda: None)
        qtbot.addWidget(page)
        page.show_no_server(caught.value)
        assert vietnamese in page._server_note.text()
        words.use("en")
        page.show_no_server(caught.value)
        assert english in page._server_note.text()
