"""Garbage is collected on the window's thread alone while other threads run."""

import gc
import sys
import threading
import weakref

import pytest
from PySide6.QtWidgets import QWidget

from tests.kit.workplace import until
from workstation.ui.toolkit.collecting import Collector
from workstation.ui.toolkit.tasks import TaskRunner


class Circle(QWidget):
    """A widget that only the collector can free."""

    def __init__(self, died):
        super().__init__()
        self.circle = self
        weakref.finalize(self, lambda: died.append(threading.current_thread()))


def test_a_widget_in_a_circle_dies_on_the_windows_thread(qtbot):
    died = []
    tasks = TaskRunner()
    Circle(died)
    busy = []
    tasks.query(lambda: [[[]] for _ in range(200_000)] and None, done=busy.append)
    until(lambda: busy)
    assert died == []
    Collector(tasks).collect()
    tasks.shutdown()
    assert died == [threading.main_thread()]


def test_collection_is_given_back_at_the_end(qtbot):
    assert gc.isenabled()
    tasks = TaskRunner()
    assert not gc.isenabled()
    tasks.shutdown()
    assert gc.isenabled()


def test_what_stays_for_ever_is_not_looked_through_again(qtbot):
    tasks = TaskRunner()
    before = len(gc.get_objects())
    kept = [[] for _ in range(1000)]
    assert len(gc.get_objects()) > before + len(kept) - 100
    tasks.settle()
    assert len(gc.get_objects()) < 100
    died = []
    Circle(died)
    Collector(tasks).collect()
    assert died
    tasks.shutdown()
    assert gc.get_freeze_count() == 0


def test_the_window_gets_its_turn_soon_while_others_compute(qtbot):
    before = sys.getswitchinterval()
    tasks = TaskRunner()
    assert sys.getswitchinterval() == pytest.approx(0.001)
    tasks.shutdown()
    assert sys.getswitchinterval() == pytest.approx(before)
