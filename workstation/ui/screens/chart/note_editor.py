"""Where a note is written: kept as a draft at each pause, signed with one key.

Nothing typed is lost: a pause of half a second, a lock, another tab or another patient keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import note_signatures, notes
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart import note_rows
from workstation.ui.screens.chart.consultation_form import ConsultationForm
from workstation.ui.screens.chart.note_aids import NoteAids
from workstation.ui.screens.chart.note_field import NoteField
from workstation.ui.screens.chart.note_form import NoteForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS = 500


class NoteEditor(QWidget):
    """One draft at a time.

    Signals:
        closed: The note was signed, or the draft given up or left for later. arg 0: id of the
            signed note, or empty.
    """

    closed = Signal(str)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start without a draft.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(parent)
        self.workplace = workplace
        self._patient: PatientId | None = None
        self._draft: NoteDraft | None = None
        self._asked: NoteText | None = None
        self._invalid: QWidget | None = None
        self._title, self._forms = label("", "heading"), Stack()
        self._plain, self._minutes = NoteForm(), ConsultationForm(workplace.clock)
        self._course, self._orders = self._plain.texts
        self._form: NoteForm | ConsultationForm = self._plain
        self.aids = NoteAids(workplace, (*self._plain.texts, *self._minutes.texts))
        self._reason_name, self._reason = label("", "strong"), QLineEdit()
        self._note, self._once = FieldNote(), Once(workplace, self)
        self._kept = label("", "caption")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        for form in (self._plain, self._minutes):
            form.edited.connect(self._on_edited)
        self._reason.textChanged.connect(self._on_edited)
        self.setFocusProxy(self._plain)
        self._lay_out()

    @property
    def draft(self) -> NoteDraft | None:
        """The draft as it stands in the fields; None when nothing is being written."""
        if self._draft is None:
            return None
        wanted = self._plain.wanted.wanted() if self._form is self._plain else None
        text = self._form.written(self._draft)
        return replace(self._draft, text=text, reason=self._reason.text(), wanted=wanted)

    def begin(self, patient: PatientId, draft: NoteDraft) -> None:
        """Write a draft on, or begin an empty one."""
        self.flush()
        self._draft = None
        self._patient = patient
        self._form = self._minutes if draft.kind == "consultation" else self._plain
        self._forms.bring(self._form)
        self.setFocusProxy(self._form)
        self._form.show_draft(draft)
        self._minutes.say_secretary("" if draft.amends else self.workplace.desk.person.name)
        self._reason.setText(draft.reason)
        self._draft, self._asked = draft, None
        self._name_fields(draft)
        _offer_colleagues(self.workplace, self._form, self._on_failed)
        self.aids.begin(patient, self._form.texts[0])
        self._note.say(None)
        self._kept.setText(
            tr("Draft kept at {time}", time=time_text(draft.saved_at)) if draft.text else ""
        )
        self._form.start()

    @Slot()
    def flush(self) -> None:
        """Keep what is typed, now."""
        self._pause.stop()
        draft, patient = self.draft, self._patient
        if draft is None or patient is None or self._once.busy or _same(self._draft, draft):
            return
        self._draft = replace(draft, saved_at=self.workplace.clock.now())
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: notes.keep_draft(desk, patient, draft),
            done=self._on_kept,
            failed=self._on_failed,
        )

    def sign(self) -> None:
        """Make the draft a note of the record; one with a blank left in it is asked twice."""
        self.flush()  # a refusal finds it kept, whatever is open by then
        draft, patient = self.draft, self._patient
        if draft is None or patient is None:
            return
        desk, meant = self.workplace.desk, draft.text == self._asked
        self._once.command(
            lambda: notes.sign(desk, patient, draft, blanks_meant=meant),
            done=partial(self._on_signed, draft),
            failed=partial(self._on_sign_refused, draft.text),
            initiator=self,
        )

    def discard(self) -> None:
        """Give the draft up, with a way back."""
        draft, patient = self.draft, self._patient
        if draft is None or patient is None:
            return
        self._pause.stop()
        self._draft = None
        desk, tasks = self.workplace.desk, self.workplace.tasks
        tasks.command(lambda: notes.discard_draft(desk, draft.id), failed=self._on_failed)

        def bring_back() -> None:
            tasks.command(lambda: notes.keep_draft(desk, patient, draft), done=self._on_kept)

        if draft.text:
            self.workplace.navigator.toast(tr("Draft given up"), bring_back)
        self.closed.emit("")

    def leave(self) -> None:
        """Keep the draft for later and close."""
        self.flush()
        self._draft = None
        self.closed.emit("")

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the page goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        gap = theme.px(14)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(6))
        box.addWidget(self._title)
        for form in (self._plain, self._minutes):
            self._forms.add(form)
        box.addWidget(self._forms, 1)
        self._reason_name.setBuddy(self._reason)
        for widget in (self._reason_name, self._reason, self.aids):
            box.addWidget(widget)
        box.addWidget(self._note)
        row = QHBoxLayout()
        row.addWidget(
            button(tr("Sign"), self.sign, kind="primary", symbol="check", hint="Ctrl+Return")
        )
        row.addWidget(button(tr("Keep as draft"), self.leave, symbol="save", hint="Ctrl+S"))
        row.addWidget(self._kept, 1)
        row.addWidget(button(tr("Give draft up"), self.discard, kind="quiet", symbol="delete"))
        box.addLayout(row)

    def _name_fields(self, draft: NoteDraft) -> None:
        amends, why = draft.amends is not None, tr("Reason for the change")
        self._title.setText(_title(draft))
        self._reason_name.setText(why)
        self._reason.setAccessibleName(why)
        self._reason_name.setVisible(amends)
        self._reason.setVisible(amends)

    @Slot()
    def _on_edited(self) -> None:
        if self._draft is not None:
            self._kept.setText(tr("Writing…"))
            if self._invalid is not None:
                set_property(self._invalid, "state", "")
            self._pause.start()

    @Slot(object)
    def _on_kept(self, _changes: Changes) -> None:
        # Remember what was kept, so that the next pause without a change writes nothing.
        draft = self.draft
        if draft is not None and not self._pause.isActive():
            self._draft = draft
            when = time_text(self.workplace.clock.now())
            self._kept.setText(tr("Draft kept at {time}", time=when))

    def _on_signed(self, signed: NoteDraft, changes: Changes) -> None:
        self.workplace.navigator.toast(_signed_words(signed))
        if self._draft is not None and self._draft.id != signed.id:
            self.flush()  # another one is being written already
            return
        self._draft = None
        written = (reference.partition("/") for reference in changes.references)
        self.closed.emit(next((id for type_, _, id in written if type_ == "DocumentReference"), ""))

    def _on_sign_refused(self, text: NoteText, error: WorkstationError) -> None:
        if error.code != "blank-left":
            self._on_failed(error)
            return
        self._asked = text
        self._note.say(error)
        field = self._form.field(error.field or "")
        if isinstance(field, NoteField):
            field.show_blank()

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._note.say(error)
        field = self._reason if error.field == "reason" else self._form.field(error.field or "")
        if field is not None:
            self._invalid = field
            set_property(field, "state", "invalid")
            field.setFocus(Qt.FocusReason.OtherFocusReason)


def _offer_colleagues(
    workplace: Workplace,
    form: NoteForm | ConsultationForm,
    failed: Callable[[WorkstationError], None],
) -> None:
    desk = workplace.desk
    workplace.tasks.query(
        lambda: note_signatures.colleagues(desk),
        done=lambda people: form.know(people, desk.person.id),
        failed=failed,
        owner=form,
    )


def _title(draft: NoteDraft) -> str:
    kind = note_rows.kind_words(draft.kind)
    return tr("Amend: {kind}", kind=kind) if draft.amends is not None else kind


def _signed_words(draft: NoteDraft | None) -> str:
    if draft is not None and draft.kind == "consultation":
        return tr("Signed. Now the chair signs: Ctrl+Shift+G.")
    if draft is not None and draft.wanted is not None:
        return tr("Signed. It waits for a second signature: Ctrl+Shift+G.")
    return tr("Signed and saved on this terminal.")


def _same(kept: NoteDraft | None, draft: NoteDraft) -> bool:
    return kept is not None and _typed(kept) == _typed(draft)


def _typed(draft: NoteDraft) -> tuple[object, ...]:
    return draft.text, draft.reason, draft.wanted
