"""What leaves the program: printed or saved beside the window's thread, and what fails is told."""

from __future__ import annotations

import threading
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QWidget

from tests.kit.workplace import until
from workstation.kernel.errors import Damaged
from workstation.services import keyboard_map
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.plain_keys import every_key
from workstation.ui.toolkit.printing import Outgoing, Output, a4_printer
from workstation.ui.toolkit.tasks import TaskRunner


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def output(qtbot, said):
    tasks, over = TaskRunner(), QWidget()
    qtbot.addWidget(over)
    yield Output(over, tasks, said.append)
    tasks.shutdown()


def drawn(threads: list[threading.Thread] | None = None) -> Outgoing:
    def pdf() -> bytes:
        (threads if threads is not None else []).append(threading.current_thread())
        return keyboard_map.draw(every_key())

    return Outgoing("map.pdf", pdf)


def test_the_keyboard_map_is_printed_on_one_page(output, said, tmp_path: Path) -> None:
    printer, threads = a4_printer(), []
    printer.setOutputFileName(str(tmp_path / "map.pdf"))
    output.print_on(printer, drawn(threads))
    until(lambda: len(said) == 2)
    assert len(pypdfium2.PdfDocument(tmp_path / "map.pdf")) == 1
    assert "1" in said[1]
    assert threads
    assert threads[0] is not threading.main_thread()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_does_not_start_is_told(output, said, tmp_path: Path) -> None:
    printer = a4_printer()
    printer.setOutputFileName(str(tmp_path / "missing" / "map.pdf"))
    output.print_on(printer, drawn())
    until(lambda: len(said) == 2)
    assert "1" not in said[1]


def test_an_output_that_cannot_be_noted_is_told(output, said, tmp_path: Path) -> None:
    def refuse(_way: str):
        raise Damaged("damaged-page")

    output.save(tmp_path / "map.pdf", Outgoing("map.pdf", lambda: b"%PDF", refuse))
    until(lambda: explain(Damaged("damaged-page")).line in said)
    assert (tmp_path / "map.pdf").exists()
