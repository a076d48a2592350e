"""Garbage is collected on the window's thread alone while other threads run."""

import gc
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from tests.kit.workplace import until
from workstation.ui.toolkit.collecting import FEW, Collector
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
    Collector(tasks).collect()
    tasks.shutdown()
    assert died == [threading.main_thread()]


def test_what_is_new_is_looked_through_without_what_is_old(qtbot):
    tasks = TaskRunner()
    died = []
    old = Circle(died)
    gc.collect()
    del old
    kept = [[] for _ in range(2 * FEW)]
    until(lambda: gc.get_count()[0] < FEW)
    assert len(kept) == 2 * FEW
    assert died == []
    Circle(died)
    kept += [[] for _ in range(2 * FEW)]
    until(lambda: died)
    assert len(died) == 1
    Collector(tasks).collect()
    tasks.shutdown()
    assert died == [threading.main_thread()] * 2


def test_what_is_old_is_looked_through_at_a_rest(qtbot):
    tasks = TaskRunner()
    died = []
    old = Circle(died)
    gc.collect()
    del old
    collector = Collector(tasks, all_ms=0)
    until(lambda: died)
    assert died == [threading.main_thread()]
    collector.stop()
    tasks.shutdown()


@pytest.mark.parametrize("sign", ["key", "question"])
def test_no_rest_while_somebody_works(qtbot, sign):
    tasks = TaskRunner()
    page = QWidget()
    qtbot.addWidget(page)
    collector = tasks.findChild(Collector)
    collector.rest.start(600_000)
    QCoreApplication.instance().installEventFilter(collector)
    qtbot.wait(20)
    before = collector.rest.remainingTime()
    if sign == "key":
        qtbot.keyClick(page, Qt.Key.Key_A)
    else:
        tasks.query(lambda: None, done=lambda _: None)
    assert collector.rest.remainingTime() > before
    tasks.shutdown()
    assert not collector.rest.isActive()


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
