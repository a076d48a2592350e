"""What a page shows when it has nothing to show yet, nothing at all, or an error."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.stack import FrontLayout
from workstation.ui.toolkit.widgets.text import button, label

_NOTICE_WIDTH = 560


def notice(
    symbol: str, tone: str, title: str, advice: str = "", action: QWidget | None = None
) -> QWidget:
    """A centred icon, title, advice and perhaps one button."""
    page = QWidget()
    box = QVBoxLayout(page)
    box.setSpacing(theme.px(8))
    box.addStretch(2)
    sign = QLabel()
    sign.setPixmap(pixmap(symbol, tone, 40))
    box.addWidget(sign, alignment=Qt.AlignmentFlag.AlignHCenter)
    for words, role, shade in ((title, "heading", ""), (advice, "body", "muted")):
        if words:
            line = label(words, role, shade, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            line.setFixedWidth(theme.px(_NOTICE_WIDTH))
            line.setMinimumHeight(line.heightForWidth(theme.px(_NOTICE_WIDTH)))
            box.addWidget(line, alignment=Qt.AlignmentFlag.AlignHCenter)
    if action is not None:
        box.addWidget(action, alignment=Qt.AlignmentFlag.AlignHCenter)
    box.addStretch(3)
    return page


class Pages(QWidget):
    """Content, or in its place: loading, empty, error."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        """Start with the content in front.

        Args:
            content: What is shown when all is well.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._stack = FrontLayout(self)
        self._content = content
        self._notice: QWidget | None = None
        self._blank = QWidget()
        self._stack.addWidget(content)
        self._stack.addWidget(self._blank)

    @property
    def blank(self) -> bool:
        """Whether there is nothing to show yet: whatever the content holds is of before."""
        return self._stack.currentWidget() is self._blank

    def show_nothing(self) -> None:
        """Hide what is no longer true, until there is something to show."""
        self._drop()
        self._stack.setCurrentWidget(self._blank)

    def show_content(self) -> None:
        """Bring the content back."""
        self._stack.setCurrentWidget(self._content)
        self._drop()

    def show_loading(self, words: str = "") -> None:
        """Say that reading is under way; call it only when it takes longer than an eye blink."""
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(theme.px(220))
        self._put(notice("clock", "muted", words or tr("Reading…"), action=bar))

    def show_empty(self, title: str, advice: str = "", action: QWidget | None = None) -> None:
        """Say that there is nothing, and what to do about it."""
        self._put(notice("info", "muted", title, advice, action))

    def show_error(self, error: WorkstationError, again: Callable[[], None] | None = None) -> None:
        """Say what went wrong, with a button to try again."""
        words = explain(error)
        action = button(tr("Try again"), again, symbol="sync") if again else None
        tone = "danger" if error.family == "damaged" else "warn"
        self._put(notice("warning", tone, words.title, words.advice, action))

    def _put(self, page: QWidget) -> None:
        self._drop()
        self._notice = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def _drop(self) -> None:
        if self._notice is not None:
            self._stack.removeWidget(self._notice)
            self._notice.deleteLater()
            self._notice = None


class FieldNote(QLabel):
    """The words beside a field: what is wrong with it, or what it wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "caption")
        self.setProperty("tone", "danger")
        self.setWordWrap(True)

    def say(self, error: WorkstationError | None) -> None:
        """Show the words for an error, or nothing."""
        self.setText(f"▲ {explain(error).line}" if error else "")
