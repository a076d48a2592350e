"""What can still be done for a damaged record: commands for hospital IT, and the rescue bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell.pack_offer import PackOffer
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.copy_words import rescue_words, steps
from workstation.ui.toolkit.widgets.locked_file_form import (
    FileDeed,
    LockedFileForm,
    writable_place,
)
from workstation.ui.toolkit.widgets.text import button, label

if TYPE_CHECKING:  # services bring the store along, which the log-in window does without
    from workstation.services.safe import Safe
    from workstation.services.safekeeping import Written
    from workstation.ui.toolkit.tasks import Progress, TaskRunner

_UNREADABLE: Final = frozenset({"damaged-page", "not-a-store", "upgrade-lost-changes", "wrong-key"})
"""Codes of damage that a rebuild may mend."""
_THERE: Final = _UNREADABLE | {"disk-full", "disk-error", "read-only", "newer-store"}
"""Codes with which there is a record to look at."""


class Rescue(QWidget):
    """Writes what only this terminal has to a file, as far as the damaged record can be read."""

    def __init__(self, safe: Safe, tasks: TaskRunner) -> None:
        """Show a button; the form comes when it is pressed.

        Args:
            safe: Of this terminal.
            tasks: The bridge to the threads.
        """
        super().__init__()
        self._safe, self._tasks = safe, tasks
        self.form = LockedFileForm(
            FileDeed(tr("Write the bundle"), "save", steps(), place=writable_place())
        )
        self.form.asked.connect(self._on_asked)
        self.form.hide()
        self.offer = button(tr("Write a rescue bundle"), self._on_offered, symbol="save")
        words = tr(
            "What was saved here and not yet sent is still in the files. Try to write it to an "
            "encrypted file before anything else is done; nothing on this terminal is changed."
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addWidget(label(tr("What only this terminal has"), "caption"))
        box.addWidget(label(words, wrap=True))
        box.addWidget(self.offer, alignment=Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.form)
        box.addSpacing(theme.px(6))
        box.addWidget(PackOffer(safe, tasks))

    def _on_offered(self) -> None:
        self.offer.hide()
        self.form.show()
        self.form.begin()

    def _on_asked(self, path: str, phrase: str) -> None:
        safe = self._safe

        def work(progress: Progress) -> Written:
            from workstation.services import safekeeping

            return safekeeping.rescue(safe, path, phrase, progress.report)

        self._tasks.slow(
            work,
            done=lambda written: self.form.show_done(rescue_words(written)),
            failed=self.form.show_failure,
            progress=self.form.show_progress,
            owner=self,
        )


def offers(
    error: WorkstationError, safe: Safe | None, tasks: TaskRunner
) -> tuple[Rescue | None, QWidget | None]:
    """The rescue bundle, where the key is known and there is a record to read; and the commands.

    Args:
        error: What is wrong with the record.
        safe: Of this terminal; None while nobody's PIN has opened the key.
        tasks: The bridge to the threads.
    """
    lines = commands(error, safe)
    if safe is None or lines is None:
        return None, lines
    return Rescue(safe, tasks), lines


def commands(error: WorkstationError, safe: Safe | None) -> QWidget | None:
    """The lines that hospital IT types, each with what it does; None where none helps.

    Args:
        error: What is wrong with the record.
        safe: Of this terminal, where it is known: the lines then name its folder.
    """
    if error.code not in _THERE:
        return None
    place = f' --folder "{safe.folder}"' if safe is not None else ""
    lines = [
        (f"workstation store check{place}", tr("reads every page and says what is wrong")),
        (f"workstation store rescue{place} FILE", tr("writes what is unsent to an encrypted file")),
    ]
    if error.code in _UNREADABLE:
        words = tr("reads the record out into a new one; the old files are put aside, not deleted")
        lines.append((f"workstation store rebuild{place}", words))
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(theme.px(2))
    grid.addWidget(label(tr("In this order, with the program closed"), "caption"), 0, 0)
    for number, (line, words) in enumerate(lines):
        typed = label(line, "strong", wrap=True)
        typed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(typed, number * 2 + 1, 0)
        grid.addWidget(label(words, "caption", "muted", wrap=True), number * 2 + 2, 0)
    return made
