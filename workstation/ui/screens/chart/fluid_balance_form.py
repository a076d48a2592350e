"""Fluids of one patient, typed several at once: kind, amount, next; one time for all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.clinical.fluid_balance import Fluid, Kind, Row
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import fluid_balance
from workstation.ui.screens.chart.fluid_balance_stack import FluidStack
from workstation.ui.screens.chart.fluid_balance_words import kind_name, number_of
from workstation.ui.screens.chart.side_form import SideForm
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.text import button, label, set_property
from workstation.ui.toolkit.workplace import Workplace

PAUSE_MS: Final = 800
"""So long after the last key what is typed is kept."""


class FluidForm(SideForm):
    """The form; left, what is typed is kept."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            workplace: What it works with.
            parent: The widget around it.
        """
        super().__init__(workplace, parent)
        self._patient: PatientId | None = None
        self._confirmed: frozenset[Fluid] = frozenset()
        self._kept, self._saving = "", False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self.setFixedWidth(theme.px(400))
        self._at = MomentEntry(tr("Time of these amounts"), workplace.clock.now())
        self._at.textEdited.connect(self._on_edited)
        self._running = label("", "caption", "warn", wrap=True)
        self._save = button(tr("Save"), self.save, kind="primary", symbol="save", hint="Ctrl+S")
        self._stack = FluidStack(self._at, self._save)
        self._stack.edited.connect(self._on_edited)
        self._stack.finished.connect(self._save.setFocus)
        self._at.returnPressed.connect(self._stack.begin)
        self._lay_out()

    def begin(
        self,
        patient: PatientId,
        usual: Sequence[Row],
        draft: str = "",
        *,
        first: Row | None = None,
        at: datetime | None = None,
        running: int = 0,
    ) -> None:
        """Stand ready with the kinds that this patient usually has, or with what was typed before.

        Args:
            patient: Whose.
            usual: Kinds charted lately, what came last first.
            draft: What `flush` kept before.
            first: The kind that is wanted first.
            at: For which time (aware); now when None.
            running: How many infusions run: they count by themselves.
        """
        self._patient, self._confirmed = patient, frozenset()
        self._running.setText(_running_words(running))
        self._running.setVisible(running > 0)
        self.note.say(None)
        self._stack.clear()
        found: dict[str, Any] = json.loads(draft) if draft else {}
        self._at.setText(found.get("at") or moment_text(at or self.workplace.clock.now()))
        if found:
            self._stack.restore((kind, volume, name) for kind, volume, name in found["lines"])
        else:
            self._stack.ready(dict.fromkeys(filter(None, (first, *usual))))
        self._kept = _draft(self._at, self._stack)
        self._stack.begin()

    def save(self) -> None:
        """Save what is typed, or say what is wrong with it."""
        patient, fluids = self._patient, self._read()
        if patient is None or fluids is None or self._saving:
            return
        asked = [n for n in self._stack.ambiguous() if fluids[n] not in self._confirmed]
        if asked:
            words = tr("An amount in mL, or the number of a kind? Save again if it is the amount.")
            self._doubt(asked, words)
            return
        self._pause.stop()
        self._saving = True
        desk, confirmed = self.workplace.desk, self._confirmed
        self.workplace.tasks.command(
            lambda: fluid_balance.record(desk, patient, fluids, confirmed=confirmed),
            done=self._on_saved,
            failed=self._on_refused,
        )

    @Slot()
    def flush(self) -> None:
        """Keep what is typed, now."""
        self._pause.stop()
        patient, body = self._patient, _draft(self._at, self._stack)
        if patient is None or body == self._kept or self._saving:
            return
        self._kept = body
        desk = self.workplace.desk
        self.workplace.tasks.command(
            lambda: fluid_balance.keep_draft(desk, patient, body), failed=self.note.say
        )

    def leave(self) -> None:
        """Keep what is typed for later, and close."""
        if self._stack.filled():
            self.workplace.navigator.toast(tr("What you typed is kept."))
        self.flush()
        self.closed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what is typed when the page goes away, as at a lock."""
        self.flush()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(tr("Fluids in or out"), "heading"), 1)
        head.addWidget(label(tr("Time"), "caption"))
        self._at.setFixedWidth(theme.px(150))
        head.addWidget(self._at)
        scroll = _scrolled(_inside(self._stack, self.note, self._running))
        self._stack.entered.connect(scroll.ensureWidgetVisible)
        foot = QHBoxLayout()
        foot.addWidget(self._save)
        foot.addWidget(button(tr("Close"), self.leave, hint="Esc"))
        foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(*map(theme.px, (14, 10, 14, 10)))
        box.setSpacing(theme.px(8))
        box.addLayout(head)
        box.addWidget(scroll, 1)
        box.addLayout(foot)

    def _read(self) -> list[Fluid] | None:
        """The amounts that are typed; None when one of them, or the time, says nothing."""
        try:
            at = self._at.value()
        except Refused as refused:
            self._blame_time(refused)
            return None
        fluids, wrong = self._stack.read(at)
        self.note.say(wrong)
        return None if wrong else fluids

    def _blame_time(self, error: WorkstationError) -> None:
        self.note.say(error)
        set_property(self._at, "state", "invalid")
        self._at.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_edited(self) -> None:
        self.note.say(None)
        self._pause.start()

    @Slot(object)
    def _on_saved(self, changes: Changes) -> None:
        self._stack.clear()
        self._kept, self._saving = "", False
        desk, tasks, navigator = self.workplace.desk, self.workplace.tasks, self.workplace.navigator
        parts = (reference.partition("/") for reference in changes.references)
        written = [id for type_, _, id in parts if type_ == "Observation"]

        def take_back() -> None:
            tasks.command(
                lambda: fluid_balance.undo(desk, written),
                failed=lambda error: navigator.toast(explain(error).line),
            )

        navigator.toast(tr("Saved on this terminal."), take_back)
        self.closed.emit()

    @Slot(object)
    def _on_refused(self, error: WorkstationError) -> None:
        self._saving = False
        if self.isHidden():  # left meanwhile: what was not charted is kept, and said
            self.flush()
            self.workplace.tell(error)
        elif error.code == "implausible-value":
            words = tr("This value is very rare. Save again if it is right.")
            self._doubt(_places(error.data.get("lines")), words)
        elif error.field == "at":
            self._blame_time(error)
        else:
            self.note.say(error)
            self._stack.begin()

    def _doubt(self, places: list[int], words: str) -> None:
        """Ask a second time for what is possible, and may be something else."""
        fluids = self._read() or []
        self._confirmed |= frozenset(fluids[place] for place in places)
        self.note.setText(f"▲ {words}")
        self._stack.doubt(places)


