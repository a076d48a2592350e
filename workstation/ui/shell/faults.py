"""Full pages for what the person at the screen cannot mend: a damaged record, a bug."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.text import button, card, label


def _page(
    symbol: str,
    title: str,
    contents: Sequence[QWidget],
    buttons: Sequence[QPushButton],
) -> QWidget:
    page = _EnterGoesOn(buttons[0])
    sign = QLabel()
    sign.setPixmap(pixmap(symbol, "danger", 44))
    heading = label(title, "title", wrap=True)
    row = QHBoxLayout()
    row.setSpacing(theme.px(10))
    for each in buttons:
        row.addWidget(each)
    row.addStretch(1)
    middle = card(sign, heading, *contents, margin=28, spacing=14)
    layout = middle.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addSpacing(theme.px(8))
        layout.addLayout(row)
    middle.setFixedWidth(theme.px(640))
    outer = QVBoxLayout(page)
    outer.addStretch(2)
    # Not by alignment: the height would be reckoned for text as wide as the whole window.
    centred = QHBoxLayout()
    centred.addStretch(1)
    centred.addWidget(middle)
    centred.addStretch(1)
    outer.addLayout(centred)
    outer.addStretch(3)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(page)
    scroll.setFocusProxy(buttons[0])
    return scroll


class _EnterGoesOn(QWidget):
    """Enter does what the first button does, except in a field of a form."""

    def __init__(self, first: QPushButton) -> None:
        super().__init__()
        self._first = first

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the first button with Enter."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not isinstance(self.window().focusWidget(), QLineEdit):
            self._first.click()
        else:
            super().keyPressEvent(event)


def _pair(name: str, words: str) -> QWidget:
    pair = QWidget()
    box = QVBoxLayout(pair)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.px(2))
    box.addWidget(label(name, "caption"))
    box.addWidget(label(words, wrap=True))
    return pair


def damaged_page(
    error: WorkstationError,
    again: Callable[[], None],
    close: Callable[[], None],
    rescue: QWidget | None = None,
    commands: QWidget | None = None,
) -> QWidget:
    """What is safe and what to do when the record on this terminal has a problem.

    Args:
        error: A `Damaged`.
        again: Goes back to the log-in page.
        close: Ends the program.
        rescue: Writes out what only this terminal has, where that is possible.
        commands: What hospital IT can type, where something helps.
    """
    words = explain(error)
    return _page(
        "error",
        words.title,
        (
            _pair(tr("What to do"), words.advice),
            _pair(
                tr("What is safe"),
                tr(
                    "Everything the server has received is on the server. The files on this "
                    "terminal were left as they are."
                ),
            ),
            *([rescue] if rescue is not None else []),
            _pair(tr("For hospital IT"), error.code),
            *([commands] if commands is not None else []),
        ),
        (
            button(tr("Back to log-in"), again, kind="primary", symbol="back"),
            button(tr("Close the program"), close),
        ),
    )


def crash_page(number: str, go_on: Callable[[], None], close: Callable[[], None]) -> QWidget:
    """A bug, by its number alone; nothing of a patient stands here or in its file.

    Args:
        number: The report's id.
        go_on: Goes back to work.
        close: Ends the program.
    """
    return _page(
        "warning",
        tr("The program made a mistake."),
        (
            _pair(
                tr("What is safe"),
                tr("Everything that was saved is safe. A draft is kept up to its last field."),
            ),
            _pair(
                tr("For hospital IT"),
                tr("Report {number}. It holds no patient data.", number=number),
            ),
        ),
        (
            button(tr("Go on working"), go_on, kind="primary", symbol="forward"),
            button(tr("Close the program"), close),
        ),
    )
