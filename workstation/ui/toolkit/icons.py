"""Our own few icons, drawn as SVG lines and inked in a colour of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workstation.kernel import resources
from workstation.ui.toolkit import theme

_AIR = 1.3
"""Icons on buttons are wider than high: the rest keeps them clear of the words."""


def pixmap(name: str, token: str = "text", size: int = 16) -> QPixmap:
    """An icon as a picture.

    Args:
        name: A file in ``resources/icons`` without its ending.
        token: The colour of its lines, a name in `Tokens`.
        size: Its side in pixels at 100 %.
    """
    return _drawn(name, theme.colour(token).name(), theme.px(size))


def icon(name: str, token: str = "text") -> QIcon:
    """An icon for buttons and menus, readable when disabled too."""
    made = QIcon(_drawn(name, theme.colour(token).name(), theme.px(32), _AIR))
    muted = _drawn(name, theme.colour("muted").name(), theme.px(32), _AIR)
    made.addPixmap(muted, QIcon.Mode.Disabled)
    return made


def icon_size() -> QSize:
    """The size to give a button whose icon comes from `icon`."""
    return QSize(round(theme.px(16) * _AIR), theme.px(16))


@cache
def _source(name: str) -> str:
    return (resources.folder() / "icons" / f"{name}.svg").read_text("utf-8")


@cache
def _drawn(name: str, ink: str, side: int, width: float = 1.0) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", ink).encode()))
    picture = QPixmap(QSize(round(side * width), side))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return picture
