"""The card for a server that was restored or emptied: what it lost, and sending it again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import sync_centre
from workstation.sync.status import Loss
from workstation.ui.screens.sync_centre.wording import accident_words, loss_words
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace


class AccidentCard(QFrame):
    """Hidden while all is well. A person looks first, then decides; nothing goes by itself."""

    def __init__(self, workplace: Workplace) -> None:
        """Start hidden.

        Args:
            workplace: Its restorer asks the server; without one the card only tells.
        """
        super().__init__()
        self.setProperty("card", True)
        self._workplace = workplace
        self._code = ""
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._inside: QWidget | None = None
        self.hide()

    def show_accident(self, code: str) -> None:
        """Tell of an accident, or hide.

        Args:
            code: How the last round of sync ended; empty when it was no accident.
        """
        if code == self._code:
            return
        self._code = code
        self.setVisible(bool(code))
        if code:
            advice = tr(
                "Sync has stopped; nothing was sent or removed since. Call hospital IT. When the"
                " server runs again, look here at what it lost and send it again."
            )
            self._say(advice, tr("See what it lost"), self._look)

    def _say(self, text: str, action: str = "", does: Callable[[], None] | None = None) -> None:
        if self._inside is not None:
            self._box.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(Chip(tr("Sync stopped"), "danger", "error"))
        head.addWidget(label(accident_words(self._code), "heading", wrap=True), 1)
        column.addLayout(head)
        column.addWidget(label(text, "body", wrap=True))
        if does is not None and self._workplace.restorer is not None:
            row = QHBoxLayout()
            row.addWidget(button(action, does, kind="primary", symbol="sync"))
            row.addStretch(1)
            column.addLayout(row)
        self._box.addWidget(self._inside)

    def _look(self) -> None:
        restorer = self._workplace.restorer
        if restorer is not None:
            self._say(tr("Comparing every record with the server…"))
            self._workplace.tasks.slow(
                lambda _progress: restorer.loss(),
                done=self._on_known,
                failed=self._on_failed,
                owner=self,
            )

    def _send(self) -> None:
        restorer, desk = self._workplace.restorer, self._workplace.desk
        if restorer is not None:
            self._say(tr("Putting it back into the queue…"))
            self._workplace.tasks.slow(
                lambda _progress: restorer.send_again(desk),
                done=self._on_sent,
                failed=self._on_failed,
                owner=self,
            )

    @Slot(object)
    def _on_known(self, loss: Loss) -> None:
        kinds = sync_centre.kinds((*loss.missing, *loss.older))
        action = tr("Send it again") if loss.count else tr("Go on syncing")
        self._say(loss_words(loss, kinds), action, self._send)

    @Slot(object)
    def _on_sent(self, count: int) -> None:
        self._say(tr("Sync goes on. What is sent again waits below until the server has it."))
        self._workplace.navigator.toast(tr("{count} records are sent again.", count=count))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._say(explain(error).line, tr("See what it lost"), self._look)
