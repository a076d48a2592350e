"""The reason for a decision, and the signature under it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services.conflicts import Detail
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, label, set_property


class Signing(QWidget):
    """Stays at the foot of the page."""

    def __init__(self, name: str, sign: Callable[[], None], later: Callable[[], None]) -> None:
        """Start empty.

        Args:
            name: Who signs.
            sign: Decides.
            later: Leaves it undecided.
        """
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.setProperty("ground", "surface")
        self._reason = QLineEdit()
        self._reason.setPlaceholderText(tr("Why, for example: asked the doctor, read the chart"))
        self._reason.setAccessibleName(tr("Reason"))
        self._reason.setMaxLength(400)
        self._reason.returnPressed.connect(sign)
        self._note = FieldNote()
        self._progress = label("", "body", "muted")
        self._sign = button(
            tr("Decide and sign as {name}", name=name),
            sign,
            kind="primary",
            symbol="check",
            hint="Ctrl+Enter",
        )
        self._lay_out(button(tr("Decide later"), later, kind="quiet"))

    def reason(self) -> str:
        """What was typed."""
        return self._reason.text()

    def clear(self) -> None:
        """Forget what was typed."""
        self._reason.clear()
        self._note.say(None)

    def say_reason(self, text: str) -> None:
        """Put a reason in."""
        self._reason.setText(text)

    def show_conflict(self, detail: Detail) -> None:
        """Let it be signed, or say why not."""
        able = detail.open and detail.may_decide
        self._reason.setEnabled(able)
        self._sign.setEnabled(able)
        self._able = able
        barred = detail.open and not detail.may_decide
        set_property(self._progress, "tone", "warn" if barred else "muted")
        if barred:
            roles = _roles(detail.deciders)
            self._progress.setText(f"▲ {tr('Only these may decide this: {roles}', roles=roles)}")

    def show_progress(self, missing: int) -> None:
        """Say how much is still to be chosen."""
        if self._able:
            words = tr("{count} left to choose", count=missing) if missing else tr("All chosen.")
            self._progress.setText(words)

    def refuse(self, error: WorkstationError) -> None:
        """Say why it cannot be signed like this."""
        self._note.say(error)
        if error.field == "reason":
            self._reason.setFocus()

    def _lay_out(self, later: QWidget) -> None:
        self._able = False
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addWidget(label(tr("Reason"), "strong"))
        row.addWidget(self._reason, 1)
        row.addWidget(self._progress)
        row.addWidget(later)
        row.addWidget(self._sign)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(20), theme.px(8), theme.px(20), theme.px(8))
        box.setSpacing(0)
        box.addLayout(row)
        box.addWidget(self._note)


def _roles(codes: tuple[str, ...]) -> str:
    words = {
        "doctor": tr("doctor"),
        "nurse": tr("nurse"),
        "head-nurse": tr("head nurse"),
        "administrator": tr("administrator"),
    }
    return ", ".join(words.get(code, code) for code in codes)
