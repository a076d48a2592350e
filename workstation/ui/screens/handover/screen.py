"""The handover: one's patients left, four texts right, one PIN at the end."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workstation.kernel import settings as table
from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import assignment, handover
from workstation.services.handover import Patient, Round
from workstation.ui.screens.handover.deeds import Deeds
from workstation.ui.screens.handover.paper import ListPrinter
from workstation.ui.screens.handover.patient_side import PatientSide
from workstation.ui.screens.handover.wording import columns
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.mine import mine_button
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_LIST = 560


class HandoverScreen(Screen):
    """Prepares, gives and takes over the patients of a shift."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._round: Round | None = None
        self._all: bool | None = None
        self._ticked: set[PatientId] = set()
        person = workplace.desk.person.id
        cells = columns(lambda row: row.who.patient in self._ticked, person)
        self.model: RowsModel[Patient] = RowsModel(cells, self)
        self.view = RowsView(self.model)
        self.view.wrap_rows(34)
        self.view.setAccessibleName(tr("Handover"))
        self.view.installEventFilter(self)
        self.side, self.deeds = PatientSide(workplace), Deeds(workplace, _keys())
        self.paper = ListPrinter(workplace, self)
        self._title, self._as_of = label("", "title"), label("", "caption", "muted")
        self._mine = mine_button(self.perform)
        self._pages = Pages(_halves(self.view, self.side))
        self._pages.show_loading()
        self._lay_out()
        self._tie()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Handover")

    def activate(self) -> None:
        """Read again; the list has the keys."""
        self._read()
        self.view.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when anything of the people on the ward has changed."""
        people = {each.who.patient for each in self._round.patients} if self._round else set()
        if changes.ward or people & changes.patients:
            self._read()

    def can_leave(self) -> bool:
        """Always: what is changed is kept as a draft."""
        self.side.sheet.flush()
        return True

    def patient(self) -> PatientId | None:
        """Whose line the cursor is on."""
        row = self._row()
        return row.who.patient if row is not None else None

    def offers(self) -> frozenset[str]:
        """Whose patients, giving or taking over, the list on paper, reading again."""
        return frozenset({"my_patients", "sign", "print", "save", "refresh"})

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        if action_id == "my_patients":
            self._all = not self._shows_all()
            self._show()
        elif action_id == "sign":
            self.side.sheet.flush()
            self.deeds.act()
        elif action_id == "refresh":
            self._read()
        elif action_id in ("print", "save"):
            self.side.sheet.flush()
            output = self.paper.output
            out = output.ask_printer if action_id == "print" else output.ask_file
            self.paper.make([e.who.patient for e in self._wanted()], shift_now(self.workplace), out)
        return action_id in self.offers()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space ticks, Enter goes into the texts."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Space and plain:
                self._tick()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.side.sheet.focus_first()
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(self._title, 1)
        paper = button(
            tr("Print list"), partial(self.perform, "print"), symbol="print", hint="Ctrl+P"
        )
        for widget in (self._as_of, paper, self._mine):
            head.addWidget(widget)
        box = QVBoxLayout(self)
        gap = theme.px(14)
        box.setContentsMargins(gap, theme.px(10), gap, theme.px(8))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(self._pages, 1)
        box.addWidget(self.deeds)

    def _tie(self) -> None:
        self.view.selectionModel().currentRowChanged.connect(self._show_patient)
        self.side.failed.connect(self._on_unreadable)
        self.side.sheet.left.connect(self._back_to_list)
        self.side.sheet.stepped.connect(self._on_stepped)
        self.side.sheet.kept.connect(self._read)
        self.deeds.done.connect(self._on_done)
        self.deeds.closed.connect(self._back_to_list)
        self.setFocusProxy(self.view)

    def _row(self) -> Patient | None:
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    @Slot()
    def _read(self) -> None:
        desk, shift = self.workplace.desk, shift_now(self.workplace)
        self.workplace.tasks.query(
            lambda: handover.read(desk, shift), done=self._on_read, failed=self._on_unreadable
        )

    @Slot(object)
    def _on_read(self, found: Round) -> None:
        self._round = found
        self._show()

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self.deeds.hide()
        self._pages.show_error(error, self._read)

    def _shows_all(self) -> bool:
        """Whether everybody shows: what was chosen, else only where nobody is one's own."""
        mine = any(each.mine for each in self._round.patients) if self._round else False
        return not mine if self._all is None else self._all

    def _show(self) -> None:
        """Show the list; the cursor stays on its patient."""
        found, person = self._round, self.workplace.desk.person.id
        if found is None:
            return
        everybody, before = self._shows_all(), self.patient()
        rows = [e for e in found.patients if everybody or e.mine or e.waits_for(person)]
        self._mine.setChecked(not everybody)
        self._title.setText(f"{self.title()} · {found.ward}" if found.ward else self.title())
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        self.model.replace(rows)
        self.view.viewport().update()
        self.deeds.setVisible(bool(rows))
        if not rows:
            self._pages.show_empty(
                tr("There is nobody to hand over."), tr("Ctrl+Alt+M shows the whole ward.")
            )
            return
        first = not self.view.isVisible()
        self._pages.show_content()
        if first:
            self.view.setFocus()
        same = [n for n, row in enumerate(rows) if row.who.patient == before]
        self.view.selectRow(same[0] if same else 0)
        self._show_patient()

    @Slot()
    def _show_patient(self) -> None:
        row = self._row()
        if row is not None:
            self.side.show_row(row, shift_now(self.workplace))
            self._say_deed()

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        row = self.view.currentIndex().row() + step
        if 0 <= row < self.model.rowCount():
            self.view.selectRow(row)

    def _tick(self) -> None:
        """Choose the patient with the cursor, or not any more, and go on to the next."""
        patient = self.patient()
        if patient is not None:
            self._ticked ^= {patient}
            self._on_stepped(1)
            self.view.viewport().update()
            self._say_deed()

    def _wanted(self) -> list[Patient]:
        """The ticked patients; all in sight where nobody is ticked."""
        rows = self.model.rows
        return [each for each in rows if each.who.patient in self._ticked] or list(rows)

    def _say_deed(self) -> None:
        self.deeds.be_about(self._wanted(), self._row(), shift_now(self.workplace))

    @Slot()
    def _on_done(self) -> None:
        self._ticked.clear()
        self._read()

    @Slot()
    def _back_to_list(self) -> None:
        self.view.setFocus()


def shift_now(workplace: Workplace) -> assignment.Shift:
    """The shift that goes on, as the ward divides its day."""
    settings, now = workplace.settings, workplace.desk.now()
    hours, starts = settings.get(table.SHIFT_HOURS), settings.get(table.DAY_STARTS)
    return assignment.shifts_to_assign(now, hours, starts)[0]


def _halves(left: QWidget, right: QWidget) -> QSplitter:
    """The list and the texts, side by side."""
    halves = QSplitter(Qt.Orientation.Horizontal)
    halves.setChildrenCollapsible(False)
    halves.addWidget(left)
    halves.addWidget(right)
    halves.setSizes([theme.px(_LIST), theme.px(1366 - _LIST)])
    halves.setStretchFactor(1, 1)
    return halves


def _keys() -> str:
    """The few keys of the handover, always in sight."""
    said = (
        tr("↑ ↓ patient"),
        tr("Enter into the texts"),
        tr("Ctrl+PgDn next patient"),
        tr("Space ticks"),
        tr("Esc back to the list"),
    )
    return "  ·  ".join(said)
