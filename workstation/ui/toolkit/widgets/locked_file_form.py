"""A form for a file that opens with a passphrase: where it is, the passphrase, how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property

_LABELS, _GAP = 180, 14
"""Width of the labels' column, and the gap after it, in pixels at 100 %."""


@dataclass(frozen=True, slots=True)
class FileDeed:
    """What is done with the file.

    Attributes:
        words: Translated words of the button.
        symbol: Its icon.
        steps: Translated words of each step, while it runs.
        reads: Whether a file is read, and not a new one written.
        place: A file or folder to begin with.
        endings: What files to choose from are called, such as ``*.rescue``.
    """

    words: str
    symbol: str
    steps: tuple[str, ...]
    reads: bool = False
    place: str = ""
    endings: str = ""


class LockedFileForm(QWidget):
    """Asks for the file and the passphrase; whoever owns it does the work and tells how it goes.

    Signals:
        asked: The person wants it done. arg 0: the path as typed; arg 1: the passphrase.
    """

    asked = Signal(str, str)

    def __init__(self, deed: FileDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deed = deed
        self.path, self.phrase, self.again = QLineEdit(deed.place), QLineEdit(), QLineEdit()
        self._notes = {"file": FieldNote(), "passphrase": FieldNote(), "again": FieldNote()}
        self._entries = {"file": self.path, "passphrase": self.phrase, "again": self.again}
        self.go = button(deed.words, self._on_go, kind="primary", symbol=deed.symbol)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._step = label("", "caption", "muted")
        self._result = label("", "strong", wrap=True)
        self._result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self._show_step(running=False)
        self._tell("", "")

    def begin(self) -> None:
        """Put the keys on the first field that is empty."""
        (self.path if not self.path.text() else self.phrase).setFocus()

    def show_progress(self, done: int, total: int) -> None:
        """Say which step runs."""
        self._show_step(running=True)
        self._bar.setRange(0, total * 2)
        self._bar.setValue(min(done * 2 + 1, total * 2))
        self._step.setText(self.deed.steps[min(done, len(self.deed.steps) - 1)])

    def show_done(self, words: str) -> None:
        """Say what came of it; the passphrase is forgotten."""
        self._show_step(running=False)
        self._tell(f"✓ {words}", "ok")
        self.phrase.clear()
        self.again.clear()
        self.path.setFocus()

    def show_failure(self, error: WorkstationError) -> None:
        """Say why it was not done: beside the field if it concerns one, else beneath."""
        self._show_step(running=False)
        name = {"target": "file"}.get(error.field or "", error.field)
        if name in self._notes:
            self._refuse(name, error)
        else:
            self._tell(f"▲ {explain(error).line}", "danger")

    def result(self) -> str:
        """What the form says under its button now."""
        return self._result.text()

    def problem(self, name: str) -> str:
        """What stands beside a field now: ``file``, ``passphrase`` or ``again``."""
        return self._notes[name].text()

    def _lay_out(self) -> None:
        choose = button(tr("Choose…"), self._on_choose, symbol="list")
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(14))
        for part in (self.go, self._bar, self._step):
            foot.addWidget(part)
        foot.addStretch(1)
        self._bar.setFixedWidth(theme.px(160))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(12))
        box.addWidget(self._fields(choose))
        if not self.deed.reads:
            box.addWidget(_beneath_the_fields(label(_caution(), "caption", "muted", wrap=True)))
        box.addLayout(foot)
        box.addWidget(self._result)
        last = (self.phrase,) if self.deed.reads else (self.phrase, self.again)
        for first, then in pairwise((self.path, choose, *last, self.go)):
            self.setTabOrder(first, then)

    def _fields(self, choose: QWidget) -> QWidget:
        fields = _Fields()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(_GAP))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnMinimumWidth(0, theme.px(_LABELS))
        grid.setColumnStretch(1, 1)
        words = tr("File to take in") if self.deed.reads else tr("Save in folder")
        self._add(grid, 0, words, self.path, "file")
        grid.addWidget(choose, 0, 2)
        self._add(grid, 2, tr("Recovery passphrase"), self.phrase, "passphrase")
        if not self.deed.reads:
            self._add(grid, 4, tr("Once more"), self.again, "again")
        for entry in (self.phrase, self.again):
            entry.setEchoMode(QLineEdit.EchoMode.Password)
            entry.returnPressed.connect(self._on_go)
        self.path.returnPressed.connect(self.phrase.setFocus)
        return fields

    def _add(self, grid: QGridLayout, row: int, words: str, entry: QLineEdit, name: str) -> None:
        caption: QLabel = label(words)
        caption.setBuddy(entry)
        entry.setAccessibleName(words)
        entry.textEdited.connect(lambda _text: self._refuse(name, None))
        grid.addWidget(caption, row, 0)
        grid.addWidget(entry, row, 1)
        grid.addWidget(self._notes[name], row + 1, 1)
        self._notes[name].hide()

    def _refuse(self, name: str, error: WorkstationError | None) -> None:
        self._notes[name].say(error)
        self._notes[name].setVisible(error is not None)
        set_property(self._entries[name], "state", "invalid" if error else "")
        if error is not None:
            self._entries[name].setFocus()

    def _tell(self, words: str, tone: str) -> None:
        set_property(self._result, "tone", tone)
        self._result.setText(words)
        self._result.setVisible(bool(words))

    def _show_step(self, *, running: bool) -> None:
        self.go.setEnabled(not running)
        self._bar.setVisible(running)
        self._step.setVisible(running)
        if not running:
            self._step.setText("")

    @Slot()
    def _on_go(self) -> None:
        if not self.go.isEnabled():
            return
        for name in self._notes:
            self._refuse(name, None)
        self._tell("", "")
        if not self.deed.reads and self.phrase.text() != self.again.text():
            self._refuse("again", Refused("passphrases-differ"))
            return
        self.show_progress(0, len(self.deed.steps))
        self.asked.emit(self.path.text(), self.phrase.text())

    @Slot()
    def _on_choose(self) -> None:
        if self.deed.reads:
            chosen, _ = QFileDialog.getOpenFileName(
                self, self.deed.words, self.path.text(), self.deed.endings
            )
        else:
            chosen = QFileDialog.getExistingDirectory(self, self.deed.words, self.path.text())
        if chosen:
            self.path.setText(chosen)
            self._refuse("file", None)
            self.phrase.setFocus()


class _Fields(QWidget):
    """Keeps its height: a grid in which text wraps lets its fields shrink into each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def hasHeightForWidth(self) -> bool:
        """Never: the height that it would like is the height that it gets."""
        return False


def _beneath_the_fields(words: QLabel) -> QWidget:
    """In line with the fields; not in their grid, which reckons no height for a wide cell."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(theme.px(_LABELS + _GAP), 0, 0, 0)
    box.addWidget(words)
    return made


def _caution() -> str:
    return tr(
        "The passphrase has at least 12 characters. Write it down and keep it away from the file: "
        "nobody can look it up, and without it nobody can open the file."
    )


def writable_place() -> str:
    """A folder to begin with: the person's documents, or else the home folder."""
    kind = QStandardPaths.StandardLocation.DocumentsLocation
    documents = QStandardPaths.writableLocation(kind)
    return documents if Path(documents).is_dir() else str(Path.home())
