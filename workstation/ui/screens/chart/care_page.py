"""The care tab: lines, catheters, drains, tubes and wounds in a list and on a picture of a body."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workstation.clinical.care_site import Group
from workstation.kernel.ids import PatientId
from workstation.services import care_sites
from workstation.services.care_sites import CareSites, LookRow, SiteRow
from workstation.ui.screens.chart.care_body import BodyPicture, Mark
from workstation.ui.screens.chart.care_deeds import EndForm, LookForm, SiteForm, StrikeForm
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_lists import CareLists
from workstation.ui.screens.chart.care_words import look_words, shade_of, site_words
from workstation.ui.screens.chart.page import Page
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsView

_FOCUS = Qt.FocusPolicy.StrongFocus
_GRAVE = 2


class CarePage(Page):
    """Lines and wounds of one patient.

    Signals:
        problem_wanted: A nursing problem was found where a line is added. arg 0: its id.
    """

    problem_wanted = Signal(str)
    paper = "care"
    types = frozenset({"Procedure", "Condition", "Observation"})

    def build(self) -> QWidget:
        """Make list, picture, what was seen, and room for a form."""
        self._found: CareSites | None = None
        self._form: CareForm | None = None
        self._wanted, self._beginning = "", False
        self._lists = CareLists(self.workplace.clock.now(), self.add)
        self._view = self._lists.view
        self._view.selectionModel().currentChanged.connect(self._on_current)
        self._view.opened.connect(self._on_opened)
        self._lists.look_view.opened.connect(self._on_look)
        self._body = BodyPicture()
        for keys, deed in (("Del", self._end), ("F2", self._correct), ("Shift+Del", self._strike)):
            self._lists.on_key(keys, deed)
        whole = QWidget()
        self._row = QHBoxLayout(whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._lists, 1)
        self._row.addWidget(self._body)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            self._drop_form()
            self._wanted, self._beginning, self._found = "", False, None
        super().set_patient(patient)

    def read(self, patient: PatientId) -> CareSites:
        """Ask for all of them."""
        return care_sites.read(self.workplace.desk, patient)

    def show_read(self, found: object) -> None:
        """Show them; the one in focus stays in focus."""
        assert isinstance(found, CareSites)  # noqa: S101 - what `read` returns
        first, self._found = self._found is None, found
        self._lists.show_found(found, self._wanted)
        self._show_current()
        if self._beginning:
            self._beginning = False
            self.add()
        elif first and self.isVisible() and self._form is None:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def point_at(self, record: str) -> None:
        """Stand on one of them."""
        self._wanted = record

    def views(self) -> tuple[RowsView, ...]:
        """Both lists."""
        return self._lists.view, self._lists.look_view

    def focus_start(self) -> None:
        """The form if one types, else the list."""
        if self._form is not None:
            self._form.fields.begin()
        else:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        if self._form is not None:
            self._form.flush()

    def add(self) -> None:
        """Begin a new one, or go on with the draft."""
        if self._found is None:
            self._beginning = True
        elif self.subject is not None and self._form is None:
            form = SiteForm(self.workplace, self.subject, self._body)
            form.problem_wanted.connect(self._on_problem)
            self._show_form(form)

    def perform(self, action_id: str) -> bool:
        """New one, save, history of the one in focus."""
        if action_id not in self.offers():
            return False
        if action_id == "add_care":
            self.add()
        elif action_id == "save" and self._form is not None:
            self._form.save()
        elif action_id == "history" and (row := self._lists.current()) is not None:
            self.links.open_history(*row.record.reference.split("/", 1))
        return True

    def offers(self) -> frozenset[str]:
        """A new one always; saving while a form is open."""
        form = {"save"} if self._form is not None else set()
        row = {"history"} if self._lists.current() is not None else set()
        return frozenset({"add_care"} | form | row)

    def _show_current(self) -> None:
        self._lists.show_current()
        self._body.show_marks(_marks(self._lists.rows.rows, self._lists.current()))

    def _show_form(self, form: CareForm) -> None:
        self._form = form
        form.closed.connect(self._on_closed)
        self._row.addWidget(form)
        form.show()
        sets_mark = isinstance(form, SiteForm)
        self._lists.make_room(taken=True)
        self._body.setVisible(sets_mark)
        self._body.setFocusPolicy(_FOCUS if sets_mark else Qt.FocusPolicy.NoFocus)
        QWidget.setTabOrder(form.fields.last(), self._body)
        typed = self._found.drafts.get(form.deed, {}) if self._found else {}
        form.begin(typed)

    def _drop_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.closed.disconnect(self._on_closed)
            form.retire()
            self._row.removeWidget(form)
            form.hide()
            form.deleteLater()
        self._body.set_pending(None)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body.setVisible(True)
        self._lists.make_room(taken=False)

    def _begin(self, make: type[LookForm] | type[EndForm]) -> None:
        row = self._lists.current()
        if row is not None and row.record.present and self.subject and self._form is None:
            self._show_form(make(self.workplace, self.subject, row))

    def _end(self) -> None:
        self._begin(EndForm)

    def _correct(self) -> None:
        row = self._lists.current()
        if row is not None and row.record.valid and self.subject and self._form is None:
            self._show_form(SiteForm(self.workplace, self.subject, self._body, row))

    def _strike(self) -> None:
        row = self._lists.current()
        if row is not None and row.record.valid:
            self._strike_out(row.record.reference, site_words(row.record.site))

    def _strike_out(self, reference: str, words: str) -> None:
        if self.subject is not None and self._form is None:
            strike = care_sites.enter_in_error
            self._show_form(StrikeForm(self.workplace, self.subject, reference, words, strike))

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if row is not None:
            self._wanted = row.record.reference
        self._show_current()

    @Slot(object)
    def _on_opened(self, _row: SiteRow) -> None:
        self._begin(LookForm)

    @Slot(object)
    def _on_look(self, row: LookRow) -> None:
        site = self._lists.current()
        if site is not None and row.record.valid:
            words = look_words(site.record.site.kind, row)
            self._strike_out(f"Observation/{row.record.id}", words)

    @Slot(str)
    def _on_problem(self, problem: str) -> None:
        self._drop_form()
        self.problem_wanted.emit(problem)

    @Slot()
    def _on_closed(self) -> None:
        self._drop_form()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()


def _marks(rows: Sequence[SiteRow], chosen: SiteRow | None) -> list[Mark]:
    """The marks of those that are there."""
    return [
        Mark(
            each.number,
            each.record.site.point,
            wound=each.record.site.kind.group is Group.WOUND,
            grave=shade_of(each) == _GRAVE,
            chosen=each is chosen,
        )
        for each in rows
        if each.record.present
    ]
