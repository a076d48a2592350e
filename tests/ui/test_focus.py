"""Whatever can have the keys shows it by a ring, in both themes: pixels in the ring's colour."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tests.gallery import application, settle
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tokens import THEMES
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView

LEAST = 20
"""Pixels of the ring: far less than the shortest side of any of these."""


def tab_bar() -> QTabBar:
    made = QTabBar()
    made.addTab("Summary")
    made.addTab("Notes")
    return made


def table() -> RowsView:
    return RowsView(RowsModel((Column("Patient", str),)))


def scroll() -> QScrollArea:
    made = QScrollArea()
    made.setWidget(QWidget())
    return made


KINDS = {
    "button": lambda: QPushButton("Save"), "field": QLineEdit, "text": QPlainTextEdit,
    "choice": QComboBox, "number": QSpinBox, "tick": lambda: QCheckBox("Tick"),
    "radio": lambda: QRadioButton("One"), "table": table, "list": QListWidget,
    "tabs": tab_bar, "page": QTextBrowser, "scroll": scroll,
}  # fmt: skip


def count(image: QImage, colour: QColor) -> int:
    wanted = colour.rgb()
    return sum(
        image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width())
    )


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_focus_is_seen(qtbot, name, kind: str) -> None:
    theme.use(application(), name, 100)
    whole = QWidget()
    qtbot.addWidget(whole)
    box = QVBoxLayout(whole)
    other, widget = QPushButton("Other"), KINDS[kind]()
    box.addWidget(other)
    box.addWidget(widget)
    whole.resize(320, 240)
    whole.show()
    whole.activateWindow()
    ring = QColor(THEMES[name].focus)
    other.setFocus()
    settle()
    before = count(widget.grab().toImage(), ring)
    widget.setFocus()
    settle()
    assert widget.hasFocus()
    after = count(widget.grab().toImage(), ring)
    theme.use(application(), "light", 100)
    assert after - before >= LEAST
