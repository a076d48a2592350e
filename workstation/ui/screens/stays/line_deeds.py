"""The buttons below the list, and their keys: what can be done with the line with the cursor."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.security.rights import holds
from workstation.services.admissions import Kind, Line
from workstation.ui.screens.stays.deeds import DEEDS
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button

OFFERED: Final[dict[Kind, tuple[str, ...]]] = {
    "incoming": ("accept", "refuse"),
    "expected": ("admit", "cancel", "change_expected"),
    "refused": ("transfer",),
    "outgoing": ("withdraw", "transfer"),
    "leave": ("return", "take_back"),
    "left": ("take_back",),
}
"""What can be done with a line; Enter does the first, R the second, E the third."""
_KEYS: Final = ("Enter", "R", "E")
CHART: Final = "chart"
ADMIT: Final = "admit"
NEW: Final = "admit_new"
EXPECT: Final = "expect"
EXPECT_NEW: Final = "expect_new"


class LineDeeds(QWidget):
    """One row of buttons.

    Signals:
        chosen: arg 0: a key of `DEEDS`, or `CHART`.
    """

    chosen = Signal(str)

    def __init__(self, role: str) -> None:
        """Show nothing yet.

        Args:
            role: Of the person who works here.
        """
        super().__init__()
        self._role = role
        self._offered: list[str] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(8))
        self.setMinimumHeight(theme.px(34))

    def show_for(self, line: Line | None) -> None:
        """Show what the person may do with a line."""
        offered = OFFERED[line.kind] if line is not None else ()
        wanted = [deed for deed in offered if holds(self._role, DEEDS[deed].right)]
        wanted += [CHART] if line is not None else []
        if wanted == self._offered:
            return
        self._offered = wanted
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, deed in enumerate(wanted):
            words, key = self._words(deed, number)
            kind = "primary" if not number and deed != CHART else ""
            self._row.addWidget(button(f"{words}  [{key}]", partial(self.chosen.emit, deed),
                                       kind=kind, hint=key))  # fmt: skip
        self._row.addStretch(1)

    def first(self) -> str:
        """What Enter does; empty when the chart is all there is."""
        return next((deed for deed in self._offered if deed != CHART), CHART)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """On the list: R and E do more, C opens the chart, N and P are for somebody new."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        deeds = [deed for deed in self._offered if deed != CHART]
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if event.key() == Qt.Key.Key_N:  # Qt's list would look for somebody whose name begins so
            self.chosen.emit(NEW)
        elif event.key() == Qt.Key.Key_P:
            self.chosen.emit(EXPECT_NEW)
        elif event.key() == Qt.Key.Key_C and self._offered:
            self.chosen.emit(CHART)
        elif event.key() == Qt.Key.Key_R and len(deeds) > 1:
            self.chosen.emit(deeds[1])
        elif event.key() == Qt.Key.Key_E and len(deeds) > 2:  # noqa: PLR2004 - the third
            self.chosen.emit(deeds[2])
        else:
            return False
        return True

    def _words(self, deed: str, number: int) -> tuple[str, str]:
        if deed == CHART:
            return tr("Open the chart"), "C"
        words = tr("Take back…") if deed == "take_back" else DEEDS[deed].verb()
        return words, _KEYS[number]
