"""What every screen is: a widget with a title that is told when to look, and what changed."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.ui.toolkit.workplace import Workplace


class Screen(QWidget):
    """One page of the window. Subclasses live in ``ui/screens/<feature>/screen.py``."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setProperty("ground", "canvas")

    @abstractmethod
    def title(self) -> str:
        """What this screen is called, translated. Never a patient's name: it names the window."""

    def activate(self) -> None:
        """The screen has come to the front: read again, put the focus where work starts."""

    def arrive(self, **arguments: object) -> None:
        """Take what `Navigator.open_screen` was given, before `activate`."""

    def place(self) -> dict[str, object]:
        """What `arrive` must be given, beside what it was given, to show what shows now."""
        return {}

    def on_changed(self, changes: Changes) -> None:
        """Something was written or synced by others; read again if it concerns this screen."""

    def can_leave(self) -> bool:
        """Whether the screen may be left now. Keep a draft rather than say no."""
        return True

    def perform(self, action_id: str) -> bool:
        """Do what an action with scope ``screen`` asks for.

        Returns:
            Whether this screen knows that action now; the palette hides the others.
        """
        del action_id
        return False

    def offers(self) -> frozenset[str]:
        """Ids of the actions with scope ``screen`` that `perform` would do now."""
        return frozenset()

    def guide(self) -> str:
        """The page of the guide about what is being done here; empty for the screen's own page."""
        return ""

    def foot(self) -> QWidget | None:
        """What at the bottom must stay legible while a toast shows."""
        return None

    def about(self) -> str:
        """Whose record is in front, by the bed, for what names it after; empty when none is."""
        return ""

    def patient(self) -> PatientId | None:
        """The patient on this screen, for actions that need one."""
        return None
