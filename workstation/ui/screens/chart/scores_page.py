"""The assessments tab: the scales made for the patient, the history of each, a form beside them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import assessments
from workstation.services.assessments import Assessments, Row, ScaleHistory
from workstation.ui.screens.chart.maternity_switch import MaternitySwitch
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.scores_form import ScoresForm
from workstation.ui.screens.chart.scores_words import history_columns, scale_columns
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.sparkline import Sparkline
from workstation.ui.toolkit.widgets.table import ROW_ROLE, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label

_AT_FIRST: Final = 60
"""Assessments that are shown at once, while the others are read."""
_LESS_NEEDED: Final = 3
"""The column of both lists that goes first where there is little room: when, by whom."""


class ScoresPage(Page):
    """Scales of one patient."""

    types = frozenset({"Observation", "Encounter", "Patient", "Flag"})

    def build(self) -> QWidget:
        """Make lists and form."""
        self._found: Assessments | None = None
        self._wanted = ""
        self._beginning = self._arriving = False
        now = self.workplace.clock.now()
        self._scales: RowsModel[ScaleHistory] = RowsModel(scale_columns(now), self)
        self._scale_view = RowsView(self._scales)
        self._scale_view.wrap_rows(34)
        self._scale_view.setAccessibleName(tr("Scales"))
        self._scale_view.setFixedHeight(theme.px(150))
        self._scale_view.selectionModel().currentChanged.connect(self._on_scale)
        self._scale_view.opened.connect(self._on_wanted)
        self._rows: RowsModel[Row] = RowsModel(history_columns(), self)
        self._row_view = RowsView(self._rows)
        self._row_view.wrap_rows(34)
        self._row_view.setAccessibleName(tr("Earlier assessments"))
        self._row_view.opened.connect(self._on_row)
        self._trend = Sparkline()
        self._trend.setFixedHeight(theme.px(40))
        self._about = label("", "strong")
        self._form = ScoresForm(self.workplace)
        self._form.hide()
        self._form.closed.connect(self._on_closed)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), 1)
        row.addWidget(self._form)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient; what is typed about the one before is kept first."""
        if patient != self.subject:
            self.flush()
            self._found = None
            self._show_form(False)
            self._found, self._wanted, self._beginning = None, "", False
        super().set_patient(patient)

    def read(self, patient: PatientId) -> Assessments:
        """Ask for all assessments, at first for the newest."""
        newest = _AT_FIRST if self._found is None else None
        return assessments.read(self.workplace.desk, patient, newest=newest)

    def show_read(self, found: object) -> None:
        """Show them; the scale that was in focus stays there, else what is due first."""
        assert isinstance(found, Assessments)  # noqa: S101 - what `read` returns
        filled = self._found is not None and not self._found.whole
        standing = self._row_view.currentIndex().row() if filled else -1
        self._found = found
        self._maternity.show_state(self.subject, found.maternity)
        self._scales.columns = scale_columns(found.now)
        self._scales.replace(found.scales)
        if found.scales:
            place = _place(found, self._wanted)
            self._scale_view.selectRow(place)
            self._show_history(found.scales[place])
            if 0 <= standing < self._rows.rowCount():  # only earlier ones have come, below it
                self._row_view.selectRow(standing)
        if not found.whole:
            self.read_on()
        if self._beginning:
            self._beginning = False
            self.add()
        elif self._arriving:
            self.focus_start()
        self._arriving = False

    def come_to_front(self) -> None:
        """Read; what is hidden until then cannot take the keyboard before."""
        self._arriving = self.states.isVisible() and not self._scale_view.isVisible()
        super().come_to_front()

    def focus_start(self) -> None:
        """The form if one types, else the list of scales."""
        if self._form.isVisible():
            self._form.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._scale_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Keep what is typed."""
        if not self._form.isHidden():
            self._form.keep_draft()

    def add(self) -> None:
        """Begin an assessment by the scale in focus, or go on with the draft."""
        found, current = self._found, self._current()
        if self.subject is None or self._form.isVisible():
            return
        if found is None or current is None:
            self._beginning = True
            return
        draft = found.draft
        if draft is not None and (draft.scale is current.scale or not self._scale_view.hasFocus()):
            self._show_form(True)
            self._form.begin(self.subject, draft.scale, answers=draft.answers)
        else:
            self._show_form(True)
            self._form.begin(self.subject, current.scale)

    def perform(self, action_id: str) -> bool:
        """New assessment, save it, history of the one in focus."""
        if action_id not in self.offers():
            return False
        actions = {
            "add_assessment": self.add,
            "save": self._form.save,
            "history": self._history,
            "maternity_chart": self._maternity.click,
        }
        actions[action_id]()
        return True

    def offers(self) -> frozenset[str]:
        """A new one always; saving while the form is open."""
        form = {"save"} if self._form.isVisible() else set()
        row = {"history"} if self._row_view.currentIndex().isValid() else set()
        mother = set() if self._maternity.isHidden() else {"maternity_chart"}
        return frozenset({"add_assessment"} | form | row | mother)

    def _left(self) -> QWidget:
        left = QWidget()
        box = QVBoxLayout(left)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, gap)
        box.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.addWidget(label(tr("Enter: assess by the scale in focus"), "caption", "muted"), 1)
        self._maternity = MaternitySwitch(self.workplace)
        self._maternity.changed.connect(self.refresh)
        head.addWidget(self._maternity)
        head.addWidget(
            button(tr("New assessment"), self.add, kind="primary", symbol="add", hint="Ctrl+E")
        )
        box.addLayout(head)
        box.addWidget(self._scale_view)
        past = QHBoxLayout()
        past.addWidget(self._about, 1)
        past.addWidget(self._trend, 1)
        box.addLayout(past)
        box.addWidget(self._row_view, 1)
        box.addWidget(label(tr("Enter on an assessment corrects it."), "caption", "muted"))
        return left

    def _show_form(self, shown: bool) -> None:
        """Beside the form there is room for what counts alone."""
        self._form.setVisible(shown)
        for view in (self._scale_view, self._row_view):
            view.setColumnHidden(_LESS_NEEDED, shown)

    def _current(self) -> ScaleHistory | None:
        return self._scale_view.currentIndex().data(ROW_ROLE)  # type: ignore[no-any-return]

    def _show_history(self, history: ScaleHistory) -> None:
        self._about.setText(tr(history.scale.words))
        self._rows.replace(history.rows)
        points = _totals(history)
        self._trend.show_trend(points, (None, None))
        self._trend.setVisible(len(points) > 1)

    def _history(self) -> None:
        row = self._row_view.currentIndex().data(ROW_ROLE)
        if row is not None:
            self.links.open_history("Observation", row.record.id)

    @Slot(QModelIndex, QModelIndex)
    def _on_scale(self, current: QModelIndex, _previous: QModelIndex) -> None:
        history = current.data(ROW_ROLE)
        if history is not None:
            self._wanted = history.scale.id
            self._show_history(history)

    @Slot(object)
    def _on_wanted(self, _history: ScaleHistory) -> None:
        self.add()

    @Slot(object)
    def _on_row(self, row: Row) -> None:
        if self.subject is None or not row.record.valid or self._form.isVisible():
            return
        found = row.record.assessment
        self._show_form(True)
        self._form.begin(self.subject, found.scale, answers=found.answers, amends=row)

    @Slot(bool)
    def _on_closed(self, _saved: bool) -> None:
        if self._form.scale is not None:
            self._wanted = self._form.scale.id
        self._show_form(False)
        self.focus_start()
        self.refresh()


def _place(found: Assessments, wanted: str) -> int:
    """Where the scale wanted stands, else what is due first."""
    ids = [each.scale.id for each in found.scales]
    if wanted in ids:
        return ids.index(wanted)
    due = [each.due or datetime.max.replace(tzinfo=found.now.tzinfo) for each in found.scales]
    return due.index(min(due))


def _totals(history: ScaleHistory) -> list[tuple[datetime, Decimal]]:
    """The sums that count, oldest first."""
    return [
        (row.record.assessment.at, Decimal(total))
        for row in reversed(history.rows)
        if row.record.valid and (total := row.record.assessment.total) is not None
    ]
