"""What both parts of the care tab are: lists, and beside them one form at a time."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.services.care_plans import CarePlans
from workstation.services.care_sites import CareSites
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit.widgets.table import RowsView


class CarePart(Page):
    """Lists of one patient, and at most one form. A subclass says which, and what opens a form."""

    paper = "care"
    begins: ClassVar[str]
    """Id of the action that begins a new one."""
    _found: CareSites | CarePlans | None = None
    _form: CareForm | None = None
    _wanted, _beginning = "", False

    @property
    @abstractmethod
    def view(self) -> RowsView:
        """The list that has the keys when no form has them."""

    @abstractmethod
    def add(self) -> None:
        """Begin a new one, or go on with the draft; as soon as all is read, if it is not yet."""

    @abstractmethod
    def show_found(self, found: object) -> None:
        """Show what `read` returned in the lists."""

    @abstractmethod
    def chosen(self) -> str:
        """``Type/id`` of the one in focus; empty when there is none."""

    @abstractmethod
    def make_room(self, form: CareForm | None) -> None:
        """Let the lists have the room that a form leaves; all when there is none."""

    def beside(self, *widgets: QWidget) -> QWidget:
        """Put some widgets beside each other, the first as wide as can be; a form comes last."""
        whole = QWidget()
        self._row = QHBoxLayout(whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        for widget in widgets:
            self._row.addWidget(widget, 1 if widget is widgets[0] else 0)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            self._drop_form()
            self.forget()
        super().set_patient(patient)

    def forget(self) -> None:
        """Know nothing of the patient before."""
        self._wanted, self._beginning, self._found = "", False, None

    def show_read(self, found: object) -> None:
        """Show them; the one in focus stays in focus."""
        assert isinstance(found, CareSites | CarePlans)  # noqa: S101 - what `read` returns
        first, self._found = self._found is None, found
        self.show_found(found)
        if self._beginning:
            self._beginning = False
            self.go_on()
        elif first and self.isVisible() and self._form is None:
            self.focus_start()

    def go_on(self) -> None:
        """Begin what was asked for before all was read."""
        self.add()

    def point_at(self, record: str) -> None:
        """Stand on one of them."""
        self._wanted = record

    def focus_start(self) -> None:
        """The form if one types, else the list."""
        if self._form is not None:
            self._form.fields.begin()
        else:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        if self._form is not None:
            self._form.flush()

    def perform(self, action_id: str) -> bool:
        """New one, save, history of the one in focus."""
        if action_id not in self.offers():
            return False
        if action_id == self.begins:
            self.add()
        elif action_id == "save" and self._form is not None:
            self._form.save()
        elif action_id == "history":
            self.links.open_history(*self.chosen().split("/", 1))
        return True

    def offers(self) -> frozenset[str]:
        """A new one always; saving while a form is open."""
        form = {"save"} if self._form is not None else set()
        row = {"history"} if self.chosen() else set()
        return frozenset({self.begins} | form | row)

    def _show_form(self, form: CareForm, *, fresh: bool = False) -> None:
        """Open a form, with what was typed in it before unless it is to be fresh."""
        self._form = form
        form.closed.connect(self._on_closed)
        self._row.addWidget(form)
        self.make_room(form)
        form.show()
        typed = self._found.drafts.get(form.deed, {}) if self._found and not fresh else {}
        form.begin(typed)

    def _drop_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.closed.disconnect(self._on_closed)
            form.retire()
            self._row.removeWidget(form)
            form.hide()
            form.deleteLater()
        self.make_room(None)

    @Slot()
    def _on_closed(self) -> None:
        self._drop_form()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()
