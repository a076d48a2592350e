"""A person who uses this terminal, as a tile to pick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme

if TYPE_CHECKING:
    from workstation.security.people import Person, Role


def role_word(role: Role) -> str:
    """What somebody does, in words."""
    words: dict[str, str] = {
        "nurse": tr("Nurse"),
        "doctor": tr("Doctor"),
        "reception": tr("Reception"),
        "head-nurse": tr("Head nurse"),
        "administrator": tr("Administrator"),
    }
    return words[role]


def initials(name: str) -> str:
    """First letters of the family and the given name: NGUYỄN Thị Mai is NM."""
    parts = name.split()
    return "".join(
        part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)
    ).upper()


class PersonTile(QAbstractButton):
    """One person; checked while picked."""

    def __init__(self, person: Person, parent: QWidget | None = None) -> None:
        """Show a person.

        Args:
            person: Who.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.person = person
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setText(person.name)
        self.setAccessibleName(f"{person.name}, {role_word(person.role)}")
        self.setToolTip(person.name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Wide enough for a long name."""
        return QSize(theme.px(270), theme.px(64))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw initials, name and role."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ring = self.hasFocus() or self.isChecked()
        painter.setPen(QPen(theme.colour("focus" if ring else "line"), 2 if ring else 1))
        ground = "selected" if self.isChecked() else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(area, theme.px(8), theme.px(8))
        side = theme.px(40)
        circle = QRectF(theme.px(12), (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(circle)
        painter.setPen(theme.colour("on_accent"))
        painter.setFont(theme.font("strong"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(self.person.name))
        self._write(painter, circle.right() + theme.px(12))

    def _write(self, painter: QPainter, left: float) -> None:
        wide = self.width() - left - theme.px(10)
        half = self.height() / 2
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(
            self.person.name, Qt.TextElideMode.ElideMiddle, int(wide)
        )
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRectF(left, 0, wide, half + theme.px(1)), bottom, name)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font("caption"))
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        role = role_word(self.person.role)
        painter.drawText(QRectF(left, half + theme.px(3), wide, half), top, role)
