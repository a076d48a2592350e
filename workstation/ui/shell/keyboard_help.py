"""Keyboard help (F1): every shortcut there is, from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QScrollArea, QWidget

from workstation.kernel.words import tr
from workstation.ui.shell.overlay import Overlay
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import ACTIONS, ActionSpec
from workstation.ui.toolkit.widgets.text import button, label


class KeyboardHelp(Overlay):
    """Two columns: what works everywhere, and what the screen in front knows."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, 860)
        self.box.addWidget(label(tr("Keyboard help"), "heading"))
        inside = QWidget()
        inside.setProperty("ground", "surface")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(4))
        everywhere = [each for each in ACTIONS if each.shortcut and each.scope == "window"]
        on_screens = [each for each in ACTIONS if each.shortcut and each.scope == "screen"]
        _fill(grid, 0, tr("Everywhere"), everywhere)
        _fill(grid, 3, tr("On the screen in front"), on_screens)
        grid.setColumnMinimumWidth(2, theme.px(24))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        self._scroll = _AsTallAsNeeded(inside)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self.box.addWidget(self._scroll, 1)
        self.box.addWidget(
            label(
                tr("Tab and Shift+Tab move through the work in its order. Escape closes a panel."),
                "caption",
                wrap=True,
            )
        )
        self._close: QPushButton = button(tr("Close"), self.put_away, symbol="close")
        self.box.addWidget(self._close, alignment=Qt.AlignmentFlag.AlignRight)

    def open_help(self) -> None:
        """Show it; where not all fits, the arrows scroll."""
        self.open_at(self._close)
        self.box.activate()
        if self._scroll.verticalScrollBar().maximum() > 0:
            self._scroll.setFocus(Qt.FocusReason.ShortcutFocusReason)


class _AsTallAsNeeded(QScrollArea):
    """Wants all of what is inside it, and scrolls when it does not get that."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        """The size of what is inside."""
        return self._inside.sizeHint()


def _fill(grid: QGridLayout, column: int, title: str, actions: list[ActionSpec]) -> None:
    grid.addWidget(label(title, "caption"), 0, column, 1, 2)
    for row, action in enumerate(actions, 1):
        grid.addWidget(label(action.keys(), "strong", "accent"), row, column)
        grid.addWidget(label(action.label()), row, column + 1)
