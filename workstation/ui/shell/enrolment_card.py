"""Where this terminal's enrolment stands, and what the hospital's IT needs to admit it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Unavailable, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell.terminal import Admission, Enrolment, WardChoice
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import pixmap
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, card, label, set_property

if TYPE_CHECKING:
    from workstation.ui.shell.terminal import Terminal
    from workstation.ui.toolkit.tasks import TaskRunner

_AGAIN_MS: Final = 20_000
_FACTS: Final = ("server", "client", "thumbprint", "secret_kept_in")
_FILE: Final = "device.jwks.json"
_LOOKS: Final[dict[Admission, tuple[str, str]]] = {
    "no-server": ("offline", "muted"),
    "open": ("online", "ok"),
    "waiting": ("lock", "warn"),
    "accepted": ("check", "ok"),
    "unreachable": ("offline", "warn"),
}


def admission_words(admission: Admission) -> str:
    """The state in words."""
    return {
        "no-server": tr("This terminal works without a server."),
        "open": tr("The server takes this terminal in without a sign-in."),
        "waiting": tr("The hospital does not know this terminal yet"),
        "accepted": tr("The hospital knows this terminal"),
        "unreachable": tr("The server cannot be asked now"),
    }[admission]


class EnrolmentCard(QWidget):
    """State, identity, the three steps while it waits, the ward once it is let in."""

    def __init__(self, terminal: Terminal, tasks: TaskRunner) -> None:
        """Say nothing yet; `look` asks.

        Args:
            terminal: What stands behind the window.
            tasks: The bridge to the other threads.
        """
        super().__init__()
        self._terminal, self._tasks = terminal, tasks
        self._known: Enrolment | None = None
        self._timer = QTimer(self, interval=_AGAIN_MS)
        self._timer.timeout.connect(self.look)
        self._sign, self._state = QLabel(), label("", "strong", wrap=True)
        self._detail = label("", "body", "muted", wrap=True)
        self._note = FieldNote()
        self._values = {name: label("", "strong") for name in _FACTS}
        for value in self._values.values():
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._steps, self._choice = self._three_steps(), self._ward_choice()
        title = label(tr("This terminal and the hospital"), "heading")
        made = card(
            title, self._head(), self._identity(), self._steps, self._choice, self._note, margin=20
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(made)
        for part in (self._steps, self._choice, self._note):
            part.hide()

    @Slot()
    def look(self) -> None:
        """Ask the server whether it lets this terminal in; not on the store's thread."""
        self._check.setEnabled(False)
        self._tasks.slow(
            lambda _progress: self._terminal.enrolment(),
            done=self.show_state,
            failed=self._on_failed,
        )

    @Slot(object)
    def show_state(self, known: Enrolment) -> None:
        """Show where the enrolment stands."""
        self._known = known
        self._check.setEnabled(True)
        symbol, tone = _LOOKS[known.admission]
        self._sign.setPixmap(pixmap(symbol, tone, 28))
        set_property(self._state, "tone", "" if tone == "muted" else tone)
        self._state.setText(admission_words(known.admission))
        self._detail.setText(_detail(known))
        self._detail.setVisible(bool(self._detail.text()))
        for name, value in self._values.items():
            told = str(getattr(known, name))
            value.setText(_places().get(told, told) or tr("None"))
        self._steps.setVisible(known.admission == "waiting")
        self._show_wards(known)
        waits = known.admission == "waiting"
        (self._timer.start if waits else self._timer.stop)()

    def hideEvent(self, event: object) -> None:
        """Nobody looks: do not ask."""
        del event
        self._timer.stop()

    def _head(self) -> QWidget:
        self._check = button(tr("Look again"), self.look, symbol="sync")
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(self._state)
        words.addWidget(self._detail)
        row = _row()
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._check, alignment=Qt.AlignmentFlag.AlignTop)
        return _around(row)

    def _identity(self) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(20))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnMinimumWidth(0, theme.px(190))
        grid.setColumnStretch(1, 1)
        names = (
            tr("Server"), tr("Client id"), tr("Fingerprint of its key"), tr("Its own secret"),
        )  # fmt: skip
        for row, (name, value) in enumerate(zip(names, self._values.values(), strict=True)):
            grid.addWidget(label(name, "body", "muted"), row, 0)
            grid.addWidget(value, row, 1)
        return _around(grid)

    def _three_steps(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(0, theme.px(6), 0, 0)
        column.setSpacing(theme.px(8))
        save = button(tr("Save the public key…"), self._on_save, kind="primary", symbol="save")
        self._copy = button(tr("Copy the command"), self._on_copy, symbol="note")
        self._copy.setEnabled(False)
        self._command = label(tr("Save the key first; the command shows here."), "caption",
                              "muted", wrap=True)  # fmt: skip
        self._command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(_step("1", tr("Save the public key to a file. It is no secret."), save))
        column.addWidget(
            _step("2", tr("Give it to hospital IT. They compare the fingerprint and run:"),
                  self._copy, self._command)
        )  # fmt: skip
        column.addWidget(
            _step("3", tr("Wait here or go on charting: everything is kept on this terminal."))
        )
        return _around(column)

    def _ward_choice(self) -> QWidget:
        self._wards = QComboBox()
        self._wards.setMinimumWidth(theme.px(280))
        self._wards.setAccessibleName(tr("Ward"))
        self._join = button(tr("Work on this ward"), self._on_join, kind="primary", symbol="ward")
        row = _row()
        row.addWidget(label(tr("Ward"), "body", "muted"))
        row.addWidget(self._wards)
        row.addWidget(self._join)
        row.addStretch(1)
        return _around(row)

    def _show_wards(self, known: Enrolment) -> None:
        chosen = self._wards.currentData() or known.ward
        self._wards.clear()
        for ward in known.wards:
            self._wards.addItem(ward.name, ward)
            if ward.id == (chosen.id if isinstance(chosen, WardChoice) else chosen):
                self._wards.setCurrentIndex(self._wards.count() - 1)
        self._choice.setVisible(bool(known.wards) and not known.ward)

    @Slot()
    def _on_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the public key"), _FILE, "*.json")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, target: Path) -> None:
        """Write the public key to a file and show the command that goes with it."""
        self._tasks.query(
            lambda: self._terminal.write_key_set(target), done=self._on_saved,
            failed=self._on_failed,
        )  # fmt: skip

    @Slot(object)
    def _on_saved(self, command: str) -> None:
        self._say(None)
        self._command.setText(command)
        set_property(self._command, "tone", "")
        self._copy.setEnabled(True)

    @Slot()
    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._command.text())

    @Slot()
    def _on_join(self) -> None:
        ward, known = self._wards.currentData(), self._known
        if isinstance(ward, WardChoice) and known is not None:
            self._join.setEnabled(False)
            self._tasks.query(
                lambda: self._terminal.join(known.server, ward), done=self._on_joined,
                failed=self._on_failed, owner=self,
            )  # fmt: skip

    def _on_joined(self, _nothing: object) -> None:
        self._choice.hide()
        self.joined()

    joined: Callable[[], None] = staticmethod(lambda: None)
    """Told once a ward is chosen; the window builds itself anew."""

    def _say(self, error: WorkstationError | None) -> None:
        self._note.say(error)
        self._note.setVisible(error is not None)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._check.setEnabled(True)
        self._join.setEnabled(True)
        self._say(error)


def _detail(known: Enrolment) -> str:
    if known.admission == "waiting":
        return tr("Nothing is sent before it does. This page looks again by itself.")
    if known.admission == "unreachable":
        return explain(Unavailable(known.problem)).line
    if known.admission in ("accepted", "open") and not known.ward:
        return tr("Choose the ward that this terminal is to keep a copy of.")
    return ""


def _places() -> dict[str, str]:
    return {
        "keystore": tr("in the system's keystore"),
        "file": tr("in a file: encrypt this disk"),
    }


def _row() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(12))
    return row


def _around(layout: QHBoxLayout | QVBoxLayout | QGridLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made


def _step(
    number: str, words: str, act: QWidget | None = None, more: QWidget | None = None
) -> QWidget:
    column = QVBoxLayout()
    column.setSpacing(theme.px(2))
    column.addWidget(label(words, wrap=True))
    if more is not None:
        column.addWidget(more)
    column.addStretch(1)
    row = _row()
    row.addWidget(label(number, "heading", "accent"), alignment=Qt.AlignmentFlag.AlignTop)
    row.addLayout(column, 1)
    if act is not None:
        row.addWidget(act, alignment=Qt.AlignmentFlag.AlignTop)
    return _around(row)