def _draft(at: MomentEntry, stack: FluidStack) -> str:
    """What is typed, to be kept; empty when nothing is."""
    if not stack.filled():
        return ""
    return json.dumps({"at": at.text(), "lines": stack.typed()}, ensure_ascii=False)


def _places(found: object) -> list[int]:
    return [each for each in found if isinstance(each, int)] if isinstance(found, tuple) else []


def _scrolled(inside: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll


def _running_words(count: int) -> str:
    if not count:
        return ""
    return tr("{count} running infusions count by themselves: not to be charted here.", count=count)


def _inside(*parts: QWidget) -> QWidget:
    inside = QWidget()
    inside.setProperty("ground", "surface")
    body = QVBoxLayout(inside)
    body.setContentsMargins(0, 0, theme.px(4), 0)
    body.setSpacing(theme.px(8))
    for part in parts:
        body.addWidget(part)
    hint = tr("x: once, not measured; x2: twice. A line without an amount is left out.")
    body.addWidget(label(hint, "caption", wrap=True))
    body.addLayout(_legend())
    body.addStretch(1)
    return inside


def _legend() -> QGridLayout:
    """Every kind with its number: in on the left, out on the right."""
    grid = QGridLayout()
    grid.setVerticalSpacing(theme.px(2))
    grid.setHorizontalSpacing(theme.px(8))
    sides: Iterable[tuple[str, list[Kind]]] = (
        (tr("Intake"), [kind for kind in Kind if kind.intake]),
        (tr("Output"), [kind for kind in Kind if not kind.intake]),
    )
    for side, (title, kinds) in enumerate(sides):
        grid.addWidget(label(title, "strong"), 0, side)
        for place, kind in enumerate(kinds, start=1):
            words = f"{number_of(kind)}  {kind_name(kind)}"
            grid.addWidget(label(words, "caption"), place, side)
        grid.setColumnStretch(side, 1)
    return grid
