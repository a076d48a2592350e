"""The real terminal behind the real window: keys, encrypted record, no server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.terminal import settle
from workstation import app
from workstation.kernel.changes import Changes
from workstation.kernel.clock import SystemClock
from workstation.kernel.crash_reports import CrashReports
from workstation.kernel.errors import Refused
from workstation.kernel.settings import Settings
from workstation.terminal import LAST_STATUS, WardTerminal
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.terminal import SetUp
from workstation.ui.toolkit.tasks import TaskRunner

PIN = "739184"
CHOICE = SetUp("", "", "", "Vũ Thị Lan Anh", "nurse", PIN)


def alone(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, in this checkout."""
    root = Path(app.__file__).parents[1]
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, cwd=root
    )


@pytest.fixture
def tied(qtbot, tmp_path: Path):
    settings = Settings(tmp_path / "settings")
    clock, tasks = SystemClock(), TaskRunner()
    terminal = WardTerminal(tmp_path, settings, clock)
    window = app.tie(terminal, tasks, settings, clock)
    qtbot.addWidget(window)
    window.show()
    yield window, terminal, tasks
    tasks.shutdown()
    terminal.close()


def test_a_new_terminal_is_set_up_locked_and_opened_again(tied, tmp_path: Path) -> None:
    window, terminal, _tasks = tied
    page = window.findChild(SetUpPage)
    settle(until=page.isVisible)
    page._name.setText(CHOICE.name)
    page._pin.setText(PIN)
    page._again.setText(PIN)
    page._on_finish()
    settle(until=lambda: window.bench is not None)
    assert terminal.status().unsent == 1
    window.lock()
    log_in = window.findChild(LogInPage)
    settle(until=lambda: log_in.picked() is not None)
    assert log_in.picked().name == CHOICE.name
    log_in._pin.setText(PIN)
    log_in._on_enter()
    settle(until=lambda: window.bench is not None)
    assert (tmp_path / "ward.db").read_bytes()[:6] != b"SQLite"


def test_a_weak_pin_is_told_and_nothing_is_left_behind(tied, tmp_path: Path) -> None:
    window, _terminal, _tasks = tied
    page = window.findChild(SetUpPage)
    settle(until=page.isVisible)
    page._name.setText(CHOICE.name)
    page._pin.setText("1111")
    page._again.setText("1111")
    page._on_finish()
    settle(until=lambda: page._pin_note.text() != "")
    assert not (tmp_path / "ward.db").exists()
    assert not (tmp_path / "people.json").exists()


def test_a_save_is_counted_in_the_strip(tied) -> None:
    _window, terminal, tasks = tied
    told = []
    terminal.on_status = told.append
    terminal.set_up(CHOICE)
    told.clear()
    tasks.changed.emit(Changes(queue=True), TaskRunner.SYNC)
    tasks.changed.emit(Changes(queue=True), None)
    settle(until=lambda: bool(told))
    assert told[-1].unsent == 1


def test_the_next_session_knows_how_old_the_data_is(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings")
    terminal = WardTerminal(tmp_path, settings, SystemClock())
    terminal.set_up(CHOICE)
    terminal.close()
    front = WardTerminal(tmp_path, settings, SystemClock()).front()
    assert front.unsent == 1
    assert front.data_as_of is None
    assert [person.name for person in front.people] == [CHOICE.name]
    (tmp_path / LAST_STATUS).write_text("{")
    assert WardTerminal(tmp_path, settings, SystemClock()).front().unsent == 0


def test_a_terminal_is_never_set_up_over_another(tmp_path: Path) -> None:
    terminal = WardTerminal(tmp_path, Settings(tmp_path / "settings"), SystemClock())
    terminal.set_up(CHOICE)
    terminal.close()
    with pytest.raises(Refused, match="store-exists"):
        terminal.set_up(CHOICE)


def test_nothing_heavy_is_imported_before_the_log_in_window_shows(tmp_path: Path) -> None:
    code = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtWidgets import QApplication
from workstation import app
from workstation.kernel.clock import SystemClock
from workstation.kernel.settings import Settings
from workstation.terminal import WardTerminal
from workstation.ui.shell.terminal import Front
from workstation.ui.toolkit.tasks import TaskRunner
application = QApplication([])
class Asleep(WardTerminal):
    def front(self):
        return Front()
settings, clock, tasks = Settings(Path({str(tmp_path)!r})), SystemClock(), TaskRunner()
window = app.tie(Asleep(Path({str(tmp_path)!r}), settings, clock), tasks, settings, clock)
window.show()
application.processEvents()
heavy = {{"sqlalchemy", "sqlcipher3", "alembic", "requests", "reportlab", "argon2", "cryptography",
         "keyring", "jwt", "msgspec", "pypdfium2", "platformdirs"}}
print(sorted(heavy & sys.modules.keys()))
tasks.shutdown()
"""
    done = alone(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_a_crash_report_tells_where_and_never_what(tmp_path: Path) -> None:
    shown: list[str] = []
    reports = CrashReports(tmp_path, shown.append)
    with pytest.raises(ValueError, match="Bí Mật") as caught:
        int("NGUYỄN Văn Bí Mật 079123456789")
    reports.take(caught.type, caught.value, caught.tb)
    (file,) = tmp_path.iterdir()
    text = file.read_text("utf-8")
    assert shown[0] in text
    assert "ValueError" in text
    assert "test_app.py:" in text
    assert "Bí Mật" not in text
    assert "079123456789" not in text


def test_a_whole_session_without_a_display_ends_cleanly(tmp_path: Path) -> None:
    """The window's thread is forbidden to speak SQL, and everything still works."""
    code = f"""
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from workstation import app
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.window import Window

def first() -> None:
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
    page = window.findChild(SetUpPage)
    if page is not None and page.isVisible() and not page._name.text():
        page._name.setText("Vũ Thị Lan Anh")
        page._pin.setText("{PIN}")
        page._again.setText("{PIN}")
        page._on_finish()
    elif window.bench is not None:
        poll.stop()
        window.close()

application = QApplication([])
poll = QTimer(interval=50)
poll.timeout.connect(first)
poll.start()
print("ended", app.run(["--folder", {str(tmp_path)!r}]))
"""
    done = alone(code)
    assert done.stdout.strip().endswith("ended 0"), done.stderr
    assert not list((tmp_path / "logs").glob("crash-*"))
    assert (tmp_path / "logs/workstation.log").read_text("utf-8") == ""
