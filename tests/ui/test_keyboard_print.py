"""The keyboard map goes to a printer that is set up, and a printer that does not start is told."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QWidget

from tests.kit.terminal import settle
from workstation.services import keyboard_map
from workstation.ui.shell.keyboard_print import KeyboardPrint
from workstation.ui.toolkit.plain_keys import every_key
from workstation.ui.toolkit.printing import a4_printer
from workstation.ui.toolkit.tasks import TaskRunner


def test_the_map_is_printed_on_one_page(qtbot, tmp_path: Path) -> None:
    tasks, said, over = TaskRunner(), [], QWidget()
    qtbot.addWidget(over)
    printer = a4_printer()
    printer.setOutputFileName(str(tmp_path / "map.pdf"))
    KeyboardPrint(over, tasks, said.append).print_on(printer, keyboard_map.draw(every_key()))
    settle()
    assert len(pypdfium2.PdfDocument(tmp_path / "map.pdf")) == 1
    assert said
    assert said[0].startswith("1 ") or " 1 " in said[0]
    tasks.shutdown()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_does_not_start_is_told(qtbot, tmp_path: Path) -> None:
    tasks, said, over = TaskRunner(), [], QWidget()
    qtbot.addWidget(over)
    printer = a4_printer()
    printer.setOutputFileName(str(tmp_path / "missing" / "map.pdf"))
    KeyboardPrint(over, tasks, said.append).print_on(printer, keyboard_map.draw(every_key()))
    assert said
    assert "1" not in said[0]
    tasks.shutdown()
