"""The care tab: lines and wounds, and nursing problems; a letter brings either to the front."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.ui.screens.chart.care_page import CarePage
from workstation.ui.screens.chart.care_plan_page import PlanPage
from workstation.ui.screens.chart.page import Page, Part
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.text import button

_ADDS = {"add_care", "add_problem", "chart_plan"}


class CareTab(Part):
    """Both parts; each reads for itself."""

    paper = "care"

    def build(self) -> QWidget:
        """Make both parts and the bar above them."""
        self.lines = CarePage(self.workplace, self.links)
        self.plans = PlanPage(self.workplace, self.links)
        self._stack = Stack()
        self._group = QButtonGroup(self)
        self._lines_button = self._part(tr("Lines and wounds (L)"), self.lines)
        self._plans_button = self._part(tr("Problems (P)"), self.plans)
        self.plans.counted.connect(self._on_counted)
        self.lines.answered.connect(lambda: self._on_answered(self.lines))
        self.plans.answered.connect(lambda: self._on_answered(self.plans))
        self.lines.problem_wanted.connect(self._on_problem)
        bar = QHBoxLayout()
        bar.setContentsMargins(*map(theme.px, (12, 6, 12, 0)))
        bar.setSpacing(theme.px(6))
        bar.addWidget(self._lines_button)
        bar.addWidget(self._plans_button)
        bar.addStretch(1)
        for view in (*self.lines.views(), *self.plans.lists.views()):
            self._on_letter(view, Qt.Key.Key_L, self.lines)
            self._on_letter(view, Qt.Key.Key_P, self.plans)
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(bar)
        box.addWidget(self._stack, 1)
        self._lines_button.setChecked(True)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient."""
        if patient != self.subject:
            self._plans_button.setText(tr("Problems (P)"))
        super().set_patient(patient)
        self.lines.set_patient(patient)
        self.plans.set_patient(patient)

    def point_at(self, record: str) -> None:
        """Bring the part that has the record to the front."""
        part = self.plans if record.startswith("CarePlan/") else self.lines
        self.bring(part)
        part.point_at(record)

    def bring(self, part: CarePage | PlanPage) -> None:
        """Bring a part to the front; what is typed in the other is kept."""
        if self._stack.front() is not part:
            self.front.flush()
            self._stack.bring(part)
            self.states.show_content()
        (self._lines_button if part is self.lines else self._plans_button).setChecked(True)

    @property
    def front(self) -> CarePage | PlanPage:
        """The part in front."""
        return self.plans if self._stack.front() is self.plans else self.lines

    def come_to_front(self) -> None:
        """Read both, for the bar counts problems; work starts in the one in front."""
        other = self.lines if self.front is self.plans else self.plans
        other.catch_up()
        self.front.come_to_front()

    def focus_start(self) -> None:
        """Where the part in front starts."""
        self.front.focus_start()

    def on_changed(self, changes: Changes) -> None:
        """Both take note."""
        self.lines.on_changed(changes)
        self.plans.on_changed(changes)

    def refresh(self) -> None:
        """Read the part in front again."""
        self.front.refresh()

    def flush(self) -> None:
        """Keep whatever is typed."""
        self.lines.flush()
        self.plans.flush()

    def perform(self, action_id: str) -> bool:
        """What is new goes to its part: Ctrl+B to the one in front."""
        if action_id == "chart_plan":
            self._show(self.plans)
            return True
        if action_id == "add_problem":
            self.bring(self.plans)
            self.plans.catch_up()
            return self.plans.perform(action_id)
        if action_id == "add_care" and self.front is self.plans:
            return self.plans.perform("add_problem")
        return self.front.perform(action_id)

    def offers(self) -> frozenset[str]:
        """Both ways to add, and what the part in front knows."""
        return self.front.offers() | _ADDS

    def _on_answered(self, part: Page) -> None:
        if part is self.front:
            self.states.show_content()

    def _part(self, words: str, part: Page) -> QPushButton:
        self._stack.add(part)
        made = button(words, lambda: self._show(part))
        made.setCheckable(True)
        self._group.addButton(made)
        return made

    def _on_letter(self, view: QWidget, key: Qt.Key, part: Page) -> None:
        shortcut = QShortcut(QKeySequence(key), view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: self._show(part))

    def _show(self, part: Page) -> None:
        self.bring(self.plans if part is self.plans else self.lines)
        self.front.come_to_front()

    @Slot(int, int)
    def _on_counted(self, opened: int, hinted: int) -> None:
        if hinted:
            words = tr("Problems: {open} open, {hints} suggested (P)", open=opened, hints=hinted)
        elif opened:
            words = tr("Problems: {open} open (P)", open=opened)
        else:
            words = tr("Problems (P)")
        self._plans_button.setText(words)

    @Slot(str)
    def _on_problem(self, problem: str) -> None:
        """A problem was found where a line or wound is added."""
        self.bring(self.plans)
        self.plans.add(problem)
