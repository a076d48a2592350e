"""What a key does once: a form saves once however often it is asked to, a held key acts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from workstation.kernel.changes import Changes
    from workstation.kernel.errors import WorkstationError
    from workstation.ui.toolkit.workplace import Workplace


def held(event: QKeyEvent) -> bool:
    """Whether a key is pressed by itself over and over, as by a book that lies on it.

    Who holds an arrow walks. What acts must not: the next line would be done unread.
    """
    return event.isAutoRepeat()


class Once:
    """What a form has on its way to the record.

    A form keeps its draft before it saves and not again while `busy`: what is being charted would
    come back as a draft, to be charted once more.
    """

    def __init__(self, workplace: Workplace, form: QObject) -> None:
        """Have nothing on its way.

        Args:
            workplace: Its record.
            form: Whose it is; when it is gone a refusal is told all the same.
        """
        self._workplace, self._form = workplace, form
        self.busy = False

    def command(
        self,
        write: Callable[[], Changes],
        *,
        done: Callable[[Changes], None],
        failed: Callable[[WorkstationError], None],
        initiator: object = None,
    ) -> None:
        """As `TaskRunner.command`; nothing while another one is on its way."""
        if self.busy:
            return
        self.busy = True

        def charted(changes: Changes) -> None:
            self.busy = False
            done(changes)

        def refused(error: WorkstationError) -> None:
            self.busy = False
            if shiboken6.isValid(self._form):
                failed(error)
            else:
                self._workplace.tell(error)

        self._workplace.tasks.command(
            write, done=charted, failed=refused, initiator=initiator, owner=self._form
        )
