"""Ctrl+Z: takes the last deed back; one whose words have gone is named first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workstation.kernel.words import tr
from workstation.ui.toolkit.deeds import Deed, Deeds
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.toast import Toast

if TYPE_CHECKING:
    from workstation.kernel.clock import Clock
    from workstation.ui.toolkit.tasks import TaskRunner


class Undoing(QObject):
    """Stands between the screens, who say what was done, and the toast that shows it.

    While its toast is in sight a deed is taken back at once. Later Ctrl+Z first says what it
    would take back, of whom and when; the next Ctrl+Z does it. A deed in another bed an
    interruption ago is not in anybody's mind any more.
    """

    def __init__(
        self, toast: Toast, tasks: TaskRunner, clock: Clock, where: Callable[[], str]
    ) -> None:
        """Start with nothing done.

        Args:
            toast: Where it is said.
            tasks: Tells when a service has answered.
            clock: Where times come from.
            where: Names the screen in front, with the bed if there is one.
        """
        super().__init__(toast)
        self._toast, self._tasks, self._where = toast, tasks, where
        self._deeds = Deeds(clock)

    def say(self, text: str, undo: Callable[[], None] | None = None, lasting: bool = True) -> None:
        """Show that something was done, and remember the way back."""
        if undo is None or not lasting:
            self._toast.say(text, undo)
            return
        deed = self._deeds.add(text, self._where(), undo)
        self._toast.say(text, partial(self._take_back, deed))

    def undo(self) -> None:
        """Take back what is in sight; else name what would be taken back next."""
        if self._toast.undo():
            return
        deed = self._deeds.last()
        if deed is None:
            self._toast.say(tr("There is nothing to undo."))
            return
        said = tr("{time} {where}: {what}", time=time_text(deed.at), where=deed.where,
                  what=deed.words)  # fmt: skip
        self._toast.say(
            tr("Undo this? {what} Press Ctrl+Z again.", what=_closed(said)),
            partial(self._take_back, deed),
        )

    def clear(self) -> None:
        """Forget all: somebody else may come."""
        self._deeds.clear()

    def _take_back(self, deed: Deed) -> None:
        if not self._deeds.drop(deed):
            self._toast.say(tr("It cannot be taken back here any more."))
            return
        words = tr("Taking back…")
        self._toast.say(words)
        deed.undo()
        # The store answers in order: what the deed's own service says comes before this.
        done = partial(self._on_answered, words, deed)
        self._tasks.query(lambda: None, done=lambda _: done(), owner=self)

    def _on_answered(self, waiting: str, deed: Deed) -> None:
        if self._toast.words() == waiting:
            self._toast.say(tr("Taken back: {what}", what=f"{deed.where}: {deed.words}"))


def _closed(words: str) -> str:
    """A sentence ends with a stop."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
