"""The server is gone and the window was started again: the ward is printed from what is kept."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward_window import CTRL, NURSE, WardWindow, until
from workstation.services import downtime_pack
from workstation.ui.screens.downtime_pack.screen import DowntimePackScreen
from workstation.ui.toolkit.printing import a4_printer

pytestmark = pytest.mark.journey

NUMBERS = ("26.000001", "26.000002", "26.000003")


def opened(at: WardWindow) -> DowntimePackScreen:
    """Ctrl+9, until the pages are there."""
    at.press(Qt.Key.Key_9, CTRL)
    screen = at.screen(DowntimePackScreen)
    until(lambda: screen.packs.pack is not None and screen.packs.progress is None, "a pack")
    until(lambda: screen.pages.shown >= 0, "its first page")
    return screen


def words_of(pdf: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


def test_the_ward_is_printed_without_a_server_after_a_restart(
    qtbot, tmp_path: Path, hospital: HospitalProcess
) -> None:
    at = WardWindow(tmp_path / "a", hospital.base)
    try:
        at.log_in(NURSE)
        at.online()
        first = opened(at).packs.pack
        assert first is not None
    finally:
        at.close()
    hospital.kill()

    at = WardWindow(tmp_path / "a", hospital.base)
    try:
        at.log_in(NURSE)
        screen = opened(at)
        assert screen.packs.pack == first
        assert screen.head.age.text().startswith("✓")
        assert "bộ hồ sơ giấy" in at.words().casefold()
        for number in NUMBERS:
            assert number in words_of(first.pdf)
        at.press(Qt.Key.Key_Tab)
        at.press(Qt.Key.Key_Tab)
        at.press(Qt.Key.Key_Tab)
        at.press(Qt.Key.Key_Space)
        assert not screen.choices.boxes["forms"].isChecked()
        printed = tmp_path / "printed.pdf"
        printer = a4_printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setResolution(60)
        printer.setOutputFileName(str(printed))
        screen.output.print_on(printer, screen.wanted())
        count = len(screen.packs.pack.sheets) - 4 * len(NUMBERS)
        until(lambda: f"Đã gửi {count} trang" in at.words(), "the pages")
        assert printed.stat().st_size > 10_000

        at.press(Qt.Key.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
        screen = at.screen(DowntimePackScreen)
        until(lambda: "just now" in screen.head.age.text() or "min ago" in screen.head.age.text())
        at.press(Qt.Key.Key_F5)
        until(lambda: screen.packs.pack not in (None, first), "another pack")
        assert screen.packs.pack is not None
        assert "CENSUS" in words_of(screen.packs.pack.pdf)
    finally:
        at.close()


def test_a_kill_while_a_pack_is_written_leaves_the_one_before(tmp_path: Path) -> None:
    """A process writes packs without end and is killed, again and again."""
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from tests.unit.services.test_downtime_pack import make
        from tests.kit.ward import make_desk
        desk = make_desk(Path(sys.argv[1]), beds=2)
        while True:
            make(desk)
            print("kept", flush=True)
        """
    )
    from tests.kit.store import KEY
    from workstation.kernel.clock import SystemClock
    from workstation.services.safe import Safe

    root = Path(__file__).parents[2]
    for attempt in range(3):
        folder = tmp_path / f"store-{attempt}"
        command = [sys.executable, "-c", script, str(folder)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(attempt + 1):
                assert process.stdout.readline() == b"kept\n"
            process.kill()
        kept = downtime_pack.kept(Safe(folder, KEY, SystemClock()))
        assert kept is not None
        assert "26.000002" in words_of(kept.pdf)
