"""The head of the pages before log-in: the product, where this is, and the other language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button, label


def page_head(title: QLabel, line: QLabel, switch_language: Callable[[], object]) -> QHBoxLayout:
    """Lay out the head.

    Args:
        title: Large.
        line: Quiet, below it.
        switch_language: Changes the language of the program.
    """
    row = QHBoxLayout()
    names = QVBoxLayout()
    names.setSpacing(theme.px(2))
    for each in (label("Ward Workstation", "heading", "accent"), title, line):
        names.addWidget(each)
    row.addLayout(names)
    row.addStretch(1)
    other = button(tr("Tiếng Việt / English"), switch_language, kind="quiet", hint="Ctrl+Shift+L")
    row.addWidget(other, alignment=Qt.AlignmentFlag.AlignTop)
    return row
