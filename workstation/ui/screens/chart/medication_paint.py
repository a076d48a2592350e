"""How a place of the medication record looks: given is round and full, not given is a crossed box.

What is planned is an empty frame; its weight says whether it is due. Nothing is said by colour
alone: each state has its form and its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workstation.clinical.medication_record import State
from workstation.services.medication_record import Cell, Row
from workstation.ui.screens.chart.medication_model import CELLS_ROLE, COLUMN, Index, MedicationModel
from workstation.ui.screens.chart.medication_words import lower_text, upper_text
from workstation.ui.toolkit import theme

ENTRY: Final = 42
"""Height of one place in pixels at 100 %."""
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class _Look:
    """How a state is drawn."""

    sign: str
    ground: str
    ink: str
    line: str
    weight: float = 1.2
    form: str = "frame"
    pen: Qt.PenStyle = Qt.PenStyle.SolidLine


_LOOKS: Final = {
    State.FUTURE: _Look("", "surface", "muted", "border"),
    State.DUE: _Look("►", "accent_soft", "text", "accent", 2.4),
    State.LATE: _Look("▲", "warn_soft", "text", "warn", 2.4),
    State.MISSED: _Look("?", "danger_soft", "text", "danger", 1.6, pen=Qt.PenStyle.DashLine),
    State.HELD: _Look("‖", "sunken", "muted", "border", pen=Qt.PenStyle.DotLine),
    State.STOPPED: _Look("■", "sunken", "muted", "border", pen=Qt.PenStyle.DotLine),
    State.GIVEN: _Look("✓", "ok_soft", "text", "ok", 1.4, "round"),
    State.PARTIAL: _Look("◐", "ok_soft", "text", "ok", 1.4, "round", Qt.PenStyle.DashLine),
    State.RUNNING: _Look("▶", "ok_soft", "text", "ok", 2.4, "round"),
    State.CHANGED: _Look("↻", "surface", "text", "ok", 1.2, "round"),
    State.WITHHELD: _Look("–", "sunken", "text", "border", 1.4, "crossed"),
    State.REFUSED: _Look("✕", "sunken", "text", "border", 1.4, "crossed"),
    State.UNAVAILABLE: _Look("∅", "sunken", "text", "border", 1.4, "crossed"),
    State.ERROR: _Look("", "surface", "muted", "line", 1.0, "struck"),
    State.UNKNOWN: _Look("?", "warn_soft", "text", "warn", 1.4, pen=Qt.PenStyle.DashLine),
}


class MedicationPainter(QStyledItemDelegate):
    """Paints one column of one row: its places below each other."""

    def __init__(self, model: MedicationModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.chosen: Cell | None = None
        """The place with the cursor."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw ground, now line and places."""
        area: QRect = option.rect
        line = self._model.lines[index.row()]
        cells: tuple[Cell, ...] = index.data(CELLS_ROLE) or ()
        painter.save()
        self._ground(painter, area, index.column())
        height = theme.px(ENTRY)
        top = area.top() + max((area.height() - height * max(len(cells), 1)) // 2, 0)
        for number, cell in enumerate(cells):
            box = QRect(area.left(), top + number * height, area.width(), height)
            paint_cell(painter, box, line.row, cell, chosen=cell is self.chosen)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, column: int) -> None:
        """The past is darker than the future; a line stands at the present."""
        sheet = self._model.sheet
        if sheet is None:
            return
        begins = sheet.since + column * COLUMN
        passed = min(max((sheet.now - begins) / COLUMN, 0.0), 1.0)
        edge = area.left() + round(area.width() * passed)
        painter.fillRect(area, theme.colour("surface"))
        painter.fillRect(
            QRect(area.left(), area.top(), edge - area.left(), area.height()),
            theme.colour("canvas"),
        )
        painter.setPen(theme.colour("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topRight(), area.bottomRight())
        if 0 < passed < 1:
            painter.setPen(QPen(theme.colour("danger"), theme.px(2)))
            painter.drawLine(edge, area.top(), edge, area.bottom())


def paint_cell(
    painter: QPainter, area: QRect, row: Row | None, cell: Cell, *, chosen: bool
) -> None:
    """Draw one place.

    Args:
        painter: Where to.
        area: What to fill.
        row: Its order; None when none is known.
        cell: The place.
        chosen: Whether the cursor is on it.
    """
    look = _LOOKS[cell.place.state]
    gap = theme.px(3)
    box = QRectF(area.adjusted(gap, gap - 1, -gap, -gap + 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(look.line), look.weight, look.pen))
    painter.setBrush(theme.colour(look.ground))
    radius = box.height() / 2.6 if look.form == "round" else theme.px(2)
    painter.drawRoundedRect(box, radius, radius)
    if look.form == "crossed":
        _cross(painter, box)
    _texts(painter, box, row, cell, look)
    if chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus"), max(3, theme.px(3))))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), theme.px(4), theme.px(4))


def _cross(painter: QPainter, box: QRectF) -> None:
    """Two corners cut off, so that what was not given never looks like what was."""
    painter.setPen(QPen(theme.colour("border"), 1.4))
    cut = theme.px(11)
    painter.drawLine(QPointF(box.right() - cut, box.top()), QPointF(box.right(), box.top() + cut))
    painter.drawLine(
        QPointF(box.left() + cut, box.bottom()), QPointF(box.left(), box.bottom() - cut)
    )


def _texts(painter: QPainter, box: QRectF, row: Row | None, cell: Cell, look: _Look) -> None:
    half = box.height() / 2
    upper = QRectF(box.left(), box.top() + 1, box.width(), half)
    lower = QRectF(box.left(), box.top() + half - 1, box.width(), half)
    shown = cell.shown
    painter.setPen(theme.colour(look.ink))
    font = theme.font("body" if look.ink == "muted" else "strong")
    font.setStrikeOut(look.form == "struck")
    painter.setFont(font)
    mark = "2×" if cell.place.twice else look.sign
    words = f"{mark} {upper_text(cell)}".strip()
    if shown is not None and shown.timing:
        words += " ▲" if shown.timing == "late" else " ▼"
    painter.drawText(upper, _CENTRE, words)
    small = theme.font("caption")
    small.setStrikeOut(look.form == "struck")
    painter.setFont(small)
    text = lower_text(row, cell)
    if any(given.effect_wanted for given in cell.doses):
        text = f"E? {text}"
    room = int(lower.width()) - theme.px(6)
    fitted = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(lower, _CENTRE, fitted)
    if any(given.unsent for given in cell.doses):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warn"))
        side = theme.px(6)
        painter.drawEllipse(QRectF(box.right() - side - 2, box.top() + 2, side, side))
