"""The bar of the demo: says that nobody here is real, and takes the server away and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QToolBar, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.text import button, label

_TICK_MS = 1000


@dataclass(frozen=True, slots=True)
class DemoControls:
    """What the demo's bar can do.

    Attributes:
        pin: Everybody's PIN in the demo.
        running: Whether the server answers.
        stop: Takes the server away.
        start: Brings it back.
        colleague: Opens another terminal of the same ward; None at the colleague's.
        colleague_ready: Whether that terminal can open now: a new one needs the server once.
    """

    pin: str
    running: Callable[[], bool]
    stop: Callable[[], object]
    start: Callable[[], object]
    colleague: Callable[[], object] | None
    colleague_ready: Callable[[], bool]


class DemoBar(QToolBar):
    """Stands below the window in a demo and never in a hospital."""

    def __init__(self, controls: DemoControls, parent: QWidget | None = None) -> None:
        """Show what the demo offers.

        Args:
            controls: What the buttons do.
            parent: The window.
        """
        super().__init__(parent)
        self._controls = controls
        self.setMovable(False)
        self.setFloatable(False)
        self.setObjectName("demo_bar")
        self._words = label("", "caption")
        self._server = button("", self._turn_server, kind="quiet")
        self._colleague = button("", self._open_colleague, kind="quiet")
        for each in (self._server, self._colleague):
            # A click here must not take the keyboard from the screen being tried.
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(8, 2, 8, 2)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._server)
        row.addWidget(self._colleague)
        self._colleague.setVisible(controls.colleague is not None)
        self.addWidget(inside)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.say)
        self._tick.start()
        self.say()

    def say(self) -> None:
        """Say it in the language of the moment, with the state of the moment."""
        self._words.setText(tr("DEMO · invented people · PIN {pin}", pin=self._controls.pin))
        running = self._controls.running()
        self._server.setText(tr("Take the server away") if running else tr("Bring the server back"))
        self._colleague.setText(tr("Open a colleague's terminal"))
        ready = self._controls.colleague_ready()
        self._colleague.setEnabled(ready)
        self._colleague.setToolTip("" if ready else tr("A new terminal needs the server once."))

    def _turn_server(self) -> None:
        if self._controls.running():
            self._controls.stop()
        else:
            self._controls.start()
        self.say()

    def _open_colleague(self) -> None:
        if self._controls.colleague is not None:
            self._controls.colleague()
