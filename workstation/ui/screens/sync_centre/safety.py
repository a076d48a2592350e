"""Copies that leave this machine: write a rescue bundle, take one in, back the record up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.changes import Changes
from workstation.kernel.words import tr
from workstation.services import safekeeping
from workstation.services.safekeeping import TakenIn, Written
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.copy_words import backup_words, rescue_words, steps, taken_words
from workstation.ui.toolkit.tasks import Progress
from workstation.ui.toolkit.widgets.locked_file_form import (
    FileDeed,
    LockedFileForm,
    writable_place,
)
from workstation.ui.toolkit.widgets.stack import Stack
from workstation.ui.toolkit.widgets.text import card, label
from workstation.ui.toolkit.workplace import Workplace

_CHOICES = 340
_FORM = 820
"""Widths in pixels at 100 %."""


class SafetyPanel(QScrollArea):
    """One of three deeds to the left, its form to the right."""

    def __init__(self, workplace: Workplace) -> None:
        """Begin with the rescue bundle.

        Args:
            workplace: Whose record it is.
        """
        super().__init__()
        self._workplace = workplace
        place = writable_place()
        self.export = LockedFileForm(FileDeed(tr("Write the bundle"), "save", steps(), place=place))
        self.import_ = LockedFileForm(
            FileDeed(tr("Take the bundle in"), "down", steps(), reads=True, endings="*.rescue")
        )
        self.backup = LockedFileForm(FileDeed(tr("Back up now"), "save", steps(), place=place))
        self.export.asked.connect(self._on_export)
        self.import_.asked.connect(self._on_import)
        self.backup.asked.connect(self._on_backup)
        self.choices = QButtonGroup(self)
        self._forms = Stack()
        self._pages: list[QWidget] = []
        self._lay_out()
        self.choices.idToggled.connect(self._on_chosen)
        self.choices.button(0).setChecked(True)

    def _lay_out(self) -> None:
        parts = (
            (self.export, tr("Rescue bundle"), tr("What the hospital has not received yet.")),
            (self.import_, tr("Take a bundle in"), tr("From this terminal, or from another one.")),
            (self.backup, tr("Backup"), tr("The whole record of this terminal.")),
        )
        left = QVBoxLayout()
        left.setSpacing(theme.px(6))
        for number, (form, name, words) in enumerate(parts):
            choice = QRadioButton(name)
            choice.setFont(theme.font("heading"))
            self.choices.addButton(choice, number)
            left.addWidget(choice)
            left.addWidget(_beneath(label(words, "body", "muted", wrap=True)))
            page = _page(name, _WHAT_FOR[number](), form)
            self._pages.append(page)
            self._forms.add(page)
        left.addStretch(1)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(theme.px(_CHOICES))
        self._forms.setMaximumWidth(theme.px(_FORM))
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, theme.px(12), 0, 0)
        row.setSpacing(theme.px(20))
        row.addWidget(side)
        row.addWidget(self._forms, 10)
        row.addStretch(1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    @Slot(int, bool)
    def _on_chosen(self, number: int, chosen: bool) -> None:
        if chosen:
            self._forms.bring(self._pages[number])

    @Slot(str, str)
    def _on_export(self, path: str, phrase: str) -> None:
        self._write(self.export, safekeeping.rescue_at, path, phrase, rescue_words)

    @Slot(str, str)
    def _on_backup(self, path: str, phrase: str) -> None:
        self._write(self.backup, safekeeping.back_up, path, phrase, backup_words)

    def _write(
        self,
        form: LockedFileForm,
        deed: Callable[..., Written],
        path: str,
        phrase: str,
        words: Callable[[Written], str],
    ) -> None:
        desk = self._workplace.desk

        def work(progress: Progress) -> Written:
            return deed(desk, path, phrase, progress.report)

        self._workplace.tasks.slow(
            work,
            done=lambda written: form.show_done(words(written)),
            failed=form.show_failure,
            progress=form.show_progress,
            owner=self,
        )

    @Slot(str, str)
    def _on_import(self, path: str, phrase: str) -> None:
        desk, found = self._workplace.desk, list[TakenIn]()

        def work() -> Changes:
            found.append(safekeeping.take_in(desk, path, phrase, lambda _done, _of: None))
            return found[0].changes

        self._workplace.tasks.command(
            work,
            done=lambda _changes: self.import_.show_done(taken_words(found[0])),
            failed=self.import_.show_failure,
            owner=self,
        )


def _page(name: str, what_for: str, form: LockedFileForm) -> QWidget:
    made = card(
        label(name, "heading"),
        label(what_for, wrap=True),
        form,
        margin=20,
        spacing=12,
    )
    page = QWidget()
    box = QVBoxLayout(page)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(made)
    box.addStretch(1)
    return page


def _beneath(words: QLabel) -> QWidget:
    """Under its choice, in line with the choice's own words."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(theme.px(29), 0, 0, theme.px(12))
    box.addWidget(words)
    return made


_WHAT_FOR: tuple[Callable[[], str], ...] = (
    lambda: tr(
        "Everything that only this terminal has: records not yet sent, and drafts. Write it before "
        "this terminal is repaired or replaced, or when the hospital cannot be reached for long. "
        "It is encrypted; what waits here goes on waiting."
    ),
    lambda: tr(
        "Unsent records and drafts from a bundle come into this terminal and are sent from here. "
        "A bundle may be taken in twice: nothing is doubled."
    ),
    lambda: tr(
        "An encrypted copy of all that is on this terminal, made while everybody goes on working. "
        "Hospital IT puts it back with: workstation store restore"
    ),
)
