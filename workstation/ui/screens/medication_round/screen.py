"""The medication round: scan, scan, Enter; or walk by arrows and Enter."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import medication_round
from workstation.services.medication_round import MedicationRound, RoundLine
from workstation.ui.screens.medication_round.scanner import ListKeys, ScanField
from workstation.ui.screens.medication_round.scans import Scans, key_of
from workstation.ui.screens.medication_round.wording import (
    TONES,
    allergy_text,
    deed_of,
    drug_words,
    order_words,
    ready_words,
    short_person,
    state_words,
    time_words,
)
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.giving.doer import Doer
from workstation.ui.toolkit.giving.form import DoseForm
from workstation.ui.toolkit.person_words import person_text
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label, set_property
from workstation.ui.toolkit.workplace import Workplace

_VERBS: Final = {
    Qt.Key.Key_W: "withhold",
    Qt.Key.Key_R: "refuse",
    Qt.Key.Key_P: "part",
    Qt.Key.Key_U: "unavailable",
}


class MedicationRoundScreen(Screen):
    """What is due on the ward of a desk."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._round: MedicationRound | None = None
        self.scans, self._left_off = Scans(), -1
        self.model: RowsModel[RoundLine] = RowsModel(_columns(workplace))
        self.list = _list(self.model)
        self.scan, self._keys = ScanField(), ListKeys(self.list, _VERBS)
        self.form = DoseForm(workplace.clock.now())
        self.form.hide()
        self.doer = Doer(workplace, self.form, self)
        self._title, self._as_of = label("", "title"), label("", "caption", "muted")
        self.said = _said()
        self._pages = Pages(self._content())
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        box.addWidget(self._pages)
        self.scan.scanned.connect(self._on_scanned)
        self.scan.entered.connect(self._on_entered)
        self.scan.walked.connect(self._on_walked)
        self.scan.left.connect(self.list.setFocus)
        self._keys.acted.connect(self._do)
        self._keys.began.connect(self.scan.take)
        self._keys.walked.connect(self._on_walked)
        self.list.opened.connect(lambda _line: self._do("give"))
        self.list.selectionModel().currentChanged.connect(self._on_moved)
        self.form.closed.connect(self.scan.setFocus)
        self.doer.done.connect(self._on_done)
        self.setFocusProxy(self.scan)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Medication round")

    def activate(self) -> None:
        """Read the ward; the scanner may begin."""
        self._read()
        self.scan.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_changed(self, changes: Changes) -> None:
        """Read again when drugs or patients changed."""
        if changes.ward or changes.types & {"MedicationRequest", "MedicationAdministration"}:
            self._read()

    def offers(self) -> frozenset[str]:
        """Reading again; saving while the form is open."""
        return frozenset({"refresh", *(["save"] if self.form.isVisible() else [])})

    def perform(self, action_id: str) -> bool:
        """Read again, or save the form."""
        if action_id == "save" and self.form.isVisible():
            self.form.submit()
        elif action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def foot(self) -> QWidget | None:
        """What Enter would do now."""
        return self.said

    def chosen(self) -> RoundLine | None:
        """The line with the cursor."""
        row = self.list.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def _content(self) -> QWidget:
        page = QWidget()
        whole = QHBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.setSpacing(theme.px(8))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._as_of)
        left.addLayout(head)
        left.addWidget(self.scan)
        left.addWidget(self.said)
        left.addWidget(self.list, 1)
        keys = tr(
            "Scan wristband, scan drug, Enter gives · arrows choose · → list: W withhold"
            " · R refused · P part · U not in stock"
        )
        left.addWidget(label(keys, "caption", "muted", wrap=True))
        whole.addLayout(left, 1)
        whole.addWidget(self.form)
        return page

    def _read(self) -> None:
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: medication_round.read(desk), done=self._on_read, failed=self._on_unreadable
        )

    @Slot(object)
    def _on_read(self, found: MedicationRound) -> None:
        self._round = found
        self._title.setText(f"{self.title()} · {found.ward}")
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        self._pages.show_content()
        self._show()

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    def _show(self) -> None:
        """The lines of the person scanned, else everybody's; the cursor stays with its dose."""
        if self._round is None:
            return
        before = self.chosen()
        self.model.replace(self.scans.shown(self._round))
        if before is None or not self._select(key_of(before)):
            self._let_go()
        self._tell()

    def _let_go(self) -> None:
        """Nothing is chosen, so that Enter gives nothing; a wristband leads to its first drug."""
        if self.scans.person is not None and self.model.rows:
            self.list.selectRow(0)
        else:
            self.list.setCurrentIndex(QModelIndex())

    def _select(self, key: object) -> bool:
        """Put the cursor on a line; whether it is there."""
        for number, line in enumerate(self.model.rows):
            if key_of(line) == key:
                self.list.selectRow(number)
                return True
        return False

    def _tell(self, problem: str = "") -> None:
        line = self.chosen()
        set_property(self.said, "tone", "danger" if problem else "")
        if problem:
            self.said.setText(f"✕ {problem}")
        elif line is None:
            choose = tr("Scan a wristband, or choose a line.")
            self.said.setText(choose if self.model.rows else tr("Nothing is due now."))
        else:
            mark = "✓ " if self.scans.person == line.who.patient else ""
            who = f"{mark}{person_text(line.who, line.who.bed_name)} · {allergy_text(line.who)}"
            self.said.setText(f"{who}\n{ready_words(line)}")

    @Slot(str)
    def _on_scanned(self, code: str) -> None:
        if self._round is None:
            return
        problem = self.scans.take(code, self._round)
        self.list.setCurrentIndex(QModelIndex())
        self._show()
        drug = self.scans.drug
        if drug is not None:
            self._select(key_of(drug))
        self._tell(problem)

    @Slot()
    def _on_entered(self) -> None:
        self._do("give")

    def _do(self, verb: str) -> None:
        line = self.chosen()
        if line is not None and not self.form.isVisible():
            self._left_off = self.list.currentIndex().row()
            self.doer.do(deed_of(line, verb, self.scans.scanned(line)))

    @Slot(int)
    def _on_walked(self, key: int) -> None:
        rows, here = len(self.model.rows), self.list.currentIndex().row()
        if rows:
            self.list.selectRow(_next_row(key, here, self._left_off, rows))

    @Slot()
    def _on_moved(self) -> None:
        self._tell()

    @Slot(object)
    def _on_done(self, _deed: object) -> None:
        self.scan.rest()
        self.scans.given(self._round)


