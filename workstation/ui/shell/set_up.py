"""The first start: where the server is, which ward this is, and who the first person is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.words import tr
from workstation.ui.shell.page_head import page_head
from workstation.ui.shell.person_tile import role_word
from workstation.ui.shell.terminal import SetUp, WardChoice
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, card, label, set_property

if TYPE_CHECKING:
    from workstation.security.people import Role

_ROLES = ("nurse", "doctor", "head-nurse", "reception", "administrator")


class SetUpPage(QWidget):
    """Three questions on one page; the server may be left out and added later."""

    def __init__(
        self,
        test: Callable[[str], None],
        finish: Callable[[SetUp], None],
        switch_language: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Ask.

        Args:
            test: Tests the address typed; the answer comes by `show_wards` or `show_no_server`.
            finish: Gets the answers once they are complete.
            switch_language: Changes the language of the program.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._test = test
        self._finish = finish
        self._server_note, self._pin_note, self._name_note = FieldNote(), FieldNote(), FieldNote()
        self._server_note.setMinimumHeight(theme.px(32))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        column.setSpacing(theme.px(12))
        title = label(tr("Set up this terminal"), "title")
        line = label(
            tr("Two steps, once. Without a server everything is kept on this terminal."),
            "body",
            "muted",
        )
        column.addLayout(page_head(title, line, switch_language))
        for part in (self._server_card(), self._person_card()):
            column.addLayout(_centred(part))
        self._go = button(tr("Set up this terminal"), self._on_finish, kind="primary",
                          symbol="check")  # fmt: skip
        column.addWidget(self._go, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolled(page))

    def start(self) -> None:
        """Put the keys on the first question."""
        self._server.setFocus()

    def show_wards(self, wards: tuple[WardChoice, ...]) -> None:
        """The address answers: offer its wards."""
        self._busy(busy=False)
        self._ward.clear()
        for ward in wards:
            self._ward.addItem(ward.name, ward.id)
        self._ward.setEnabled(bool(wards))
        set_property(self._server_note, "tone", "ok")
        self._server_note.setText(f"✓ {tr('The server answers. Wards: {count}', count=len(wards))}")

    def show_no_server(self, error: WorkstationError) -> None:
        """The address does not answer: say why."""
        self._busy(busy=False)
        if error.code == "sign-in":
            set_property(self._server_note, "tone", "ok")
            words = tr(
                "The server answers, and lets in only terminals that it knows. Finish here: then"
                " you get the key for hospital IT, and choose the ward once they have taken it."
            )
            self._server_note.setText(f"✓ {words}")
            self._ward.setPlaceholderText(tr("Chosen after enrolment"))
            return
        set_property(self._server_note, "tone", "danger")
        self._server_note.say(error)
        self._server.setFocus()

    def show_refusal(self, error: WorkstationError) -> None:
        """The terminal could not be set up: say why, beside the field if it has one."""
        self._busy(busy=False)
        self._pin_note.say(error)

    def _server_card(self) -> QWidget:
        self._server = QLineEdit()
        self._server.setPlaceholderText("https://fhir.benhvien.example/fhir")
        self._server.returnPressed.connect(self._on_test)
        self._test_button = button(tr("Test the connection"), self._on_test, symbol="server")
        self._ward = QComboBox()
        self._ward.setEnabled(False)
        grid = _grid()
        grid.addWidget(label(tr("Server address")), 0, 0)
        grid.addWidget(self._server, 0, 1)
        grid.addWidget(self._test_button, 0, 2)
        grid.addWidget(self._server_note, 1, 1, 1, 2)
        grid.addWidget(label(tr("Ward")), 2, 0)
        grid.addWidget(self._ward, 2, 1)
        return _titled(tr("1. The hospital's server"), grid)

    def _person_card(self) -> QWidget:
        self._name = QLineEdit()
        self._role = QComboBox()
        for role in _ROLES:
            self._role.addItem(role_word(cast("Role", role)), role)
        self._pin, self._again = QLineEdit(), QLineEdit()
        for field in (self._pin, self._again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        grid = _grid()
        rows = (
            (tr("Family name and given name"), self._name),
            (tr("Role"), self._role),
            (tr("PIN or password"), self._pin),
            (tr("Once more"), self._again),
        )
        for row, (words, entry) in enumerate(rows):
            grid.addWidget(label(words), row * 2, 0)
            grid.addWidget(entry, row * 2, 1)
            entry.setAccessibleName(words)
        grid.addWidget(self._name_note, 1, 1, 1, 2)
        grid.addWidget(self._pin_note, 7, 1, 1, 2)
        hint = tr("At least 6 characters. It opens the encrypted record; nobody can look it up.")
        grid.addWidget(label(hint, "caption", wrap=True), 4, 2)
        return _titled(tr("2. The first person"), grid)

    def _busy(self, *, busy: bool) -> None:
        self._test_button.setEnabled(not busy)
        self._go.setEnabled(not busy)

    @Slot()
    def _on_test(self) -> None:
        address = self._server.text().strip()
        if address:
            self._busy(busy=True)
            self._test(address)

    @Slot()
    def _on_finish(self) -> None:
        name, pin = " ".join(self._name.text().split()), self._pin.text()
        self._name_note.say(None if name else Refused("required"))
        self._pin_note.say(None if pin == self._again.text() else Refused("pins-differ"))
        if not name or pin != self._again.text():
            return
        self._busy(busy=True)
        self._finish(
            SetUp(
                server=self._server.text().strip(),
                ward=str(self._ward.currentData() or ""),
                ward_name=self._ward.currentText(),
                name=name,
                role=cast("Role", self._role.currentData()),
                pin=pin,
            )
        )


def _centred(part: QWidget) -> QHBoxLayout:
    part.setMaximumWidth(theme.px(760))
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(part, 50)
    row.addStretch(1)
    return row


def _scrolled(page: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(page)
    return scroll


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(6))
    for column, width in enumerate((180, 300, 190)):
        grid.setColumnMinimumWidth(column, theme.px(width))
        grid.setColumnStretch(column, width)
    return grid


def _titled(title: str, grid: QGridLayout) -> QWidget:
    inside = QWidget()
    grid.setContentsMargins(0, 0, 0, 0)
    inside.setLayout(grid)
    return card(label(title, "heading"), inside, margin=20)
