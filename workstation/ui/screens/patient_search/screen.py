"""Finding a patient: any part of a name, in any order, without diacritics, or a number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import patient_search
from workstation.services.patient_search import Hit, Hits
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.person_words import age_words, born_words
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_WALKING = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _columns() -> tuple[Column[Hit], ...]:
    return (
        Column(tr("Patient"), _name, 300, role="strong"),
        Column(tr("Sex"), lambda hit: sex_word(hit.sex), 90),
        Column(tr("Born"), lambda hit: born_words(hit.birth_date, hit.born), 110),
        Column(tr("Age"), lambda hit: age_words(hit.age), 100),
        Column(tr("Record no."), lambda hit: hit.record_number or tr("Unknown"), 150),
        Column(tr("Citizen / insurance no."), _tail, 180),
        Column(tr("Ward and bed"), _place, 0, tone=lambda hit: "text" if hit.place else "muted"),
    )


class PatientSearchScreen(Screen):
    """One field and who fits."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._task: Task | None = None
        self._shown = ""
        self.search = QLineEdit()
        self.search.setFont(theme.font("heading"))
        self.search.setPlaceholderText(tr("Name, record, citizen or insurance number"))
        self.search.setAccessibleName(tr("Find a patient"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.model: RowsModel[Hit] = RowsModel(_columns(), self)
        self.view = RowsView(self.model)
        self.view.verticalHeader().setDefaultSectionSize(theme.px(38))
        self.view.opened.connect(self._on_opened)
        self._note = label("", "caption", "muted")
        self._pages = Pages(self.view)
        self.search.textChanged.connect(self._on_typed)
        self._lay_out()
        self.setFocusProxy(self.search)
        self._say_how()

    def title(self) -> str:
        """What this screen is called."""
        return tr("Find a patient")

    def activate(self) -> None:
        """The field has the keys; what stands in it is ready to be typed over."""
        self.search.setFocus()
        self.search.selectAll()
        self._look()

    def patient(self) -> PatientId | None:
        """Who stands on the line with the cursor."""
        hit = self._current()
        return hit.patient if hit else None

    def shown(self) -> str:
        """The text whose hits are listed; empty while there are none."""
        return self._shown

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows typed in the field walk the list; Enter opens; Esc empties the field."""
        if watched is not self.search or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        if event.key() in _WALKING:
            self.view.keyPressEvent(event)
        elif event.key() in _ENTER:
            self._on_opened(self._current())
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            return False
        return True

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.title(), "title"))
        head.addStretch(1)
        head.addWidget(self._note)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        box.setSpacing(theme.px(10))
        box.addLayout(head)
        box.addWidget(self.search)
        box.addWidget(self._pages, 1)

    def _current(self) -> Hit | None:
        row = self.view.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    @Slot(str)
    def _on_typed(self, _text: str) -> None:
        self._look()

    @Slot()
    def _look(self) -> None:
        """Look for what stands in the field now; an answer still under way is of no use."""
        desk, text = self.workplace.desk, self.search.text()
        if self._task is not None:
            self._task.cancel()
        if not text.strip():
            self._shown = ""
            self.model.replace(())
            self._say_how()
            return
        self._task = self.workplace.tasks.query(
            lambda: patient_search.find(desk, text), done=self._on_found, failed=self._on_failed
        )

    @Slot(object)
    def _on_found(self, found: Hits) -> None:
        self._shown = found.text
        self.model.replace(found.hits)
        if not found.hits:
            self._note.clear()
            self._pages.show_empty(
                tr("Nobody on this terminal fits “{typed}”.", typed=found.text.strip()),
                tr("Try fewer letters, the year of birth, or a number."),
            )
            return
        self._note.setText(_count_text(found))
        self._pages.show_content()
        self.view.setCurrentIndex(self.model.index(0, 0))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._pages.show_error(error, self._look)

    def _say_how(self) -> None:
        self._note.clear()
        self._pages.show_empty(
            tr("Type any part of a name, in any order; diacritics do not matter."),
            tr("“an nguyen 1951” finds NGUYỄN Văn An, born 1951. Numbers work too."),
        )

    @Slot(object)
    def _on_opened(self, hit: Hit | None) -> None:
        if hit is not None:
            self.workplace.navigator.open_chart(hit.patient)


def _count_text(found: Hits) -> str:
    if found.more:
        return tr("The first {count}; type more to see fewer", count=len(found.hits))
    return tr("{count} found", count=len(found.hits))


def _name(hit: Hit) -> str:
    name = hit.name.formal or tr("Name unknown")
    return f"⚠ {name}" if hit.alike else name


def _tail(hit: Hit) -> str:
    return f"…{hit.identity_tail}" if hit.identity_tail else tr("Unknown")


def _place(hit: Hit) -> str:
    return hit.place or tr("Not in the hospital now")
