"""One assessment, typed: a key a line, the total and its meaning as one types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.clinical.scores.scale import AssessmentScale
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import assessments
from workstation.services.assessments import Row
from workstation.ui.screens.chart.scores_lines import ItemLines
from workstation.ui.screens.chart.scores_words import total_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.badge import ScoreBadge
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

DRAFT_DELAY_MS = 300
_About = tuple[PatientId | None, AssessmentScale | None, Row | None]


class ScoresForm(QWidget):
    """The form.

    Signals:
        closed: It was saved or given up; arg 0: whether something was saved.
    """

    closed = Signal(bool)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._patient: PatientId | None = None
        self._scale: AssessmentScale | None = None
        self._amends: Row | None = None
        self.setProperty("ground", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setFixedWidth(theme.px(430))
        self._title = label("", "heading", wrap=True)
        self._at = MomentEntry(tr("Assessed at"), workplace.clock.now())
        self._badge, self._total = ScoreBadge(), label("", "strong", wrap=True)
        self._once, self._reason = Once(workplace, self), QLineEdit()
        self._reason.setPlaceholderText(tr("Why it is corrected"))
        self._reason.setAccessibleName(tr("Why it is corrected"))
        self._reason.returnPressed.connect(self.save)
        self._note = FieldNote()
        self._lines = ItemLines()
        self._lines.typed.connect(self._on_typed)
        self._lines.finished.connect(self._on_finished)
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_DELAY_MS)
        self._draft_timer.timeout.connect(self.keep_draft)
        self._build()

    @property
    def scale(self) -> AssessmentScale | None:
        """By which scale."""
        return self._scale

    def begin(
        self,
        patient: PatientId,
        scale: AssessmentScale,
        *,
        answers: Mapping[str, str] | None = None,
        amends: Row | None = None,
    ) -> None:
        """Begin an assessment now, or the correction of one.

        Args:
            patient: Whom.
            scale: By which scale.
            answers: What was typed before.
            amends: The assessment that it corrects.
        """
        self._patient, self._scale, self._amends = patient, scale, amends
        self._title.setText(tr(scale.words))
        at = amends.record.assessment.at if amends else self.workplace.clock.now()
        self._at.setText(moment_text(at))
        self._at.setEnabled(amends is None)
        self._reason.clear()
        self._reason.setVisible(amends is not None)
        self._wrong.setVisible(amends is not None and amends.record.valid)
        self._note.say(None)
        self._lines.show_scale(scale, answers or {})
        self._tell()
        self._lines.begin()

    def save(self) -> None:
        """Save what is typed, or say what is wrong with it."""
        patient, scale, at = self._patient, self._scale, self._assessed_at()
        if patient is None or scale is None or at is None:
            return
        desk, answers, amends = self.workplace.desk, self._lines.answers(), self._amends
        if amends is not None:
            reason, own = self._reason.text(), amends.record.id
            self._command(lambda: assessments.amend(desk, own, answers, reason=reason))
        else:
            self.keep_draft()  # a refusal finds it kept, whatever is open by then
            self._command(lambda: assessments.record(desk, patient, scale, answers, at))

    def strike_out(self) -> None:
        """Say of the assessment that is corrected that it never was true."""
        amends, desk, reason = self._amends, self.workplace.desk, self._reason.text()
        if amends is not None:
            own = amends.record.id
            self._command(lambda: assessments.enter_in_error(desk, own, reason=reason))

    @Slot()
    def keep_draft(self) -> None:
        """Keep what is typed, so that lock, crash and other work lose nothing."""
        self._draft_timer.stop()
        patient, scale, desk = self._patient, self._scale, self.workplace.desk
        if patient is None or scale is None or self._amends is not None or self._once.busy:
            return
        answers = self._lines.answers()
        self.workplace.tasks.command(
            lambda: assessments.keep_draft(desk, patient, scale, answers),
            failed=partial(self._on_refused, self._about()),
        )

    def give_up(self) -> None:
        """Close; what is typed stays as a draft."""
        self.keep_draft()
        self._patient = None
        self.closed.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        box = QVBoxLayout(self)
        margin = theme.px(16)
        box.setContentsMargins(margin, theme.px(12), margin, theme.px(12))
        box.setSpacing(theme.px(8))
        box.addWidget(self._title)
        box.addLayout(_beside(label(tr("Assessed at")), self._at))
        box.addWidget(self._lines, 1)
        box.addLayout(_beside(self._badge, self._total))
        box.addWidget(self._reason)
        box.addWidget(self._note)
        row = QHBoxLayout()
        save = button(tr("Save"), self.save, kind="primary", symbol="save", hint="Ctrl+S")
        self._wrong = button(tr("Entered in error"), self.strike_out, kind="danger")
        for each in (save, self._wrong, button(tr("Close"), self.give_up, hint="Esc")):
            row.addWidget(each)
        row.insertStretch(2, 1)
        box.addLayout(row)

    def _assessed_at(self) -> datetime | None:
        if self._amends is not None:
            return self._amends.record.assessment.at
        try:
            return self._at.value()
        except Refused as refused:
            self._note.say(refused)
            self._at.setFocus()
            return None

    def _tell(self) -> None:
        """The total, what it means, or what is missing."""
        scale = self._scale
        if scale is None:
            return
        answers = self._lines.answers()
        missing = self._lines.missing()
        total = scale.total(answers)
        meaning = scale.meaning(total)
        self._badge.show_score(total, meaning.shade if meaning else 0, scale=tr(scale.words))
        if missing:
            said = tr("{count} lines to go", count=missing)
        else:
            said = total_words(scale, total, scale.formula(answers))
            said += f"\n{tr(meaning.words)}" if meaning else ""
        self._total.setText(said)

    @Slot()
    def _on_typed(self) -> None:
        self._note.say(None)
        self._tell()
        self._draft_timer.start()

    @Slot()
    def _on_finished(self) -> None:
        """Enter saves once every line is answered; a correction first asks for its reason."""
        if self._amends is None:
            self.save()
        else:
            self._reason.setFocus(Qt.FocusReason.TabFocusReason)

    def _command(self, work: Callable[[], Changes]) -> None:
        about = self._about()
        self._once.command(
            work, done=partial(self._on_saved, about), failed=partial(self._on_refused, about)
        )

    def _about(self) -> _About:
        return self._patient, self._scale, self._amends

    def _on_saved(self, about: _About, changes: Changes) -> None:
        """An answer that comes late closes nothing that was begun since."""
        undo = None if about[-1] else partial(_undo, self.workplace, changes)
        self.workplace.navigator.toast(tr("Saved on this terminal."), undo)
        if self._about() == about:
            self._patient = None
            self.closed.emit(True)

    def _on_refused(self, about: _About, error: WorkstationError) -> None:
        if self.isHidden() or self._about() != about:
            self.workplace.tell(error)
            return
        self._note.say(error)
        self._lines.blame(error.field)
        if error.field == "reason":
            self._reason.setFocus(Qt.FocusReason.OtherFocusReason)


def _beside(narrow: QWidget, wide: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(narrow)
    row.addWidget(wide, 1)
    return row


def _undo(place: Workplace, changes: Changes) -> None:
    own = next(iter(changes.references), "").partition("/")[2]
    place.tasks.command(lambda: assessments.undo(place.desk, own), failed=place.tell)
