"""The care tab: lines, catheters, drains, tubes and wounds in a list and on a picture of a body."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from workstation.clinical.care_site import Group
from workstation.kernel.ids import PatientId
from workstation.services import care_sites
from workstation.services.care_sites import CareSites, LookRow, SiteRow
from workstation.ui.screens.chart.care_body import BodyPicture, Mark
from workstation.ui.screens.chart.care_deeds import EndForm, LookForm, SiteForm, StrikeForm
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_lists import CareLists
from workstation.ui.screens.chart.care_part import CarePart
from workstation.ui.screens.chart.care_words import look_words, shade_of, site_words
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsView

_FOCUS = Qt.FocusPolicy.StrongFocus
_GRAVE = 2


class CarePage(CarePart):
    """Lines and wounds of one patient.

    Signals:
        problem_wanted: A nursing problem was found where a line is added. arg 0: its id.
    """

    problem_wanted = Signal(str)
    begins = "add_care"
    types = frozenset({"Procedure", "Condition", "Observation"})

    def build(self) -> QWidget:
        """Make list, picture, what was seen, and room for a form."""
        self._lists = CareLists(self.workplace.clock.now(), self.add)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.opened.connect(self._on_opened)
        self._lists.look_view.opened.connect(self._on_look)
        self._body = BodyPicture()
        for keys, deed in (("Del", self._end), ("F2", self._correct), ("Shift+Del", self._strike)):
            self._lists.on_key(keys, deed)
        return self.beside(self._lists, self._body)

    @property
    def view(self) -> RowsView:
        """The list of what lies there."""
        return self._lists.view

    def forget(self) -> None:
        """Show nothing of the patient before: no key reaches it."""
        super().forget()
        self._lists.clear()
        self._show_current()

    def read(self, patient: PatientId) -> CareSites:
        """Ask for all of them."""
        return care_sites.read(self.workplace.desk, patient)

    def show_found(self, found: object) -> None:
        """Show them in the list and on the picture."""
        assert isinstance(found, CareSites)  # noqa: S101 - what `read` returns
        self._lists.show_found(found, self._wanted)
        self._show_current()

    def chosen(self) -> str:
        """The one in focus."""
        row = self._lists.current()
        return row.record.reference if row is not None else ""

    def make_room(self, form: CareForm | None) -> None:
        """The picture stays beside the form that puts a mark on it."""
        sets_mark = isinstance(form, SiteForm)
        self._lists.make_room(taken=form is not None)
        self._body.setVisible(sets_mark or form is None)
        self._body.setFocusPolicy(_FOCUS if sets_mark else Qt.FocusPolicy.NoFocus)
        if form is None:
            self._body.set_pending(None)
        else:
            QWidget.setTabOrder(form.fields.last(), self._body)

    def views(self) -> tuple[RowsView, ...]:
        """Both lists."""
        return self._lists.view, self._lists.look_view

    def add(self) -> None:
        """Begin a new one, or go on with the draft."""
        if self._found is None:
            self._beginning = True
        elif self.subject is not None and self._form is None:
            form = SiteForm(self.workplace, self.subject, self._body)
            form.problem_wanted.connect(self._on_problem)
            self._show_form(form)

    def _show_current(self) -> None:
        self._lists.show_current()
        self._body.show_marks(_marks(self._lists.rows.rows, self._lists.current()))

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
