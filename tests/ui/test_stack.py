"""A stack of pages: only the one in front is measured, and only it can take the keys."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.kit.workplace import until
from workstation.ui.toolkit.widgets.stack import Stack


class _Counted(QLabel):
    """Counts how often somebody asks how large it would be."""

    asked = 0

    def minimumSizeHint(self) -> QSize:
        type(self).asked += 1
        return super().minimumSizeHint()


def _page(*inside: QWidget) -> QWidget:
    page = QWidget()
    box = QVBoxLayout(page)
    for each in inside:
        box.addWidget(each)
    return page


def test_a_page_behind_gives_the_stack_no_size(qtbot: QtBot) -> None:
    stack = Stack()
    qtbot.addWidget(stack)
    small, large = _page(QLabel("a")), _page(QLabel("b"))
    large.setMinimumSize(900, 700)
    stack.add(small)
    stack.add(large)
    assert stack.minimumSizeHint().width() < 900
    stack.bring(large)
    assert stack.minimumSizeHint().width() >= 900
    assert stack.minimumSizeHint().height() >= 700


def test_wrapped_lines_behind_are_not_measured_again(qtbot: QtBot) -> None:
    words = _Counted("a long line " * 20)
    words.setWordWrap(True)
    stack, front, page = Stack(), _page(QLabel("short")), _page(words)
    qtbot.addWidget(stack)
    stack.add(front)
    stack.add(page)
    stack.show()
    words.setText("another line " * 20)
    _Counted.asked = 0
    stack.minimumSizeHint()
    assert _Counted.asked == 0
    stack.bring(page)
    stack.minimumSizeHint()
    assert _Counted.asked > 0


def test_what_is_behind_cannot_take_the_keys(qtbot: QtBot) -> None:
    first, second = QLineEdit(), QLineEdit()
    stack, other = Stack(), _page(second)
    qtbot.addWidget(stack)
    stack.add(_page(first))
    stack.add(other)
    stack.show()
    stack.activateWindow()
    until(stack.isActiveWindow)
    first.setFocus()
    second.setFocus()
    QTest.keyClicks(stack.focusWidget(), "x")
    assert (first.text(), second.text()) == ("x", "")
    stack.bring(other)
    second.setFocus()
    first.setFocus()
    QTest.keyClicks(stack.focusWidget(), "y")
    assert (first.text(), second.text()) == ("x", "y")


def test_a_page_inside_that_was_behind_stays_so_when_its_stack_comes_back(qtbot: QtBot) -> None:
    front, behind = _page(), _page()
    inner, outer, other = Stack(), Stack(), _page()
    qtbot.addWidget(outer)
    inner.add(front)
    inner.add(behind)
    outer.add(inner)
    outer.add(other)
    outer.bring(other)
    outer.bring(inner)
    assert front.isEnabled()
    assert not behind.isEnabled()
