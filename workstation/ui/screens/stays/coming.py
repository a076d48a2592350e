"""The list of who comes to the ward and who leaves it, with what can be done with each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import admissions
from workstation.services.admissions import Admissions, Line
from workstation.ui.screens.stays import wording
from workstation.ui.screens.stays.line_deeds import LineDeeds
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace


def _columns(workplace: Workplace) -> tuple[Column[Line], ...]:
    clock = workplace.desk.now
    return (
        Column(tr("What"), wording.kind_words, 136, role="strong", tone=wording.kind_tone),
        Column(tr("Patient"), wording.name_text, 166, role="strong"),
        Column(tr("Sex and age"), wording.facts_text, 134),
        Column(tr("Record no."), lambda line: line.record_number or tr("Unknown"), 98),
        Column(tr("When"), lambda line: wording.when_text(line, clock()), 112,
               tone=lambda line: "warn" if wording.is_late(line, clock()) else "text"),
        Column(tr("Bed"), lambda line: line.where, 66),
        Column(tr("Details"), lambda line: wording.detail_text(line, clock()), 0,
               tone=lambda line: wording.detail_tone(line, clock())),
    )  # fmt: skip


class ComingList(QWidget):
    """The list and the buttons below it.

    Signals:
        chosen: Something is to be done. arg 0: a key of `DEEDS`, or ``chart``.
        told: The list was read. arg 0: the Admissions.
    """

    chosen = Signal(str)
    told = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace
        self.model: RowsModel[Line] = RowsModel(_columns(workplace), self)
        self.view = RowsView(self.model)
        self.view.wrap_rows(34)
        self.deeds = LineDeeds(workplace.desk.person.role)
        self.deeds.chosen.connect(self.chosen)
        self.view.installEventFilter(self.deeds)
        self.view.opened.connect(self._on_opened)
        self.view.selectionModel().currentChanged.connect(self._on_walked)
        self._form_open = False
        self._whole = label("", "body", wrap=True)
        self._pages = Pages(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addWidget(self._pages, 1)
        box.addWidget(self._whole)
        box.addWidget(self.deeds)
        self.setFocusProxy(self.view)
        self._pages.show_loading()

    def line(self) -> Line | None:
        """The line with the cursor."""
        row = self.view.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def stand_beside(self, patient: PatientId | None) -> None:
        """While a form is about somebody, the list points at nobody else and offers nothing."""
        rows = [row for row, line in enumerate(self.model.rows) if line.patient == patient]
        self._form_open = True
        self.view.setCurrentIndex(self.model.index(rows[0], 0) if rows else QModelIndex())
        if not rows:
            self.view.clearSelection()
        self.deeds.show_for(None)

    def stand_alone(self) -> None:
        """The form is closed: the keys come back."""
        self._form_open = False
        self.setFocus()
        self.read()

    @Slot()
    def read(self) -> None:
        """Read who comes and goes."""
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: admissions.read(desk), done=self._on_read, failed=self._on_unreadable
        )

    @Slot(object)
    def _on_read(self, found: Admissions) -> None:
        """Show them; the cursor stays on its person."""
        before = self.line()
        self.model.replace(found.lines)
        if found.lines:
            self._pages.show_content()
            own = [line.encounter for line in found.lines]
            same = before is not None and before.encounter in own
            row = own.index(before.encounter) if before is not None and same else 0
            if same or not self._form_open:
                self.view.setCurrentIndex(self.model.index(row, 0))
        else:
            self._pages.show_empty(
                tr("Nobody is expected, on leave, or discharged since yesterday."),
                tr("N registers and admits somebody; Ctrl+F finds who is known already."),
            )
        self._on_walked()
        self.told.emit(found)

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self.read)

    @Slot()
    def _on_walked(self) -> None:
        line = self.line()
        self.deeds.show_for(None if self._form_open else line)
        words = wording.detail_text(line, self.workplace.desk.now()) if line is not None else ""
        self._whole.setText(words if line is not None and (line.other or line.ending) else "")
        self._whole.setVisible(bool(self._whole.text()))

    @Slot(object)
    def _on_opened(self, _line: Line) -> None:
        self.chosen.emit(self.deeds.first())
