"""What is done with a handover: give it, take it over, ask back; at the foot of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel import words
from workstation.kernel.changes import Changes
from workstation.kernel.words import tr
from workstation.security.people import Person
from workstation.services import handover
from workstation.services.assignment import Shift
from workstation.services.handover import Handover, Patient
from workstation.ui.screens.handover.giving import AskBack, TakeOver
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the panel names, whatever the list shows by the time the PIN has been proved."""

    rows: tuple[Patient, ...]
    takes: bool
    shift: Shift


class Deeds(QWidget):
    """Buttons, and the panel that asks for a PIN or a question.

    Signals:
        done: Something was given, taken over or asked.
        closed: The keys go back to the list.
    """

    done = Signal()
    closed = Signal()

    def __init__(self, workplace: Workplace, keys: str, parent: QWidget | None = None) -> None:
        """Start with nobody chosen.

        Args:
            workplace: What it works with.
            keys: The keys of the page, in words.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._rows: tuple[Patient, ...] = ()
        self._row: Patient | None = None
        self._shift: Shift | None = None
        self._asked: _Asked | None = None
        self._questioned: Handover | None = None
        self.take_over, self.asking = TakeOver(workplace), AskBack(self._ask_back)
        self.go = button("", self.act, kind="primary", symbol="handover", hint="Ctrl+Enter")
        self.ask = button(tr("Ask back…"), self.open_question, symbol="help")
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(10))
        foot.addWidget(label(keys, "caption", "muted"), 1)
        foot.addWidget(self.ask)
        foot.addWidget(self.go)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        for panel in (self.take_over, self.asking):
            box.addWidget(panel)
            panel.closed.connect(self.closed)
        box.addLayout(foot)
        self.take_over.proved.connect(self._on_proved)

    def be_about(self, rows: Sequence[Patient], row: Patient | None, shift: Shift) -> None:
        """Say what would be done now.

        Args:
            rows: The ticked patients, or all in sight.
            row: The one with the cursor: what waits for the person is taken over, else given.
            shift: The shift that hands over.
        """
        self._row, self._shift = row, shift
        taken = self._takes()
        able = [each for each in rows if self._for_me(each) == taken]
        self._rows = tuple(each for each in able if taken or each.state != "accepted")
        count = len(self._rows)
        give, take = tr("Hand over {count}…", count=count), tr("Take over {count}…", count=count)
        self.go.setText(take if taken else give)
        self.go.setEnabled(bool(count))
        self.ask.setVisible(taken)

    def act(self) -> None:
        """Ask for the PIN of whoever takes over."""
        if not self._rows or self._shift is None:
            return
        self._asked = _Asked(self._rows, self._takes(), self._shift)
        count = len(self._rows)
        beds = ", ".join(each.who.bed_name or "–" for each in self._rows)
        give = tr("Hand over ({count}): {beds}", count=count, beds=beds)
        take = tr("Take over ({count}): {beds}", count=count, beds=beds)
        self.asking.hide()
        self.take_over.ask(take if self._takes() else give, own=self._takes())

    def open_question(self) -> None:
        """Let a question be typed to whoever gave the handover with the cursor."""
        if self._row is not None and self._row.last is not None:
            self.take_over.hide()
            self._questioned = self._row.last
            name = self._row.last.giver
            self.asking.open_for(tr("Ask {name} before taking over", name=name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes what is open, whichever button has the keys, and goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.take_over.hide()
            self.asking.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _takes(self) -> bool:
        return self._row is not None and self._for_me(self._row)

    def _for_me(self, row: Patient) -> bool:
        return row.waits_for(self.workplace.desk.person.id)

    @Slot(object)
    def _on_proved(self, person: Person | None) -> None:
        desk, asked, tongue = self.workplace.desk, self._asked, words.language()
        if asked is None:
            return
        read = [each.last for each in asked.rows if each.last is not None]
        patients = [each.who.patient for each in asked.rows]

        def write() -> Changes:
            if asked.takes and person is not None:
                return handover.accept(desk, read, by=person)
            return handover.give(desk, patients, asked.shift, tongue, to=person)

        count = len(patients)
        said = (
            tr("Waiting to be taken over: {count}.", count=count)
            if person is None
            else tr("{name} has taken over: {count}.", name=person.name, count=count)
        )
        self.workplace.tasks.command(
            write,
            done=partial(self._on_done, self.take_over, said),
            failed=self.take_over.refuse,
            owner=self,
        )

    def _ask_back(self, question: str) -> None:
        asked, desk = self._questioned, self.workplace.desk
        if asked is None:
            return
        own, said = asked.id, tr("The question stands beside the handover.")
        self.workplace.tasks.command(
            lambda: handover.ask_back(desk, own, question),
            done=partial(self._on_done, self.asking, said),
            failed=self.asking.refuse,
            owner=self,
        )

    def _on_done(self, panel: TakeOver | AskBack, said: str, _changes: Changes) -> None:
        self.workplace.navigator.toast(said)
        panel.close_panel()
        self.done.emit()
