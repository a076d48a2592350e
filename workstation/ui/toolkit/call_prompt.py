"""Asks, beside what was charted and never in the way, who was called about a score and what came.

It shows by itself where a score asks for a call that nobody has written down, or where a call
waits for its answer; the keyboard goes there only when a person sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.clinical.scores.warning import EarlyWarning, Risk
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.services import escalation
from workstation.services.escalation import Call, Situation
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.badge import Risk as Shade
from workstation.ui.toolkit.widgets.badge import ScoreBadge
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text, time_text
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace

_SHADES: dict[Risk, Shade] = {Risk.LOW_MEDIUM: 1, Risk.MEDIUM: 2, Risk.HIGH: 3}


class CallPrompt(QFrame):
    """One line about one patient.

    Signals:
        left: The keyboard is given back.
        recorded: A call or an answer was saved.
    """

    left = Signal()
    recorded = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._situation: Situation | None = None
        self.setProperty("card", True)
        self._badge = ScoreBadge()
        self._words = label("", "strong", wrap=True)
        self._facts = label("", "caption", "muted", wrap=True)
        self._text = QLineEdit()
        self._text.returnPressed.connect(self.record)
        self._at = MomentEntry(tr("When"), workplace.clock.now())
        self._at.setFixedWidth(theme.px(165))
        self._at.returnPressed.connect(self.record)
        keys = BY_ID["record_call"].keys()
        self._save = button(
            tr("Write it down"), self.record, kind="primary", symbol="save", hint=keys
        )
        self._note, self._once = FieldNote(), Once(workplace, self)
        self._lay_out()
        self._note.hide()
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._words)
        words.addWidget(self._facts)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(self._badge)
        row.addLayout(words, 3)
        row.addWidget(self._text, 2)
        row.addWidget(self._at)
        row.addWidget(self._save)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        box.setSpacing(theme.px(2))
        box.addLayout(row)
        box.addWidget(self._note)

    def show_situation(self, situation: Situation | None, name: str = "") -> None:
        """Show what is to be written down about a patient; nothing hides it.

        What is typed about the same thing stays.

        Args:
            situation: Score and calls of the patient.
            name: Bed and name, where the screen shows several patients.
        """
        same = _subject(situation) == _subject(self._situation)
        self._situation = situation
        open_call = situation.open if situation else None
        shown = situation is not None and (situation.wanted or open_call is not None)
        self.setVisible(shown)
        if situation is None or not shown:
            return
        if not same:
            self._text.clear()
            self._say(None)
            self._at.setText(moment_text(self.workplace.clock.now()))
        self._show_words(situation.score, open_call if not situation.wanted else None, name)

    def begin(self) -> bool:
        """Put the keyboard here; whether there is anything to write down."""
        if self.isHidden():
            return False
        self._at.setText(moment_text(self.workplace.clock.now()))
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def record(self) -> None:
        """Save what is typed, or say what is wrong with it."""
        situation, desk, text, at = (
            self._situation, self.workplace.desk, self._text.text(), self._when(),
        )  # fmt: skip
        if situation is None or at is None:
            return
        score, patient, open_call = situation.score, situation.patient, situation.open
        work: Callable[[], Changes]
        if situation.wanted:
            work = lambda: escalation.call(desk, patient, score, text, at)  # noqa: E731
        elif open_call is not None:
            work = lambda: escalation.answer(desk, open_call.id, text, at)  # noqa: E731
        else:
            return
        self._once.command(work, done=self._on_saved, failed=self._say)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the keyboard back; what is typed stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _show_words(self, score: EarlyWarning, waiting: Call | None, name: str) -> None:
        shade = _SHADES.get(score.risk, 0) if score.risk else 0
        self._badge.show_score(score.total, shade, complete=score.complete, scale=score.scale)
        keys = BY_ID["record_call"].keys()
        if waiting is not None:
            said, hint = _waiting_words(waiting), tr("What came of it")
        else:
            said = tr("{scale} {total}: call the doctor now", scale=score.scale.value,
                      total=score.total)  # fmt: skip
            hint = tr("Who was called")
        self._words.setText(said)
        self._facts.setText(" · ".join(filter(None, (name, tr("{keys} to write", keys=keys)))))
        self._text.setPlaceholderText(hint)
        self._text.setAccessibleName(hint)
        late = waiting is not None and _late(waiting, self.workplace.clock.now())
        set_property(self._words, "tone", "danger" if late or waiting is None else "warn")

    def _when(self) -> datetime | None:
        try:
            return self._at.value()
        except Refused as refused:
            self._say(refused)
            self._at.setFocus()
            return None

    @Slot(object)
    def _say(self, error: WorkstationError | None) -> None:
        self._note.say(error)
        self._note.setVisible(error is not None)

    @Slot(object)
    def _on_saved(self, changes: Changes) -> None:
        situation, desk = self._situation, self.workplace.desk
        new = situation is not None and situation.wanted
        task = next(iter(changes.references), "").partition("/")[2]
        self._text.clear()
        self._say(None)

        def undo() -> None:
            place = self.workplace
            place.tasks.command(lambda: escalation.take_back(desk, task), failed=place.tell)

        self.workplace.navigator.toast(tr("Saved on this terminal."), undo if new else None)
        self.hide()
        self.recorded.emit()
        self.left.emit()


def _subject(situation: Situation | None) -> object:
    if situation is None:
        return None
    return situation.patient, situation.wanted, situation.open.id if situation.open else ""


def _late(call: Call, now: datetime) -> bool:
    return call.answer_by is not None and now > call.answer_by


def _waiting_words(call: Call) -> str:
    limit = time_text(call.answer_by) if call.answer_by else "–"
    at = time_text(call.called_at) if call.called_at else "–"
    return tr("Called {time}: {whom}. Answer expected by {limit}",
              time=at, whom=call.whom, limit=limit)  # fmt: skip
