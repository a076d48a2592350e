"""The palette (Ctrl+K): every command and everybody on the ward, by a few letters or digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.folding import fold
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import patient_search
from workstation.services.patient_search import AtHand, Hits
from workstation.ui.shell.finding import Field, Offer, offers, why_not
from workstation.ui.shell.overlay import Overlay
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import ActionSpec
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.person_words import age_words, born_words
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label

if TYPE_CHECKING:
    from workstation.services.desk import Desk
    from workstation.ui.toolkit.tasks import Task, TaskRunner

_MOVES: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAUSE_MS: Final = 120
"""So long nothing is typed before the whole record is searched."""
_LEAST: Final = 2
_USED: Final = 5
_LINE: Final = 34


@dataclass(frozen=True)
class Ways:
    """Where a choice leads.

    Attributes:
        do: Does a command.
        open: Opens somebody's chart, or what a command shows of it.
    """

    do: Callable[[ActionSpec], None]
    open: Callable[[PatientId, ActionSpec | None], None]


class Palette(Overlay):
    """A field to type in and what fits.

    Who is on the ward is read anew at each opening. Enter waits for that answer: it never opens
    a chart by what was true before.
    """

    def __init__(self, over: QWidget, desk: Desk, tasks: TaskRunner, ways: Ways) -> None:
        """Lie hidden over the window.

        Args:
            over: The window's body.
            desk: Whose ward and record are looked through.
            tasks: The bridge to the store thread.
            ways: Where a choice leads.
        """
        super().__init__(over, 910)
        self._desk, self._tasks, self._ways = desk, tasks, ways
        self._known, self._beyond = Field(), Hits("", (), more=False)
        self._reading: Task | None = None
        self._looking: Task | None = None
        self._held = False
        self._typed = QLineEdit()
        self._model: RowsModel[Offer] = RowsModel(_columns())
        self._view = RowsView(self._model)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.horizontalHeader().hide()
        self._note = label("", "caption")
        for widget in (self._typed, self._note, self._view):
            self.box.addWidget(widget)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._say_asked()
        self._typed.textChanged.connect(self._on_typed)
        self._typed.installEventFilter(self)
        self._view.opened.connect(self._choose)
        self._view.selectionModel().currentRowChanged.connect(self._on_row)

    def open_with(
        self, commands: Sequence[tuple[ActionSpec, str]], about: Sequence[ActionSpec]
    ) -> None:
        """Offer these commands, with what is in their way, and what can be opened of people."""
        self._known = replace(
            self._known, commands=commands, about=about, at_hand=AtHand(), wanted=None
        )
        self._say_asked()
        desk, self._held = self._desk, False
        self._reading = self._tasks.query(
            lambda: patient_search.at_hand(desk), done=self._on_read, failed=self._on_failed
        )
        self._typed.clear()
        self._on_typed("")
        # Ten lines, or as many as leave the strip at the window's foot in sight.
        room = self._over.height() - self.top() - theme.px(180)
        self._view.setFixedHeight(max(min(theme.px(_LINE * 10), room), theme.px(_LINE * 3)))
        self.open_at(self._typed)

    def _ask_whom(self, wanted: ActionSpec | None) -> None:
        """Ask once for whom a command is; who is chosen then is who it is about."""
        self._known = replace(self._known, wanted=wanted)
        self._say_asked()
        if self._typed.text():
            self._typed.clear()  # which lists everybody
        else:
            self._on_typed("")

    def _say_asked(self) -> None:
        wanted = self._known.wanted
        every, whom = tr("Bed, name, number or command…"), tr("For whom? Bed, name or number…")
        asked = every if wanted is None else whom
        self._typed.setPlaceholderText(asked)
        self._typed.setAccessibleName(
            f"{wanted.label()} – {asked}" if wanted is not None else tr("Commands")
        )

    def put_away(self) -> None:
        """Hide it; nobody is named in it any more."""
        for task in (self._reading, self._looking):
            if task is not None:
                task.cancel()
        self._reading = self._looking = None
        self._pause.stop()
        self._model.replace(())
        super().put_away()

    def rows(self) -> tuple[Offer, ...]:
        """What is listed now."""
        return self._model.rows

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter go to the list while the keys are in the field."""
        if watched is self._typed and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and event.key() in _MOVES:
                self._view.keyPressEvent(event)
                return True
            if pressed and event.key() in _ENTER:
                self._enter()
                return True
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        waiting = self._reading is not None or (not self._model.rows and self._searching())
        if waiting:
            self._held = True
            return
        row = self._view.currentIndex().row()
        if 0 <= row < len(self._model.rows):
            self._choose(self._model.rows[row])

    def _searching(self) -> bool:
        return self._pause.isActive() or self._looking is not None

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        self._held = False
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self._show()
        if len(_letters(typed)) >= _LEAST:
            self._pause.start()
        else:
            self._pause.stop()

    def _look(self) -> None:
        desk, text = self._desk, self._typed.text()
        self._looking = self._tasks.query(
            lambda: patient_search.find(desk, text), done=self._on_found, failed=self._on_failed
        )

    @Slot(object)
    def _on_read(self, found: AtHand) -> None:
        self._reading = None
        self._known = replace(self._known, at_hand=found)
        self._show()
        if self._held:
            self._held = False
            self._enter()

    @Slot(object)
    def _on_found(self, found: Hits) -> None:
        self._looking = None
        self._beyond = found
        held, self._held = self._held, False
        self._show(keep=True)
        if held and len(self._model.rows) == 1:
            self._choose(self._model.rows[0])

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._reading = self._looking = None
        self._held = False
        self._show()
        self._note.setText(explain(error).line)
        self._note.show()

    def _show(self, *, keep: bool = False) -> None:
        """List what fits; `keep`: the cursor stays on its line if that is still there."""
        typed, at = self._typed.text(), self._view.currentIndex().row()
        before = self._model.rows[at] if keep and 0 <= at < len(self._model.rows) else None
        beyond = self._beyond.hits if self._beyond.text == typed else ()
        rows = offers(self._known, typed, beyond)
        self._model.replace(rows)
        if rows:
            self._view.selectRow(rows.index(before) if before in rows else 0)
        self._say_row()
        self._note.setText(tr("Nothing here has these words."))
        self._note.setVisible(not rows and self._reading is None and not self._searching())
        self.fit()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._say_row()

    def _say_row(self) -> None:
        """Tell a screen reader which line Enter would choose: the keys are in the field."""
        row, rows = self._view.currentIndex().row(), self._model.rows
        offer = rows[row] if 0 <= row < len(rows) else None
        said = (_where(offer), _words(offer), _facts(offer), _keys(offer)) if offer else ()
        self._typed.setAccessibleDescription(" · ".join(each for each in said if each))

    @Slot(object)
    def _choose(self, offer: Offer) -> None:
        if offer.obstacle == "whom":
            self._ask_whom(offer.spec)
            return
        if offer.obstacle:
            return
        self.put_away()
        if offer.hit is not None:
            self._ways.open(offer.hit.patient, offer.spec)
        elif offer.spec is not None:
            used = [offer.spec.id, *(each for each in self._known.used if each != offer.spec.id)]
            self._known = replace(self._known, used=used[:_USED])
            self._ways.do(offer.spec)


