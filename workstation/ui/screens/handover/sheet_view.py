"""The four texts of one patient: written from the chart, changed only where it is needed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.words import tr
from workstation.services import handover
from workstation.services.handover import SECTIONS, Handover, Section, Sheet
from workstation.ui.screens.handover.wording import section_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.units import as_written, unbroken
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS = 500


class SheetView(QWidget):
    """One patient's texts; a pause, another patient, a lock keep what was changed.

    Signals:
        left: Escape: the keys go back to the list.
        stepped: Another patient is wanted from inside a text. arg 0: 1 for the next, -1 before.
        kept: A draft was kept or given up.
    """

    left = Signal()
    stepped = Signal(int)
    kept = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workplace = workplace
        self._sheet: Sheet | None = None
        self._kept: dict[Section, str] = {}
        self.texts: dict[Section, QPlainTextEdit] = {}
        self._back: dict[Section, QWidget] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        for place, section in enumerate(SECTIONS):
            grid.addWidget(self._box(section), place // 2, place % 2)
        grid.setRowStretch(0, 4)
        grid.setRowStretch(1, 5)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a patient's texts; what is being typed about the same patient stays."""
        same = self._sheet is not None and self._sheet.patient == sheet.patient
        typed = self.edited() if same else {}
        if not same:
            self.flush()
        self._sheet = sheet
        self._kept = {section: sheet.texts[section] for section in sheet.edited}
        for section, field in self.texts.items():
            text = typed.get(section, sheet.texts[section])
            if _written(field) != text:
                field.blockSignals(True)
                field.setPlainText(unbroken(text))
                field.blockSignals(False)
            field.setReadOnly(False)
        self._mark()

    def show_given(self, found: Handover) -> None:
        """Show what was given, to read."""
        self.clear()
        for section, field in self.texts.items():
            field.setPlainText(unbroken(found.texts[section]))

    def clear(self) -> None:
        """Keep what was changed, and show nothing any more."""
        self.flush()
        self._sheet, self._kept = None, {}
        for field in self.texts.values():
            field.clear()
            field.setReadOnly(True)
        self._mark()

    def edited(self) -> dict[Section, str]:
        """The sections that say something else than the chart."""
        if self._sheet is None:
            return {}
        now = {section: _written(field) for section, field in self.texts.items()}
        return {each: text for each, text in now.items() if text != self._sheet.written[each]}

    def focus_first(self) -> None:
        """Put the keys into the first text."""
        self.texts["situation"].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def flush(self) -> None:
        """Keep what was changed, now."""
        self._pause.stop()
        edited, sheet = self.edited(), self._sheet
        if sheet is None or edited == self._kept:
            return
        self._kept = edited
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: handover.keep_draft(desk, sheet.patient, edited), done=self._on_kept
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was changed when the page goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the texts; Ctrl+PageDown and Ctrl+PageUp go to another patient."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
            step = steps.get(Qt.Key(event.key()))
            if step and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.stepped.emit(step)
                return True
        return super().eventFilter(watched, event)

    def _box(self, section: Section) -> QWidget:
        field = self.texts[section] = QPlainTextEdit()
        field.setTabChangesFocus(True)
        field.setAccessibleName(section_words(section))
        field.textChanged.connect(self._on_edited)
        field.installEventFilter(self)
        back = button(
            tr("As in the chart"), lambda: self._restore(section), kind="quiet", symbol="undo"
        )
        back.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from text to text
        policy = back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        back.setSizePolicy(policy)
        self._back[section] = back
        head = QHBoxLayout()
        head.addWidget(label(section_words(section), "strong"), 1)
        head.addWidget(back)
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(2))
        box.addLayout(head)
        box.addWidget(field, 1)
        return made

    def _restore(self, section: Section) -> None:
        """Give up what was changed in a section, with a way back."""
        sheet, field = self._sheet, self.texts[section]
        if sheet is None:
            return
        text = _written(field)

        def back() -> None:
            if self._sheet is not None and self._sheet.patient == sheet.patient:
                field.setPlainText(unbroken(text))
            else:  # the field belongs to somebody else now
                words = tr("It cannot be taken back here any more.")
                self.workplace.navigator.toast(words)

        field.setPlainText(unbroken(sheet.written[section]))
        self.workplace.navigator.toast(tr("The text is as in the chart again."), back)

    def _mark(self) -> None:
        edited = self.edited()
        for section, back in self._back.items():
            back.setVisible(section in edited)

    @Slot()
    def _on_edited(self) -> None:
        if self._sheet is not None:
            self._mark()
            self._pause.start()

    @Slot(object)
    def _on_kept(self, _changes: Changes) -> None:
        self.kept.emit()


def _written(field: QPlainTextEdit) -> str:
    return as_written(field.toPlainText())
