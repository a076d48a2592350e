"""Lists of colleagues to choose from: whose signature is wanted, and who led a consultation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from workstation.clinical.co_signature import WANTED_ROLES, Wanted
from workstation.clinical.consultation import Member
from workstation.kernel.words import tr
from workstation.services.note_signatures import Colleague
from workstation.ui.screens.chart.signature_words import role_words
from workstation.ui.toolkit import theme


class WantedChoice(QComboBox):
    """Nobody, anybody with a role, or one colleague."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Second signature"))
        self.setMinimumWidth(theme.px(220))
        self._people: Sequence[Colleague] = ()
        self.choose(None)

    def choose(self, wanted: Wanted | None) -> None:
        """Show who is asked; somebody who is not in the list is added to it."""
        self.clear()
        self.addItem(tr("not needed"), None)
        for role in WANTED_ROLES:
            self.addItem(role_words(role), Wanted(role=role))
        for each in self._people:
            self.addItem(each.name, Wanted(person=each.id, name=each.name))
        self.setCurrentIndex(_place(self, wanted, wanted.name if wanted else ""))

    def offer(self, people: Sequence[Colleague]) -> None:
        """Know whom to offer; what is chosen stays."""
        self._people = people
        self.choose(self.wanted())

    def wanted(self) -> Wanted | None:
        """Whose signature is wanted."""
        found: Wanted | None = self.currentData()
        return found


class ChairChoice(QComboBox):
    """Who led a consultation: a doctor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Chair"))
        self._people: Sequence[Colleague] = ()
        self.choose(None)

    def choose(self, chair: Member | None) -> None:
        """Show somebody; who is not in the list is added to it."""
        self.clear()
        self.addItem(tr("Choose…"), None)
        for each in self._people:
            self.addItem(each.name, Member(each.name, each.id))
        self.setCurrentIndex(_place(self, chair, chair.name if chair else ""))

    def offer(self, people: Sequence[Colleague]) -> None:
        """Know whom to offer; who is chosen stays."""
        self._people = people
        self.choose(self.chair())

    def chair(self) -> Member | None:
        """Who it was."""
        found: Member | None = self.currentData()
        return found


def _place(choice: QComboBox, value: Wanted | Member | None, name: str) -> int:
    """Where a value stands; at the end if it was not there."""
    places = [n for n in range(choice.count()) if choice.itemData(n) == value]
    if value is not None and not places:
        choice.addItem(name, value)
        return choice.count() - 1
    return places[0] if places else 0
