"""One value in the comparison: what it is, whether it differs, whether it is the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme


class ValueCell(QLabel):
    """A value on its ground: plain as before, marked where it differs, framed where chosen."""

    def __init__(self, value: str, *, differs: bool) -> None:
        """Show a value.

        Args:
            value: In words; empty for none.
            differs: Whether it is another one than before.
        """
        super().__init__(f"≠ {value or tr('nothing')}" if differs else value or tr("nothing"))
        self._differs, self._chosen = differs, False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font("value" if differs else "body"))
        self.setProperty("role", "strong" if differs else "body")
        self.setProperty("tone", "" if value else "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setContentsMargins(theme.px(10), theme.px(7), theme.px(10), theme.px(7))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setMinimumWidth(theme.px(160))

    def choose(self, *, chosen: bool) -> None:
        """Say whether this value is to count."""
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        radius = theme.px(5)
        if self._chosen:
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(area, radius, radius)
        elif self._differs:
            painter.setPen(QPen(theme.colour("warn"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(theme.colour("warn_soft"))
            painter.drawRoundedRect(area, radius, radius)
        painter.end()
        super().paintEvent(event)
