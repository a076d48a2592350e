"""The switch between one's own patients and all: the same word and key on every list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.text import button


def mine_button(perform: Callable[[str], object]) -> QPushButton:
    """A button that stays down while only one's own patients are shown.

    Args:
        perform: Does an action of the screen by its id.
    """
    made = button(
        tr("My patients"), lambda: perform("my_patients"), symbol="person", hint="Ctrl+Alt+M"
    )
    made.setCheckable(True)
    return made
