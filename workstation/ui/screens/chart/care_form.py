"""What the care forms have in common: fields below each other, a draft, save, what was refused."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import care_sites
from workstation.ui.screens.chart.care_fields import Fields
from workstation.ui.screens.chart.side_form import SideForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.once import Once
from workstation.ui.toolkit.widgets.moment import parse_moment
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS = 400
"""So long after the last key what is typed is kept."""


class CareForm(SideForm):
    """One deed being typed. A subclass makes the fields and says what saving does.

    What is typed is kept when it is left.
    """

    def __init__(
        self, workplace: Workplace, patient: PatientId, deed: str, parent: QWidget | None = None
    ) -> None:
        """Make an empty form.

        Args:
            workplace: What it works with.
            patient: Whose chart it is.
            deed: Names what it is to become, under which its draft is kept.
            parent: The widget around it.
        """
        super().__init__(workplace, parent)
        self.patient, self.deed, self.fields = patient, deed, Fields()
        self._open, self._dirty, self._once = True, False, Once(workplace, self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._box = QVBoxLayout()
        self._box.setContentsMargins(*map(theme.px, (14, 10, 14, 10)))
        self._box.setSpacing(theme.px(6))

    def begin(self, typed: Mapping[str, str]) -> None:
        """Stand ready, with what was typed before."""
        self.fields.put(typed)
        self.fields.typed.connect(self._on_typed)
        self.fields.begin()

    def lay_out(self, title: str, about: str, *extra: QWidget) -> None:
        """Put title, fields, what was refused, and the buttons below each other.

        Args:
            title: Translated heading.
            about: A second line, such as what is looked at; may be empty.
            extra: What stands below the buttons.
        """
        self._box.addWidget(label(title, "heading", wrap=True))
        if about:
            self._box.addWidget(label(about, "strong", wrap=True))
        self._box.addWidget(self.fields)
        self._box.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(button(tr("Save"), self.save, kind="primary", symbol="save", hint="Ctrl+S"))
        row.addWidget(button(tr("Close"), self.leave, hint="Esc"))
        row.addStretch(1)
        self._box.addLayout(row)
        for each in extra:
            self._box.addWidget(each)
        self._box.addStretch(1)
        self.arrange(self._box)
        self.fields.finished.connect(self.save)

    def arrange(self, box: QVBoxLayout) -> None:
        """Stand beside the lists.

        Args:
            box: Everything that `lay_out` put below each other.
        """
        self.setFixedWidth(theme.px(360))
        self.setLayout(box)

    @abstractmethod
    def work(self) -> Callable[[], Changes]:
        """What saving does, out of what is typed.

        Raises:
            Refused: A field says nothing or nonsense; ``field`` names it.
        """

    def save(self) -> None:
        """Save what is typed, or say what is wrong with it."""
        if self._once.busy:  # Enter pressed twice: it is charted once
            return
        try:
            work = self.work()
        except Refused as refused:
            self.refuse(refused)
            return
        self.flush()  # refused after one has left, it is still there
        self._once.command(work, done=self._on_saved, failed=self._on_refused)

    def leave(self) -> None:
        """Close; what is typed is kept."""
        if self._dirty:
            self.workplace.navigator.toast(tr("What you typed is kept."))
        self.flush()
        self._open = False
        self.closed.emit()

    @Slot()
    def flush(self) -> None:
        """Keep what is typed, now."""
        self._pause.stop()
        if not self._open or not self._dirty or self._once.busy:
            return
        desk, patient, deed, texts = (
            self.workplace.desk, self.patient, self.deed, self.draft(),
        )  # fmt: skip
        self.workplace.tasks.command(
            lambda: care_sites.keep_draft(desk, patient, deed, texts), failed=self.note.say
        )

    def retire(self) -> None:
        """Keep what is typed and take no more: the page is about something else now."""
        self.flush()
        self._open = False

    def forget(self) -> None:
        """Keep nothing of what is typed."""
        self._pause.stop()
        self._open = False
        desk, patient, deed = self.workplace.desk, self.patient, self.deed
        self.workplace.tasks.command(lambda: care_sites.keep_draft(desk, patient, deed, {}))

    def draft(self) -> dict[str, str]:
        """What is kept of what is typed."""
        return self.fields.texts()

    def touch(self) -> None:
        """Something was changed."""
        self._dirty = True
        self.note.say(None)
        self._pause.start()

    @Slot(object)
    def refuse(self, error: WorkstationError) -> None:
        """Say what is wrong, beside its field."""
        self.note.say(error)
        self.fields.blame(error.field)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the page goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    @Slot()
    def _on_typed(self) -> None:
        self.touch()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self.refuse(error)
        if self.isHidden():
            self.workplace.tell(error)

    @Slot(object)
    def _on_saved(self, changes: Changes) -> None:
        self._open = False
        written = [each for each in changes.references if not each.startswith("Provenance")]
        tasks, navigator, undo = self.workplace.tasks, self.workplace.navigator, self.undo

        def take_back() -> None:
            tasks.command(
                lambda: undo(written),
                failed=lambda error: navigator.toast(explain(error).line),
            )

        navigator.toast(tr("Saved on this terminal."), take_back if self.undoable else None)
        self.closed.emit()

    def moment(self, name: str) -> datetime:
        """The time that stands in a field (aware).

        Raises:
            Refused: ``not-a-date`` with the field.
        """
        try:
            return parse_moment(self.fields.text(name), self.workplace.clock.now())
        except Refused as refused:
            raise Refused(refused.code, field=name) from refused

    def undo(self, references: Sequence[str]) -> Changes:
        """Take back what was saved; runs on the store thread."""
        return care_sites.undo(self.workplace.desk, references)

    @property
    def undoable(self) -> bool:
        """Whether the toast offers to take it back."""
        return True
