"""Panels that lie on the window for a moment: no dialog, no grab, Escape puts them away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.banner import PatientBanner

CLEAR_OF_BANNER = 150
"""Pixels at 100 % above every panel: bar and patient banner stay in sight, also a high one."""

_CLEAR_OF_STRIP = 40
"""Pixels at 100 % below: the connection stays in sight too."""


class Overlay(QFrame):
    """A floating panel in the upper middle of the widget it lies on."""

    def __init__(self, over: QWidget, width: int, height: int = 0) -> None:
        """Lie hidden over a widget.

        Args:
            over: The widget to lie on.
            width: Pixels at 100 %.
            height: Pixels at 100 % where there is room for them; 0 for what is inside.
        """
        super().__init__(over)
        self._over = over
        self._wanted = (width, height)
        self._before: QWidget | None = None
        self.setProperty("floating", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.box = QVBoxLayout(self)
        gap = theme.px(12)
        self.box.setContentsMargins(gap, gap, gap, gap)
        self.box.setSpacing(theme.px(8))
        over.installEventFilter(self)
        self.hide()

    def open_at(self, focus: QWidget) -> None:
        """Show the panel and put the keys on one of its widgets."""
        if self.isHidden():  # asked for twice, it still gives the keys back to who had them
            self._before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_away(self) -> None:
        """Hide the panel and give the keys back to who had them."""
        if self.isHidden():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the panel away."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget below."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def fit(self) -> None:
        """Take the room that what is inside needs now."""
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        self.box.activate()  # what changed while it was hidden counts too
        margin, top = theme.px(16), self.top()
        wide, high = self._wanted
        width = min(theme.px(wide), self._over.width() - 2 * margin)
        wanted = theme.px(high) if high else self.sizeHint().height()
        height = min(wanted, self._over.height() - top - theme.px(_CLEAR_OF_STRIP))
        self.setGeometry((self._over.width() - width) // 2, top, width, height)

    def top(self) -> int:
        """Where it begins: below bar and banner."""
        top = min(theme.px(CLEAR_OF_BANNER), self._over.height() // 4)
        for banner in self._over.findChildren(PatientBanner):
            if banner.isVisible():
                end = banner.mapTo(self._over, banner.rect().bottomLeft()).y()
                top = max(top, end + theme.px(4))
        return top
