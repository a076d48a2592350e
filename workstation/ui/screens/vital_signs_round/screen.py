"""The vital-signs round: one row a patient, one pass of the keyboard, saved row by row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import MY_PATIENTS
from workstation.kernel.words import tr
from workstation.services import escalation, vital_signs_round
from workstation.services.escalation import Situation
from workstation.services.vital_signs_round import Round
from workstation.ui.screens.vital_signs_round.detail import RoundDetail
from workstation.ui.screens.vital_signs_round.grid import RoundGrid
from workstation.ui.screens.vital_signs_round.keeper import RoundKeeper
from workstation.ui.screens.vital_signs_round.model import RoundModel, column_of
from workstation.ui.screens.vital_signs_round.paint import RoundPainter
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.call_prompt import CallPrompt
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace


class VitalSignsRoundScreen(Screen):
    """The round of the ward of a desk."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._round: Round | None = None
        self.model = RoundModel(self)
        self.keeper = RoundKeeper(workplace, self.model, self)
        self.grid = RoundGrid(self.model, workplace.clock)
        self.grid.paint_with(RoundPainter(self.grid))
        self.detail = RoundDetail()
        self.prompt = CallPrompt(workplace)
        self._to_call: list[PatientId] = []
        self._progress = label("", "body", "muted", wrap=True)
        self._as_of = label("", "caption", "muted")
        self._pages = Pages(self._content())
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        box.addWidget(self._pages)
        self.grid.written.connect(self.keeper.note)
        self.grid.finished.connect(self.keeper.save)
        self.grid.moved.connect(self._on_moved)
        self.keeper.told.connect(self._on_moved)
        self.keeper.returned.connect(self._on_returned)
        self.keeper.charted.connect(self._on_charted)
        self.prompt.left.connect(self.grid.setFocus)
        self.prompt.recorded.connect(self._on_called)
        self.setFocusProxy(self.grid)
        self._pages.show_loading()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Vital-signs round")

    def activate(self) -> None:
        """Read the ward; put the cursor where work goes on."""
        self._read()
        self.grid.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when patients or values of the ward changed elsewhere."""
        if changes.ward:
            self._read()

    def foot(self) -> QWidget | None:
        """The hints for the cell with the cursor."""
        return self.detail

    def can_leave(self) -> bool:
        """Always: what is not saved is kept as drafts."""
        self.keeper.keep_drafts()
        return True

    def offers(self) -> frozenset[str]:
        """Saving the row; writing a call down; whose patients; reading again."""
        return frozenset({"save", "record_call", "my_patients", "refresh"})

    def perform(self, action_id: str) -> bool:
        """Save the row with the cursor, write a call down, or read again."""
        if action_id == "save":
            self.keeper.save(self.grid.currentIndex().row())
        elif action_id == "record_call":
            self.prompt.begin()
        elif action_id == "my_patients":
            settings = self.workplace.settings
            settings.put(MY_PATIENTS, not settings.get(MY_PATIENTS))
            self._read()
        elif action_id == "refresh":
            self._read()
        return action_id in self.offers()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep drafts when the screen goes away, whatever the reason."""
        self.keeper.keep_drafts()
        super().hideEvent(event)

    def _content(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setSpacing(theme.px(16))
        self._title = label("", "title", wrap=True)
        head.addWidget(self._title, 5)
        head.addWidget(self._progress, 2)
        head.addWidget(_keys(), 4)
        head.addWidget(self._as_of)
        box.addLayout(head)
        box.addWidget(self.grid, 1)
        box.addWidget(self.prompt)
        box.addWidget(self.detail)
        return page

    def _read(self) -> None:
        desk, mine = self.workplace.desk, self.workplace.settings.get(MY_PATIENTS)
        self.workplace.tasks.query(
            lambda: vital_signs_round.read(desk, mine=mine),
            done=self._on_read,
            failed=self._on_unreadable,
        )

    @Slot(object)
    def _on_read(self, found: Round) -> None:
        self._round = found
        self._title.setText(f"{self.title()} · {found.ward}")
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        if not found.patients:
            self._pages.show_empty(
                tr("Nobody lies on this ward now."),
                tr("Patients appear here as soon as they have a bed."),
            )
            return
        self._pages.show_content()
        at = self.grid.currentIndex()
        place = (self._patient_at(at.row()), at.column()) if at.isValid() else None
        self.model.show_patients(found.patients)
        self._put_back(place)
        self._on_moved()

    @Slot(object)
    def _on_unreadable(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._read)

    def _patient_at(self, number: int) -> PatientId | None:
        if not 0 <= number < self.model.rowCount():
            return None
        return self.model.row(number).patient.who.patient

    def _put_back(self, place: tuple[PatientId | None, int] | None) -> None:
        """The cursor stays with its person when the rows are read again."""
        number = self.model.number_of(place[0]) if place and place[0] else None
        if place is None:
            self.grid.start(_first_open(self.model))
        elif number is None:  # that person has left; the keyboard may be elsewhere by now
            self.grid.go_to(_first_open(self.model))
        else:
            self.grid.setCurrentIndex(self.model.index(number, place[1]))

    @Slot()
    def _on_moved(self) -> None:
        at = self.grid.currentIndex()
        if at.isValid():
            self.detail.show_row(
                self.model.row(at.row()),
                self.model.verdict(at.row()),
                column_of(at),
                self.grid.again,
                typing=self.grid.typing,
            )
        self._tell_progress()

    def _tell_progress(self) -> None:
        rows = self.model.rows()
        saved = sum(row.state == "saved" for row in rows)
        unsaved = sum(row.state == "typing" for row in rows)
        words = tr("{saved} of {all} measured", saved=saved, all=len(rows))
        if unsaved:
            words += " · " + tr("{count} not saved", count=unsaved)
        self._progress.setText(words)

    @Slot(str)
    def _on_charted(self, patient: PatientId) -> None:
        """Ask for a call where a set that was saved demands one; typing goes on undisturbed."""
        if patient not in self._to_call:
            self._to_call.append(patient)
        self._ask()

    @Slot()
    def _on_called(self) -> None:
        """Go on with the next person for whom somebody has to be called."""
        self._ask()

    def _ask(self) -> None:
        desk, waiting = self.workplace.desk, tuple(self._to_call)
        self.workplace.tasks.query(
            lambda: [escalation.situation(desk, each) for each in waiting], done=self._on_situations
        )

    @Slot(object)
    def _on_situations(self, found: list[Situation]) -> None:
        wanted = [each for each in found if each.wanted]
        self._to_call = [each.patient for each in wanted]
        first = wanted[0] if wanted else None
        self.prompt.show_situation(first, self._name_of(first.patient) if first else "")

    def _name_of(self, patient: PatientId) -> str:
        number = self.model.number_of(patient)
        if number is None:
            return ""
        who = self.model.row(number).patient.who
        return f"{who.bed_name} {who.name.formal}".strip()

    @Slot(int)
    def _on_returned(self, number: int) -> None:
        """Go back to a row that was undone."""
        self.grid.start(number)
        self._on_moved()


def _first_open(model: RoundModel) -> int:
    """The first row that is not saved yet: where a round that was left goes on."""
    rows = model.rows()
    typing = [number for number, row in enumerate(rows) if row.state == "typing"]
    return typing[0] if typing else 0


def _keys() -> QLabel:
    """The few keys that a round needs, always in sight."""
    words = (
        tr("Enter next"),
        tr("↓ next patient"),
        tr("Esc back to before"),
        tr("Ctrl+Z undo"),
    )
    line = label("  ·  ".join(words), "caption", "muted", wrap=True)
    line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return line
