"""Keys for a PIN on the screen, for gloved fingers on a touch panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme

DELETE, ENTER = "⌫", "✓"
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", ENTER)
_COLUMNS = 3


class PinPad(QWidget):
    """Ten digits, delete and enter; they never take the focus from the field."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        """Lay out the keys.

        Args:
            pressed: Gets a digit, `DELETE` or `ENTER`.
        """
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        names = {DELETE: tr("Delete"), ENTER: tr("Log in")}
        for number, key in enumerate(_KEYS):
            made = QPushButton(key)
            made.setProperty("pad", True)
            made.setAccessibleName(names.get(key, key))
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _checked, key=key: pressed(key))
            grid.addWidget(made, number // _COLUMNS, number % _COLUMNS)