def _letters(typed: str) -> str:
    return fold(typed).replace(" ", "")


def _columns() -> tuple[Column[Offer], ...]:
    return (
        Column(tr("Bed"), _where, 84, role="strong", tone=_tone),
        Column(tr("Command"), _words, tone=_tone),
        Column(tr("What one should know"), _facts, 340, tone=lambda _: "muted"),
        Column(tr("Keys"), _keys, 112, tone=lambda _: "muted"),
    )


def _tone(offer: Offer) -> str:
    return "muted" if offer.obstacle not in ("", "whom") else "text"


def _where(offer: Offer) -> str:
    return offer.bed or (offer.hit.bed or "–" if offer.hit else "")


def _words(offer: Offer) -> str:
    if offer.bed:
        return tr("Empty bed")
    what = offer.spec.label() if offer.spec else ""
    if offer.hit is None:
        return what
    name = ("⚠ " if offer.hit.alike else "") + offer.hit.name.formal
    return " – ".join(filter(None, (name, what.rpartition(": ")[2])))


def _facts(offer: Offer) -> str:
    hit = offer.hit
    if offer.obstacle or hit is None:
        return why_not(offer)
    who = (born_words(hit.birth_date, hit.born), age_words(hit.age), sex_word(hit.sex))
    where = () if hit.here else (hit.place or tr("Not in the house"),)
    return " · ".join((*who, hit.record_number or "", *where))


def _keys(offer: Offer) -> str:
    return offer.spec.keys() if offer.spec and not offer.hit else ""