def _said() -> QLabel:
    """What Enter would do; its room is kept, so that no line jumps under the hand."""
    made = label("", "heading", wrap=True)
    made.setMinimumHeight(theme.px(44))
    return made


def _next_row(key: int, here: int, left_off: int, rows: int) -> int:
    """The line that a key leads to; after a dose the walk goes on where the dose was.

    Args:
        key: The arrow or page key.
        here: The chosen line, -1 for none.
        left_off: The line that the last dose was on, -1 for none.
        rows: How many lines there are, at least 1.
    """
    down = int(Qt.Key.Key_Down)
    steps = {down: 1, int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_PageDown): 10}
    if here < 0:
        here = left_off - (1 if key == down else 0)
    return min(max(here + steps.get(key, -10), 0), rows - 1)


def _columns(workplace: Workplace) -> tuple[Column[RoundLine], ...]:
    def time(line: RoundLine) -> str:
        return time_words(line, workplace.clock.now())

    return (
        Column(tr("Bed"), lambda line: line.who.bed_name or "–", 64, role="strong"),
        Column(tr("Patient"), short_person, 210, role="strong"),
        Column(tr("Time"), time, 104, role="strong"),
        Column(
            tr("State"),
            state_words,
            130,
            tone=lambda line: TONES[line.due.state],
            role="strong",
        ),
        Column(tr("Drug"), drug_words, role="strong"),
        Column(tr("Dose, route, frequency"), order_words),
    )


def _list(model: RowsModel[RoundLine]) -> RowsView:
    """The names of drugs are wrapped, never shortened."""
    made = RowsView(model)
    made.setAccessibleName(tr("Drugs due"))
    made.wrap_rows(34)
    return made
