"""The picture of a body from the front and the back, with numbered marks where things lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from workstation.clinical.body_site import Face, Point
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme

_FACES: Final[tuple[Face, ...]] = ("front", "back")
_WIDE, _HIGH = 100.0, 200.0
"""The figure's own measures; a point's x and y are shares of them."""
_HEAD: Final = 26
"""Pixels above the figures, for their names."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark.

    Attributes:
        number: As in the list.
        point: Where.
        wound: Drawn as a square; all else as a circle.
        grave: Something has to be done there.
        chosen: It is the one in focus.
    """

    number: int
    point: Point
    wound: bool
    grave: bool
    chosen: bool


class BodyPicture(QWidget):
    """The picture.

    Signals:
        pointed: The mark that is being set was moved. arg 0: its `Point`.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._pending: Point | None = None
        self.setAccessibleName(tr("Picture of the body"))
        self.setFixedWidth(theme.px(310))
        self.setMinimumHeight(theme.px(300))

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show what lies where."""
        self._marks = tuple(marks)
        self.update()

    def set_pending(self, point: Point | None) -> None:
        """Show the mark that is being set, which arrows and mouse move; none when None."""
        self._pending = point
        self.update()

    @property
    def pending(self) -> Point | None:
        """The mark that is being set."""
        return self._pending

    def sizeHint(self) -> QSize:
        """Two figures beside each other."""
        return QSize(theme.px(310), theme.px(370))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the mark, with Shift further; Space turns the body round."""
        step = _STEPS.get(Qt.Key(event.key()))
        if self._pending is None or (step is None and event.key() != Qt.Key.Key_Space):
            super().keyPressEvent(event)
            return
        far = 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moved = self._pending.turned()
        if step is not None:
            moved = self._pending.moved(step[0] * far, step[1] * far)
        self._point(moved)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the mark where one clicks."""
        if self._pending is None:
            return
        for face in _FACES:
            box = self._box(face)
            if box.contains(event.position()):
                x = (event.position().x() - box.left()) / box.width()
                y = (event.position().y() - box.top()) / box.height()
                self._point(Point(face, Decimal(f"{x:.2f}"), Decimal(f"{y:.2f}")))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both figures and the marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("surface"))
        for face in _FACES:
            self._paint_figure(painter, face)
        for mark in sorted(self._marks, key=lambda each: each.chosen):
            self._paint_mark(painter, mark)
        if self._pending is not None:
            self._paint_pending(painter, self._pending)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _point(self, point: Point) -> None:
        self._pending = point
        self.update()
        self.pointed.emit(point)

    def _box(self, face: Face) -> QRectF:
        """Where a figure stands, in pixels."""
        head, gap = theme.px(_HEAD), theme.px(6)
        half = self.width() / 2
        height = min(self.height() - head - gap, (half - gap) * 2)
        width = height / 2
        left = (half - width) / 2 + (half if face == "back" else 0)
        return QRectF(left, head, width, height)

    def _at(self, point: Point) -> QPointF:
        box = self._box(point.face)
        across, down = float(point.x) * box.width(), float(point.y) * box.height()
        return QPointF(box.left() + across, box.top() + down)

    def _paint_figure(self, painter: QPainter, face: Face) -> None:
        box = self._box(face)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font("caption"))
        half = self.width() / 2
        words = tr("Front") if face == "front" else tr("Back of the body")
        strip = QRectF(half if face == "back" else 0, 0, half, theme.px(_HEAD))
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, words)
        sides = (tr("side|R"), tr("side|L"))
        for place, words_of_side in enumerate(sides if face == "front" else sides[::-1]):
            side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            painter.drawText(box, side | Qt.AlignmentFlag.AlignTop, words_of_side)
        painter.save()
        painter.translate(box.topLeft())
        painter.scale(box.width() / _WIDE, box.height() / _HIGH)
        painter.setBrush(theme.colour("sunken"))
        painter.setPen(QPen(theme.colour("border"), 0.9))
        painter.drawPath(figure())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_details(face))
        painter.restore()

    def _paint_mark(self, painter: QPainter, mark: Mark) -> None:
        at, size = self._at(mark.point), theme.px(9)
        ground = "danger" if mark.grave else "accent"
        ink = "on_danger" if mark.grave else "on_accent"
        box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
        if mark.chosen:
            around = box.adjusted(-4, -4, 4, 4)
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(around) if mark.wound else painter.drawEllipse(around)
        painter.setBrush(theme.colour(ground))
        painter.setPen(QPen(theme.colour("surface"), 1))
        painter.drawRect(box) if mark.wound else painter.drawEllipse(box)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font("caption"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(mark.number))

    def _paint_pending(self, painter: QPainter, point: Point) -> None:
        at, size = self._at(point), theme.px(10)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus"), 2))
        painter.drawEllipse(at, size, size)
        painter.drawLine(at - QPointF(size * 1.6, 0), at + QPointF(size * 1.6, 0))
        painter.drawLine(at - QPointF(0, size * 1.6), at + QPointF(0, size * 1.6))


@cache
def figure() -> QPainterPath:
    """The outline of a standing person, palms forward, the same from front and back."""
    head = QPainterPath()
    head.addEllipse(QPointF(50, 17), 9.5, 13)
    trunk = QPainterPath()
    trunk.addPolygon(
        QPolygonF(
            [
                QPointF(*each)
                for each in (
                    (45, 27),
                    (55, 27),
                    (56, 34),
                    (68, 39),
                    (67, 58),
                    (64, 74),
                    (68, 96),
                    (60, 104),
                    (50, 103),
                    (40, 104),
                    (32, 96),
                    (36, 74),
                    (33, 58),
                    (32, 39),
                    (44, 34),
                )
            ]
        )
    )
    trunk.closeSubpath()
    whole = head.united(_rounded(trunk, 2.5))
    for side in (-1, 1):
        arm = ((50 + side * 19, 44), (50 + side * 27, 70), (50 + side * 36, 98))
        leg = ((50 + side * 9, 100), (50 + side * 9, 140), (50 + side * 10, 186))
        whole = whole.united(_limb(arm, 9)).united(_limb(leg, 13.5))
        hand, foot = QPainterPath(), QPainterPath()
        hand.addEllipse(QPointF(50 + side * 38, 106), 4.6, 8)
        foot.addEllipse(QPointF(50 + side * 11.5, 192), 7.5, 5.5)
        whole = whole.united(hand).united(foot)
    return whole.simplified()


def _limb(points: Sequence[tuple[float, float]], width: float) -> QPainterPath:
    line = QPainterPath(QPointF(*points[0]))
    for each in points[1:]:
        line.lineTo(QPointF(*each))
    return _stroker(width).createStroke(line).simplified()


def _rounded(path: QPainterPath, by: float) -> QPainterPath:
    return path.united(_stroker(by).createStroke(path)).simplified()


def _stroker(width: float) -> QPainterPathStroker:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker


def _details(face: Face) -> QPainterPath:
    """A few lines that tell front from back: face and navel, spine and seat."""
    found = QPainterPath()
    if face == "front":
        for x in (46.5, 53.5):
            found.addEllipse(QPointF(x, 15), 0.7, 0.7)
        found.moveTo(47, 22.5)
        found.quadTo(QPointF(50, 24), QPointF(53, 22.5))
        found.addEllipse(QPointF(50, 80), 0.9, 1.1)
        found.moveTo(38, 50)
        found.quadTo(QPointF(43, 55), QPointF(48, 51))
        found.moveTo(52, 51)
        found.quadTo(QPointF(57, 55), QPointF(62, 50))
    else:
        found.moveTo(50, 38)
        found.lineTo(50, 88)
        found.moveTo(50, 93)
        found.lineTo(50, 103)
        found.moveTo(39, 46)
        found.quadTo(QPointF(42, 54), QPointF(45, 56))
        found.moveTo(61, 46)
        found.quadTo(QPointF(58, 54), QPointF(55, 56))
    return found
