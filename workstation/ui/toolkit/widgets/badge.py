"""Small marks that say something by shape, word and colour at once: chips and score badges."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.widgets.text import label

Risk = Literal[0, 1, 2, 3]
"""Colour of the published chart: 0 white, 1 yellow, 2 orange, 3 red."""
_RED = 3
_GROUNDS = ("news_none", "news_low", "news_medium", "news_high")


def paint_score(
    painter: QPainter, area: QRectF, text: str, risk: Risk, *, complete: bool = True
) -> None:
    """Draw an early-warning score; an incomplete one has a dashed border and a star.

    Args:
        painter: Where to; its font is kept.
        area: The rectangle to fill.
        text: The number.
        risk: Its colour; red also has the widest border, for monochrome print.
        complete: Whether no parameter was missing.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour("border" if risk < _RED else "on_news"))
    pen.setWidthF(1.2 if risk < _RED else 2.0)
    if not complete:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(theme.colour(_GROUNDS[risk]))
    radius = theme.px(5)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)
    painter.setPen(theme.colour("on_news_high" if risk == _RED else "on_news"))
    font = theme.font("value")
    painter.setFont(font)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text if complete else f"{text}*")
    painter.restore()


class ScoreBadge(QWidget):
    """An early-warning score with the colour of its risk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._complete = "–", False
        self._risk: Risk = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_score(
        self, score: int | None, risk: Risk, *, complete: bool = True, scale: str = "NEWS2"
    ) -> None:
        """Show a score.

        Args:
            score: The sum, or None when nothing was measured.
            risk: Its colour.
            complete: Whether no parameter was missing.
            scale: Name of the score.
        """
        self._text = "–" if score is None else str(score)
        self._risk, self._complete = risk, complete and score is not None
        words = tr("{scale} score {score}", scale=scale, score=self._text)
        missing = "" if self._complete else f" · {tr('not complete')}"
        self.setToolTip(words + missing)
        self.setAccessibleName(words + missing)
        self.update()

    def sizeHint(self) -> QSize:
        """A fixed small rectangle."""
        return QSize(theme.px(38), theme.px(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        complete = self._complete or self._text == "–"
        area = QRectF(self.rect())
        paint_score(QPainter(self), area, self._text, self._risk, complete=complete)


class Chip(QWidget):
    """An icon and a word on a soft ground."""

    def __init__(
        self, text: str, tone: str = "", symbol: str = "", parent: QWidget | None = None
    ) -> None:
        """Start with a text.

        Args:
            text: Translated words.
            tone: ``accent``, ``ok``, ``warn``, ``danger`` or nothing.
            symbol: Name of an icon.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._symbol = QLabel()
        self._words = label(text)
        above = theme.marks_above("body")
        self._symbol.setContentsMargins(0, above, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(7), max(0, theme.px(2) - above), theme.px(9), theme.px(2))
        row.setSpacing(theme.px(5))
        row.addWidget(self._symbol)
        row.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text, tone, symbol)

    def say(self, text: str, tone: str = "", symbol: str = "") -> None:
        """Show other words, as in the constructor."""
        self._tone = tone
        self._words.setText(text)
        self._symbol.setVisible(bool(symbol))
        if symbol:
            self._symbol.setPixmap(pixmap(symbol, tone or "muted", 14))
        self.update()

    def text(self) -> str:
        """The words on it."""
        return self._words.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw its ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(self._tone or "line"), 1))
        painter.setBrush(theme.colour(f"{self._tone}_soft" if self._tone else "sunken"))
        radius = theme.px(5)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
