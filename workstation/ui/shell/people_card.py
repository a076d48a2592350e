"""The people of this terminal: add a colleague, remove one, change one's own PIN."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell.person_tile import role_word
from workstation.ui.shell.terminal import NewPerson, Voucher
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, card, label, rule, set_property

if TYPE_CHECKING:
    from workstation.kernel.ids import PersonId
    from workstation.security.people import Person, Role
    from workstation.ui.shell.terminal import Front, Terminal
    from workstation.ui.toolkit.tasks import TaskRunner

_ROLES = ("nurse", "doctor", "head-nurse", "reception", "administrator")


class PeopleCard(QWidget):
    """A list with a form below it; whoever changes something proves who they are anew."""

    def __init__(self, terminal: Terminal, tasks: TaskRunner, person: PersonId) -> None:
        """Show nobody yet; `look` reads who there is.

        Args:
            terminal: What stands behind the window.
            tasks: The bridge to the store thread.
            person: Who is logged in.
        """
        super().__init__()
        self._terminal, self._tasks, self._person = terminal, tasks, person
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(2))
        self._note = FieldNote()
        self._fields: dict[str, QLineEdit] = {}
        self._role = QComboBox()
        for role in _ROLES:
            self._role.addItem(role_word(cast("Role", role)), role)
        listed = QWidget()
        listed.setLayout(self._rows)
        self._rows.setContentsMargins(0, 0, 0, 0)
        made = card(
            label(tr("People at this terminal"), "heading"), listed,
            label(tr("Add a colleague, or change your PIN"), "strong"), self._form(), self._note,
            self._deeds(), margin=20,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(made)

    def look(self) -> None:
        """Read who may open this terminal."""
        self._tasks.query(self._terminal.front, done=self._on_front, failed=self._on_failed)

    @Slot(object)
    def _on_front(self, front: Front) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for number, person in enumerate(front.people):
            if number:
                self._rows.addWidget(rule())
            self._rows.addWidget(self._line(person))

    def _line(self, person: Person) -> QWidget:
        made = QWidget()
        made.setMinimumHeight(theme.px(34))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(label(person.name, "strong"))
        row.addWidget(label(role_word(person.role), "body", "muted"), 1)
        if person.id == self._person:
            row.addWidget(label(tr("You"), "body", "accent"))
        else:
            row.addWidget(
                button(tr("Remove"), lambda: self._remove(person), kind="quiet", symbol="delete")
            )
        return made

    def _form(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        rows = (
            (("name", tr("Family name and given name")), ("login", tr("Hospital log-in, if any"))),
            (("pin", tr("New PIN or password")), ("password", tr("Hospital password"))),
            (("again", tr("Once more")), ("own", tr("Your own PIN"))),
        )
        for row, pair in enumerate(rows):
            for side, (name, words) in enumerate(pair):
                field = self._fields[name] = QLineEdit()
                field.setAccessibleName(words)
                if name not in ("name", "login"):
                    field.setEchoMode(QLineEdit.EchoMode.Password)
                grid.addWidget(label(words), row * 2, side)
                grid.addWidget(field, row * 2 + 1, side)
        grid.addWidget(label(tr("Role")), 6, 0)
        grid.addWidget(self._role, 7, 0)
        hint = tr("With a log-in, the hospital says who it is: its name and role then count.")
        grid.addWidget(label(hint, "caption", "muted", wrap=True), 7, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return made

    def _deeds(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        self._add = button(tr("Add this person"), self._on_add, kind="primary", symbol="add")
        row.addWidget(self._add)
        row.addWidget(button(tr("Change my PIN"), self._on_change, symbol="lock"))
        row.addStretch(1)
        return made

    def _text(self, name: str) -> str:
        return self._fields[name].text()

    def _refuse(self, code: str) -> None:
        self._on_failed(Refused(code))

    @Slot()
    def _on_add(self) -> None:
        name, login = " ".join(self._text("name").split()), self._text("login").strip()
        if not name and not login:
            self._refuse("required")
            return
        if self._text("pin") != self._text("again"):
            self._refuse("pins-differ")
            return
        new = NewPerson(
            name, cast("Role", self._role.currentData()), self._text("pin"), login,
            self._text("password"),
        )  # fmt: skip
        voucher = Voucher(self._person, self._text("own"))
        self._do(lambda: self._terminal.add_person(voucher, new), tr("Added. They can log in now."))

    @Slot()
    def _on_change(self) -> None:
        old, new = self._text("own"), self._text("pin")
        if new != self._text("again"):
            self._refuse("pins-differ")
            return
        self._do(
            lambda: self._terminal.change_pin(self._person, old, new), tr("Your PIN is changed.")
        )

    def _remove(self, person: Person) -> None:
        voucher = Voucher(self._person, self._text("own"))
        if not voucher.pin:
            self._fields["own"].setFocus()
            self._refuse("own-pin-missing")
            return
        self._do(
            lambda: self._terminal.remove_person(voucher, person.id),
            tr("{name} is removed; what they charted stays.", name=person.name),
        )

    def _do(self, deed: Callable[[], object], words: str) -> None:
        self._add.setEnabled(False)

        def done(_result: object) -> None:
            for field in self._fields.values():
                field.clear()
            self._add.setEnabled(True)
            set_property(self._note, "tone", "ok")
            self._note.setText(f"✓ {words}")
            self.look()

        self._tasks.query(deed, done=done, failed=self._on_failed, owner=self)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._add.setEnabled(True)
        set_property(self._note, "tone", "danger")
        self._note.say(error)
